"""Organizations, buildings and the accounts that join them to people."""

# SQLModel's own declaration of __tablename__ is wider than what it accepts.
# pyright: reportAssignmentType=false

from datetime import date

from sqlalchemy import Column, String, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from lk_reflex.core.clock import DEFAULT_ZONE
from lk_reflex.core.schema import Whole


class Organization(SQLModel, table=True):
    """Issues receipts and takes readings. Money in kopecks, the commission's rate in hundredths of a percent."""

    __tablename__ = "organizations"

    id: int | None = Field(default=None, primary_key=True)
    inn: str = Field(unique=True)
    kpp: str = ""
    name: str
    short_name: str = ""
    bank_account: str = ""
    bank: str = ""
    bic: str = ""
    correspondent_account: str = ""
    address: str = ""
    phone: str = ""
    takes_payments: bool = False
    commission_rate: int = 0
    commission_minimum: int = 0
    #: The days of a month between which readings are taken; 1 and 31 mean always.
    window_opens: int = 15
    window_closes: int = 25
    #: The day of the month after the billed one; the 15th since 2026-03-01 (ЖК РФ, ст. 155).
    due_day: int = 15
    time_zone: str = DEFAULT_ZONE
    #: Whether a reading sent outside the window counts for the next period.
    takes_early: bool = True
    #: Whether a reading of a meter with an overdue verification is refused, not only warned about.
    refuses_unverified: bool = False
    #: Volume that asks for a confirmation where a meter has no history, in thousandths of the unit.
    volume_ceiling: int = 100_000
    import_id: int = 0


class Building(SQLModel, table=True):
    """A house. `apartments` tells a multi-apartment building, whose accounts have flat numbers."""

    __tablename__ = "buildings"

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True)
    city: str = ""
    street: str
    house: str
    house_key: str = ""
    apartments: bool = True
    latitude: float | None = None
    longitude: float | None = None
    import_id: int = 0


class Account(SQLModel, table=True):
    """A dwelling's contract with one organization. `area` in thousandths of m²; `closed_on` ends it."""

    __tablename__ = "accounts"
    __table_args__ = (UniqueConstraint("organization_id", "number"),)

    id: int | None = Field(default=None, sa_column=Column(Whole, primary_key=True))
    organization_id: int = Field(foreign_key="organizations.id")
    number: str
    number_key: str = Field(index=True)
    building_id: int = Field(foreign_key="buildings.id", index=True)
    flat: str = ""
    flat_key: str = ""
    surname: str
    surname_key: str
    first_name: str = ""
    patronymic: str = ""
    area: int | None = None
    residents: int | None = None
    els: str = ""
    izhku: str = ""
    #: The dwelling's number in the address register (ГАР/ФИАС).
    fias: str = Field(default="", sa_column=Column(String, nullable=False, default="", server_default=text("''")))
    closed_on: date | None = None
    import_id: int = 0

"""Organizations, buildings and the accounts that join them to people."""

# SQLModel's own declaration of __tablename__ is wider than what it accepts.
# pyright: reportAssignmentType=false

from datetime import date

from sqlalchemy import BigInteger, Column, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from lk_reflex.core.clock import DEFAULT_ZONE
from lk_reflex.core.schema import Whole

#: Who bears the bank's commission.
PAYER, ORGANIZATION = "payer", "organization"
#: 100 000,00 roubles, unless the organization says otherwise.
CEILING = 100_000_00
#: How the law on tills (54-ФЗ) is kept.
TRANSFER, OWN_TILL, EXEMPT = "transfer", "own", "exempt"


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
    #: Who bears it: the payer on top of the sum, or the organization out of it.
    commission_by: str = Field(
        default=PAYER, sa_column=Column(String, nullable=False, default=PAYER, server_default=text("'payer'"))
    )
    #: The largest single payment, in kopecks.
    payment_ceiling: int = Field(
        default=CEILING, sa_column=Column(BigInteger, nullable=False, default=CEILING, server_default=text("10000000"))
    )
    #: Who gives a fiscal receipt (54-ФЗ): nobody for a bank transfer, the organization's own till, or it is exempt.
    fiscal_mode: str = Field(
        default=TRANSFER, sa_column=Column(String, nullable=False, default=TRANSFER, server_default=text("'transfer'"))
    )
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


class OrganizationSwitch(SQLModel, table=True):
    """A section or a service that an organization offers, or doesn't; what has no row is on."""

    __tablename__ = "organization_switches"

    organization_id: int = Field(sa_column=Column(ForeignKey("organizations.id"), primary_key=True))
    name: str = Field(primary_key=True)
    is_on: bool


class OrganizationText(SQLModel, table=True):
    """A text of an organization's own in the place of the cabinet's: a regulation, the emergency phone."""

    __tablename__ = "organization_texts"

    organization_id: int = Field(sa_column=Column(ForeignKey("organizations.id"), primary_key=True))
    name: str = Field(primary_key=True)
    body: str = Field(sa_column=Column(Text, nullable=False))


class Building(SQLModel, table=True):
    """A house. `apartments` tells a multi-apartment building, whose accounts have flat numbers."""

    __tablename__ = "buildings"
    __table_args__ = (Index(None, "latitude", "longitude"),)

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
    # Searched by beginnings, whatever the database's language: hence PostgreSQL's indexes by code points.
    __table_args__ = (
        UniqueConstraint("organization_id", "number"),
        Index("ix_accounts_number_key", "number_key", postgresql_ops={"number_key": "text_pattern_ops"}),
        Index("ix_accounts_surname_key", "surname_key", postgresql_ops={"surname_key": "text_pattern_ops"}),
    )

    id: int | None = Field(default=None, sa_column=Column(Whole, primary_key=True))
    organization_id: int = Field(foreign_key="organizations.id")
    number: str
    number_key: str
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

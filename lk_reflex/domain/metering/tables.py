"""Meters, billing's own readings, and what was sent from the cabinet. Values in thousandths of the unit."""

# SQLModel's own declaration of __tablename__ is wider than what it accepts.
# pyright: reportAssignmentType=false

from datetime import date, datetime

from sqlalchemy import BigInteger, Column, ForeignKey, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from lk_reflex.core.months import Month
from lk_reflex.core.schema import MonthNumber, UtcTime, Whole

#: Readings and volumes are kept in thousandths.
PLACES = 3
#: How a reading came in, as the history and the export to billing name it.
CABINET, WITHOUT_REGISTRATION = "Личный кабинет", "Без регистрации"


def _meter() -> Column[int]:
    return Column(Whole, ForeignKey("meters.id"), nullable=False)


class Meter(SQLModel, table=True):
    """ИПУ. `verification_due` is the day until which its verification holds; `digits` before the comma."""

    __tablename__ = "meters"
    __table_args__ = (UniqueConstraint("organization_id", "code"),)

    id: int | None = Field(default=None, sa_column=Column(Whole, primary_key=True))
    organization_id: int = Field(foreign_key="organizations.id")
    account_id: int = Field(sa_column=Column(Whole, ForeignKey("accounts.id"), nullable=False, index=True))
    code: str
    serial: str
    name: str
    resource: str
    place: str = ""
    installed_on: date | None = None
    verification_due: date | None = None
    started_on: date | None = None
    ended_on: date | None = None
    end_reason: str = ""
    digits: int = 5
    decimals: int = 3
    scales: int = 1
    import_id: int = 0


class Reading(SQLModel, table=True):
    """A reading as billing has it. `scale` 1-3 is the tariff zone (Т1-Т3), 1 for a single-tariff meter."""

    __tablename__ = "readings"
    __table_args__ = (UniqueConstraint("meter_id", "scale", "taken_on", "source"),)

    id: int | None = Field(default=None, sa_column=Column(Whole, primary_key=True))
    meter_id: int = Field(sa_column=_meter())
    scale: int = 1
    accounted_on: date
    taken_on: date
    source: str
    value: int = Field(sa_column=Column(BigInteger, nullable=False))
    import_id: int = 0


class Submission(SQLModel, table=True):
    """One press of «Передать показания». `key` is made with the form, so that a repeat finds itself.

    Without registration there is no user, and `source` says so.
    """

    __tablename__ = "submissions"

    id: int | None = Field(default=None, sa_column=Column(Whole, primary_key=True))
    key: str = Field(unique=True)
    account_id: int = Field(sa_column=Column(Whole, ForeignKey("accounts.id"), nullable=False, index=True))
    user_id: int | None = Field(default=None, foreign_key="users.id")
    source: str
    created_at: datetime = Field(sa_column=Column(UtcTime, nullable=False))


class SentReading(SQLModel, table=True):
    """A reading sent from the cabinet for a period; a later one of the same period replaces it, both stay."""

    __tablename__ = "sent_readings"
    __table_args__ = (
        # One reading of a scale counts for a period; those that it replaced stay beside it.
        Index(
            "uq_sent_readings_active",
            "meter_id",
            "scale",
            "period",
            unique=True,
            sqlite_where=text("replaced_at IS NULL"),
            postgresql_where=text("replaced_at IS NULL"),
        ),
        Index(None, "meter_id", "scale"),
        Index(None, "export_id"),
    )

    id: int | None = Field(default=None, sa_column=Column(Whole, primary_key=True))
    submission_id: int = Field(sa_column=Column(Whole, ForeignKey("submissions.id"), nullable=False, index=True))
    meter_id: int = Field(sa_column=_meter())
    scale: int = 1
    period: Month = Field(sa_column=Column(MonthNumber, nullable=False))
    taken_on: date
    value: int = Field(sa_column=Column(BigInteger, nullable=False))
    volume: int = Field(sa_column=Column(BigInteger, nullable=False))
    #: What the person confirmed: kinds of `rules` («rollover», «unusual», «zero»), joined by a comma.
    confirmed: str = ""
    replaced_at: datetime | None = Field(default=None, sa_column=Column(UtcTime))
    export_id: int | None = Field(default=None, foreign_key="exports.id")

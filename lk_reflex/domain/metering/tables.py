"""Meters, billing's own readings, and what was sent from the cabinet. Values in thousandths of the unit."""

# SQLModel's own declaration of __tablename__ is wider than what it accepts.
# pyright: reportAssignmentType=false

from datetime import date, datetime

from sqlalchemy import JSON, BigInteger, Column, ForeignKey, Index, String, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from lk_reflex.core.months import Month
from lk_reflex.core.schema import MonthNumber, UtcTime, Whole

#: Readings and volumes are kept in thousandths.
PLACES = 3
#: How a reading came in, as the history and the export to billing name it.
CABINET, WITHOUT_REGISTRATION, BY_LINK = "Личный кабинет", "Без регистрации", "Ссылка из письма"
#: Entered by an operator for somebody who has called.
BY_OPERATOR = "Оператор"
#: What the source of a reading that a bank collected begins with: «Банк «Урал»».
BY_BANK = "Банк "
#: Corrected at the resident's request; an operator has agreed.
BY_CORRECTION = "Исправлено оператором"


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
    user_id: int | None = Field(default=None, sa_column=Column(ForeignKey("users.id"), nullable=True, index=True))
    source: str
    created_at: datetime = Field(sa_column=Column(UtcTime, nullable=False))
    #: The operator who entered it for a caller, and who called. No foreign key: it outlives the login.
    entered_by: int | None = None
    caller: str = Field(default="", sa_column=Column(String, nullable=False, server_default=text("''")))


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
        Index(None, "period", "id"),
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
    #: An operator has looked into its doubts: when, who, and what they found. No foreign key, as above.
    checked_at: datetime | None = Field(default=None, sa_column=Column(UtcTime))
    checked_by: int | None = None
    check_note: str = Field(default="", sa_column=Column(String, nullable=False, server_default=text("''")))


class ReadingAnswer(SQLModel, table=True):
    """What billing says of a reading that an export handed to it: «Учтено», or «Не принято» with its reason.

    `told_at` is when the person was told of it, or when it was clear that there is nothing to tell.
    """

    __tablename__ = "reading_answers"
    __table_args__ = (
        Index(
            "ix_reading_answers_untold",
            "id",
            sqlite_where=text("told_at IS NULL"),
            postgresql_where=text("told_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, sa_column=Column(Whole, primary_key=True))
    sent_reading_id: int = Field(sa_column=Column(Whole, ForeignKey("sent_readings.id"), nullable=False, unique=True))
    accounted: bool
    reason: str = ""
    answered_at: datetime = Field(sa_column=Column(UtcTime, nullable=False))
    told_at: datetime | None = Field(default=None, sa_column=Column(UtcTime))
    import_id: int = 0


class ReadingCorrection(SQLModel, table=True):
    """«Исправить» a reading that billing already has: a request that an operator accepts or declines.

    `key` is made with the form, so that a repeat finds itself. Accepted, it becomes a sent reading of its own
    (`sent_reading_id` stays the one that was wrong).
    """

    __tablename__ = "reading_corrections"
    __table_args__ = (
        # One reading waits for one answer at a time.
        Index(
            "uq_reading_corrections_open",
            "sent_reading_id",
            unique=True,
            sqlite_where=text("decided_at IS NULL"),
            postgresql_where=text("decided_at IS NULL"),
        ),
        Index(None, "account_id", "created_at"),
    )

    id: int | None = Field(default=None, sa_column=Column(Whole, primary_key=True))
    key: str = Field(unique=True)
    sent_reading_id: int = Field(sa_column=Column(Whole, ForeignKey("sent_readings.id"), nullable=False, index=True))
    account_id: int = Field(sa_column=Column(Whole, ForeignKey("accounts.id"), nullable=False))
    user_id: int = Field(sa_column=Column(ForeignKey("users.id"), nullable=False, index=True))
    value: int = Field(sa_column=Column(BigInteger, nullable=False))
    taken_on: date
    explanation: str = ""
    created_at: datetime = Field(sa_column=Column(UtcTime, nullable=False))
    accepted: bool | None = None
    decided_at: datetime | None = Field(default=None, sa_column=Column(UtcTime))
    decided_by: int | None = Field(default=None, foreign_key="users.id")
    comment: str = ""
    withdrawn: bool = False


class WaitingForm(SQLModel, table=True):
    """A form filled before the window opens; the worker sends it on that day, or asks the person where it can't.

    `entries` maps rows («m12-1») to readings as typed, `confirmations` are the questions answered with «Да».
    """

    __tablename__ = "waiting_forms"
    __table_args__ = (
        Index(
            "uq_waiting_forms_open",
            "account_id",
            unique=True,
            sqlite_where=text("settled_at IS NULL"),
            postgresql_where=text("settled_at IS NULL"),
        ),
        Index(None, "opens_on"),
        # «The last one of this account» is asked for each time the form of readings is opened.
        Index(None, "account_id", "id"),
    )

    id: int | None = Field(default=None, sa_column=Column(Whole, primary_key=True))
    key: str = Field(unique=True)
    account_id: int = Field(sa_column=Column(Whole, ForeignKey("accounts.id"), nullable=False))
    user_id: int = Field(sa_column=Column(ForeignKey("users.id"), nullable=False, index=True))
    entries: dict[str, str] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    confirmations: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    taken_on: date
    period: Month = Field(sa_column=Column(MonthNumber, nullable=False))
    opens_on: date
    created_at: datetime = Field(sa_column=Column(UtcTime, nullable=False))
    settled_at: datetime | None = Field(default=None, sa_column=Column(UtcTime))
    #: «sent», «refused» (the person has been told why), «withdrawn», «replaced» by another form or sending.
    outcome: str = ""
    #: Why it was refused: a sentence a line.
    reason: str = ""


class TypedReadings(SQLModel, table=True):
    """What is typed into a form of readings and not sent, of one session or one guest's visit, for a day at most.

    `texts` maps the form's fields to what stands in them. `form` names the form on the screen: after a sending it is
    another one, and what was typed into the last one is worth nothing.
    """

    __tablename__ = "typed_readings"
    __table_args__ = (UniqueConstraint("session_id", "account_id"), UniqueConstraint("visit_id", "account_id"))

    id: int | None = Field(default=None, sa_column=Column(Whole, primary_key=True))
    session_id: int | None = Field(
        default=None, sa_column=Column(ForeignKey("sessions.id", ondelete="CASCADE"), nullable=True)
    )
    visit_id: int | None = Field(
        default=None, sa_column=Column(Whole, ForeignKey("guest_visits.id", ondelete="CASCADE"), nullable=True)
    )
    account_id: int = Field(sa_column=Column(Whole, ForeignKey("accounts.id"), nullable=False))
    form: str
    texts: dict[str, str] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    typed_at: datetime = Field(sa_column=Column(UtcTime, nullable=False, index=True))


class ReadingPhoto(SQLModel, table=True):
    """The photo of a meter that went with a sending."""

    __tablename__ = "reading_photos"
    __table_args__ = (Index(None, "submission_id", "meter_id"),)

    id: int | None = Field(default=None, sa_column=Column(Whole, primary_key=True))
    submission_id: int = Field(sa_column=Column(Whole, ForeignKey("submissions.id"), nullable=False))
    meter_id: int = Field(sa_column=_meter())
    file_id: int = Field(sa_column=Column(Whole, ForeignKey("stored_files.id"), nullable=False, unique=True))

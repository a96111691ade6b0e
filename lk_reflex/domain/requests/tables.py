"""Requests with their fields, meters, files, history and thread; what operators work them off with."""

# SQLModel's own declaration of __tablename__ is wider than what it accepts.
# pyright: reportAssignmentType=false

from datetime import date, datetime

from sqlalchemy import JSON, BigInteger, Column, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from lk_reflex.core.schema import UtcTime, Whole

#: Words are compared by their beginnings: by code points, whatever the database's language.
_Plain = String().with_variant(String(collation="C"), "postgresql")


def _id() -> Column[int]:
    return Column(Whole, primary_key=True)


def _moment() -> Column[datetime]:
    return Column(UtcTime, nullable=False)


def _maybe() -> Column[datetime]:
    return Column(UtcTime)


def _request(*, key: bool = False) -> Column[int]:
    return Column(Whole, ForeignKey("requests.id", ondelete="CASCADE"), nullable=False, primary_key=key)


def _long() -> Column[str]:
    return Column(Text, nullable=False, default="")


class Request(SQLModel, table=True):
    """One request of any kind, from its draft to its end.

    `form` has the fields as they were typed, faults and all; passport fields are never among them: they stand in
    `passport`, encrypted. `version` grows with every change that somebody else could miss. `kept`: the person has
    pressed «Сохранить». `address`, `contact` and `phone` are filled in at the sending, for the desk.
    """

    __tablename__ = "requests"
    __table_args__ = (
        Index(None, "user_id", "id"),
        # The desk's queue: by the newest sending, by the term, and those that one operator or nobody has taken on.
        Index(None, "organization_id", "kind", "status", "sent_at", "id"),
        Index(None, "organization_id", "kind", "status", "due_on", "id"),
        Index(None, "organization_id", "kind", "status", "assignee_id", "sent_at", "id"),
        Index(None, "status", "id"),
        Index(None, "status", "due_on"),
        Index(None, "export_id"),
    )

    id: int | None = Field(default=None, sa_column=_id())
    #: 12 digits: the day and six random ones; stands in addresses, and people read it out.
    number: str = Field(unique=True)
    #: «sealing», «emergency», «appeal».
    kind: str
    organization_id: int = Field(foreign_key="organizations.id")
    #: None once the login is deleted.
    user_id: int | None = Field(default=None, sa_column=Column(ForeignKey("users.id", ondelete="SET NULL")))
    #: None where no account is linked: an emergency may be reported all the same.
    account_id: int | None = Field(default=None, sa_column=Column(Whole, ForeignKey("accounts.id"), index=True))
    building_id: int | None = Field(default=None, sa_column=Column(ForeignKey("buildings.id"), index=True))
    status: str
    version: int = 1
    form: dict[str, object] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    #: The same as it was last sent: what staff see while the person corrects it.
    sent_form: dict[str, object] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    #: A Fernet token of the passport's fields; empty where none were typed, and after they were wiped.
    passport: str = Field(default="", sa_column=_long())
    passport_wiped_at: datetime | None = Field(default=None, sa_column=_maybe())
    kept: bool = False
    #: Which fields an operator wants corrected, by their names in the form.
    to_correct: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    address: str = ""
    latitude: float | None = None
    longitude: float | None = None
    contact: str = ""
    phone: str = ""
    #: What the list shows: the newest comment that the person sees.
    comment: str = Field(default="", sa_column=_long())
    #: Makes a repeated press one sending.
    once_key: str | None = Field(default=None, unique=True)
    #: The operator who has taken it on. No foreign key: it outlives the login.
    assignee_id: int | None = None
    created_at: datetime = Field(sa_column=_moment())
    updated_at: datetime = Field(sa_column=_moment())
    #: The newest sending; a corrected request is sent anew.
    sent_at: datetime | None = Field(default=None, sa_column=_maybe())
    #: The last day of its term, by the organization's clock.
    due_on: date | None = None
    ended_at: datetime | None = Field(default=None, sa_column=_maybe())
    #: The person's own mark at the end, 1 to 5.
    rating: int | None = None
    rating_comment: str = Field(default="", sa_column=_long())
    export_id: int | None = Field(default=None, sa_column=Column(ForeignKey("exports.id")))


class RequestMeter(SQLModel, table=True):
    """A meter of a sealing application as it was sent. `reading` in thousandths."""

    __tablename__ = "request_meters"
    __table_args__ = (UniqueConstraint("request_id", "row_key"),)

    id: int | None = Field(default=None, sa_column=_id())
    request_id: int = Field(sa_column=_request())
    #: The row's name in the form; its files' slots begin with it.
    row_key: str
    position: int
    application: str
    meter_type: str
    serial: str
    brand: str
    reading: int = Field(sa_column=Column(BigInteger, nullable=False))
    verification_due: date
    place: str
    installer: str = Field(default="", sa_column=_long())


class RequestFile(SQLModel, table=True):
    """A file of a request. `slot` is its place: «photo», «file», «m1:passport», «m1:act», «message»."""

    __tablename__ = "request_files"
    __table_args__ = (Index(None, "request_id", "slot"),)

    id: int | None = Field(default=None, sa_column=_id())
    request_id: int = Field(sa_column=_request())
    slot: str
    file_id: int = Field(sa_column=Column(Whole, ForeignKey("stored_files.id"), nullable=False, unique=True))
    #: The message that it came with; None for the form's own.
    event_id: int | None = Field(default=None, sa_column=Column(Whole, ForeignKey("request_events.id"), index=True))
    #: Sent once, and taken out by the person while correcting: staff see it until the request is sent anew.
    leaving: bool = False


class RequestEvent(SQLModel, table=True):
    """History and thread in one: moves, messages of both sides, and notes that staff alone see. Never changed.

    `kind`: «moved», «message», «note». `author`: «resident», «operator», «system».
    """

    __tablename__ = "request_events"
    __table_args__ = (Index(None, "request_id", "id"),)

    id: int | None = Field(default=None, sa_column=_id())
    request_id: int = Field(sa_column=_request())
    at: datetime = Field(sa_column=_moment())
    kind: str
    was: str = ""
    became: str = ""
    author: str
    # No foreign key: the history outlives the login.
    actor_id: int | None = None
    comment: str = Field(default="", sa_column=_long())
    #: The fields named by «На исправление», by their names in the form.
    fields: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))


class RequestConsent(SQLModel, table=True):
    """A consent given with a request (152-ФЗ, ст. 9): which text in which version, when, from where."""

    __tablename__ = "request_consents"
    __table_args__ = (UniqueConstraint("request_id", "document", "version"),)

    id: int | None = Field(default=None, sa_column=_id())
    request_id: int = Field(sa_column=_request())
    document: str
    version: str
    given_at: datetime = Field(sa_column=_moment())
    address: str = ""


class RequestWord(SQLModel, table=True):
    """What a request is found by: a folded word of its number, name, address, phone, account, meters."""

    __tablename__ = "request_words"
    __table_args__ = (Index(None, "request_id", "word"),)

    word: str = Field(sa_column=Column(_Plain, primary_key=True))
    request_id: int = Field(sa_column=_request(key=True))


class RequestCount(SQLModel, table=True):
    """How many requests stand where: kept along with each move, since counting them would walk all."""

    __tablename__ = "request_counts"

    organization_id: int = Field(sa_column=Column(ForeignKey("organizations.id"), primary_key=True))
    kind: str = Field(primary_key=True)
    status: str = Field(primary_key=True)
    count: int = 0


class RequestViewer(SQLModel, table=True):
    """Who of the staff has a request open just now."""

    __tablename__ = "request_viewers"

    request_id: int = Field(sa_column=_request(key=True))
    user_id: int = Field(sa_column=Column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True))
    seen_at: datetime = Field(sa_column=_moment())


class DictionaryEntry(SQLModel, table=True):
    """One choice of a dropdown, as an administrator has edited it; see `dictionaries.py` for the first contents.

    Of an organization's own, or shared by all. `meaning` is what the rules go by, where they do («new»).
    """

    __tablename__ = "dictionary_entries"
    __table_args__ = (Index(None, "kind", "position"),)

    id: int | None = Field(default=None, sa_column=_id())
    kind: str
    organization_id: int | None = Field(default=None, sa_column=Column(ForeignKey("organizations.id")))
    title: str
    meaning: str = ""
    position: int = 0
    hidden_at: datetime | None = Field(default=None, sa_column=_maybe())


class AnswerTemplate(SQLModel, table=True):
    """A ready answer of staff; empty `kind` and `status` are for any."""

    __tablename__ = "answer_templates"

    id: int | None = Field(default=None, sa_column=_id())
    organization_id: int | None = Field(default=None, sa_column=Column(ForeignKey("organizations.id")))
    kind: str = ""
    status: str = ""
    title: str
    body: str = Field(sa_column=_long())
    position: int = 0


class SavedFilter(SQLModel, table=True):
    """A filter of the queue under a name, one operator's own. `query` is the address's part after «?»."""

    __tablename__ = "saved_filters"
    __table_args__ = (UniqueConstraint("user_id", "title"),)

    id: int | None = Field(default=None, sa_column=_id())
    user_id: int = Field(sa_column=Column(ForeignKey("users.id", ondelete="CASCADE"), nullable=False))
    title: str
    query: str = Field(sa_column=_long())


class CalendarDay(SQLModel, table=True):
    """A day that is worked on, or isn't, against the rule of the week."""

    __tablename__ = "calendar_days"

    day: date = Field(primary_key=True)
    working: bool
    title: str = Field(default="", sa_column=Column(String, nullable=False, server_default=text("''")))

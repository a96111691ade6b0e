"""One's own requests: the list, and one of them with all that its person may see."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import bindparam, or_, select
from sqlmodel import col

from lk_reflex.core.clock import local_date
from lk_reflex.core.db import Reader
from lk_reflex.core.errors import NotFound
from lk_reflex.domain.accounts.linked import address_line
from lk_reflex.domain.accounts.tables import Account, Building, Organization
from lk_reflex.domain.identity.access import Actor
from lk_reflex.domain.requests.attaching import Attached, files_of
from lk_reflex.domain.requests.closing import may_write
from lk_reflex.domain.requests.history import Author, EventKind
from lk_reflex.domain.requests.kinds import Kind
from lk_reflex.domain.requests.labels import FIELDS, METER_FIELDS, label, meter_title, meters_of
from lk_reflex.domain.requests.machine import EDITABLE, Status
from lk_reflex.domain.requests.rating import may_rate
from lk_reflex.domain.requests.tables import Request, RequestEvent
from lk_reflex.domain.requests.terms import calendar_for, left_words, overdue

PORTION: Final = 20
NO_REQUEST = "Такой заявки у вас нет"
#: Above any row's id.
_TOP = 2**62
_GIST_LENGTH = 160
AUTHORS: Final = {Author.RESIDENT: "Вы", Author.OPERATOR: "Оператор", Author.SYSTEM: "Система"}


@dataclass(frozen=True, slots=True)
class Line:
    """One request of the list. `at` is when it was sent last, a draft's when it was changed last.

    `said` is the newest comment of staff, else in short what the request is about.
    """

    request_id: int
    number: str
    kind: Kind
    status: Status
    at: datetime
    time_zone: str
    said: str


@dataclass(frozen=True, slots=True)
class Lines:
    """A portion of the list, newest first, and whether older ones follow."""

    lines: tuple[Line, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class Part:
    """A field as its person typed it; `name` is its name in the form."""

    name: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Section:
    """Fields that belong together: the request's own (`key` is empty), or one meter's."""

    key: str
    title: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class OwnFile:
    """A file of the form, and what its place is called."""

    label: str
    file: Attached


@dataclass(frozen=True, slots=True)
class Event:
    """A move (`status` is where it led), or a message (`status` is None); `fields` are labels."""

    event_id: int
    at: datetime
    author: str
    status: Status | None
    comment: str
    fields: tuple[str, ...]
    files: tuple[Attached, ...]


@dataclass(frozen=True, slots=True)
class OwnRequest:
    """A request as its person sees it: what was sent last, a draft as it stands. No passport field is in it.

    `passport`: «given», «wiped» or empty. `left`: how much of the term is left, in words. `to_correct` has what an
    operator wants changed, by name and label. `history` are the moves, `thread` the messages of both sides, oldest
    first.
    """

    request_id: int
    number: str
    kind: Kind
    status: Status
    version: int
    organization_id: int
    organization: str
    phone: str
    time_zone: str
    account: str
    account_address: str
    created_at: datetime
    sent_at: datetime | None
    due_on: date | None
    overdue: bool
    left: str
    ended_at: datetime | None
    comment: str
    to_correct: tuple[Part, ...]
    sections: tuple[Section, ...]
    passport: str
    files: tuple[OwnFile, ...]
    history: tuple[Event, ...]
    thread: tuple[Event, ...]
    latitude: float | None
    longitude: float | None
    rating: int | None
    rating_comment: str
    may_write: bool
    may_rate: bool

    @property
    def may_correct(self) -> bool:
        """Whether the form may be opened: a draft's, or one that is to be corrected."""
        return self.status in EDITABLE


_OWN = (col(Request.user_id) == bindparam("user_id"),)
_LINE = (
    col(Request.id), col(Request.number), col(Request.kind), col(Request.status), col(Request.form),
    col(Request.sent_form), col(Request.comment), col(Request.updated_at), col(Request.sent_at),
    col(Organization.time_zone),
)  # fmt: skip
_LINES = (
    select(*_LINE)
    .join(Organization, col(Organization.id) == col(Request.organization_id))
    .where(*_OWN, col(Request.id) < bindparam("before"))
    .order_by(col(Request.id).desc())
    .limit(bindparam("count"))
)
_SENT = _LINES.where(col(Request.status) != Status.DRAFT.value)
#: A draft that was only opened isn't worth a line: the next «Получить услугу +» opens it again.
_DRAFTS = _LINES.where(
    col(Request.status) == Status.DRAFT.value,
    or_(col(Request.kept).is_(True), col(Request.updated_at) > col(Request.created_at)),
)
_ONE = (
    select(
        col(Request.id), col(Request.number), col(Request.kind), col(Request.status), col(Request.version),
        col(Request.organization_id), col(Request.form), col(Request.sent_form), col(Request.passport),
        col(Request.passport_wiped_at), col(Request.to_correct), col(Request.latitude), col(Request.longitude),
        col(Request.comment), col(Request.created_at), col(Request.sent_at), col(Request.due_on), col(Request.ended_at),
        col(Request.rating), col(Request.rating_comment), col(Organization.name), col(Organization.short_name),
        col(Organization.phone), col(Organization.time_zone), col(Account.number).label("account"),
        col(Account.flat), col(Building.street), col(Building.house),
    )
    .join(Organization, col(Organization.id) == col(Request.organization_id))
    .outerjoin(Account, col(Account.id) == col(Request.account_id))
    .outerjoin(Building, col(Building.id) == col(Account.building_id))
    .where(*_OWN, col(Request.number) == bindparam("number"))
)  # fmt: skip
_EVENTS = (
    select(
        col(RequestEvent.id), col(RequestEvent.at), col(RequestEvent.kind), col(RequestEvent.became),
        col(RequestEvent.author), col(RequestEvent.comment), col(RequestEvent.fields),
    )
    .where(
        col(RequestEvent.request_id) == bindparam("request_id"),
        or_(
            col(RequestEvent.kind) == bindparam("moved", EventKind.MOVED.value),
            col(RequestEvent.kind) == bindparam("message", EventKind.MESSAGE.value),
        ),
    )
    .order_by(col(RequestEvent.id))
)  # fmt: skip


def my_requests(db: Reader, actor: Actor, *, before: int | None = None, count: int = PORTION) -> Lines:
    """What was sent, newest first, or what is older than the request with the id `before`."""
    rows = db.rows(_SENT, user_id=actor.user_id, before=_TOP if before is None else before, count=count + 1)
    return Lines(tuple(map(_line, rows[:count])), len(rows) > count)


def my_drafts(db: Reader, actor: Actor, *, count: int = PORTION) -> tuple[Line, ...]:
    """What was begun and isn't sent, newest first; without what was opened and left as it came."""
    return tuple(map(_line, db.rows(_DRAFTS, user_id=actor.user_id, before=_TOP, count=count)))


def own_request(db: Reader, actor: Actor, number: str) -> OwnRequest:
    """One request of the person's own. Raises NotFound for what isn't theirs."""
    row = db.first(_ONE, user_id=actor.user_id, number=number)
    if row is None:
        raise NotFound(NO_REQUEST)
    kind, status = Kind(row.kind), Status(row.status)
    form = row.sent_form or row.form
    files = files_of(db, row.id)
    events = [(found.kind, _event(kind, form, found, files)) for found in db.rows(_EVENTS, request_id=row.id)]
    today = local_date(actor.at, row.time_zone)
    return OwnRequest(
        request_id=row.id, number=row.number, kind=kind, status=status, version=row.version,
        organization_id=row.organization_id, organization=row.short_name or row.name, phone=row.phone,
        time_zone=row.time_zone, account=row.account or "",
        account_address=address_line(row.street, row.house, row.flat) if row.street else "",
        created_at=row.created_at, sent_at=row.sent_at, due_on=row.due_on,
        overdue=overdue(row.due_on, status, today),
        left=left_words(calendar_for(db, today), row.due_on, status, today),
        ended_at=row.ended_at, comment=row.comment,
        to_correct=tuple(Part(name, label(kind, name, form), "") for name in row.to_correct),
        sections=sections(kind, form), passport=_passport(row),
        files=tuple(OwnFile(label(kind, file.slot, form), file) for file in files if file.event_id is None),
        history=tuple(event for of_kind, event in events if of_kind == EventKind.MOVED),
        thread=tuple(event for of_kind, event in events if of_kind == EventKind.MESSAGE),
        latitude=row.latitude, longitude=row.longitude, rating=row.rating, rating_comment=row.rating_comment,
        may_write=may_write(status, row.ended_at, actor.at), may_rate=may_rate(db, row, actor.at),
    )  # fmt: skip


def sections(kind: Kind, form: Mapping[str, object]) -> tuple[Section, ...]:
    """The fields of a form with their labels, the meters after the rest; what wasn't filled in has an empty value."""
    own = Section("", "", tuple(Part(name, title, _text(form.get(name))) for name, title in FIELDS[kind].items()))
    return own, *(_meter(row, form) for row in meters_of(form))


def _meter(row: Mapping[str, object], form: Mapping[str, object]) -> Section:
    key = _text(row.get("key"))
    parts = tuple(Part(f"{key}.{name}", title, _text(row.get(name))) for name, title in METER_FIELDS.items())
    return Section(key, meter_title(key, form), parts)


def _line(row: Any) -> Line:
    kind, status = Kind(row.kind), Status(row.status)
    form = row.sent_form or row.form
    said = row.comment or _gist(kind, form)
    return Line(row.id, row.number, kind, status, row.sent_at or row.updated_at, row.time_zone, said)


def _gist(kind: Kind, form: Mapping[str, object]) -> str:
    """What a request is about, in a line."""
    if kind is Kind.SEALING:
        found = ", ".join(filter(None, (_text(row.get("serial")) for row in meters_of(form))))
        return f"ПУ № {found}" if found else ""
    names = ("description", "damage", "address") if kind is Kind.EMERGENCY else ("text", "topic")
    text = " ".join(next(filter(None, (_text(form.get(name)) for name in names)), "").split())
    return text if len(text) <= _GIST_LENGTH else f"{text[:_GIST_LENGTH].rstrip()}…"


def _event(kind: Kind, form: Mapping[str, object], row: Any, files: tuple[Attached, ...]) -> Event:
    named = tuple(label(kind, name, form) for name in row.fields)
    status = Status(row.became) if row.became else None
    brought = tuple(file for file in files if file.event_id == row.id)
    return Event(row.id, row.at, AUTHORS[Author(row.author)], status, row.comment, named, brought)


def _passport(row: Any) -> str:
    if row.passport_wiped_at is not None:
        return "wiped"
    return "given" if row.passport else ""


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""

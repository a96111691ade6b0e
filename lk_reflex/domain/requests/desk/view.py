"""A request as staff see it: what was sent, its files, its history with notes of the staff, the person's others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import bindparam, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from lk_reflex.core.clock import local_date
from lk_reflex.core.db import Reader
from lk_reflex.core.errors import NotFound
from lk_reflex.domain.accounts.linked import address_line
from lk_reflex.domain.accounts.tables import Account, Building, Organization
from lk_reflex.domain.identity.access import Actor, overseen
from lk_reflex.domain.identity.tables import User
from lk_reflex.domain.requests.attaching import Attached, sent_files
from lk_reflex.domain.requests.desk.deeds import NO_REQUEST
from lk_reflex.domain.requests.desk.people import Colleague, called, colleagues
from lk_reflex.domain.requests.forms import may_be_named
from lk_reflex.domain.requests.history import Author, EventKind
from lk_reflex.domain.requests.kinds import Kind
from lk_reflex.domain.requests.labels import FIELDS, METER_FIELDS, METER_SLOTS, PASSPORT_FIELDS, label, meters_of
from lk_reflex.domain.requests.machine import ENDED, MOVES, Status, by_resident
from lk_reflex.domain.requests.own import Section, sections
from lk_reflex.domain.requests.tables import Request, RequestEvent
from lk_reflex.domain.requests.terms import overdue

#: So many of the person's other requests are shown.
OTHERS: Final = 10
#: The moves by their names, in the machine's order.
_ORDER = tuple(Status)


@dataclass(frozen=True, slots=True)
class Line:
    """A move (`was` and `became` are statuses), a message, or a note that staff alone see."""

    event_id: int
    kind: EventKind
    at: datetime
    author: Author
    name: str
    was: Status | None
    became: Status | None
    comment: str
    fields: tuple[str, ...]
    files: tuple[Attached, ...]


@dataclass(frozen=True, slots=True)
class Other:
    """Another request of the same person."""

    number: str
    kind: Kind
    status: Status
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class Nameable:
    """A field that «На исправление» may name."""

    name: str
    title: str


@dataclass(frozen=True, slots=True)
class View:
    """All of it. No passport field is in it: `passport` is «given», «wiped» or empty; see `passports.revealing`.

    `has_person` is False where the login has been deleted. `moves` are the staff's, as the machine allows them.
    """

    request_id: int
    number: str
    kind: Kind
    status: Status
    version: int
    organization_id: int
    organization: str
    time_zone: str
    account_id: int | None
    account: str
    account_address: str
    address: str
    contact: str
    phone: str
    has_person: bool
    sent_at: datetime | None
    due_on: date | None
    overdue: bool
    today: date
    ended_at: datetime | None
    assignee_id: int | None
    assignee: str
    colleagues: tuple[Colleague, ...]
    to_correct: tuple[str, ...]
    comment: str
    sections: tuple[Section, ...]
    passport: str
    files: tuple[Attached, ...]
    history: tuple[Line, ...]
    thread: tuple[Line, ...]
    latitude: float | None
    longitude: float | None
    rating: int | None
    rating_comment: str
    others: tuple[Other, ...]
    moves: tuple[Status, ...]
    nameable: tuple[Nameable, ...]


_assignee = aliased(User)
_ONE = (
    select(
        col(Request.id), col(Request.number), col(Request.kind), col(Request.status), col(Request.version),
        col(Request.organization_id), col(Request.user_id), col(Request.account_id), col(Request.sent_form),
        col(Request.passport), col(Request.passport_wiped_at), col(Request.to_correct), col(Request.address),
        col(Request.contact), col(Request.phone), col(Request.latitude), col(Request.longitude), col(Request.comment),
        col(Request.sent_at), col(Request.due_on), col(Request.ended_at), col(Request.assignee_id),
        col(Request.rating), col(Request.rating_comment), col(Organization.name), col(Organization.short_name),
        col(Organization.time_zone), col(Account.number).label("account"), col(Account.flat), col(Building.street),
        col(Building.house), col(_assignee.staff_name), col(_assignee.email),
    )
    .join(Organization, col(Organization.id) == col(Request.organization_id))
    .outerjoin(Account, col(Account.id) == col(Request.account_id))
    .outerjoin(Building, col(Building.id) == col(Account.building_id))
    .outerjoin(_assignee, col(_assignee.id) == col(Request.assignee_id))
    .where(
        col(Request.number) == bindparam("number"),
        col(Request.status) != Status.DRAFT.value,
        overseen(col(Request.organization_id)),
    )
)  # fmt: skip
_EVENTS = (
    select(
        col(RequestEvent.id), col(RequestEvent.kind), col(RequestEvent.at), col(RequestEvent.author),
        col(RequestEvent.was), col(RequestEvent.became), col(RequestEvent.comment), col(RequestEvent.fields),
        col(User.staff_name), col(User.email),
    )
    .outerjoin(User, col(User.id) == col(RequestEvent.actor_id))
    .where(col(RequestEvent.request_id) == bindparam("request_id"))
    .order_by(col(RequestEvent.id))
)  # fmt: skip
_OTHERS = (
    select(col(Request.number), col(Request.kind), col(Request.status), col(Request.sent_at))
    .where(
        col(Request.user_id) == bindparam("person"),
        col(Request.id) != bindparam("request_id"),
        col(Request.status) != Status.DRAFT.value,
        overseen(col(Request.organization_id)),
    )
    .order_by(col(Request.id).desc())
    .limit(OTHERS)
)


def request_view(db: Reader, actor: Actor, number: str) -> View:
    """One request. Raises NotFound for what isn't of the actor's organizations, and for drafts."""
    row = db.first(_ONE, number=number, **actor.overseeing)
    if row is None:
        raise NotFound(NO_REQUEST)
    kind, status = Kind(row.kind), Status(row.status)
    files = sent_files(db, row.id)
    lines = [_line(event, kind, row.sent_form, files) for event in db.rows(_EVENTS, request_id=row.id)]
    others = db.rows(_OTHERS, person=row.user_id, request_id=row.id, **actor.overseeing) if row.user_id else []
    today = local_date(actor.at, row.time_zone)
    return View(
        request_id=row.id, number=row.number, kind=kind, status=status, version=row.version,
        organization_id=row.organization_id, organization=row.short_name or row.name, time_zone=row.time_zone,
        account_id=row.account_id, account=row.account or "",
        account_address=address_line(row.street, row.house, row.flat) if row.street else "",
        address=row.address, contact=row.contact, phone=row.phone, has_person=row.user_id is not None,
        sent_at=row.sent_at, due_on=row.due_on, overdue=overdue(row.due_on, status, today), today=today,
        ended_at=row.ended_at, assignee_id=row.assignee_id,
        assignee=called(row.staff_name, row.email) if row.assignee_id else "",
        colleagues=() if status in ENDED else colleagues(db, actor, row.organization_id),
        to_correct=tuple(label(kind, name, row.sent_form) for name in row.to_correct), comment=row.comment,
        sections=sections(kind, row.sent_form), passport=_passport(row),
        files=tuple(file for file in files if file.event_id is None),
        history=tuple(line for line in lines if line.kind is EventKind.MOVED),
        thread=tuple(line for line in lines if line.kind is not EventKind.MOVED),
        latitude=row.latitude, longitude=row.longitude, rating=row.rating, rating_comment=row.rating_comment,
        others=tuple(Other(one.number, Kind(one.kind), Status(one.status), one.sent_at) for one in others),
        moves=tuple(becomes for becomes in _ORDER if becomes in MOVES[status] and not by_resident(becomes)),
        nameable=_nameable(kind, row.sent_form) if Status.CORRECTING in MOVES[status] else (),
    )  # fmt: skip


def _nameable(kind: Kind, form: Mapping[str, object]) -> tuple[Nameable, ...]:
    """In the order of the form: its own fields, each meter's with its files, the passport, the files."""
    names = [*FIELDS[kind]]
    if kind is Kind.SEALING:
        names += PASSPORT_FIELDS
        for row in meters_of(form):
            names += [f"{row.get('key')}.{field}" for field in METER_FIELDS]
            names += [f"{row.get('key')}:{slot}" for slot in METER_SLOTS]
    names += ["photo", "file"]
    return tuple(Nameable(name, _title(kind, name, form)) for name in names if may_be_named(kind, name, form))


def _title(kind: Kind, name: str, form: Mapping[str, object]) -> str:
    """«Паспорт: серия», since «Номер» alone could be anything's."""
    if name in PASSPORT_FIELDS and name not in FIELDS[kind]:
        return f"Паспорт: {PASSPORT_FIELDS[name].lower()}"
    return label(kind, name, form)


def _line(row: Any, kind: Kind, form: Mapping[str, object], files: Sequence[Attached]) -> Line:
    author = Author(row.author)
    return Line(
        row.id, EventKind(row.kind), row.at, author,
        called(row.staff_name, row.email) if author is Author.OPERATOR else "",
        _status(row.was), _status(row.became), row.comment,
        tuple(label(kind, name, form) for name in row.fields), tuple(file for file in files if file.event_id == row.id),
    )  # fmt: skip


def _status(value: str) -> Status | None:
    return Status(value) if value else None


def _passport(row: Any) -> str:
    if row.passport_wiped_at is not None:
        return "wiped"
    return "given" if row.passport else ""

"""The operators' queue: a page of requests by filters and search, and the counters above it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from lk_reflex.core.clock import local_date
from lk_reflex.core.db import Reader
from lk_reflex.domain.accounts.tables import Account, Organization
from lk_reflex.domain.identity.access import Actor, overseen
from lk_reflex.domain.identity.tables import User
from lk_reflex.domain.requests.desk.partitions import BEFORE_ALL, Cursor, Desk, count_overdue, newest
from lk_reflex.domain.requests.desk.people import called
from lk_reflex.domain.requests.desk.searching import find
from lk_reflex.domain.requests.desk.wanted import Wanted
from lk_reflex.domain.requests.kinds import Kind
from lk_reflex.domain.requests.machine import OPEN, Status
from lk_reflex.domain.requests.tables import Request, RequestCount

PAGE = 50
#: Before the place where a search's stretch ended: it may be a request of somebody else's, which has no number here.
_STRETCH = "s"


@dataclass(frozen=True, slots=True)
class Listed:
    """One line. `sent_at` is the newest sending, `due_on` the last day of the term, by the organization's clock."""

    request_id: int
    number: str
    kind: Kind
    status: Status
    sent_at: datetime | None
    due_on: date | None
    overdue: bool
    time_zone: str
    organization: str
    contact: str
    address: str
    account: str
    assignee: str


@dataclass(frozen=True, slots=True)
class Queue:
    """A page. `more` tells that others follow; `cut` is where a search's stretch ended, with more to look through.

    `after` is the number that the next page goes on from.
    """

    rows: tuple[Listed, ...]
    more: bool
    cut: bool
    after: str


@dataclass(frozen=True, slots=True)
class Counted:
    """How many requests stand where, of all that the operator sees (or of one organization, of one kind)."""

    by_status: dict[Status, int]
    overdue: int

    @property
    def waiting(self) -> int:
        """Those that are the staff's turn."""
        return sum(count for status, count in self.by_status.items() if status in OPEN)


_assignee = aliased(User)
_DESKS = (
    select(col(Organization.id), col(Organization.name), col(Organization.short_name), col(Organization.time_zone))
    .where(overseen(col(Organization.id)))
    .order_by(col(Organization.id))
)
_ROWS = (
    select(
        col(Request.id), col(Request.number), col(Request.kind), col(Request.status), col(Request.sent_at),
        col(Request.due_on), col(Request.contact), col(Request.address), col(Organization.time_zone),
        col(Organization.name), col(Organization.short_name), col(Account.number).label("account"),
        col(Request.assignee_id), col(_assignee.staff_name), col(_assignee.email),
    )
    .join(Organization, col(Organization.id) == col(Request.organization_id))
    .outerjoin(Account, col(Account.id) == col(Request.account_id))
    .outerjoin(_assignee, col(_assignee.id) == col(Request.assignee_id))
    .where(
        col(Request.id).in_(bindparam("ids", expanding=True)), overseen(col(Request.organization_id)),
        col(Request.status) != Status.DRAFT.value,
    )
)  # fmt: skip
_CURSOR = select(col(Request.id), col(Request.sent_at), col(Request.due_on), col(Request.created_at)).where(
    col(Request.number) == bindparam("number"), overseen(col(Request.organization_id))
)
_NUMBER = select(col(Request.number)).where(
    col(Request.id) == bindparam("request_id"), overseen(col(Request.organization_id))
)
_COUNTS = (
    select(col(RequestCount.organization_id), col(RequestCount.kind), col(RequestCount.status), col(RequestCount.count))
    .where(overseen(col(RequestCount.organization_id)), col(RequestCount.status) != Status.DRAFT.value)
)  # fmt: skip


def desks_of(db: Reader, actor: Actor) -> tuple[Desk, ...]:
    """The organizations whose requests the operator sees."""
    rows = db.rows(_DESKS, **actor.overseeing)
    return tuple(Desk(row.id, row.short_name or row.name, row.time_zone) for row in rows)


def queue(db: Reader, actor: Actor, wanted: Wanted, *, count: int = PAGE) -> Queue:
    """A page of the queue; empty for whoever has no duty. An unknown `after` begins anew."""
    desks = _meant(desks_of(db, actor), wanted)
    cursor = _cursor(db, actor, wanted.after)
    if not wanted.search.strip():
        ids = newest(db, actor, wanted, desks, cursor, count + 1)
        return _page(db, actor, ids, None, count)
    found = find(db, actor, wanted, desks, cursor.request_id if cursor else _stretch_end(wanted.after), count + 1)
    return _page(db, actor, found.ids, found.cut, count)


def neighbour(db: Reader, actor: Actor, wanted: Wanted, number: str) -> str:
    """The number that follows in the queue, however many pages on; empty at its end."""
    rows = queue(db, actor, replace(wanted, after=number), count=1).rows
    return rows[0].number if rows else ""


def listed(db: Reader, actor: Actor, numbers: Sequence[int]) -> tuple[Listed, ...]:
    """The lines of these requests as they are now, in the sequence of the ids; what isn't the actor's is left out."""
    if not numbers:
        return ()
    rows = db.connection.execute(_ROWS, {"ids": list(numbers), **actor.overseeing})
    found = {row.id: _line(row, actor) for row in rows}
    return tuple(found[one] for one in numbers if one in found)


def counted(db: Reader, actor: Actor, *, organization_id: int | None = None, kind: Kind | None = None) -> Counted:
    """The counters of the queue."""
    by_status = dict.fromkeys((status for status in Status if status is not Status.DRAFT), 0)
    for row in db.rows(_COUNTS, **actor.overseeing):
        if organization_id in (None, row.organization_id) and kind in (None, row.kind):
            by_status[Status(row.status)] += row.count
    desks = _meant(desks_of(db, actor), Wanted(organization_id=organization_id))
    return Counted(by_status, count_overdue(db, actor, desks, kind))


def _meant(desks: tuple[Desk, ...], wanted: Wanted) -> tuple[Desk, ...]:
    return tuple(desk for desk in desks if wanted.organization_id in (None, desk.organization_id))


def _cursor(db: Reader, actor: Actor, number: str) -> Cursor | None:
    row = db.first(_CURSOR, number=number, **actor.overseeing) if number else None
    return None if row is None else Cursor(row.id, row.sent_at or row.created_at, row.due_on or BEFORE_ALL)


def _stretch_end(after: str) -> int | None:
    place = after.removeprefix(_STRETCH)
    known = after.startswith(_STRETCH) and place.isascii() and place.isdigit() and len(place) < 16
    return int(place) if known else None


def _page(db: Reader, actor: Actor, ids: Sequence[int], cut: int | None, count: int) -> Queue:
    rows = listed(db, actor, ids[:count])
    more = len(ids) > count
    if not more:
        return Queue(rows, more, cut is not None, f"{_STRETCH}{cut}" if cut is not None else "")
    after = db.value(_NUMBER, request_id=ids[:count][-1], **actor.overseeing)
    return Queue(rows, more, False, after or "")


def _line(row: Any, actor: Actor) -> Listed:
    status = Status(row.status)
    today = local_date(actor.at, row.time_zone)
    return Listed(
        row.id, row.number, Kind(row.kind), status, row.sent_at, row.due_on,
        status in OPEN and row.due_on is not None and row.due_on < today, row.time_zone, row.short_name or row.name,
        row.contact, row.address, row.account or "", called(row.staff_name, row.email) if row.assignee_id else "",
    )  # fmt: skip

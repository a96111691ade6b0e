"""The queue without a search: the newest of each kind, status and organization, put together.

Each part is read off the end of an index of its own, so that a page costs the same among a thousand requests as among
a hundred thousand; one condition over all of them («any of these statuses») would make a database sort what it finds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Date, Select, String, bindparam, func, literal, select, tuple_, union_all
from sqlmodel import col

from lk_reflex.core.clock import local_date
from lk_reflex.core.compiled import Query
from lk_reflex.core.days import span
from lk_reflex.core.db import Reader
from lk_reflex.core.schema import UtcTime
from lk_reflex.domain.identity.access import Actor
from lk_reflex.domain.requests.desk.wanted import Sort, Wanted, Whose
from lk_reflex.domain.requests.kinds import Kind
from lk_reflex.domain.requests.machine import OPEN
from lk_reflex.domain.requests.tables import Request

#: Before every day of a term.
BEFORE_ALL = date(2000, 1, 1)
#: Overdue ones are counted as far as this.
MOST_COUNTED = 100


@dataclass(frozen=True, slots=True)
class Shape:
    """What decides a statement; all else are parameters."""

    order: Sort
    whose: Whose | None
    dated: bool
    overdue: bool
    paged: bool


@dataclass(frozen=True, slots=True)
class Desk:
    """An organization that the operator works for."""

    organization_id: int
    name: str
    time_zone: str


@dataclass(frozen=True, slots=True)
class Cursor:
    """The row after which a page begins, as it stands now."""

    request_id: int
    sent_at: datetime
    due_on: date


def newest(
    db: Reader, actor: Actor, wanted: Wanted, desks: Sequence[Desk], cursor: Cursor | None, count: int
) -> list[int]:
    """The ids of a page's requests in order. `desks` must come from a query with `overseen`."""
    kinds = [wanted.kind] if wanted.kind else list(Kind)
    parts = [(desk, kind, status) for desk in desks for kind in kinds for status in wanted.statuses]
    if not parts:
        return []
    shape = Shape(wanted.order, wanted.whose, bool(wanted.first or wanted.last), wanted.overdue, cursor is not None)
    return [row.id for row in db.rows(statement(shape, len(parts)), **parameters(actor, wanted, parts, cursor, count))]


def parameters(
    actor: Actor, wanted: Wanted, parts: Sequence[tuple[Desk, Kind, str]], cursor: Cursor | None, count: int
) -> dict[str, Any]:
    """The values of `statement`."""
    given: dict[str, Any] = {"count": count}
    if wanted.whose is Whose.MINE:
        given["me"] = actor.user_id
    if cursor is not None:
        given |= {"after_id": cursor.request_id}
        given |= {"after_due": cursor.due_on} if wanted.order is Sort.TERM else {"after_at": cursor.sent_at}
    for place, (desk, kind, status) in enumerate(parts):
        given |= {f"o{place}": desk.organization_id, f"k{place}": str(kind), f"s{place}": str(status)}
        if wanted.overdue:
            given[f"t{place}"] = local_date(actor.at, desk.time_zone)
        if wanted.first or wanted.last:
            given[f"b{place}"], given[f"e{place}"] = span(wanted.first, wanted.last, desk.time_zone)
    return given


@cache
def statement(shape: Shape, parts: int) -> Query:
    """The statement for so many parts: a constant each."""
    found = union_all(*(select(_part(shape, place).subquery(f"p{place}")) for place in range(parts))).subquery("found")
    keys = [found.c.at, found.c.id]
    ordered = [key.desc() for key in keys] if shape.order is Sort.NEWEST else keys
    return select(found.c.id).order_by(*ordered).limit(bindparam("count"))


def _part(shape: Shape, place: int) -> Select[*tuple[Any, ...]]:
    key: Any = col(Request.due_on) if shape.order is Sort.TERM else col(Request.sent_at)
    keys = [key, col(Request.id)]
    ordered = [one.desc() for one in keys] if shape.order is Sort.NEWEST else keys
    conditions = [*_where(shape, place), *([_after(shape, keys)] if shape.paged else [])]
    return (
        select(col(Request.id), key.label("at")).where(*conditions).order_by(*ordered).limit(bindparam("count"))
    )  # fmt: skip


def _where(shape: Shape, place: int) -> list[Any]:
    conditions: list[Any] = [
        col(Request.organization_id) == bindparam(f"o{place}"),
        col(Request.kind) == bindparam(f"k{place}", type_=String()),
        col(Request.status) == bindparam(f"s{place}", type_=String()),
    ]
    if shape.whose is not None:
        mine = shape.whose is Whose.MINE
        conditions.append(col(Request.assignee_id) == bindparam("me") if mine else col(Request.assignee_id).is_(None))
    if shape.overdue:
        conditions.append(col(Request.due_on) < bindparam(f"t{place}", type_=Date()))
    if shape.dated:
        conditions.append(col(Request.sent_at) >= bindparam(f"b{place}", type_=UtcTime()))
        conditions.append(col(Request.sent_at) < bindparam(f"e{place}", type_=UtcTime()))
    return conditions


def _after(shape: Shape, keys: list[Any]) -> Any:
    by_term = shape.order is Sort.TERM
    at = bindparam("after_due", type_=Date()) if by_term else bindparam("after_at", type_=UtcTime())
    here, there = tuple_(*keys), tuple_(at, bindparam("after_id"))
    return here < there if shape.order is Sort.NEWEST else here > there


def count_overdue(db: Reader, actor: Actor, desks: Sequence[Desk], kind: Kind | None) -> int:
    """How many requests are past their term, up to MOST_COUNTED."""
    kinds = [kind] if kind else list(Kind)
    parts = [(desk, of, status) for desk in desks for of in kinds for status in sorted(OPEN)]
    if not parts:
        return 0
    wanted = Wanted(overdue=True)
    return int(db.value(_counting(len(parts)), **parameters(actor, wanted, parts, None, MOST_COUNTED)) or 0)


@cache
def _counting(parts: int) -> Query:
    shape = Shape(Sort.TERM, None, dated=False, overdue=True, paged=False)
    ones = (
        select(literal(1).label("one")).where(*_where(shape, place)).limit(bindparam("count")).subquery(f"p{place}")
        for place in range(parts)
    )
    found = union_all(*(select(one) for one in ones)).limit(bindparam("count")).subquery("found")
    return select(func.count()).select_from(found)

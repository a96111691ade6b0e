"""The operators' list of orders: searched, filtered, newest first, a page at a time."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, Literal

from sqlalchemy import Select, and_, bindparam, func, or_, select, text, tuple_
from sqlmodel import col

from lk_reflex.core.clock import DEFAULT_ZONE
from lk_reflex.core.days import span
from lk_reflex.core.db import Reader
from lk_reflex.core.schema import UtcTime
from lk_reflex.domain.accounts.tables import Account, Organization
from lk_reflex.domain.identity.access import Actor, overseen
from lk_reflex.domain.identity.tables import User
from lk_reflex.domain.payments.desk.search import Kind, Sought, sought
from lk_reflex.domain.payments.may import staff_only
from lk_reflex.domain.payments.orders.machine import Status
from lk_reflex.domain.payments.tables import Order, OrderLine, Refund

PAGE = 50
# Spelled out: a partial index serves only a condition that its database can read in the statement itself.
FLAGGED = text("orders.flag <> ''")
UNFINISHED = text("refunds.settled_at IS NULL")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list is asked for. `before` is the number of the order after which the page begins.

    `first` and `last` are days on which orders were made; with `paid`, those on which they were paid.
    """

    search: str = ""
    status: str = ""
    flagged: bool = False
    organization_id: int | None = None
    first: date | None = None
    last: date | None = None
    paid: bool = False
    before: str = ""


@dataclass(frozen=True, slots=True)
class ListedOrder:
    """One line. Kopecks; `accounts` are the numbers that it pays for."""

    number: str
    created_at: datetime
    time_zone: str
    organization: str
    email: str
    accounts: tuple[str, ...]
    total: int
    refunded: int
    status: str
    flag: str
    paid_at: datetime | None


@dataclass(frozen=True, slots=True)
class Payee:
    """An organization that the list may be narrowed to."""

    organization_id: int
    name: str
    time_zone: str


@dataclass(frozen=True, slots=True)
class OrdersPage:
    """A page of the list, whether older ones follow, and the counters above it."""

    orders: tuple[ListedOrder, ...]
    more: bool
    flagged: int
    checking: int
    refunding: int
    payees: tuple[Payee, ...]


#: Of what the days are that a list is narrowed to; empty for no days.
Dated = Literal["", "made", "paid"]
_MOMENTS: dict[Dated, Any] = {"made": Order.created_at, "paid": Order.paid_at}
_AT = (col(Order.created_at), col(Order.id))
_COLUMNS = (
    col(Order.id), col(Order.number), col(Order.created_at), col(Order.total),
    col(Order.refunded), col(Order.status), col(Order.flag), col(Order.paid_at),
    func.coalesce(col(User.email), col(Order.email)).label("email"), col(Organization.name),
    col(Organization.short_name), col(Organization.time_zone),
)  # fmt: skip
_ALL = (
    select(*_COLUMNS)
    .select_from(Order)
    # An outer join though each has one: no planner may begin with the few organizations and sort all their orders.
    .outerjoin(Organization, col(Organization.id) == col(Order.organization_id))
    .outerjoin(User, col(User.id) == col(Order.user_id))
    .where(overseen(col(Order.organization_id)))
    .order_by(*(column.desc() for column in _AT))
    .limit(PAGE + 1)
)
_OF_ACCOUNT = (
    select(col(OrderLine.order_id))
    .join(Account, col(Account.id) == col(OrderLine.account_id))
    .where(col(Account.number_key) == bindparam("key"))
)
_OF_PAYER = or_(
    col(Order.user_id).in_(select(col(User.id)).where(col(User.email_key) == bindparam("email_key"))),
    col(Order.email) == bindparam("email"),
)
_BY: dict[Kind, Any] = {
    "number": col(Order.number) == bindparam("number"),
    "account": col(Order.id).in_(_OF_ACCOUNT),
    "bank": col(Order.bank_id) == bindparam("bank_id"),
    "payer": _OF_PAYER,
    "total": col(Order.total) == bindparam("total"),
}
_CURSOR = select(*_AT).where(col(Order.number) == bindparam("number"), overseen(col(Order.organization_id)))
_ACCOUNTS = (
    select(col(OrderLine.order_id), col(Account.number))
    .join(Account, col(Account.id) == col(OrderLine.account_id))
    .where(col(OrderLine.order_id).in_(bindparam("orders", expanding=True)))
    .distinct()
    .order_by(col(OrderLine.order_id), col(Account.number))
)
_FLAGGED = select(func.count()).select_from(Order).where(FLAGGED, overseen(col(Order.organization_id)))
_CHECKING = (
    select(func.count())
    .select_from(Order)
    .where(col(Order.status) == bindparam("status"), overseen(col(Order.organization_id)))
)
_REFUNDING = (
    select(func.count())
    .select_from(Refund)
    .join(Order, col(Order.id) == col(Refund.order_id))
    .where(UNFINISHED, overseen(col(Order.organization_id)))
)
_PAYEES = (
    select(col(Organization.id), col(Organization.name), col(Organization.short_name), col(Organization.time_zone))
    .where(col(Organization.takes_payments).is_(True), overseen(col(Organization.id)))
    .order_by(col(Organization.id))
)


def orders_page(db: Reader, actor: Actor, wanted: Wanted) -> OrdersPage:
    """A page of orders with the counters. Raises Refused for a resident, Invalid for a search that is too long."""
    staff_only(actor)
    payees = tuple(
        Payee(row.id, row.short_name or row.name, row.time_zone) for row in db.rows(_PAYEES, **actor.overseeing)
    )
    found = _found(db, actor, wanted, payees)
    accounts = _accounts(db, [row.id for row in found[:PAGE]])
    return OrdersPage(
        tuple(_listed(row, accounts[row.id]) for row in found[:PAGE]),
        len(found) > PAGE,
        int(db.value(_FLAGGED, **actor.overseeing) or 0),
        int(db.value(_CHECKING, status=Status.CHECKING, **actor.overseeing) or 0),
        int(db.value(_REFUNDING, **actor.overseeing) or 0),
        payees,
    )


def _found(db: Reader, actor: Actor, wanted: Wanted, payees: tuple[Payee, ...]) -> list[Any]:
    meant = sought(db, wanted.search)
    if meant.kind == "nothing":
        return []
    cursor = db.first(_CURSOR, number=wanted.before, **actor.overseeing) if wanted.before else None
    query = statement(
        meant.kind,
        status=bool(wanted.status),
        flagged=wanted.flagged,
        organization=wanted.organization_id is not None,
        dated=_dated(wanted),
        paged=cursor is not None,
    )
    return db.rows(query, **parameters(meant, wanted, cursor, payees), **actor.overseeing)


def parameters(meant: Sought, wanted: Wanted, cursor: Any, payees: tuple[Payee, ...]) -> dict[str, Any]:
    """The values of `statement`, beside those of `overseen`."""
    time_zone = next((one.time_zone for one in payees if one.organization_id == wanted.organization_id), DEFAULT_ZONE)
    begins, ends = span(wanted.first, wanted.last, time_zone)
    asked = {
        "of_status": wanted.status if wanted.status else None,
        "organization_id": wanted.organization_id,
        "begins": begins if _dated(wanted) else None,
        "ends": ends if _dated(wanted) else None,
        "before_at": cursor.created_at if cursor else None,
        "before_id": cursor.id if cursor else None,
    }
    return dict(meant.params) | {name: value for name, value in asked.items() if value is not None}


@cache
def statement(
    kind: Kind, *, status: bool, flagged: bool, organization: bool, dated: Dated, paged: bool
) -> Select[*tuple[Any, ...]]:
    """The list's statement for these conditions: a constant each, a hundred and some in all."""
    conditions = [
        *([_BY[kind]] if kind in _BY else []),
        *([col(Order.status) == bindparam("of_status")] if status else []),
        *([FLAGGED] if flagged else []),
        *([col(Order.organization_id) == bindparam("organization_id")] if organization else []),
        *([_between(col(_MOMENTS[dated]))] if dated else []),
        *([_older()] if paged else []),
    ]
    return _ALL.where(*conditions)


def _dated(wanted: Wanted) -> Dated:
    if not (wanted.first or wanted.last):
        return ""
    return "paid" if wanted.paid else "made"


def _between(at: Any) -> Any:
    return and_(at >= bindparam("begins", type_=UtcTime()), at < bindparam("ends", type_=UtcTime()))


def _older() -> Any:
    return tuple_(*_AT) < tuple_(bindparam("before_at", type_=UtcTime()), bindparam("before_id"))


def _accounts(db: Reader, orders: list[int]) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = defaultdict(tuple)
    if orders:
        for row in db.connection.execute(_ACCOUNTS, {"orders": orders}):
            found[row.order_id] += (row.number,)
    return found


def _listed(row: Any, accounts: tuple[str, ...]) -> ListedOrder:
    return ListedOrder(
        number=row.number,
        created_at=row.created_at,
        time_zone=row.time_zone,
        organization=row.short_name or row.name,
        email=row.email,
        accounts=accounts,
        total=row.total,
        refunded=row.refunded,
        status=row.status,
        flag=row.flag,
        paid_at=row.paid_at,
    )

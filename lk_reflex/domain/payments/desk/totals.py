"""Each day against the bank: what it took and gave back by its own word, what we posted, and what doesn't agree."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import and_, bindparam, exists, func, or_, select, text
from sqlmodel import col

from lk_reflex.core.clock import local_date, local_time
from lk_reflex.core.days import span
from lk_reflex.core.db import Reader
from lk_reflex.core.schema import UtcTime
from lk_reflex.domain.accounts.tables import Organization
from lk_reflex.domain.billing.tables import PostedPayment
from lk_reflex.domain.exchange_log.tables import Export
from lk_reflex.domain.identity.access import Actor, overseen
from lk_reflex.domain.payments.may import staff_only
from lk_reflex.domain.payments.orders.billed import Difference, differing
from lk_reflex.domain.payments.orders.machine import OPEN
from lk_reflex.domain.payments.tables import Order, OrderLine, Posting

#: So many days a page has; so many after the handing over billing should have accounted for a payment.
DAYS, SLOW = 14, timedelta(days=5)
#: So far back it is looked for what billing hasn't accounted for, and so many of them are named.
BACK, MOST = timedelta(days=30), 100

_BEGINS, _ENDS = bindparam("begins", type_=UtcTime()), bindparam("ends", type_=UtcTime())
_OF_DAY = (
    col(Order.organization_id) == bindparam("organization_id"),
    col(Order.paid_at) >= _BEGINS,
    col(Order.paid_at) < _ENDS,
)
_BANK = select(
    func.count().label("orders"),
    func.coalesce(func.sum(col(Order.captured)), 0).label("captured"),
    func.coalesce(func.sum(col(Order.refunded)), 0).label("refunded"),
    func.coalesce(func.sum(col(Order.commission)), 0).label("commission"),
    func.count().filter(col(Order.flag) != "").label("flagged"),
).where(*_OF_DAY)
_OPEN = select(
    func.count().label("orders"),
    func.coalesce(func.sum(col(Order.total)), 0).label("total"),
    # One that was never looked up is as old as itself.
    func.min(func.coalesce(col(Order.looked_at), col(Order.created_at)), type_=UtcTime()).label("looked_at"),
).where(
    col(Order.organization_id) == bindparam("organization_id"),
    col(Order.created_at) >= _BEGINS,
    col(Order.created_at) < _ENDS,
    col(Order.status).in_([status.value for status in sorted(OPEN)]),
)
_OURS = (
    select(
        func.coalesce(func.sum(col(Posting.amount)).filter(col(Posting.amount) > 0), 0).label("payments"),
        func.coalesce(func.sum(col(Posting.amount)).filter(col(Posting.amount) < 0), 0).label("refunds"),
    )
    .select_from(Order)
    .join(Posting, col(Posting.order_id) == col(Order.id))
    .where(*_OF_DAY)
)
_PAID_ONCE = exists().where(col(Order.organization_id) == col(Organization.id))
_PAYEES = (
    select(col(Organization.id), col(Organization.name), col(Organization.short_name), col(Organization.time_zone))
    .where(or_(col(Organization.takes_payments).is_(True), _PAID_ONCE), overseen(col(Organization.id)))
    .order_by(col(Organization.id))
)
_RECORDED = exists().where(
    col(PostedPayment.order_number) == col(Order.number),
    col(PostedPayment.order_number) != "",
    col(PostedPayment.organization_id) == col(Order.organization_id),
    col(PostedPayment.account_id) == col(OrderLine.account_id),
)
_HANDED = select(col(Export.id)).where(
    col(Export.completed_at) > bindparam("since", type_=UtcTime()),
    col(Export.completed_at) < bindparam("until", type_=UtcTime()),
)
_SLOW = (
    select(col(Order.number), col(Export.completed_at), col(Organization.time_zone))
    .select_from(Posting)
    .join(Export, col(Export.id) == col(Posting.export_id))
    .join(Order, col(Order.id) == col(Posting.order_id))
    .join(Organization, col(Organization.id) == col(Order.organization_id))
    .join(OrderLine, col(OrderLine.order_id) == col(Order.id))
    .where(
        # By the few registers of those weeks, never by all that was ever posted.
        col(Posting.export_id).in_(_HANDED),
        col(Posting.amount) > 0,
        ~_RECORDED,
        overseen(col(Order.organization_id)),
    )
    .distinct()
    .order_by(col(Export.completed_at), col(Order.number))
    .limit(MOST)
)
_TOUCHED = (
    select(
        col(Order.id).label("order_id"), col(Order.number), col(Order.organization_id), col(PostedPayment.account_id)
    )
    .select_from(Order)
    .join(
        PostedPayment,
        and_(
            col(PostedPayment.order_number) == col(Order.number),
            col(PostedPayment.organization_id) == col(Order.organization_id),
        ),
    )
    .where(*_OF_DAY, text("posted_payments.order_number <> ''"))
    .distinct()
    .subquery("touched")
)
_DIFFERS = differing(_TOUCHED).limit(MOST)


@dataclass(frozen=True, slots=True)
class DayTotals:
    """The orders paid on one day of an organization. Kopecks; `back` are refunds made at any time since, positive.

    `captured` and `refunded` are the bank's amounts as last told, `paid` and `back` our postings. `open` orders were
    made on that day, and the bank may have taken `open_total` for them; the longest since asked about is `looked_at`,
    local time.
    """

    organization_id: int
    organization: str
    day: date
    orders: int
    captured: int
    refunded: int
    paid: int
    back: int
    commission: int
    flagged: int
    open: int = 0
    open_total: int = 0
    looked_at: datetime | None = None

    @property
    def difference(self) -> int:
        """What the bank has of these orders beyond what we posted."""
        return (self.captured - self.refunded) - (self.paid - self.back)


@dataclass(frozen=True, slots=True)
class Unaccounted:
    """An order that was handed to billing and isn't in its records: on what day, and so many `days` ago.

    Days of the organization's calendar.
    """

    number: str
    handed_on: date
    days: int


@dataclass(frozen=True, slots=True)
class Differing:
    """An order of which billing has another sum than the ledger, and the accounts that it is about."""

    number: str
    accounts: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Totals:
    """The days with payments, newest first, and the orders that don't agree with billing.

    `last` is the newest day looked at, `today` the organizations' present one.
    """

    days: tuple[DayTotals, ...]
    last: date
    today: date
    unaccounted: tuple[Unaccounted, ...]
    differing: tuple[Differing, ...]


def day_totals(db: Reader, actor: Actor, *, last: date | None = None, now: datetime) -> Totals:
    """Two weeks that end with `last` (today unless given). Raises Refused for a resident."""
    staff_only(actor)
    payees = db.rows(_PAYEES, **actor.overseeing)
    today = max((local_date(now, payee.time_zone) for payee in payees), default=now.date())
    until = last or today
    shown = [until - timedelta(days=back) for back in range(DAYS)]
    days = tuple(found for day in shown for payee in payees for found in _day(db, payee, day))
    slow = db.rows(_SLOW, since=now - BACK, until=now - SLOW, **actor.overseeing)
    wrong = [row for payee in payees for row in _differing(db, payee, shown[-1], until)]
    return Totals(
        days,
        until,
        today,
        tuple(_unaccounted(row, now) for row in slow),
        tuple(Differing(number, tuple(rows)) for number, rows in groupby(wrong, key=attrgetter("number"))),
    )


def _unaccounted(row: Any, now: datetime) -> Unaccounted:
    handed_on = local_date(row.completed_at, row.time_zone)
    return Unaccounted(row.number, handed_on, (local_date(now, row.time_zone) - handed_on).days)


def _differing(db: Reader, payee: Any, first: date, last: date) -> list[Difference]:
    begins, ends = span(first, last, payee.time_zone)
    return [Difference(*row) for row in db.rows(_DIFFERS, organization_id=payee.id, begins=begins, ends=ends)]


def _day(db: Reader, payee: Any, day: date) -> Iterator[DayTotals]:
    begins, ends = span(day, day, payee.time_zone)
    bank = db.rows(_BANK, organization_id=payee.id, begins=begins, ends=ends)[0]
    undecided = db.rows(_OPEN, organization_id=payee.id, begins=begins, ends=ends)[0]
    if not (bank.orders or undecided.orders):
        return
    ours = db.rows(_OURS, organization_id=payee.id, begins=begins, ends=ends)[0]
    yield DayTotals(
        organization_id=payee.id,
        organization=payee.short_name or payee.name,
        day=day,
        orders=int(bank.orders),
        captured=int(bank.captured),
        refunded=int(bank.refunded),
        paid=int(ours.payments),
        back=-int(ours.refunds),
        commission=int(bank.commission),
        flagged=int(bank.flagged),
        open=int(undecided.orders),
        open_total=int(undecided.total),
        looked_at=local_time(undecided.looked_at, payee.time_zone) if undecided.looked_at else None,
    )

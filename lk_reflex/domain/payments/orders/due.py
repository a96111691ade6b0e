"""Which orders the bank is to be asked about now."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, or_, select, update
from sqlmodel import col

from lk_reflex.core.db import Reader, Writer
from lk_reflex.core.schema import UtcTime
from lk_reflex.domain.payments.orders.claiming import LEASE
from lk_reflex.domain.payments.orders.machine import Status
from lk_reflex.domain.payments.orders.schedule import FURTHEST, FURTHEST_OPEN
from lk_reflex.domain.payments.tables import Order

_LATER = bindparam("later", type_=UtcTime())
#: Those that somebody is just asking about are left out; a turn longer than any is nobody's: the clock has gone back.
DUE = (
    select(col(Order.number), col(Order.organization_id))
    .where(
        col(Order.next_look_at) <= bindparam("now", type_=UtcTime()),
        or_(
            col(Order.looking_until).is_(None),
            col(Order.looking_until) <= bindparam("now", type_=UtcTime()),
            col(Order.looking_until) > _LATER,
        ),
        col(Order.organization_id).not_in(bindparam("without", expanding=True)),
    )
    .order_by(col(Order.next_look_at))
    .limit(bindparam("count"))
)
_OLDEST = (
    select(col(Order.next_look_at))
    .where(col(Order.next_look_at).is_not(None))
    .order_by(col(Order.next_look_at))
    .limit(1)
)
#: What no schedule has ever set: a clock that was ahead did.
_PUT_OFF = (
    update(Order)
    .where(
        col(Order.next_look_at) > bindparam("hour_ahead", type_=UtcTime()),
        or_(
            col(Order.next_look_at) > bindparam("month_ahead", type_=UtcTime()),
            and_(col(Order.status) != Status.PAID.value, col(Order.status) != Status.REFUNDED.value),
        ),
    )
    .values(next_look_at=bindparam("now", type_=UtcTime()))
)
#: A payment is looked at for so long after it, to notice what was given back at the bank.
_AGAIN = (
    update(Order)
    .where(col(Order.status) == Status.PAID.value, col(Order.paid_at) > bindparam("since", type_=UtcTime()))
    .values(next_look_at=bindparam("now", type_=UtcTime()))
)


def due_orders(db: Reader, *, without: Collection[int], count: int, now: datetime) -> Sequence[Any]:
    """Number and organization of the next ones, longest overdue first, leaving out some organizations."""
    given = {"now": now, "later": now + LEASE, "without": list(without), "count": count}
    return db.connection.execute(DUE, given).all()


def overdue_for(db: Reader, *, now: datetime) -> timedelta:
    """How long the order that is longest due has waited for its look at the bank; zero if none is due."""
    oldest = db.value(_OLDEST)
    return max(now - oldest, timedelta(0)) if oldest else timedelta(0)


def heal_schedule(db: Writer, *, went_back: bool, now: datetime) -> int:
    """Make due what was put off beyond the schedule by a clock that was ahead; returns how many orders that were.

    Just after it `went_back`, nobody can say of the orders still open which of them were put off.
    """
    hour_ahead = now if went_back else now + FURTHEST_OPEN
    return db.change(_PUT_OFF, now=now, hour_ahead=hour_ahead, month_ahead=now + FURTHEST)


def look_again(db: Writer, *, now: datetime) -> int:
    """Have the bank asked once more about recent payments: our books may have missed what it gave back. How many."""
    return db.change(_AGAIN, now=now, since=now - FURTHEST)

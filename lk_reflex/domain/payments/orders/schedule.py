"""When the bank is to be asked about an order again. Pure; the bank's callbacks are only a way to ask earlier."""

from datetime import datetime, timedelta

from lk_reflex.domain.payments.orders.machine import OPEN, Status

#: How long a payer has at the bank.
PAYERS_TIME = timedelta(minutes=20)
#: After an order was made, while its payer is likely to be at the bank.
MINUTES = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 10, 20))
HOUR = timedelta(hours=1)
#: So long after its expiry an order is asked about; then it is closed.
AFTERMATH = timedelta(hours=24)
#: After a payment, to notice what was given back at the bank itself.
REFUND_DAYS = tuple(timedelta(days=days) for days in (1, 3, 7, 30))
#: Nothing above looks further ahead: whatever is due later than that was written by a clock that has jumped.
FURTHEST_OPEN, FURTHEST = HOUR, max(REFUND_DAYS)


def is_over(expires_at: datetime, now: datetime) -> bool:
    """Whether an order that nobody has paid is to be closed."""
    return now >= expires_at + AFTERMATH


def next_look(
    status: Status, *, created_at: datetime, expires_at: datetime, paid_at: datetime | None, now: datetime
) -> datetime | None:
    """The first moment after `now`; None where there is nothing more to learn but by the bank's own word.

    A clock that was ahead when the order was made can't put it off: for an order that isn't paid the next moment is
    never more than an hour ahead.
    """
    if status is Status.REFUNDED:
        return None
    if status is Status.PAID:
        return _first(min(paid_at or created_at, now), REFUND_DAYS, now)
    if is_over(expires_at, now):
        # Closing it has failed so far, or it is closed.
        return now + HOUR if status in OPEN else None
    made_at = min(created_at, now)
    return _first(made_at, MINUTES, now) or _next_hour(made_at, now)


def _first(since: datetime, steps: tuple[timedelta, ...], now: datetime) -> datetime | None:
    return next((since + step for step in steps if since + step > now), None)


def _next_hour(since: datetime, now: datetime) -> datetime:
    return since + ((now - since) // HOUR + 1) * HOUR

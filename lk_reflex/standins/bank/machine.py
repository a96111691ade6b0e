"""What may become of an order at the bank. Pure: an order and an event in, the order after it out, or Impossible."""

from dataclasses import dataclass, replace

from lk_reflex.standins.bank.cards import Way
from lk_reflex.standins.bank.model import (
    BY_SHOP,
    ISSUER_SAYS_NO,
    JSON,
    NO_MONEY,
    NO_TRY,
    NOT_PROVED,
    PAID_CODE,
    TIMED_OUT,
    Order,
    Status,
)

#: Wrong codes after which the issuer declines.
CODE, CODE_TRIES = "1234", 3
_UNPAID = (Status.REGISTERED, Status.AUTHORISING, Status.DECLINED)
_DECLINES = {Way.DECLINED: ISSUER_SAYS_NO, Way.NO_MONEY: NO_MONEY}


class Impossible(Exception):
    """The order is past that; nothing has changed."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A callback to come. `event` as RBS names it; `lates`: how many times the set lateness it waits."""

    event: str
    succeeded: bool = True
    lates: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """An order after an event, the callbacks about it, and what the journal of money gets: kind and kopecks."""

    order: Order
    notices: tuple[Notice, ...] = ()
    entry: tuple[str, int] | None = None


def is_open(order: Order, now: float) -> bool:
    """Whether a card can still be tried."""
    return order.status in _UNPAID and not order.closed and now < order.expires


def try_card(order: Order, way: Way, pan: str, expiry: str, approval: str, *, now: float) -> Change:
    """What the card does; `approval` is the code that a success gets. Raises Impossible where nothing is to be paid."""
    if not is_open(order, now):
        raise Impossible
    shown = replace(order, pan=pan, expiry=expiry, card=way, tried=0)
    if way is Way.SILENT:
        return Change(order)
    if way is Way.SECURE:
        return Change(replace(shown, status=Status.AUTHORISING, code=NO_TRY))
    if way in _DECLINES:
        return _declined(shown, _DECLINES[way])
    return _charged(shown, approval, now)


def try_code(order: Order, code: str, approval: str, *, now: float) -> Change:
    """The 3-D Secure step. Raises Impossible where the order doesn't wait for a code."""
    if order.status != Status.AUTHORISING or not is_open(order, now):
        raise Impossible
    if code == CODE:
        return _charged(order, approval, now)
    tried = replace(order, tried=order.tried + 1)
    return _declined(tried, NOT_PROVED) if tried.tried >= CODE_TRIES else Change(tried)


def leave_code(order: Order, *, now: float) -> Change:
    """The payer goes away from the 3-D Secure step. Raises Impossible."""
    if order.status != Status.AUTHORISING or not is_open(order, now):
        raise Impossible
    return _declined(order, NOT_PROVED)


def capture(order: Order, *, now: float) -> Change:
    """Take what is held. Raises Impossible."""
    if order.status != Status.HELD:
        raise Impossible
    done = replace(order, status=Status.PAID, deposited=order.approved, paid_at=now)
    return Change(done, (Notice("deposited"),), ("charge", done.deposited))


def reverse(order: Order) -> Change:
    """Undo a hold. Raises Impossible."""
    if order.status != Status.HELD:
        raise Impossible
    return Change(replace(order, status=Status.REVERSED, closed=1), (Notice("reversed"),), ("reverse", order.approved))


def refund(order: Order, amount: int) -> Change:
    """Give so many kopecks back. Raises Impossible where that is more than is left, or nothing was taken."""
    if order.status not in (Status.PAID, Status.REFUNDED) or not 0 < amount <= order.rest:
        raise Impossible
    done = replace(order, status=Status.REFUNDED, refunded=order.refunded + amount)
    return Change(done, (Notice("refunded"),), ("refund", amount))


def decline(order: Order, *, now: float) -> Change:
    """The shop closes an unpaid order. Raises Impossible where it is paid, held or closed already."""
    if not is_open(order, now):
        raise Impossible
    return Change(replace(order, status=Status.DECLINED, closed=1, code=BY_SHOP))


def expire(order: Order, *, now: float) -> Change | None:
    """The session's end; None where it hasn't come or means nothing any more."""
    if order.closed or order.status not in _UNPAID or now < order.expires:
        return None
    done = replace(order, status=Status.DECLINED, closed=1, code=TIMED_OUT)
    return Change(done, (Notice("declinedByTimeout"),))


def _declined(order: Order, code: int) -> Change:
    """RBS lets the payer try another card until the session ends; with the JSON gateway the payment is over."""
    closed = int(order.wire == JSON)
    return Change(replace(order, status=Status.DECLINED, code=code, closed=closed), (Notice("deposited", False),))


def _charged(order: Order, approval: str, now: float) -> Change:
    paid = replace(order, code=PAID_CODE, approved=order.amount, approval=approval, paid_at=now)
    if order.card == Way.HELD or not order.capture:
        return Change(replace(paid, status=Status.HELD), (Notice("approved"),), ("hold", order.amount))
    done = replace(paid, status=Status.PAID, deposited=order.amount)
    return Change(done, _notices_of(Way(order.card)), ("charge", order.amount))


def _notices_of(way: Way) -> tuple[Notice, ...]:
    if way in (Way.LOST, Way.CHARGED_SILENT):
        return ()
    if way is Way.TWICE_LATE:
        return (Notice("deposited", lates=1), Notice("deposited", lates=2))
    if way is Way.DISORDERED:
        return (Notice("deposited", False), Notice("deposited", lates=1))
    return (Notice("deposited"),)

"""What a bank's word means for an order of ours. Pure: no database, no clock."""

from datetime import datetime

from lk_reflex.domain.payments.orders.machine import Status
from lk_reflex.integrations.bank.port import RUB, BankState, Stage

#: What staff should look at. An order has one flag: the weightiest, while the journal has them all.
BILLING = "billing-differs"
CONTRADICTION = "declined-after-paid"
LATE = "late"
SECOND = "second-payment"
#: The bank has said nothing to a refund; more went back than was asked for here.
SILENCE = "refund-unanswered"
BEYOND = "refund-beyond"
AMOUNT = "amount-differs"
FLAGS = ("", SILENCE, BILLING, CONTRADICTION, LATE, SECOND, BEYOND, AMOUNT)
#: Codes by which gateways say that nobody paid in time: no bank has refused anything then.
TIMED_OUT = frozenset({"-2007", "expired_on_confirmation", "expired_on_capture"})
#: Money came, whatever was given back since.
TAKEN = frozenset({Stage.PAID, Stage.REFUNDED})
PAID = frozenset({Status.PAID, Status.REFUNDED})
_MEANS = {
    Stage.REGISTERED: Status.WAITING,
    Stage.HELD: Status.CHECKING,
    Stage.AUTHORISING: Status.CHECKING,
    Stage.PAID: Status.PAID,
    Stage.REFUNDED: Status.PAID,  # first of all it was paid; the refund is the amounts' affair
    Stage.REVERSED: Status.REVERSED,
    Stage.DECLINED: Status.DECLINED,
}


def meaning(state: BankState) -> Status:
    """The status that a bank's state asks for."""
    if state.stage is Stage.DECLINED and state.code in TIMED_OUT:
        return Status.EXPIRED
    return _MEANS[state.stage]


def differs(total: int, state: BankState) -> bool:
    """Whether the bank's amounts contradict the order: another sum or currency, or more given back than taken."""
    if state.amount != total or state.currency != RUB:
        return True
    return state.stage in TAKEN and (state.captured != total or not 0 <= state.refunded <= total)


def nothing_left(state: BankState) -> bool:
    """Whether the bank has given back all that it ever took."""
    return state.stage is Stage.REVERSED or (state.stage is Stage.REFUNDED and state.refunded >= state.captured)


def given_back(state: BankState, captured: int) -> int | None:
    """How much of a paid order has gone back in all; None where the state says nothing of it.

    Many banks undo a payment of the same day as a whole: «reversed», with no amounts at all.
    """
    if state.stage is Stage.REVERSED:
        return captured
    return state.refunded if state.stage in TAKEN else None


def may_lead(status: str, flag: str, form_url: str, expires_at: datetime, now: datetime) -> bool:
    """Whether a payer may be sent to the bank's page: never where the bank's sum isn't what they have seen here."""
    return status == Status.WAITING and flag != AMOUNT and bool(form_url) and now < expires_at


def closable(state: BankState | None) -> bool:
    """Whether the bank may be told to take no money for it any more."""
    return state is not None and (state.stage in (Stage.REGISTERED, Stage.AUTHORISING) or state.retries)


def weightier(flag: str, new: str) -> str:
    """Which of two flags an order keeps."""
    return max(flag, new, key=lambda one: FLAGS.index(one) if one in FLAGS else 0)

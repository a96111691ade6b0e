"""What a pay link is worth at a moment. Pure: the link, its orders and the receipt in, one word out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from lk_reflex.domain.payments.orders.machine import Status


class LinkState(StrEnum):
    """What whoever opens a link can do with it, and what its maker reads of it."""

    PAYABLE = "payable"
    #: Somebody has gone to the bank's page; the same order waits for whoever comes.
    WAITING = "waiting"
    CHECKING = "checking"
    PAID = "paid"
    REFUNDED = "refunded"
    #: The last try failed; another one may be made.
    FAILED = "failed"
    EXPIRED = "expired"
    REVOKED = "revoked"
    #: A newer receipt has come, or billing has corrected this one.
    CHANGED = "changed"
    #: The same services were paid in another way here since the link was made.
    COVERED = "covered"
    #: The maker may no longer pay for the account, or the organization takes no payments.
    CLOSED = "closed"


#: Where «Оплатить» stands.
OPEN_TO_PAY = frozenset({LinkState.PAYABLE, LinkState.WAITING, LinkState.FAILED})
#: What a link's order says about it, whatever else has happened.
_BY_ORDER = (
    (Status.PAID, LinkState.PAID),
    (Status.CHECKING, LinkState.CHECKING),
    (Status.REFUNDED, LinkState.REFUNDED),
)
_WAITING = (Status.WAITING, Status.NEW)


@dataclass(frozen=True, slots=True)
class Standing:
    """The facts: of the link, of the receipt it is about, and the statuses of its orders, the newest last.

    `allowed`: the maker may still pay, and the organization takes payments. `changed`: the receipt isn't what it was.
    """

    expires_at: datetime
    revoked: bool
    allowed: bool
    changed: bool
    covered: bool
    statuses: Sequence[str] = ()


def state_of(link: Standing, *, now: datetime) -> LinkState:
    """Money first: what was paid is said whatever became of the link; then what forbids paying; then the tries."""
    for status, state in _BY_ORDER:
        if status in link.statuses:
            return state
    forbidden = (
        (link.revoked, LinkState.REVOKED),
        (link.expires_at <= now, LinkState.EXPIRED),
        (not link.allowed, LinkState.CLOSED),
        (link.covered, LinkState.COVERED),
        (link.changed, LinkState.CHANGED),
    )
    for holds, state in forbidden:
        if holds:
            return state
    if not link.statuses:
        return LinkState.PAYABLE
    return LinkState.WAITING if link.statuses[-1] in _WAITING else LinkState.FAILED

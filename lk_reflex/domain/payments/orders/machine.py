"""The statuses of an order and the moves between them; nothing else changes a status."""

from enum import StrEnum


class Status(StrEnum):
    """Where an order stands. What the person reads of it is in the screens' words."""

    NEW = "new"  # recorded by us; whether the bank knows it isn't certain
    WAITING = "waiting"  # the bank has it and waits for the payer
    CHECKING = "checking"  # the payer's bank thinks (3-D Secure), or the sum is held
    PAID = "paid"  # captured; a part of it may have been refunded
    REFUNDED = "refunded"  # all that was captured has been given back
    DECLINED = "declined"
    REVERSED = "reversed"  # a hold was undone
    EXPIRED = "expired"  # nobody paid in time, or the person cancelled
    FAILED = "failed"  # the bank refused to register it


#: Orders whose fate is open: the reconciling job asks about them.
OPEN = frozenset({Status.NEW, Status.WAITING, Status.CHECKING})
#: Paid wins over everything that was said before it, however late; only a refund follows it.
MOVES: dict[Status, frozenset[Status]] = {
    Status.NEW: frozenset(Status) - {Status.NEW, Status.REFUNDED},
    Status.WAITING: frozenset(Status) - {Status.NEW, Status.WAITING, Status.REFUNDED, Status.FAILED},
    Status.CHECKING: frozenset(Status) - {Status.NEW, Status.CHECKING, Status.REFUNDED, Status.FAILED},
    Status.PAID: frozenset({Status.REFUNDED}),
    Status.REFUNDED: frozenset(),
    Status.DECLINED: frozenset({Status.PAID, Status.WAITING, Status.CHECKING, Status.EXPIRED}),
    Status.REVERSED: frozenset({Status.PAID}),
    Status.EXPIRED: frozenset({Status.PAID, Status.CHECKING}),
    Status.FAILED: frozenset({Status.PAID, Status.WAITING, Status.CHECKING}),
}


def may_move(was: Status, becomes: Status) -> bool:
    """Whether the table knows this move."""
    return becomes in MOVES[was]

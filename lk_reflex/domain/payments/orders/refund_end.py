"""The end of a refund: when the bank's amounts show it, in the transaction that posts them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select, update
from sqlmodel import col

from lk_reflex.core.db import Writer
from lk_reflex.core.schema import UtcTime
from lk_reflex.domain.payments.tables import Refund

DONE = "done"

_UNFINISHED = select(col(Refund.id), col(Refund.explanation)).where(
    col(Refund.order_id) == bindparam("order_id"),
    col(Refund.settled_at).is_(None),
    # The bank has been told: what it gave back before that was somebody else's doing.
    col(Refund.called_at).is_not(None),
    col(Refund.refunded_before) + col(Refund.amount) <= bindparam("refunded"),
)
_DONE = (
    update(Refund)
    .where(col(Refund.id) == bindparam("refund_id"), col(Refund.settled_at).is_(None))
    .values(status=DONE, settled_at=bindparam("now", type_=UtcTime()))
)


@dataclass(frozen=True, slots=True)
class Ended:
    """A refund of ours that has come to its end, and what the payer is told of why."""

    refund_id: int
    explanation: str


def end_refund(db: Writer, order_id: int, *, refunded: int, now: datetime) -> Ended | None:
    """Called where a refund is posted, `refunded` kopecks in all: the one that we had asked for is done.

    None where it was made at the bank, without us.
    """
    ours = db.first(_UNFINISHED, order_id=order_id, refunded=refunded)
    if ours is None or db.change(_DONE, refund_id=ours.id, now=now) != 1:
        return None
    return Ended(ours.id, ours.explanation)

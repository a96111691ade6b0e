"""The end of a refund: when the bank's amounts show it, in the transaction that posts them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, case, select, update
from sqlmodel import col

from lk_reflex.core.db import Reader, Writer
from lk_reflex.core.schema import UtcTime
from lk_reflex.domain.payments.orders.rules import SILENCE
from lk_reflex.domain.payments.tables import Order, Refund

DONE = "done"
#: The bank was silent, and nobody knows whether it will do it; a person has found out that it hasn't.
UNANSWERED, DROPPED = "unanswered", "dropped"

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
#: The last one that the bank was told of names what may have gone back in all: a dropped one adds nothing to it.
_EXPECTED = (
    select(
        col(Refund.refunded_before) + case((col(Refund.status) == DROPPED, 0), else_=col(Refund.amount)).label("most")
    )
    .where(col(Refund.order_id) == bindparam("order_id"), col(Refund.called_at).is_not(None))
    .order_by(col(Refund.id).desc())
    .limit(1)
)
_FLAG = update(Order).where(col(Order.id) == bindparam("of_id"), col(Order.flag) == "").values(flag=SILENCE)
_CLEAR = update(Order).where(col(Order.id) == bindparam("of_id"), col(Order.flag) == SILENCE).values(flag="")


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
    clear_silence(db, order_id)
    return Ended(ours.id, ours.explanation)


def expected_back(db: Reader, order_id: int) -> int | None:
    """How much of an order may have gone back in all by what was asked for here; None where nothing was."""
    most = db.value(_EXPECTED, order_id=order_id)
    return None if most is None else int(most)


def flag_silence(db: Writer, order_id: int) -> None:
    """Have staff look: the bank has said nothing to a refund. A flag that stands there already stays."""
    db.change(_FLAG, of_id=order_id)


def clear_silence(db: Writer, order_id: int) -> None:
    """Its end is known, or decided."""
    db.change(_CLEAR, of_id=order_id)

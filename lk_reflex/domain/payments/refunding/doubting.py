"""Refunds in a restored database: whether the bank was told of them since the copy was made nobody knows."""

from datetime import datetime

from sqlalchemy import bindparam, func, select, update
from sqlmodel import col

from lk_reflex.core.db import Writer
from lk_reflex.core.schema import UtcTime
from lk_reflex.domain.payments.orders.journal import Cause, note_event
from lk_reflex.domain.payments.orders.machine import Status
from lk_reflex.domain.payments.orders.refund_end import UNANSWERED, flag_silence
from lk_reflex.domain.payments.refunding.asking import ASKED, REPEAT
from lk_reflex.domain.payments.refunding.carrying import SILENCE
from lk_reflex.domain.payments.tables import Order, Refund

_OPEN = (
    select(col(Refund.id), col(Refund.order_id), col(Refund.amount), col(Order.number), col(Order.status))
    .join(Order, col(Order.id) == col(Refund.order_id))
    .where(col(Refund.settled_at).is_(None), col(Refund.status).in_((ASKED, REPEAT)))
    .order_by(col(Refund.id))
)
#: As if told: only so does the bank's own amount end it, if it was.
_DOUBT = (
    update(Refund)
    .where(col(Refund.id) == bindparam("of_id"))
    .values(status=UNANSWERED, called_at=func.coalesce(col(Refund.called_at), bindparam("now", type_=UtcTime())))
)


def doubt_unfinished(db: Writer, *, now: datetime) -> list[str]:
    """Leave each refund that the bank would be told of to a person, as after its silence; numbers of their orders."""
    rows = db.rows(_OPEN)
    for row in rows:
        db.change(_DOUBT, of_id=row.id, now=now)
        flag_silence(db, row.order_id)
        status, detail = Status(row.status), {"deed": SILENCE, "refund": row.id, "amount": row.amount}
        note_event(db, row.order_id, status, status, cause=Cause.REFUND, now=now, detail=detail)
    return [row.number for row in rows]

"""A payer comes back from the bank: a line in the journal, once. That they are back says nothing of the money."""

from datetime import datetime

from sqlalchemy import bindparam, exists, select
from sqlmodel import col

from lk_reflex.core.db import Writer
from lk_reflex.domain.identity.access import Actor
from lk_reflex.domain.payments.orders.journal import Cause, note_event
from lk_reflex.domain.payments.orders.machine import OPEN
from lk_reflex.domain.payments.orders.own import OwnOrder, own_order
from lk_reflex.domain.payments.tables import OrderEvent

_BACK = select(
    exists().where(col(OrderEvent.order_id) == bindparam("order_id"), col(OrderEvent.cause) == Cause.RETURN.value)
)


def come_back(db: Writer, actor: Actor, number: str, *, now: datetime) -> OwnOrder:
    """Note it, and give the order as it stands. Raises NotFound for another's."""
    order = own_order(db, actor, number)
    if order.status in OPEN and not db.value(_BACK, order_id=order.order_id):
        note_event(db, order.order_id, order.status, order.status, cause=Cause.RETURN, now=now, actor_id=actor.user_id)
    return order

"""The only function that changes an order's status."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlmodel import col

from lk_reflex.core.db import Writer
from lk_reflex.domain.payments.orders.journal import Cause, note_event
from lk_reflex.domain.payments.orders.machine import Status, may_move
from lk_reflex.domain.payments.tables import Order


def move(
    db: Writer, order_id: int, was: Status, becomes: Status, *, cause: Cause, now: datetime,
    actor_id: int | None = None, detail: Mapping[str, object] | None = None, **changes: Any,
) -> bool:  # fmt: skip
    """Change the status, and what changes along with it, if it is still `was`; False where it isn't any more.

    Its line in the journal stands in the same transaction. Raises ValueError for a move that the table doesn't know.
    """
    if not may_move(was, becomes):
        raise ValueError(f"no order goes from {was} to {becomes}")
    moved = db.change(
        update(Order)
        .where(col(Order.id) == order_id, col(Order.status) == was.value)
        .values(status=becomes.value, **changes)
    )
    if moved != 1:
        return False
    note_event(db, order_id, was, becomes, cause=cause, now=now, actor_id=actor_id, detail=detail)
    return True

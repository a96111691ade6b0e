"""Which refunds a crash, a silent bank or a slow one has left for the worker, and how often it tries them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import bindparam, or_, select
from sqlmodel import col

from lk_reflex.core.db import Reader
from lk_reflex.core.schema import UtcTime
from lk_reflex.domain.payments.refunding.carrying import PATIENCE
from lk_reflex.domain.payments.tables import Order, Refund

#: Whoever pressed the button has so long to do it themselves.
GRACE = timedelta(minutes=1)
#: Between two tries of a refund that isn't over: a tenth of its age, within these.
SHORTEST_REST, LONGEST_REST = timedelta(seconds=20), timedelta(hours=1)
_PART_OF_AGE: Final = 10
_DUE = (
    select(col(Refund.id), col(Refund.asked_at), col(Order.organization_id))
    .join(Order, col(Order.id) == col(Refund.order_id))
    .where(
        col(Refund.settled_at).is_(None),
        or_(
            col(Refund.called_at) < bindparam("patience", type_=UtcTime()),
            col(Refund.called_at).is_(None) & (col(Refund.asked_at) < bindparam("grace", type_=UtcTime())),
        ),
    )
    .order_by(col(Refund.id))
)


def unfinished(db: Reader, *, now: datetime) -> Sequence[Any]:
    """Their ids, when they were asked for and whose they are, the oldest first."""
    return db.rows(_DUE, patience=now - PATIENCE, grace=now - GRACE)


def rest_after_try(asked_at: datetime, *, now: datetime) -> timedelta:
    """How long a refund is left alone that still isn't over after a try: the bank or a person may take days."""
    return min(max((now - asked_at) / _PART_OF_AGE, SHORTEST_REST), LONGEST_REST)

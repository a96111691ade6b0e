"""Which refunds a crash, a silent bank or a slow one has left for the worker."""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, or_, select
from sqlmodel import col

from lk_reflex.core.db import Reader
from lk_reflex.core.schema import UtcTime
from lk_reflex.domain.payments.refunding.carrying import PATIENCE
from lk_reflex.domain.payments.tables import Refund

#: Whoever pressed the button has so long to do it themselves.
GRACE = timedelta(minutes=1)
_DUE = (
    select(col(Refund.id))
    .where(
        col(Refund.settled_at).is_(None),
        or_(
            col(Refund.called_at) < bindparam("patience", type_=UtcTime()),
            col(Refund.called_at).is_(None) & (col(Refund.asked_at) < bindparam("grace", type_=UtcTime())),
        ),
    )
    .order_by(col(Refund.id))
)


def unfinished(db: Reader, *, now: datetime) -> tuple[int, ...]:
    """Their ids, the oldest first."""
    return tuple(row.id for row in db.rows(_DUE, patience=now - PATIENCE, grace=now - GRACE))

"""When a line of the feed is forgotten."""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, select
from sqlmodel import col

from lk_reflex.core.db import Writer
from lk_reflex.core.pruning import PORTION, prune
from lk_reflex.core.schema import UtcTime
from lk_reflex.domain.notifications.tables import Notification

#: What was news a year ago is history, which has pages of its own.
KEPT = timedelta(days=366)
#: Lines are written in the order of time, so the oldest are the first: no index by time is needed, and no scan.
_FIRST = select(col(Notification.id), col(Notification.created_at)).order_by(col(Notification.id)).limit(PORTION)
_oldest = _FIRST.subquery("oldest")
_OLD = delete(Notification).where(
    col(Notification.id).in_(
        select(_oldest.c.id).where(_oldest.c.created_at < bindparam("before", type_=UtcTime())).scalar_subquery()
    )
)


def forget_old_lines(db: Writer, *, now: datetime) -> int:
    """Delete a portion; returns how many rows went."""
    return prune(db, _OLD, now - KEPT)

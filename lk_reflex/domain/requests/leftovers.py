"""Drafts that somebody opened and never typed into: nothing is lost with them."""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, select
from sqlmodel import col

from lk_reflex.core.db import Writer
from lk_reflex.core.schema import UtcTime
from lk_reflex.domain.requests.drafts import forget_draft, untouched
from lk_reflex.domain.requests.kinds import Kind
from lk_reflex.domain.requests.tables import Request

KEPT = timedelta(days=1)
PORTION = 200
_EMPTY = (
    select(col(Request.id), col(Request.organization_id), col(Request.kind))
    .where(untouched(), col(Request.created_at) < bindparam("before", type_=UtcTime()))
    .order_by(col(Request.id))
    .limit(PORTION)
    .with_for_update(skip_locked=True)
)


def forget_empty_drafts(db: Writer, *, now: datetime) -> int:
    """Delete a portion of yesterday's untouched drafts; returns how many went."""
    rows = db.rows(_EMPTY, before=now - KEPT)
    for row in rows:
        forget_draft(db, row.id, row.organization_id, Kind(row.kind))
    return len(rows)

"""Changes of a request that leave its status: made by whoever has seen its newest version."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlmodel import col

from lk_reflex.core.db import Writer
from lk_reflex.core.errors import Conflict
from lk_reflex.domain.requests.moving import CHANGED
from lk_reflex.domain.requests.tables import Request

_LOCKED = select(col(Request.version)).where(col(Request.id) == bindparam("request_id")).with_for_update()


def hold(db: Writer, request_id: int) -> int:
    """Keep all others from changing a request until the end of the transaction; returns its version."""
    current = db.value(_LOCKED, request_id=request_id)
    if current is None:
        raise Conflict(CHANGED)
    return int(current)


def change(db: Writer, request_id: int, *, version: int | None, now: datetime, **changes: Any) -> int:
    """Change the columns `changes` of a request that still has `version`; None where nothing can be missed by it.

    Returns the new version. Raises Conflict where somebody was faster.
    """
    current = hold(db, request_id)
    if version is not None and current != version:
        raise Conflict(CHANGED)
    given: dict[str, Any] = {**changes, "version": current + 1, "updated_at": now}
    changed = db.change(
        update(Request).where(col(Request.id) == request_id, col(Request.version) == current).values(**given)
    )
    if changed != 1:
        raise Conflict(CHANGED)
    return current + 1

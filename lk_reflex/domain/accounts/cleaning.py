"""What of a guest's visit is forgotten, and when."""

from datetime import datetime, timedelta

from sqlmodel import col

from lk_reflex.core.db import Writer
from lk_reflex.core.pruning import older_than, prune
from lk_reflex.domain.accounts.access_tables import GuestVisit

#: A form that is still open in some tab says «время вышло» and not that it never was.
KEPT = timedelta(days=1)
_VISITS = older_than(GuestVisit, col(GuestVisit.expires_at))


def forget_old_visits(db: Writer, *, now: datetime) -> int:
    """Delete a portion; returns how many rows went."""
    return prune(db, _VISITS, now - KEPT)

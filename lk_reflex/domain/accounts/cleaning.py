"""What of visits and of reminders' links is forgotten, and when."""

from datetime import datetime, timedelta

from sqlmodel import col

from lk_reflex.core.db import Writer
from lk_reflex.core.pruning import older_than, prune
from lk_reflex.domain.accounts.access_tables import GuestVisit, ReadingLink

#: A form that is still open in some tab says «время вышло» and not that it never was. Who it was, the audit log knows.
KEPT = timedelta(days=1)
_VISITS = older_than(GuestVisit, col(GuestVisit.expires_at))
#: A used one and one that is over get the same answer as one that never was.
_LINKS = older_than(ReadingLink, col(ReadingLink.expires_at))


def forget_old_visits(db: Writer, *, now: datetime) -> int:
    """Delete a portion of each; returns how many rows went."""
    return prune(db, _VISITS, now - KEPT) + prune(db, _LINKS, now - KEPT)

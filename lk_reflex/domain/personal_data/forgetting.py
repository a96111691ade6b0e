"""What is left of a deleted login and told by its log: kept for a dispute, then forgotten.

Three years are the limitation period (ГК РФ, ст. 196); the policy at /privacy promises them.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, select
from sqlmodel import col

from lk_reflex.core.db import Writer
from lk_reflex.core.pruning import PORTION, prune
from lk_reflex.core.schema import UtcTime
from lk_reflex.domain.audit.tables import AuditEntry
from lk_reflex.domain.identity.entry_tables import Consent
from lk_reflex.domain.identity.tables import User

KEPT = timedelta(days=3 * 365 + 1)
_GONE = select(col(User.id)).where(col(User.deleted_at) < bindparam("before", type_=UtcTime())).scalar_subquery()


def _of_the_gone(row_id: Any, user_id: Any) -> Any:
    """A portion of the rows that belong to logins deleted before the parameter `before`."""
    return select(row_id).where(user_id.in_(_GONE)).limit(PORTION).scalar_subquery()


_STEPS = (
    delete(Consent).where(col(Consent.id).in_(_of_the_gone(col(Consent.id), col(Consent.user_id)))),
    delete(AuditEntry).where(col(AuditEntry.id).in_(_of_the_gone(col(AuditEntry.id), col(AuditEntry.user_id)))),
)


def forget_the_gone(db: Writer, *, now: datetime) -> int:
    """Delete a portion of the consents and the log of logins deleted three years ago; returns how many rows went."""
    return sum(prune(db, statement, now - KEPT) for statement in _STEPS)

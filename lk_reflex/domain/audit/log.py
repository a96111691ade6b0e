"""Writing to the audit log."""

from datetime import datetime

from lk_reflex.core.db import Writer
from lk_reflex.domain.audit.tables import AuditEntry


def note(
    db: Writer,
    action: str,
    *,
    now: datetime,
    actor_id: int | None = None,
    user_id: int | None = None,
    account_id: int | None = None,
    address: str = "",
    **detail: object,
) -> None:
    """Add an entry: `note(db, "password-changed", now=now, actor_id=me, user_id=me, address=client.address)`.

    `actor_id` is who acted, `user_id` whose login it concerns. `detail` holds row numbers and counts, never names,
    addresses of mail or secrets.
    """
    db.add(
        AuditEntry(
            at=now,
            action=action,
            actor_id=actor_id,
            user_id=user_id,
            account_id=account_id,
            address=address[:64],
            detail=detail,
        )
    )

"""Who is told when somebody new comes to see an account."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlmodel import col

from lk_reflex.core.db import Reader
from lk_reflex.domain.identity.access import lasting
from lk_reflex.domain.identity.tables import AccountLink, User

_WATCHERS = (
    select(col(User.id), col(User.email), col(AccountLink.grant_id))
    .join(User, col(User.id) == col(AccountLink.user_id))
    .where(
        col(AccountLink.account_id) == bindparam("account"),
        lasting("at"),
        col(User.deleted_at).is_(None),
        col(User.blocked_at).is_(None),
        col(User.activated_at).is_not(None),
    )
    .order_by(col(AccountLink.id))
)


def watchers(
    db: Reader, account_id: int, *, at: datetime, but: Collection[int | None] = (), own: bool = False
) -> list[str]:
    """The e-mails of those who see the account at that moment, without some; `own`: by a proof of their own alone."""
    rows = db.rows(_WATCHERS, account=account_id, at=at)
    return [row.email for row in rows if row.id not in but and not (own and row.grant_id)]


def holders(db: Reader, account_id: int, *, at: datetime) -> list[tuple[int, str]]:
    """Login and e-mail of those who see the account by a proof of their own."""
    return [(row.id, row.email) for row in db.rows(_WATCHERS, account=account_id, at=at) if not row.grant_id]


def sender_or_holders(db: Reader, account_id: int, user_id: int | None, *, at: datetime) -> list[tuple[int, str]]:
    """Login and e-mail of whom an answer concerns: who has asked, or the account's holders where that is nobody now.

    Whoever sent without registration, or sees the account no more, isn't written to.
    """
    rows = db.rows(_WATCHERS, account=account_id, at=at)
    sender = [(row.id, row.email) for row in rows if row.id == user_id]
    return sender[:1] or [(row.id, row.email) for row in rows if not row.grant_id]

"""Who is acting, and the only answers to «may» and «which accounts»."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, select
from sqlmodel import col

from lk_reflex.core.db import Reader
from lk_reflex.domain.identity.tables import AccountLink, User, UserSession

RESIDENT, OPERATOR, ADMIN = "resident", "operator", "admin"
ROLES = (RESIDENT, OPERATOR, ADMIN)


@dataclass(frozen=True, slots=True)
class Actor:
    """The signed-in person of one call, read anew from the session's row each time."""

    user_id: int
    role: str
    email: str
    session_id: int
    seen_at: datetime
    #: The account that all sections show; None where none is linked.
    chosen_account_id: int | None

    def is_staff(self) -> bool:
        """Whether the person works here."""
        return self.role in (OPERATOR, ADMIN)


#: The chosen account first. A link never chosen sorts last on both databases; then the oldest link.
CHOSEN_FIRST = (
    col(AccountLink.chosen_at).desc().nulls_last(),
    col(AccountLink.linked_at),
    col(AccountLink.id),
)
_CHOSEN = (
    select(col(AccountLink.account_id))
    .where(col(AccountLink.user_id) == col(User.id))
    .order_by(*CHOSEN_FIRST)
    .limit(1)
    .scalar_subquery()
)
_BY_TOKEN = (
    select(
        col(User.id),
        col(User.role),
        col(User.email),
        col(UserSession.id).label("session_id"),
        col(UserSession.seen_at),
        _CHOSEN.label("chosen_account_id"),
    )
    .join(User, col(User.id) == col(UserSession.user_id))
    .where(
        col(UserSession.token_hash) == bindparam("token_hash"),
        col(UserSession.ended_at).is_(None),
        col(UserSession.expires_at) > bindparam("now"),
        col(UserSession.seen_at) > bindparam("idle_since"),
        col(User.blocked_at).is_(None),
    )
)


def actor_of(db: Reader, token_hash: str, *, now: datetime, idle_since: datetime) -> Actor | None:
    """The person behind a session's token, or None where it has ended, gone idle, or the person is blocked."""
    row = db.first(_BY_TOKEN, token_hash=token_hash, now=now, idle_since=idle_since)
    return None if row is None else Actor(*row)


def owned(account_id: Any) -> ColumnElement[bool]:
    """The condition that puts ownership into a query: `account_id` is linked to the user bound as `user_id`."""
    return (
        select(col(AccountLink.id))
        .where(col(AccountLink.account_id) == account_id, col(AccountLink.user_id) == bindparam("user_id"))
        .exists()
    )

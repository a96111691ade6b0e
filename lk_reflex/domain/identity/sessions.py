"""Sessions: opened by a sign-in, read at every call, ended by the person or by time."""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, update
from sqlmodel import col

from lk_reflex.core.db import Reader, Writer
from lk_reflex.domain.identity.access import Actor, actor_of
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.identity.tables import UserSession
from lk_reflex.domain.identity.tokens import new_token, token_hash

IDLE = timedelta(days=30)
ABSOLUTE = timedelta(days=90)
#: How old `seen_at` may grow before a call renews it: every call would be a write otherwise.
RENEW_AFTER = timedelta(hours=1)


def open_session(db: Writer, user_id: int, *, client: Client, now: datetime) -> str:
    """Start a session; returns the cookie's value, which is kept nowhere."""
    token = new_token()
    db.add(
        UserSession(
            token_hash=token_hash(token),
            user_id=user_id,
            created_at=now,
            seen_at=now,
            expires_at=now + ABSOLUTE,
            client=client.browser[:200],
            address=client.address[:64],
        )
    )
    return token


def identify(db: Reader, hashed: str, *, now: datetime) -> Actor | None:
    """The person behind the hash of a cookie, or None."""
    return actor_of(db, hashed, now=now, idle_since=now - IDLE) if hashed else None


_RENEW = update(UserSession).where(col(UserSession.id) == bindparam("session")).values(seen_at=bindparam("now"))
_END_ONE = (
    update(UserSession)
    .where(col(UserSession.token_hash) == bindparam("hashed"), col(UserSession.ended_at).is_(None))
    .values(ended_at=bindparam("now"))
)
_END_ALL = (
    update(UserSession)
    .where(col(UserSession.user_id) == bindparam("user"), col(UserSession.ended_at).is_(None))
    .values(ended_at=bindparam("now"))
)
_END_OTHERS = (
    update(UserSession)
    .where(
        col(UserSession.user_id) == bindparam("user"),
        col(UserSession.ended_at).is_(None),
        col(UserSession.id) != bindparam("but"),
    )
    .values(ended_at=bindparam("now"))
)


def renew(db: Writer, actor: Actor, *, now: datetime) -> None:
    """Note that the session is in use."""
    db.change(_RENEW, session=actor.session_id, now=now)


def end_session(db: Writer, hashed: str, *, now: datetime) -> None:
    """Sign out of one browser; quiet where it has ended already."""
    db.change(_END_ONE, hashed=hashed, now=now)


def end_all_sessions(db: Writer, user_id: int, *, now: datetime) -> int:
    """Sign out everywhere; returns how many sessions ended."""
    return db.change(_END_ALL, user=user_id, now=now)


def end_other_sessions(db: Writer, actor: Actor, *, now: datetime) -> int:
    """Sign out everywhere but here; returns how many sessions ended."""
    return db.change(_END_OTHERS, user=actor.user_id, but=actor.session_id, now=now)

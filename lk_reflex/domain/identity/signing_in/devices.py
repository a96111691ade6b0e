"""The browsers in which a person is signed in, and ending one of them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, bindparam, select, update
from sqlmodel import col

from lk_reflex.core.db import Reader, Writer
from lk_reflex.core.errors import NotFound
from lk_reflex.domain.audit.log import note
from lk_reflex.domain.identity.access import Actor
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.identity.sessions import IDLE
from lk_reflex.domain.identity.signing_in.user_agent import device_words
from lk_reflex.domain.identity.tables import UserSession

GONE = "Этот сеанс уже завершён"


@dataclass(frozen=True, slots=True)
class Device:
    """A session as its owner knows it; `here` is the one that asks."""

    session_id: int
    name: str
    address: str
    since: datetime
    seen_at: datetime
    here: bool


_MINE = (
    col(UserSession.user_id) == bindparam("user"),
    col(UserSession.ended_at).is_(None),
    col(UserSession.expires_at) > bindparam("now"),
)
_DEVICES = (
    select(
        col(UserSession.id),
        col(UserSession.client),
        col(UserSession.address),
        col(UserSession.created_at),
        col(UserSession.seen_at),
    )
    .where(*_MINE, col(UserSession.seen_at) > bindparam("idle_since"))
    .order_by(col(UserSession.seen_at).desc(), col(UserSession.id).desc())
)
_END = (
    update(UserSession)
    .where(*_MINE, col(UserSession.id) == bindparam("session", type_=BigInteger()))
    .values(ended_at=bindparam("now"))
)


def devices_of(db: Reader, actor: Actor, *, now: datetime) -> list[Device]:
    """The sessions that still work: this one first, then the last used."""
    rows = db.rows(_DEVICES, user=actor.user_id, now=now, idle_since=now - IDLE)
    found = [
        Device(
            row.id, device_words(row.client), row.address, row.created_at, row.seen_at, row.id == actor.session_id
        )
        for row in rows
    ]  # fmt: skip
    return sorted(found, key=lambda device: not device.here)


def end_device(db: Writer, actor: Actor, session_id: int, *, client: Client, now: datetime) -> None:
    """End one of the person's own sessions. Raises NotFound for any other."""
    if db.change(_END, user=actor.user_id, session=session_id, now=now) != 1:
        raise NotFound(GONE)
    note(
        db,
        "session-ended",
        now=now,
        actor_id=actor.user_id,
        user_id=actor.user_id,
        address=client.address,
        session=session_id,
    )

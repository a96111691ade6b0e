"""The way of a message to a phone: taken by one worker, sent outside any transaction, settled.

What a worker has in hand has its next try put off by LEASE: should the worker die, it goes again then, and the
gateway knows it by its id. Whoever settles it names that moment, so that nobody settles what another has by now.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, select, update
from sqlmodel import col

from lk_reflex.core.db import Reader, Writer
from lk_reflex.core.pruning import PORTION, prune
from lk_reflex.core.schema import UtcTime
from lk_reflex.domain.push.tables import PushDevice, PushMessage

LEASE = timedelta(minutes=5)
#: What must be left of it to begin with a message.
SAFE = timedelta(minutes=1)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=1)
#: Whoever hears of it a day later has read it in the feed.
WORTHLESS_AFTER = timedelta(days=1)
#: How long a settled message's row stays.
KEPT = timedelta(days=30)
_CHANCE = secrets.SystemRandom().random

_DUE = col(PushMessage.next_try_at) <= bindparam("now", type_=UtcTime())
_IS_DUE = select(col(PushMessage.id)).where(_DUE).limit(1)
_NEXT = (
    select(
        col(PushMessage.id), col(PushMessage.device_id), col(PushDevice.user_id), col(PushDevice.token),
        col(PushDevice.platform), col(PushMessage.payload), col(PushMessage.created_at), col(PushMessage.tries),
        col(PushMessage.next_try_at),
    )
    .join(PushDevice, col(PushDevice.id) == col(PushMessage.device_id))
    .where(_DUE)
    .order_by(col(PushMessage.next_try_at), col(PushMessage.id))
    .limit(bindparam("count"))
    .with_for_update(skip_locked=True, of=PushMessage)
)  # fmt: skip
_HELD = (
    col(PushMessage.id) == bindparam("of_id"),
    col(PushMessage.next_try_at) == bindparam("held_until", type_=UtcTime()),
)
_TAKE = update(PushMessage).where(*_HELD).values(next_try_at=bindparam("until", type_=UtcTime()))
_SETTLE = (
    update(PushMessage)
    .where(*_HELD)
    .values(next_try_at=None, sent_at=bindparam("sent", type_=UtcTime()), tries=col(PushMessage.tries) + 1)
)
_POSTPONE = (
    update(PushMessage)
    .where(*_HELD)
    .values(next_try_at=bindparam("again_at", type_=UtcTime()), tries=col(PushMessage.tries) + 1)
)
_RELEASE = update(PushMessage).where(*_HELD).values(next_try_at=bindparam("again_at", type_=UtcTime()))
#: Rows are written in the order of time: no index by it is needed, and no scan.
_first = (
    select(col(PushMessage.id), col(PushMessage.created_at), col(PushMessage.next_try_at))
    .order_by(col(PushMessage.id))
    .limit(PORTION)
    .subquery("oldest")
)
_OLD = delete(PushMessage).where(
    col(PushMessage.id).in_(
        select(_first.c.id)
        .where(_first.c.created_at < bindparam("before", type_=UtcTime()), _first.c.next_try_at.is_(None))
        .scalar_subquery()
    )
)


@dataclass(frozen=True, slots=True)
class Taken:
    """A message in one worker's hands; `token` is sealed, `until` the moment by which it settles it."""

    message_id: int
    device_id: int
    user_id: int
    token: str = field(repr=False)
    platform: str
    payload: Mapping[str, object]
    written_at: datetime
    tries: int
    until: datetime


def anything_due(db: Reader, *, now: datetime) -> bool:
    """Whether there is a message to send: cheap enough to ask every second."""
    return db.value(_IS_DUE, now=now) is not None


def take(db: Writer, *, now: datetime, count: int) -> list[Taken]:
    """Up to `count` due messages, the longest waiting first; nobody else gets them for LEASE."""
    taken, until = [], now + LEASE
    for row in db.rows(_NEXT, now=now, count=count):
        *known, held = row
        if db.change(_TAKE, of_id=row.id, held_until=held, until=until):
            taken.append(Taken(*known, until=until))
    return taken


def settle(db: Writer, message: Taken, *, now: datetime, sent: bool) -> bool:
    """It went, or never will. False where the lease had run out and somebody else has it."""
    return db.change(_SETTLE, **_held(message), sent=now if sent else None) == 1


def postpone(db: Writer, message: Taken, *, now: datetime) -> bool:
    """It didn't go this time; again after a pause that grows with each try, or never once it is worthless."""
    again_at = now + pause_after(message.tries)
    if again_at > message.written_at + WORTHLESS_AFTER:
        return settle(db, message, now=now, sent=False)
    return db.change(_POSTPONE, **_held(message), again_at=again_at) == 1


def release(db: Writer, message: Taken, *, now: datetime) -> bool:
    """Give it back untried."""
    return db.change(_RELEASE, **_held(message), again_at=now) == 1


def forget_old_messages(db: Writer, *, now: datetime) -> int:
    """Delete a portion of what was settled long ago; returns how many rows went."""
    return prune(db, _OLD, now - KEPT)


def pause_after(tries: int, chance: Callable[[], float] = _CHANCE) -> timedelta:
    """30 s, 1, 2 … minutes up to an hour, a fifth more or less: a crowd that failed together comes back apart."""
    return min(FIRST_PAUSE * 2 ** min(tries, 16), LONGEST_PAUSE) * (0.8 + 0.4 * chance())


def _held(message: Taken) -> dict[str, object]:
    return {"of_id": message.message_id, "held_until": message.until}

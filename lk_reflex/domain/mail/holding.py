"""Letters held back after a restored backup: nobody knows which of them have gone since it was made."""

from datetime import UTC, datetime
from typing import Final

from sqlalchemy import bindparam, func, select, update
from sqlmodel import col

from lk_reflex.core.db import Reader, Writer
from lk_reflex.core.schema import UtcTime
from lk_reflex.domain.mail.tables import OutgoingMail

#: Stands where the fault of the last try would; such a letter isn't late by our fault.
HELD: Final = "held: restored"
DROPPED: Final = "dropped after a restore"
NEVER: Final = datetime(9999, 1, 1, tzinfo=UTC)
_HOLD = update(OutgoingMail).where(col(OutgoingMail.settled_at).is_(None)).values(
    next_try_at=NEVER, last_fault=HELD, leased_until=None, lease=""
)  # fmt: skip
_IS_HELD = (col(OutgoingMail.settled_at).is_(None), col(OutgoingMail.last_fault) == HELD)
_RELEASE = update(OutgoingMail).where(*_IS_HELD).values(next_try_at=bindparam("now", type_=UtcTime()), last_fault="")
_DROP = (
    update(OutgoingMail)
    .where(*_IS_HELD)
    .values(settled_at=bindparam("now", type_=UtcTime()), refusal=DROPPED, last_fault="", plain="", html="")
)
_COUNT = select(func.count()).select_from(OutgoingMail).where(*_IS_HELD)


def hold_all(db: Writer) -> int:
    """Let no waiting letter go; returns how many that were."""
    return db.change(_HOLD)


def held_letters(db: Reader) -> int:
    """How many are held."""
    return int(db.value(_COUNT) or 0)


def release_held(db: Writer, *, now: datetime) -> int:
    """Send them after all; returns how many."""
    return db.change(_RELEASE, now=now)


def drop_held(db: Writer, *, now: datetime) -> int:
    """They will never go, and their texts are wiped; returns how many."""
    return db.change(_DROP, now=now)

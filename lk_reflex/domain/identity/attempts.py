"""Failed tries and the pauses they cause; kept in the database, so that all processes count alike."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, func, select
from sqlmodel import col

from lk_reflex.core.db import Reader, Writer
from lk_reflex.domain.identity.tables import Attempt

WINDOW = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Limit:
    """So many misses within WINDOW are free; each further one doubles the pause, from 30 seconds to `longest`."""

    kind: str
    free: int
    longest: timedelta = timedelta(minutes=15)


#: One e-mail from one client.
SIGN_IN_PAIR = Limit("sign-in:pair", 5)
#: One client, whatever the e-mail.
SIGN_IN_CLIENT = Limit("sign-in:client", 20)
#: One e-mail, whoever tries. Short, so that strangers can't keep the owner out.
SIGN_IN_EMAIL = Limit("sign-in:email", 30, timedelta(minutes=1))

_RECENT = select(func.count().label("misses"), func.max(col(Attempt.at)).label("latest")).where(
    col(Attempt.kind) == bindparam("kind"),
    col(Attempt.subject) == bindparam("subject"),
    col(Attempt.at) > bindparam("since"),
)
_FORGET = delete(Attempt).where(col(Attempt.kind) == bindparam("of_kind"), col(Attempt.subject) == bindparam("of"))
_PRUNE = delete(Attempt).where(col(Attempt.at) < bindparam("before"))


def _subject(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def wait_for(db: Reader, limit: Limit, subject: str, *, now: datetime) -> timedelta:
    """How long this subject has to wait before the next try; zero if not at all."""
    row = db.first(_RECENT, kind=limit.kind, subject=_subject(subject), since=now - WINDOW)
    if row is None or row.misses < limit.free:
        return timedelta(0)
    pause = min(timedelta(seconds=30) * 2 ** min(row.misses - limit.free, 10), limit.longest)
    return max(row.latest + pause - now, timedelta(0))


def note_miss(db: Writer, limit: Limit, subject: str, *, now: datetime) -> None:
    """Count one failed try, and drop what is too old to matter."""
    db.change(_PRUNE, before=now - WINDOW * 4)
    db.add(Attempt(kind=limit.kind, subject=_subject(subject), at=now))


def forget_misses(db: Writer, limit: Limit, subject: str) -> None:
    """The right answer came: begin anew."""
    db.change(_FORGET, of_kind=limit.kind, of=_subject(subject))

"""Counted tries and the pauses they cause; kept in the database, so that all processes count alike."""

import hashlib
import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, func, select
from sqlmodel import col

from lk_reflex.core.db import Reader, Writer
from lk_reflex.core.errors import Refused
from lk_reflex.core.metrics import turned_away
from lk_reflex.domain.identity.tables import Attempt

QUARTER = timedelta(minutes=15)
#: Nothing is counted for longer than this.
KEPT = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Limit:
    """So many tries within `window` are free; each further one doubles the pause, from `first` to `longest`."""

    kind: str
    free: int
    longest: timedelta = QUARTER
    window: timedelta = QUARTER
    first: timedelta = timedelta(seconds=30)


#: One e-mail from one client.
SIGN_IN_PAIR = Limit("sign-in:pair", 5)
#: One client, whatever the e-mail.
SIGN_IN_CLIENT = Limit("sign-in:client", 20)
#: One e-mail, whoever tries. Asks only networks that have missed for it: strangers can't keep the owner out.
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
    row = db.first(_RECENT, kind=limit.kind, subject=_subject(subject), since=now - limit.window)
    if row is None or row.misses < limit.free:
        return timedelta(0)
    pause = min(limit.first * 2 ** min(row.misses - limit.free, 16), limit.longest)
    # No longer than the pause itself, also where the server's clock has gone back behind the last miss.
    return max(min(row.latest + pause - now, pause), timedelta(0))


def note_miss(db: Writer, limit: Limit, subject: str, *, now: datetime) -> None:
    """Count one try, and drop what is too old to matter."""
    db.change(_PRUNE, before=now - KEPT)
    db.add(Attempt(kind=limit.kind, subject=_subject(subject), at=now))


def forget_misses(db: Writer, limit: Limit, subject: str) -> None:
    """The right answer came: begin anew."""
    db.change(_FORGET, of_kind=limit.kind, of=_subject(subject))


def misses(db: Reader, limit: Limit, subject: str, *, now: datetime) -> int:
    """How many tries of this subject are remembered at present."""
    row = db.first(_RECENT, kind=limit.kind, subject=_subject(subject), since=now - limit.window)
    return 0 if row is None else row.misses


def longest_wait(db: Reader, limits: Iterable[tuple[Limit, str]], *, now: datetime) -> timedelta:
    """How long the strictest of the limits asks to wait; zero if none does."""
    return max((wait_for(db, limit, subject, now=now) for limit, subject in limits), default=timedelta(0))


def refuse_while_waiting(db: Reader, limits: Iterable[tuple[Limit, str]], sentence: str, *, now: datetime) -> None:
    """Raises Refused with `sentence` and when to try again, as long as any of the limits asks for a pause."""
    if wait := longest_wait(db, limits, now=now):
        raise waiting(sentence, wait)


def waiting(sentence: str, wait: timedelta) -> Refused:
    """The refusal that says when to try again."""
    turned_away("pause")
    # «24 мин.» ends with a dot of its own.
    return Refused(f"{sentence} Попробуйте снова через {wait_words(wait).removesuffix('.')}.")


def note_misses(db: Writer, limits: Iterable[tuple[Limit, str]], *, now: datetime) -> None:
    """Count one try against each of the limits."""
    for limit, subject in limits:
        note_miss(db, limit, subject, now=now)


def once(db: Writer, limit: Limit, subject: str, *, now: datetime) -> bool:
    """Whether this is the first time within the limit's window; remembered from then on."""
    if misses(db, limit, subject, now=now):
        return False
    note_miss(db, limit, subject, now=now)
    return True


def wait_words(wait: timedelta) -> str:
    """«минуту», «12 мин.», «3 ч.»: never less than the wait."""
    minutes = math.ceil(wait.total_seconds() / 60)
    if minutes <= 1:
        return "минуту"
    return f"{minutes} мин." if minutes <= 90 else f"{math.ceil(minutes / 60)} ч."

"""The way of a letter out: leased by one worker, sent outside any transaction, settled.

Any number of workers may do this at once. A letter that is on its way when its worker dies goes again when the lease
has run out; its Message-ID tells the recipient's mail program that it is the same.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, func, or_, select, update
from sqlmodel import col

from lk_reflex.core import pruning
from lk_reflex.core.db import Reader, Writer
from lk_reflex.core.schema import UtcTime
from lk_reflex.domain.mail.tables import OutgoingMail

#: Far longer than any one letter takes (`SAFE`), so that nobody sends what another still has in hand.
LEASE = timedelta(minutes=10)
#: What must be left of a lease to begin with a letter: a server that answers slowly may need as long.
SAFE = timedelta(minutes=6)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=4)
#: For so long a refusal by policy is taken for a fault of the set-up, which somebody may mend.
DOUBT = timedelta(days=5)
#: How long a settled letter's row tells what became of it. The texts go at once.
KEPT = timedelta(days=30)
_CHANCE = secrets.SystemRandom().random
#: Begins the `last_fault` of a letter that waits for the server and not for its own recipient.
SERVER = "server: "

_DUE = and_(
    col(OutgoingMail.settled_at).is_(None),
    col(OutgoingMail.next_try_at) <= bindparam("now", type_=UtcTime()),
    or_(col(OutgoingMail.leased_until).is_(None), col(OutgoingMail.leased_until) < bindparam("now", type_=UtcTime())),
)
_IS_DUE = select(col(OutgoingMail.id)).where(_DUE).limit(1)
_NEXT = (
    select(col(OutgoingMail.id))
    .where(_DUE)
    .order_by(col(OutgoingMail.next_try_at), col(OutgoingMail.id))
    .limit(bindparam("count"))
    .with_for_update(skip_locked=True)
)
_LEASE = (
    update(OutgoingMail)
    .where(col(OutgoingMail.id) == bindparam("mail_id"))
    .values(lease=bindparam("holder"), leased_until=bindparam("until"))
)
_LEASED = (
    select(
        col(OutgoingMail.id), col(OutgoingMail.message_id), col(OutgoingMail.kind), col(OutgoingMail.recipient),
        col(OutgoingMail.subject), col(OutgoingMail.plain), col(OutgoingMail.html), col(OutgoingMail.created_at),
        col(OutgoingMail.tries), col(OutgoingMail.leased_until),
    )
    .where(col(OutgoingMail.lease) == bindparam("holder"), col(OutgoingMail.settled_at).is_(None))
    .order_by(col(OutgoingMail.next_try_at), col(OutgoingMail.id))
)  # fmt: skip
_HELD = (
    col(OutgoingMail.id) == bindparam("mail_id"),
    col(OutgoingMail.lease) == bindparam("holder"),
    col(OutgoingMail.settled_at).is_(None),
)
_FREE = {"leased_until": None, "lease": ""}
_SETTLE = (
    update(OutgoingMail)
    .where(*_HELD)
    .values(
        tries=col(OutgoingMail.tries) + 1, settled_at=bindparam("now"), sent_at=bindparam("sent"),
        refusal=bindparam("why_not"), plain="", html="", **_FREE,
    )
)  # fmt: skip
_POSTPONE = (
    update(OutgoingMail)
    .where(*_HELD)
    .values(
        tries=col(OutgoingMail.tries) + 1, next_try_at=bindparam("again_at"), last_fault=bindparam("fault"), **_FREE
    )
)
_RELEASE = (
    update(OutgoingMail)
    .where(col(OutgoingMail.lease) == bindparam("holder"), col(OutgoingMail.settled_at).is_(None))
    .values(**_FREE)
)
_HASTEN = (
    update(OutgoingMail)
    .where(
        col(OutgoingMail.settled_at).is_(None),
        col(OutgoingMail.next_try_at) > bindparam("now", type_=UtcTime()),
        col(OutgoingMail.last_fault).startswith(SERVER),
    )
    .values(next_try_at=bindparam("now", type_=UtcTime()), last_fault="")
)
_PRUNE = pruning.older_than(OutgoingMail, col(OutgoingMail.settled_at))
_OLDEST = select(func.min(col(OutgoingMail.created_at))).where(
    col(OutgoingMail.settled_at).is_(None),
    or_(col(OutgoingMail.last_fault) == "", col(OutgoingMail.last_fault).startswith(SERVER)),
)
_WAITING = select(func.count()).where(
    col(OutgoingMail.settled_at).is_(None), col(OutgoingMail.kind) == bindparam("of_kind")
)


@dataclass(frozen=True, slots=True)
class Leased:
    """A letter in one worker's hands; `holder` is the lease by which it settles it."""

    mail_id: int
    message_id: str
    kind: str
    recipient: str
    subject: str
    plain: str
    html: str
    written_at: datetime
    tries: int
    leased_until: datetime
    holder: str


def anything_due(db: Reader, *, now: datetime) -> bool:
    """Whether there is a letter to send: cheap enough to ask every second."""
    return db.value(_IS_DUE, now=now) is not None


def lease(db: Writer, *, now: datetime, count: int) -> list[Leased]:
    """Take up to `count` due letters, the longest waiting first, for LEASE. Nobody else gets them meanwhile."""
    holder = secrets.token_hex(8)
    for row in db.rows(_NEXT, now=now, count=count):
        db.change(_LEASE, mail_id=row.id, holder=holder, until=now + LEASE)
    return [Leased(*row, holder=holder) for row in db.rows(_LEASED, holder=holder)]


def settle_sent(db: Writer, letter: Leased, *, now: datetime) -> bool:
    """It went. The texts are wiped. False where the lease had run out and somebody else has the letter."""
    return _settle(db, letter, now, sent=now)


def settle_refused(db: Writer, letter: Leased, reason: str, *, now: datetime) -> bool:
    """It will never go. The texts are wiped."""
    return _settle(db, letter, now, refusal=reason)


def _settle(db: Writer, letter: Leased, now: datetime, *, sent: datetime | None = None, refusal: str = "") -> bool:
    return db.change(_SETTLE, mail_id=letter.mail_id, holder=letter.holder, now=now, sent=sent, why_not=refusal) == 1


def postpone(db: Writer, letter: Leased, fault: str, *, now: datetime) -> bool:
    """It didn't go this time; again after a pause that grows with each try."""
    again_at = now + pause_after(letter.tries)
    held = {"mail_id": letter.mail_id, "holder": letter.holder}
    return db.change(_POSTPONE, **held, again_at=again_at, fault=fault[:100]) == 1


def release(db: Writer, holder: str) -> int:
    """Give back, untried, what is left of a lease."""
    return db.change(_RELEASE, holder=holder)


def hasten(db: Writer, *, now: datetime) -> int:
    """The server answers again: what has waited for it alone needn't wait out its pause."""
    return db.change(_HASTEN, now=now)


def prune(db: Writer, *, now: datetime) -> int:
    """Remove a portion of what was settled long ago; returns how many."""
    return pruning.prune(db, _PRUNE, now - KEPT)


def waiting_for(db: Reader, *, now: datetime) -> timedelta:
    """How long the oldest letter has waited for us or for our server; zero if none does.

    A recipient's own server that is away says nothing of ours.
    """
    oldest = db.value(_OLDEST)
    return max(now - oldest, timedelta(0)) if oldest else timedelta(0)


def waiting(db: Reader, kind: str) -> int:
    """How many letters of a kind are still to be sent."""
    return int(db.value(_WAITING, of_kind=kind) or 0)


def pause_after(tries: int, chance: Callable[[], float] = _CHANCE) -> timedelta:
    """1, 2, 4 … minutes up to 4 hours, and a fifth more or less: a crowd that failed together comes back apart."""
    pause = min(FIRST_PAUSE * 2 ** min(tries, 16), LONGEST_PAUSE)
    return pause * (0.8 + 0.4 * chance())

"""Which counted tries hold up a sign-in, and whose.

Strangers' misses never lock an owner out: misses for an address hold up only those networks that have missed for it
themselves, a browser that the owner has used before answers for itself only, and a new password makes everybody begin
anew.
"""

from datetime import datetime

from lk_reflex.core.db import Reader, Writer
from lk_reflex.domain.identity import attempts
from lk_reflex.domain.identity.attempts import SIGN_IN_CLIENT, SIGN_IN_EMAIL, SIGN_IN_PAIR, Limit
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.identity.passwords.asked_again import ASKED_AGAIN

#: One browser that the owner has signed in with.
DEVICE = Limit("sign-in:device", 5)
#: All misses together. So many mean that somebody tries passwords at large; a pause for all would be their success.
IN_ALL = Limit("sign-in", 300)
#: What newcomers have free while that lasts.
STRICT_PAIR, STRICT_CLIENT = Limit(SIGN_IN_PAIR.kind, 2), Limit(SIGN_IN_CLIENT.kind, 5)

Limits = tuple[tuple[Limit, str], ...]


def limits_of(db: Reader, subject: str, client: Client, mark: str, *, now: datetime) -> Limits:
    """What may ask this try to wait; `mark` is of a browser that is known."""
    if mark:
        return ((DEVICE, mark),)
    strict = under_attack(db, now=now)
    own = (
        (STRICT_PAIR if strict else SIGN_IN_PAIR, _pair(subject, client)),
        (STRICT_CLIENT if strict else SIGN_IN_CLIENT, client.network),
    )
    # Each stranger's miss begins that pause anew, so it would never end for an owner who comes from elsewhere.
    missed = attempts.misses(db, SIGN_IN_PAIR, _pair(subject, client), now=now)
    return (*own, (SIGN_IN_EMAIL, subject)) if missed else own


def count_miss(db: Writer, subject: str, client: Client, mark: str, *, now: datetime) -> None:
    """Remember a wrong pair wherever it counts."""
    seen = (DEVICE, mark) if mark else (SIGN_IN_PAIR, _pair(subject, client))
    attempts.note_misses(db, (seen, (SIGN_IN_CLIENT, client.network), (SIGN_IN_EMAIL, subject), (IN_ALL, "")), now=now)


def under_attack(db: Reader, *, now: datetime) -> bool:
    """Whether wrong passwords come in such numbers that they can't be people's own."""
    return attempts.misses(db, IN_ALL, "", now=now) >= IN_ALL.free


def forget_visitor(db: Writer, subject: str, client: Client, mark: str) -> None:
    """The right password came: this client's own slips of the finger are forgotten."""
    attempts.forget_misses(db, SIGN_IN_PAIR, _pair(subject, client))
    if mark:
        attempts.forget_misses(db, DEVICE, mark)


def forget_owner(db: Writer, user_id: int, subject: str, client: Client) -> None:
    """The owner has a new password: nothing that was tried at the old one holds them up."""
    attempts.forget_misses(db, SIGN_IN_PAIR, _pair(subject, client))
    attempts.forget_misses(db, SIGN_IN_EMAIL, subject)
    attempts.forget_misses(db, ASKED_AGAIN, str(user_id))


def _pair(subject: str, client: Client) -> str:
    return f"{subject} {client.network}"

"""A picture's code: derived from a token and our key, so that nobody finds it in the database; typed once."""

import hashlib
import hmac
import unicodedata
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, update
from sqlmodel import col

from lk_reflex.core.db import Reader, Writer
from lk_reflex.core.secret import accepted
from lk_reflex.domain.identity.attempts import Limit, note_miss, refuse_while_waiting
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.identity.entry_tables import Captcha
from lk_reflex.domain.identity.tokens import new_token, token_hash

#: Digits alone: Latin and Cyrillic letters look alike.
DIGITS = 5
TRIES = 5
#: Time enough to fill in a form, with a telephone call in between.
LIFE = timedelta(minutes=30)
#: New pictures for one client: drawing them costs us more than asking for them costs anybody. A mobile operator may
#: show half a town as one client.
PICTURES = Limit("captcha", 300)
TOO_MANY = "С вашего адреса слишком часто запрашивают код."

_WAITING = (
    col(Captcha.token_hash) == bindparam("hashed"),
    col(Captcha.expires_at) > bindparam("now"),
    col(Captcha.used_at).is_(None),
    col(Captcha.tries) < TRIES,
)
_SHOWN = select(col(Captcha.id)).where(*_WAITING)
_TRY = update(Captcha).where(*_WAITING).values(tries=col(Captcha.tries) + 1)
_USE = (
    update(Captcha)
    .where(col(Captcha.token_hash) == bindparam("hashed"), col(Captcha.used_at).is_(None))
    .values(used_at=bindparam("now"))
)


def new_captcha(db: Writer, *, now: datetime, client: Client | None = None) -> str:
    """A token for `/api/captcha/{token}.png` and `.wav`, and for `check_captcha`.

    Raises Refused where `client` has asked for too many.
    """
    if client is not None:
        refuse_while_waiting(db, [(PICTURES, client.network)], TOO_MANY, now=now)
        note_miss(db, PICTURES, client.network, now=now)
    token = new_token()
    db.add(Captcha(token_hash=token_hash(token), expires_at=now + LIFE))
    return token


def may_be_shown(db: Reader, token: str, *, now: datetime) -> bool:
    """Whether this code can still be typed."""
    return db.first(_SHOWN, hashed=token_hash(token), now=now) is not None


def digits_of(token: str, key: bytes) -> str:
    """What stands in the picture."""
    drawn = hmac.new(key, b"captcha " + token.encode(), hashlib.sha256).digest()
    return f"{int.from_bytes(drawn[:8], 'big') % 10**DIGITS:0{DIGITS}d}"


def seed_of(token: str, key: bytes) -> str:
    """What the voice's murmur is drawn from: who knew it could take the murmur away and read the digits."""
    return hmac.new(key, b"voice " + token.encode(), hashlib.sha256).hexdigest()


def check_captcha(db: Writer, token: str, typed: str, *, key: bytes, now: datetime) -> bool:
    """Whether the code is right; a right one works once, and after five wrong ones none does.

    In a transaction of its own: one that is undone afterwards forgets the try.
    """
    hashed = token_hash(token)
    if not db.change(_TRY, hashed=hashed, now=now):
        return False
    if not any(hmac.compare_digest(_plain(typed), digits_of(token, one)) for one in accepted(key)):
        return False
    return db.change(_USE, hashed=hashed, now=now) == 1


def _plain(typed: str) -> str:
    """The digits among what was typed, whichever script they are in: spaces and dashes don't matter."""
    return "".join(str(unicodedata.decimal(char)) for char in typed[:100] if char.isdecimal())

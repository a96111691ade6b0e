"""Sending a person to Госуслуги and knowing them again: a try works once, in that browser, for ten minutes."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from sqlalchemy import bindparam, select, update
from sqlmodel import col

from lk_reflex.core.db import Reader, Writer
from lk_reflex.core.errors import Refused
from lk_reflex.domain.identity import attempts
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.identity.esia.tables import EsiaTry
from lk_reflex.domain.identity.tokens import new_token, token_hash

Purpose = Literal["sign-in", "bind"]
SIGN_IN: Final = "sign-in"
BIND: Final = "bind"
LIFE = timedelta(minutes=10)
#: Tries begun by one client.
BEGUN = attempts.Limit("esia:begun", 60)

PAUSE = "Слишком много попыток входа через Госуслуги."
STALE = "Этот вход через Госуслуги уже завершён или начат в другом браузере. Начните вход ещё раз."

_TAKE = (
    update(EsiaTry)
    .where(
        col(EsiaTry.state_hash) == bindparam("state"),
        col(EsiaTry.browser_hash) == bindparam("browser"),
        col(EsiaTry.used_at).is_(None),
        col(EsiaTry.expires_at) > bindparam("now"),
    )
    .values(used_at=bindparam("now"))
)
_FIND = select(
    col(EsiaTry.purpose), col(EsiaTry.nonce), col(EsiaTry.user_id), col(EsiaTry.target), col(EsiaTry.browser_hash)
).where(col(EsiaTry.state_hash) == bindparam("state"))


@dataclass(frozen=True, slots=True)
class Begun:
    """What the browser takes along: `state` in the address, `nonce` for the token."""

    state: str
    nonce: str


@dataclass(frozen=True, slots=True)
class Try:
    """A try whose person has come back. `user_id` is who binds."""

    purpose: str
    nonce: str
    target: str
    user_id: int | None


def begin(db: Writer, browser: str, *, target: str, user_id: int | None = None, client: Client, now: datetime) -> Begun:
    """Note a try of the browser that holds the cookie `browser`; with `user_id` that login shall be bound.

    `browser` of a binding also holds the session's hash, so that it ends with the session. Raises Refused where one
    client begins too many.
    """
    limits = ((BEGUN, client.network),)
    attempts.refuse_while_waiting(db, limits, PAUSE, now=now)
    attempts.note_misses(db, limits, now=now)
    begun = Begun(state=str(uuid.uuid4()), nonce=new_token())
    db.add(
        EsiaTry(
            state_hash=token_hash(begun.state),
            browser_hash=token_hash(browser),
            nonce=begun.nonce,
            purpose=SIGN_IN if user_id is None else BIND,
            user_id=user_id,
            target=target,
            created_at=now,
            expires_at=now + LIFE,
        )
    )
    return begun


def purpose_of(db: Reader, state: str) -> str:
    """What a try was for; «sign-in» where there is none."""
    row = db.first(_FIND, state=token_hash(state))
    return SIGN_IN if row is None else row.purpose


def come_back(db: Writer, state: str, browser: str, *, now: datetime) -> Try:
    """Use the try up. Raises Refused for a state that isn't ours, is used, too old, or of another browser."""
    hashed = token_hash(state)
    if not db.change(_TAKE, state=hashed, browser=token_hash(browser), now=now):
        raise Refused(STALE)
    row = db.first(_FIND, state=hashed)
    assert row is not None
    return Try(row.purpose, row.nonce, row.target, row.user_id)

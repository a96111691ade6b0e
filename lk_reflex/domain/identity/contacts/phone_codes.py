"""A mobile phone for a login: a code goes there by SMS, and who types it in has that phone."""

import hashlib
import hmac
import math
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlmodel import col

from lk_reflex.core.db import Database, Reader, Writer
from lk_reflex.core.errors import Invalid, Refused
from lk_reflex.core.schema import UtcTime
from lk_reflex.core.secret import accepted
from lk_reflex.domain.audit.log import note
from lk_reflex.domain.identity import attempts
from lk_reflex.domain.identity.access import Actor
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.identity.contacts.set_phone import set_phone
from lk_reflex.domain.identity.entry_tables import PhoneCode
from lk_reflex.domain.identity.tables import User

LIFE = timedelta(minutes=10)
TRIES = 5
DIGITS = 6
#: Between two codes: the first one is usually still on its way.
PAUSE = timedelta(seconds=60)
MANY = "Слишком много кодов за день."
NO_CODE = "Введите код из сообщения: 6 цифр"
WRONG = "Неверный код. Проверьте сообщение: действует только последний присланный код"
SPENT = "Код устарел или введён неверно слишком много раз. Нажмите «Отправить код ещё раз»"
_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
BY_PERSON = attempts.Limit("sms:user", 5, longest=_DAY, window=_DAY, first=_HOUR)
TO_PHONE = attempts.Limit("sms:phone", 5, longest=_DAY, window=_DAY, first=_HOUR)
FROM_CLIENT = attempts.Limit("sms:client", 20, longest=_DAY, window=_DAY, first=_HOUR)
#: Of the whole installation: each message costs money, and many logins may ask at once.
IN_ALL = attempts.Limit("sms:all", 500, longest=_HOUR, window=_HOUR, first=timedelta(minutes=1))


@dataclass(frozen=True, slots=True)
class Message:
    """What is to be sent once the transaction is over."""

    code_id: int
    phone: str
    text: str


_NEWEST = (
    select(
        col(PhoneCode.id), col(PhoneCode.phone), col(PhoneCode.code_hash), col(PhoneCode.created_at),
        col(PhoneCode.tries),
    )
    .where(
        col(PhoneCode.user_id) == bindparam("user"),
        col(PhoneCode.used_at).is_(None),
        col(PhoneCode.expires_at) > bindparam("now"),
    )
    .order_by(col(PhoneCode.id).desc())
    .limit(1)
)  # fmt: skip
#: The code by which the login's phone was confirmed a moment ago; a code that was replaced or given up is none.
_DONE = (
    select(col(PhoneCode.phone), col(PhoneCode.code_hash))
    .join(User, col(User.id) == col(PhoneCode.user_id))
    .where(
        col(PhoneCode.user_id) == bindparam("user"),
        col(PhoneCode.phone) == col(User.phone),
        col(PhoneCode.used_at) == col(User.phone_confirmed_at),
        col(PhoneCode.used_at) > bindparam("since", type_=UtcTime()),
    )
    .order_by(col(PhoneCode.id).desc())
    .limit(1)
)
_TRY = (
    update(PhoneCode)
    .where(col(PhoneCode.id) == bindparam("code_id"), col(PhoneCode.used_at).is_(None), col(PhoneCode.tries) < TRIES)
    .values(tries=col(PhoneCode.tries) + 1)
)
_USE = update(PhoneCode).where(col(PhoneCode.id) == bindparam("code_id")).values(used_at=bindparam("now"))
_END_ALL = (
    update(PhoneCode)
    .where(col(PhoneCode.user_id) == bindparam("user"), col(PhoneCode.used_at).is_(None))
    .values(used_at=bindparam("now"))
)


def new_code(db: Writer, actor: Actor, phone: str, *, key: bytes, client: Client, now: datetime) -> Message:
    """Make a code for the phone (E.164); the caller sends it after the commit, and calls `unsent` if that fails.

    Raises Refused during a pause.
    """
    _refuse_hurry(db, actor, now=now)
    limits = (
        (BY_PERSON, str(actor.user_id)),
        (TO_PHONE, phone),
        (FROM_CLIENT, client.network),
        (IN_ALL, ""),
    )
    attempts.refuse_while_waiting(db, limits, MANY, now=now)
    attempts.note_misses(db, limits, now=now)
    db.change(_END_ALL, user=actor.user_id, now=now)
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    row = PhoneCode(
        user_id=actor.user_id,
        phone=phone,
        code_hash=_hash(key, actor.user_id, phone, code),
        created_at=now,
        expires_at=now + LIFE,
    )
    db.add(row)
    assert row.id is not None
    note(db, "phone-code", now=now, actor_id=actor.user_id, user_id=actor.user_id, address=client.address)
    return Message(row.id, phone, f"{code} — код подтверждения телефона в личном кабинете. Никому его не называйте.")


def unsent(db: Writer, message: Message, *, now: datetime) -> None:
    """The gateway didn't take it: the code is worthless, and the next try needs no pause."""
    db.change(_USE, code_id=message.code_id, now=now)


def waiting_phone(db: Reader, actor: Actor, *, now: datetime) -> str:
    """The phone to which a code has gone that still works; an empty string for none."""
    row = db.first(_NEWEST, user=actor.user_id, now=now)
    return "" if row is None else row.phone


def on_its_way(db: Reader, actor: Actor, phone: str, *, now: datetime) -> bool:
    """Whether a code that can still be typed in went to that phone just now: a second press needs no other."""
    row = db.first(_NEWEST, user=actor.user_id, now=now)
    return row is not None and row.phone == phone and row.created_at + PAUSE > now and row.tries < TRIES


def give_up(db: Writer, actor: Actor, *, now: datetime) -> None:
    """The person doesn't want the new phone after all."""
    db.change(_END_ALL, user=actor.user_id, now=now)


def confirm_phone(database: Database, actor: Actor, typed: str, *, key: bytes, client: Client, now: datetime) -> str:
    """The right code makes the phone the login's, confirmed; returns it. Raises Invalid for «code».

    A second press finds it done, and is answered as the first one.
    """
    digits = "".join(str(int(char)) for char in typed if char.isdecimal())
    if not digits:
        raise Invalid({"code": NO_CODE})
    # The counted try must be committed whatever comes of it, so the refusal is raised afterwards.
    phone, fault = database.write(_try, actor, digits, key=key, client=client, now=now)
    if fault:
        raise Invalid({"code": fault})
    return phone


def _try(db: Writer, actor: Actor, digits: str, *, key: bytes, client: Client, now: datetime) -> tuple[str, str]:
    row = db.first(_NEWEST, user=actor.user_id, now=now)
    if row is None and (done := _done(db, actor, digits, key=key, now=now)):
        return done, ""
    if row is None or db.change(_TRY, code_id=row.id) != 1:
        return "", SPENT
    if not _right(row, actor, digits, key):
        return "", WRONG
    db.change(_USE, code_id=row.id, now=now)
    set_phone(db, actor, row.phone, confirmed=True, client=client, now=now)
    return row.phone, ""


def _done(db: Reader, actor: Actor, digits: str, *, key: bytes, now: datetime) -> str:
    row = db.first(_DONE, user=actor.user_id, since=now - PAUSE)
    if row is None or not _right(row, actor, digits, key):
        return ""
    return row.phone


def _refuse_hurry(db: Reader, actor: Actor, *, now: datetime) -> None:
    row = db.first(_NEWEST, user=actor.user_id, now=now)
    left = row.created_at + PAUSE - now if row else timedelta(0)
    if left > timedelta(0):
        seconds = math.ceil(left.total_seconds())
        raise Refused(f"Код отправлен только что. Новый можно запросить через {seconds} с.")


def _right(row: Any, actor: Actor, digits: str, key: bytes) -> bool:
    return any(
        hmac.compare_digest(row.code_hash, _hash(one, actor.user_id, row.phone, digits)) for one in accepted(key)
    )


def _hash(key: bytes, user_id: int, phone: str, code: str) -> str:
    """Keyed: six digits alone would be found again in a moment."""
    return hmac.new(key, f"phone-code {user_id} {phone} {code}".encode(), hashlib.sha256).hexdigest()

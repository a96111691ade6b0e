"""Signing in by e-mail and password: one wording and one duration for every refusal."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, select, update
from sqlmodel import col

from lk_reflex.core.clock import DEFAULT_ZONE
from lk_reflex.core.db import Database, Reader, Writer
from lk_reflex.core.errors import Invalid, Refused
from lk_reflex.core.text import email_key
from lk_reflex.domain.audit.log import note
from lk_reflex.domain.identity import attempts
from lk_reflex.domain.identity.access import ADMIN, OPERATOR
from lk_reflex.domain.identity.attempts import Limit
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.identity.passwords.hashing import hash_password, kept_by_another, password_matches
from lk_reflex.domain.identity.registering.waiting import Waiting, pending
from lk_reflex.domain.identity.signing_in.door_limits import forget_visitor, limits_of
from lk_reflex.domain.identity.signing_in.entering import enter
from lk_reflex.domain.identity.signing_in.guessing import note_miss
from lk_reflex.domain.identity.signing_in.known_device import known_mark, new_mark
from lk_reflex.domain.identity.tables import User

WRONG = "Неверный логин или пароль. Проверьте раскладку клавиатуры и попробуйте ещё раз."
PAUSE = "Слишком много неудачных попыток входа."
NOT_ACTIVATED = "Учётная запись ещё не активирована. Откройте ссылку из письма, которое мы отправили при регистрации."

#: A refusal is written to the log once, not as often as somebody hammers at the door.
REFUSAL_NOTED = Limit("sign-in:refusal-noted", 1)
_CLOSED = func.coalesce(col(User.blocked_at), col(User.deleted_at))
_BY_EMAIL = select(
    col(User.id),
    col(User.email),
    col(User.password_hash),
    col(User.activated_at),
    col(User.role),
    _CLOSED.label("closed_at"),
).where(col(User.email_key) == bindparam("email_key"))
#: Locked until the session is there: a new password, which ends all sessions, comes wholly before or after it.
_STILL = (
    select(col(User.id))
    .where(col(User.id) == bindparam("user"), col(User.password_hash) == bindparam("was"), _CLOSED.is_(None))
    .with_for_update()
)
_KEEP_ANEW = update(User).where(col(User.id) == bindparam("of_user")).values(password_hash=bindparam("renewed"))


class NotActivated(Refused):
    """The password is that of a form whose link in the mail hasn't been opened; told to nobody else.

    Also where the address has a login: who has filled in a form for it must not learn that from the difference.
    """


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What the browser gets: the session's cookie, and the mark by which it will be known."""

    user_id: int
    cookie: str
    mark: str
    #: Whether the person works here, and lands at the desk.
    staff: bool = False


@dataclass(frozen=True, slots=True)
class _Door:
    """Who is meant, the form that waits, what matches, and whether this browser or client has to wait."""

    subject: str
    user: Any | None
    password_hash: str | None
    form: Waiting | None
    mark: str
    wait: timedelta


def sign_in(
    database: Database, email: str, password: str, client: Client, *, key: bytes, now: datetime, marks: str = "",
    site: str = "", time_zone: str = DEFAULT_ZONE,
) -> SignedIn:  # fmt: skip
    """Check and open a session. `marks` is what the browser brings of earlier sign-ins.

    Slow by design (bcrypt), and therefore outside any transaction. Raises Invalid for empty fields, Refused for a
    wrong pair or a pause that hasn't ended, NotActivated.
    """
    _require_both(email, password)
    door = database.read(_look, email, client, marks, key=key, now=now)
    if door.wait:
        if not database.read(attempts.misses, REFUSAL_NOTED, _knock(door, client), now=now):
            database.write(_note_refusal, door, client, now=now)
        raise attempts.waiting(PAUSE, door.wait)
    right = password_matches(password, door.password_hash, key)
    # Checked with and without a login, so that the time tells no more than the answer.
    applied = door.form is not None and password_matches(password, door.form.password_hash, key)
    user = door.user if right and door.user is not None and door.user.closed_at is None else None
    if user is None and not applied:
        database.write(note_miss, door.subject, door.user, client, door.mark, site=site, now=now)
        raise Refused(WRONG)
    if user is None or user.activated_at is None:
        raise NotActivated(NOT_ACTIVATED)
    kept = user.password_hash
    renewed = hash_password(password, key) if kept_by_another(password, kept, key) else kept
    cookie = database.write(_enter, door, client, renewed=renewed, site=site, time_zone=time_zone, now=now)
    mark = new_mark(user.id, renewed, key=key, now=now)
    return SignedIn(user.id, cookie, mark, staff=user.role in (OPERATOR, ADMIN))


def _require_both(email: str, password: str) -> None:
    faults = {}
    if not email.strip():
        faults["login"] = "Введите логин: адрес электронной почты, указанный при регистрации"
    if not password:
        faults["password"] = "Введите пароль"  # noqa: S105
    if faults:
        raise Invalid(faults)


def _look(db: Reader, email: str, client: Client, marks: str, *, key: bytes, now: datetime) -> _Door:
    """The same questions for a known and an unknown address."""
    subject = email_key(email)
    user, form = db.first(_BY_EMAIL, email_key=subject), pending(db, email, now=now)
    hashed = user.password_hash if user else None
    mark = known_mark(marks, user.id, hashed, key=key, now=now) if user else ""
    limits = limits_of(db, subject, client, mark, now=now)
    return _Door(subject, user, hashed, form, mark, attempts.longest_wait(db, limits, now=now))


def _note_refusal(db: Writer, door: _Door, client: Client, *, now: datetime) -> None:
    if attempts.once(db, REFUSAL_NOTED, _knock(door, client), now=now):
        user_id = door.user.id if door.user else None
        note(db, "sign-in-paused", now=now, user_id=user_id, address=client.address, seconds=int(door.wait.seconds))


def _knock(door: _Door, client: Client) -> str:
    return f"{door.subject} {client.network}"


def _enter(
    db: Writer, door: _Door, client: Client, *, renewed: str, site: str, time_zone: str, now: datetime
) -> str:  # fmt: skip
    """`renewed` is the password's hash under the secret that signs now."""
    assert door.user is not None
    if db.first(_STILL, user=door.user.id, was=door.password_hash) is None:
        raise Refused(WRONG)
    if renewed != door.password_hash:
        db.change(_KEEP_ANEW, of_user=door.user.id, renewed=renewed)
    forget_visitor(db, door.subject, client, door.mark)
    return enter(
        db, door.user.id, client=client, known=bool(door.mark), way="password", site=site, time_zone=time_zone, now=now
    )

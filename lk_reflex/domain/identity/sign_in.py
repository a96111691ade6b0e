"""Signing in by e-mail and password: one wording and one duration for every refusal."""

from datetime import datetime

from sqlalchemy import bindparam, select
from sqlmodel import col

from lk_reflex.core.db import Database, Reader, Writer
from lk_reflex.core.errors import Invalid, Refused
from lk_reflex.core.text import email_key
from lk_reflex.domain.identity import attempts
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.identity.passwords import password_matches
from lk_reflex.domain.identity.sessions import open_session
from lk_reflex.domain.identity.tables import User

WRONG = "Неверный логин или пароль. Проверьте раскладку клавиатуры и попробуйте ещё раз."
PAUSE = "Слишком много неудачных попыток входа."
NOT_ACTIVATED = "Учётная запись ещё не активирована. Откройте ссылку из письма, которое мы отправили при регистрации."

_BY_EMAIL = select(col(User.id), col(User.password_hash), col(User.activated_at), col(User.blocked_at)).where(
    col(User.email_key) == bindparam("email_key")
)


def sign_in(database: Database, email: str, password: str, client: Client, *, key: bytes, now: datetime) -> str:
    """Check and open a session; returns the cookie's value.

    Slow by design (bcrypt), and therefore outside any transaction. Raises Invalid for empty fields, Refused for a
    wrong pair, a pause that hasn't ended, or a login that isn't activated.
    """
    _require_both(email, password)
    subject = email_key(email)
    database.read(_refuse_while_waiting, subject, client, now=now)
    user = database.read(lambda db: db.first(_BY_EMAIL, email_key=subject))
    right = password_matches(password, user.password_hash if user else None, key)
    if user is None or not right or user.blocked_at is not None:
        database.write(_note_misses, subject, client, now=now)
        raise Refused(WRONG)
    if user.activated_at is None:
        raise Refused(NOT_ACTIVATED)
    return database.write(_enter, user.id, subject, client, now=now)


def _require_both(email: str, password: str) -> None:
    faults = {}
    if not email.strip():
        faults["login"] = "Введите логин: адрес электронной почты, указанный при регистрации"
    if not password:
        faults["password"] = "Введите пароль"  # noqa: S105
    if faults:
        raise Invalid(faults)


def _limits(subject: str, client: Client) -> tuple[tuple[attempts.Limit, str], ...]:
    return (
        (attempts.SIGN_IN_PAIR, f"{subject} {client.network}"),
        (attempts.SIGN_IN_CLIENT, client.network),
        (attempts.SIGN_IN_EMAIL, subject),
    )


def _refuse_while_waiting(db: Reader, subject: str, client: Client, *, now: datetime) -> None:
    attempts.refuse_while_waiting(db, _limits(subject, client), PAUSE, now=now)


def _note_misses(db: Writer, subject: str, client: Client, *, now: datetime) -> None:
    attempts.note_misses(db, _limits(subject, client), now=now)


def _enter(db: Writer, user_id: int, subject: str, client: Client, *, now: datetime) -> str:
    attempts.forget_misses(db, attempts.SIGN_IN_PAIR, f"{subject} {client.network}")
    attempts.forget_misses(db, attempts.SIGN_IN_EMAIL, subject)
    return open_session(db, user_id, client=client, now=now)

"""Logins made by the installation itself: staff from the command line, residents of a demonstration."""

from datetime import datetime

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import bindparam, func, select, update
from sqlmodel import col

from lk_reflex.core.db import Reader, Writer
from lk_reflex.core.errors import Invalid
from lk_reflex.core.schema import UtcTime
from lk_reflex.core.text import email_key
from lk_reflex.domain.identity.access import ROLES
from lk_reflex.domain.identity.entry_tables import OneTimeToken
from lk_reflex.domain.identity.esia.bindings import drop_binding
from lk_reflex.domain.identity.passwords.letters import changed_letter
from lk_reflex.domain.identity.passwords.rules import password_fault
from lk_reflex.domain.identity.sessions import end_all_sessions
from lk_reflex.domain.identity.tables import User
from lk_reflex.domain.mail.outbox import queue

_BY_EMAIL = select(col(User.id)).where(col(User.email_key) == bindparam("email_key"))
_SET = (
    update(User)
    .where(col(User.id) == bindparam("user"))
    .values(
        role=bindparam("new_role"),
        password_hash=bindparam("new_hash"),
        activated_at=func.coalesce(col(User.activated_at), bindparam("now", type_=UtcTime())),
    )
)
#: Links to a new password as well as a new e-mail that waits.
_END_LINKS = (
    update(OneTimeToken)
    .where(col(OneTimeToken.user_id) == bindparam("of_user"), col(OneTimeToken.used_at).is_(None))
    .values(used_at=bindparam("now"))
)
_MAILBOX = select(col(User.email)).where(col(User.id) == bindparam("user"))


def user_id_of(db: Reader, email: str) -> int | None:
    """The login with that e-mail, or None."""
    return db.value(_BY_EMAIL, email_key=email_key(email))


def check_new_user(email: str, role: str, password: str) -> None:
    """Raises Invalid with a sentence per field."""
    faults = {}
    try:
        validate_email(email.strip(), check_deliverability=False)
    except EmailNotValidError:
        faults["email"] = "Введите адрес электронной почты, например name@example.ru"
    if role not in ROLES:
        faults["role"] = f"Роль: одна из {', '.join(ROLES)}"
    if sentence := password_fault(password, email):
        faults["password"] = sentence
    if faults:
        raise Invalid(faults)


def put_user(db: Writer, email: str, role: str, password_hash: str, *, site: str = "", now: datetime) -> int:
    """Make an activated login, or give an existing one this role and password; returns its id.

    A new password or role signs the person out everywhere, and ends every other way in that was there or waits: a
    resident's Госуслуги or a link in a mailbox must not open a colleague's desk. The letter of it leads to `site`.
    """
    known = user_id_of(db, email)
    if known is not None:
        db.change(_SET, user=known, new_role=role, new_hash=password_hash, now=now)
        end_all_sessions(db, known, now=now)
        db.change(_END_LINKS, of_user=known, now=now)
        letter = changed_letter(site, unbound=drop_binding(db, known))
        mailbox = db.value(_MAILBOX, user=known)
        assert mailbox is not None
        queue(db, mailbox, letter, kind="password-changed", now=now)
        return known
    user = User(
        email=email.strip(),
        email_key=email_key(email),
        password_hash=password_hash,
        role=role,
        created_at=now,
        activated_at=now,
    )
    db.add(user)
    assert user.id is not None
    return user.id

"""«Забыли пароль?»: a link by mail, and a new password behind it.

Whoever asks learns nothing of an address: the answer, the rows and the work are the same for a known and an unknown
one. Opening the link changes nothing, since mail scanners open links as well.
"""

import hashlib
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, select, update
from sqlmodel import col

from lk_reflex.core.db import Database, Reader, Writer
from lk_reflex.core.errors import Invalid, NotFound, Refused
from lk_reflex.core.schema import UtcTime
from lk_reflex.core.text import email_key
from lk_reflex.domain.audit.log import note
from lk_reflex.domain.identity import attempts
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.identity.contacts.change_email import end_changes
from lk_reflex.domain.identity.entry_tables import OneTimeToken
from lk_reflex.domain.identity.esia.bindings import drop_binding
from lk_reflex.domain.identity.passwords.hashing import hash_password
from lk_reflex.domain.identity.passwords.letters import changed_letter, reset_letter
from lk_reflex.domain.identity.passwords.rules import password_fault
from lk_reflex.domain.identity.registering.registration import resend
from lk_reflex.domain.identity.registering.waiting import pending
from lk_reflex.domain.identity.sessions import end_all_sessions
from lk_reflex.domain.identity.signing_in.door_limits import forget_owner
from lk_reflex.domain.identity.tables import User
from lk_reflex.domain.identity.tokens import new_token, token_hash
from lk_reflex.domain.mail.outbox import queue

PURPOSE = "reset"
LIFE = timedelta(hours=1)
#: Asking again this soon is a second press of the same button: the letter is on its way.
PRESSED_TWICE = timedelta(minutes=1)

_HOUR = timedelta(hours=1)
#: Letters asked for to one address, by one client, and by all together.
BY_EMAIL = attempts.Limit("reset:email", 3, window=_HOUR, first=timedelta(minutes=1))
BY_CLIENT = attempts.Limit("reset:client", 10, window=_HOUR, longest=_HOUR, first=timedelta(minutes=1))
IN_ALL = attempts.Limit("reset", 1000, window=_HOUR, longest=timedelta(minutes=5))

TOO_MANY = "Слишком много писем с новой ссылкой за короткое время."
STALE = "Ссылка не действует: она устарела, уже использована или скопирована не полностью."

_STANDING = (col(User.blocked_at).is_(None), col(User.deleted_at).is_(None))
_BY_EMAIL = select(col(User.id), col(User.email)).where(col(User.email_key) == bindparam("key"), *_STANDING)
_JUST_SENT = (
    select(col(OneTimeToken.user_id))
    .where(
        col(OneTimeToken.email) == bindparam("of_email"),
        col(OneTimeToken.purpose) == PURPOSE,
        col(OneTimeToken.used_at).is_(None),
        col(OneTimeToken.created_at) > bindparam("since", type_=UtcTime()),
    )
    .limit(1)
)
_END_EARLIER = (
    update(OneTimeToken)
    .where(
        col(OneTimeToken.email) == bindparam("of_email"),
        col(OneTimeToken.purpose) == PURPOSE,
        col(OneTimeToken.used_at).is_(None),
    )
    .values(used_at=bindparam("now"))
)
_OPEN = (
    col(OneTimeToken.token_hash) == bindparam("hashed"),
    col(OneTimeToken.purpose) == PURPOSE,
    col(OneTimeToken.used_at).is_(None),
    col(OneTimeToken.expires_at) > bindparam("now"),
)
_BEHIND = (
    select(col(User.id), col(User.email), col(User.email_key), col(User.password_hash))
    .join(OneTimeToken, col(OneTimeToken.user_id) == col(User.id))
    .where(*_OPEN, *_STANDING)
)
_USE = update(OneTimeToken).where(*_OPEN).values(used_at=bindparam("now"))
#: Whoever holds the link reads the mailbox: a login that waited for its activation waits no longer.
_SET = (
    update(User)
    .where(col(User.id) == bindparam("user"), *_STANDING)
    .values(
        password_hash=bindparam("new_hash"),
        activated_at=func.coalesce(col(User.activated_at), bindparam("now", type_=UtcTime())),
    )
)


def ask_reset(db: Writer, email: str, *, client: Client, site: str, now: datetime) -> None:
    """Send the link, if that address has a login; a form that waits for its activation gets that link anew.

    The newest link alone works; a second press sends none and leaves the first one's alone, for unknown addresses as
    well. Raises Refused where too many letters were asked for.
    """
    key = email_key(email)
    user = db.first(_BY_EMAIL, key=key)
    if _just_sent(db, user.id if user else None, key, now=now):
        return
    limits = ((BY_EMAIL, key), (BY_CLIENT, client.network), (IN_ALL, ""))
    attempts.refuse_while_waiting(db, limits, TOO_MANY, now=now)
    attempts.note_misses(db, limits, now=now)
    form = pending(db, email, now=now)
    token = new_link(db, user.id if user else None, key, lives=LIFE, now=now)
    letter = reset_letter(site, token)
    queue(db, user.email if user else "", letter, kind=PURPOSE, now=now, void=user is None)
    note(db, "reset-asked", now=now, user_id=user.id if user else None, address=client.address)
    if user is None and form is not None:
        _activate_instead(db, email, client=client, site=site, now=now)


def link_works(db: Reader, token: str, *, now: datetime) -> bool:
    """Whether a new password would be taken behind this link. Changes nothing."""
    return _behind(db, token, now=now) is not None


def reset_password(
    database: Database, token: str, password: str, *, key: bytes, site: str, client: Client, now: datetime
) -> bool:
    """Give the login behind the link its new password, and sign it out everywhere. Works once.

    Returns whether Госуслуги were unbound by that: a thief may have bound their own. Where the password is the login's
    first, they stay: no other way in has been there, and whoever asked only wants a second one.

    Slow by design (bcrypt), and therefore outside any transaction. Raises NotFound for a link that is worth nothing,
    Invalid for «password».
    """
    user = database.read(_behind, token, now=now)
    if user is None:
        raise NotFound(STALE)
    if fault := password_fault(password, user.email):
        raise Invalid({"password": fault})
    hashed = hash_password(password, key)
    return database.write(_set, token, hashed, site=site, client=client, now=now)


def _subject(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def _just_sent(db: Reader, user_id: int | None, key: str, *, now: datetime) -> bool:
    """A link made while the login was not there, or was another's, isn't the one asked for."""
    row = db.first(_JUST_SENT, of_email=_subject(key), since=now - PRESSED_TWICE)
    return row is not None and row.user_id == user_id


def new_link(db: Writer, user_id: int | None, key: str, *, lives: timedelta, now: datetime) -> str:
    """Make the link's token, and end those before it; nobody's user where that address (`key`) has no login."""
    subject = _subject(key)
    db.change(_END_EARLIER, of_email=subject, now=now)
    token = new_token()
    db.add(
        OneTimeToken(
            token_hash=token_hash(token),
            purpose=PURPOSE,
            user_id=user_id,
            email=subject,
            created_at=now,
            expires_at=now + lives,
        )
    )
    return token


def _activate_instead(db: Writer, email: str, *, client: Client, site: str, now: datetime) -> None:
    try:
        resend(db, email, client=client, site=site, now=now)
    except Refused:  # enough such letters lie in that mailbox; who asked learns nothing of it
        return


def _behind(db: Reader, token: str, *, now: datetime) -> Any | None:
    return db.first(_BEHIND, hashed=token_hash(token), now=now)


def _set(db: Writer, token: str, hashed: str, *, site: str, client: Client, now: datetime) -> bool:
    user = _behind(db, token, now=now)
    if user is None or db.change(_USE, hashed=token_hash(token), now=now) != 1:
        raise NotFound(STALE)  # another press was quicker
    db.change(_SET, user=user.id, new_hash=hashed, now=now)
    end_changes(db, user.id, now=now)
    ended = end_all_sessions(db, user.id, now=now)
    forget_owner(db, user.id, user.email_key, client)
    unbound = user.password_hash is not None and drop_binding(db, user.id)
    queue(db, user.email, changed_letter(site, unbound=unbound), kind="password-changed", now=now)
    note(db, "password-reset", now=now, actor_id=user.id, user_id=user.id, address=client.address, sessions_ended=ended)
    if unbound:
        note(db, "esia-unbound", now=now, actor_id=user.id, user_id=user.id, address=client.address)
    return unbound

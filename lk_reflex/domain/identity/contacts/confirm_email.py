"""A new e-mail's link was opened, and then pressed: only the press changes anything."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from lk_reflex.core.db import Reader, Writer
from lk_reflex.core.errors import Refused
from lk_reflex.core.text import email_key
from lk_reflex.domain.audit.log import note
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.identity.contacts.change_email import OPEN, TAKEN
from lk_reflex.domain.identity.contacts.email_letters import changed_letter
from lk_reflex.domain.identity.entry_tables import OneTimeToken
from lk_reflex.domain.identity.tables import User
from lk_reflex.domain.identity.tokens import token_hash
from lk_reflex.domain.mail.outbox import queue

STALE = "Ссылка устарела или уже сработала. Запросите новую в разделе «Настройки»."


@dataclass(frozen=True, slots=True)
class Changed:
    """Whose login has which e-mail now."""

    user_id: int
    email: str


_BY_TOKEN = select(col(OneTimeToken.user_id), col(OneTimeToken.email)).where(
    col(OneTimeToken.token_hash) == bindparam("hashed"), *OPEN
)
_USE = (
    update(OneTimeToken)
    .where(col(OneTimeToken.token_hash) == bindparam("hashed"), *OPEN)
    .values(used_at=bindparam("now"))
)
#: Also the links to a new password that wait in the old mailbox: it may be somebody else's by now.
_END_ALL = (
    update(OneTimeToken)
    .where(col(OneTimeToken.user_id) == bindparam("user"), col(OneTimeToken.used_at).is_(None))
    .values(used_at=bindparam("now"))
)
_STANDING = select(col(User.email)).where(
    col(User.id) == bindparam("user"), col(User.blocked_at).is_(None), col(User.deleted_at).is_(None)
)
_RENAME = (
    update(User)
    .where(col(User.id) == bindparam("user"))
    .values(email=bindparam("new_email"), email_key=bindparam("new_key"))
)


def change_behind(db: Reader, token: str, *, now: datetime) -> str | None:
    """The new address that a link would confirm, or None for a link that is worth nothing. Changes nothing."""
    row = db.first(_BY_TOKEN, hashed=token_hash(token), now=now)
    return None if row is None else row.email


def confirm_change(db: Writer, token: str, *, client: Client, now: datetime) -> Changed:
    """The link was pressed: the new address is the login from now on.

    Raises Refused for a link that is used, old, altered, cancelled, or whose address has been taken meanwhile.
    Sessions stay: an address is no secret, and whoever has asked for the change knew the password.
    """
    row = db.first(_BY_TOKEN, hashed=token_hash(token), now=now)
    if row is None or db.change(_USE, hashed=token_hash(token), now=now) != 1:
        raise Refused(STALE)
    earlier = db.value(_STANDING, user=row.user_id)
    if earlier is None or db.value(TAKEN, key=email_key(row.email)) is not None:
        raise Refused(STALE)
    try:
        db.change(_RENAME, user=row.user_id, new_email=row.email, new_key=email_key(row.email))
    except IntegrityError as taken:  # by somebody else, in this very moment
        raise Refused(STALE) from taken
    db.change(_END_ALL, user=row.user_id, now=now)
    queue(db, earlier, changed_letter(row.email), kind="email-changed", now=now)
    note(db, "email-changed", now=now, actor_id=row.user_id, user_id=row.user_id, address=client.address)
    return Changed(row.user_id, row.email)

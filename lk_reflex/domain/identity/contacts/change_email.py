"""A new e-mail for a login: asked for with the password, valid once its link has been opened and pressed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, update
from sqlmodel import col

from lk_reflex.core.db import Database, Reader, Writer
from lk_reflex.core.errors import Invalid
from lk_reflex.core.text import email_key
from lk_reflex.domain.audit.log import note
from lk_reflex.domain.identity import attempts
from lk_reflex.domain.identity.access import Actor
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.identity.contacts.email_letters import asked_letter, confirm_letter, taken_letter
from lk_reflex.domain.identity.entry_tables import OneTimeToken
from lk_reflex.domain.identity.passwords.asked_again import EMPTY, ask_again
from lk_reflex.domain.identity.registering.emails import clean_email, email_fault
from lk_reflex.domain.identity.tables import User
from lk_reflex.domain.identity.tokens import new_token, token_hash
from lk_reflex.domain.mail.outbox import queue

PURPOSE = "email"
LIFE = timedelta(hours=72)
SAME = "Это ваш нынешний логин. Введите другой адрес электронной почты"
#: The same address asked for again this soon is a second press of the same button.
PRESSED_TWICE = timedelta(minutes=1)
PAUSE = "Вы уже несколько раз меняли адрес."
_DAY = timedelta(days=1)
#: Each change sends two letters, one of them to a mailbox that may be a stranger's.
BY_PERSON = attempts.Limit("email-change:user", 5, longest=_DAY, window=_DAY, first=timedelta(hours=1))
TO_MAILBOX = attempts.Limit("email-change:mailbox", 3, longest=_DAY, window=_DAY, first=timedelta(hours=1))
FROM_CLIENT = attempts.Limit("email-change:client", 20, longest=_DAY, window=_DAY, first=timedelta(hours=1))


@dataclass(frozen=True, slots=True)
class Pending:
    """A new address that waits for its link to be opened."""

    email: str
    expires_at: datetime


#: The conditions of a link that still works at the moment bound as `now`.
OPEN = (
    col(OneTimeToken.purpose) == PURPOSE,
    col(OneTimeToken.used_at).is_(None),
    col(OneTimeToken.expires_at) > bindparam("now"),
)
_PENDING = (
    select(col(OneTimeToken.email), col(OneTimeToken.expires_at), col(OneTimeToken.created_at))
    .where(col(OneTimeToken.user_id) == bindparam("user"), *OPEN)
    .order_by(col(OneTimeToken.id).desc())
    .limit(1)
)
_END_CHANGES = (
    update(OneTimeToken)
    .where(
        col(OneTimeToken.user_id) == bindparam("user"),
        col(OneTimeToken.purpose) == PURPOSE,
        col(OneTimeToken.used_at).is_(None),
    )
    .values(used_at=bindparam("now"))
)
TAKEN = select(col(User.id)).where(col(User.email_key) == bindparam("key"))


def ask_change(
    database: Database, actor: Actor, email: str, password: str, *, key: bytes, site: str, client: Client,
    now: datetime,
) -> str:  # fmt: skip
    """Send the link to the new mailbox and the news of it to the present one; returns the address as understood.

    A taken address gets the same answer, and its owner a letter; a second press gets it too, and sends nothing.
    Raises Invalid for «email» or «password», Refused during a pause.
    """
    wanted = clean_email(email)
    fault = email_fault(wanted) or (SAME if email_key(wanted) == email_key(actor.email) else None)
    if fault:
        raise Invalid({"email": fault} if password else {"email": fault, "password": EMPTY})
    ask_again(database, actor, password, key=key, now=now)
    database.write(_ask, actor, wanted, site=site, client=client, now=now)
    return wanted


def _ask(db: Writer, actor: Actor, email: str, *, site: str, client: Client, now: datetime) -> None:
    waiting = db.first(_PENDING, user=actor.user_id, now=now)
    if waiting and email_key(waiting.email) == email_key(email) and waiting.created_at > now - PRESSED_TWICE:
        return
    limits = ((BY_PERSON, str(actor.user_id)), (TO_MAILBOX, email_key(email)), (FROM_CLIENT, client.network))
    attempts.refuse_while_waiting(db, limits, PAUSE, now=now)
    attempts.note_misses(db, limits, now=now)
    end_changes(db, actor.user_id, now=now)
    token = new_token()
    db.add(
        OneTimeToken(
            token_hash=token_hash(token),
            purpose=PURPOSE,
            user_id=actor.user_id,
            email=email,
            created_at=now,
            expires_at=now + LIFE,
        )
    )
    # The same row and two letters either way; the link of a taken address is sent to nobody.
    taken = db.value(TAKEN, key=email_key(email)) is not None
    letter = taken_letter(site) if taken else confirm_letter(site, token)
    queue(db, email, letter, kind="email-change", now=now)
    queue(db, actor.email, asked_letter(site, email), kind="email-change-asked", now=now)
    note(db, "email-change-asked", now=now, actor_id=actor.user_id, user_id=actor.user_id, address=client.address)


def pending_change(db: Reader, actor: Actor, *, now: datetime) -> Pending | None:
    """The address that waits to be confirmed, or None."""
    row = db.first(_PENDING, user=actor.user_id, now=now)
    return None if row is None else Pending(row.email, row.expires_at)


def cancel_change(db: Writer, actor: Actor, *, client: Client, now: datetime) -> bool:
    """Make the waiting link worthless; returns whether there was one."""
    if not end_changes(db, actor.user_id, now=now):
        return False
    note(db, "email-change-cancelled", now=now, actor_id=actor.user_id, user_id=actor.user_id, address=client.address)
    return True


def end_changes(db: Writer, user_id: int, *, now: datetime) -> int:
    """Make waiting links worthless: also when the password changes, lest a thief who knew the old one have it yet."""
    return db.change(_END_CHANGES, user=user_id, now=now)

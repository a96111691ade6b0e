"""A new password from a signed-in person, who says the present one."""

from datetime import datetime

from sqlalchemy import bindparam, select, update
from sqlmodel import col

from lk_reflex.core.db import Database, Writer
from lk_reflex.core.errors import Conflict, Invalid
from lk_reflex.domain.audit.log import note
from lk_reflex.domain.identity.access import Actor
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.identity.contacts.change_email import end_changes
from lk_reflex.domain.identity.passwords.asked_again import ask_again
from lk_reflex.domain.identity.passwords.hashing import hash_password
from lk_reflex.domain.identity.passwords.letters import changed_letter
from lk_reflex.domain.identity.passwords.rules import password_fault
from lk_reflex.domain.identity.sessions import end_other_sessions
from lk_reflex.domain.identity.tables import User
from lk_reflex.domain.mail.outbox import queue

SAME = "Новый пароль совпадает с нынешним. Придумайте другой"
MEANWHILE = "Пароль только что сменили в другом окне. Войдите с ним заново."
_KEPT = select(col(User.password_hash)).where(col(User.id) == bindparam("user"))
#: Only while the password is the one that was looked at: of two changes at once one must lose.
_CHANGE = (
    update(User)
    .where(col(User.id) == bindparam("user"), col(User.password_hash).is_not_distinct_from(bindparam("was")))
    .values(password_hash=bindparam("new_hash"))
)


def change_password(
    database: Database, actor: Actor, current: str, new: str, *, key: bytes, site: str, client: Client, now: datetime
) -> int:
    """Give the actor's login a new password; returns how many other sessions have ended. This one goes on.

    `current` is looked at only where the login has a password (who came from Госуслуги may have none). Slow by design
    (bcrypt), and therefore outside any transaction. Raises Invalid for «current» and «new», Refused during a pause
    after wrong ones, Conflict where another change was quicker.
    """
    kept = database.read(lambda db: db.value(_KEPT, user=actor.user_id))
    faults = {"new": fault} if (fault := password_fault(new, actor.email)) else {}
    if kept is not None:
        faults = {**_current_faults(database, actor, current, key=key, now=now), **faults}
        if not faults and current == new:
            faults = {"new": SAME}
    if faults:
        raise Invalid(faults)
    return database.write(_change, actor, kept, hash_password(new, key), site=site, client=client, now=now)


def _current_faults(database: Database, actor: Actor, current: str, *, key: bytes, now: datetime) -> dict[str, str]:
    try:
        ask_again(database, actor, current, key=key, now=now, field="current")
    except Invalid as wrong:
        return wrong.fields
    return {}


def _change(
    db: Writer, actor: Actor, kept: str | None, hashed: str, *, site: str, client: Client, now: datetime
) -> int:
    if db.change(_CHANGE, user=actor.user_id, was=kept, new_hash=hashed) != 1:
        raise Conflict(MEANWHILE)
    end_changes(db, actor.user_id, now=now)
    ended = end_other_sessions(db, actor, now=now)
    queue(db, actor.email, changed_letter(site), kind="password-changed", now=now)
    note(
        db, "password-changed", now=now, actor_id=actor.user_id, user_id=actor.user_id, address=client.address,
        sessions_ended=ended,
    )  # fmt: skip
    return ended

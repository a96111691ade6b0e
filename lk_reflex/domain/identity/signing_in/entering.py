"""A door has opened: the session, its line in the audit log, and word to the owner where the browser is new."""

from datetime import datetime

from sqlalchemy import bindparam, select
from sqlmodel import col

from lk_reflex.core.clock import format_date, local_time
from lk_reflex.core.db import Reader, Writer
from lk_reflex.domain.audit.log import note
from lk_reflex.domain.audit.tables import AuditEntry
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.identity.passwords.letters import new_device_letter
from lk_reflex.domain.identity.sessions import open_session
from lk_reflex.domain.identity.signing_in.user_agent import device_words
from lk_reflex.domain.identity.tables import User
from lk_reflex.domain.mail.outbox import queue
from lk_reflex.domain.mail.topics import NEW_DEVICE, wants

#: What the log calls it.
ENTERED = "signed-in"
_EMAIL = select(col(User.email)).where(col(User.id) == bindparam("user"))
_ANY = (
    select(col(AuditEntry.id))
    .where(col(AuditEntry.user_id) == bindparam("user"), col(AuditEntry.action) == ENTERED)
    .limit(1)
)


def enter(
    db: Writer, user_id: int, *, client: Client, known: bool, way: str, site: str, time_zone: str, now: datetime
) -> str:
    """Open a session for whoever has proved to be this person; returns the cookie's value.

    `known` tells whether they have signed in with this browser before. `way` («password», «esia») goes into the log.
    """
    if not known and _has_entered_before(db, user_id) and wants(db, user_id, NEW_DEVICE):
        local = local_time(now, time_zone)
        when = f"{format_date(local.date())}, {local:%H:%M}"
        where = f"{device_words(client.browser)}, сетевой адрес {client.address or 'неизвестен'}"
        queue(db, str(db.value(_EMAIL, user=user_id)), new_device_letter(site, when, where), kind="new-device", now=now)
    cookie = open_session(db, user_id, client=client, now=now)
    note(db, ENTERED, now=now, actor_id=user_id, user_id=user_id, address=client.address, way=way, known=known)
    return cookie


def _has_entered_before(db: Reader, user_id: int) -> bool:
    """Whoever comes for the first time knows that the browser is new. Asked of the log: sessions go after months."""
    return db.first(_ANY, user=user_id) is not None

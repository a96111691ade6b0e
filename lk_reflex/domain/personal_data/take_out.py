"""«Все мои данные»: a limited, logged take-out of everything that is kept of a person."""

from datetime import datetime, timedelta

from lk_reflex.core.crypt import Vault
from lk_reflex.core.db import Database, Writer
from lk_reflex.domain.audit.log import note
from lk_reflex.domain.identity import attempts
from lk_reflex.domain.identity.access import Actor
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.personal_data.archive import archive
from lk_reflex.domain.personal_data.collect import collect

PAUSE = "Вы уже несколько раз скачивали свои данные."
_HOUR = timedelta(hours=1)
TAKEN = attempts.Limit("data:user", 5, longest=_HOUR, window=_HOUR, first=timedelta(minutes=10))


def take_out(database: Database, actor: Actor, *, vault: Vault, zone: str, client: Client, now: datetime) -> bytes:
    """The person's data as a ZIP. Raises Refused after several within an hour."""
    database.write(_note, actor, client=client, now=now)
    return archive(database.read(collect, actor, vault), now=now, zone=zone)


def _note(db: Writer, actor: Actor, *, client: Client, now: datetime) -> None:
    limits = ((TAKEN, str(actor.user_id)),)
    attempts.refuse_while_waiting(db, limits, PAUSE, now=now)
    attempts.note_misses(db, limits, now=now)
    note(db, "data-taken", now=now, actor_id=actor.user_id, user_id=actor.user_id, address=client.address)

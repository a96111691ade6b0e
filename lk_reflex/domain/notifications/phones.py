"""A person's phones with the mobile application: bound by the application itself, unbound there or in «Настройки»."""

from datetime import datetime, timedelta

from lk_reflex.core.crypt import Vault
from lk_reflex.core.db import Reader, Writer
from lk_reflex.core.errors import Invalid
from lk_reflex.domain.audit.log import note
from lk_reflex.domain.identity.access import Actor
from lk_reflex.domain.identity.attempts import Limit, note_miss, refuse_while_waiting
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.push import devices, topics
from lk_reflex.domain.push.devices import Device, devices_of
from lk_reflex.domain.push.topics import Choice

#: An application binds its phone at each start, and somebody may have several.
BINDINGS = Limit("push-bind", 60, longest=timedelta(hours=1), window=timedelta(days=1))
TOO_OFTEN = "Телефон привязывают слишком часто."


def bind_phone(
    db: Writer, actor: Actor, token: str, platform: str, name: str, *, vault: Vault, client: Client, now: datetime
) -> int:
    """Bind a phone by its token at the push service; a repeat is quiet. Returns the phone's id.

    Raises Invalid for «token» or «platform», Refused when it is done too often.
    """
    mine = [(BINDINGS, str(actor.user_id))]
    refuse_while_waiting(db, mine, TOO_OFTEN, now=now)
    note_miss(db, BINDINGS, str(actor.user_id), now=now)
    device_id, new = devices.bind(db, actor.user_id, token, platform, name, vault=vault, now=now)
    if new:
        _log(db, "push-bound", actor, client, now)
    return device_id


def unbind_phone(db: Writer, actor: Actor, device_id: int, *, client: Client, now: datetime) -> None:
    """«Отвязать». Raises NotFound for what isn't the actor's."""
    devices.unbind(db, actor.user_id, device_id)
    _log(db, "push-unbound", actor, client, now)


def unbind_by_token(db: Writer, actor: Actor, token: str, *, client: Client, now: datetime) -> bool:
    """The application signs out or wants no messages; False where the phone isn't bound to the actor.

    Raises Invalid for «token».
    """
    if not token:
        raise Invalid({devices.TOKEN: devices.BAD_TOKEN})
    gone = devices.unbind_token(db, actor.user_id, token)
    if gone:
        _log(db, "push-unbound", actor, client, now)
    return gone


def phones(db: Reader, actor: Actor) -> tuple[Device, ...]:
    """The actor's phones, newest first."""
    return devices_of(db, actor.user_id)


def topics_of(db: Reader, actor: Actor) -> tuple[Choice, ...]:
    """What phones may be told of, with the actor's choice."""
    return topics.choices(db, actor.user_id)


def choose_topic(db: Writer, actor: Actor, topic: str, wanted: bool, *, now: datetime) -> None:
    """Keep the choice. Raises NotFound for an unknown topic."""
    topics.choose(db, actor.user_id, topic, wanted, now=now)


def _log(db: Writer, deed: str, actor: Actor, client: Client, now: datetime) -> None:
    note(db, deed, now=now, actor_id=actor.user_id, user_id=actor.user_id, address=client.address)

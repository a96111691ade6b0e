"""Asking for a new phone: the code is made in a transaction, and sent after it."""

from datetime import datetime

from lk_reflex.core.db import Database, Writer
from lk_reflex.core.errors import Invalid, Refused, Unavailable
from lk_reflex.domain.identity import attempts
from lk_reflex.domain.identity.access import Actor
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.identity.contacts.phone_codes import (
    BY_PERSON,
    Message,
    new_code,
    on_its_way,
    unsent,
    waiting_phone,
)
from lk_reflex.domain.identity.contacts.profile import profile_of
from lk_reflex.domain.identity.contacts.set_phone import set_phone
from lk_reflex.integrations.sms.port import SmsFailed, SmsGateway

SAME = "Этот номер уже указан и подтверждён. Введите другой"
MANY = "Вы уже несколько раз меняли номер."
NOT_SENT = "Не получилось отправить СМС: служба сообщений не отвечает. Номер прежний, повторите через несколько минут."
NOTHING_WAITS = "Время кода вышло. Укажите номер и нажмите «Изменить» ещё раз."


def change_phone(
    database: Database, gateway: SmsGateway | None, actor: Actor, phone: str, *, key: bytes, client: Client,
    now: datetime,
) -> bool:  # fmt: skip
    """Send a code to the phone (E.164); returns whether one was sent, by this press or by one just before it.

    Without a gateway the phone is kept at once, unconfirmed. Raises Invalid for «phone», Refused during a pause,
    Unavailable where the gateway doesn't take the message.
    """
    profile = database.read(profile_of, actor)
    if profile.phone == phone and (profile.phone_confirmed or gateway is None):
        raise Invalid({"phone": SAME if profile.phone_confirmed else "Этот номер уже указан. Введите другой"})
    if gateway is None:
        database.write(_keep, actor, phone, client=client, now=now)
        return False
    if database.read(on_its_way, actor, phone, now=now):
        return True
    _send(database, gateway, database.write(new_code, actor, phone, key=key, client=client, now=now), now)
    return True


def resend_code(
    database: Database, gateway: SmsGateway | None, actor: Actor, *, key: bytes, client: Client, now: datetime
) -> str:
    """Send a new code to the phone that waits for one; returns that phone. Raises Refused, Unavailable."""
    phone = database.read(waiting_phone, actor, now=now)
    if not phone or gateway is None:
        raise Refused(NOTHING_WAITS)
    _send(database, gateway, database.write(new_code, actor, phone, key=key, client=client, now=now), now)
    return phone


def _send(database: Database, gateway: SmsGateway, message: Message, now: datetime) -> None:
    try:
        gateway.send(message.phone, message.text)
    except SmsFailed as fault:
        database.write(unsent, message, now=now)
        raise Unavailable(NOT_SENT) from fault


def _keep(db: Writer, actor: Actor, phone: str, *, client: Client, now: datetime) -> None:
    limits = ((BY_PERSON, str(actor.user_id)),)  # each change sends a letter
    attempts.refuse_while_waiting(db, limits, MANY, now=now)
    attempts.note_misses(db, limits, now=now)
    set_phone(db, actor, phone, confirmed=False, client=client, now=now)

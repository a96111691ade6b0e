"""Writing a new phone into a login, and telling its owner."""

from datetime import datetime

from sqlalchemy import bindparam, update
from sqlmodel import col

from lk_reflex.core.db import Writer
from lk_reflex.core.schema import UtcTime
from lk_reflex.domain.audit.log import note
from lk_reflex.domain.identity.access import Actor
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.identity.contacts.phones import masked_phone
from lk_reflex.domain.identity.tables import User
from lk_reflex.domain.mail.letter import Letter
from lk_reflex.domain.mail.outbox import queue

_SET = (
    update(User)
    .where(col(User.id) == bindparam("user"))
    .values(phone=bindparam("new_phone"), phone_confirmed_at=bindparam("moment", type_=UtcTime()))
)


def set_phone(db: Writer, actor: Actor, phone: str, *, confirmed: bool, client: Client, now: datetime) -> None:
    """Keep the phone (E.164). Without a gateway for SMS it stays unconfirmed, and is shown as such."""
    db.change(_SET, user=actor.user_id, new_phone=phone, moment=now if confirmed else None)
    queue(db, actor.email, _letter(phone), kind="phone-changed", now=now)
    note(
        db,
        "phone-changed",
        now=now,
        actor_id=actor.user_id,
        user_id=actor.user_id,
        address=client.address,
        confirmed=confirmed,
    )


def _letter(phone: str) -> Letter:
    return Letter(
        "Изменён телефон в личном кабинете",
        (
            f"В вашей учётной записи теперь указан телефон {masked_phone(phone)}.",
            "Если это были не вы, войдите в личный кабинет, откройте «Настройки», верните свой номер и смените пароль: "
            "все другие сеансы при этом завершатся.",
        ),
    )

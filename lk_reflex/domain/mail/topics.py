"""Which letters a person may do without. Letters about the safety of a login have no topic: they always go."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col

from lk_reflex.core.db import Reader, Writer
from lk_reflex.core.errors import NotFound
from lk_reflex.domain.mail.tables import MailChoice

NO_SUCH_TOPIC = "Таких писем кабинет не отправляет"


@dataclass(frozen=True, slots=True)
class Topic:
    """A kind of letters. `title` and `hint` are what the settings page shows, `default` holds until a choice."""

    key: str
    title: str
    hint: str
    default: bool


NEW_DEVICE, READINGS, RECEIPTS = "new-device", "readings", "receipts"
REMINDER, VERIFICATION = "reminder", "verification"
REQUESTS = "requests"
ANNOUNCEMENTS = "announcements"
TOPICS = (
    Topic(NEW_DEVICE, "Вход с нового устройства", "Когда в кабинет вошли с устройства, которого раньше не было", True),
    Topic(READINGS, "Подтверждение передачи показаний", "Что принято по каждому прибору учета", True),
    Topic(RECEIPTS, "Новая квитанция", "Когда выпущена квитанция по вашему лицевому счету", True),
    Topic(REQUESTS, "Заявки и обращения", "Что отправлено, новый статус заявки и ответы организации", True),
    Topic(ANNOUNCEMENTS, "Объявления и отключения", "Новости вашей организации и отключения по вашему адресу", True),
    Topic(REMINDER, "Напоминание о показаниях", "Когда открылся приём и когда до его конца остались дни", True),
    Topic(VERIFICATION, "Срок поверки счётчика", "За 60 и за 30 дней до конца поверки и когда она закончилась", True),
)  # fmt: skip
_BY_KEY = {topic.key: topic for topic in TOPICS}


@dataclass(frozen=True, slots=True)
class Choice:
    """A topic and whether its letters go to this person."""

    topic: Topic
    wanted: bool


_CHOSEN = select(col(MailChoice.topic), col(MailChoice.wanted)).where(col(MailChoice.user_id) == bindparam("user_id"))
_ROW = {"user_id": bindparam("of_user"), "topic": bindparam("of_topic"), "wanted": bindparam("is_wanted"),
        "changed_at": bindparam("now")}  # fmt: skip


def _choose(maker: Any) -> Any:
    insert = maker.insert(MailChoice).values(_ROW)
    new = {"wanted": insert.excluded.wanted, "changed_at": insert.excluded.changed_at}
    return insert.on_conflict_do_update(index_elements=["user_id", "topic"], set_=new)


_CHOOSE = {"sqlite": _choose(sqlite), "postgresql": _choose(postgresql)}


def choices(db: Reader, user_id: int) -> tuple[Choice, ...]:
    """Every topic, in the order of the settings page, with this person's choice or the default."""
    chosen = {row.topic: bool(row.wanted) for row in db.rows(_CHOSEN, user_id=user_id)}
    return tuple(Choice(topic, chosen.get(topic.key, topic.default)) for topic in TOPICS)


def wants(db: Reader, user_id: int, topic_key: str) -> bool:
    """Whether letters of a topic go to a person. Raises NotFound for an unknown topic."""
    topic = _topic(topic_key)
    return next(choice.wanted for choice in choices(db, user_id) if choice.topic is topic)


def choose(db: Writer, user_id: int, topic_key: str, wanted: bool, *, now: datetime) -> None:
    """Keep a person's choice; a repeat is quiet. Raises NotFound for an unknown topic."""
    topic = _topic(topic_key)
    statement = _CHOOSE[db.connection.dialect.name]
    db.change(statement, of_user=user_id, of_topic=topic.key, is_wanted=wanted, now=now)


def _topic(key: str) -> Topic:
    topic = _BY_KEY.get(key)
    if topic is None:
        raise NotFound(NO_SUCH_TOPIC)
    return topic

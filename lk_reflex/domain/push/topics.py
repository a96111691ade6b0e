"""What push messages tell of: a topic for each kind of lines in the feed, with words that name nobody."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col

from lk_reflex.core.db import Reader, Writer
from lk_reflex.core.errors import NotFound
from lk_reflex.domain.push.tables import PushChoice

NO_SUCH_TOPIC = "Таких уведомлений кабинет не отправляет"
LOOK = "Откройте личный кабинет, чтобы посмотреть"


@dataclass(frozen=True, slots=True)
class Words:
    """What a phone's locked screen shows: no name, no address, no sum. `number` is a request's, or empty."""

    title: str
    body: str = LOOK
    number: str = ""


@dataclass(frozen=True, slots=True)
class Topic:
    """A kind of the feed's lines. `title` and `hint` are what the settings page shows, `words` go to the phone."""

    key: str
    title: str
    hint: str
    words: Words


REQUEST, READINGS, VERIFICATION, PAYMENT = "request", "readings", "verification", "payment"
ANNOUNCEMENT = "announcement"
#: Their keys are the feed's kinds. All are on until the person says otherwise: they have installed the application.
TOPICS = (
    Topic(REQUEST, "Заявки и обращения", "Новый статус и ответы организации", Words("Новости по вашей заявке")),
    Topic(READINGS, "Показания счётчиков", "Приём открыт и скоро закончится, что стало с переданным",
          Words("Показания счётчиков")),
    Topic(VERIFICATION, "Срок поверки счётчика", "За 60 и за 30 дней и когда срок закончился",
          Words("Срок поверки счётчика")),
    Topic(ANNOUNCEMENT, "Объявления и отключения", "Новости организации и отключения по вашему адресу",
          Words("Объявление вашей организации")),
    Topic(PAYMENT, "Платежи", "Оплата принята, деньги возвращены", Words("Новости о вашем платеже")),
)  # fmt: skip
_BY_KEY = {topic.key: topic for topic in TOPICS}


@dataclass(frozen=True, slots=True)
class Choice:
    """A topic and whether its messages go to this person's phones."""

    topic: Topic
    wanted: bool


_CHOSEN = select(col(PushChoice.topic), col(PushChoice.wanted)).where(col(PushChoice.user_id) == bindparam("user_id"))
_ROW = {"user_id": bindparam("of_user"), "topic": bindparam("of_topic"), "wanted": bindparam("is_wanted"),
        "changed_at": bindparam("now")}  # fmt: skip


def _choose(maker: Any) -> Any:
    insert = maker.insert(PushChoice).values(_ROW)
    new = {"wanted": insert.excluded.wanted, "changed_at": insert.excluded.changed_at}
    return insert.on_conflict_do_update(index_elements=["user_id", "topic"], set_=new)


_CHOOSE = {"sqlite": _choose(sqlite), "postgresql": _choose(postgresql)}


def topic_of(key: str) -> Topic | None:
    """The topic of a kind of the feed's lines; None where phones aren't told of it."""
    return _BY_KEY.get(key)


def choices(db: Reader, user_id: int) -> tuple[Choice, ...]:
    """Every topic, in the order of the settings page, with this person's choice."""
    chosen = {row.topic: bool(row.wanted) for row in db.rows(_CHOSEN, user_id=user_id)}
    return tuple(Choice(topic, chosen.get(topic.key, True)) for topic in TOPICS)


def choose(db: Writer, user_id: int, topic_key: str, wanted: bool, *, now: datetime) -> None:
    """Keep a person's choice; a repeat is quiet. Raises NotFound for an unknown topic."""
    topic = topic_of(topic_key)
    if topic is None:
        raise NotFound(NO_SUCH_TOPIC)
    db.change(_CHOOSE[db.connection.dialect.name], of_user=user_id, of_topic=topic.key, is_wanted=wanted, now=now)

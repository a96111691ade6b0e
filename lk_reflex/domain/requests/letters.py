"""The letters about a request. Pure: texts in, letters out; whatever people have typed stands in their bodies alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from lk_reflex.core.clock import format_date
from lk_reflex.domain.mail.letter import Letter, Link
from lk_reflex.domain.requests.kinds import TITLES as KIND_TITLES
from lk_reflex.domain.requests.kinds import Kind
from lk_reflex.domain.requests.machine import TITLES, Status
from lk_reflex.domain.requests.numbers import grouped
from lk_reflex.domain.requests.terms import TERM_DAYS, working_days

MIND = "Какие письма приходят, вы выбираете в разделе «Настройки», карточка «Уведомления по почте»."
_PATH: Final = "/services/requests/"


@dataclass(frozen=True, slots=True)
class _Words:
    """A kind's noun as sentences need it, and what agrees with it."""

    is_: str
    it: str
    to: str
    of: str
    taken: str
    done: str


_REQUEST = _Words("Заявка", "заявку", "заявке", "заявки", "принята", "выполнена")
_APPEAL = _Words("Обращение", "обращение", "обращению", "обращения", "принято", "выполнено")
_WORDS: Final = {Kind.SEALING: _REQUEST, Kind.EMERGENCY: _REQUEST, Kind.APPEAL: _APPEAL}


def title_of(kind: Kind, number: str, news: str) -> str:
    """«Заявка на опломбировку 261123-482-913: Принято», of a letter and of a line of the feed."""
    return f"{KIND_TITLES[kind]} {grouped(number)}: {news}"


def sent_letter(
    kind: Kind, number: str, organization: str, due: date | None, site: str, *, again: bool = False
) -> Letter:
    """What the sender keeps: the number, what comes next, and until when."""
    words = _WORDS[kind]
    done = "Исправления отправлены" if again else f"Вы отправили {words.it}"
    paragraphs = [
        f"{done}. Номер {words.of}: {grouped(number)}. Назовите его, если будете звонить в организацию.",
        f"Что дальше: {organization} посмотрит {words.it} и ответит в личном кабинете. О каждом новом статусе придёт "
        "письмо.",
    ]
    if due is not None:
        paragraphs.append(f"Срок ответа: до {format_date(due)} ({working_days(TERM_DAYS)}).")
    return Letter(title_of(kind, number, TITLES[Status.SENT]), tuple(paragraphs), _link(kind, number, site), (MIND,))


def moved_letter(kind: Kind, number: str, status: Status, comment: str, fields: Sequence[str], site: str) -> Letter:
    """A new status with the organization's words; `fields` are what is to be corrected, as people call it."""
    paragraphs = [_news(_WORDS[kind], status), *_quoted("Комментарий", comment)]
    if fields:
        paragraphs.append("Исправьте: " + "; ".join(fields) + ".")
    return Letter(title_of(kind, number, TITLES[status]), tuple(paragraphs), _link(kind, number, site), (MIND,))


def message_letter(kind: Kind, number: str, text: str, site: str) -> Letter:
    """The organization has written."""
    words = _WORDS[kind]
    said = _quoted("Сообщение", text) or ["Организация прислала файл: он в личном кабинете."]
    paragraphs = (f"Организация написала вам по {words.to}.", *said, "Ответить можно в личном кабинете.")
    return Letter(title_of(kind, number, "новое сообщение"), paragraphs, _link(kind, number, site), (MIND,))


def _news(words: _Words, status: Status) -> str:
    return {
        Status.ACCEPTED: f"{words.is_} {words.taken}. Организация решает, что делать дальше.",
        Status.WORKING: f"По {words.to} начали работу.",
        Status.CORRECTING: f"Чтобы {words.it} приняли, исправьте отмеченное и отправьте снова.",
        Status.REFUSED: f"По {words.to} отказано.",
        Status.DONE: f"{words.is_} {words.done}. Оцените работу на странице {words.of}.",
    }.get(status, f"Новый статус {words.of}: «{TITLES[status]}».")


def _quoted(name: str, text: str) -> list[str]:
    """A foreign text line by line: a letter's paragraph knows no line ends."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return [f"{name}: {lines[0]}", *lines[1:]] if lines else []


def _link(kind: Kind, number: str, site: str) -> Link:
    return Link(f"Открыть {_WORDS[kind].it}", f"{site}{_PATH}{number}")

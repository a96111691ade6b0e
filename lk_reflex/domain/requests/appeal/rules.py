"""What an appeal must have to be sent. Pure: no database and no clock."""

from collections.abc import Collection, Mapping
from typing import Final

from lk_reflex.core.errors import Invalid
from lk_reflex.core.text import visible
from lk_reflex.domain.identity.contacts.phones import mobile_of

TOPIC, TEXT, PHONE, FILE = "topic", "text", "phone", "file"
SHORTEST: Final = 10
LONGEST: Final = 4000
CHOOSE_TOPIC = "Выберите тему обращения"
NO_TOPIC = "Такой темы больше нет. Выберите другую из списка"
NO_TEXT = "Напишите, о чём ваше обращение"
TOO_SHORT = f"Напишите подробнее: хотя бы {SHORTEST} знаков"


def faults(form: Mapping[str, object], topics: Collection[str]) -> dict[str, str]:
    """What is wrong, by the field's name, in the order of the form; nothing where it may be sent."""
    found = {
        TOPIC: _topic(plain(form, TOPIC), topics),
        TEXT: _text(plain(form, TEXT)),
        PHONE: _phone(plain(form, PHONE)),
    }
    return {name: sentence for name, sentence in found.items() if sentence}


def plain(form: Mapping[str, object], name: str) -> str:
    """A field as it counts: without spaces around it and without what nobody sees."""
    value = form.get(name)
    return visible(value).strip() if isinstance(value, str) else ""


def _topic(topic: str, topics: Collection[str]) -> str:
    if not topic:
        return CHOOSE_TOPIC
    return "" if topic in topics else NO_TOPIC


def _text(text: str) -> str:
    if not text:
        return NO_TEXT
    if len(text) < SHORTEST:
        return TOO_SHORT
    return "" if len(text) <= LONGEST else f"Не больше {LONGEST} знаков, сейчас {len(text)}. Сократите текст"


def _phone(typed: str) -> str:
    try:
        mobile_of(typed)
    except Invalid as fault:
        return fault.fields[PHONE]
    return ""

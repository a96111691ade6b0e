"""What the fields and the files of a request are called, by their names in its form; the manual's words."""

from collections.abc import Mapping, Sequence
from typing import Final

from lk_reflex.domain.requests.kinds import Kind

#: In the order of the form; passport fields stand apart, since a form never holds them.
FIELDS: Final[dict[Kind, dict[str, str]]] = {
    Kind.SEALING: {
        "owner": "ФИО собственника",
        "document": "Документ, удостоверяющий личность",
        "phone": "Контактный телефон",
        "wished": "Предлагаемая дата ввода ПУ в эксплуатацию",
    },
    Kind.EMERGENCY: {
        "address": "Адрес",
        "organization": "Кому сообщить",
        "description": "Описание",
        "damage": "Тип повреждений",
        "name": "Ваше имя",
        "phone": "Контактный телефон",
    },
    Kind.APPEAL: {
        "topic": "Тема",
        "text": "Текст обращения",
        "phone": "Контактный телефон",
    },
}
METER_FIELDS: Final = {
    "application": "Тип заявки",
    "type": "Тип прибора учета (ПУ)",
    "serial": "Заводской номер ПУ",
    "brand": "Марка ПУ",
    "reading": "Показание ПУ на момент подачи заявки",
    "verification_due": "Дата следующей поверки",
    "place": "Место установки",
    "installer": "Сведения об организации, осуществляющей монтаж ПУ",
}
PASSPORT_FIELDS: Final = {
    "series": "Серия",
    "number": "Номер",
    "issued_on": "Дата выдачи",
    "code": "Код подразделения",
    "issued_by": "Кем выдан",
}
METER_SLOTS: Final = {"passport": "паспорт на ПУ", "act": "акт о прохождении поверки ПУ"}
SLOTS: Final = {"photo": "Фото с места аварии", "file": "Приложенный файл", "message": "Файл к сообщению"}


def meters_of(form: Mapping[str, object]) -> tuple[Mapping[str, object], ...]:
    """The meters' rows of a sealing application's form; what isn't one is left out."""
    rows = form.get("meters")
    return tuple(row for row in rows if isinstance(row, Mapping)) if isinstance(rows, Sequence) else ()


def label(kind: Kind, name: str, form: Mapping[str, object]) -> str:
    """«Контактный телефон» of «phone», «Счетчик 2: Заводской номер ПУ» of «m7.serial», the name of a file's slot.

    Meters go by their place in the form. An unknown name is given back as it is.
    """
    for mark, known in ((".", METER_FIELDS), (":", METER_SLOTS)):
        key, found, field = name.partition(mark)
        if found:
            return f"{meter_title(key, form)}: {known.get(field, field)}"
    return FIELDS[kind].get(name) or PASSPORT_FIELDS.get(name) or SLOTS.get(name, name)


def meter_title(key: str, form: Mapping[str, object]) -> str:
    """«Счетчик 2»."""
    keys = [row.get("key") for row in meters_of(form)]
    return f"Счетчик {keys.index(key) + 1}" if key in keys else "Счетчик"

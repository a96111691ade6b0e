"""The fields of the three forms: their names in data, and what people call them."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from lk_reflex.domain.requests.kinds import Kind

OWNER, DOCUMENT, PHONE, WISHED, METERS = "owner", "document", "phone", "wished", "meters"
SERIES, NUMBER, ISSUED_ON, CODE, ISSUED_BY = "series", "number", "issued_on", "code", "issued_by"
APPLICATION, TYPE, SERIAL, BRAND, READING = "application", "type", "serial", "brand", "reading"
VERIFICATION_DUE, PLACE, INSTALLER = "verification_due", "place", "installer"
#: The second halves of a meter's slots for files.
METER_PASSPORT, METER_ACT = "passport", "act"

#: Never in `Request.form`: they stand encrypted in a column of their own.
PASSPORT: Final = {
    SERIES: "Серия паспорта",
    NUMBER: "Номер паспорта",
    ISSUED_ON: "Дата выдачи паспорта",
    CODE: "Код подразделения",
    ISSUED_BY: "Кем выдан паспорт",
}
METER: Final = {
    APPLICATION: "Тип заявки",
    TYPE: "Тип прибора учета (ПУ)",
    SERIAL: "Заводской номер ПУ",
    BRAND: "Марка (ПУ)",
    READING: "Показание ПУ на момент подачи заявки",
    VERIFICATION_DUE: "Дата следующей поверки",
    PLACE: "Место установки",
    INSTALLER: "Сведения об организации, осуществляющей монтаж ПУ",
}
METER_FILES: Final = {METER_PASSPORT: "паспорт на ПУ", METER_ACT: "акт о прохождении поверки ПУ"}
#: In the order of the screens.
FIELDS: Final[dict[Kind, Mapping[str, str]]] = {
    Kind.SEALING: {
        OWNER: "ФИО собственника",
        DOCUMENT: "Документ, удостоверяющий личность",
        PHONE: "Контактный телефон",
        WISHED: "Предлагаемая дата ввода ПУ в эксплуатацию",
    },
    Kind.EMERGENCY: {
        "address": "Адрес",
        "building": "Дом",
        "latitude": "Широта",
        "longitude": "Долгота",
        "description": "Описание",
        "damage": "Тип повреждений",
        "name": "Имя",
        PHONE: "Контактный телефон",
    },
    Kind.APPEAL: {"topic": "Тема", "text": "Текст обращения", PHONE: "Контактный телефон"},
}
FILES: Final = {"photo": "Фото с места аварии", "file": "Файлы", "message": "Файлы сообщения"}
#: How many meters an application may have.
MOST_METERS: Final = 20
_ROW_FIELD = re.compile(r"(m[1-9]\d{0,3})([.:])(\w+)")


def split_name(name: str) -> tuple[str, str]:
    """«m1.serial» and «m1:act» as the row's key and the field's own name; a field of the whole form has no key."""
    found = _ROW_FIELD.fullmatch(name)
    return (found[1], found[3]) if found else ("", name)


def knows(kind: Kind, name: str) -> bool:
    """Whether a form of this kind keeps a field of this name; a meter's only with its row's key."""
    if name in FIELDS[kind]:
        return True
    key, field = split_name(name)
    return kind is Kind.SEALING and bool(key) and ":" not in name and field in METER


def may_be_named(kind: Kind, name: str) -> bool:
    """Whether «На исправление» may name it: any field, the passport's and the files' too."""
    if knows(kind, name):
        return True
    if kind is not Kind.SEALING:
        return name == ("photo" if kind is Kind.EMERGENCY else "file")
    key, field = split_name(name)
    return name in PASSPORT or (bool(key) and ":" in name and field in METER_FILES)


def title_of(kind: Kind, name: str, form: Mapping[str, object] | None = None) -> str:
    """«Контактный телефон», «Счётчик 2: Заводской номер ПУ»; the name itself where nobody knows it.

    A row is numbered by its place in `form`, or by its key where no form is given.
    """
    plain = {**FIELDS[kind], **PASSPORT, **FILES}.get(name)
    if plain:
        return plain
    key, field = split_name(name)
    title = {**METER, **METER_FILES}.get(field)
    if not key or not title:
        return name
    keys = [str(row.get("key")) for row in meter_rows(form)] if form is not None else []
    place = keys.index(key) + 1 if key in keys else int(key[1:])
    return f"Счётчик {place}: {title}"


def meter_rows(form: Mapping[str, object]) -> list[dict[str, str]]:
    """The meters of a sealing form, whatever stands there."""
    rows = form.get(METERS)
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def row_keys(rows: Iterable[Mapping[str, str]]) -> list[str]:
    """«m1», «m3»: in the rows' order."""
    return [row["key"] for row in rows]

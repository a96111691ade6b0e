"""The lines of the audit log as ready strings. No Reflex here."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lk_reflex.core.clock import format_date, local_time
from lk_reflex.core.money import format_money
from lk_reflex.domain.administration.audit_search import Entry
from lk_reflex.domain.administration.organization_fields import FIELDS
from lk_reflex.domain.personal_data.words import DEEDS, OTHER_DEED
from lk_reflex.domain.requests.dictionaries import APPLICATION, BRAND, DAMAGE, METER_TYPE, PLACE, TOPIC
from lk_reflex.domain.requests.kinds import TITLES as KINDS
from lk_reflex.domain.requests.machine import TITLES as STATUSES
from lk_reflex.domain.requests.numbers import grouped
from lk_reflex.ui import paths

#: What a deed's details are called. Others are shown by their own names: nothing of the log is left out.
_DETAILS = {
    "accepted": "принято",
    "announcement": "объявление №",
    "assignee": "исполнитель: логин №",
    "attempts": "попыток",
    "became": "стало",
    "confirmed": "подтверждено",
    "consents_withdrawn": "отозвано согласий",
    "correction": "просьба №",
    "day": "день",
    "fields": "поля",
    "file": "файл №",
    "grant": "доступ №",
    "grants_ended": "закрыто доступов",
    "kind": "вид",
    "known": "знакомое устройство",
    "kopecks": "сумма, руб.",
    "link": "ссылка №",
    "lines": "строк",
    "may_pay": "может платить",
    "may_send": "может передавать показания",
    "name": "название",
    "names": "с фамилиями",
    "number": "номер",
    "order": "заказ №",
    "orders": "заказов",
    "organization": "организация №",
    "profile": "профиль",
    "readings": "показаний",
    "reason": "причина",
    "request": "заявка №",
    "role": "роль",
    "rows": "строк",
    "seconds": "пауза, с",
    "session": "сеанс №",
    "sessions_ended": "завершено сеансов",
    "sent": "показание №",
    "status": "статус",
    "submission": "передача показаний №",
    "switches": "переключены",
    "task": "задание №",
    "template": "шаблон №",
    "was": "было",
    "way": "способ",
}
_SAID = {True: "да", False: "нет", None: "—"}
#: What stands in details by a short English name: sections and services, fields, roles, ways in, lists, kinds.
_VALUES = {
    **{section.path.lstrip("/"): f"«{section.title}»" for section in paths.SECTIONS},
    **{status.value: f"«{title}»" for status, title in STATUSES.items()},
    **{kind.value: f"«{title}»" for kind, title in KINDS.items()},
    **{field.name: f"«{field.label}»" for field in FIELDS},
    APPLICATION: "тип заявки", METER_TYPE: "тип прибора учета", BRAND: "марка", PLACE: "место установки",
    DAMAGE: "тип повреждений", TOPIC: "тема обращения",
    "operator": "оператор", "admin": "администратор", "resident": "житель",
    "password": "по паролю", "esia": "через Госуслуги", "package": "пакет", "register": "реестр",
    "readings": "показания", "payments": "платежи", "requests": "заявки",
    "on": "включено", "off": "выключено", "emergency-phone": "телефон для аварий",
    "sealing-regulation": "регламент опломбировки", "emergency-regulation": "регламент сообщения об аварии",
}  # fmt: skip
_WORD = re.compile(r"[a-z][a-z_-]*")


@dataclass(frozen=True)
class EntryRow:
    """One deed; `about` and `account` are empty where it concerns nobody else."""

    key: str
    at: str
    deed: str
    by: str
    about: str
    account: str
    address: str
    detail: str


def entry_row(entry: Entry, zone: str) -> EntryRow:
    """A line of the log, by the installation's clock."""
    local = local_time(entry.at, zone)
    return EntryRow(
        str(entry.entry_id),
        f"{format_date(local.date())} {local:%H:%M:%S}",
        DEEDS.get(entry.action, f"{OTHER_DEED} ({entry.action})"),
        entry.by or "кабинет",
        entry.about,
        entry.account,
        entry.address,
        details(entry.detail),
    )


def details(detail: Mapping[str, Any]) -> str:
    """«заказ № 17; сумма, руб. 500,00»."""
    return "; ".join(f"{_DETAILS.get(name, name)} {_value(name, value)}" for name, value in detail.items())


def _value(name: str, value: Any) -> str:
    if isinstance(value, bool) or value is None:
        return _SAID[value]
    if name == "kopecks" and isinstance(value, int):
        return format_money(value)
    if name == "request" and isinstance(value, str):
        return grouped(value)
    return _WORD.sub(lambda word: _VALUES.get(word[0], word[0]), str(value)).replace("=", ": ")

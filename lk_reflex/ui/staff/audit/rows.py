"""The lines of the audit log as ready strings. No Reflex here."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lk_reflex.core.clock import format_date, local_time
from lk_reflex.core.money import format_money
from lk_reflex.domain.administration.audit_search import Entry
from lk_reflex.domain.personal_data.words import DEEDS, OTHER_DEED

#: What a deed's details are called. Others are shown by their own names: nothing of the log is left out.
_DETAILS = {
    "accepted": "принято",
    "attempts": "попыток",
    "consents_withdrawn": "отозвано согласий",
    "correction": "просьба №",
    "day": "день",
    "grant": "доступ №",
    "grants_ended": "закрыто доступов",
    "kind": "вид",
    "known": "знакомое устройство",
    "kopecks": "сумма, руб.",
    "link": "ссылка №",
    "may_pay": "может платить",
    "may_send": "может передавать показания",
    "names": "с фамилиями",
    "number": "номер",
    "order": "заказ №",
    "orders": "заказов",
    "organization": "организация №",
    "profile": "профиль",
    "readings": "показаний",
    "reason": "причина",
    "request": "заявка №",
    "rows": "строк",
    "seconds": "пауза, с",
    "session": "сеанс №",
    "sessions_ended": "завершено сеансов",
    "status": "статус",
    "task": "задание №",
    "way": "способ",
}
_SAID = {True: "да", False: "нет", None: "—"}


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
    return format_money(value) if name == "kopecks" and isinstance(value, int) else str(value)

"""The fields of an organization as an administrator types them: what each takes, and what is said where it doesn't.

Pure. Money in kopecks, rates in hundredths of a percent, volumes in thousandths.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from lk_reflex.core.exact import format_scaled, parse_scaled
from lk_reflex.core.money import format_money, parse_money, without_roubles
from lk_reflex.core.text import visible
from lk_reflex.domain.accounts.tables import EXEMPT, ORGANIZATION, OWN_TILL, PAYER, TRANSFER
from lk_reflex.domain.documents.qr.bank_details import key_holds

DETAILS, READINGS, PAYMENTS = "details", "readings", "payments"
LONGEST_DAY: Final = 31
#: The 28th is the last day that each month has.
LAST_DUE_DAY: Final = 28
_RATE_PLACES, _VOLUME_PLACES = 2, 3
HUNDRED_PERCENT: Final = 100_00
ZONES: Final = {
    "Europe/Kaliningrad": "Калининград (МСК−1)",
    "Europe/Moscow": "Москва (МСК)",
    "Europe/Samara": "Самара (МСК+1)",
    "Asia/Yekaterinburg": "Екатеринбург, Челябинск (МСК+2)",
    "Asia/Omsk": "Омск (МСК+3)",
    "Asia/Krasnoyarsk": "Красноярск (МСК+4)",
    "Asia/Irkutsk": "Иркутск (МСК+5)",
    "Asia/Yakutsk": "Якутск (МСК+6)",
    "Asia/Vladivostok": "Владивосток (МСК+7)",
    "Asia/Magadan": "Магадан (МСК+8)",
    "Asia/Kamchatka": "Камчатка (МСК+9)",
}
BEARERS: Final = {PAYER: "Плательщик, сверх суммы", ORGANIZATION: "Организация, из суммы"}
FISCAL: Final = {
    TRANSFER: "Банковский перевод, кассовый чек не нужен",
    OWN_TILL: "Чек пробивает касса организации",
    EXEMPT: "Организация освобождена от применения кассы",
}
KEY_FAULT: Final = "Номер счета не подходит к БИК: проверьте обе строки по договору с банком"
WINDOW_FAULT: Final = "Последний день приёма раньше первого. Исправьте один из них"


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its column, the form it stands in, how it is read (ValueError with a sentence) and shown."""

    name: str
    section: str
    label: str
    read: Callable[[str], Any]
    show: Callable[[Any], str] = str
    hint: str = ""
    required: bool = False
    #: What may be chosen: value → title; empty for what is typed.
    choices: Mapping[str, str] | None = None
    #: A tick: anything but an empty text is yes.
    tick: bool = False


def _text(longest: int, missing: str = "") -> Callable[[str], str]:
    def read(typed: str) -> str:
        text = " ".join(visible(typed).split())
        if missing and not text:
            raise ValueError(missing)
        if len(text) > longest:
            raise ValueError(f"Слишком длинно: не больше {longest} знаков")
        return text

    return read


def _digits(length: int, what: str) -> Callable[[str], str]:
    def read(typed: str) -> str:
        bare = re.sub(r"[\s\-]", "", typed)
        if bare and not (len(bare) == length and bare.isascii() and bare.isdigit()):
            raise ValueError(f"{what}: {length} цифр без букв")
        return bare

    return read


def _day(last: int) -> Callable[[str], int]:
    def read(typed: str) -> int:
        bare = typed.strip()
        if not (bare.isascii() and bare.isdigit() and 1 <= int(bare[:3]) <= last):
            raise ValueError(f"Введите число месяца от 1 до {last}")
        return int(bare)

    return read


def _scaled(places: int, most: int, sentence: str) -> Callable[[str], int]:
    def read(typed: str) -> int:
        try:
            value = parse_scaled(typed.replace("%", "").strip(), places)
        except ValueError:
            raise ValueError(sentence) from None
        if not 0 <= value <= most:
            raise ValueError(sentence)
        return value

    return read


def _money(least: int, sentence: str) -> Callable[[str], int]:
    def read(typed: str) -> int:
        try:
            value = parse_money(without_roubles(typed))
        except ValueError:
            raise ValueError(sentence) from None
        if value < least:
            raise ValueError(sentence)
        return value

    return read


def _one_of(choices: Mapping[str, str]) -> Callable[[str], str]:
    def read(typed: str) -> str:
        if typed not in choices:
            raise ValueError("Выберите один из вариантов")
        return typed

    return read


def _zone(typed: str) -> str:
    try:
        ZoneInfo(typed)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("Выберите часовой пояс из списка") from None
    return typed


def _tick(typed: str) -> bool:
    return typed != ""


def _ticked(value: Any) -> str:
    return "yes" if value else ""


FIELDS: Final = (
    Field("name", DETAILS, "Наименование", _text(160, "Введите наименование организации"), required=True),
    Field("short_name", DETAILS, "Краткое наименование", _text(60), hint="Его видят жители: МУП «ПОВВ»"),
    Field("kpp", DETAILS, "КПП", _digits(9, "КПП")),
    Field("address", DETAILS, "Адрес", _text(200)),
    Field("phone", DETAILS, "Телефон", _text(60), hint="Стоит внизу каждой страницы и в письмах"),
    Field("bank", DETAILS, "Банк", _text(160)),
    Field("bic", DETAILS, "БИК", _digits(9, "БИК")),
    Field("bank_account", DETAILS, "Расчетный счет", _digits(20, "Расчетный счет")),
    Field("correspondent_account", DETAILS, "Корреспондентский счет", _digits(20, "Корреспондентский счет")),
    Field("window_opens", READINGS, "Показания принимаются с (день месяца)", _day(LONGEST_DAY), required=True),
    Field("window_closes", READINGS, "по (день месяца)", _day(LONGEST_DAY), hint="С 1 по 31 — всегда", required=True),
    Field(
        "due_day", READINGS, "Оплатить до (день следующего месяца)", _day(LAST_DUE_DAY), required=True,
        hint="По закону — 15-е (ЖК РФ, ст. 155)",
    ),
    Field(
        "volume_ceiling", READINGS, "Переспрашивать при объёме больше", required=True,
        read=_scaled(_VOLUME_PLACES, 10**9, "Введите объём числом, например 100"),
        show=lambda value: format_scaled(value, _VOLUME_PLACES, show=0),
        hint="Для счётчиков без истории, в м³ или кВт·ч",
    ),
    Field("time_zone", READINGS, "Часовой пояс", _zone, choices=ZONES, required=True),
    Field(
        "takes_early", READINGS, "Принимать показания вне этих дней в счёт следующего месяца", _tick, _ticked,
        tick=True,
    ),
    Field(
        "refuses_unverified", READINGS, "Не принимать показания счётчиков с истёкшей поверкой", _tick, _ticked,
        tick=True,
    ),
    Field("takes_payments", PAYMENTS, "Принимать оплату через кабинет", _tick, _ticked, tick=True),
    Field(
        "commission_rate", PAYMENTS, "Комиссия, %", required=True,
        read=_scaled(_RATE_PLACES, HUNDRED_PERCENT, "Введите процент, например 0,70"),
        show=lambda value: format_scaled(value, _RATE_PLACES),
    ),
    Field(
        "commission_minimum", PAYMENTS, "Комиссия не меньше, руб.", required=True,
        read=_money(0, "Введите сумму, например 20,00"), show=format_money,
    ),
    Field("commission_by", PAYMENTS, "Кто платит комиссию", _one_of(BEARERS), choices=BEARERS, required=True),
    Field(
        "payment_ceiling", PAYMENTS, "Наибольшая сумма одного платежа, руб.", required=True,
        read=_money(1_00, "Введите сумму не меньше рубля, например 100000,00"), show=format_money,
    ),
    Field("fiscal_mode", PAYMENTS, "Кассовый чек (54-ФЗ)", _one_of(FISCAL), choices=FISCAL, required=True),
)  # fmt: skip
SECTIONS: Final = (DETAILS, READINGS, PAYMENTS)


def of_section(section: str) -> tuple[Field, ...]:
    """The fields of one form of the page."""
    return tuple(field for field in FIELDS if field.section == section)


def read_section(section: str, typed: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """The columns' new values, and a sentence for each field that can't be taken."""
    values: dict[str, Any] = {}
    faults: dict[str, str] = {}
    for field in of_section(section):
        try:
            values[field.name] = field.read(typed.get(field.name, ""))
        except ValueError as fault:
            faults[field.name] = str(fault)
    if not faults:
        faults = _together(section, values)
    return values, faults


def _together(section: str, values: Mapping[str, Any]) -> dict[str, str]:
    """What only several fields together can get wrong."""
    if section == READINGS and values["window_closes"] < values["window_opens"]:
        return {"window_closes": WINDOW_FAULT}
    if section != DETAILS:
        return {}
    bic, account, other = values["bic"], values["bank_account"], values["correspondent_account"]
    faults = {}
    if bic and account and not key_holds(bic, account):
        faults["bank_account"] = KEY_FAULT
    if bic and other and not key_holds(bic, other, correspondent=True):
        faults["correspondent_account"] = KEY_FAULT
    return faults

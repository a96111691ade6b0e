"""Sums, tariffs, volumes and units as the explanations write them."""

from lk_reflex.core.exact import NBSP, format_scaled
from lk_reflex.core.money import format_money
from lk_reflex.core.text import fold
from lk_reflex.domain.billing.tables import PLACES

MINUS = "\u2212"
#: Billing's spellings, folded: м³ and м² come as «м3», «м2».
_UNITS = {
    "м2": "м²",
    "кв.м": "м²",
    "кв. м": "м²",
    "м3": "м³",
    "куб.м": "м³",
    "куб. м": "м³",
    "квт·ч": "кВт·ч",
    "квт*ч": "кВт·ч",
    "квтч": "кВт·ч",
    "квт.ч": "кВт·ч",
    "квт-ч": "кВт·ч",
    "квт/ч": "кВт·ч",
    "квт/час": "кВт·ч",
    "гкал": "Гкал",
    "чел": "чел.",
    "чел.": "чел.",
}
#: A kopeck is so many powers of ten of a tariff's millionths.
_KOPECK = PLACES - 2
_PER = {"чел.": "человека"}


def money(kopecks: int) -> str:
    """«3 293,08 ₽», «−12,00 ₽»."""
    return f"{_minus(format_money(kopecks))}{NBSP}₽"


def signed(kopecks: int) -> str:
    """«+84,20 ₽», «−84,20 ₽», «0,00 ₽»."""
    return f"+{money(kopecks)}" if kopecks > 0 else money(kopecks)


def unit_name(unit: str) -> str:
    """«м³» for «м3»; a unit that we don't know stays as it came."""
    return _UNITS.get(fold(unit), unit)


def price(tariff: int, *, whole_kopecks: bool = False) -> str:
    """«35,10» from millionths of a rouble; an average is told in whole kopecks."""
    told = round(tariff, -_KOPECK) if whole_kopecks else tariff
    return _minus(format_scaled(told, PLACES, show=2))


def per(unit: str) -> str:
    """« за м³», « за человека»; nothing for no unit."""
    name = unit_name(unit)
    return f" за{NBSP}{_PER.get(name, name)}" if name else ""


def volume(value: int, unit: str) -> str:
    """«4,5 м³» from millionths."""
    name = unit_name(unit)
    figure = _minus(format_scaled(value, PLACES, show=0))
    return f"{figure}{NBSP}{name}" if name else figure


def _minus(text: str) -> str:
    return text.replace("-", MINUS)

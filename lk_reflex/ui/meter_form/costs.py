"""«≈ 214 ₽»: what the typed readings will cost at the present tariffs. No Reflex here; never on a guest's page."""

from collections.abc import Mapping
from dataclasses import dataclass

from lk_reflex.core.exact import NBSP
from lk_reflex.core.money import format_money
from lk_reflex.domain.billing.tariffs import Price, Prices
from lk_reflex.domain.metering.meters import AccountMeters

_ROUBLE = 100


@dataclass(frozen=True)
class Priced:
    """One scale's price, and how the total names it where there is none."""

    price: Price | None
    name: str


def priced_rows(account: AccountMeters, prices: Prices) -> dict[str, Priced]:
    """By field name, the price of every scale."""
    return {
        scale.row: Priced(
            prices.of(meter.resource, scale.number, len(meter.scales)),
            f"{meter.name} {scale.label}".strip(),
        )
        for meter in account.meters
        for scale in meter.scales
    }


def cost_text(volume: int | None, priced: Priced | None) -> str:
    """«≈ 214 ₽» for a volume in thousandths; an empty string where the price isn't known or nothing is typed.

    Short: it comes while the button under it is being pressed, and must not take a second line away from it.
    """
    if volume is None or priced is None or priced.price is None:
        return ""
    drained = " с водоотведением" if priced.price.drained else ""
    return f"{_roubles(priced.price.cost(volume))}{drained}"


def total_text(volumes: Mapping[str, int], rows: Mapping[str, Priced]) -> str:
    """«Всего ≈ 812 ₽» for two rows and more, with what isn't in it; an empty string where nothing is priced."""
    filled = [(volume, rows[row]) for row, volume in volumes.items() if row in rows]
    known = [one.price.cost(volume) for volume, one in filled if one.price]
    if len(filled) < 2 or not known:
        return ""
    absent = [f"«{one.name}»" for _, one in filled if not one.price]
    without = f", без учёта {', '.join(absent)}: тариф неизвестен" if absent else ""
    return f"Всего {_roubles(sum(known))} по действующим тарифам{without}"


def _roubles(kopecks: int) -> str:
    """Whole roubles: it is an estimate, and billing's own sum may differ."""
    if 0 < kopecks < _ROUBLE:
        return f"меньше 1{NBSP}₽"
    whole = (kopecks + _ROUBLE // 2) // _ROUBLE * _ROUBLE
    return f"≈{NBSP}{format_money(whole).removesuffix(',00')}{NBSP}₽"

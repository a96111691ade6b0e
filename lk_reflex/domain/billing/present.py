"""How billing's figures are written for people: the one place for pages, files and printed receipts."""

from lk_reflex.core.exact import format_scaled
from lk_reflex.core.months import Month
from lk_reflex.domain.billing.tables import PLACES


def receipt_title(kind: str, month: Month) -> str:
    """«Квитанция Объединённая за СЕНТЯБРЬ 2019»."""
    return f"Квитанция {kind} за {month.upper}"


def tariff_text(tariff: int | None, unit: str) -> str:
    """«13,20 руб/м2» from millionths of a rouble; an empty string for no tariff."""
    if tariff is None:
        return ""
    price = f"{format_scaled(tariff, PLACES, show=2)} руб"
    return f"{price}/{unit}" if unit else price


def printed_unit(unit: str) -> str:
    """«м²», «м³» for the «м2», «м3» of billing, as the other sections of a receipt write them."""
    return unit.replace("м2", "м²").replace("м3", "м³")


def quantity_text(value: int | None, unit: str) -> str:
    """«16,2 м2» from millionths: a volume or a norm; an empty string for none."""
    if value is None:
        return ""
    figure = format_scaled(value, PLACES, show=0)
    return f"{figure} {unit}" if unit else figure


def period_text(first: Month | None, last: Month | None, months: int | None) -> str:
    """«Сентябрь 2019», or «Август 2018 - Август 2019 (k=13)» for a range; billing's own k."""
    if first is None:
        return last.title if last else ""
    if last is None or last == first:
        return first.title
    return f"{first.title} - {last.title}" + (f" (k={months})" if months is not None else "")

"""Units of what meters count, and numbers with their unit as people read them."""

from lk_reflex.core.exact import NBSP, format_scaled
from lk_reflex.core.text import fold
from lk_reflex.domain.metering.tables import PLACES

CUBIC_METRES, KILOWATT_HOURS, GIGACALORIES = "м³", "кВт·ч", "Гкал"
_BY_BEGINNING = {
    "э/э": KILOWATT_HOURS,
    "ээ": KILOWATT_HOURS,
    "элек": KILOWATT_HOURS,
    "эл.": KILOWATT_HOURS,
    "квт": KILOWATT_HOURS,
    "гкал": GIGACALORIES,
    "отопл": GIGACALORIES,
    "тепл": GIGACALORIES,
    "то": GIGACALORIES,
}


def unit_of(resource: str) -> str:
    """«кВт·ч» for electricity, «Гкал» for heat, «м³» for the rest; billing may name the resource or its unit."""
    plain = fold(resource)
    return next((unit for start, unit in _BY_BEGINNING.items() if plain.startswith(start)), CUBIC_METRES)


def number(value: int, decimals: int = PLACES) -> str:
    """«1 234,500» from thousandths; «1 234,50» for a dial of two decimals, and more only where the value has them."""
    return format_scaled(value, PLACES, show=min(max(decimals, 0), PLACES))


def amount(value: int, unit: str, decimals: int = PLACES) -> str:
    """«2,090 м³» from thousandths; the unit never parts from its number."""
    return f"{number(value, decimals)}{NBSP}{unit}"


def rounded(value: int, decimals: int) -> int:
    """A figure that nobody has read off a dial, as an average, to the places that the dial has."""
    step = 10 ** (PLACES - min(max(decimals, 0), PLACES))
    return (2 * value + step) // (2 * step) * step


def brief(value: int, unit: str) -> str:
    """«4,2 м³», as inside a sentence."""
    return f"{format_scaled(value, PLACES, show=0)}{NBSP}{unit}"


def about(value: int, unit: str) -> str:
    """«3,9 м³», «151 кВт·ч»: an average isn't known to the litre, and nobody reads it so."""
    step = 1_000 if unit == KILOWATT_HOURS else 100
    return brief((2 * value + step) // (2 * step) * step if value >= step else value, unit)


def scale_label(number: int, scales: int) -> str:
    """«Т2», or nothing for a meter that has one scale only."""
    return f"Т{number}" if scales > 1 else ""


def plural(count: int, one: str, few: str, many: str) -> str:
    """«1 цифра», «3 цифры», «11 цифр», «21 цифра»."""
    tens, ones = count // 10 % 10, count % 10
    word = many if tens == 1 or ones in (0, 5, 6, 7, 8, 9) else one if ones == 1 else few
    return f"{count} {word}"

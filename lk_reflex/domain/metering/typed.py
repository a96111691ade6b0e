"""Numbers and dates as people type them into the form of readings."""

from datetime import date

from lk_reflex.core.clock import parse_date
from lk_reflex.core.exact import parse_scaled
from lk_reflex.domain.metering.tables import PLACES
from lk_reflex.domain.metering.units import plural

NOT_A_NUMBER = "Введите число, например {}"
#: By the decimals of the dial.
_EXAMPLES = ("86", "86,2", "86,21", "86,210")
NEGATIVE = "Введите число без минуса: показание и объём отрицательными не бывают"
NOT_A_DATE = "Введите дату, например 20.11.2026"
_PLACES_ALLOWED = (
    "Введите целое число, без знаков после запятой",
    "Не больше одного знака после запятой",
    "Не больше двух знаков после запятой",
    "Не больше трёх знаков после запятой",
)
_LONGEST = 40
_FINEST = 20
_EARLIEST_YEAR = 1990


class Unreadable(ValueError):
    """What was typed can't be taken; the text is the sentence for the field."""


def parse_number(text: str, *, digits: int, decimals: int) -> int:
    """Thousandths from «86,21», «86.21» or « 00086 », for a dial of so many digits before and after the comma.

    Raises Unreadable with the sentence for the field.
    """
    allowed = min(max(decimals, 0), PLACES)
    fine = _parse_fine(text, allowed)
    if fine < 0:
        raise Unreadable(NEGATIVE)
    if fine % 10 ** (_FINEST - allowed):
        raise Unreadable(_PLACES_ALLOWED[allowed])
    value = fine // 10 ** (_FINEST - PLACES)
    if value >= capacity(digits):
        raise Unreadable(
            f"У счётчика {plural(digits, 'цифра', 'цифры', 'цифр')} до запятой. Проверьте, на месте ли запятая"
        )
    return value


def _parse_fine(text: str, allowed: int) -> int:
    """The number with more places than any dial has, so that «too many places» can be told from «no number»."""
    try:
        return parse_scaled(text if len(text) <= _LONGEST else "", _FINEST, limit=10 ** (2 * _LONGEST))
    except ValueError:
        raise Unreadable(NOT_A_NUMBER.format(_EXAMPLES[allowed])) from None


def parse_taken_on(text: str, today: date) -> date:
    """The day on which the reading was taken; an empty field means today. Raises Unreadable."""
    if not text.strip():
        return today
    plain = text.strip().replace(",", ".")
    if len(plain) == 8 and plain.isdigit():
        plain = f"{plain[:2]}.{plain[2:4]}.{plain[4:]}"  # a phone's number pad may have no point
    try:
        day = parse_date(plain) if len(plain) <= _LONGEST else None
    except (ValueError, OverflowError):
        day = None
    if day is None or day.year < _EARLIEST_YEAR:
        raise Unreadable(NOT_A_DATE)
    return day


def capacity(digits: int) -> int:
    """How much a dial of so many digits counts before it starts anew, in thousandths."""
    return 10 ** (max(digits, 1) + PLACES)

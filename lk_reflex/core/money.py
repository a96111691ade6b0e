"""Roubles as whole kopecks: parsing what people and billing systems type, and writing it the Russian way."""

import re
from decimal import Decimal
from functools import lru_cache

NBSP = "\u00a0"
#: The largest sum that a single field may hold: 99 999 999,99 roubles.
MAX_KOPECKS = 9_999_999_999

_MONEY = re.compile(r"([+-]?)(\d{1,3}(?: \d{3})+|\d+)(?:[.,](\d{1,2}))?")
_SPACES = str.maketrans({NBSP: " ", "\u202f": " ", "\u2009": " ", "\u2212": "-"})


def parse_money(text: str) -> int:
    """Kopecks from «1 234,50», «1234.5» or «-485,28».

    Raises ValueError for anything else (mixed separators, exponents, other alphabets' digits, too large a sum).
    """
    found = _MONEY.fullmatch(text.translate(_SPACES).strip())
    if found is None or (not text.isascii() and not _digits_are_ascii(text)):
        raise ValueError(text)
    sign, roubles, kopecks = found.groups()
    value = int(roubles.replace(" ", "")) * 100 + int((kopecks or "").ljust(2, "0"))
    if value > MAX_KOPECKS:
        raise ValueError(text)
    return -value if sign == "-" else value


def _digits_are_ascii(text: str) -> bool:
    return all(char.isascii() for char in text if char.isdigit())


@lru_cache(maxsize=8192)
def format_money(kopecks: int) -> str:
    """«2 779,92» with no-break spaces between thousands; a minus is a plain hyphen, as in the manual."""
    roubles, rest = divmod(abs(kopecks), 100)
    sign = "-" if kopecks < 0 else ""
    return f"{sign}{roubles:,}".replace(",", NBSP) + f",{rest:02d}"


def format_roubles(kopecks: int) -> str:
    """«2 911,46 руб.», never broken across lines."""
    return f"{format_money(kopecks)}{NBSP}руб."


def roubles(kopecks: int) -> Decimal:
    """The same sum as an exact Decimal in roubles, for arithmetic and for files."""
    return Decimal(kopecks).scaleb(-2)

"""Roubles as whole kopecks: parsing what people and billing systems type, and writing it the Russian way."""

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache

NBSP = "\u00a0"
#: The largest sum that a single field may hold: 99 999 999,99 roubles.
MAX_KOPECKS = 9_999_999_999

_MONEY = re.compile(r"([+-]?)(\d{1,3}(?: \d{3})+|\d+)(?:[.,](\d{1,2}))?")
_SPACES = str.maketrans({NBSP: " ", "\u202f": " ", "\u2009": " ", "\u2212": "-"})


_UNIT = re.compile(r"\s*(?:руб(?:\.|лей|ля|ль)?|р\.?|₽)$", re.IGNORECASE)


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


def without_roubles(text: str) -> str:
    """A sum as people paste it without its unit: «10,50 руб.» and «10,50 ₽» are «10,50»."""
    return _UNIT.sub("", text.strip())


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


def spread(amount: int, weights: Sequence[int]) -> list[int]:
    """Share kopecks by weights, none negative, to the kopeck: the parts add up to `amount`.

    What rounding leaves over goes, a kopeck each, to the largest remainders, the first ones where they are equal.
    Raises ValueError where there is something to share and nothing to share it by.
    """
    whole = sum(weights)
    if not whole:
        if amount:
            raise ValueError("nothing to share by")
        return [0] * len(weights)
    sign = -1 if amount < 0 else 1
    shares = [divmod(abs(amount) * weight, whole) for weight in weights]
    left = abs(amount) - sum(share for share, _ in shares)
    lucky = set(sorted(range(len(weights)), key=lambda place: (-shares[place][1], place))[:left])
    return [sign * (share + (place in lucky)) for place, (share, _) in enumerate(shares)]

"""Exact decimals kept as scaled integers: readings, volumes, tariffs. No float ever touches them."""

import re
from decimal import Decimal

NBSP = "\u00a0"
_NUMBER = re.compile(r"([+-]?)(\d{1,3}(?: \d{3})+|\d+)(?:[.,](\d*))?|([+-]?)[.,](\d+)")
_SPACES = str.maketrans({NBSP: " ", "\u202f": " ", "\u2009": " ", "\u2212": "-"})


def parse_scaled(text: str, places: int, *, limit: int = 10**15) -> int:
    """A number with comma or point as an integer of 10**-places units.

    Raises ValueError where there are more places than that, or anything but one plain number.
    """
    plain = text.translate(_SPACES).strip()
    found = _NUMBER.fullmatch(plain)
    if found is None or not plain.isascii():
        raise ValueError(text)
    sign, whole, rest, bare_sign, bare_rest = found.groups()
    fraction = (rest if whole is not None else bare_rest) or ""
    if len(fraction.rstrip("0")) > places:
        raise ValueError(text)
    value = int((whole or "0").replace(" ", "")) * 10**places + int(fraction[:places].ljust(places, "0") or "0")
    if value >= limit:
        raise ValueError(text)
    return -value if (sign or bare_sign) == "-" else value


def format_scaled(value: int, places: int, *, show: int | None = None) -> str:
    """«1 234,500»: with `show` at least so many places, the rest without trailing zeros; else all places."""
    whole, rest = divmod(abs(value), 10**places)
    fraction = f"{rest:0{places}d}" if places else ""
    if show is not None:
        fraction = fraction.rstrip("0").ljust(show, "0")
    sign = "-" if value < 0 else ""
    text = f"{sign}{whole:,}".replace(",", NBSP)
    return f"{text},{fraction}" if fraction else text


def to_decimal(value: int, places: int) -> Decimal:
    """The same number as a Decimal."""
    return Decimal(value).scaleb(-places)

"""Cells of billing's files: each kind of column parses its texts once and remembers them for a while."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from lk_reflex.core import clock, exact, money
from lk_reflex.core.months import Month
from lk_reflex.core.text import fold

Parser = Callable[[str], Any]

#: Texts that one column remembers. Small, so that memory doesn't grow with the file.
REMEMBERED = 8_000
#: What an empty cell of a required column yields is a fault.
REQUIRED = object()
_SHOWN = 60
_SAMPLE = 100


class Bad:
    """Stands in a column for a cell that can't be taken; `reason` is a Russian sentence."""

    __slots__ = ("reason",)

    def __init__(self, reason: str) -> None:
        self.reason = reason


class Memo(dict[str, Any]):
    """Text → value. Faults are counted and never remembered, so that a chunk without any is known at once."""

    def __init__(self, parse: Parser, empty: Any) -> None:
        super().__init__()
        self.parse = parse
        self.empty = empty
        self.faults = 0

    def __missing__(self, text: str) -> Any:
        plain = text.strip()
        try:
            value = self.parse(plain) if plain else self._blank()
        except ValueError as fault:
            self.faults += 1
            return Bad(str(fault))
        if len(self) >= REMEMBERED:
            self.clear()
        self[text] = value
        return value

    def _blank(self) -> Any:
        if self.empty is REQUIRED:
            raise ValueError("не заполнено")
        return self.empty


def take(memo: Memo, texts: Sequence[str]) -> list[Any]:
    """The values of a column. Sums and readings that hardly repeat are converted all at once, past the memo."""
    pattern = _EVEN.get(memo.parse)
    if pattern is not None and len(set(texts[:_SAMPLE])) > _SAMPLE // 4:
        joined = "\n".join(texts)
        if pattern.fullmatch(joined):
            return list(map(int, joined.replace(",", "").split("\n")))
    return list(map(memo.__getitem__, texts))


def shown(text: str) -> str:
    """A cell as a message quotes it: «…», cut where it is long."""
    return f"«{text[:_SHOWN]}…»" if len(text) > _SHOWN else f"«{text}»"


def text(limit: int) -> Parser:
    """A text of at most `limit` characters; line breaks and runs of spaces inside become one space."""

    def parse(given: str) -> str:
        plain = given if given.isprintable() else " ".join(given.split())
        if not plain.isprintable():
            raise ValueError(f"{shown(plain)}: недопустимый знак")
        if len(plain) > limit:
            raise ValueError(f"{shown(plain)}: длиннее {limit} знаков")
        return plain

    return parse


def digits(*lengths: int) -> Parser:
    """A code made of digits, of one of these lengths, kept as text."""
    wanted = " или ".join(str(length) for length in lengths)

    def parse(given: str) -> str:
        if not (given.isascii() and given.isdigit() and len(given) in lengths):
            raise ValueError(f"{shown(given)}: должно быть цифр: {wanted}")
        return given

    return parse


def sum_of_money(given: str) -> int:
    """Kopecks. The commonest spelling, «1234,56», is taken by hand: it costs a third of the general way."""
    if given[-3:-2] in {",", "."} and given[-4:-3].isdigit() and given.isascii() and len(given) < 12:
        plain = given[:-3] + given[-2:]
        if plain.isdigit() or (plain[0] == "-" and plain[1:].isdigit()):
            return int(plain)
    try:
        return money.parse_money(given)
    except ValueError:
        raise ValueError(f"{shown(given)}: не сумма в рублях и копейках") from None


def scaled(places: int, *, low: int | None = None, high: int | None = None) -> Parser:
    """A number with up to `places` decimals as a whole number of 10**-places; limits are in the same units."""
    zeros = "0" * places

    def parse(given: str) -> int:
        whole, _, rest = given.partition(",")
        if whole.isdigit() and len(whole) < 9 and len(rest) <= places and given.isascii() and (rest + "0").isdigit():
            value = int(whole + rest + zeros[len(rest) :])  # the commonest spelling, by hand
        else:
            try:
                value = exact.parse_scaled(given, places)
            except ValueError:
                raise ValueError(f"{shown(given)}: не число или знаков после запятой больше {places}") from None
        if (low is not None and value < low) or (high is not None and value > high):
            raise ValueError(f"{shown(given)}: вне допустимых пределов")
        return value

    return parse


#: Thousandths, not negative.
reading = scaled(3, low=0, high=10**12)


def whole(low: int, high: int) -> Parser:
    """A whole number within limits, both included."""

    def parse(given: str) -> int:
        if not (given.isascii() and given.lstrip("-").isdigit() and given.count("-") <= 1):
            raise ValueError(f"{shown(given)}: не целое число")
        value = int(given) if len(given) < 19 else high + 1
        if not low <= value <= high:
            raise ValueError(f"{shown(given)}: число должно быть от {low} до {high}")
        return value

    return parse


def flag(given: str) -> int:
    """1 or 0; both databases take the number for a boolean."""
    if given not in {"0", "1"}:
        raise ValueError(f"{shown(given)}: должно быть 1 или 0")
    return int(given)


def one_of(words: Mapping[str, str]) -> Parser:
    """One of some Russian words, in any case; yields what it stands for in the database."""
    known = {fold(word): meant for word, meant in words.items()}
    choice = " или ".join(f"«{word}»" for word in words)

    def parse(given: str) -> str:
        found = known.get(fold(given))
        if found is None:
            raise ValueError(f"{shown(given)}: должно быть {choice}")
        return found

    return parse


ACCOUNTED, NOT_TAKEN = "Учтено", "Не принято"
_RESULTS = {fold(ACCOUNTED): 1, fold(NOT_TAKEN): 0}


def accounted(given: str) -> int:
    """What billing did with a reading: 1 for «Учтено», 0 for «Не принято», in any case."""
    found = _RESULTS.get(fold(given))
    if found is None:
        raise ValueError(f"{shown(given)}: должно быть «{ACCOUNTED}» или «{NOT_TAKEN}»")
    return found


def day(given: str) -> str:
    """A date as «2019-09-28», the form that both databases take as text."""
    try:
        found = clock.parse_date(given)
    except ValueError:
        raise ValueError(f"{shown(given)}: не дата вида ДД.ММ.ГГГГ") from None
    if not 1900 <= found.year <= 2200:
        raise ValueError(f"{shown(given)}: год вне пределов 1900–2200")
    return found.isoformat()


def month(given: str) -> int:
    """A month's ordinal from «09.2019»; spreadsheets make «9.2019» and «01.09.2019» of it, taken as well."""
    plain = given[3:] if len(given) == 10 and given.startswith("01.") else given
    try:
        return Month.parse_dotted(plain.rjust(7, "0")).ordinal
    except ValueError:
        raise ValueError(f"{shown(given)}: не месяц вида ММ.ГГГГ") from None


def coordinate(limit: int) -> Parser:
    """Degrees of latitude or longitude."""
    parse_degrees = scaled(12, low=-limit * 10**12, high=limit * 10**12)

    def parse(given: str) -> float:
        return float(exact.to_decimal(parse_degrees(given), 12))

    return parse


#: Columns of nothing but the commonest spelling; the sizes stay below the limits of the single cell.
_EVEN: dict[Parser, re.Pattern[str]] = {
    sum_of_money: re.compile(r"-?[0-9]{1,8},[0-9]{2}(?:\n-?[0-9]{1,8},[0-9]{2})*+"),
    reading: re.compile(r"[0-9]{1,8},[0-9]{3}(?:\n[0-9]{1,8},[0-9]{3})*+"),
}

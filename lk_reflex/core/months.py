"""A calendar month as a type of its own: billing thinks in months, not in dates."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

NAMES = (
    "Январь", "Февраль", "Март", "Апрель", "Май", "Июнь",
    "Июль", "Август", "Сентябрь", "Октябрь", "Ноябрь", "Декабрь",
)  # fmt: skip
GENITIVE = (
    "января", "февраля", "марта", "апреля", "мая", "июня",
    "июля", "августа", "сентября", "октября", "ноября", "декабря",
)  # fmt: skip

PREPOSITIONAL = (
    "январе", "феврале", "марте", "апреле", "мае", "июне",
    "июле", "августе", "сентябре", "октябре", "ноябре", "декабре",
)  # fmt: skip

_KEY = re.compile(r"([0-9]{4})-([0-9]{2})")
_DOTTED = re.compile(r"([0-9]{2})\.([0-9]{4})")


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """One month of one year; `number` 1 is January. Raises ValueError outside 1900-2200."""

    year: int
    number: int

    def __post_init__(self) -> None:
        if not (1900 <= self.year <= 2200 and 1 <= self.number <= 12):
            raise ValueError(f"no such month: {self.year}-{self.number}")

    @classmethod
    def of(cls, day: date) -> "Month":
        """The month that holds a day."""
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, key: str) -> "Month":
        """From an address: «2019-09». Raises ValueError."""
        return _parsed(key)

    @classmethod
    def parse_dotted(cls, text: str) -> "Month":
        """From a billing file: «09.2019». Raises ValueError."""
        found = _DOTTED.fullmatch(text)
        if found is None:
            raise ValueError(text)
        return cls(int(found[2]), int(found[1]))

    @classmethod
    def from_ordinal(cls, ordinal: int) -> "Month":
        """Back from the number kept in the database."""
        return _from_ordinal(ordinal)

    @property
    def ordinal(self) -> int:
        """Months since year 0: the number kept in the database; neighbours differ by one."""
        return self.year * 12 + self.number - 1

    def shift(self, months: int) -> "Month":
        """The month so many months later (earlier, if negative)."""
        return _from_ordinal(self.ordinal + months)

    @property
    def key(self) -> str:
        """«2019-09», as in addresses."""
        return f"{self.year:04d}-{self.number:02d}"

    @property
    def dotted(self) -> str:
        """«09.2019», as in billing files."""
        return f"{self.number:02d}.{self.year:04d}"

    @property
    def title(self) -> str:
        """«Сентябрь 2019»."""
        return f"{NAMES[self.number - 1]} {self.year}"

    @property
    def upper(self) -> str:
        """«СЕНТЯБРЬ 2019», as in the titles of receipts."""
        return self.title.upper()

    @property
    def name(self) -> str:
        """«сентябрь», as inside a sentence: «к оплате за сентябрь»."""
        return NAMES[self.number - 1].lower()

    @property
    def within(self) -> str:
        """«октябре», after «в»: «в октябре начислено»."""
        return PREPOSITIONAL[self.number - 1]

    def day(self, number: int) -> date:
        """That day of the month, or the month's last day if the month is shorter."""
        return date(self.year, self.number, min(number, monthrange(self.year, self.number)[1]))

    @property
    def first(self) -> date:
        """The first day of the month."""
        return date(self.year, self.number, 1)


# Every switch of the month brings a key; a fault isn't kept.
@lru_cache(maxsize=1024)
def _parsed(key: str) -> Month:
    found = _KEY.fullmatch(key)
    if found is None:
        raise ValueError(key)
    return Month(int(found[1]), int(found[2]))


@lru_cache(maxsize=1024)
def _from_ordinal(ordinal: int) -> Month:
    year, index = divmod(ordinal, 12)
    return Month(year, index + 1)


def day_in_words(day: date) -> str:
    """«15 ноября», as inside a sentence."""
    return f"{day.day} {GENITIVE[day.month - 1]}"

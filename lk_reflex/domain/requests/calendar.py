"""Which days are worked on: by the law, by the Government's yearly transfers, and by what an administrator has set.

ТК РФ, ст. 111 (Saturday and Sunday are off) and ст. 112 (the holidays; one that falls on a day off moves it to the
next working day, but for those of January, which the Government moves by a decree).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from sqlalchemy import Date, bindparam, select
from sqlmodel import col

from lk_reflex.core.db import Reader
from lk_reflex.domain.requests.tables import CalendarDay

DAY = timedelta(days=1)
_SATURDAY = 5
_JANUARY: Final = tuple((1, day) for day in range(1, 9))
_REST: Final = ((2, 23), (3, 8), (5, 1), (5, 9), (6, 12), (11, 4))
#: What a decree moved, day → whether it is worked on. 2026: Постановление Правительства РФ от 24.09.2025 № 1466,
#: from 3 January to the 9th, from 4 January to 31 December. That of 2027 comes at the end of 2026: until an
#: administrator adds its days (rows of CalendarDay override all this), the law's own holidays hold, and a term ends
#: rather too early than too late.
_MOVED: Final[Mapping[date, bool]] = {date(2026, 1, 9): False, date(2026, 12, 31): False}

_SET = select(col(CalendarDay.day), col(CalendarDay.working)).where(
    col(CalendarDay.day) >= bindparam("since", type_=Date())
)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Tells working days from others; `set_days` are an administrator's own and go before all else."""

    set_days: Mapping[date, bool] = field(default_factory=dict)

    def is_working(self, day: date) -> bool:
        """Whether offices work on that day."""
        if day in self.set_days:
            return self.set_days[day]
        return _MOVED.get(day, day.weekday() < _SATURDAY and day not in holidays(day.year))

    def after(self, day: date, count: int) -> date:
        """The `count`th working day after `day`, which itself isn't counted (ГК РФ, ст. 191)."""
        while count:
            day += DAY
            count -= self.is_working(day)
        return day

    def between(self, day: date, until: date) -> int:
        """How many working days lie after `day`, up to and with `until`; negative where `until` is earlier."""
        if until < day:
            return -self.between(until, day)
        return sum(self.is_working(one) for one in _days(day + DAY, until))


def calendar(db: Reader, *, since: date) -> Calendar:
    """The calendar with the days that have been set from `since` on."""
    return Calendar({row.day: bool(row.working) for row in db.rows(_SET, since=since)})


@lru_cache(maxsize=64)
def holidays(year: int) -> frozenset[date]:
    """The days off of a year by the law alone: its holidays, and the working days to which they moved a day off."""
    found = {date(year, *month_day) for month_day in (*_JANUARY, *_REST)}
    for month_day in _REST:
        day = date(year, *month_day)
        if day.weekday() >= _SATURDAY:
            while day in found or day.weekday() >= _SATURDAY:
                day += DAY
            found.add(day)
    return frozenset(found)


def _days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += DAY

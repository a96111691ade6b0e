"""The days of the month on which an organization takes readings, and the period that a reading counts for."""

from dataclasses import dataclass
from datetime import date, timedelta

from lk_reflex.core.months import Month, day_in_words

ALWAYS = "Показания принимаем в любой день месяца"


@dataclass(frozen=True, slots=True)
class Window:
    """One day's answer. `opens` and `closes` bound the present window, or the next one where none is open."""

    is_open: bool
    always: bool
    opens: date
    closes: date
    period: Month
    days_left: int
    takes_now: bool
    #: The first day on which a reading of the next period is taken.
    next_opens: date

    @property
    def sentence(self) -> str:
        """«Приём открыт до 25 ноября», or when it opens and what becomes of a reading sent now."""
        if self.always:
            return ALWAYS
        if self.is_open:
            return f"Приём открыт до {day_in_words(self.closes)}"
        opening = f"Приём откроется {day_in_words(self.opens)}"
        return f"{opening}; показание, переданное сейчас, учтём за {self.period.name}" if self.takes_now else opening


def window_on(today: date, opens: int, closes: int, *, takes_early: bool) -> Window:
    """The window of days `opens`-`closes` (28-3 runs over the month's end, 1-31 never closes) as seen on a day.

    A reading counts for the month in which its window opens. `days_left` is 0 on the last day and while closed.
    """
    months = (Month.of(today).shift(step) for step in (-1, 0, 1))
    month = next(month for month in months if _bounds(month, opens, closes)[1] >= today)
    first, last = _bounds(month, opens, closes)
    is_open = first <= today
    always = is_open and opens <= 1 and closes >= 31
    days_left = (last - today).days if is_open else 0
    # Whoever takes readings early takes those of the next period as soon as this window has closed.
    after = last + timedelta(days=1) if takes_early else _bounds(month.shift(1), opens, closes)[0]
    return Window(is_open, always, first, last, month, days_left, is_open or takes_early, after)


def _bounds(month: Month, opens: int, closes: int) -> tuple[date, date]:
    """First and last day of the window that opens in a month; a day that the month lacks is its last."""
    closing_month = month.shift(1) if closes < opens else month
    return month.day(max(opens, 1)), closing_month.day(max(closes, 1))

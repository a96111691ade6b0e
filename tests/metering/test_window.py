"""The window of days: open or not, which month a reading counts for, and what is said."""

from datetime import date

import pytest

from lk_reflex.domain.metering.window import window_on


@pytest.mark.parametrize(
    ("days", "today", "is_open", "period", "opens", "closes", "left"),
    [
        ((15, 25), "2026-11-15", True, "2026-11", "2026-11-15", "2026-11-25", 10),
        ((15, 25), "2026-11-20", True, "2026-11", "2026-11-15", "2026-11-25", 5),
        ((15, 25), "2026-11-25", True, "2026-11", "2026-11-15", "2026-11-25", 0),
        ((15, 25), "2026-11-26", False, "2026-12", "2026-12-15", "2026-12-25", 0),
        ((15, 25), "2026-11-14", False, "2026-11", "2026-11-15", "2026-11-25", 0),
        ((15, 25), "2026-12-31", False, "2027-01", "2027-01-15", "2027-01-25", 0),
        ((15, 25), "2027-01-01", False, "2027-01", "2027-01-15", "2027-01-25", 0),
        ((28, 3), "2026-11-28", True, "2026-11", "2026-11-28", "2026-12-03", 5),
        ((28, 3), "2026-12-03", True, "2026-11", "2026-11-28", "2026-12-03", 0),
        ((28, 3), "2026-12-04", False, "2026-12", "2026-12-28", "2027-01-03", 0),
        ((28, 3), "2027-01-01", True, "2026-12", "2026-12-28", "2027-01-03", 2),
        ((28, 3), "2026-02-28", True, "2026-02", "2026-02-28", "2026-03-03", 3),
        ((1, 31), "2026-11-01", True, "2026-11", "2026-11-01", "2026-11-30", 29),
        ((1, 31), "2028-02-29", True, "2028-02", "2028-02-01", "2028-02-29", 0),
        ((1, 31), "2026-12-31", True, "2026-12", "2026-12-01", "2026-12-31", 0),
        ((29, 31), "2026-02-28", True, "2026-02", "2026-02-28", "2026-02-28", 0),
        ((29, 31), "2028-02-29", True, "2028-02", "2028-02-29", "2028-02-29", 0),
        ((29, 31), "2028-02-28", False, "2028-02", "2028-02-29", "2028-02-29", 0),
        ((31, 2), "2026-04-30", True, "2026-04", "2026-04-30", "2026-05-02", 2),
        ((16, 15), "2026-11-15", True, "2026-10", "2026-10-16", "2026-11-15", 0),
        ((16, 15), "2026-11-16", True, "2026-11", "2026-11-16", "2026-12-15", 29),
        ((20, 20), "2026-11-20", True, "2026-11", "2026-11-20", "2026-11-20", 0),
        ((20, 20), "2026-11-21", False, "2026-12", "2026-12-20", "2026-12-20", 0),
        ((0, 99), "2026-11-20", True, "2026-11", "2026-11-01", "2026-11-30", 10),
    ],
)
def test_every_day_falls_into_one_period(days, today, is_open, period, opens, closes, left):
    window = window_on(date.fromisoformat(today), *days, takes_early=False)
    found = (window.is_open, window.period.key, window.opens.isoformat(), window.closes.isoformat(), window.days_left)
    assert found == (is_open, period, opens, closes, left)


@pytest.mark.parametrize(
    ("days", "today", "takes_early", "takes_now", "sentence"),
    [
        ((15, 25), "2026-11-20", False, True, "Приём открыт до 25 ноября"),
        ((15, 25), "2026-11-30", False, False, "Приём откроется 15 декабря"),
        (
            (15, 25), "2026-11-30", True, True,
            "Приём откроется 15 декабря; показание, переданное сейчас, учтём за декабрь",
        ),
        ((28, 3), "2026-11-30", True, True, "Приём открыт до 3 декабря"),
        (
            (28, 3), "2026-11-10", True, True,
            "Приём откроется 28 ноября; показание, переданное сейчас, учтём за ноябрь",
        ),
        ((1, 31), "2026-11-30", False, True, "Показания принимаем в любой день месяца"),
    ],
)  # fmt: skip
def test_what_the_page_says(days, today, takes_early, takes_now, sentence):
    window = window_on(date.fromisoformat(today), *days, takes_early=takes_early)
    assert (window.takes_now, window.sentence) == (takes_now, sentence)


def test_periods_never_go_back_as_days_go_by():
    for days in ((15, 25), (28, 3), (1, 31), (29, 31), (16, 15), (31, 1)):
        day = date(2027, 12, 1)
        before = window_on(day, *days, takes_early=True).period
        for step in range(120):
            now = window_on(date.fromordinal(day.toordinal() + step), *days, takes_early=True).period
            assert before <= now <= before.shift(1)
            before = now

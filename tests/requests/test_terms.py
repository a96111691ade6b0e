"""The term of an answer: working days by the law, by decrees, by an administrator, and by the organization's clock."""

from datetime import UTC, date, datetime, timedelta

import pytest

from lk_reflex.domain.requests.calendar import Calendar, holidays
from lk_reflex.domain.requests.machine import Status
from lk_reflex.domain.requests.tables import CalendarDay
from lk_reflex.domain.requests.terms import calendar_for, due_on, left_words, overdue, working_days

CHELYABINSK = "Asia/Yekaterinburg"
DUE = date(2026, 11, 20)


def days_of(year: int) -> list[date]:
    return [date(year, 1, 1) + timedelta(days) for days in range((date(year + 1, 1, 1) - date(year, 1, 1)).days)]


def test_2026_is_the_official_production_calendar():
    working = [day for day in days_of(2026) if Calendar().is_working(day)]
    assert len(working) == 247
    weekdays_off = {day for day in days_of(2026) if day.weekday() < 5} - set(working)
    assert weekdays_off == {
        *(date(2026, 1, day) for day in (1, 2, 5, 6, 7, 8, 9)),
        date(2026, 2, 23), date(2026, 3, 9), date(2026, 5, 1), date(2026, 5, 11), date(2026, 6, 12),
        date(2026, 11, 4), date(2026, 12, 31),
    }  # fmt: skip


@pytest.mark.parametrize("year", [2024, 2025, 2026, 2027, 2028, 2033])
def test_a_holiday_on_a_day_off_gives_the_next_working_day(year):
    law = holidays(year)
    for month, day in ((2, 23), (3, 8), (5, 1), (5, 9), (6, 12), (11, 4)):
        holiday = date(year, month, day)
        assert holiday in law
        if holiday.weekday() >= 5:
            following = next(one for one in days_of(year) if one > holiday and one.weekday() < 5)
            assert following in law and not Calendar().is_working(following)


def test_by_the_law_2027_moves_may_and_june():
    assert {day for day in holidays(2027) if day.weekday() < 5 and day.month > 1} == {
        date(2027, 2, 23), date(2027, 3, 8), date(2027, 5, 3), date(2027, 5, 10), date(2027, 6, 14), date(2027, 11, 4)
    }  # fmt: skip


@pytest.mark.parametrize(
    ("sent", "due"),
    [
        (datetime(2026, 11, 2, 7, tzinfo=UTC), date(2026, 11, 24)),  # Nov 4 is a holiday
        (datetime(2026, 11, 20, 10, tzinfo=UTC), date(2026, 12, 11)),
        (datetime(2026, 11, 21, 10, tzinfo=UTC), date(2026, 12, 11)),  # a Saturday: the first day is Monday
        (datetime(2026, 11, 22, 10, tzinfo=UTC), date(2026, 12, 11)),
        (datetime(2026, 12, 30, 10, tzinfo=UTC), date(2027, 1, 29)),  # over New Year: no working day from 31 to 10
        (datetime(2026, 12, 31, 18, 59, 59, tzinfo=UTC), date(2027, 1, 29)),  # 23:59:59 there
        (datetime(2026, 12, 31, 19, 0, tzinfo=UTC), date(2027, 1, 29)),  # 1 January there
        (datetime(2026, 5, 8, 4, tzinfo=UTC), date(2026, 6, 1)),
        (datetime(2028, 2, 28, 4, tzinfo=UTC), date(2028, 3, 21)),  # a 29 February within, and 8 March
    ],
)
def test_fifteen_working_days_after_the_day_of_the_sending(db, sent, due):
    assert db.read(due_on, sent, CHELYABINSK) == due


@pytest.mark.parametrize(
    ("zone", "due"),
    [
        ("Asia/Yekaterinburg", date(2026, 9, 22)),
        ("Europe/Moscow", date(2026, 9, 21)),
        ("Asia/Kamchatka", date(2026, 9, 22)),
    ],
)
def test_the_day_is_the_organizations_own(db, zone, due):
    """From the 31st to the 1st: at 20:30 UTC it is the 1st in Chelyabinsk, and still the 31st in Moscow."""
    assert db.read(due_on, datetime(2026, 8, 31, 20, 30, tzinfo=UTC), zone) == due


def test_set_days_go_before_the_law_and_before_decrees(db):
    sent = datetime(2026, 12, 15, 7, tzinfo=UTC)
    assert db.read(due_on, sent, CHELYABINSK) == date(2027, 1, 14)
    with db.transaction() as writer:
        for day, working in ((date(2026, 12, 16), False), (date(2026, 12, 19), True), (date(2026, 12, 20), True),
                             (date(2026, 12, 31), True)):  # fmt: skip
            writer.add(CalendarDay(day=day, working=working, title="Перенос"))
    # One day less and three more: two days earlier.
    assert db.read(due_on, sent, CHELYABINSK) == date(2027, 1, 12)
    assert db.read(calendar_for, date(2026, 12, 20)).is_working(date(2026, 12, 19))


@pytest.mark.parametrize("status", list(Status))
def test_overdue_is_what_staff_have_in_hand_after_the_last_day(status):
    open_now = status in {Status.SENT, Status.ACCEPTED, Status.WORKING}
    assert overdue(DUE, status, DUE + timedelta(1)) is open_now
    assert not overdue(DUE, status, DUE)
    assert not overdue(None, status, DUE)
    assert bool(left_words(Calendar(), DUE, status, DUE)) is open_now


@pytest.mark.parametrize(
    ("today", "words"),
    [
        (date(2026, 10, 29), "Осталось 15 рабочих дней"),
        (date(2026, 11, 17), "Осталось 3 рабочих дня"),
        (date(2026, 11, 19), "Остался 1 рабочий день"),
        (date(2026, 11, 20), "Последний день срока"),
        (date(2026, 11, 21), "Срок вышел"),  # a Saturday: no working day has gone by
        (date(2026, 11, 23), "Срок вышел 1 рабочий день назад"),
        (date(2026, 11, 24), "Срок вышел 2 рабочих дня назад"),
        (date(2026, 12, 21), "Срок вышел 21 рабочий день назад"),
    ],
)
def test_what_is_left_in_words(today, words):
    assert left_words(Calendar(), DUE, Status.SENT, today) == words


@pytest.mark.parametrize(
    ("count", "words"),
    [(1, "1 рабочий день"), (2, "2 рабочих дня"), (5, "5 рабочих дней"), (11, "11 рабочих дней"),
     (12, "12 рабочих дней"), (21, "21 рабочий день"), (22, "22 рабочих дня"), (111, "111 рабочих дней")],
)  # fmt: skip
def test_russian_counts_working_days(count, words):
    assert working_days(count) == words

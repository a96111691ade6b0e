from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfoNotFoundError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lk_reflex.core.clock import format_date, local_date, local_time, parse_date, utc_now, zone


@pytest.mark.parametrize(
    ("moment", "zone_name", "day"),
    [
        # Yekaterinburg is five hours ahead: its day begins at 19:00 UTC.
        (datetime(2026, 1, 31, 18, 59, 59, tzinfo=UTC), "Asia/Yekaterinburg", date(2026, 1, 31)),
        (datetime(2026, 1, 31, 19, 0, tzinfo=UTC), "Asia/Yekaterinburg", date(2026, 2, 1)),
        (datetime(2026, 1, 31, 23, 59, tzinfo=UTC), "Asia/Yekaterinburg", date(2026, 2, 1)),
        (datetime(2026, 12, 31, 19, 0, tzinfo=UTC), "Asia/Yekaterinburg", date(2027, 1, 1)),
        (datetime(2024, 2, 28, 19, 0, tzinfo=UTC), "Asia/Yekaterinburg", date(2024, 2, 29)),
        (datetime(2025, 2, 28, 19, 0, tzinfo=UTC), "Asia/Yekaterinburg", date(2025, 3, 1)),
        (datetime(2026, 1, 31, 23, 59, tzinfo=UTC), "UTC", date(2026, 1, 31)),
        (datetime(2026, 3, 1, 1, 0, tzinfo=UTC), "America/New_York", date(2026, 2, 28)),
    ],
)
def test_a_day_is_the_one_that_people_of_the_zone_have(moment, zone_name, day):
    assert local_date(moment, zone_name) == day
    assert local_time(moment, zone_name) == moment


def test_an_unknown_zone_is_an_error_and_not_utc():
    with pytest.raises(ZoneInfoNotFoundError):
        zone("Asia/Chelyabinsk-40")


def test_now_is_aware_and_in_utc():
    assert utc_now().utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    "text",
    ["08.11.2012", "8.11.2012", "08/11/2012", "08-11-2012", "08 11 2012", " 08.11.2012 ", "2012-11-08", "08.11.12"],
)
def test_dates_are_read_in_the_ways_people_write_them(text):
    assert parse_date(text) == date(2012, 11, 8)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "08.11",
        "31.11.2012",
        "29.02.2025",
        "32.01.2025",
        "01.13.2025",
        "00.01.2025",
        "08.11.201",
        "08.11.20120",
        "08.11.2",
        "8 ноября 2012",
        "٠٨.١١.٢٠١٢",
        "08..2012",
        "08.11.2012.",
        "-8.11.2012",
        "9" * 5000 + ".01.2012",
        "20121108",
    ],
)
def test_what_is_no_date_is_refused(text):
    with pytest.raises(ValueError):
        parse_date(text)


def test_leap_day_is_a_date_in_leap_years():
    assert parse_date("29.02.2024") == date(2024, 2, 29)


@given(st.dates(date(1900, 1, 1), date(2200, 12, 31)))
def test_a_shown_date_reads_back_as_itself(day):
    assert parse_date(format_date(day)) == day


def test_no_date_is_shown_as_nothing():
    assert format_date(None) == ""

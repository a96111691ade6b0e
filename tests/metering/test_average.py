"""Six months' average consumption, to the thousandth."""

from datetime import date

import pytest

from lk_reflex.core.exact import parse_scaled
from lk_reflex.core.months import Month
from lk_reflex.domain.metering.average import Known, monthly_average


def known(*readings: tuple[str, str]) -> list[Known]:
    return [Known(date.fromisoformat(day), parse_scaled(value, 3)) for day, value in readings]


def regular(volume: str, months: int, day: int = 21) -> list[Known]:
    step = parse_scaled(volume, 3)
    return [Known(Month(2025, 10).shift(i).day(day), 50_000 + i * step) for i in range(months)]


@pytest.mark.parametrize("months", [2, 3, 6, 7, 8, 13, 25])
@pytest.mark.parametrize(("volume", "average"), [("2", 2_000), ("6", 6_000), ("0", 0), ("0,333", 333)])
@pytest.mark.parametrize("day", [1, 21, 31])
def test_regular_months_give_exactly_their_volume(volume, average, months, day):
    assert monthly_average(regular(volume, months, day), 5) == average


@pytest.mark.parametrize(
    ("readings", "average"),
    [
        ([], None),
        ([("2012-03-01", "0")], None),  # the manual's: only the first one
        ([("2026-10-01", "5"), ("2026-10-30", "9")], None),  # one month alone
        ([("2026-09-30", "5"), ("2026-10-01", "9")], 4_000),
        ([("2026-01-21", "0"), ("2026-10-21", "90")], 10_000),  # nine months without a reading
        ([("2025-10-21", "0"), ("2026-10-21", "120")], 10_000),
        ([("2025-09-21", "0"), ("2026-10-21", "130")], None),  # over a year tells nothing
        ([("2012-03-01", "0"), ("2026-10-21", "1"), ("2026-11-21", "3")], 2_000),
        # only the last six months count
        ([("2025-10-21", "0"), ("2026-04-21", "600"), ("2026-10-21", "612")], 2_000),
        ([("2026-03-21", "0"), ("2026-05-21", "70"), ("2026-10-21", "70")], 10_000),
        # two readings in one month add up
        ([("2026-09-01", "10"), ("2026-09-20", "11"), ("2026-10-05", "12"), ("2026-10-25", "14")], 4_000),
        # past the last digit
        ([("2026-08-21", "99998"), ("2026-09-21", "1"), ("2026-10-21", "4")], 3_000),
        # billing corrected a value down
        ([("2026-08-21", "10"), ("2026-09-21", "14"), ("2026-10-21", "12")], 1_000),
        ([("2026-09-21", "14"), ("2026-10-21", "12")], 0),
        # rounded half up
        ([("2026-08-21", "0"), ("2026-10-21", "0,001")], 1),
        ([("2026-07-21", "0"), ("2026-10-21", "0,001")], 0),
        ([("2026-07-21", "0"), ("2026-10-21", "10")], 3_333),
    ],
)
def test_irregular_histories(readings, average):
    assert monthly_average(known(*readings), 5) == average

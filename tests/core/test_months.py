from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lk_reflex.core.months import Month, day_in_words

months = st.builds(Month, st.integers(1900, 2200), st.integers(1, 12))


def test_a_month_knows_all_its_names():
    month = Month(2019, 9)
    assert (month.key, month.dotted, month.title, month.upper, month.name) == (
        "2019-09",
        "09.2019",
        "Сентябрь 2019",
        "СЕНТЯБРЬ 2019",
        "сентябрь",
    )
    assert day_in_words(date(2026, 11, 15)) == "15 ноября"


@pytest.mark.parametrize(
    "key",
    [
        "",
        "2019",
        "2019-9",
        "2019-13",
        "2019-00",
        "1899-12",
        "2201-01",
        "2019-09-01",
        " 2019-09",
        "2019-09\n",
        "٢٠١٩-٠٩",
        "x",
    ],
)
def test_an_address_with_anything_but_a_month_is_refused(key):
    with pytest.raises(ValueError):
        Month.parse(key)


@pytest.mark.parametrize("text", ["", "9.2019", "13.2019", "2019.09", "01.09.2019", "09.2019 ", "09,2019"])
def test_a_billing_file_with_anything_but_a_month_is_refused(text):
    with pytest.raises(ValueError):
        Month.parse_dotted(text)


@given(months)
def test_every_written_form_reads_back(month):
    assert Month.parse(month.key) == month
    assert Month.parse_dotted(month.dotted) == month
    assert Month.from_ordinal(month.ordinal) == month
    assert Month.of(month.first) == month


@given(months, st.integers(-500, 500))
def test_shifting_there_and_back_changes_nothing(month, by):
    try:
        there = month.shift(by)
    except ValueError:
        assert not 1900 * 12 <= month.ordinal + by < 2201 * 12
        return
    assert there.shift(-by) == month
    assert there.ordinal - month.ordinal == by


@given(months, months)
def test_months_sort_as_their_first_days_do(one, other):
    assert (one < other) == (one.first < other.first) == (one.ordinal < other.ordinal)


@pytest.mark.parametrize(
    ("month", "number", "day"),
    [
        (Month(2026, 1), 31, date(2026, 1, 31)),
        (Month(2026, 4), 31, date(2026, 4, 30)),
        (Month(2026, 2), 29, date(2026, 2, 28)),
        (Month(2024, 2), 31, date(2024, 2, 29)),
        (Month(2026, 12), 31, date(2026, 12, 31)),
        (Month(2200, 12), 25, date(2200, 12, 25)),
    ],
)
def test_a_day_beyond_a_short_month_is_its_last(month, number, day):
    assert month.day(number) == day

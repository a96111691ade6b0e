from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lk_reflex.core.exact import format_scaled, parse_scaled, to_decimal

NBSP = "\u00a0"


@pytest.mark.parametrize(
    ("typed", "places", "value"),
    [
        ("0", 3, 0),
        ("1,5", 3, 1500),
        ("1.5", 3, 1500),
        ("1,500000", 3, 1500),
        (",5", 3, 500),
        ("-.5", 3, -500),
        ("5,", 3, 5000),
        ("-12,345", 3, -12345),
        ("1 234,5", 3, 1_234_500),
        (f"1{NBSP}234", 3, 1_234_000),
        ("00012", 0, 12),
        ("12,0", 0, 12),
        ("0,000001", 6, 1),
    ],
)
def test_exact_numbers_keep_every_place(typed, places, value):
    assert parse_scaled(typed, places) == value


@pytest.mark.parametrize(
    ("typed", "places"),
    [
        ("", 3),
        (",", 3),
        ("1,2345", 3),
        ("1,5", 0),
        ("1e3", 3),
        ("NaN", 3),
        ("inf", 3),
        ("1.234,5", 3),
        ("1 23", 3),
        ("٣", 3),
        ("１", 3),
        ("1_0", 3),
        ("1\x00", 3),
        ("9" * 20, 3),
        ("9" * 5000, 3),
    ],
)
def test_what_is_not_one_plain_number_of_that_many_places_is_refused(typed, places):
    with pytest.raises(ValueError):
        parse_scaled(typed, places)


def test_the_limit_is_the_first_number_that_is_refused():
    assert parse_scaled("0,999", 3, limit=1000) == 999
    with pytest.raises(ValueError):
        parse_scaled("1", 3, limit=1000)


@pytest.mark.parametrize(
    ("value", "places", "show", "text"),
    [
        (1_234_500, 3, None, f"1{NBSP}234,500"),
        (1_234_500, 3, 0, f"1{NBSP}234,5"),
        (1_234_000, 3, 0, f"1{NBSP}234"),
        (1_234_000, 3, 2, f"1{NBSP}234,00"),
        (-5, 3, None, "-0,005"),
        (0, 3, 0, "0"),
        (5, 0, None, "5"),
        (5, 0, 0, "5"),
    ],
)
def test_exact_numbers_are_shown_with_the_places_asked_for(value, places, show, text):
    assert format_scaled(value, places, show=show) == text


@given(st.integers(-(10**14), 10**14), st.integers(0, 6))
def test_a_shown_number_reads_back_as_itself(value, places):
    assert parse_scaled(format_scaled(value, places), places) == value
    assert parse_scaled(format_scaled(value, places, show=0), places) == value
    assert to_decimal(value, places) * 10**places == Decimal(value)

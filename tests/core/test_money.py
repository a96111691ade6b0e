from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lk_reflex.core.money import MAX_KOPECKS, format_money, parse_money, roubles

NBSP = "\u00a0"


@pytest.mark.parametrize(
    ("typed", "kopecks"),
    [
        ("0", 0),
        ("0,00", 0),
        ("-0,00", 0),
        ("0,01", 1),
        ("0.1", 10),
        ("1", 100),
        ("007", 700),
        ("485,28", 48_528),
        ("-485,28", -48_528),
        ("\u2212485,28", -48_528),
        ("+5", 500),
        ("1234,5", 123_450),
        ("1 234,5", 123_450),
        (f"1{NBSP}234,50", 123_450),
        ("1\u202f234.50", 123_450),
        ("12 345 678", 1_234_567_800),
        ("99 999 999,99", MAX_KOPECKS),
        ("-99999999,99", -MAX_KOPECKS),
        ("  10,00 \n", 1000),
    ],
)
def test_sums_that_people_and_billing_systems_write_become_kopecks(typed, kopecks):
    assert parse_money(typed) == kopecks


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "-",
        ",",
        ",5",
        "5,",
        "1.234,50",
        "1,234.50",
        "1,234",
        "1,2,3",
        "1 23",
        "12 34,00",
        "1  234",
        "1 2345",
        " 1 234 5",
        "NaN",
        "nan",
        "Infinity",
        "-inf",
        "1e5",
        "1E+5",
        "0x10",
        "1_000",
        "10 руб",
        "10₽",
        "--5",
        "5-",
        "(5)",
        "=1+1",
        "1'000",
        "١٢٣",
        "１２",
        "²",
        "1²",
        "1\u0660",
        "0,001",
        "100 000 000,00",
        "100000000",
        "9" * 5000,
        "1\x00",
        "1\n2",
    ],
)
def test_anything_else_is_refused_rather_than_guessed(typed):
    with pytest.raises(ValueError):
        parse_money(typed)


@pytest.mark.parametrize(
    ("kopecks", "shown"),
    [
        (0, "0,00"),
        (1, "0,01"),
        (-1, "-0,01"),
        (99, "0,99"),
        (100, "1,00"),
        (277_992, f"2{NBSP}779,92"),
        (-48_528, "-485,28"),
        (MAX_KOPECKS, f"99{NBSP}999{NBSP}999,99"),
        (123_456_789_012, f"1{NBSP}234{NBSP}567{NBSP}890,12"),
    ],
)
def test_sums_are_shown_with_no_break_spaces_and_a_comma(kopecks, shown):
    assert format_money(kopecks) == shown


@given(st.integers(-MAX_KOPECKS, MAX_KOPECKS))
def test_a_shown_sum_reads_back_as_itself(kopecks):
    assert parse_money(format_money(kopecks)) == kopecks
    assert parse_money(str(roubles(kopecks))) == kopecks


@given(st.text(max_size=20))
def test_no_text_gives_anything_but_whole_kopecks_or_a_refusal(text):
    try:
        value = parse_money(text)
    except ValueError:
        return
    assert type(value) is int
    assert abs(value) <= MAX_KOPECKS


def test_roubles_are_an_exact_decimal_with_two_places():
    assert roubles(10) + roubles(20) == Decimal("0.30")
    assert str(roubles(100)) == "1.00"
    assert str(roubles(-1)) == "-0.01"

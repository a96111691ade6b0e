"""The test cards, and what is wrong with a card as typed."""

from datetime import date

import pytest

from lk_reflex.standins.bank import cards
from lk_reflex.standins.bank.cards import CARDS, Way, card_of, luhn, read_card

TODAY = date(2026, 11, 23)
GOOD = {"number": "4111 1111 1111 1111", "month": "11", "year": "26", "cvc": "123"}


def test_there_is_one_card_for_each_way_and_all_numbers_could_be_real():
    assert [card.way for card in CARDS] == list(Way)
    assert len({card.number for card in CARDS}) == len(CARDS)
    assert all(luhn(card.number) and len(card.number) == 16 for card in CARDS)


@pytest.mark.parametrize("number", ["4111 1111-1111\u00a01111", "4111111111111111", "\u20114111 1111 1111 1111 "])
def test_a_number_is_taken_as_people_write_it(number):
    typed = read_card({**GOOD, "number": number}, TODAY)
    assert (typed.way, dict(typed.faults), typed.pan) == (Way.PAID, {}, "411111**1111")


@pytest.mark.parametrize(
    ("field", "value", "where", "fault"),
    [
        ("number", "", "number", cards.NO_NUMBER),
        ("number", "4111 1111 1111 1112", "number", cards.WRONG_NUMBER),
        ("number", "٤١١١١١١١١١١١١١١١", "number", cards.WRONG_NUMBER),
        ("number", "4111", "number", cards.WRONG_NUMBER),
        ("number", "2201382000000013", "number", cards.REAL_CARD),
        ("month", "", "month", cards.NO_MONTH),
        ("month", "13", "month", cards.NO_MONTH),
        ("month", "10", "month", cards.PAST),
        ("year", "", "year", cards.NO_YEAR),
        ("year", "25", "month", cards.PAST),
        ("year", "1999", "year", cards.NO_YEAR),
        ("cvc", "", "cvc", cards.NO_CVC),
        ("cvc", "12", "cvc", cards.NO_CVC),
        ("cvc", "1234", "cvc", cards.NO_CVC),
    ],
)
def test_each_fault_is_named_at_its_field(field, value, where, fault):
    assert read_card({**GOOD, field: value}, TODAY).faults == {where: fault}


def test_a_card_is_good_to_the_end_of_its_month_and_a_year_may_be_written_whole():
    assert read_card({**GOOD, "year": "2026"}, date(2026, 11, 30)).faults == {}
    assert read_card({**GOOD, "month": "9", "year": "27"}, TODAY).expiry == "202709"


def test_all_that_is_missing_is_said_at_once():
    assert set(read_card({}, TODAY).faults) == {"number", "month", "year", "cvc"}


def test_a_way_that_is_none_has_no_card():
    assert card_of("nothing") is None
    assert card_of(Way.SECURE) == CARDS[1]

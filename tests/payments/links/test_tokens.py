"""A pay link's address: what we have signed opens, and nothing else does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lk_reflex.domain.payments.links.tokens import key_of, link_token, new_key

SECRET, OTHER = b"one installation's secret", b"another installation's secret"
#: Of the form of new_key(); fixed, since the tests are named by it.
KEY = "Zk3vQ0b_7-aXyW1dN5tRfg"
TOKEN = link_token(KEY, SECRET)


def test_a_token_gives_back_its_key_and_fits_an_address():
    assert key_of(TOKEN, SECRET) == KEY
    assert len(TOKEN) == 65 and TOKEN.isascii() and not set(TOKEN) & set("/?#%&=+ ")
    assert len({new_key() for _ in range(100)}) == 100


def test_another_installations_signature_is_worth_nothing():
    assert key_of(link_token(KEY, OTHER), SECRET) == ""
    assert key_of(KEY + link_token(new_key(), SECRET)[22:], SECRET) == ""


@pytest.mark.parametrize("place", range(65))
def test_no_letter_may_be_altered(place):
    for letter in "AZaz09_-":
        altered = TOKEN[:place] + letter + TOKEN[place + 1 :]
        assert key_of(altered, SECRET) == (KEY if altered == TOKEN else "")


@given(st.text(max_size=200))
def test_any_other_text_is_worth_nothing(text):
    assert key_of(text, SECRET) == ""


@pytest.mark.parametrize(
    "token", ["", KEY, TOKEN[:-1], TOKEN + "A", TOKEN + "\n", f" {TOKEN}", TOKEN.swapcase(), "\ud800"]
)
def test_a_part_of_it_or_more_is_worth_nothing(token):
    assert key_of(token, SECRET) == ""

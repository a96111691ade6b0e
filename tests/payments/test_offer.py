"""What a receipt offers, to the kopeck, and what the bank's commission on it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lk_reflex.domain.accounts.tables import ORGANIZATION, PAYER
from lk_reflex.domain.payments.cart.offer import offered
from lk_reflex.domain.payments.commission import Terms, commission

SUMS = st.integers(-10_000_000, 10_000_000)


@pytest.mark.parametrize(
    ("asked", "paid", "offer"),
    [
        ([34130, 19790], [0, 0], [34130, 19790]),
        ([], [], []),
        ([0, 0], [0, 0], [0, 0]),
        # One service is overpaid: the others bear it, by their size.
        ([30000, 10000, -4000], [0, 0, 0], [27000, 9000, 0]),
        ([100, 100, 100, -100], [0, 0, 0, 0], [67, 67, 66, 0]),
        ([100, -100], [0, 0], [0, 0]),
        ([100, -500], [0, 0], [0, 0]),
        # Paid here already, wholly, in part, and more than that.
        ([34130, 19790], [34130, 19790], [0, 0]),
        ([34130, 19790], [10000, 0], [24130, 19790]),
        ([34130, 19790], [40000, 0], [0, 13920]),
        ([34130, 19790], [99999, 0], [0, 0]),
    ],
)
def test_offers_what_is_still_owed(asked, paid, offer):
    assert offered(asked, paid) == offer


@given(st.lists(st.tuples(SUMS, st.integers(0, 10_000_000)), max_size=12))
def test_adds_up_to_the_kopeck_and_is_never_negative(pairs):
    asked, paid = [one[0] for one in pairs], [one[1] for one in pairs]
    offers = offered(asked, paid)
    assert sum(offers) == max(0, sum(asked) - sum(paid))
    assert all(0 <= offer <= max(0, want - got) for offer, want, got in zip(offers, asked, paid, strict=True))


@pytest.mark.parametrize(
    ("amount", "rate", "minimum", "comes_to"),
    [
        (53920, 70, 0, 377),  # 377,44
        (50000, 70, 0, 350),
        (50, 100, 0, 1),  # half a kopeck goes up
        (49, 100, 0, 0),
        (150, 100, 0, 2),  # not to the even one
        (10000, 70, 1000, 1000),
        (1, 0, 500, 500),
        (0, 70, 1000, 0),
        (-100, 70, 1000, 0),
        (9_999_999_999, 100_00, 0, 9_999_999_999),
    ],
)
def test_counts_the_commission(amount, rate, minimum, comes_to):
    assert commission(amount, rate, minimum) == comes_to


def test_only_a_payer_who_bears_it_pays_it():
    assert Terms(PAYER, 70, 0, 1).commission_on(10000) == 70
    assert Terms(ORGANIZATION, 70, 500, 1).commission_on(10000) == 0

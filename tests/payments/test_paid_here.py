"""What was paid here for receipts: by their present figures, net of refunds, within what one may see."""

import pytest

from lk_reflex.core.months import Month
from lk_reflex.domain.payments.orders.paid_here import _PAID, PaidHere, left_to_pay, paid_here
from lk_reflex.domain.payments.tables import ADVANCE, PENALTY
from tests.billing.paper import receipt
from tests.billing.plans import scans
from tests.cast import NOW
from tests.payments.books import Line, paid, refunded

NUMBER, OTHER = "26112012345678", "26112012345679"
OCTOBER = Month(2026, 10)


@pytest.fixture
def bill(db, cast) -> int:
    return receipt(db, cast.flat, "Объединённая", OCTOBER, [("ХВС", "0", "0", "500,00", "500,00")])


@pytest.mark.parametrize(
    ("dues", "paid_so_far", "left"),
    [
        ({1: 500}, {}, 500),
        ({1: 500}, {1: 200}, 300),
        ({1: 500}, {1: 900}, 0),  # too much for one receipt pays no other
        ({1: 500, 2: 100}, {1: 900}, 100),
        ({1: 500, 2: -100}, {}, 500),
        ({}, {}, 0),
    ],
)
def test_what_is_left(dues, paid_so_far, left):
    assert left_to_pay(dues, {receipt: PaidHere(amount) for receipt, amount in paid_so_far.items()}) == left


def test_counts_main_sums_and_penalties_by_the_present_figures(db, cast, bill):
    lines = [Line(cast.flat, bill, 300_00), Line(cast.flat, bill, 200_00, part=PENALTY)]
    order = paid(db, cast.organization, lines, number=NUMBER, commission=5_00)
    for person in (cast.owner, cast.relative):
        assert db.read(paid_here, person.actor, {bill: 500_00}) == {bill: PaidHere(500_00, frozenset({NUMBER}))}
    assert db.read(paid_here, cast.owner.actor, {bill: 501_00}) == {}, "billing has made another receipt of it"
    assert db.read(paid_here, cast.stranger.actor, {bill: 500_00}) == {}
    refunded(db, order, 505_00)
    assert db.read(paid_here, cast.owner.actor, {bill: 500_00})[bill].amount == 0


def test_an_advance_pays_no_debt(db, cast, bill):
    paid(db, cast.organization, [Line(cast.flat, bill, 500_00, part=ADVANCE)], number=OTHER)
    assert db.read(paid_here, cast.owner.actor, {bill: 500_00}) == {}
    assert db.read(paid_here, cast.owner.actor, {}) == {}


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_no_query_scans_a_growing_table(db):
    with db.engine.connect() as connection:
        made = _PAID.compile(connection).construct_expanded_state({"receipts": [1, 2], "user_id": 1, "owned_at": NOW})
        values = tuple(str(made.parameters[name]) for name in made.positiontup or ())
        steps = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {made.statement}", values)]
    assert scans(steps) == []

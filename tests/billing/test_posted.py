"""История оплат: newest first, by year, and whose they are."""

from datetime import date

import pytest

from lk_reflex.domain.billing.posted import _PAYMENTS, _SINCE, Payment, paid_since, payments_of
from tests.billing.paper import payment
from tests.billing.plans import plan, scans
from tests.cast import NOW


@pytest.fixture
def paid(db, cast):
    """The manual's list, in another order, and one of the year before."""
    for accepted, processed, amount in (
        (date(2012, 7, 6), date(2012, 11, 1), "-944,66"),
        (date(2012, 11, 8), date(2012, 11, 12), "-1082,36"),
        (date(2012, 10, 8), date(2012, 11, 1), "-1082,36"),
        (date(2011, 12, 31), None, "-1,00"),
    ):
        payment(db, cast.organization, cast.flat, accepted, amount, processed_on=processed)


@pytest.mark.usefixtures("paid")
def test_goes_by_year_newest_first_with_a_sum(db, cast):
    found = db.read(payments_of, cast.owner.actor, cast.flat)
    assert [(year.year, len(year.payments), year.amount) for year in found] == [(2012, 3, -310938), (2011, 1, -100)]
    assert found[0].payments[0] == Payment('оплата "Город"', date(2012, 11, 8), date(2012, 11, 12), -108236)
    assert [one.accepted_on.month for one in found[0].payments] == [11, 10, 7]
    assert found[1].payments[0].processed_on is None


@pytest.mark.usefixtures("paid")
def test_tells_what_came_in_after_a_day(db, cast):
    since = db.read(paid_since, cast.owner.actor, cast.flat, date(2012, 10, 7))
    assert (since.amount, since.latest) == (216472, date(2012, 11, 8))
    assert db.read(paid_since, cast.owner.actor, cast.flat, date(2012, 11, 8)) is None
    payment(db, cast.organization, cast.flat, date(2012, 11, 9), "-5,00", order_number="12110912345678")
    day = date(2012, 11, 8)
    assert db.read(paid_since, cast.owner.actor, cast.flat, day).amount == 500
    assert db.read(paid_since, cast.owner.actor, cast.flat, day, without={"12110912345678"}) is None


@pytest.mark.usefixtures("paid")
@pytest.mark.parametrize("who", ["stranger", "operator"])
def test_what_isnt_yours_is_not_found(db, cast, who):
    actor = getattr(cast, who).actor
    assert db.read(payments_of, actor, cast.flat) == ()
    assert db.read(paid_since, actor, cast.flat, date(2000, 1, 1)) is None


def test_no_query_scans_a_growing_table(db, cast):
    if db.engine.dialect.name != "sqlite":
        pytest.skip("plans are read from SQLite")
    params = {"account_id": cast.flat, "user_id": 1, "owned_at": NOW}
    assert scans(plan(db, _PAYMENTS, **params) + plan(db, _SINCE, day=date(2012, 1, 1), **params)) == []

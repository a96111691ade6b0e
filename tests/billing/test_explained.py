"""One account's explanation out of the database: against the month before, against a year ago, and whose it is."""

import pytest

from lk_reflex.core.months import Month
from lk_reflex.domain.billing.explaining.explain_parts import Kind
from lk_reflex.domain.billing.explaining.explained import (
    _ACCRUED,
    _BEFORE,
    _CHARGED,
    _NEWEST_TWO,
    Difference,
    explained,
    explained_year,
    newest_difference,
)
from tests.billing.paper import SEPTEMBER, accrual, receipt, september_2019
from tests.billing.plans import plan, scans
from tests.cast import NOW

AUGUST, RENT = Month(2019, 8), "Коммерческий найм жилья"


def august_2019(db, account):
    made = receipt(db, account, "Объединённая", AUGUST, [(RENT, "2566,08", "0", "213,84", "2779,92")])
    accrual(db, made, 1, RENT, "начисление", "213,84", tariff="13,20", unit="м2", volume="16,2")


def water(db, account, month, tariff, volume):
    """A receipt of one service that is charged tariff × volume, in whole roubles."""
    amount = str(int(tariff) * int(volume))
    made = receipt(db, account, "ХВС", month, [("ХВС", "0", "0", amount, amount, "0", "0", "1,00", "1,00")])
    accrual(db, made, 1, "ХВС", "начисление", amount, tariff=tariff, unit="м3", volume=volume)


def test_the_manuals_september_against_august(db, cast):
    august_2019(db, cast.flat)
    september_2019(db, cast.flat)
    found = db.read(explained, cast.owner.actor, cast.flat, SEPTEMBER)
    assert (found.why.was, found.why.now, found.why.before) == (213_84, 513_16, AUGUST)
    (service,) = found.why.services
    assert [(part.kind, part.amount) for part in service.parts] == [(Kind.RECALCULATION, 277_94), (Kind.REST, 21_38)]
    line = service.parts[0].line
    assert (line.period_from, line.period_to, line.months) == (Month(2018, 8), Month(2019, 8), 13)


def test_a_month_left_out_is_stepped_over(db, cast):
    water(db, cast.flat, Month(2026, 6), "10", "3")
    water(db, cast.flat, Month(2026, 9), "11", "3")
    found = db.read(explained, cast.owner.actor, cast.flat, Month(2026, 9))
    assert (found.wanted, found.why.before, found.why.change) == (Month(2026, 8), Month(2026, 6), 3_00)
    assert (found.why.penalty_was, found.why.penalty_now) == (1_00, 1_00)


def test_the_first_month_has_nothing_to_be_compared_with(db, cast):
    september_2019(db, cast.flat)
    assert db.read(explained, cast.owner.actor, cast.flat, SEPTEMBER).why is None
    year = db.read(explained_year, cast.owner.actor, cast.flat, SEPTEMBER)
    assert (year.why, year.years, year.wanted) == (None, None, Month(2018, 9))


def test_a_receipt_without_lines_is_a_month_of_nothing(db, cast):
    receipt(db, cast.flat, "Объединённая", AUGUST)
    september_2019(db, cast.flat)
    found = db.read(explained, cast.owner.actor, cast.flat, SEPTEMBER)
    assert (found.why.was, found.why.now) == (0, 513_16)


def test_a_year_ago_is_the_same_month(db, cast):
    for year, tariff in ((2025, "10"), (2026, "12")):
        water(db, cast.flat, Month(year, 9), tariff, "3")
    water(db, cast.flat, Month(2026, 8), "100", "9")
    found = db.read(explained_year, cast.owner.actor, cast.flat, Month(2026, 9))
    assert (found.why.was, found.why.now) == (30_00, 36_00)
    assert found.years is None


def test_two_years_are_compared_month_by_month(db, cast):
    last = Month(2026, 9)
    for step in range(24):
        water(db, cast.flat, last.shift(-step), "12" if step < 12 else "10", "3" if step else "4")
    years = db.read(explained_year, cast.owner.actor, cast.flat, last).years
    assert (years.first, years.last) == (Month(2025, 10), last)
    assert (years.was, years.now) == (12 * 30_00, 11 * 36_00 + 48_00)
    assert years.kinds == {Kind.TARIFF: 12 * 6_00, Kind.VOLUME: 12_00}
    assert sum(years.kinds.values()) == years.now - years.was


def test_another_accounts_months_are_never_mixed_in(db, cast):
    water(db, cast.house, Month(2026, 8), "1", "1")
    water(db, cast.flat, Month(2026, 9), "11", "3")
    assert db.read(explained, cast.owner.actor, cast.flat, Month(2026, 9)).why is None


@pytest.mark.parametrize("who", ["stranger", "operator"])
def test_what_isnt_yours_is_not_found(db, cast, who):
    august_2019(db, cast.flat)
    september_2019(db, cast.flat)
    actor = getattr(cast, who).actor
    assert db.read(explained, actor, cast.flat, SEPTEMBER) is None
    assert db.read(explained_year, actor, cast.flat, SEPTEMBER) is None


def test_a_month_that_the_account_hasnt_is_not_found(db, cast):
    september_2019(db, cast.flat)
    assert db.read(explained, cast.owner.actor, cast.flat, Month(2026, 1)) is None
    assert db.read(explained_year, cast.owner.actor, cast.flat, AUGUST) is None


def test_the_newest_two_months_are_compared_in_sums_alone(db, cast):
    water(db, cast.flat, Month(2026, 6), "10", "3")
    assert db.read(newest_difference, cast.owner.actor, cast.flat) is None
    water(db, cast.flat, Month(2026, 5), "50", "3")
    receipt(db, cast.flat, "Объединённая", Month(2026, 8))
    water(db, cast.house, Month(2026, 9), "10", "3")
    found = db.read(newest_difference, cast.owner.actor, cast.flat)
    assert found == Difference(Month(2026, 6), Month(2026, 8), 30_00, 0)
    assert db.read(newest_difference, cast.stranger.actor, cast.flat) is None


def test_no_query_scans_a_growing_table(db, cast):
    if db.engine.dialect.name != "sqlite":
        pytest.skip("plans are read from SQLite")
    params = {"account_id": cast.flat, "user_id": 1, "owned_at": NOW}
    between = {"first": AUGUST, "last": SEPTEMBER}
    steps = [
        *plan(db, _NEWEST_TWO, **params),
        *plan(db, _BEFORE, month=SEPTEMBER, **params),
        *plan(db, _CHARGED, **between, **params),
        *plan(db, _ACCRUED, **between, **params),
    ]
    assert steps
    assert scans(steps) == []

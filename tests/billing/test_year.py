"""A year of charges by service: what is told apart, what is put together, whose it is."""

import pytest

from lk_reflex.core.months import Month
from lk_reflex.domain.billing.year import _BY_SERVICE, _NEWEST, OTHERS, ChargedYear, by_service, charged_year
from tests.billing.paper import receipt
from tests.billing.plans import plan, scans
from tests.cast import NOW

OCTOBER = Month(2026, 10)
LAST_YEAR = OCTOBER.shift(-12)


def names(year: ChargedYear) -> list[str]:
    return [service.name for service in year.services]


def test_thirteen_months_with_what_several_receipts_charged(db, cast):
    for month, water in ((OCTOBER, "100,10"), (OCTOBER.shift(-12), "90"), (OCTOBER.shift(-13), "7")):
        receipt(
            db, cast.flat, "Объединённая", month, [("Отопление", "0", "0", "500", "500"), ("ХВС", "0", "0", "1", "1")]
        )
        receipt(db, cast.flat, "ХВС и ВО", month, [("ХВС", "5", "-5", water, "0", "1", "1", "1", "1")])
    for person in (cast.owner, cast.relative):
        found = db.read(charged_year, person.actor, cast.flat)
        assert (found.months[0], found.months[-1], len(found.months)) == (LAST_YEAR, OCTOBER, 13)
        assert found.totals == (59_100, *[None] * 11, 60_110)
        assert [(one.name, one.charged[0], one.charged[-1]) for one in found.services] == [
            ("Отопление", 50_000, 50_000), ("ХВС", 9_100, 10_110),
        ]  # fmt: skip


@pytest.mark.parametrize("who", ["stranger", "operator"])
def test_others_find_nothing(db, cast, who):
    receipt(db, cast.flat, "ХВС", OCTOBER, [("ХВС", "0", "0", "1", "1")])
    assert db.read(charged_year, getattr(cast, who).actor, cast.flat) == ChargedYear()


def test_an_account_without_receipts_and_one_with_an_empty_receipt(db, cast):
    assert db.read(charged_year, cast.owner.actor, cast.flat) == ChargedYear()
    receipt(db, cast.flat, "ХВС", OCTOBER)
    assert db.read(charged_year, cast.owner.actor, cast.flat) == ChargedYear()


@pytest.mark.parametrize(
    ("count", "shown"),
    [(1, 1), (6, 6), (7, 7), (8, 7), (12, 7)],
)
def test_many_small_services_are_one(count, shown):
    year = by_service({(OCTOBER, f"У{number:02d}"): 1_000 - number for number in range(count)})
    assert len(year.services) == shown
    assert (names(year)[-1] == OTHERS) == (count > 7)  # one service alone is never «остальное»
    assert sum(one.charged[-1] for one in year.services) == year.totals[-1] == sum(1_000 - n for n in range(count))


def test_the_largest_come_first_and_a_recalculation_counts_by_its_size():
    year = by_service({(OCTOBER, "Б"): 5, (OCTOBER, "А"): 5, (OCTOBER, "В"): -900, (LAST_YEAR, "Б"): 1})
    assert names(year) == ["В", "Б", "А"]
    assert year.totals[-1] == -890


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
@pytest.mark.parametrize("query", [_NEWEST, _BY_SERVICE], ids=["newest", "by service"])
def test_the_plan_goes_by_indexes(db, query):
    months = {} if query is _NEWEST else {"first": LAST_YEAR, "last": OCTOBER}
    steps = plan(db, query, account_id=1, user_id=1, owned_at=NOW, **months)
    assert scans(steps) == []
    assert any("INDEX" in step for step in steps)

"""Общая информация in figures: the newest receipt of each kind, how fresh they are."""

from datetime import UTC, datetime

import pytest

from lk_reflex.core.months import Month
from lk_reflex.domain.billing.freshness import newest_import
from lk_reflex.domain.billing.summary import _SUMMARY, newest_receipts
from lk_reflex.domain.billing.sums import Sums
from lk_reflex.domain.exchange_log.tables import ImportRun
from tests.billing.paper import SEPTEMBER, february_2018, receipt, september_2019
from tests.billing.plans import plan, scans
from tests.cast import NOW


def test_gives_the_manuals_six_rows(db, cast):
    february_2018(db, cast.flat)
    (found,) = db.read(newest_receipts, cast.owner.actor, cast.flat)
    assert found.title == "Квитанция ХВС и ВО за ФЕВРАЛЬ 2018"
    assert found.main == Sums(debt=0, paid=-48528, charged=53920, total=53920)
    assert found.penalty == Sums()
    assert (found.advance, found.advance_penalty) == (0, 0)
    assert found.due == 53920


def test_takes_the_newest_of_each_kind_freshest_first(db, cast):
    february_2018(db, cast.flat)
    september_2019(db, cast.flat)
    receipt(db, cast.flat, "Объединённая", Month(2019, 8), [("Найм", "0", "0", "9,00", "9,00")])
    found = db.read(newest_receipts, cast.owner.actor, cast.flat)
    assert [one.title for one in found] == [
        "Квитанция Объединённая за СЕНТЯБРЬ 2019",
        "Квитанция ХВС и ВО за ФЕВРАЛЬ 2018",
    ]


def test_counts_penalties_and_the_advance_of_both_columns(db, cast):
    line = ("ХВС", "0", "0", "100,00", "100,00", "1,00", "0", "0,50", "1,50")
    receipt(db, cast.flat, "ХВС и ВО", SEPTEMBER, [line, ("ВО", "-30,00", "0", "10,00", "-20,00")],
            advance="40,00", advance_penalty="0,25")  # fmt: skip
    (found,) = db.read(newest_receipts, cast.owner.actor, cast.flat)
    assert (found.due, found.advance, found.advance_penalty) == (8000 + 150, 4000, 25)


@pytest.mark.parametrize("who", ["stranger", "operator"])
def test_what_isnt_yours_is_not_found(db, cast, who):
    september_2019(db, cast.flat)
    actor = getattr(cast, who).actor
    assert db.read(newest_receipts, actor, cast.flat) == ()


def test_says_when_billings_newest_package_came(db):
    assert db.read(newest_import) is None
    moments = [datetime(2026, 11, day, 5, tzinfo=UTC) for day in (20, 22)]
    with db.transaction() as writer:
        for moment in moments:
            writer.add(ImportRun(package="п", started_at=moment, finished_at=moment))
    assert db.read(newest_import) == moments[1]


def test_no_query_scans_a_growing_table(db, cast):
    if db.engine.dialect.name != "sqlite":
        pytest.skip("plans are read from SQLite")
    params = {"account_id": cast.flat, "user_id": 1, "owned_at": NOW}
    assert scans(plan(db, _SUMMARY, **params)) == []

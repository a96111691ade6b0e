"""Детализация по услугам: the manual's table, several receipts, and whose they are."""

import pytest

from lk_reflex.core.money import format_money
from lk_reflex.core.months import Month
from lk_reflex.domain.billing.charges import _CHARGES, charges_of
from lk_reflex.domain.billing.months import _MONTHS, months_of
from tests.billing.paper import SEPTEMBER, february_2018, receipt, september_2019
from tests.billing.plans import plan, scans
from tests.cast import NOW

ROW = ["2 779,92", "0,00", "513,16", "3 293,08"]


def shown(sums) -> list[str]:
    return [format_money(n).replace("\u00a0", " ") for n in (sums.debt, sums.paid, sums.charged, sums.total)]


def test_shows_the_manuals_table_to_the_kopeck(db, cast):
    september_2019(db, cast.flat)
    (found,) = db.read(charges_of, cast.owner.actor, cast.flat, SEPTEMBER)
    assert found.title == "Квитанция Объединённая за СЕНТЯБРЬ 2019"
    assert [line.service for line in found.lines] == ["Коммерческий найм жилья"]
    assert shown(found.lines[0].main) == ROW
    assert shown(found.main) == ROW
    assert not found.penalty


def test_keeps_billings_order_of_lines_and_adds_up_what_was_given(db, cast):
    # The second line breaks total = debt + charged: shown as it came, and so is the sum.
    lines = [
        ("Я", "1,00", "0", "2,00", "3,00"),
        ("А", "-5,00", "-7,00", "10,00", "999,99", "0,10", "0", "0,05", "0,15"),
    ]
    receipt(db, cast.flat, "Объединённая", SEPTEMBER, lines)
    (found,) = db.read(charges_of, cast.owner.actor, cast.flat, SEPTEMBER)
    assert [line.service for line in found.lines] == ["Я", "А"]
    assert shown(found.main) == ["-4,00", "-7,00", "12,00", "1 002,99"]
    assert shown(found.penalty) == ["0,10", "0,00", "0,05", "0,15"]


def test_several_kinds_of_one_month_stand_in_the_same_order_on_both_databases(db, cast):
    for kind in ("ХВС и ВО", "Капитальный ремонт", "Объединённая"):
        receipt(db, cast.flat, kind, SEPTEMBER, [(kind, "0", "0", "1,00", "1,00")])
    found = db.read(charges_of, cast.owner.actor, cast.flat, SEPTEMBER)
    assert [one.title.split(" за ")[0] for one in found] == [
        "Квитанция Капитальный ремонт", "Квитанция Объединённая", "Квитанция ХВС и ВО",
    ]  # fmt: skip


def test_a_receipt_without_lines_is_shown_empty(db, cast):
    receipt(db, cast.flat, "Объединённая", SEPTEMBER)
    (found,) = db.read(charges_of, cast.owner.actor, cast.flat, SEPTEMBER)
    assert found.lines == ()
    assert found.main.total == 0


def test_a_month_without_receipts_is_empty(db, cast):
    september_2019(db, cast.flat)
    assert db.read(charges_of, cast.owner.actor, cast.flat, Month(2019, 8)) == ()


@pytest.mark.parametrize("who", ["stranger", "operator"])
def test_what_isnt_yours_is_not_found(db, cast, who):
    september_2019(db, cast.flat)
    actor = getattr(cast, who).actor
    assert db.read(charges_of, actor, cast.flat, SEPTEMBER) == ()
    assert db.read(months_of, actor, cast.flat) == ()


def test_a_relative_sees_the_same(db, cast):
    september_2019(db, cast.flat)
    assert db.read(charges_of, cast.relative.actor, cast.flat, SEPTEMBER) == db.read(
        charges_of, cast.owner.actor, cast.flat, SEPTEMBER
    )


def test_offers_the_months_that_have_receipts_once_each_oldest_first(db, cast):
    september_2019(db, cast.flat)
    february_2018(db, cast.flat)
    receipt(db, cast.flat, "ХВС и ВО", SEPTEMBER)
    receipt(db, cast.house, "ХВС и ВО", Month(2020, 1))
    assert db.read(months_of, cast.owner.actor, cast.flat) == (Month(2018, 2), SEPTEMBER)


def test_no_query_scans_a_growing_table(db, cast):
    if db.engine.dialect.name != "sqlite":
        pytest.skip("plans are read from SQLite")
    params = {"account_id": cast.flat, "user_id": 1, "owned_at": NOW}
    steps = plan(db, _CHARGES, month=SEPTEMBER, **params) + plan(db, _MONTHS, **params)
    assert steps
    assert scans(steps) == []

"""Детализация начислений: the manual's table, the file's order, and whose they are."""

import pytest

from lk_reflex.core.money import format_money
from lk_reflex.core.months import Month
from lk_reflex.domain.billing.accruals import _ACCRUALS, accruals_of
from lk_reflex.domain.billing.present import period_text, quantity_text, tariff_text
from tests.billing.paper import SEPTEMBER, accrual, receipt, september_2019
from tests.billing.plans import plan, scans
from tests.cast import NOW


def shown(line) -> list[str]:
    return [
        line.service,
        line.operation,
        tariff_text(line.tariff, line.unit),
        quantity_text(line.norm, line.unit),
        quantity_text(line.volume, line.unit),
        period_text(line.period_from, line.period_to, line.months),
        format_money(line.amount),
    ]


def test_shows_the_manuals_table(db, cast):
    september_2019(db, cast.flat)
    (found,) = db.read(accruals_of, cast.owner.actor, cast.flat, SEPTEMBER)
    rent = "Коммерческий найм жилья"
    assert found.title == "Квитанция Объединённая за СЕНТЯБРЬ 2019"
    assert [shown(line) for line in found.lines] == [
        [rent, "начисление", "13,20 руб/м2", "", "16,2 м2", "Сентябрь 2019", "235,22"],
        [rent, "перерасчет", "13,20 руб/м2", "", "", "Август 2018 - Август 2019 (k=13)", "277,94"],
    ]
    assert format_money(found.amount) == "513,16"


def test_lines_keep_the_files_numbers_whatever_order_they_came_in(db, cast):
    made = receipt(db, cast.flat, "Объединённая", SEPTEMBER)
    for line in (3, 1, 2):
        accrual(db, made, line, f"услуга {line}", "начисление", "1,00")
    (found,) = db.read(accruals_of, cast.owner.actor, cast.flat, SEPTEMBER)
    assert [line.service for line in found.lines] == ["услуга 1", "услуга 2", "услуга 3"]


@pytest.mark.parametrize("who", ["stranger", "operator"])
def test_what_isnt_yours_is_not_found(db, cast, who):
    september_2019(db, cast.flat)
    assert db.read(accruals_of, getattr(cast, who).actor, cast.flat, SEPTEMBER) == ()


def test_the_query_scans_no_growing_table(db, cast):
    if db.engine.dialect.name != "sqlite":
        pytest.skip("plans are read from SQLite")
    assert scans(plan(db, _ACCRUALS, account_id=cast.flat, user_id=1, owned_at=NOW, month=SEPTEMBER)) == []


@pytest.mark.parametrize(
    ("tariff", "unit", "text"),
    [
        (13_200_000, "м2", "13,20 руб/м2"),
        (2_345_678_900, "Гкал", "2 345,6789 руб/Гкал"),
        (50_000_000, "", "50,00 руб"),
        (0, "м3", "0,00 руб/м3"),
        (None, "м3", ""),
    ],
)
def test_a_tariff_is_written_with_its_unit(tariff, unit, text):
    assert tariff_text(tariff, unit).replace("\u00a0", " ") == text


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [(16_200_000, "м2", "16,2 м2"), (5_000_000, "м3", "5 м3"), (33_100, "Гкал", "0,0331 Гкал"), (0, "м3", "0 м3"),
     (-1_500_000, "м3", "-1,5 м3"), (None, "м3", "")],
)  # fmt: skip
def test_a_volume_or_a_norm_loses_its_idle_zeros(value, unit, text):
    assert quantity_text(value, unit) == text


@pytest.mark.parametrize(
    ("first", "last", "k", "text"),
    [
        (SEPTEMBER, None, None, "Сентябрь 2019"),
        (SEPTEMBER, SEPTEMBER, 1, "Сентябрь 2019"),
        (Month(2018, 8), Month(2019, 8), 13, "Август 2018 - Август 2019 (k=13)"),
        (Month(2018, 8), Month(2019, 8), None, "Август 2018 - Август 2019"),
        (None, SEPTEMBER, None, "Сентябрь 2019"),
        (None, None, 3, ""),
    ],
)
def test_a_period_is_a_month_or_a_range(first, last, k, text):
    assert period_text(first, last, k) == text

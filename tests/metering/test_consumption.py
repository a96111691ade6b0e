"""A meter's consumption month by month."""

from datetime import date

import pytest

from lk_reflex.core.errors import NotFound
from lk_reflex.core.months import Month
from lk_reflex.domain.metering.average import Known
from lk_reflex.domain.metering.consumption import MonthVolume, consumption_of, monthly_volumes
from tests.metering.dials import make_meter, monthly, thousandths


def known(*readings: tuple[str, str]) -> list[Known]:
    return [Known(date.fromisoformat(day), thousandths(value)) for day, value in readings]


def shown(*histories, digits: int = 5) -> list[tuple[str, int | None]]:
    return [(one.month.key, one.volume) for one in monthly_volumes(histories, digits)]


def test_volumes_belong_to_the_month_of_the_later_reading():
    history = known(("2026-08-21", "10"), ("2026-09-21", "12"), ("2026-09-30", "13"), ("2026-11-21", "20"))
    assert shown(history) == [("2026-09", 3_000), ("2026-10", None), ("2026-11", 7_000)]


def test_scales_add_up():
    day, night = known(("2026-09-21", "100"), ("2026-10-21", "150")), known(("2026-09-21", "10"), ("2026-10-21", "15"))
    assert shown(day, night) == [("2026-10", 55_000)]


def test_a_dial_past_its_last_digit_counts_on():
    assert shown(known(("2026-09-21", "998"), ("2026-10-21", "3")), digits=3) == [("2026-10", 5_000)]


@pytest.mark.parametrize("history", [known(), known(("2012-03-01", "0"))])
def test_one_reading_makes_no_chart(history):
    assert shown(history) == []


def test_thirteen_months_at_most(db, cast):
    meter = make_meter(db, cast.flat)
    monthly(db, meter, "500", "6", months=25)
    found = db.read(consumption_of, cast.owner.actor, cast.flat, meter)
    assert found.unit == "м³"
    assert [one.volume for one in found.months] == [6_000] * 13
    assert (found.months[0], found.months[-1].month) == (MonthVolume(Month(2025, 10), 6_000), Month(2026, 10))


@pytest.mark.parametrize("who", ["stranger", "operator"])
def test_others_find_nothing(db, cast, who):
    meter = make_meter(db, cast.flat)
    for account in (cast.flat, cast.house):
        with pytest.raises(NotFound):
            db.read(consumption_of, getattr(cast, who).actor, account, meter)

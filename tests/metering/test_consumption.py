"""Consumption month by month: what belongs to which month, and what is only an estimate."""

from datetime import date

import pytest

from lk_reflex.core.errors import NotFound
from lk_reflex.core.months import Month
from lk_reflex.domain.identity.access import Actor
from lk_reflex.domain.metering.average import Known
from lk_reflex.domain.metering.resources import COLD, GAS, HEAT, HOT, OTHER, POWER, kind_of, resource_name
from lk_reflex.domain.metering.usage.consumption import KEPT, MonthVolume, added_up, meter_months, year_before
from lk_reflex.domain.metering.usage.use import AccountUse, account_hints, use_of
from tests.cast import NOW
from tests.metering.dials import bill, make_meter, monthly, thousandths


def known(*readings: tuple[str, str]) -> list[Known]:
    return [Known(date.fromisoformat(day), thousandths(value)) for day, value in readings]


def shown(*histories, digits: int = 5) -> list[tuple[str, int | None, int]]:
    return [(one.month.key, one.volume, one.spread) for one in meter_months(histories, digits)]


@pytest.mark.parametrize(
    ("history", "months"),
    [
        # A month's readings belong to the month of the later one.
        ([("2026-08-21", "10"), ("2026-09-21", "12")], [("2026-09", 2_000, 1)]),
        ([("2026-08-21", "10"), ("2026-09-21", "12"), ("2026-09-30", "13")], [("2026-09", 3_000, 1)]),
        # A volume of several months is no peak: it is spread, and says so.
        ([("2026-08-21", "10"), ("2026-10-21", "16")], [("2026-09", 3_000, 2), ("2026-10", 3_000, 2)]),
        (
            [("2026-07-21", "0"), ("2026-10-21", "10"), ("2026-11-20", "14")],
            [("2026-08", 3_333, 3), ("2026-09", 3_333, 3), ("2026-10", 3_334, 3), ("2026-11", 4_000, 1)],
        ),
        # Sent on the first days of the next month, it closes the unread one.
        (
            [("2026-09-30", "10"), ("2026-11-01", "14"), ("2026-11-30", "17")],
            [("2026-10", 4_000, 1), ("2026-11", 3_000, 1)],
        ),
        ([("2026-09-04", "10"), ("2026-10-04", "14")], [("2026-10", 4_000, 1)]),
        ([("2026-09-20", "10"), ("2026-11-06", "14")], [("2026-10", 2_000, 2), ("2026-11", 2_000, 2)]),
        # Over New Year.
        ([("2025-12-25", "10"), ("2026-01-24", "11")], [("2026-01", 1_000, 1)]),
        # Corrected down by billing: as it came.
        ([("2026-09-21", "12"), ("2026-10-21", "9")], [("2026-10", -3_000, 1)]),
        ([("2026-09-21", "12"), ("2026-10-21", "12")], [("2026-10", 0, 1)]),
        # Nothing to tell.
        ([("2026-10-21", "12")], []),
        ([], []),
    ],
)  # fmt: skip
def test_volumes_by_month(history, months):
    assert shown(known(*history)) == months


def test_a_dial_past_its_last_digit_counts_on():
    assert shown(known(("2026-09-21", "998"), ("2026-10-21", "3")), digits=3) == [("2026-10", 5_000, 1)]


def test_spreading_loses_nothing():
    history = known(("2024-01-20", "0"), ("2024-08-20", "100,001"), ("2026-10-20", "333,334"))
    assert sum(volume or 0 for _, volume, _ in shown(history)) <= 333_334
    assert sum(one.volume or 0 for one in meter_months([history], 5, keep=100)) == 333_334


def test_scales_stand_apart_and_together():
    day, night = known(("2026-09-21", "100"), ("2026-10-21", "150")), known(("2026-09-21", "10"), ("2026-10-21", "15"))
    assert meter_months([day, night], 5) == (MonthVolume(Month(2026, 10), 55_000, 1, (50_000, 5_000)),)


def test_a_month_without_one_of_its_zones_is_not_whole():
    day, night = known(("2026-09-21", "100"), ("2026-10-21", "150")), known(("2026-09-21", "10"))
    assert meter_months([day, night], 5) == (MonthVolume(Month(2026, 10), 50_000, 1, (50_000, None), whole=False),)


def of(first: str, *volumes: int | None) -> tuple[MonthVolume, ...]:
    start = Month.parse(first)
    return tuple(MonthVolume(start.shift(step), volume) for step, volume in enumerate(volumes))


@pytest.mark.parametrize(
    ("meters", "months"),
    [
        ([(of("2026-09", 1, 2), True), (of("2026-09", 10, 20), True)], [(11, True), (22, True)]),
        # The kitchen was sent, the bathroom wasn't yet.
        ([(of("2026-09", 1, 2), True), (of("2026-09", 10), True)], [(11, True), (2, False)]),
        # A new second meter doesn't make the months before it incomplete, nor a removed one those after it.
        ([(of("2026-09", 1, 2), True), (of("2026-10", 20), True)], [(1, True), (22, True)]),
        ([(of("2026-08", 7, 8), False), (of("2026-10", 20), True)], [(7, True), (8, True), (20, True)]),
        # Between the old and the new one nothing is known.
        ([(of("2026-08", 7), False), (of("2026-10", 20), True)], [(7, True), (None, True), (20, True)]),
        ([((), True)], []),
    ],
)  # fmt: skip
def test_a_resource_is_the_sum_of_its_meters(meters, months):
    assert [(one.volume, one.whole) for one in added_up(meters)] == months


def test_the_year_before_is_known_where_the_month_was_whole():
    months = (*of("2025-10", 5, None), MonthVolume(Month(2025, 12), 3, whole=False))
    assert year_before(months) == {Month(2026, 10): 5}


def read(db, person, account: int) -> AccountUse:
    return db.read(use_of, person.actor, account, now=NOW)


def test_two_years_are_kept_for_the_comparison(db, cast):
    meter = make_meter(db, cast.flat)
    monthly(db, meter, "500", "6", months=40)
    (found,) = read(db, cast.owner, cast.flat).meters
    assert (found.unit, found.used, len(found.months)) == ("м³", True, KEPT)
    assert {one.volume for one in found.months} == {6_000}
    assert found.months[-1].month == Month(2026, 10)


def test_a_replaced_meter_goes_on_in_its_resource(db, cast):
    old = make_meter(db, cast.flat, "ХВС старый", serial="1", ended_on=date(2026, 8, 25), end_reason="Замена")
    new = make_meter(db, cast.flat, "ХВС новый", serial="2", installed_on=date(2026, 8, 25))
    monthly(db, old, "500", "4", months=8, until=Month(2026, 8))
    bill(db, new, ("25.08.2026", "0"), ("21.09.2026", "4,5"), ("21.10.2026", "9"))
    found = read(db, cast.owner, cast.flat)
    assert [(one.serial, one.used) for one in found.meters] == [("2", True), ("1", False)]
    (water,) = found.resources
    assert (water.name, water.meters) == ("Холодная вода", 2)
    assert [one.volume for one in water.months[-4:]] == [4_000, 4_000, 4_500, 4_500]
    assert all(one.whole for one in water.months)


def test_what_was_taken_off_long_ago_is_left_out(db, cast):
    monthly(db, make_meter(db, cast.flat, ended_on=date(2020, 1, 1)), "50", "4", until=Month(2019, 12))
    assert read(db, cast.owner, cast.flat) == AccountUse(date(2026, 11, 20), (), (), ())


def test_resources_stand_apart(db, cast):
    for name, resource, volume in (("ГВС", "ГВС", "2"), ("ХВС", "ХВС", "4"), ("Счётчик", "Электроэнергия", "150")):
        monthly(db, make_meter(db, cast.flat, name, resource=resource), "9000", volume)
    found = read(db, cast.relative, cast.flat)  # a relative sees what the owner sees
    assert [(one.name, one.unit, one.months[-1].volume) for one in found.resources] == [
        ("Холодная вода", "м³", 4_000), ("Горячая вода", "м³", 2_000), ("Электроэнергия", "кВт·ч", 150_000),
    ]  # fmt: skip


@pytest.mark.parametrize("who", ["stranger", "operator"])
def test_others_find_nothing(db, cast, who):
    monthly(db, make_meter(db, cast.flat), "500", "4")
    actor: Actor = getattr(cast, who).actor
    for service in (use_of, account_hints):
        with pytest.raises(NotFound):
            db.read(service, actor, cast.flat, now=NOW)


@pytest.mark.parametrize(
    ("resource", "kind", "name"),
    [
        ("ХВС", COLD, "Холодная вода"), ("Холодное водоснабжение", COLD, "Холодная вода"),
        ("ГВС", HOT, "Горячая вода"), ("горячая вода", HOT, "Горячая вода"),
        ("э/э", POWER, "Электроэнергия"), ("кВт·ч", POWER, "Электроэнергия"), ("Гкал", HEAT, "Тепло"),
        ("Отопление", HEAT, "Тепло"), ("Газ", GAS, "Газ"), ("Пар", OTHER, "Пар"), ("", OTHER, ""),
    ],
)  # fmt: skip
def test_what_billing_calls_it_is_one_of_a_few_kinds(resource, kind, name):
    assert (kind_of(resource), resource_name(resource)) == (kind, name)

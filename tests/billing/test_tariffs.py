"""What a reading will cost: by the tariffs of the newest accruals, and by none where they don't tell it."""

from fractions import Fraction

import pytest

from lk_reflex.core.exact import parse_scaled
from lk_reflex.core.months import Month
from lk_reflex.domain.billing.tariffs import NO_PRICES, Line, Price, present_prices, prices_of
from tests.billing.paper import accrual, receipt

OCTOBER, SEPTEMBER = Month(2026, 10), Month(2026, 9)


def line(service, unit, tariff, volume="10", month=OCTOBER):
    return Line(service, unit, parse_scaled(tariff, 6), parse_scaled(volume, 6) if volume else None, month)


COLD = line("МУП ПОВВ:ХВС(КОПЕЙСК)", "м3", "34,13")
DRAIN = line("МУП ПОВВ:ВО(КОПЕЙСК)", "м3", "19,79")
HOT = line("Горячее водоснабжение", "м3", "109,64")
POWER = line("Электроэнергия", "кВт·ч", "3,21")
DAY, NIGHT = line("Электроэнергия день", "кВт·ч", "4,10"), line("Электроэнергия ночь", "кВт·ч", "2,05")
PEAK, HALF = line("Электроэнергия пик", "кВт·ч", "4,60"), line("Электроэнергия полупик", "кВт·ч", "3,10")
WATER_OF_HOT = line("ГВС: теплоноситель", "м3", "40", "4")
HEAT_OF_HOT = line("ГВС: тепловая энергия", "Гкал", "2000", "0,2")


@pytest.mark.parametrize(
    ("lines", "resource", "scale", "scales", "volume", "kopecks"),
    [
        ([COLD], "ХВС", 1, 1, "6", 20478),
        ([COLD], "ХВС", 1, 1, "0", 0),
        ([COLD], "ХВС", 1, 1, "0,001", 3),
        ([COLD, DRAIN], "ХВС", 1, 1, "6", 32352),
        ([DRAIN, HOT], "ГВС", 1, 1, "2", 25886),
        ([HOT], "ХВС", 1, 1, "2", None),
        ([DRAIN], "ХВС", 1, 1, "2", None),
        ([POWER], "кВт·ч", 1, 1, "100", 32100),
        # one tariff for all zones, as billing charged it
        ([POWER], "кВт·ч", 3, 3, "10", 3210),
        ([DAY, NIGHT], "кВт·ч", 1, 2, "10", 4100),
        ([DAY, NIGHT], "кВт·ч", 2, 2, "10", 2050),
        ([PEAK, NIGHT, HALF], "Электроэнергия", 3, 3, "10", 3100),
        # which of them holds isn't told
        ([DAY, NIGHT], "кВт·ч", 1, 1, "10", None),
        ([DAY, NIGHT], "кВт·ч", 1, 3, "10", None),
        ([DAY], "кВт·ч", 1, 2, "10", None),
        ([DAY, NIGHT, POWER], "кВт·ч", 1, 2, "10", None),
        ([COLD, line("ХВС", "м3", "35,90")], "ХВС", 1, 1, "6", None),
        ([COLD, line("ХВС", "м3", "34,13")], "ХВС", 1, 1, "6", 20478),
        # of several months the newest
        ([COLD, line("ХВС", "м3", "30", month=SEPTEMBER)], "ХВС", 1, 1, "6", 20478),
        # hot water of two components: 40 + 2000 × 0,2 ÷ 4
        ([WATER_OF_HOT, HEAT_OF_HOT], "ГВС", 1, 1, "1", 14000),
        ([WATER_OF_HOT, line("ГВС: тепловая энергия", "Гкал", "2000", "")], "ГВС", 1, 1, "1", None),
        ([line("ГВС: теплоноситель", "м3", "40", "0"), HEAT_OF_HOT], "ГВС", 1, 1, "1", None),
        ([WATER_OF_HOT], "ГВС", 1, 1, "1", None),
        ([HEAT_OF_HOT], "ГВС", 1, 1, "1", None),
        ([line("Отопление", "Гкал", "1482,15")], "Гкал", 1, 1, "0,5", 74108),
        ([line("Отопление", "м2", "30")], "Гкал", 1, 1, "0,5", None),
        ([COLD], "Непонятно", 1, 1, "6", None),
        ([], "ХВС", 1, 1, "6", None),
    ],
)  # fmt: skip
def test_a_volume_costs_its_tariff_or_nothing_is_said(lines, resource, scale, scales, volume, kopecks):
    price = prices_of(lines).of(resource, scale, scales)
    assert (price.cost(parse_scaled(volume, 3)) if price else None) == kopecks


def test_the_drainage_in_a_price_is_told():
    assert prices_of([COLD, DRAIN]).of("ХВС", 1, 1).drained
    assert not prices_of([COLD]).of("ХВС", 1, 1).drained
    assert not prices_of([POWER, DRAIN]).of("кВт·ч", 1, 1).drained


@pytest.mark.parametrize(("kopecks", "volume"), [(1, 1), (2, 3), (4, 7)])
def test_half_a_kopeck_goes_up(kopecks, volume):
    assert Price(Fraction(5_000_000)).cost(volume) == kopecks  # 0,5 kopecks a litre


def papers(db, account, month, *, tariff="34,13", operation="начисление", kind="ХВС и ВО"):
    made = receipt(db, account, kind, month)
    accrual(db, made, 1, "МУП ПОВВ:ХВС(КОПЕЙСК)", operation, "204,78", tariff=tariff, unit="м3", volume="6")


def test_the_tariffs_come_from_the_accounts_own_newest_accruals(db, cast):
    papers(db, cast.flat, SEPTEMBER, tariff="30")
    papers(db, cast.flat, OCTOBER)
    papers(db, cast.house, OCTOBER, tariff="99")
    prices = db.read(present_prices, cast.owner.actor, cast.flat)
    assert prices.of("ХВС", 1, 1).cost(6000) == 20478


def test_a_strangers_account_has_no_tariffs(db, cast):
    papers(db, cast.flat, OCTOBER)
    assert db.read(present_prices, cast.stranger.actor, cast.flat) == NO_PRICES


def test_a_recalculation_and_an_old_tariff_tell_nothing_of_the_present(db, cast):
    papers(db, cast.flat, OCTOBER, operation="Перерасчёт", tariff="12")
    papers(db, cast.flat, Month(2026, 7), tariff="30")
    assert db.read(present_prices, cast.owner.actor, cast.flat) == NO_PRICES

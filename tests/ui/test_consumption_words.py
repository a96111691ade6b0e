"""A year of consumption in a sentence, and the rows of its table."""

from datetime import date

import pytest

from lk_reflex.core.months import Month
from lk_reflex.domain.metering.usage.consumption import MonthVolume
from lk_reflex.domain.metering.usage.hints import MeterUse
from lk_reflex.ui.consumption.rows import ONE_READING, meter_card
from lk_reflex.ui.consumption.words import average_of, use_sentence
from tests.ui.plain import plain

TODAY = date(2026, 11, 20)
OCTOBER = Month(2026, 10)


def months(*volumes: float | None, until: Month = OCTOBER, **newest) -> list[MonthVolume]:
    made = [
        MonthVolume(until.shift(place - len(volumes) + 1), None if volume is None else round(volume * 1000))
        for place, volume in enumerate(volumes)
    ]
    return [*made[:-1], MonthVolume(made[-1].month, made[-1].volume, **newest)] if newest else made


REST = (4.0,) * 11
CASES = [
    (months(3.5, *REST, 4.2), "м³", "В октябре 4,2 м³, на 20 % больше, чем год назад."),
    (months(4.2, *REST, 3.5), "м³", "В октябре 3,5 м³, на 17 % меньше, чем год назад."),
    (months(4.2, *REST, 4.2), "м³", "В октябре 4,2 м³, столько же, сколько год назад."),
    (months(4.2, *REST, 4.21), "м³", "В октябре 4,21 м³, почти столько же, сколько год назад."),
    (months(4, *REST, 12), "м³", "В октябре 12 м³, на 200 % больше, чем год назад."),
    (months(4, *REST, 13), "м³", "В октябре 13 м³; год назад было 4 м³."),
    (months(0.1, *REST, 0.3), "м³", "В октябре 0,3 м³; год назад было 0,1 м³."),
    (months(0, *REST, 4), "м³", "В октябре 4 м³; год назад расхода не было."),
    (months(4, *REST, 0), "м³", "В октябре расхода не было; год назад было 4 м³."),
    (months(0, *REST, 0), "м³", "В октябре расхода не было, как и год назад."),
    (months(4, 4, 0), "м³", "В октябре расхода не было."),
    (months(15, *REST, 18), "кВт·ч", "В октябре 18 кВт·ч; год назад было 15 кВт·ч."),
    (months(150, *REST, 180), "кВт·ч", "В октябре 180 кВт·ч, на 20 % больше, чем год назад."),
    (months(0.9, *REST, 1.8), "Гкал", "В октябре 1,8 Гкал, на 100 % больше, чем год назад."),
    # Without last year: the average, where there is one.
    (months(4, 5, 6, 7), "м³", "В октябре 7 м³; в среднем 5 м³ в месяц."),
    (months(4, 5, 6), "м³", "В октябре 6 м³."),
    (months(None, 5), "м³", "В октябре 5 м³."),
    # An older meter's year is said.
    (months(4, *REST, 4, until=Month(2025, 3)), "м³", "В марте 2025 года 4 м³, столько же, сколько год назад."),
    (months(4, *REST, 5, spread=3), "м³", "В октябре в среднем 5 м³: показание сняли сразу за 3 месяца."),
    (months(4, *REST, -2), "м³", "В октябре показание исправили вниз на 2 м³."),
    # Of the newest month not all meters are known: the one before it is told.
    (months(4, 4, *REST, 9, whole=False), "м³", "В сентябре 4 м³, столько же, сколько год назад."),
    ([], "м³", ""),
]


@pytest.mark.parametrize(("given", "unit", "sentence"), CASES)
def test_says_the_newest_month(given, unit, sentence):
    assert plain(use_sentence(given, unit, TODAY)) == sentence


@pytest.mark.parametrize(
    ("given", "average"),
    [(months(1, 2), None), (months(1, 2, 3), 2_000), (months(1, None, 2, 2), 1_667), (months(9, *[1] * 13), 1_000)],
)
def test_the_average_is_that_of_the_months_shown(given, average):
    assert average_of(given) == average


def meter(*given: MonthVolume, scales: int = 1) -> MeterUse:
    return MeterUse(7, "123", "ХВС С/У", "С/У", "ХВС", "м³", scales, True, given)


def test_a_meter_with_one_reading_says_why_it_has_no_chart():
    card = plain(meter_card(meter(), TODAY))
    assert (card.title, card.sentence, card.drawn, card.rows) == ("ХВС С/У № 123", ONE_READING, False, [])


def test_the_table_has_every_figure_and_says_which_are_estimates():
    given = [
        MonthVolume(Month(2025, 10), 4_000),
        MonthVolume(Month(2026, 8), 3_333, spread=2),
        MonthVolume(Month(2026, 9), 3_334, spread=2),
        MonthVolume(OCTOBER, 5_000),
    ]
    card = plain(meter_card(meter(*given), TODAY))
    assert card.rows == [
        ("Октябрь 2026", "", "", "", "5,000", "4,000", ""),
        ("Сентябрь 2026", "", "", "", "3,334", "", "в среднем за 2 месяца"),
        ("Август 2026", "", "", "", "3,333", "", "в среднем за 2 месяца"),
        ("Октябрь 2025", "", "", "", "4,000", "", ""),
    ]
    assert [(piece.kind, piece.name) for piece in card.chart.pieces] == [
        ("ago", "Год назад"), ("use", "Расход за месяц"), ("spread", "Неточно: пояснение в таблице"),
    ]  # fmt: skip
    assert [slot.label for slot in card.chart.slots][-3:] == ["авг", "сен", "окт"]
    assert card.chart.slots[1].title == "Ноябрь 2025: показаний нет"
    assert card.chart.average_name == "В среднем 3,9 м³ в месяц"


def test_a_meter_of_zones_has_them_in_its_table():
    given = [MonthVolume(OCTOBER, 55_000, 1, (50_000, 5_000))]
    card = plain(meter_card(meter(*given, scales=2), TODAY))
    assert (card.scales, card.rows[0]) == (2, ("Октябрь 2026", "50,000", "5,000", "", "55,000", "", ""))

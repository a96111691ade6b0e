"""Possible leaks and standing meters: what is said, and above all when nothing is."""

from datetime import date

import pytest

from lk_reflex.core.months import Month
from lk_reflex.domain.metering.usage.consumption import MonthVolume
from lk_reflex.domain.metering.usage.hints import HIGH, STANDING, MeterUse, hints_of

TODAY = date(2026, 11, 20)
OCTOBER = Month(2026, 10)
CONTACT = "ПОВВ, телефон 1"


def meter(
    resource: str, *cubic: float | None, until: Month = OCTOBER, used: bool = True, spread: int = 1, number: int = 1
) -> MeterUse:
    """A meter by its months in whole units, the newest last; the newest `spread` of them as one volume spread."""
    months = []
    for back, volume in enumerate(reversed(cubic)):
        exact = None if volume is None else round(volume * 1000)
        months.append(MonthVolume(until.shift(-back), exact, spread if back < spread > 1 else 1))
    unit = "кВт·ч" if resource == "Электроэнергия" else "м³"
    return MeterUse(number, f"{number}00", resource, "С/У", resource, unit, 1, used, tuple(reversed(months)))


YEAR = (4.0, 4.2, 3.9, 4.1, 4.3, 4.0)
COLD, HOT, POWER = "ХВС", "ГВС", "Электроэнергия"
LIVED = (3.0, 3.1, 2.9, 3.0, 3.2, 3.0, 3.1, 3.0)
NOBODY = (0, 0, 0, 0, 0, 0, 0, 0)

CASES = [
    # High use: two months over the usual, and rising.
    ("a cistern runs", [meter(COLD, *YEAR, 6.5, 10)], [HIGH]),
    ("a hot tap runs", [meter(HOT, *YEAR, 6.5, 10)], [HIGH]),
    ("the heater stays on", [meter(POWER, 150, 160, 140, 155, 150, 145, 230, 340)], [HIGH]),
    ("four months of history do", [meter(COLD, 4, 4, 4, 4, 6, 9)], [HIGH]),
    ("after an absence, over what was before it", [meter(COLD, 4, 4, 0, 0, 4, 4, 6, 10)], [HIGH]),
    ("last year's season was as low", [meter(COLD, 4, 4, 4, *YEAR, 4, 4, *YEAR[:4], 6, 10)], [HIGH]),
    # And not.
    ("as always", [meter(COLD, *YEAR, 4, 4.1)], []),
    ("one month of guests", [meter(COLD, *YEAR, 4, 12)], []),
    ("guests who have left", [meter(COLD, *YEAR, 12, 4)], []),
    ("high, and falling already", [meter(COLD, *YEAR, 12, 10)], []),
    ("a little more", [meter(COLD, *YEAR, 5.5, 7)], []),
    ("twice next to nothing is next to nothing", [meter(COLD, 0.3, 0.2, 0.3, 0.2, 0.3, 0.3, 0.6, 1.4)], []),
    ("rounding", [meter(COLD, 0.001, 0.001, 0.001, 0.001, 0.001, 0.001, 0.002, 0.003)], []),
    ("back from a summer away", [meter(COLD, 4, 4, 4, 0, 0, 0, 4.1, 4.2)], []),
    ("a winter away, then life", [meter(COLD, 0, 0, 0, 0, 0, 0, 4, 9)], []),
    ("a new meter", [meter(COLD, 1, 6, 10)], []),
    ("the garden, as last summer", [meter(COLD, 4, 9, 11, 10, 4, 4, 4, 4, 4, 4, 4, 4, 6, 10)], []),
    ("a volume over several months", [meter(COLD, *YEAR, 6.5, 10, spread=2)], []),
    ("readings of half a year ago", [meter(COLD, *YEAR, 6.5, 10, until=Month(2026, 5))], []),
    ("a meter taken off", [meter(COLD, *YEAR, 6.5, 10, used=False)], []),
    ("heat follows the frost", [meter("Отопление", 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 4, 9)], []),
    ("gas follows the frost", [meter("Газ", 10, 10, 10, 10, 10, 10, 40, 90)], []),
    ("a month unread", [meter(COLD, *YEAR, None, 10)], []),
    ("billing corrected it", [meter(COLD, *YEAR, -4, 10)], []),
    ("nothing known", [meter(COLD)], []),
    ("one month known", [meter(COLD, 10)], []),
    # Standing still while others move.
    ("hot stands, cold runs", [meter(HOT, 2, 2, 2, 2, 2, 0, 0, 0), meter(COLD, *LIVED, number=2)], [STANDING]),
    ("cold stands, hot runs", [meter(COLD, 2, 2, 2, 2, 2, 0, 0, 0), meter(HOT, *LIVED, number=2)], [STANDING]),
    ("it has never moved", [meter(HOT, *NOBODY), meter(COLD, *LIVED, number=2)], [STANDING]),
    ("power stands, water runs", [meter(POWER, 150, 150, 0, 0, 0), meter(COLD, *LIVED, number=2)], [STANDING]),
    ("water stands, power as of people", [meter(COLD, 3, 0, 0, 0), meter(POWER, 140, 150, 145, 120, number=2)],
     [STANDING]),
    ("stands beside another of its kind for half a year",
     [meter(COLD, 2, 2, 0, 0, 0, 0, 0, 0), meter(COLD, *LIVED, number=2)], [STANDING]),
    # And not.
    ("a room out of use for a while", [meter(COLD, 2, 2, 2, 2, 2, 0, 0, 0), meter(COLD, *LIVED, number=2)], []),
    ("two months of hot water off", [meter(HOT, 2, 2, 2, 2, 2, 2, 0, 0), meter(COLD, *LIVED, number=2)], []),
    ("nobody at home", [meter(HOT, 2, 0, 0, 0), meter(COLD, 3, 0, 0, 0, number=2)], []),
    ("nobody but the fridge", [meter(COLD, 3, 0, 0, 0), meter(POWER, 150, 35, 38, 31, number=2)], []),
    ("a drop now and then in an empty flat", [meter(HOT, 2, 0, 0, 0), meter(COLD, 3, 0.1, 0, 0.2, number=2)], []),
    ("lived in for one of three months", [meter(HOT, 2, 0, 0, 0), meter(COLD, 3, 0, 0, 3, number=2)], []),
    ("the only meter", [meter(COLD, 3, 0, 0, 0)], []),
    ("others are not read any more", [meter(HOT, 2, 0, 0, 0), meter(COLD, *LIVED, until=Month(2026, 4), number=2)], []),
    ("the heat stands in summer", [meter("Отопление", 1, 0, 0, 0), meter(COLD, *LIVED, number=2)], []),
    ("a little isn't nothing", [meter(HOT, 2, 0, 0.001, 0), meter(COLD, *LIVED, number=2)], []),
]  # fmt: skip


@pytest.mark.parametrize(("meters", "kinds"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_says_so_or_keeps_quiet(meters, kinds):
    assert [hint.kind for hint in hints_of(meters, today=TODAY, contact=CONTACT)] == kinds


def said(*meters: MeterUse) -> tuple[str, str]:
    (hint,) = hints_of(meters, today=TODAY, contact=CONTACT)
    return hint.title.replace("\u00a0", " "), hint.text.replace("\u00a0", " ")


def test_a_leak_is_said_with_its_figures_and_what_to_do():
    assert said(meter(COLD, *YEAR, 6.5, 10)) == (
        "Возможна утечка: ХВС № 100",
        "В октябре 10 м³, в сентябре 6,5 м³, обычно около 4 м³ в месяц. Закройте все краны и посмотрите на счётчик: "
        "если цифры меняются, где-то течёт. Проверьте бачок унитаза, смесители и гибкие шланги.",
    )


def test_power_has_no_leaks():
    title, text = said(meter(POWER, 150, 160, 140, 155, 150, 145, 230, 340))
    assert title == "Заметно вырос расход: Электроэнергия № 100"
    assert "вызовите электрика" in text


def test_a_standing_meter_is_said_with_both_ways_out():
    assert said(meter(HOT, 2, 2, 0, 0, 0), meter(COLD, *LIVED, number=2)) == (
        "Счётчик стоит: ГВС № 100",
        "Показание не меняется 3 месяца подряд, хотя расходуется холодная вода. Если горячей водой там пользуются, "
        "покажите счётчик организации: ПОВВ, телефон 1. Если не пользуются, ничего делать не нужно.",
    )


@pytest.mark.parametrize(("months", "news"), [(3, True), (12, True), (13, False), (20, False)])
def test_what_has_stood_for_longer_than_a_year_is_no_news(months, news):
    still, lived = meter(HOT, 2, 2, *([0] * months)), meter(COLD, *([3] * 24), number=2)
    (hint,) = hints_of([still, lived], today=TODAY, contact=CONTACT)
    assert (hint.meter_id, hint.news, hint.since) == (1, news, OCTOBER.shift(1 - months))

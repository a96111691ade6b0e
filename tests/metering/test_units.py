"""Units by resource, and Russian counting."""

import pytest

from lk_reflex.domain.metering.units import amount, plural, unit_of


@pytest.mark.parametrize(
    ("resource", "unit"),
    [
        ("ХВС", "м³"), ("ГВС", "м³"), ("Газ", "м³"), ("Холодная вода", "м³"), ("", "м³"),
        ("Электроэнергия", "кВт·ч"), ("ЭЛЕКТРИЧЕСТВО", "кВт·ч"), ("ЭЭ", "кВт·ч"),
        ("кВт·ч", "кВт·ч"), ("Гкал", "Гкал"), ("м3", "м³"),
        ("Отопление", "Гкал"), ("тепловая энергия", "Гкал"),
    ],
)  # fmt: skip
def test_units(resource, unit):
    assert unit_of(resource) == unit


def test_a_unit_never_parts_from_its_number():
    assert amount(1_234_500, "м³") == "1\u00a0234,500\u00a0м³"


@pytest.mark.parametrize(
    ("count", "words"),
    [(0, "0 дней"), (1, "1 день"), (2, "2 дня"), (5, "5 дней"), (11, "11 дней"), (12, "12 дней"), (21, "21 день")],
)
def test_counting(count, words):
    assert plural(count, "день", "дня", "дней") == words

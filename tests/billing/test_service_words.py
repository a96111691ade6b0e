"""What billing's services are about, by their words: recognised for certain, or left alone."""

import pytest

from lk_reflex.domain.billing.service_words import (
    COLD,
    DRAIN,
    GAS,
    HEAT,
    HOT,
    POWER,
    Subject,
    resource_of,
    subject_of,
)


@pytest.mark.parametrize(
    ("service", "unit", "subject"),
    [
        ("МУП ПОВВ:ХВС(КОПЕЙСК)", "м3", Subject(COLD)),
        ("Холодное водоснабжение", "м³", Subject(COLD)),
        ("ХВ", "куб. м", Subject(COLD)),
        ("холодная вода", "м3", Subject(COLD)),
        ("МУП ПОВВ:ВО(КОПЕЙСК)", "м3", Subject(DRAIN)),
        ("Водоотведение", "м3", Subject(DRAIN)),
        ("Канализация", "м3", Subject(DRAIN)),
        ("Сточные воды", "м3", Subject(DRAIN)),
        ("Горячее водоснабжение", "м3", Subject(HOT)),
        ("ГВС: компонент на теплоноситель", "м3", Subject(HOT, part=True)),
        ("Холодная вода для ГВС", "м3", Subject(HOT, part=True)),
        ("Подогрев воды", "Гкал", Subject(HOT, warming=True)),
        ("Тепловая энергия на нагрев воды", "Гкал", Subject(HOT, warming=True)),
        ("ГВС: тепловая энергия", "Гкал", Subject(HOT, warming=True)),
        ("ГВС (подогрев)", "Гкал", Subject(HOT, warming=True)),
        ("ГВС: компонент на тепловую энергию", "Гкал", Subject(HOT, warming=True)),
        ("Электроэнергия", "кВт·ч", Subject(POWER)),
        ("Эл. энергия", "кВт*ч", Subject(POWER)),
        ("Э/э", "кВтч", Subject(POWER)),
        ("Электроэнергия (день)", "кВт.ч", Subject(POWER, 1)),
        ("Электроэнергия ночная", "кВт.ч", Subject(POWER, 2)),
        ("Электроснабжение Т3", "кВт·ч", Subject(POWER, 3)),
        ("Электроэнергия, пик", "кВт·ч", Subject(POWER, 1)),
        ("Электроэнергия, полупик", "кВт·ч", Subject(POWER, 3)),
        ("Отопление", "Гкал", Subject(HEAT)),
        ("Газоснабжение", "м3", Subject(GAS)),
        # what a meter of one's own doesn't decide, and what isn't clear
        ("Отопление", "м2", None),
        ("ХВС", "чел", None),
        ("Холодное водоснабжение", "", None),
        ("ХВС ОДН", "м3", None),
        ("ХВС на СОИ", "м3", None),
        ("Холодная вода на общедомовые нужды", "м3", None),
        ("ХВС и ВО", "м3", None),
        ("Отопление и ГВС", "Гкал", None),
        ("Горячая и холодная вода", "м3", None),
        ("ХВС, повышающий коэффициент", "м3", None),
        ("Пени ХВС", "м3", None),
        ("Поверка счётчика ХВС", "м3", None),
        ("Обслуживание газового оборудования", "м3", None),
        ("Электроэнергия сверх социальной нормы", "кВт·ч", None),
        ("Электроэнергия", "100 кВт·ч", None),
        ("Содержание жилья", "м2", None),
        ("Обращение с ТКО", "м3", None),
        ("", "", None),
        ("???", "м3", None),
    ],
)
def test_a_service_is_known_by_its_words_and_its_unit(service, unit, subject):
    assert subject_of(service, unit) == subject


@pytest.mark.parametrize(
    ("name", "resource"),
    [
        ("ХВС", COLD), ("ГВС", HOT), ("кВт·ч", POWER), ("Электроэнергия", POWER), ("э/э", POWER), ("Гкал", HEAT),
        ("Отопление", HEAT), ("Тепло", HEAT), ("Газ", GAS), ("Холодная вода", COLD), ("ХВС/ГВС", None), ("", None),
        ("XYZ", None),
    ],
)  # fmt: skip
def test_a_meter_counts_one_of_these(name, resource):
    assert resource_of(name) == resource

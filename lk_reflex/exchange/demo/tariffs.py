"""Services, what they cost month by month, and how much of them a dwelling takes. Money in kopecks."""

from functools import lru_cache
from typing import NamedTuple

from lk_reflex.core.months import Month

#: Charged per … of the volume that a service is measured in.
AREA, PEOPLE, COLD, HOT, DRAIN, POWER, HEAT = "м2", "чел", "ХВС", "ГВС", "ВО", "кВт·ч", "Гкал"
#: Months of the heating season.
HEATING = {1, 2, 3, 4, 10, 11, 12}
_FIRST_YEAR = 2019
#: Per mille of growth: each July, and each December as in 2022 and since 2025.
_JULY, _DECEMBER = 52, 17


class Service(NamedTuple):
    """`start` is the tariff of January 2019 in kopecks; `norm` in millionths per person or per m²."""

    name: str
    basis: str
    unit: str
    start: int
    norm: int


RENT = Service("Коммерческий найм жилья", AREA, "м2", 1320, 0)
UPKEEP = Service("Содержание жилья", AREA, "м2", 2050, 0)
HEATING_SERVICE = Service("Отопление", HEAT, "Гкал", 148215, 36_600)
HOT_WATER = Service("Горячее водоснабжение", HOT, "м3", 10964, 3_300_000)
COLD_WATER = Service("Холодное водоснабжение", COLD, "м3", 2478, 4_850_000)
DRAINAGE = Service("Водоотведение", DRAIN, "м3", 1867, 8_150_000)
POWER_SERVICE = Service("Электроэнергия", POWER, "кВт·ч", 321, 98_000_000)
WASTE = Service("Обращение с ТКО", PEOPLE, "чел", 10250, 0)
REPAIR = Service("Взнос на капитальный ремонт", AREA, "м2", 810, 0)
WATER_COLD = Service("МУП ПОВВ:ХВС(КОПЕЙСК)", COLD, "м3", 3413, 4_850_000)
WATER_DRAIN = Service("МУП ПОВВ:ВО(КОПЕЙСК)", DRAIN, "м3", 1979, 8_150_000)

UNITED, WATER = "Объединённая", "ХВС и ВО"
#: The commonest receipt: eight services.
ALL = (UPKEEP, HEATING_SERVICE, HOT_WATER, COLD_WATER, DRAINAGE, POWER_SERVICE, WASTE, REPAIR)
#: Where the water utility has a receipt of its own.
WITHOUT_WATER = (UPKEEP, HEATING_SERVICE, HOT_WATER, POWER_SERVICE, WASTE, REPAIR)
OF_WATER = (WATER_COLD, WATER_DRAIN)
#: A private house takes neither heat nor upkeep from the town.
PRIVATE = (COLD_WATER, DRAINAGE, POWER_SERVICE, WASTE)


@lru_cache(maxsize=4096)
def tariff(service: Service, month: Month) -> int:
    """Kopecks per unit in that month."""
    price = service.start
    for year in range(_FIRST_YEAR, month.year + 1):
        if (month.year, month.number) >= (year, 7):
            price = _grown(price, _JULY)
        if (year == 2022 or year >= 2025) and (month.year, month.number) >= (year, 12):
            price = _grown(price, _DECEMBER)
    return price


def _grown(price: int, per_mille: int) -> int:
    return (price * (1000 + per_mille) + 500) // 1000


def season(month: Month) -> int:
    """How much of the norm of heat a month takes, in percent of a month of the season."""
    if month.number not in HEATING:
        return 0
    return {1: 150, 2: 140, 12: 135, 11: 105, 3: 100, 10: 50, 4: 45}[month.number]

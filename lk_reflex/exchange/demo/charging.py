"""What a month charges a dwelling for: volumes, accruals, and now and then a recalculation. Money in kopecks."""

from dataclasses import dataclass
from random import Random

from lk_reflex.core.months import Month
from lk_reflex.exchange.demo.numbers import brief, kopecks, millionths
from lk_reflex.exchange.demo.plan import Dwelling
from lk_reflex.exchange.demo.tariffs import AREA, COLD, DRAIN, HEAT, HOT, PEOPLE, POWER, Service, season, tariff

CHARGE, RECALCULATION = "начисление", "перерасчет"
_RARELY = 0.012
Used = dict[str, dict[Month, int]]


@dataclass
class Charge:
    """One accrual; the texts are cells: tariff, unit, norm, volume, period, its end, k."""

    service: str
    operation: str
    cells: tuple[str, ...]
    amount: int


def charges(
    dwelling: Dwelling, services: tuple[Service, ...], month: Month, used: Used, random: Random
) -> list[Charge]:
    """The accruals of one receipt. Services out of season are left out."""
    found: list[Charge] = []
    for service in services:
        volume, metered = _volume(dwelling, service, month, used)
        if service.basis == HEAT and not volume:
            continue
        price = tariff(service, month)
        norm = "" if metered or not service.norm else millionths(service.norm)
        cells = (kopecks(price), service.unit, norm, brief(volume), month.dotted, "", "")
        found.append(Charge(service.name, CHARGE, cells, (price * volume + 500) // 1000))
        if service.basis != AREA and random.random() < _RARELY:
            found.append(_recalculation(service, price, month, random))
    return found


def _volume(dwelling: Dwelling, service: Service, month: Month, used: Used) -> tuple[int, bool]:
    """Thousandths of the unit, and whether a meter said so."""
    basis = service.basis
    if basis == AREA:
        return dwelling.area, True
    if basis == PEOPLE:
        return dwelling.residents * 1000, True
    if basis == HEAT:
        return service.norm * dwelling.area * season(month) // 10**8, False
    if basis == DRAIN:
        cold, by_meter = _water(dwelling, COLD, month, used)
        hot, by_other = _water(dwelling, HOT, month, used)
        return cold + hot, by_meter and by_other
    return _water(dwelling, basis, month, used)


_NORMS = {COLD: 4850, HOT: 3300, POWER: 98_000}


def _water(dwelling: Dwelling, resource: str, month: Month, used: Used) -> tuple[int, bool]:
    if resource in used:
        return used[resource].get(month, 0), True
    if resource == HOT and not dwelling.house.apartments:
        return 0, True
    return _NORMS[resource] * max(dwelling.residents, 1), False


def _recalculation(service: Service, price: int, month: Month, random: Random) -> Charge:
    """For one to three past months, a little back or a little more."""
    count = 1 + int(random.random() * 3)
    amount = int(random.random() * 60_000) - 40_000 or -100
    first, last = month.shift(-count), month.shift(-1)
    cells = (kopecks(price), service.unit, "", "", first.dotted, last.dotted, str(count))
    return Charge(service.name, RECALCULATION, cells, amount)

"""The rest of the town: dwellings made up one by one, the same for the same seed."""

from collections.abc import Iterator
from random import Random

from lk_reflex.exchange.demo.cast import MANAGER, OTHER, UTILITY
from lk_reflex.exchange.demo.people import make_person
from lk_reflex.exchange.demo.places import FLATS, House, make_house
from lk_reflex.exchange.demo.plan import DEBTOR, PROMPT, ROUNDED, Dwelling, MeterPlan, Span
from lk_reflex.exchange.demo.tariffs import ALL, COLD, HOT, OF_WATER, POWER, PRIVATE, UNITED, WATER, WITHOUT_WATER

_INNS = (UTILITY, MANAGER, OTHER)
_FIRST = 1_000
_PLACES = ("Кухня", "Ванная", "С/У", "Туалет")
#: What the installations and verifications differ by, in months.
_AGES, _TERMS = 48, 72


def houses_of(count: int) -> Iterator[tuple[House, int]]:
    """Houses for so many dwellings, each with the number of its dwellings."""
    index = 0
    while count > 0:
        house = make_house(index)
        taken = min(count, FLATS if house.apartments else 1)
        yield house, taken
        count -= taken
        index += 1


def dwellings(count: int, span: Span, seed: int) -> Iterator[Dwelling]:
    """So many dwellings, house after house."""
    index = _FIRST
    for place, (house, flats) in enumerate(houses_of(count)):
        owner = place % len(_INNS)
        for flat in range(1, flats + 1):
            yield _dwelling(owner, index, house, str(flat) if house.apartments else "", span, seed)
            index += 1


def _dwelling(owner: int, index: int, house: House, flat: str, span: Span, seed: int) -> Dwelling:
    number = f"{owner + 1}{index:09d}"
    random = Random(f"{seed}:plan:{number}")  # noqa: S311  made-up people, not secrets
    person = make_person(random)
    area = 28_000 + int(random.random() * 620) * 100
    residents = 1 + int(random.random() * 4)
    payer = random.choices((PROMPT, ROUNDED, DEBTOR), (78, 13, 9))[0]
    if not house.apartments:
        receipts = ((UNITED, PRIVATE),)
    elif owner == 0 and index % 5 == 0:
        receipts = ((UNITED, WITHOUT_WATER), (WATER, OF_WATER))
    else:
        receipts = ((UNITED, ALL),)
    meters = tuple(_meters(number, house.apartments, residents, span, random))
    inn = _INNS[owner]
    return Dwelling(
        inn, number, house, flat, person, area, residents, receipts, meters, payer, advance=owner < len(_INNS) - 1
    )


def _meters(number: str, flat: bool, residents: int, span: Span, random: Random) -> Iterator[MeterPlan]:
    if random.random() < 0.86:
        yield _meter(number, 1, "ХВС", COLD, (3_100 * residents,), span, random)
        if flat:
            yield _meter(number, 2, "ГВС", HOT, (2_200 * residents,), span, random)
    share = random.random()
    if share > 0.94:
        yield _meter(number, 3, "Электроэнергия", POWER, (40_000, 60_000, 35_000), span, random)
    elif share > 0.78:
        yield _meter(number, 3, "Электроэнергия", POWER, (110_000, 48_000), span, random)
    elif share > 0.08:
        yield _meter(number, 3, "Электроэнергия", POWER, (70_000 + 45_000 * residents,), span, random)


def _meter(
    number: str, place: int, name: str, resource: str, usage: tuple[int, ...], span: Span, random: Random
) -> MeterPlan:
    installed = span.start.shift(-1 - int(random.random() * _AGES)).day(1 + int(random.random() * 28))
    due = span.until.shift(int(random.random() * _TERMS) - 6).day(installed.day)
    serial = str(10_000_000 + int(random.random() * 89_999_999))
    where = "Щит" if resource == POWER else random.choice(_PLACES)
    power = resource == POWER
    return MeterPlan(
        f"{number}-{place}", serial, name, resource, where, installed, due, usage,
        digits=6 if power else 5, decimals=2 if power else 3,
    )  # fmt: skip

"""Made-up houses of the Chelyabinsk region; the street of the manual's own house is kept for it."""

from collections.abc import Iterator
from typing import NamedTuple

_STREETS = (
    "УЛ. ЛЕНИНА", "ПР. ПОБЕДЫ", "УЛ. КИРОВА", "УЛ. ГАГАРИНА", "УЛ. МОЛОДОГВАРДЕЙЦЕВ", "УЛ. ЧИЧЕРИНА",
    "УЛ. 40-ЛЕТИЯ ПОБЕДЫ",
    "УЛ. БРАТЬЕВ КАШИРИНЫХ", "КОМСОМОЛЬСКИЙ ПР.", "УЛ. ВОРОШИЛОВА", "УЛ. СОЛНЕЧНАЯ", "УЛ. ТРУДА", "УЛ. ЦВИЛЛИНГА",
    "УЛ. СВОБОДЫ", "УЛ. ВОРОВСКОГО", "УЛ. БЛЮХЕРА", "УЛ. ДОВАТОРА", "УЛ. СТАЛЕВАРОВ", "УЛ. МЕТАЛЛУРГОВ",
    "УЛ. ГЕРОЕВ ТАНКОГРАДА",
    "УЛ. ЖУКОВА", "УЛ. БАЖОВА", "УЛ. МАРЧЕНКО", "УЛ. ЗАХАРЕНКО", "УЛ. ЭНТУЗИАСТОВ", "УЛ. ХУДЯКОВА", "УЛ. УРИЦКОГО",
    "УЛ. КОСМОНАВТОВ", "УЛ. СУТЯГИНА", "УЛ. ТЕРНОВАЯ",
)  # fmt: skip
_TOWNS = ("Челябинск", "Челябинск", "Челябинск", "Копейск", "Коркино")
#: Where the towns' middles are, in millionths of a degree; their streets make a grid of our own around them.
_MIDDLES = {
    "Челябинск": (55_186_000, 61_350_000), "Копейск": (55_104_000, 61_616_000), "Коркино": (54_890_000, 61_403_000),
}  # fmt: skip
#: From street to street, from house to house, and from a street's middle to its houses: north and east.
_BLOCK, _STEP, _ASIDE = (2_400, 4_200), (550, 960), (190, 330)
#: Of the demonstration's register, however few accounts there are.
FEWEST_HOUSES = 360
#: Flats of one house.
FLATS = 60


class House(NamedTuple):
    """A building as billing knows it; degrees are texts with six decimals."""

    code: str
    town: str
    street: str
    number: str
    apartments: bool
    latitude: str
    longitude: str


def make_house(index: int) -> House:
    """The house number `index`; every twentieth is private. No two have one address."""
    street, row = index % len(_STREETS), index // len(_STREETS)
    number = str(row + 1) if index % 7 else f"{row + 1}{'АБВ'[index % 3]}"
    latitude, longitude = _place(street, row)
    return House(
        f"D{index + 1:06d}",
        _TOWNS[street % len(_TOWNS)],
        _STREETS[street],
        number,
        index % 20 != 19,
        _degrees(latitude),
        _degrees(longitude),
    )


def along_street(street: str, town: str, own: tuple[int, int], number: int) -> Iterator[House]:
    """The neighbours of house `number`, which stands at `own` (millionths of a degree): two rows, east and west."""
    for neighbour in (one for one in range(1, 2 * number) if one != number):
        across = 0 if neighbour % 2 == number % 2 else -2 * _ASIDE[0]
        yield House(
            f"K1{neighbour:05d}", town, street, str(neighbour), True,
            _degrees(own[0] + across), _degrees(own[1] + (neighbour - number) * _STEP[1] // 2),
        )  # fmt: skip


def _place(street: int, row: int) -> tuple[int, int]:
    """Even streets run east, odd ones north; odd houses stand on one side and even ones on the other."""
    north, east = _MIDDLES[_TOWNS[street % len(_TOWNS)]]
    lane, along, side = street // 2 - 7, row - 6, 1 if row % 2 else -1
    if street % 2 == 0:
        return north + lane * _BLOCK[0] + side * _ASIDE[0], east + along * _STEP[1]
    return north + along * _STEP[0], east + lane * _BLOCK[1] + side * _ASIDE[1]


def _degrees(millionths: int) -> str:
    return f"{millionths // 10**6},{millionths % 10**6:06d}"

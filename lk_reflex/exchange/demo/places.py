"""Made-up houses of the Chelyabinsk region; the street of the manual's own house is kept for it."""

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
    latitude, longitude = 55_120_000 + index * 7919 % 90_000, 61_310_000 + index * 6271 % 180_000
    return House(
        f"D{index + 1:06d}",
        _TOWNS[street % len(_TOWNS)],
        _STREETS[street],
        number,
        index % 20 != 19,
        _degrees(latitude),
        _degrees(longitude),
    )


def _degrees(millionths: int) -> str:
    return f"{millionths // 10**6},{millionths % 10**6:06d}"

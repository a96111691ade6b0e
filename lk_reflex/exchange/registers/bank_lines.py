"""The bank register's lines: an account in five cells, then blocks of seven, one a meter's scale."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from lk_reflex.core.clock import parse_date
from lk_reflex.core.text import fold
from lk_reflex.domain.metering.units import GIGACALORIES, KILOWATT_HOURS, unit_of
from lk_reflex.exchange.cells import shown
from lk_reflex.exchange.registers.options import BankOptions, Resource

#: ЛС; ФИО; ЕЛС; ФИАС; адрес.
ACCOUNT_CELLS = 5
#: Type code, number, name, next verification, value, date, extra.
BLOCK_CELLS = 7
GAS, POWER, DAY, NIGHT, HOT, COLD, HEAT = 1, 2, 3, 4, 8, 9, 10
THREE = (5, 6, 7)
_RESOURCES: dict[int, Resource] = {
    GAS: "gas", POWER: "power", DAY: "power", NIGHT: "power", 5: "power", 6: "power", 7: "power",
    HOT: "hot", COLD: "cold", HEAT: "heat",
}  # fmt: skip
_CODES: dict[Resource, int] = {"gas": GAS, "hot": HOT, "cold": COLD, "heat": HEAT}
#: What a meter is called where billing's own register brings one that we don't know.
NAMES: dict[Resource, str] = {
    "gas": "Газ", "power": "Электроэнергия", "hot": "ГВС", "cold": "ХВС", "heat": "Отопление",
}  # fmt: skip
_WORDS: tuple[tuple[str, Resource], ...] = (
    ("газ", "gas"), ("гвс", "hot"), ("гор", "hot"), ("хвс", "cold"), ("хол", "cold"), ("вода", "cold"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Block:
    """One scale of one meter as the register has it, its texts as they stand there."""

    line: int
    place: int
    cells: tuple[str, ...]
    resource: Resource
    scales: int
    scale: int
    taken_on: date
    verification: date | None

    @property
    def serial(self) -> str:
        """The meter's number."""
        return self.cells[1]

    @property
    def name(self) -> str:
        """What the register calls it."""
        return self.cells[2]

    @property
    def value(self) -> str:
        """The reading as it was typed."""
        return self.cells[4]

    @property
    def extra(self) -> str:
        """What the two sides have agreed upon: the meter's code in billing."""
        return self.cells[6]

    @property
    def column(self) -> str:
        """«блок 2, № 1234567», where a report points to."""
        return f"блок {self.place}, № {self.serial}"


def blocks_of(cells: list[str]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The blocks that hold anything, with their places from 1; the last may have lost its empty cells."""
    for place, start in enumerate(range(ACCOUNT_CELLS, len(cells), BLOCK_CELLS), 1):
        block = (*cells[start : start + BLOCK_CELLS], *([""] * BLOCK_CELLS))[:BLOCK_CELLS]
        if any(block):
            yield place, block


def read_block(line: int, place: int, cells: tuple[str, ...], options: BankOptions) -> Block | None:
    """A block with a reading; None for one that names a meter only. Raises ValueError with a sentence."""
    code = int(cells[0]) if cells[0].isascii() and cells[0].isdigit() and len(cells[0]) <= 2 else 0
    if code not in _RESOURCES:
        raise ValueError(f"код типа {shown(cells[0])}: такого нет, есть от 1 до 10")
    if not (cells[4] or cells[5]):
        return None
    if not cells[1]:
        raise ValueError("не заполнен номер прибора")
    if not (cells[4] and cells[5]):
        raise ValueError("нет даты показания" if cells[4] else "есть дата, а показания нет")
    verification = _day(cells[3], "дата следующей поверки") if cells[3] else None
    scales, scale = scale_of(code, options)
    return Block(line, place, cells, _RESOURCES[code], scales, scale, _day(cells[5], "дата показания"), verification)


def scale_of(code: int, options: BankOptions) -> tuple[int, int]:
    """How many scales the meter of a code has, and which of them it is."""
    if code in (DAY, NIGHT):
        return 2, code - DAY + 1
    if code in THREE:
        return 3, options.three_scales[code - THREE[0]]
    return 1, 1


def code_of(resource: str, scales: int, scale: int, options: BankOptions) -> int | None:
    """The code of our meter's scale; None for what the register has no code for."""
    kind = resource_of(resource, options)
    if kind != "power":
        return _CODES.get(kind) if kind is not None and scales == 1 else None
    if scales == 1:
        return POWER
    return DAY + scale - 1 if scales == 2 else THREE[options.three_scales.index(scale)]


def resource_of(name: str, options: BankOptions) -> Resource | None:
    """What our resource is: as the profile says, else by its own words."""
    if name in options.resources:
        return options.resources[name]
    plain, unit = fold(name), unit_of(name)
    if unit in (KILOWATT_HOURS, GIGACALORIES):
        return "power" if unit == KILOWATT_HOURS else "heat"
    return next((kind for word, kind in _WORDS if plain.startswith(word)), None)


def serial_key(serial: str) -> str:
    """A meter's number as it is compared: «№ 00123-45» and «0012345» are two, «12 345» and «12345» one."""
    return "".join(char for char in fold(serial).removeprefix("no") if char.isalnum())


def _day(text: str, what: str) -> date:
    """«22.11.2026» or «22112026»."""
    plain = f"{text[:2]}.{text[2:4]}.{text[4:]}" if len(text) == 8 and text.isascii() and text.isdigit() else text
    try:
        found = parse_date(plain)
    except ValueError:
        raise ValueError(f"{what} {shown(text)}: не дата вида ДД.ММ.ГГГГ или ДДММГГГГ") from None
    if not 1900 <= found.year <= 2200:
        raise ValueError(f"{what} {shown(text)}: год вне пределов 1900–2200")
    return found

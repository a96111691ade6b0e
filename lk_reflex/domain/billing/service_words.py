"""What a service of billing's is about, by its words: «МУП ПОВВ:ХВС(КОПЕЙСК)» is cold water by its meter. Pure.

Every billing names services its own way. What isn't recognised for certain is left out: no sum is better than a wrong
one.
"""

import re
from dataclasses import dataclass

from lk_reflex.core.text import fold

COLD, HOT, DRAIN, POWER, HEAT, GAS = "cold", "hot", "drain", "power", "heat", "gas"
#: The zones of a dial by their words; a half-peak is no peak.
_ZONES = (("полупик", 3), ("пик", 1), ("ноч", 2), ("день", 1), ("дневн", 1), ("т1", 1), ("т2", 2), ("т3", 3))
#: Not what one's own meter counts: shared needs, upkeep, penalties, coefficients, works on a meter.
_APART = (
    "одн", "сои", "общедом", "общих", "общего", "содержан", "обслуж", "ремонт", "пени", "пеня", "повыш", "коэф",
    "установ", "поверк", "замен", "опломб", "вывоз", "тко", "тбо", "домофон", "полив", "норматив", "вдго", "сверх",
)  # fmt: skip
_WARMING, _PART = ("подогр", "нагрев"), {"для", "на"}
_WORD = re.compile(r"[^\W\d_]+\d*")
_CUBIC, _POWER, _HEAT = {"м3", "кубм", "куб"}, {"квтч", "квт"}, {"гкал"}
#: Units that a tariff of the resource may be for.
UNITS = {COLD: _CUBIC, HOT: _CUBIC, DRAIN: _CUBIC, GAS: _CUBIC, POWER: _POWER, HEAT: _HEAT}


@dataclass(frozen=True, slots=True)
class Subject:
    """What a tariff pays for. `zone` is 1-3 of a multi-tariff dial, 0 for all.

    Of hot water in two components `warming` is the heat of a m³, `part` the water, which costs nobody that alone.
    """

    resource: str
    zone: int = 0
    warming: bool = False
    part: bool = False


def subject_of(service: str, unit: str) -> Subject | None:
    """What a service charges by a meter, or None where its name or its unit doesn't tell for certain."""
    words = _words(service)
    if any(word.startswith(_APART) for word in words):
        return None
    named = _resources(words)
    if len(named) != 1:
        return None
    resource, measure = named.pop(), plain_unit(unit)
    if resource == HOT and measure in _HEAT:
        return Subject(HOT, warming=True)
    if measure not in UNITS[resource]:
        return None
    part = resource == HOT and any(word.startswith(("компон", "теплонос", "холод")) for word in words)
    return Subject(resource, _zone(words) if resource == POWER else 0, part=part)


def resource_of(name: str) -> str | None:
    """What a meter counts, as billing calls it: «ХВС», «Электроэнергия», or by the unit alone, «кВт·ч»."""
    by_unit = {**dict.fromkeys(_POWER, POWER), **dict.fromkeys(_HEAT, HEAT)}.get(plain_unit(name))
    if by_unit:
        return by_unit
    named = _resources(_words(name))
    return named.pop() if len(named) == 1 else None


def _words(name: str) -> list[str]:
    return _WORD.findall(fold(name).replace("э/э", "ээ"))


def plain_unit(unit: str) -> str:
    """«кВт·ч», «кВт*ч» and «квт.ч» are one; «м³» is «м3»."""
    return re.sub(r"[\s.·*×/\-]", "", unit.casefold().replace("³", "3"))


def _resources(words: list[str]) -> set[str]:
    found = {resource for word in words for resource in _BY_WORD.get(word, _by_beginning(word))}
    water = any(word.startswith("вод") and not word.startswith("водоотв") for word in words)
    for start, resource in (("холод", COLD), ("горяч", HOT)):
        if water and any(word.startswith(start) for word in words):
            found.add(resource)
    if any(word.startswith(_WARMING) for word in words):
        return {HOT} if found <= {HOT, COLD, HEAT} else found
    if HOT not in found or any(word.startswith("отопл") for word in words):
        return found
    # «Холодная вода для ГВС», «ГВС: тепловая энергия»: parts of hot water.
    part = found == {HOT, HEAT} or (found == {HOT, COLD} and not _PART.isdisjoint(words))
    return {HOT} if part else found


def _by_beginning(word: str) -> set[str]:
    return next((set(resources) for start, resources in _BY_BEGINNING if word.startswith(start)), set())


_BY_WORD: dict[str, set[str]] = {
    "хвс": {COLD}, "хв": {COLD}, "гвс": {HOT}, "гв": {HOT}, "во": {DRAIN}, "ээ": {POWER}, "эл": {POWER}, "то": {HEAT},
    "тепло": {HEAT}, "газ": {GAS},
}  # fmt: skip
_BY_BEGINNING = (
    ("водоотв", {DRAIN}), ("канализ", {DRAIN}), ("сток", {DRAIN}), ("сточ", {DRAIN}),
    ("электр", {POWER}), ("отопл", {HEAT}), ("теплов", {HEAT}), ("теплосн", {HEAT}), ("теплоэн", {HEAT}),
    ("газосн", {GAS}), ("газопотр", {GAS}),
)  # fmt: skip


def _zone(words: list[str]) -> int:
    found = {next((zone for start, zone in _ZONES if word.startswith(start)), 0) for word in words} - {0}
    return found.pop() if len(found) == 1 else 0

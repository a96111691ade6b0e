"""What a meter counts, whatever billing calls it: the kinds that charts add up and hints compare."""

from lk_reflex.core.text import fold
from lk_reflex.domain.metering.units import GIGACALORIES, KILOWATT_HOURS, unit_of

COLD, HOT, POWER, HEAT, GAS, OTHER = "cold", "hot", "power", "heat", "gas", "other"
#: In the order in which they are shown.
RESOURCES = (COLD, HOT, POWER, HEAT, GAS, OTHER)
#: As the headings of charts name them; another resource keeps billing's own word.
NAMES = {COLD: "Холодная вода", HOT: "Горячая вода", POWER: "Электроэнергия", HEAT: "Тепло", GAS: "Газ"}
_BY_BEGINNING = {"хвс": COLD, "хол": COLD, "гвс": HOT, "гор": HOT, "газ": GAS}


def kind_of(resource: str) -> str:
    """One of the kinds above, from billing's «ХВС», «Горячая вода», «кВт·ч»."""
    by_unit = {KILOWATT_HOURS: POWER, GIGACALORIES: HEAT}.get(unit_of(resource))
    plain = fold(resource)
    return by_unit or next((kind for start, kind in _BY_BEGINNING.items() if plain.startswith(start)), OTHER)


def resource_name(resource: str) -> str:
    """«Холодная вода» for «ХВС»."""
    return NAMES.get(kind_of(resource), resource)

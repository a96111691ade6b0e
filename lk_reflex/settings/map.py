"""The map's tiles: whose server draws them, and what the pages may load from there."""

import re
from urllib.parse import urlsplit

from lk_reflex.core.this_machine import leads_here

#: A demonstration draws its own, from the register of houses.
STAND_IN = "/demo/tiles/{z}/{x}/{y}.png"
_PLACES = ("{z}", "{x}", "{y}")


def map_faults(tiles: str, *, preview: bool) -> list[str]:
    """What is wrong with the address of the tiles; without one forms have no map, and the address is typed."""
    if not tiles:
        return []
    if not all(place in tiles for place in _PLACES) or "{s}" in tiles:
        return ["LK_MAP_TILES: нужен адрес с {z}, {x} и {y}, например https://tiles.example.org/{z}/{x}/{y}.png."]
    own = tiles.startswith("/") and not tiles.startswith("//")
    if own or tile_host(tiles).startswith("https://"):
        return []
    return [] if preview and leads_here(tiles) else ["LK_MAP_TILES: нужен адрес, начинающийся с https://."]


def tile_host(tiles: str) -> str:
    """«https://tiles.example.org», for the content policy; empty where our own server has the tiles."""
    try:
        parts = urlsplit(tiles)
        if parts.scheme not in ("http", "https") or not re.fullmatch(r"[\w.-]+", parts.hostname or ""):
            return ""
        return f"{parts.scheme}://{parts.hostname}{f':{parts.port}' if parts.port else ''}"
    except ValueError:
        return ""

"""Draws one tile: streets as lines through their houses, houses with their numbers, paper and water."""

import io
import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

import fontpkg_pt_sans
from PIL import Image, ImageDraw, ImageFont

SIDE = 256
NEAREST, FARTHEST = 19, 0
#: From which zoom on streets, houses as dots, houses as such, and numbers are drawn.
STREETS, DOTS, HOUSES, NUMBERS = 11, 13, 16, 17
#: A street's stretch without houses isn't drawn, in degrees.
_GAP = 0.02
GROUND, ROAD, EDGE, HOUSE, OUTLINE, INK = "#eef2f4", "#ffffff", "#d5dde1", "#d9e4e9", "#8ba0ab", "#10232e"
#: Around a tile what reaches into it, in pixels.
_MARGIN = 96


@dataclass(frozen=True, slots=True)
class House:
    """One house: town and street tell what it stands at, degrees where."""

    town: str
    street: str
    number: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class _Street:
    name: str
    #: In the order along the street.
    points: tuple[tuple[float, float], ...]


class Town:
    """The houses, ready to be drawn: each as a place on a world of side 1 (Web Mercator), by rough squares."""

    def __init__(self, houses: Iterable[House]) -> None:
        self._squares: dict[tuple[int, int], list[tuple[float, float, str]]] = defaultdict(list)
        streets: dict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
        for house in houses:
            place = world(house.latitude, house.longitude)
            self._squares[_square(*place)].append((*place, house.number))
            streets[house.town, house.street].append(place)
        found = ((name, _along(points)) for (_, name), points in streets.items())
        self.streets = [_Street(name, points) for name, points in found if len(points) > 1]

    def houses_in(self, west: float, north: float, east: float, south: float) -> list[tuple[float, float, str]]:
        """The houses of a rectangle of the world."""
        (left, top), (right, bottom) = _square(west, north), _square(east, south)
        squares = (self._squares.get((x, y), ()) for x in range(left, right + 1) for y in range(top, bottom + 1))
        return [one for square in squares for one in square if west <= one[0] <= east and north <= one[1] <= south]


def world(latitude: float, longitude: float) -> tuple[float, float]:
    """A place on the square world of Web Mercator, 0 to 1 from north-west."""
    return (longitude + 180) / 360, (1 - math.asinh(math.tan(math.radians(latitude))) / math.pi) / 2


def draw_tile(town: Town, zoom: int, x: int, y: int) -> bytes:
    """A PNG of 256 × 256."""
    picture = Image.new("RGB", (SIDE, SIDE), GROUND)
    draw = ImageDraw.Draw(picture)
    scale = SIDE * 2**zoom

    def at(place: tuple[float, float]) -> tuple[float, float]:
        return place[0] * scale - x * SIDE, place[1] * scale - y * SIDE

    if zoom >= STREETS:
        _streets(draw, town, at, zoom)
    if zoom >= DOTS:
        room = _MARGIN / scale
        tile = (x / 2**zoom, y / 2**zoom, (x + 1) / 2**zoom, (y + 1) / 2**zoom)
        _houses(draw, town.houses_in(tile[0] - room, tile[1] - room, tile[2] + room, tile[3] + room), at, zoom)
    packed = picture.quantize(32)
    out = io.BytesIO()
    packed.save(out, "PNG", optimize=False)
    return out.getvalue()


def _streets(draw: ImageDraw.ImageDraw, town: Town, at: Any, zoom: int) -> None:
    width = max(2, 2 * (zoom - STREETS) - (zoom < HOUSES))
    seen = []
    for street in town.streets:
        points = [at(point) for point in street.points]
        if max(p[0] for p in points) < -_MARGIN or min(p[0] for p in points) > SIDE + _MARGIN:
            continue
        if max(p[1] for p in points) < -_MARGIN or min(p[1] for p in points) > SIDE + _MARGIN:
            continue
        seen.append((street, points))
    for colour, more in ((EDGE, 2), (ROAD, 0)):
        for street, points in seen:
            for (one, other), (start, end) in zip(pairwise(street.points), pairwise(points), strict=True):
                if math.dist(one, other) * 360 < _GAP:
                    draw.line([start, end], fill=colour, width=width + more)
    if zoom >= HOUSES - 1:
        for street, points in seen:
            _name(draw, street.name, points)


def _houses(draw: ImageDraw.ImageDraw, houses: list[tuple[float, float, str]], at: Any, zoom: int) -> None:
    half = 1 if zoom < HOUSES else 4 * 2 ** (zoom - HOUSES)
    for west, north, number in houses:
        x, y = at((west, north))
        box = (x - 1.6 * half, y - half, x + 1.6 * half, y + half)
        draw.rectangle(box, fill=HOUSE if zoom >= HOUSES else OUTLINE, outline=OUTLINE)
        if zoom >= NUMBERS:
            draw.text((x, y), number, font=_font(11 if zoom == NUMBERS else 13), fill=INK, anchor="mm")


def _name(draw: ImageDraw.ImageDraw, name: str, points: list[tuple[float, float]]) -> None:
    """Once for each tile's width, in places that neighbouring tiles agree about."""
    last = None
    for point in points:
        if last is None or math.dist(point, last) >= SIDE:
            draw.text((point[0], point[1] - 6), name, font=_font(12), fill=INK, anchor="ma")
            last = point


def _along(points: list[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
    """A line between the houses of both sides, in the order of the street's longer direction."""
    wide = max(p[0] for p in points) - min(p[0] for p in points)
    high = max(p[1] for p in points) - min(p[1] for p in points)
    line = sorted(points, key=lambda point: point[0 if wide >= high else 1])
    return tuple(((a[0] + b[0]) / 2, (a[1] + b[1]) / 2) for a, b in pairwise(line))


def _square(x: float, y: float) -> tuple[int, int]:
    """Some four hundred metres wide here."""
    return int(x * 2**16), int(y * 2**16)


@lru_cache(maxsize=8)
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(fontpkg_pt_sans.ROOT / "files" / "PT_Sans-Web-Regular.ttf"), size)

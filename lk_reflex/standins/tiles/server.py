"""GET /demo/tiles/{z}/{x}/{y}.png: drawn when first asked for, then kept for a while."""

import time
from collections.abc import Callable, Iterable
from functools import lru_cache
from threading import Lock

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lk_reflex.standins.tiles.drawing import FARTHEST, NEAREST, House, Town, draw_tile

#: So many tiles stay in memory, some two kilobytes each; after so many seconds the houses are read anew.
KEPT, FRESH = 2_000, 600.0
Houses = Callable[[], Iterable[House]]


class Tiles:
    """The tiles of one town. `houses` is called when the first is asked for, and again after a while."""

    def __init__(self, houses: Houses) -> None:
        self._houses = houses
        self._lock = Lock()
        self._read_at = 0.0
        self._draw = lru_cache(maxsize=KEPT)(lambda *_: b"")

    def tile(self, zoom: int, x: int, y: int) -> bytes:
        """A PNG. Raises ValueError where the world has no such tile."""
        if not (FARTHEST <= zoom <= NEAREST and 0 <= x < 2**zoom and 0 <= y < 2**zoom):
            raise ValueError((zoom, x, y))
        with self._lock:
            if not self._read_at or time.monotonic() - self._read_at > FRESH:
                town = Town(self._houses())
                self._draw = lru_cache(maxsize=KEPT)(lambda *place: draw_tile(town, *place))
                self._read_at = time.monotonic()
            draw = self._draw
        return draw(zoom, x, y)


def tile_routes(houses: Houses) -> list[Route]:
    """The one route."""
    tiles = Tiles(houses)

    # A plain function: Starlette runs it on a thread, as drawing wants.
    def tile(request: Request) -> Response:
        try:
            png = tiles.tile(*(int(request.path_params[name]) for name in ("z", "x", "y")))
        except ValueError:
            return Response(status_code=404)
        return Response(png, media_type="image/png", headers={"cache-control": "public, max-age=3600"})

    return [Route("/demo/tiles/{z:int}/{x:int}/{y:int}.png", tile, methods=["GET"])]

"""The stand-in for a server of tiles: pictures of the town's own houses, cheap, and none beyond the world."""

import io
import warnings

import pytest
from PIL import Image

from lk_reflex.standins.routes import stand_ins
from lk_reflex.standins.tiles import server
from lk_reflex.standins.tiles.drawing import DOTS, GROUND, NUMBERS, House, Town, draw_tile, world

with warnings.catch_warnings():
    # It would rather have the successor of httpx, which nothing else here needs.
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

STREET = [House("Копейск", "пр. Победы", str(n), 55.104, 61.616 + n * 0.001) for n in range(1, 9)]


def tile_of(house, zoom):
    x, y = world(house.latitude, house.longitude)
    return zoom, int(x * 2**zoom), int(y * 2**zoom)


def colours(png):
    picture = Image.open(io.BytesIO(png))
    assert (picture.format, picture.size) == ("PNG", (256, 256))
    return {colour for _, colour in picture.convert("RGB").getcolors(100_000)}


@pytest.fixture
def web(tmp_path):
    calls = []

    def houses():
        calls.append(1)
        return STREET

    with TestClient(stand_ins(tmp_path, cabinet="", houses=houses), "http://127.0.0.1:3000") as client:
        client.calls = calls
        yield client


def test_a_tile_with_houses_shows_them_and_one_beside_shows_paper(web):
    zoom, x, y = tile_of(STREET[3], NUMBERS)
    drawn = web.get(f"/demo/tiles/{zoom}/{x}/{y}.png")
    assert drawn.headers["content-type"] == "image/png" and "max-age" in drawn.headers["cache-control"]
    paper = tuple(bytes.fromhex(GROUND[1:]))
    assert len(colours(drawn.content)) > 3 and colours(web.get(f"/demo/tiles/{zoom}/{x}/{y + 40}.png").content) == {
        paper
    }


@pytest.mark.parametrize("zoom", [0, DOTS, NUMBERS, 19])
def test_every_zoom_is_drawn(zoom):
    assert colours(draw_tile(Town(STREET), *tile_of(STREET[0], zoom)))


def test_a_street_goes_on_over_the_border_of_its_tiles():
    """Between two houses there is no house, but the road."""
    gap = House("", "", "", 55.104, 61.6205)
    assert (255, 255, 255) in colours(draw_tile(Town(STREET), *tile_of(gap, 18)))


@pytest.mark.parametrize("place", ["20/1/1", "3/8/1", "3/1/8", "3/-1/1", "x/1/1", "1.5/1/1", "99999999999/1/1"])
def test_the_world_ends(web, place):
    assert web.get(f"/demo/tiles/{place}.png").status_code == 404


def test_houses_are_read_once_and_again_after_a_while(web, monkeypatch):
    for _ in range(3):
        web.get("/demo/tiles/13/1/1.png")
    assert len(web.calls) == 1
    monkeypatch.setattr(server, "FRESH", -1.0)
    web.get("/demo/tiles/13/1/1.png")
    assert len(web.calls) == 2


def test_a_town_without_houses_is_paper(tmp_path):
    with TestClient(stand_ins(tmp_path, cabinet=""), "http://127.0.0.1:3000") as client:
        assert len(colours(client.get("/demo/tiles/17/1/1.png").content)) == 1

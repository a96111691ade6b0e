"""The server of map tiles: whose it may be, and that pages may load pictures from it and from nobody else."""

import pytest

from lk_reflex.api.edge.headers import content_policy
from lk_reflex.settings import Settings
from lk_reflex.settings.map import STAND_IN, map_faults, tile_host

TILES = "https://tiles.example.org/{z}/{x}/{y}.png"


def settings(**given):
    return Settings(_env_file=None, **given)


@pytest.mark.parametrize(
    "tiles", ["", TILES, "https://tiles.example.org:8443/m/{z}/{y}/{x}.webp?key=1", "/tiles/{z}/{x}/{y}.png"]
)
@pytest.mark.parametrize("preview", [True, False])
def test_a_server_of_tiles_is_behind_https_or_is_our_own(tiles, preview):
    assert map_faults(tiles, preview=preview) == []


@pytest.mark.parametrize(
    "tiles",
    ["http://tiles.example.org/{z}/{x}/{y}.png", "//tiles.example.org/{z}/{x}/{y}.png", "tiles/{z}/{x}/{y}.png",
     "https://tiles; script-src * /{z}/{x}/{y}.png", "https://tiles.example.org:x/{z}/{x}/{y}.png",
     "javascript:{z}{x}{y}"],
)  # fmt: skip
def test_another_address_is_a_fault(tiles):
    assert map_faults(tiles, preview=False) == ["LK_MAP_TILES: нужен адрес, начинающийся с https://."]


@pytest.mark.parametrize("tiles", ["https://tiles.example.org/", "https://{s}.tiles.example.org/{z}/{x}/{y}.png"])
def test_an_address_names_its_tiles_and_one_host(tiles):
    assert map_faults(tiles, preview=False)[0].startswith("LK_MAP_TILES: нужен адрес с {z}, {x} и {y}")


def test_a_demonstration_may_have_a_server_on_its_own_machine():
    local = "http://127.0.0.1:8080/{z}/{x}/{y}.png"
    assert map_faults(local, preview=True) == [] != map_faults(local, preview=False)
    assert settings(map_tiles="x").faults() and settings(mode="production", map_tiles="x").faults()[-1].startswith(
        "LK_MAP"
    )


def test_a_demonstration_draws_its_own_tiles_and_production_has_none():
    assert settings().tiles == STAND_IN and settings(mode="production").tiles == ""
    assert settings().tile_host == "" == settings(mode="production").tile_host
    assert settings(map_tiles=TILES).tiles == TILES


@pytest.mark.parametrize(
    ("tiles", "host"),
    [
        (TILES, "https://tiles.example.org"),
        ("https://name:secret@tiles.example.org:8443/{z}", "https://tiles.example.org:8443"),
        (STAND_IN, ""),
        ("", ""),
        ("https://[", ""),
    ],
)
def test_pictures_may_come_from_that_host_alone(tmp_path, tiles, host):
    assert tile_host(tiles) == host
    rules = dict(part.strip().split(" ", 1) for part in content_policy(tmp_path / "none", host).split(";"))
    assert rules["img-src"].split() == ["'self'", "data:", *([host] if host else [])]
    assert host not in rules["connect-src"] or not host

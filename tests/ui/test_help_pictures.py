"""The instruction's pictures: named, described, whole, light, and those that the script takes."""

from itertools import pairwise

import pytest
from PIL import Image

from lk_reflex.core.migrations import ROOT
from lk_reflex.ui.public.help.sizes import SIZES
from lk_reflex.ui.public.help.texts import CHAPTERS
from tests.browser.help_scenes import SCENES

PICTURES = ROOT / "assets" / "help"
STEPS = [step for chapter in CHAPTERS for section in chapter.sections for step in section.all_steps()]
SHOWN = [(at, step.picture) for at, step in STEPS if step.picture]
NAMED = sorted(picture.name for _, picture in SHOWN)


def test_every_picture_is_described_and_no_two_alike():
    descriptions = [picture.alt for _, picture in SHOWN]
    assert all(len(alt) > 20 and alt.endswith(".") for alt in descriptions)
    assert len(descriptions) == len(set(descriptions))


def test_a_picture_shows_the_screen_that_its_sentence_speaks_of():
    assert [(at, picture.name) for at, picture in SHOWN if at != picture.name] == []


def test_the_pictures_named_are_the_pictures_taken():
    assert sorted(name for name, scene in SCENES.items() if scene.crop is not None) == NAMED
    files = sorted(file for scene in SCENES.values() for file in scene.files())
    assert files == sorted(SIZES)
    assert files == sorted(path.stem for path in PICTURES.iterdir())
    assert {path.suffix for path in PICTURES.iterdir()} == {".webp"}


@pytest.mark.parametrize("name", SIZES)
def test_a_picture_is_whole_and_as_large_as_its_page_believes(name):
    with Image.open(PICTURES / f"{name}.webp") as picture:
        picture.load()
        assert picture.format == "WEBP"
        assert picture.size == SIZES[name]
        assert len(picture.convert("RGB").getcolors(2**24) or ()) > 8, "an empty picture"


def test_the_pictures_are_light():
    weights = {path.name: path.stat().st_size for path in PICTURES.glob("*.webp")}
    assert sum(weights.values()) < 700_000
    assert all(weight < 80_000 for weight in weights.values()), weights


def test_the_sizes_are_listed_in_order():
    assert all(one < other for one, other in pairwise(SIZES))

"""The pages that a proxy shows by itself: Russian, whole, and of the product's look."""

import re

import pytest

from tests.site import ROOT

FOLDER = ROOT / "deploy" / "pages" / "_lk"
NAMES = sorted(path.stem for path in FOLDER.glob("*.html"))


def page(name: str) -> str:
    """The text of one of them."""
    return (FOLDER / f"{name}.html").read_text("utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_a_page_is_russian_and_asks_nobody_else_for_anything(name):
    text = page(name)
    assert '<html lang="ru">' in text and text.count("<h1>") == 1
    said = re.sub(r"<[^>]*>|<!doctype html>", " ", text)
    assert not re.search("[A-Za-z]", said)
    assert re.findall(r'<link[^>]*href="([^"]*)"', text) == ["/_lk/page.css"]
    assert "<script" not in text and "http" not in text.replace("http-equiv", "")


def test_their_colours_are_the_cabinets():
    def colours(css: str) -> dict[str, str]:
        return dict(re.findall(r"--(ground|paper|ink|water|on-water): (#\w+);", css.partition("@media")[0]))

    tokens = (ROOT / "assets" / "styles" / "tokens.css").read_text()
    assert colours((FOLDER / "page.css").read_text()) == colours(tokens)

"""Whether a page is fit for everyone: accessible, whole, Russian, at every width and with letters of any size."""

from collections.abc import Sequence
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.look import (
    DESKTOP,
    NARROW,
    PHONE,
    axe,
    english,
    faint_borders,
    no_sideways_scroll,
    shot,
    small_targets,
    sticks_out,
    text_size,
    tiny_texts,
    wide,
)


def faults_of(page: Page, name: str, widths: Sequence[int] = (DESKTOP, PHONE)) -> dict[str, Any]:
    """What is wrong with the page as it is now, by kind; takes its pictures as `name`."""
    faults: dict[str, Any] = {"english": english(page)}
    for width in widths:
        wide(page, width)
        shot(page, name)
        faults[f"axe at {width}"] = axe(page)
        faults[f"cut at {width}"] = sticks_out(page)
        faults[f"tiny at {width}"] = tiny_texts(page)
        faults[f"scroll at {width}"] = "" if no_sideways_scroll(page) else "scrolls sideways"
        faults[f"borders at {width}"] = faint_borders(page)
    faults["heading"] = _heading(page)
    faults["small targets"] = small_targets(page)
    wide(page, NARROW)
    faults["cut at 320"] = sticks_out(page)
    faults["tiny at 320"] = tiny_texts(page)
    return faults | _enlarged(page, name)


def expect_none(faults: dict[str, Any]) -> None:
    """Fail with a line for each kind."""
    found = [f"{name}: {what if isinstance(what, str) else ' | '.join(what)}" for name, what in faults.items() if what]
    if found:
        pytest.fail("\n".join(found), pytrace=False)


def _heading(page: Page) -> str:
    headings = page.locator("h1").all_inner_texts()
    if len(headings) != 1:
        return f"headings: {headings}"
    begins = "Ошибка: " if page.locator(".faults a").count() else ""
    ends = "" if page.url.split("?")[0].endswith("/") else " — Личный кабинет"
    fits = page.title() == f"{begins}{headings[0]}{ends}"
    return "" if fits else f"title «{page.title()}» of «{headings[0]}»"


def _enlarged(page: Page, name: str) -> dict[str, Any]:
    """Large type by the switch on the narrowest phone, and twice the letters everywhere else."""
    faults: dict[str, Any] = {}
    page.evaluate("document.documentElement.dataset.text = 'large'")
    faults["large type at 320"] = sticks_out(page)
    page.evaluate("document.documentElement.removeAttribute('data-text')")
    text_size(page, 32)
    for width in (PHONE, DESKTOP):
        wide(page, width)
        faults[f"200 % at {width}"] = sticks_out(page)
        if width == DESKTOP:
            shot(page, f"{name}-200", whole=False)  # a whole picture would undo it
    return faults

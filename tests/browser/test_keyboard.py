"""The keyboard alone: every stop is reached and seen, and the focus goes where the attention should."""

import re

import pytest
from playwright.sync_api import Page, expect

from lk_reflex.exchange.demo.cast import MANUAL
from tests.browser.conftest import Open
from tests.browser.look import DESKTOP, PHONE
from tests.browser.people import Person, Town

# What a person can operate, numbered, so that the walk can say what it has missed.
_NUMBER = """() => {
    const all = 'a[href], button, input:not([type=hidden]), select, summary, [tabindex="0"]';
    const seen = [...document.querySelectorAll(all)]
        .filter(one => one.tabIndex >= 0 && !one.disabled && one.checkVisibility({visibilityProperty: true}));
    seen.forEach((one, place) => { one.dataset.stop = place; });
    return seen.map(one => (one.innerText || one.name || one.title).trim());
}"""

# The stop at hand: its number, and what is wrong with how it is shown.
_STOP = """async () => {
    // a scroll that the Tab began may take a moment
    await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
    const one = document.activeElement;
    if (!one || one === document.body) return null;
    const style = getComputedStyle(one), box = one.getBoundingClientRect(), wrong = [];
    if (!one.matches(':focus-visible')) wrong.push('no focus-visible');
    if (style.boxShadow === 'none' && (style.outlineStyle === 'none' || parseFloat(style.outlineWidth) < 2))
        wrong.push('no ring');
    const [x, y] = [box.left + Math.min(box.width / 2, 40), box.top + Math.min(box.height / 2, 40)];
    const top = document.elementFromPoint(x, y);
    if (!top) wrong.push('out of sight');
    else if (!one.contains(top) && !top.contains(one)) wrong.push('covered by ' + top.tagName + '.' + top.className);
    return [Number(one.dataset.stop ?? -1), wrong.join(', '), (one.innerText || one.name || '').trim()];
}"""


@pytest.fixture(scope="module")
def tenant(town: Town) -> Person:
    return town.person(MANUAL)


def _walk(page: Page, known: int) -> tuple[list[int], list[str]]:
    """Tab from the top to the end: the numbers of the stops, and what was wrong at them."""
    stops: list[int] = []
    faults: list[str] = []
    for _ in range(known + 5):
        page.keyboard.press("Tab")
        stop = page.evaluate(_STOP)
        if stop is None or (stop[0] in stops and stop[0] >= 0):
            break
        stops.append(stop[0])
        if stop[1]:
            faults.append(f"«{stop[2]}»: {stop[1]}")
    return stops, faults


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
@pytest.mark.parametrize("path", ["/", "/help", "/overview", "/charges", "/readings", "/meters"])
def test_tab_reaches_everything_in_order_and_in_sight(path, width, open_page: Open, tenant) -> None:
    page = open_page(path, None if path in ("/", "/help") else tenant, width=width)
    names = page.evaluate(_NUMBER)
    stops, faults = _walk(page, len(names))
    missed = [names[place] for place in range(len(names)) if place not in stops]
    assert not missed
    assert not faults
    assert stops == sorted(stops), [names[place] for place in stops]
    assert names[0] == "К содержанию"


@pytest.mark.parametrize("path", ["/", "/payments"])
def test_the_skip_link_moves_the_focus(path, open_page: Open, tenant) -> None:
    page = open_page(path, None if path == "/" else tenant)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="К содержанию")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main, footer') !== null")


def test_a_change_of_page_brings_the_focus_to_its_heading(open_page: Open, tenant) -> None:
    page = open_page("/overview", tenant)
    expect(page.locator("body")).to_be_focused()
    for title in ("История оплат", "Информация об ИПУ", "Детализация начислений", "Выбор лицевого счета"):
        page.get_by_role("navigation", name="Разделы", exact=True).get_by_role("link", name=title).press("Enter")
        heading = page.get_by_role("heading", level=1)
        expect(heading).to_have_text(title)
        expect(heading).to_be_focused()
        expect(page).to_have_title(f"{title} — Личный кабинет")


def test_the_sheet_of_more_sections_closes_by_key_and_beside_it(open_page: Open, tenant) -> None:
    page = open_page("/overview", tenant, width=PHONE)
    more = page.locator(".tabs-phone summary")
    more.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".sheet-more")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".sheet-more")).to_be_hidden()
    expect(more).to_be_focused()
    more.click()
    page.mouse.click(PHONE / 2, 40)
    expect(page.locator(".sheet-more")).to_be_hidden()
    expect(page).to_have_url(re.compile("/overview$"))

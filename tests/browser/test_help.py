"""The instruction tells the truth: each word that it quotes stands on the screen of which it speaks."""

import re

import pytest
from playwright.sync_api import Page, expect

from lk_reflex.exchange.demo.cast import OVERPAID
from lk_reflex.ui.public.help.model import named
from lk_reflex.ui.public.help.texts import CHAPTERS
from tests.browser.conftest import Open
from tests.browser.help_scenes import SCENES
from tests.browser.look import DESKTOP, PHONE, wide
from tests.browser.people import Person, Town
from tests.browser.reading import plain

STEPS = [step for chapter in CHAPTERS for section in chapter.sections for step in section.all_steps()]
#: What a person sees and what is read out to them.
_SAID = """() => [document.body.innerText, ...[...document.querySelectorAll('[aria-label], [title], [placeholder]')]
    .filter(one => one.checkVisibility())
    .flatMap(one => ['aria-label', 'title', 'placeholder'].map(name => one.getAttribute(name) || ''))].join(' ')"""


def _said(page: Page) -> str:
    found = []
    for width in (DESKTOP, PHONE):
        wide(page, width)
        found.append(plain(page.evaluate(_SAID)))
    return " ".join(found)


def _person(town: Town, name: str) -> Person | None:
    scene = SCENES[name]
    if scene.account is None:
        return None
    if scene.name == "readings-taken":
        return town.person(town.spare_account())
    return town.person(scene.account, OVERPAID)


@pytest.mark.parametrize("name", sorted({at for at, _ in STEPS}))
def test_the_screen_has_what_the_instruction_names(name, town: Town, open_page: Open) -> None:
    page = open_page(SCENES[name].path, _person(town, name))
    if prepare := SCENES[name].prepare:
        prepare(page, town.site.data)
    for _ in range(20):  # what a page fetches after its first paint, a code to type, comes a little later
        missing = _missing(name, _said(page))
        if not missing:
            break
        page.wait_for_timeout(250)
    assert not missing


def _missing(name: str, said: str) -> list[tuple[str, str]]:
    return [(word, step.text) for at, step in STEPS if at == name for word in named(step.text) if word not in said]


def test_the_instruction_is_a_press_away_everywhere(town: Town, open_page: Open) -> None:
    for path, person in (("/", None), ("/payments", town.person(SCENES["payments"].account))):
        page = open_page(path, person)
        page.get_by_role("contentinfo").get_by_role("link", name="Инструкция").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Инструкция по использованию личного кабинета")
        expect(page.get_by_role("heading", level=1)).to_be_focused()


@pytest.mark.parametrize("link", ["Вернуться в личный кабинет", "Личный кабинет абонента: на главную"])
def test_whoever_has_signed_in_comes_back_to_the_cabinet(link, town: Town, open_page: Open) -> None:
    page = open_page("/help", town.person(SCENES["overview"].account))
    page.get_by_role("link", name=link).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Общая информация")


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_each_line_of_the_contents_moves_the_focus_to_its_heading(width, open_page: Open) -> None:
    page = open_page("/help", width=width)
    lines = page.get_by_role("navigation", name="Оглавление").locator("a[href^='#']")
    for line in lines.all():
        line.focus()
        page.keyboard.press("Enter")
        target = page.locator(f"[id='{(line.get_attribute('href') or '')[1:]}']")
        expect(target).to_be_focused()
        expect(target).to_be_in_viewport()
        assert target.inner_text() == line.inner_text()
    page.get_by_role("link", name="К оглавлению").last.press("Enter")
    expect(page.get_by_role("heading", name="Оглавление")).to_be_focused()


def test_an_errand_has_an_address_of_its_own(open_page: Open) -> None:
    page = open_page("/help#readings", width=PHONE)
    expect(page.get_by_role("heading", name="Передать показания", exact=True)).to_be_in_viewport()


def test_the_foot_leads_to_the_contacts(open_page: Open) -> None:
    page = open_page("/", width=PHONE)
    page.get_by_role("contentinfo").get_by_role("link", name="Контакты организаций").click()
    page.wait_for_url("**/help#contacts")
    expect(page.get_by_role("heading", name="Контакты организаций")).to_be_in_viewport()


def test_the_contacts_can_be_called(open_page: Open) -> None:
    page = open_page("/help", width=PHONE)
    contact = page.locator(".contacts li").filter(has_text="МУП «ПОВВ»")
    expect(contact.get_by_role("link")).to_have_attribute("href", "tel:+73512140014")
    expect(page.locator(".contacts li")).to_have_count(3)


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_pictures_come_when_they_are_near_and_none_is_broken(width, open_page: Open) -> None:
    page = open_page("/help", width=width)
    images = page.locator("main img")
    fetched = "() => performance.getEntriesByType('resource').filter(one => one.name.endsWith('.webp')).length"
    assert page.evaluate(fetched) < images.count() / 2
    sources = set()
    for image in images.all():
        room = image.bounding_box()
        image.scroll_into_view_if_needed()
        page.wait_for_function("one => one.complete && one.naturalWidth > 0", arg=image.element_handle())
        came = image.bounding_box()
        assert room and came
        assert (room["width"], room["height"]) == (came["width"], came["height"]), "the page jumped"
        sources.add(re.sub(r".*/", "", image.evaluate("one => one.currentSrc")))
    wide_ones = {name for name in sources if name.endswith("-wide.webp")}
    assert bool(wide_ones) == (width == DESKTOP)

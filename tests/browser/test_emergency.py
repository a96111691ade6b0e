"""Reporting an accident: the map and the address follow each other, nothing foreign is asked, and no map is needed."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import LOADED, Open
from tests.browser.fitness import expect_none, faults_of
from tests.browser.look import DESKTOP, PHONE, shot
from tests.browser.people import Person

MARK = ".map .map-mark"
TILES = ".map img.leaflet-tile-loaded"


def begin(page: Page) -> None:
    """From the regulation to the form of a new draft."""
    page.get_by_role("button", name="Получить услугу +").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Заявка на ремонт")
    page.wait_for_function(LOADED)


def fill(page: Page) -> None:
    page.get_by_label("Описание").fill("Вода течёт по проезжей части")
    page.get_by_label("Выберите тип повреждений").select_option("Течь воды на поверхность")
    page.get_by_label("Ваше имя").fill("Анна")
    page.get_by_label("Контактный телефон").fill("8 912 345-67-89")
    page.get_by_label("Даю согласие на обработку персональных данных").check()


@pytest.fixture
def reporter(town) -> Person:
    return town.session_of("anna@example.org")


def test_address_and_map_follow_each_other_and_nothing_foreign_is_asked(open_page: Open, reporter, site) -> None:
    page = open_page("/services/emergency", reporter)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    begin(page)
    address = page.get_by_label("Адрес")
    expect(page.locator(TILES).first).to_be_visible()
    expect(page.locator(MARK)).to_have_count(0)

    page.locator(".map").click(position={"x": 200, "y": 120})
    expect(page.locator(MARK)).to_have_count(1)
    expect(page.get_by_role("status").filter(has_text="Точка отмечена")).to_be_visible()

    seen = len(asked)
    address.press_sequentially("x", delay=10)
    address.fill("Копейск, гагрина 1")
    suggestion = page.get_by_role("button", name="Копейск, ул. Гагарина, 12", exact=True)
    suggestion.click()
    expect(address).to_have_value("Копейск, ул. Гагарина, 12")
    expect(page.locator("#place-said")).to_contain_text("На карте: Копейск, ул. Гагарина, 12")
    expect(page.locator("#place-said")).to_be_focused()
    expect(page.locator(TILES).first).to_be_visible()
    tiles = [url for url in asked[seen:] if "/tiles/" in url]
    assert tiles, "the map has gone nowhere"
    own = urlsplit(site.base).netloc
    assert {urlsplit(url).netloc for url in asked if url.startswith("http")} == {own}

    fill(page)
    page.get_by_role("button", name="Отправить").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Проверьте заявку")
    expect(page.get_by_role("main")).to_contain_text("Копейск, ул. Гагарина, 12")
    page.get_by_role("button", name="Отправить").click()
    page.wait_for_url("**/services/requests/*")
    expect(page.get_by_role("main")).to_contain_text("Отправлено")


def test_without_tiles_the_address_is_typed(open_page: Open, reporter, watcher) -> None:
    watcher.forgiven += ["/demo/tiles/", "Failed to load resource"]
    page = open_page("/services/emergency", reporter, width=PHONE)
    page.route("**/demo/tiles/**", lambda route: route.abort())
    begin(page)
    expect(page.get_by_text("Карта недоступна, введите адрес")).to_be_visible()
    page.get_by_label("Адрес").fill("кыштымская 10")
    expect(page.locator("#place-said")).to_contain_text("ул. Кыштымская, 10")
    shot(page, "emergency-no-tiles")
    page.reload()
    page.wait_for_function(LOADED)
    expect(page.get_by_label("Адрес")).to_have_value("кыштымская 10")


@pytest.mark.parametrize("state", ["regulation", "form", "faults", "check"])
def test_its_pages_are_fit_for_everyone(open_page: Open, reporter, state) -> None:
    page = open_page("/services/emergency", reporter, width=DESKTOP)
    if state != "regulation":
        begin(page)
        expect(page.locator(TILES).first).to_be_visible()
    if state == "faults":
        page.get_by_label("Ваше имя").fill("")
        page.get_by_role("button", name="Отправить").click()
        expect(page.locator("#error-summary a")).not_to_have_count(0)
    if state == "check":
        page.get_by_label("Адрес").fill("кыштымская 10")
        expect(page.locator("#place-said")).to_contain_text("На карте")
        fill(page)
        page.get_by_role("button", name="Отправить").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Проверьте заявку")
        expect(page.locator(TILES).first).to_be_visible()
    expect_none(faults_of(page, f"emergency-{state}"))

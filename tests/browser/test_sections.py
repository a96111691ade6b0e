"""Walks through the sections: the manual's figures, months, payments, meters, accounts, the cart, the switches."""

import re

import pytest
from playwright.sync_api import Page, expect

from lk_reflex.exchange.demo.cast import MANUAL, OVERPAID, PRIVATE_HOUSE
from tests.browser.conftest import LOADED, Open, sign_in
from tests.browser.look import PHONE, shot
from tests.browser.people import PASSWORD, Person, Town
from tests.browser.reading import plain, rows

TABS = (
    ("Показания", "Передать показания"),
    ("Услуги", "Услуги"),
    ("Платежи", "История оплат"),
    ("Обзор", "Общая информация"),
)
UNITED = "Квитанция Объединённая за СЕНТЯБРЬ 2019"


@pytest.fixture(scope="module")
def tenant(town: Town) -> Person:
    """Who only looks at the manual's account."""
    return town.person(MANUAL)


def _month(page: Page, title: str) -> None:
    expect(page.get_by_role("navigation", name="Месяц").locator("b")).to_have_text(title)


def test_the_manuals_charges_stand_to_the_kopeck(open_page: Open, tenant) -> None:
    page = open_page("/charges?month=2019-09", tenant)
    assert rows(page.get_by_role("table", name=UNITED)) == [
        ["Коммерческий найм жилья", "2 779,92", "0,00", "513,16", "3 293,08"],
        ["ИТОГО", "2 779,92", "0,00", "513,16", "3 293,08"],
    ]


def test_the_manuals_accruals_stand_with_their_recalculation(open_page: Open, tenant) -> None:
    page = open_page("/accruals?month=2019-09", tenant)
    charge, recalculation, total = rows(page.get_by_role("table", name=UNITED))
    assert charge[:3] == ["Коммерческий найм жилья", "начисление", "13,20 руб/м2"]
    assert charge[-2:] == ["Сентябрь 2019", "235,22"]
    assert recalculation[1] == "перерасчет"
    assert recalculation[-2:] == ["Август 2018 - Август 2019 (k=13)", "277,94"]
    assert (total[0], total[-1]) == ("ИТОГО", "513,16")


@pytest.mark.parametrize("path", ["/charges", "/accruals"])
def test_months_are_walked_and_kept(path, open_page: Open, tenant) -> None:
    page = open_page(path, tenant)
    switch = page.get_by_role("navigation", name="Месяц")
    newest = switch.locator("b").inner_text()
    switch.get_by_role("link").click()
    expect(page).to_have_url(re.compile(r"month=\d{4}-\d\d$"))
    expect(switch.locator("b")).not_to_have_text(newest)
    before = switch.locator("b").inner_text()
    switch.get_by_role("link").first.click()
    expect(switch.locator("b")).not_to_have_text(before)
    two_before = switch.locator("b").inner_text()
    expect(page.locator("main table caption").first).to_contain_text(two_before.upper())
    page.go_back()
    _month(page, before)
    expect(page.locator("main table caption").first).to_contain_text(before.upper())
    page.go_forward()
    _month(page, two_before)
    page.reload()
    _month(page, two_before)
    switch.get_by_role("link", name=before).click()
    _month(page, before)
    page.go_back()
    page.go_back()
    page.go_back()
    _month(page, newest)


def test_the_month_keeps_the_focus_on_its_arrow(open_page: Open, tenant) -> None:
    page = open_page("/charges", tenant)
    switch = page.get_by_role("navigation", name="Месяц")
    newest = switch.locator("b").inner_text()
    switch.get_by_role("link").first.focus()
    page.keyboard.press("Enter")
    expect(switch.locator("b")).not_to_have_text(newest)
    assert page.evaluate("document.activeElement.closest('nav.month, h1') !== null")


def test_payments_stand_by_year(open_page: Open, tenant) -> None:
    page = open_page("/payments", tenant)
    first_year = page.get_by_role("table").first.locator("caption").inner_text()
    assert int(first_year.split()[0]) >= 2025
    assert rows(page.get_by_role("table", name="2012 год")) == [
        ['оплата "Город"', "08.11.2012", "12.11.2012", "-1 082,36"],
        ['оплата "Город"', "08.10.2012", "01.11.2012", "-1 082,36"],
        ['оплата "Город"', "10.09.2012", "01.11.2012", "-1 037,66"],
        ['оплата "Город"', "06.08.2012", "01.11.2012", "-1 037,64"],
        ['оплата "Город"', "06.07.2012", "01.11.2012", "-944,66"],
        ["Итого за 2012 год", "-5 184,68"],
    ]


@pytest.mark.parametrize("path", ["/meters", "/readings"])
def test_earlier_readings_open_and_close(path, open_page: Open, tenant) -> None:
    page = open_page(path, tenant)
    button = page.get_by_role("button", name="Показать ГВС", exact=True).or_(
        page.get_by_role("button", name="Скрыть ГВС", exact=True)
    )
    expect(button).to_have_attribute("aria-expanded", "false")
    button.click()
    past = page.get_by_role("table", name="ГВС", exact=True)
    expect(past).to_be_visible()
    assert rows(past)[0][:4] == ["01.03.2012", "01.03.2012", "Начальное", "0,000"]
    expect(button).to_be_focused()
    button.click()
    expect(past).to_have_count(0)


def test_the_manuals_meters_stand_in_its_columns(open_page: Open, tenant) -> None:
    page = open_page("/meters", tenant)
    found = {row[0]: row for row in rows(page.get_by_role("table")) if len(row) == 10}
    assert found["34230774"][1:4] == ["ГВС С/У", "С/У", "09.04.2018"]
    assert found["34230774"][8].startswith("2,000")
    assert found["26616450"][8].startswith("6,000")
    assert set(found) == {"757260", "757243", "34230774", "26616450"}


def test_another_account_holds_everywhere(open_page: Open, town) -> None:
    person = town.person(MANUAL, PRIVATE_HOUSE, OVERPAID)
    page = open_page("/overview", person)
    other = page.context.new_page()
    other.goto("/payments")
    expect(other.locator(".account")).to_contain_text(MANUAL[1])
    page.locator(".account").click()
    page.get_by_role("button", name=f"Выбрать лицевой счет {PRIVATE_HOUSE[1]}").click()
    page.wait_for_url("**/overview")
    expect(page.locator(".account")).to_contain_text(PRIVATE_HOUSE[1])
    expect(page.locator(".account")).to_contain_text("УЛ. ЛИНЕЙНАЯ, 24")
    other.get_by_role("link", name="Детализация по услугам").first.click()
    expect(other.locator(".account")).to_contain_text(PRIVATE_HOUSE[1])
    page.get_by_role("button", name="Выйти").click()
    sign_in(page, person.email, PASSWORD)
    page.wait_for_url("**/overview")
    expect(page.locator(".account")).to_contain_text(PRIVATE_HOUSE[1])


def test_the_cart_counts(open_page: Open, town) -> None:
    person = town.person(MANUAL)
    page = open_page("/overview", person)
    cart = page.get_by_role("navigation", name="Личное").get_by_role("link")
    expect(cart).to_have_text("Корзина")
    page.get_by_role("button", name="Добавить в корзину").first.click()
    expect(cart).to_have_text("Корзина1")
    expect(page.get_by_role("button", name="В корзине")).to_be_focused()
    cart.click()
    page.get_by_role("button", name="Убрать").click()
    expect(cart).to_have_text("Корзина")
    expect(page.get_by_role("heading", name="В корзине пусто")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    page.get_by_role("link", name="Перейти к общей информации").click()
    page.get_by_role("button", name="Перейти к оплате").click()
    page.wait_for_url("**/cart")
    expect(page.get_by_role("heading", name="Итого к оплате")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Итого к оплате")).to_be_visible()
    expect(cart).to_have_text(re.compile(r"Корзина[1-9]"))


@pytest.mark.parametrize(
    ("name", "attribute", "value"), [("Крупный шрифт", "text", "large"), ("Контраст", "contrast", "more")]
)
def test_the_switches_are_kept(name, attribute, value, open_page: Open, tenant) -> None:
    page = open_page("/charges?month=2019-09", tenant)
    page.get_by_role("button", name=name).click()
    expect(page.get_by_role("button", name=f"{name}: включён")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/charges\?month=2019-09$"))
    page.get_by_role("link", name="История оплат").click()
    expect(page.locator("html")).to_have_attribute(f"data-{attribute}", value)
    later = page.context.new_page()
    later.goto("/meters")
    expect(later.locator("html")).to_have_attribute(f"data-{attribute}", value)
    later.get_by_role("button", name=f"{name}: включён").click()
    expect(later.get_by_role("button", name=name, exact=True)).to_be_visible()
    expect(later.locator("html")).not_to_have_attribute(f"data-{attribute}", value)


def test_an_unknown_address_shows_the_way_home(open_page: Open, watcher) -> None:
    watcher.forgiven.append("404")
    page = open_page("/net/takoy?stranitsy=1")
    expect(page.get_by_role("heading", level=1)).to_have_text("Страница не найдена")
    page.get_by_role("link", name="На главную", exact=True).click()
    expect(page.get_by_role("heading", name="Вход в личный кабинет")).to_be_visible()


def test_all_sections_are_reached_on_a_phone(open_page: Open, town) -> None:
    page = open_page("/overview", town.person(MANUAL), width=PHONE)
    tabs = page.get_by_role("navigation", name="Разделы (телефон)")
    for tab, title in TABS:
        tabs.get_by_role("link", name=tab).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(title)
    for title in ("Детализация начислений", "Информация об ИПУ", "Выбор лицевого счета", "Корзина"):
        tabs.get_by_text("Ещё", exact=True).click()
        tabs.get_by_role("link", name=title).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(title)
        expect(page.locator(".sheet-more")).to_be_hidden()
    tabs.get_by_text("Ещё", exact=True).click()
    tabs.get_by_role("button", name="Выйти").click()
    expect(page.get_by_role("heading", name="Вход в личный кабинет")).to_be_visible()


def test_nothing_moves_for_those_who_asked_for_rest(open_page: Open, tenant) -> None:
    page = open_page("/overview", tenant, reduced_motion="reduce")
    page.get_by_role("link", name="История оплат").hover()
    assert page.evaluate("document.getAnimations().length") == 0
    page.get_by_role("link", name="История оплат").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("История оплат")


def test_paper_gets_the_content_alone(open_page: Open, tenant) -> None:
    page = open_page("/charges?month=2019-09", tenant)
    page.emulate_media(media="print")
    shot(page, "print-charges")
    for part in (".menu", ".tabs-phone", ".strip", ".demo", ".icons"):
        expect(page.locator(part)).to_be_hidden()
    expect(page.get_by_text(MANUAL[1]).first).to_be_visible()
    expect(page.get_by_role("table", name=UNITED)).to_be_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") in (
        "rgb(255, 255, 255)",
        "rgba(0, 0, 0, 0)",
    )


def test_the_sum_and_the_date_are_on_the_first_screen(open_page: Open, tenant) -> None:
    page = open_page("/overview", tenant, width=PHONE)
    page.wait_for_function(LOADED)
    bill = page.get_by_role("region", name=re.compile("К оплате за|Переплата за"))
    assert re.search(r"\d,\d\d руб\.", plain(bill.inner_text()))
    expect(bill.get_by_text(re.compile("Оплатите до|последний день|Срок оплаты"))).to_be_in_viewport()

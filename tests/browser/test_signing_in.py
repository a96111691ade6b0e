"""Signing in and out as a person does it: through the form, with mistakes, in two tabs."""

import re

from playwright.sync_api import expect

from lk_reflex.domain.identity.demo import DEMO_PASSWORD
from lk_reflex.domain.identity.signing_in.sign_in import WRONG
from lk_reflex.exchange.demo.cast import MANUAL
from tests.browser.conftest import Open, sign_in
from tests.browser.look import PHONE
from tests.browser.people import PASSWORD


def test_the_way_leads_on_after_the_sign_in(open_page: Open) -> None:
    page = open_page("/charges?month=2019-09")
    expect(page).to_have_url(re.compile(r"/\?next="))
    assert page.locator("h1").inner_text() == "Личный кабинет абонента"
    sign_in(page, "anna@example.org", DEMO_PASSWORD)
    page.wait_for_url("**/charges?month=2019-09")
    expect(page.get_by_role("table", name="Квитанция Объединённая за СЕНТЯБРЬ 2019")).to_be_visible()


def test_without_an_aim_the_overview_comes_first(open_page: Open) -> None:
    page = open_page("/", width=PHONE)
    sign_in(page, " Anna@Example.org ", DEMO_PASSWORD)
    page.wait_for_url("**/overview")


def test_a_foreign_aim_is_not_followed(open_page: Open, site) -> None:
    page = open_page("/?next=//example.com/charges")
    sign_in(page, "anna@example.org", DEMO_PASSWORD)
    page.wait_for_url(f"{site.base}/overview")


def test_a_wrong_password_is_said_and_the_login_kept(open_page: Open, town) -> None:
    person = town.person(MANUAL)
    page = open_page("/?next=%2Fpayments")
    sign_in(page, person.email, "не тот пароль")
    expect(page.locator("#error-summary")).to_be_focused()
    expect(page.locator("#error-summary")).to_contain_text(WRONG)
    expect(page.get_by_label("Логин (email)")).to_have_value(person.email)
    expect(page.get_by_label("Пароль")).to_have_value("")
    page.locator("#error-summary a").first.click()
    expect(page.get_by_label("Логин (email)")).to_be_focused()
    sign_in(page, person.email, PASSWORD)
    page.wait_for_url("**/payments")


def test_empty_fields_are_named_one_by_one(open_page: Open) -> None:
    page = open_page("/", width=PHONE)
    sign_in(page, "", "")
    summary = page.locator("#error-summary")
    expect(summary.get_by_role("link")).to_have_count(2)
    expect(page.locator("#login-error")).to_contain_text("Введите логин")
    summary.get_by_role("link", name="Введите пароль").click()
    expect(page.get_by_label("Пароль")).to_be_focused()


def test_the_title_tells_of_the_refusal(open_page: Open) -> None:
    page = open_page("/")
    sign_in(page, "", "")
    expect(page).to_have_title("Ошибка: Личный кабинет абонента")


def test_leaving_in_one_tab_ends_the_others(open_page: Open, town) -> None:
    page = open_page("/charges", town.person(MANUAL))
    other = page.context.new_page()
    other.goto("/payments")
    expect(other.get_by_role("table").first).to_be_visible()
    page.get_by_role("button", name="Выйти").click()
    expect(page.get_by_role("heading", name="Вход в личный кабинет")).to_be_visible()
    other.get_by_role("link", name="Информация об ИПУ").click()
    expect(other.get_by_role("heading", name="Вход в личный кабинет")).to_be_visible()
    other.go_back()
    expect(other.get_by_text("Квитанция")).to_have_count(0)
    expect(other.get_by_role("table")).to_have_count(0)

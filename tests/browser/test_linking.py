"""Linking an account, sharing it and letting it go, as people do it: from a receipt, with slips, in two browsers."""

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import text

from lk_reflex.exchange.demo.cast import CLOSED, MANUAL
from tests.browser.conftest import LOADED, Open, sign_in
from tests.browser.fitness import expect_none, faults_of
from tests.browser.look import PHONE
from tests.browser.people import PASSWORD, Person, Town

RECEIPT = "/accounts?account=1234567899&house=10&flat=1010"
LINK = "+Привязать лицевой счет"


def find(page: Page, number: str, house: str, flat: str) -> None:
    page.get_by_label("Лицевой счет: *").fill(number)
    page.get_by_label("№ дома:").fill(house)
    page.get_by_label("№ квартиры:").fill(flat)
    page.get_by_role("button", name="Найти").click()


def link(page: Page, surname: str) -> None:
    page.get_by_label("Фамилия собственника/нанимателя").fill(surname)
    page.get_by_role("button", name=LINK).click()


def test_a_receipts_code_leads_through_the_sign_in_to_the_charges(open_page: Open, town: Town) -> None:
    person = town.person()
    page = open_page(RECEIPT, width=PHONE)
    sign_in(page, person.email, PASSWORD)
    page.wait_for_url(f"**{RECEIPT}")
    expect(page.get_by_label("Лицевой счет: *")).to_have_value("1234567899")
    expect(page.get_by_label("№ квартиры:")).to_have_value("1010")
    page.get_by_role("button", name="Найти").click()
    expect(page.get_by_role("main")).to_contain_text("УЛ. КЫШТЫМСКАЯ, 10 - 1010")
    expect(page.locator("body")).not_to_contain_text(re.compile("здетовецк", re.IGNORECASE))
    link(page, "Здетoвецкий")
    expect(page.locator("#error-summary")).to_be_focused()
    expect(page.locator("#error-summary")).to_contain_text("латинские буквы: «o»")
    expect(page.get_by_label("Фамилия")).to_have_value("Здетoвецкий")
    link(page, "здетовецкий ")
    expect(page.locator("#said")).to_be_focused()
    expect(page.locator("#said")).to_contain_text("Лицевой счет 1234567899 привязан.")
    page.get_by_role("link", name="Перейти к общей информации").click()
    expect(page.get_by_role("heading", name=re.compile("К оплате за"))).to_be_visible()


def test_every_section_without_accounts_leads_to_the_form(open_page: Open, town: Town) -> None:
    page = open_page("/charges", town.person())
    expect(page.get_by_role("heading", name="К аккаунту не привязаны лицевые счета!")).to_be_visible()
    page.get_by_role("link", name="+ Привязать лицевой счет").click()
    find(page, "№ 1234567899", "д. 10", "кв. 1011")
    expect(page.locator("#error-summary")).to_contain_text("не найден")
    expect(page).to_have_title("Ошибка: Выбор лицевого счета — Личный кабинет")
    expect(page.get_by_label("№ дома:")).to_have_value("д. 10")
    find(page, "№ 1234567899", "д. 10", "кв. 1010")
    link(page, "ЗДЕТОВЕЦКИЙ")
    expect(page.locator("#said")).to_contain_text("привязан")
    expect(page).to_have_title("Выбор лицевого счета — Личный кабинет")


def test_back_keeps_what_was_typed_and_cancel_closes(open_page: Open, town: Town) -> None:
    page = open_page("/accounts?link=new", town.person())
    find(page, "1234567899", "10", "1010")
    page.get_by_role("button", name="Назад").click()
    expect(page.get_by_label("№ квартиры:")).to_have_value("1010")
    page.get_by_role("button", name="Отмена").click()
    expect(page.get_by_role("heading", name="К аккаунту не привязаны лицевые счета!")).to_be_visible()


def test_a_relative_sees_what_is_shared_until_it_is_taken_back(open_page: Open, town: Town) -> None:
    owner, mama = town.person(MANUAL), town.person()
    page, hers = open_page("/accounts", owner), open_page("/charges", mama, width=PHONE)
    page.get_by_role("button", name="Открыть доступ близкому").click()
    expect(page.get_by_label("Электронная почта близкого человека")).to_be_focused()
    page.get_by_role("button", name="Открыть доступ", exact=True).click()
    expect(page.locator("#error-summary")).to_contain_text("Введите адрес электронной почты близкого человека")
    page.get_by_label("Электронная почта близкого человека").fill(mama.email)
    page.get_by_label("Как подписать").fill("Мама")
    page.get_by_role("button", name="Открыть доступ", exact=True).click()
    expect(page.get_by_text(f"Мама, {mama.email}", exact=True)).to_be_visible()
    hers.reload()
    expect(hers.get_by_role("table").first).to_be_visible()
    hers.goto("/overview")
    expect(hers.get_by_role("main")).to_contain_text("Вы только смотрите этот лицевой счет")
    expect(hers.get_by_role("button", name="Перейти к оплате")).to_have_count(0)
    hers.goto("/readings")
    expect(hers.get_by_role("main")).to_contain_text("Вы только смотрите показания этого лицевого счета")
    expect(hers.get_by_role("button", name="Передать показания")).to_have_count(0)
    page.get_by_role("button", name="Закрыть доступ").click()
    expect(page.locator("#said")).to_contain_text("Доступ закрыт.")
    hers.get_by_role("link", name="Платежи", exact=True).click()
    expect(hers.get_by_role("heading", name="К аккаунту не привязаны лицевые счета!")).to_be_visible()


def test_unlinking_by_keyboard_ends_the_other_tab_as_well(open_page: Open, town: Town) -> None:
    page = open_page("/accounts", town.person(MANUAL))
    other = page.context.new_page()
    other.goto("/charges")
    expect(other.get_by_role("table").first).to_be_visible()
    button = page.get_by_role("button", name="Отвязать лицевой счет 1234567899")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Оставить")).to_be_focused()
    page.keyboard.press("Enter")
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Оставить")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#said")).to_be_focused()
    expect(page.locator("#said")).to_contain_text("Лицевой счет 1234567899 отвязан.")
    other.get_by_role("link", name="История оплат").click()
    expect(other.get_by_role("heading", name="К аккаунту не привязаны лицевые счета!")).to_be_visible()


def _find_nothing(page: Page) -> None:
    find(page, "1234567899", "10", "1")
    expect(page.locator("#error-summary a")).to_have_count(1)


def _found(page: Page) -> None:
    find(page, "1234567899", "10", "1010")
    expect(page.get_by_role("button", name=LINK)).to_be_visible()


def _found_closed(page: Page) -> None:
    find(page, CLOSED[1], "112А", "48")
    expect(page.get_by_role("main")).to_contain_text("доступна только его история")


def _latin(page: Page) -> None:
    _found(page)
    link(page, "Zdetovetskiy")
    expect(page.locator("#error-summary a")).to_have_count(1)


def _linked(page: Page) -> None:
    _found(page)
    link(page, "Здетовецкий")
    expect(page.locator("#said")).to_contain_text("привязан")


def _asked(page: Page) -> None:
    _linked(page)
    page.get_by_role("button", name="Отвязать").click()
    expect(page.get_by_role("button", name="Оставить")).to_be_visible()


def _giving(page: Page) -> None:
    _linked(page)
    page.get_by_role("button", name="Открыть доступ близкому").click()
    page.get_by_label("Последний день доступа").fill("вчера")
    page.get_by_role("button", name="Открыть доступ", exact=True).click()
    expect(page.locator("#error-summary a")).to_have_count(2)


def _given(page: Page) -> None:
    _linked(page)
    page.get_by_role("button", name="Открыть доступ близкому").click()
    page.get_by_label("Электронная почта близкого человека").fill("babushka@example.org")
    page.get_by_label("Последний день доступа").fill("31.12.2030")
    page.get_by_role("button", name="Открыть доступ", exact=True).click()
    expect(page.get_by_role("button", name="Закрыть доступ")).to_be_visible()


@pytest.mark.parametrize(
    "state",
    [_find_nothing, _found, _found_closed, _latin, _linked, _asked, _giving, _given],
    ids=lambda state: state.__name__,
)
def test_each_step_is_fit_for_everyone(state, open_page: Open, town: Town) -> None:
    page = open_page("/accounts?link=new", town.person())
    expect(page.get_by_label("Лицевой счет: *")).to_be_visible()
    state(page)
    expect_none(faults_of(page, f"accounts{state.__name__.replace('_', '-')}"))


def _place(town: Town) -> tuple[str, ...]:
    """Number, house and flat of an account that nobody else is given."""
    account = town.spare_account()
    (row,) = town.ask(
        "SELECT number, b.house, flat, organization_id FROM accounts a JOIN buildings b ON b.id = building_id"
        " WHERE a.id = ?",
        account,
    )
    return tuple(map(str, row))


def test_the_choice_between_organizations_is_fit_for_everyone(open_page: Open, town: Town) -> None:
    number, house, flat, organization = _place(town)
    with town.database.transaction() as db:
        other = 2 if organization == "1" else 1
        db.change(
            text(
                "INSERT INTO accounts (organization_id, number, number_key, building_id, flat, flat_key, surname,"
                " surname_key, first_name, patronymic, els, izhku, import_id) SELECT :other, number, number_key,"
                " building_id, flat, flat_key, surname, surname_key, first_name, patronymic, '', '', import_id"
                " FROM accounts WHERE number = :number"
            ),
            other=other,
            number=number,
        )
    page = open_page("/accounts?link=new", town.person())
    find(page, number, house, flat)
    expect(page.get_by_role("radio")).to_have_count(2)
    link(page, "Никто")
    expect(page.locator("#error-summary")).to_contain_text("Выберите организацию")
    page.locator("#error-summary a").first.click()
    expect(page.locator("#account")).to_be_focused()
    expect_none(faults_of(page, "accounts-several"))


def test_a_pause_is_fit_for_everyone(open_page: Open, town: Town) -> None:
    number, house, flat, _organization = _place(town)
    page = open_page("/accounts?link=new", town.person())
    find(page, number, house, flat)
    for wrong in ("Неверова", "Неверная", "Неверных", "Неверко", "Неверский"):
        link(page, wrong)
        expect(page.get_by_role("button", name=LINK)).to_be_enabled()
        expect(page.get_by_label("Фамилия")).to_have_value(wrong)
        page.wait_for_timeout(300)
    expect(page.locator("#error-summary")).to_contain_text("приостановлена на сутки")
    expect(page.locator("#error-summary")).to_contain_text("обратитесь в организацию")
    expect_none(faults_of(page, "accounts-paused"))


def test_what_a_relative_is_given_is_fit_for_everyone(open_page: Open, town: Town) -> None:
    owner, mama = town.person(MANUAL), town.person()
    page = open_page("/accounts", owner)
    _give(page, mama)
    hers = open_page("/accounts", mama)
    expect(hers.get_by_role("main")).to_contain_text("Доступ открыл")
    expect_none(faults_of(hers, "accounts-granted"))


def _give(page: Page, mama: Person) -> None:
    page.get_by_role("button", name="Открыть доступ близкому").click()
    page.get_by_label("Электронная почта близкого человека").fill(mama.email)
    page.get_by_role("button", name="Открыть доступ", exact=True).click()
    expect(page.get_by_role("button", name="Закрыть доступ")).to_be_visible()
    page.wait_for_function(LOADED)

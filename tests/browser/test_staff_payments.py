"""Staff and payments in a browser: looked for, looked up at the bank, refunded, summed up by days."""

import pytest
from playwright.sync_api import Page, expect

from lk_reflex.domain.payments.orders.present import grouped
from lk_reflex.exchange.demo.cast import UTILITY
from tests.browser.conftest import LOADED, Open
from tests.browser.fitness import expect_none, faults_of
from tests.browser.look import DESKTOP, PHONE
from tests.browser.paying import flag, paid, placed
from tests.browser.people import Person, Town

WHY = "Оплата зачислена дважды"
BOTH = (DESKTOP, PHONE)


#: An account of nobody, of an organization that takes payments over RBS.
_NOBODYS = """
    SELECT a.id FROM accounts a JOIN organizations o ON o.id = a.organization_id
    WHERE o.inn = ? AND a.closed_on IS NULL AND a.id NOT IN (SELECT account_id FROM account_links)
    ORDER BY a.id DESC LIMIT 1
"""


@pytest.fixture(scope="module")
def payer(town: Town) -> Person:
    return town.person(town.ask(_NOBODYS, UTILITY)[0][0])


@pytest.fixture(scope="module")
def number(town: Town, payer: Person) -> str:
    """539,20 paid at the stand-in bank, beside one that nobody has paid yet."""
    placed(town, payer, 100_00, form="left")
    found = paid(town, payer, 500_00, 39_20, form="paid")
    flag(town, found, "second-payment")
    return found


def _find(page: Page, text: str) -> None:
    page.get_by_label("Найти:").fill(text)
    page.get_by_role("button", name="Найти", exact=True).click()


def test_the_list_finds_and_says_what_is_wrong(open_page: Open, town: Town, payer: Person, number: str) -> None:
    page = open_page("/staff/payments", town.session_of("operator@example.org"))
    # Other journeys of the same town may have paid twice as well.
    mine = page.get_by_role("row").filter(has_text="Повторная оплата").filter(has_text=grouped(number))
    expect(mine).to_have_count(1)
    expect_none(faults_of(page, "staff-payments", BOTH))
    _find(page, payer.email)
    expect(page.get_by_role("region", name="Заказы: таблица").get_by_role("link")).to_have_count(2)
    _find(page, "такого нет")
    expect(page.get_by_text("Ничего не найдено")).to_be_visible()
    expect_none(faults_of(page, "staff-payments-empty", BOTH))
    page.get_by_label("с:", exact=True).fill("31.02.2026")
    _find(page, "9" * 200)
    expect(page.locator("#error-summary a")).to_have_count(2)
    expect_none(faults_of(page, "staff-payments-refused", BOTH))
    page.get_by_role("button", name="Сбросить").click()
    # What was wrong stands above the button: until it is gone a press there is a press beside it.
    expect(page.locator("#error-summary a")).to_have_count(0)
    page.get_by_role("button", name="Показать требующие внимания").click()
    expect(page.get_by_label("Только требующие внимания")).to_be_checked()
    expect(page.locator("#error-summary a")).to_have_count(0)
    page.get_by_role("region", name="Заказы: таблица").get_by_role("link").first.click()
    expect(page.locator("h1")).to_contain_text("Заказ ")


def test_an_operator_looks_an_order_up_and_settles_its_flag(open_page: Open, town: Town, number: str) -> None:
    page = open_page(f"/staff/payments/{number}", town.session_of("operator@example.org"))
    page.get_by_role("button", name="Перепроверить в банке").click()
    expect(page.locator("#outcome")).to_contain_text("Банк ответил: оплачен.")
    expect(page.get_by_text("Вернуть деньги может только администратор")).to_be_visible()
    page.get_by_role("button", name="Разобрано").click()
    expect(page.locator("#error-summary a")).to_have_count(1)
    expect_none(faults_of(page, "staff-order-note-missing", BOTH))
    page.get_by_label("Что выяснили").fill("Плательщик просит вернуть")
    page.get_by_role("button", name="Разобрано").click()
    expect(page.get_by_role("region", name="Журнал")).to_contain_text("снята: Плательщик просит вернуть")


def test_an_administrator_gives_money_back(open_page: Open, town: Town, payer: Person, number: str) -> None:
    page = open_page(f"/staff/payments/{number}", town.session_of("admin@example.org"))
    expect_none(faults_of(page, "staff-order", BOTH))
    page.get_by_label("Сумма возврата").fill("600")
    page.get_by_role("button", name="Вернуть деньги…").click()
    expect(page.locator("#error-summary a")).to_have_count(2)
    expect_none(faults_of(page, "staff-order-refused", BOTH))
    page.get_by_label("Сумма возврата").fill("39,20")
    page.get_by_label("Причина").fill(WHY)
    page.get_by_role("button", name="Вернуть деньги…").click()
    expect(page.get_by_role("button", name="Да, вернуть")).to_be_focused()
    expect_none(faults_of(page, "staff-order-question", BOTH))
    page.get_by_role("button", name="Да, вернуть").click()
    expect(page.locator("#outcome")).to_contain_text("Деньги возвращены")
    expect(page.get_by_role("region", name="Возврат")).to_contain_text(WHY)
    expect_none(faults_of(page, "staff-order-done", BOTH))
    assert WHY in town.site.letter(payer.email, "Возвращено: 39,20 руб.").plain
    posted = town.ask(
        "SELECT p.amount FROM postings p JOIN orders o ON o.id = p.order_id WHERE o.number = ? ORDER BY p.id", number
    )
    assert [row[0] for row in posted] == [542_97, -39_20]  # with the commission of 0,7 %


def test_an_order_that_is_none(open_page: Open, town: Town) -> None:
    page = open_page("/staff/payments/99999999999999", town.session_of("admin@example.org"))
    expect(page.get_by_role("heading", name="Такого заказа нет")).to_be_visible()
    expect_none(faults_of(page, "staff-order-none", BOTH))


def test_the_days_against_the_bank(open_page: Open, town: Town, number: str) -> None:
    page = open_page("/staff/totals", town.session_of("operator@example.org"))
    row = page.get_by_role("region", name="Дни: таблица").get_by_role("row").filter(has_text="сходится").first
    expect(row).to_be_visible()
    row.get_by_role("button", name="Перепроверить день").click()
    expect(page.locator("#outcome")).to_contain_text("Проверяем в банке заказы")
    expect_none(faults_of(page, "staff-totals", BOTH))
    with page.expect_download() as taken:
        row.get_by_role("link", name="XLSX").click()
    assert taken.value.suggested_filename.endswith(".xlsx")
    page.get_by_role("button", name="Более ранние дни").click()
    expect(page.get_by_role("button", name="Более поздние дни")).to_be_visible()
    expect_none(faults_of(page, "staff-totals-empty", BOTH))


def test_a_resident_is_led_away(open_page: Open, payer: Person, number: str) -> None:
    for path in ("/staff/payments", f"/staff/payments/{number}", "/staff/totals"):
        page = open_page(path, payer)
        page.wait_for_function(LOADED)
        expect(page.get_by_role("heading", name="Общая информация")).to_be_visible()

"""Paying as a resident does: from the cart to the bank's page and back, whatever the bank or the person does there."""

import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from lk_reflex.core.clock import utc_now
from lk_reflex.core.errors import Conflict, Refused
from lk_reflex.core.money import format_money
from lk_reflex.domain.payments.cart.putting import put_into_cart
from lk_reflex.exchange.demo.cast import UTILITY
from lk_reflex.standins.bank import card_page
from lk_reflex.standins.bank.cards import Way, card_of
from lk_reflex.standins.bank.ledger import Ledger
from tests.browser.conftest import LOADED, Open
from tests.browser.fitness import expect_none, faults_of
from tests.browser.look import PHONE
from tests.browser.people import Person, Town
from tests.standins.bank.served import until

RESULT = re.compile(r"/cart/result/\d{14}")
#: Accounts with something to pay on newest receipts, of an organization that takes payments over RBS; of no one else.
_DEBTORS = """
    SELECT a.id, group_concat(r.id) FROM accounts a JOIN organizations o ON o.id = a.organization_id
    JOIN receipts r ON r.account_id = a.id AND r.month = (SELECT max(month) FROM receipts WHERE account_id = a.id)
    WHERE o.inn = ? AND a.closed_on IS NULL AND a.id NOT IN (SELECT account_id FROM account_links)
      AND (SELECT sum(total + penalty_total) FROM balance_lines WHERE receipt_id = r.id) BETWEEN 10000 AND 3000000
    GROUP BY a.id HAVING count(*) >= ? ORDER BY count(*) DESC, a.id LIMIT 9
"""


@pytest.fixture
def bank(town: Town) -> Ledger:
    """What the bank itself has written down."""
    return Ledger(town.site.data / "demo" / "bank")


@pytest.fixture
def debtor(town: Town) -> Person:
    """Somebody new with one receipt to pay, in the cart already."""
    return _debtor(town, 1)


def _debtor(town: Town, *kinds: int) -> Person:
    accounts, receipts = [], []
    for count in kinds:
        ((account, found),) = [row for row in town.ask(_DEBTORS, UTILITY, count) if row[0] not in accounts][:1]
        accounts.append(account)
        receipts += [int(one) for one in found.split(",")][:count]
    person = town.person(*accounts)
    for receipt in receipts:
        _put(town, person, receipt)
    return person


def _put(town: Town, person: Person, receipt: int) -> None:
    try:
        town.database.write(put_into_cart, person.actor, receipt, with_advance=False, now=utc_now())
    except (Refused, Conflict) as fault:  # of the demonstration's data, not of what is tried here
        raise AssertionError(fault.message) from fault


def check(page: Page) -> None:
    """From the cart to «что и сколько»."""
    page.goto("/cart")
    page.wait_for_function(LOADED)
    page.get_by_role("button", name="Оплатить", exact=True).click()
    expect(_pay_button(page)).to_be_visible()


def _pay_button(page: Page) -> Locator:
    """«Оплатить» of the check page."""
    return page.locator('form[action="/api/cart/pay"] button')


def to_bank(page: Page) -> None:
    """From the cart to the page where a card is typed."""
    check(page)
    _pay_button(page).click()
    expect(page.get_by_role("heading", name="Данные карты")).to_be_visible()


def choose_card(page: Page, way: Way) -> None:
    """Take one from the list."""
    card = card_of(way)
    assert card
    page.get_by_role("link", name=card.grouped).click()
    expect(page.get_by_label("Номер карты")).to_have_value(card.grouped)


def type_card(page: Page, way: Way) -> None:
    """Take one from the list, and press."""
    choose_card(page, way)
    page.get_by_role("button", name=re.compile("Оплатить")).click()


def type_code(page: Page, code: str = "1234") -> None:
    page.get_by_label("Код из СМС").fill(code)
    page.get_by_role("button", name="Подтвердить оплату").click()


def outcome(page: Page, heading: str, *, within: float = 60_000) -> str:
    """Wait for the result to say so, by itself; returns the order's number."""
    page.wait_for_url(RESULT)
    expect(page.get_by_role("heading", level=1)).to_have_text(heading, timeout=within)
    return page.url.partition("?")[0].rpartition("/")[2]


def postings(town: Town, number: str) -> list[int]:
    """What our own ledger has for an order."""
    rows = town.ask(
        "SELECT p.amount FROM postings p JOIN orders o ON o.id = p.order_id WHERE o.number = ? ORDER BY p.id", number
    )
    return [row[0] for row in rows]


def test_two_services_of_one_account_and_one_of_another_with_a_code_from_the_phone(
    open_page: Open, town: Town, bank: Ledger
) -> None:
    payer = _debtor(town, 2, 1)
    page = open_page("/cart", payer)
    expect(page.get_by_role("button", name=re.compile("^Убрать"))).to_have_count(3)
    to_bank(page)
    total = page.locator(".sum").inner_text()
    type_card(page, Way.SECURE)
    type_code(page, "0000")
    expect(page.locator("#error-summary")).to_contain_text("Осталось попыток: 2")
    expect(page).to_have_title(re.compile("^Ошибка: "))
    type_code(page)
    number = outcome(page, "Оплачено")
    expect(page.locator("#main, main").first).to_contain_text(total)
    (charged,) = bank.charges(number)
    assert postings(town, number) == [charged] and format_money(charged) in total
    assert len({row[0] for row in town.ask(
        "SELECT account_id FROM order_lines l JOIN orders o ON o.id = l.order_id WHERE o.number = ?", number
    )}) == 2  # fmt: skip
    assert "плат" in _letter(town, payer)
    page.goto("/cart")
    expect(page.get_by_text("В корзине пусто")).to_be_visible()
    page.goto("/payments")
    expect(page.get_by_text("в обработке").first).to_be_visible()


def _letter(town: Town, person: Person) -> str:
    """The subject of the one letter about a payment, awaited; there is one and no more."""
    until(lambda: town.site.letters(person.email), 20)
    (letter,) = town.site.letters(person.email)
    return letter.subject


def test_declined_and_then_paid_with_another_card(open_page: Open, town: Town, bank: Ledger, debtor: Person) -> None:
    page = open_page("/cart", debtor, width=PHONE)
    to_bank(page)
    type_card(page, Way.NO_MONEY)
    expect(page.get_by_text(card_page.TRY_ANOTHER)).to_be_visible()
    type_card(page, Way.DECLINED)
    expect(page.get_by_text(card_page.TRY_ANOTHER)).to_be_visible()
    type_card(page, Way.PAID)
    number = outcome(page, "Оплачено")
    assert postings(town, number) == bank.charges(number)


def test_declined_and_given_up_the_cart_is_still_full(
    open_page: Open, town: Town, bank: Ledger, debtor: Person
) -> None:
    page = open_page("/cart", debtor)
    to_bank(page)
    type_card(page, Way.DECLINED)
    page.get_by_role("link", name="Отменить").click()
    page.wait_for_url(RESULT)
    number = page.url.partition("?")[0].rpartition("/")[2]
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Оплачено")
    assert bank.charges(number) == [] and postings(town, number) == []
    to_bank(page)
    type_card(page, Way.PAID)
    again = outcome(page, "Оплачено")
    assert postings(town, again) == bank.charges(again)


def test_the_browser_is_closed_at_the_bank_and_the_payment_counts_all_the_same(
    open_page: Open, town: Town, bank: Ledger, debtor: Person
) -> None:
    page = open_page("/cart", debtor)
    to_bank(page)
    # The money goes, and nobody follows the bank's page back.
    page.route(re.compile("/leave|/cart"), lambda route: route.abort())
    with page.expect_response(lambda answer: answer.request.method == "POST"):  # the bank has heard it
        type_card(page, Way.PAID)
    page.context.close()
    later = open_page("/payments", debtor)
    deadline = time.monotonic() + 60
    while not later.get_by_text("в обработке").count() and time.monotonic() < deadline:
        later.reload()
        later.wait_for_function(LOADED)
    expect(later.get_by_text("в обработке").first).to_be_visible()
    ((number,),) = town.ask("SELECT number FROM orders WHERE user_id = ?", debtor.actor.user_id)
    (charged,) = bank.charges(number)
    assert postings(town, number) == [charged]


def test_whoever_leaves_the_bank_without_paying_is_told_and_may_go_back_there(
    open_page: Open, bank: Ledger, debtor: Person
) -> None:
    page = open_page("/cart", debtor)
    to_bank(page)
    page.get_by_role("link", name="Отменить").click()
    number = outcome(page, "Ждём оплату")
    page.get_by_role("link", name="Перейти на страницу банка").click()
    type_card(page, Way.PAID)
    assert outcome(page, "Оплачено") == number
    assert len(bank.charges(number)) == 1


def test_back_at_the_bank_and_back_after_paying(open_page: Open, town: Town, bank: Ledger, debtor: Person) -> None:
    page = open_page("/cart", debtor)
    to_bank(page)
    type_card(page, Way.SECURE)
    expect(page.get_by_label("Код из СМС")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Данные карты")).to_be_visible()
    page.go_forward()
    type_code(page)
    number = outcome(page, "Оплачено")
    page.go_back()
    expect(page.get_by_text(card_page.PAID)).to_be_visible()
    page.get_by_role("link", name=card_page.BACK).click()
    assert outcome(page, "Оплачено") == number
    assert postings(town, number) == bank.charges(number) and len(bank.charges(number)) == 1


def test_the_same_cart_in_two_tabs_is_paid_once(open_page: Open, town: Town, bank: Ledger, debtor: Person) -> None:
    first = open_page("/cart", debtor)
    second = first.context.new_page()
    second.goto("/cart")
    for page in (first, second):
        check(page)
    for page in (first, second):
        _pay_button(page).click()
        expect(page.get_by_role("heading", name="Данные карты")).to_be_visible()
    assert _order_at(first) == _order_at(second)
    choose_card(second, Way.SECURE)
    type_card(first, Way.PAID)
    number = outcome(first, "Оплачено")
    second.get_by_role("button", name=re.compile("Оплатить")).click()
    expect(second.get_by_text(card_page.PAID)).to_be_visible()
    second.get_by_role("link", name=card_page.BACK).click()
    assert outcome(second, "Оплачено") == number
    assert len(bank.charges(number)) == 1 and postings(town, number) == bank.charges(number)


def _order_at(page: Page) -> str:
    found = re.search(r"/pay/([0-9a-f-]+)", page.url)
    assert found, page.url
    return found[1]


@pytest.mark.parametrize("way", [Way.LOST, Way.DISORDERED, Way.TWICE_LATE])
def test_whatever_the_banks_callbacks_do_the_result_turns_by_itself(
    open_page: Open, town: Town, bank: Ledger, debtor: Person, way: Way
) -> None:
    page = open_page("/cart", debtor)
    to_bank(page)
    type_card(page, way)
    number = outcome(page, "Оплачено")
    assert len(bank.charges(number)) == 1 and postings(town, number) == bank.charges(number)


@pytest.fixture
def states(open_page: Open, debtor: Person) -> Iterator[Page]:
    page = open_page("/cart", debtor)
    to_bank(page)
    yield page


@pytest.mark.parametrize("state", ["card", "faults", "declined", "code", "wrong-code", "waits", "paid", "front"])
def test_the_banks_pages_are_fit_for_everyone(states: Page, state: str) -> None:
    page = states
    if state == "faults":
        page.get_by_role("button", name=re.compile("Оплатить")).click()
        expect(page.locator("#error-summary")).to_be_focused()
        expect(page.locator("#error-summary a")).to_have_count(4)
    elif state == "declined":
        type_card(page, Way.DECLINED)
    elif state in ("code", "wrong-code", "waits"):
        card = page.url
        type_card(page, Way.SECURE)
        if state == "wrong-code":
            type_code(page, "1")
        if state == "waits":
            page.goto(card)
            expect(page.get_by_text(card_page.WAITS)).to_be_visible()
    elif state in ("paid", "front"):
        card = page.url
        type_card(page, Way.PAID)
        outcome(page, "Оплачено")
        page.goto(card if state == "paid" else "/demo/bank")
        if state == "front":
            page.locator("summary").first.click()
            page.locator("details[open] input").fill("9999999")
            page.locator("details[open]").get_by_role("button").click()
            expect(page.locator("#error-summary")).to_be_visible()
    assert page.locator("script").count() == 0
    faults = faults_of(page, f"stand-in-bank-{state}")
    del faults["heading"]  # a stand-in isn't a page of the cabinet
    expect_none(faults)


@pytest.mark.parametrize("state", ["paid", "waiting", "not-paid"])
def test_the_result_is_fit_for_everyone(states: Page, state: str) -> None:
    page = states
    if state == "paid":
        type_card(page, Way.PAID)
        outcome(page, "Оплачено")
    else:
        page.get_by_role("link", name="Отменить").click()
        outcome(page, "Ждём оплату")
        if state == "not-paid":
            page.get_by_role("button", name="Отменить платёж").click()
            outcome(page, "Не оплачено")
    expect_none(faults_of(page, f"cart-result-{state}"))

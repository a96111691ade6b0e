"""Paying elsewhere as people do: a code read off the screen, and a link by which somebody else pays with a card."""

import io

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Page, expect

from lk_reflex.core.money import parse_money
from lk_reflex.domain.documents.qr.payment_reader import read_payment
from lk_reflex.exchange.demo.cast import UTILITY
from lk_reflex.standins.bank.cards import Way
from tests.bank import type_card
from tests.browser.conftest import LOADED, Open
from tests.browser.fitness import expect_none, faults_of
from tests.browser.look import DESKTOP, PHONE, shot
from tests.browser.people import Person, Town

BY_CODE, BY_LINK = "Оплатить по QR-коду в приложении банка", "Поделиться ссылкой на оплату"


#: Accounts with something to pay, of an organization that takes payments and of no other journey.
_DEBTORS = """
    SELECT a.id FROM accounts a JOIN organizations o ON o.id = a.organization_id JOIN receipts r ON r.account_id = a.id
    WHERE o.inn = ? AND a.closed_on IS NULL AND a.id NOT IN (SELECT account_id FROM account_links)
      AND r.month = (SELECT max(month) FROM receipts)
    GROUP BY a.id HAVING count(*) = 1
       AND (SELECT sum(total + penalty_total) FROM balance_lines WHERE receipt_id = max(r.id)) BETWEEN 10000 AND 5000000
    ORDER BY a.id DESC LIMIT 1
"""


@pytest.fixture
def payer(town: Town) -> Person:
    return town.person(town.ask(_DEBTORS, UTILITY)[0][0])


def scan(page: Page) -> str:
    """What a bank's application reads off the screen itself."""
    code = page.locator("img.pay-code").first
    expect(code).to_be_visible()
    page.wait_for_function("() => document.querySelector('img.pay-code').naturalWidth > 0")
    (read,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(code.screenshot())).convert("L"))
    return read.text


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_code_on_the_screen_is_read_by_a_camera(width, scheme, open_page: Open, payer) -> None:
    page = open_page("/overview", payer, width=width, color_scheme=scheme)
    assert page.locator("img.pay-code").count() == 0
    page.get_by_role("button", name=BY_CODE).click()
    read = read_payment(scan(page))
    said = page.locator("#codes-of-bill .num").first.inner_text()
    assert read.amount == parse_money(said.replace("руб.", "").strip())
    box = page.locator("img.pay-code").first.bounding_box()
    side = page.evaluate("document.querySelector('img.pay-code').naturalWidth")
    assert (box and box["width"] >= 4 * 81 - 1) or side < 81
    if scheme == "light":
        expect_none(faults_of(page, "overview-code", (width,)))
    shot(page, f"overview-code-{scheme}")


def test_the_cart_has_a_code_of_the_edited_sum_and_no_other(open_page: Open, payer) -> None:
    page = open_page("/overview", payer)
    page.get_by_role("button", name="Перейти к оплате").click()
    page.wait_for_url("**/cart")
    opener = page.get_by_role("button", name=BY_CODE).first
    opener.click()
    before = read_payment(scan(page)).amount
    field = page.get_by_role("main").get_by_role("textbox").first
    field.fill("1,23")
    field.blur()
    expect(page.get_by_text("Сумма в корзине изменилась.")).to_be_visible()
    expect(page.locator("img.pay-code")).to_have_count(0)
    page.get_by_role("button", name="Показать код с новой суммой").click()
    after = read_payment(scan(page)).amount
    assert before and after and after != before
    expect_none(faults_of(page, "cart-code", (DESKTOP, PHONE)))


def test_a_link_is_shared_paid_by_a_stranger_and_both_see_it(open_page: Open, town: Town, payer) -> None:
    page = open_page("/overview", payer, permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name=BY_LINK).click()
    page.get_by_role("button", name="Создать ссылку").first.click()
    address = page.get_by_label("Адрес ссылки").input_value()
    page.get_by_role("button", name="Скопировать").click()
    expect(page.get_by_text("Скопировано.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == address
    expect_none(faults_of(page, "overview-link", (DESKTOP, PHONE)))

    stranger = open_page(address[address.index("/pay/") :])
    ((number,),) = town.ask("SELECT number FROM accounts WHERE id = ?", payer.accounts[0])
    expect(stranger.get_by_role("main")).to_contain_text(f"••••{number[-4:]}")
    assert number not in stranger.content()
    waiting = open_page(address[address.index("/pay/") :], width=PHONE)
    stranger.get_by_role("button", name="Оплатить").click()
    stranger.wait_for_url("**/demo/bank/pay/**")
    assert address.rpartition("/")[2] not in stranger.content()
    expect(waiting.get_by_role("heading", level=1)).to_have_text("Оплата по ссылке")
    type_card(stranger.url, Way.PAID)
    # Nobody has reloaded it: the bank has called back.
    expect(waiting.get_by_role("heading", level=1)).to_have_text("Оплачено", timeout=60_000)
    stranger.goto(address)
    stranger.wait_for_function(LOADED)
    expect(stranger.get_by_role("heading", level=1)).to_have_text("Оплачено")
    assert stranger.get_by_role("button", name="Оплатить").count() == 0

    page.goto("/notifications")
    expect(page.get_by_role("main")).to_contain_text("По вашей ссылке оплатили")


def test_a_link_that_was_taken_back_is_not_paid(open_page: Open, payer) -> None:
    page = open_page("/overview", payer)
    page.get_by_role("button", name=BY_LINK).click()
    page.get_by_role("button", name="Создать ссылку").first.click()
    address = page.get_by_label("Адрес ссылки").input_value()
    stranger = open_page(address[address.index("/pay/") :])
    page.get_by_role("button", name="Отозвать").first.click()
    expect(page.locator("#pay-links")).to_contain_text("Ссылка отозвана")
    stranger.get_by_role("button", name="Оплатить").click()
    expect(stranger.get_by_role("heading", level=1)).to_have_text("Ссылка больше не действует")

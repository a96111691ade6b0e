"""Корзина as a resident has it: sums typed over in two tabs, what is no sum, the way to the check page and back."""

from playwright.sync_api import Page, expect

from lk_reflex.core.clock import utc_now
from lk_reflex.core.money import NBSP, format_money
from lk_reflex.domain.billing.summary import newest_receipts
from lk_reflex.domain.payments.cart.contents import cart_contents
from lk_reflex.domain.payments.cart.putting import put_into_cart
from lk_reflex.exchange.demo.cast import MANUAL
from tests.browser.conftest import LOADED, Open
from tests.browser.people import Person

WATER = "МУП ПОВВ:ХВС(КОПЕЙСК)"
SEWER = "МУП ПОВВ:ВО(КОПЕЙСК)"


def _fill(person: Person) -> None:
    database = person.town.database
    for one in database.read(newest_receipts, person.actor, person.accounts[0]):
        database.write(put_into_cart, person.actor, one.receipt_id, with_advance=False, now=utc_now())


def _amounts(person: Person) -> dict[str, int]:
    parts = person.town.database.read(cart_contents, person.actor)
    return {row.service: row.amount for part in parts for one in part.receipts for row in one.rows}


def _leave(page: Page, field: str, text: str) -> None:
    page.get_by_label(field).fill(text)
    page.get_by_label(field).blur()


def _pay(page: Page) -> None:
    page.get_by_role("button", name="Оплатить", exact=True).click()


def test_sums_are_typed_over_and_stay(open_page: Open, town) -> None:
    person = town.person(MANUAL)
    _fill(person)
    offered = _amounts(person)
    parts = town.database.read(cart_contents, person.actor)
    page = open_page("/cart", person)
    _leave(page, WATER, "1 234,5")
    total = page.get_by_role("region", name="Итого к оплате").locator(".sum")
    expect(total).not_to_contain_text(format_money(sum(part.total for part in parts)))
    assert _amounts(person)[WATER] == 123450
    # The other tab still shows the old sum; typing into another row there undoes nothing here.
    other = open_page("/cart", person)
    _leave(page, WATER, "100")
    expect(total).not_to_contain_text("1 234")
    _leave(other, SEWER, "50.5")
    expect(other.get_by_role("region", name="Итого к оплате").locator(".sum")).not_to_contain_text(NBSP + "234")
    page.reload()
    page.wait_for_function(LOADED)
    expect(page.get_by_label(WATER)).to_have_value("100,00")
    expect(page.get_by_label(SEWER)).to_have_value("50,50")
    # An emptied field is given what is offered back.
    _leave(page, WATER, "")
    expect(page.get_by_label(WATER)).to_have_value(format_money(offered[WATER]))


def test_what_is_no_sum_is_said_at_its_field_and_hinders_the_press(open_page: Open, town) -> None:
    person = town.person(MANUAL)
    _fill(person)
    page = open_page("/cart", person)
    field = page.get_by_label(WATER)
    _leave(page, WATER, "-5")
    expect(page.get_by_role("main")).to_contain_text("Сумма не бывает меньше нуля")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label(SEWER)).to_have_attribute("aria-invalid", "false")
    # Enter in a field is the same press as the button.
    page.get_by_label(SEWER).fill("1e5")
    page.get_by_label(SEWER).press("Enter")
    expect(page.locator("#error-summary a")).to_have_count(2)
    expect(page.locator("#error-summary")).to_be_focused()
    expect(page).to_have_title("Ошибка: Корзина — Личный кабинет")
    page.locator("#error-summary a").first.click()
    expect(field).to_be_focused()
    expect(field).to_have_value("-5")
    field.fill("0")
    page.get_by_label(SEWER).fill("12,34")
    _pay(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Проверьте платёж")
    assert (_amounts(person)[WATER], _amounts(person)[SEWER]) == (0, 1234)


def test_the_check_page_shows_what_and_how_much_and_leads_back(open_page: Open, town) -> None:
    person = town.person(MANUAL)
    _fill(person)
    page = open_page("/cart", person)
    _leave(page, WATER, "0")
    _pay(page)
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("Проверьте платёж")
    expect(heading).to_be_focused()
    main = page.get_by_role("main")
    expect(main.get_by_role("textbox")).to_have_count(0)
    expect(main).not_to_contain_text(WATER)
    (part,) = town.database.read(cart_contents, person.actor)
    expect(page.get_by_role("button", name=f"Оплатить {format_money(part.total)}")).to_be_visible()
    page.go_back()
    expect(heading).to_have_text("Корзина")
    expect(page.get_by_label(WATER)).to_have_value("0,00")
    page.go_forward()
    expect(heading).to_have_text("Проверьте платёж")
    page.get_by_role("link", name="Изменить").click()
    expect(heading).to_have_text("Корзина")
    expect(page.get_by_label(SEWER)).to_be_visible()

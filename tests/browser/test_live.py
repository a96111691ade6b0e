"""A change in one browser shows in the person's other one within two seconds, without a reload."""

import re

import pytest
from playwright.sync_api import Page, expect

from lk_reflex.exchange.demo.cast import MANUAL
from tests.browser.conftest import Open
from tests.browser.people import Person, Town


@pytest.fixture(scope="module")
def payer(town: Town) -> Person:
    return town.person(MANUAL)


def _counter(page: Page, count: int) -> None:
    expect(page.get_by_role("link", name=re.compile("Корзина")).first).to_have_text(
        re.compile(f"^Корзина\\s*{count or ''}$")
    )


def test_the_carts_counter_turns_in_another_browser_of_the_same_person(open_page: Open, payer: Person, anna: Person):
    desktop, phone, neighbour = open_page("/overview", payer), open_page("/meters", payer), open_page("/meters", anna)
    before = neighbour.get_by_role("link", name=re.compile("Корзина")).first.text_content()
    button = desktop.get_by_role("button", name=re.compile("Добавить в корзину")).first
    button.click()
    _counter(desktop, 1)
    _counter(phone, 1)
    desktop.get_by_role("button", name=re.compile("В корзине")).first.click()
    _counter(phone, 0)
    assert neighbour.get_by_role("link", name=re.compile("Корзина")).first.text_content() == before

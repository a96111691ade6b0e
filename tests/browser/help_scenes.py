"""The screens that the instruction speaks of: how a person gets to each, and what of it is shown in its picture."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from lk_reflex.exchange.demo.cast import MANUAL, PRIVATE_HOUSE

Prepare = Callable[[Page], None]
#: Account of the demonstration: (ИНН, number).
Account = tuple[str, str]
ANNA = "anna@example.org"
#: Two elements make a picture of all that lies between them.
MAIN = ("main",)
SCREEN: tuple[str, ...] = ()


@dataclass(frozen=True)
class Scene:
    """One screen. Without an `account` it is nobody's: a page for everyone.

    `crop`: what the phone's picture shows, from the first element to the last (all of the screen where it is
    empty); None where there is no picture. `wide` is the same for the desktop's. `changes` marks what leaves
    something behind.
    """

    name: str
    path: str
    account: Account | None = None
    prepare: Prepare | None = None
    crop: tuple[str, ...] | None = None
    wide: tuple[str, ...] | None = None
    changes: bool = False

    def files(self) -> list[str]:
        """Names of its pictures."""
        return [name for name, crop in ((self.name, self.crop), (f"{self.name}-wide", self.wide)) if crop is not None]


def _meter(page: Page):
    """The first meter whose usage is known."""
    return page.locator("main .meter").filter(has_not_text="нет данных").first


def _show_earlier(page: Page) -> None:
    page.get_by_role("main").get_by_role("button", name="Показать").first.click()
    expect(page.get_by_role("main").get_by_role("button", name="Скрыть")).to_be_visible()


def _send(page: Page, volume: str) -> None:
    _meter(page).get_by_label("Объем изменения").first.fill(volume)
    page.get_by_role("button", name="Передать показания").click()


def _take(page: Page) -> None:
    _send(page, "1")
    expect(page.locator("#taken")).to_contain_text("Показания переданы")


def _ask(page: Page) -> None:
    _send(page, "900")
    expect(page.get_by_label("Да, показание верное")).to_be_visible()


def _fill_cart(page: Page) -> None:
    page.get_by_role("button", name="Добавить в корзину").first.click()
    expect(page.get_by_role("button", name="Убрать").first).to_be_visible()
    page.goto("/cart")
    expect(page.get_by_role("heading", name="Итого к оплате")).to_be_visible()


FIRST_CARD = ("main .head", "main .card")
FIRST_PAYMENTS = ("main .head", "main tbody > tr:nth-of-type(5)")
SCENES = {
    scene.name: scene
    for scene in (
        Scene("home", "/", crop=("main .pair",), wide=("main .pair",)),
        Scene("overview", "/overview", MANUAL, crop=SCREEN, wide=SCREEN),
        Scene("charges", "/charges?month=2019-09", MANUAL, crop=MAIN, wide=MAIN),
        Scene("accruals", "/accruals?month=2019-09", MANUAL, crop=MAIN, wide=MAIN),
        Scene("payments", "/payments", MANUAL, crop=FIRST_PAYMENTS, wide=FIRST_PAYMENTS),
        Scene("readings", "/readings", PRIVATE_HOUSE, crop=("main form > .card",), wide=("main form > .card",)),
        Scene("readings-earlier", "/readings", PRIVATE_HOUSE, _show_earlier),
        Scene("readings-question", "/readings", PRIVATE_HOUSE, _ask),
        Scene("readings-taken", "/readings", PRIVATE_HOUSE, _take, crop=("#taken .notice",), changes=True),
        Scene("meters", "/meters", PRIVATE_HOUSE, crop=("main tbody > tr",), wide=FIRST_CARD),
        Scene("cart", "/overview", MANUAL, _fill_cart, crop=FIRST_CARD, changes=True),
    )
}

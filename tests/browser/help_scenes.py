"""The screens that the instruction speaks of: how a person gets to each, and what of it is shown in its picture."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, expect

from lk_reflex.domain.identity.registering.captcha import digits_of
from lk_reflex.exchange.demo.cast import MANUAL, PRIVATE_HOUSE, WITHOUT_METERS
from tests.browser.conftest import LOADED
from tests.site import link_in

#: What leads on from the page; the folder is the installation's, for what a person reads elsewhere: codes, letters.
Prepare = Callable[[Page, Path], None]
#: Account of the demonstration: (ИНН, number).
Account = tuple[str, str]
ANNA = "anna@example.org"
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


def _enter_as_guest(page: Page, _folder: Path) -> None:
    form = page.get_by_role("region", name="Передать показания ИПУ")
    form.get_by_label("Лицевой счет").fill(PRIVATE_HOUSE[1])
    form.get_by_label("№ дома").fill("24")
    form.get_by_role("button", name="Вход").click()
    page.wait_for_url("**/guest")
    page.wait_for_function(LOADED)


def _register(page: Page, folder: Path) -> None:
    page.get_by_label("Логин (email)").fill("novyi@example.org")
    page.get_by_label("Пароль *", exact=True).fill("три слова и кот")
    page.get_by_label("Пароль еще раз").fill("три слова и кот")
    page.get_by_label("Сотовый телефон").fill("8 (912) 345-67-89")
    page.get_by_label("Принимаю условия").check()
    page.get_by_label("Даю согласие на обработку").check()
    token = page.locator("input[name=captcha_token]").input_value()
    page.get_by_label("Введите код").fill(digits_of(token, (folder / "secret.key").read_bytes()))
    page.get_by_role("button", name="Отправить письмо для активации аккаунта").click()
    expect(page.get_by_role("status").filter(has_text="Мы отправили письмо")).to_be_visible()


def _activate(page: Page, folder: Path) -> None:
    _register(page, folder)
    _follow_the_letter(page, folder, "novyi@example.org", "/activate/")


def _reset(page: Page, folder: Path) -> None:
    page.get_by_label("Логин (email)").fill("boris@example.org")
    page.get_by_role("button", name="Отправить ссылку").click()
    _follow_the_letter(page, folder, "boris@example.org", "/reset/")


def _follow_the_letter(page: Page, folder: Path, email: str, link: str) -> None:
    page.goto(link_in(folder, email, link))
    page.wait_for_function(LOADED)


def _begin_linking(page: Page, _folder: Path) -> None:
    page.get_by_role("button", name="+ Привязать лицевой счет").click()
    expect(page.get_by_role("heading", name="Привязка лицевого счета")).to_be_visible()


def _find_account(page: Page, folder: Path) -> None:
    _begin_linking(page, folder)
    form = page.get_by_role("region", name="Привязка лицевого счета")
    form.get_by_label("Лицевой счет").fill(WITHOUT_METERS[1])
    form.get_by_label("№ дома").fill("10")
    form.get_by_label("№ квартиры").fill("35")
    form.get_by_role("button", name="Найти").click()
    expect(form.get_by_label("Фамилия")).to_be_visible()


def _give_access(page: Page, _folder: Path) -> None:
    page.get_by_role("button", name="Открыть доступ близкому").first.click()
    expect(page.get_by_role("button", name="Открыть доступ", exact=True)).to_be_visible()


def _show_earlier(page: Page, _folder: Path) -> None:
    page.get_by_role("main").get_by_role("button", name="Показать").first.click()
    expect(page.get_by_role("main").get_by_role("button", name="Скрыть")).to_be_visible()


def _send(page: Page, volume: str) -> None:
    known = page.locator("main .meter").filter(has_not_text="нет данных").first
    known.get_by_label("Объем изменения").first.fill(volume)
    page.get_by_role("button", name="Передать показания").click()


def _take(page: Page, _folder: Path) -> None:
    _send(page, "1")
    expect(page.locator("#taken")).to_contain_text("Показания переданы")


def _ask(page: Page, _folder: Path) -> None:
    _send(page, "900")
    expect(page.get_by_label("Да, показание верное")).to_be_visible()


def _open_why(page: Page, _folder: Path) -> None:
    page.get_by_role("button", name="Почему изменилась сумма?").click()
    expect(page.get_by_role("button", name="За год")).to_be_visible()


def _open_receipt(page: Page, _folder: Path) -> None:
    page.get_by_role("main").get_by_role("rowheader").get_by_role("link").first.click()
    expect(page.get_by_role("heading", name="Реквизиты для оплаты")).to_be_visible()


def _fill_cart(page: Page, _folder: Path) -> None:
    page.get_by_role("button", name="Добавить в корзину").first.click()
    expect(page.get_by_role("button", name="Убрать").first).to_be_visible()
    page.goto("/cart")
    expect(page.get_by_role("heading", name="Итого к оплате")).to_be_visible()


def _check_payment(page: Page, folder: Path) -> None:
    _fill_cart(page, folder)
    page.get_by_role("button", name="Оплатить", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Проверьте платёж")


def _get_service(page: Page, _folder: Path) -> None:
    page.get_by_role("button", name="Получить услугу +").click()
    page.wait_for_url("**/services/*/2*")
    expect(page.get_by_role("button", name="Отправить", exact=True)).to_be_visible()


def _write_and_open(page: Page, folder: Path) -> None:
    """An appeal of one's own, on the page that follows its sending."""
    _get_service(page, folder)
    page.get_by_label("Тема обращения").select_option("Качество воды")
    page.get_by_label("Текст обращения").fill("Вода рыжая второй день подряд")
    page.get_by_label("Контактный телефон").fill("8 912 345-67-89")
    page.get_by_role("button", name="Отправить").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Проверьте обращение")
    page.get_by_role("button", name="Отправить").click()
    page.wait_for_url("**/services/requests/*")
    expect(page.get_by_role("heading", name="Ход рассмотрения")).to_be_visible()


def _list_requests(page: Page, folder: Path) -> None:
    page.goto("/services/appeal")
    page.wait_for_function(LOADED)
    _write_and_open(page, folder)
    page.goto("/services")
    expect(page.get_by_role("table")).to_be_visible()


def _card(heading: str) -> tuple[str, ...]:
    """The sheet whose heading has this id."""
    return (f"main section:has(> #{heading})",)


MAIN = ("main",)
FORM = ("main form",)
FIRST_CARD = ("main .head", "main .card")
FIRST_PAYMENTS = ("main .head", "main tbody > tr:nth-of-type(5)")
METER = ("main form > .card",)
SCENES = {
    scene.name: scene
    for scene in (
        Scene("home", "/", crop=("main .pair",), wide=("main .pair",)),
        Scene("register", "/register", crop=FORM),
        Scene("activate", "/register", None, _activate, changes=True),
        Scene("forgot", "/forgot", crop=FORM),
        Scene("reset", "/forgot", None, _reset, changes=True),
        Scene("guest", "/", None, _enter_as_guest, crop=METER),
        Scene("accounts", "/accounts", MANUAL),
        Scene("link", "/accounts", MANUAL, _begin_linking, crop=_card("linking-title")),
        Scene("link-found", "/accounts", MANUAL, _find_account, crop=_card("linking-title")),
        Scene("relatives", "/accounts", MANUAL, _give_access, crop=("main form:has(h3)",)),
        Scene("overview", "/overview", MANUAL, crop=SCREEN, wide=SCREEN),
        Scene("charges", "/charges?month=2019-09", MANUAL, crop=MAIN, wide=MAIN),
        Scene("charges-why", "/charges?month=2019-09", MANUAL, _open_why),
        Scene("accruals", "/accruals?month=2019-09", MANUAL, crop=MAIN, wide=MAIN),
        Scene("payments", "/payments", MANUAL, crop=FIRST_PAYMENTS, wide=FIRST_PAYMENTS),
        Scene("readings", "/readings", PRIVATE_HOUSE, crop=METER, wide=METER),
        Scene("readings-earlier", "/readings", PRIVATE_HOUSE, _show_earlier),
        Scene("readings-question", "/readings", PRIVATE_HOUSE, _ask),
        Scene("readings-taken", "/readings", PRIVATE_HOUSE, _take, crop=("#taken .notice",), changes=True),
        Scene("meters", "/meters", PRIVATE_HOUSE, crop=("main tbody > tr",), wide=FIRST_CARD),
        Scene("documents", "/documents", MANUAL),
        Scene("document", "/documents", MANUAL, _open_receipt),
        Scene("cart", "/overview", MANUAL, _fill_cart, crop=FIRST_CARD, changes=True),
        Scene("cart-check", "/overview", MANUAL, _check_payment, changes=True),
        Scene("services", "/services", MANUAL, _list_requests, changes=True),
        Scene("sealing", "/services/sealing", MANUAL),
        Scene("sealing-form", "/services/sealing", MANUAL, _get_service, changes=True),
        Scene("emergency", "/services/emergency", MANUAL),
        Scene("emergency-form", "/services/emergency", MANUAL, _get_service, changes=True),
        Scene("appeal", "/services/appeal", MANUAL),
        Scene("appeal-form", "/services/appeal", MANUAL, _get_service, changes=True),
        Scene("request", "/services/appeal", MANUAL, _write_and_open, changes=True),
        Scene("notifications", "/notifications", MANUAL),
        Scene("settings", "/settings", MANUAL),
        Scene("settings-email", "/settings", MANUAL, crop=_card("email")),
        Scene("settings-esia", "/settings", MANUAL, crop=_card("gosuslugi")),
    )
}

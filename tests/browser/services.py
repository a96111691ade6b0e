"""Ways into the services, for whoever looks at their pages or walks through them."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from lk_reflex.core.clock import utc_now
from lk_reflex.domain.requests.desk.deeds import move_request
from lk_reflex.domain.requests.machine import Status
from lk_reflex.domain.requests.own import own_request
from tests.browser.conftest import LOADED
from tests.browser.people import Person, Town

Prepare = Callable[[Page, Person], None]
TEXT = "Вода рыжая второй день подряд, дом 10"


def begin_appeal(page: Page, _person: Person) -> None:
    """From the regulation to the form."""
    page.get_by_role("button", name="Получить услугу +").click()
    page.wait_for_url("**/services/appeal/2*")
    expect(page.get_by_label("Текст обращения")).to_be_visible()


def wrong_appeal(page: Page, person: Person) -> None:
    begin_appeal(page, person)
    page.get_by_role("button", name="Отправить", exact=True).click()
    expect(page.locator("#error-summary a")).to_have_count(3)


def check_appeal(page: Page, person: Person) -> None:
    """Fill the form in, and go on to the page that is checked."""
    begin_appeal(page, person)
    page.get_by_label("Тема обращения").select_option("Качество воды")
    page.get_by_label("Текст обращения").fill(TEXT)
    page.get_by_label("Контактный телефон").fill("8 (912) 345-67-89")
    page.get_by_role("button", name="Отправить", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Проверьте обращение")


def send_appeal(page: Page, person: Person) -> None:
    check_appeal(page, person)
    page.get_by_role("button", name="Отправить", exact=True).click()
    page.wait_for_url("**/services/requests/*")
    expect(page.get_by_role("heading", name="Ход рассмотрения")).to_be_visible()


def wrong_message(page: Page, person: Person) -> None:
    send_appeal(page, person)
    page.get_by_role("button", name="Отправить сообщение").click()
    expect(page.locator("#message-faults a")).to_have_count(1)


def ask_about_draft(page: Page, _person: Person) -> None:
    page.get_by_role("button", name="Удалить").first.click()
    expect(page.get_by_role("button", name="Да, удалить")).to_be_visible()


def request_in(status: str) -> Prepare:
    """The newest one of the list in this status."""

    def show(page: Page, _person: Person) -> None:
        row = page.get_by_role("row").filter(has=page.get_by_text(status, exact=True))
        row.first.get_by_role("link").click()
        page.wait_for_function(LOADED)
        expect(page.get_by_role("heading", name="Ход рассмотрения")).to_be_visible()

    return show


def number_on(page: Page) -> str:
    """Of the request whose page or form is open."""
    return page.url.partition("?")[0].rstrip("/").rpartition("/")[2]


def move(town: Town, person: Person, number: str, becomes: Status, comment: str = "", *fields: str) -> None:
    """What an operator of the demonstration does with a request of `person`."""
    version = town.database.read(own_request, person.actor, number).version
    operator = town.session_of("operator@example.org").actor
    town.database.write(
        move_request, operator, number, becomes, version=version, comment=comment, fields=fields,
        site=town.site.base, now=utc_now(),
    )  # fmt: skip

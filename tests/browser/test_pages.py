"""Every page in every state and at every width: accessible, whole, Russian, with the account in sight."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select, update

from lk_reflex.core.clock import utc_now
from lk_reflex.core.db import Writer
from lk_reflex.domain.billing.summary import newest_receipts
from lk_reflex.domain.billing.tables import Receipt
from lk_reflex.domain.identity.access import Actor
from lk_reflex.domain.payments.cart.contents import cart_contents
from lk_reflex.domain.payments.cart.putting import put_into_cart
from lk_reflex.domain.payments.cart.queries import Newer
from lk_reflex.domain.payments.tables import CartLine
from lk_reflex.exchange.demo.cast import CLOSED, MANUAL, OVERPAID, PRIVATE_HOUSE, THREE_TARIFFS, WITHOUT_METERS
from tests.browser import sealing
from tests.browser.conftest import LOADED, Open, sign_in
from tests.browser.fitness import expect_none, faults_of
from tests.browser.look import (
    DESKTOP,
    PHONE,
    axe,
    faint_borders,
    shot,
    wide,
)
from tests.browser.pay_links import opened, refused
from tests.browser.people import Person, Town
from tests.browser.results import order_of
from tests.browser.services import (
    ask_about_draft,
    begin_appeal,
    check_appeal,
    request_in,
    send_appeal,
    wrong_appeal,
    wrong_message,
)

Prepare = Callable[[Page, Person], None]
SECTIONS = ("overview", "charges", "accruals", "payments", "readings", "meters", "documents", "accounts", "cart")


@dataclass(frozen=True)
class State:
    """A page as somebody finds it; `prepare` does what leads to the state after the page has loaded."""

    name: str
    path: str
    who: Any = None
    prepare: Prepare | None = None
    account: bool = True


def _press_all(name: str) -> Prepare:
    def press(page: Page, _person: Person) -> None:
        buttons = page.get_by_role("main").get_by_role("button", name=name)
        for left in range(buttons.count(), 0, -1):
            buttons.first.click()
            expect(buttons).to_have_count(left - 1)

    return press


def _open_all_details(page: Page, _person: Person) -> None:
    for summary in page.locator("main summary").all():
        summary.click()


def _fill_cart(page: Page, _person: Person) -> None:
    while (offers := page.get_by_role("button", name="Добавить в корзину")).count():
        left = page.get_by_role("button", name="Убрать").count()
        offers.first.click()
        expect(page.get_by_role("button", name="Убрать")).not_to_have_count(left)
        if page.get_by_role("button", name="Убрать").count() >= page.get_by_role("table").count() - 1:
            break
    page.goto("/cart")
    page.wait_for_function(LOADED)
    _open_all_details(page, _person)


def _wrong_sum(page: Page, person: Person) -> None:
    _fill_cart(page, person)
    page.get_by_role("main").get_by_role("textbox").first.fill("1.234,50")
    page.get_by_role("button", name="Оплатить", exact=True).click()
    expect(page.locator("#error-summary a")).to_have_count(1)


def _check_payment(page: Page, person: Person) -> None:
    _fill_cart(page, person)
    page.get_by_role("button", name="Оплатить", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Проверьте платёж")


def _marked_cart(page: Page, person: Person) -> None:
    """The figures have changed since the first receipt was put in; a newer one has come for the second."""
    person.town.database.write(_change_cart, person.actor, person.accounts[0])
    page.goto("/cart")
    page.wait_for_function(LOADED)
    expect(page.get_by_role("button", name="Заменить новой квитанцией")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("Сумма по квитанции изменилась")


def _change_cart(db: Writer, actor: Actor, account_id: int) -> None:
    for one in newest_receipts(db, actor, account_id):
        put_into_cart(db, actor, one.receipt_id, with_advance=False, now=utc_now())
    (part,) = cart_contents(db, actor)
    changed, replaced = part.receipts
    db.change(update(CartLine).where(CartLine.id == changed.line_id).values(due_seen=changed.due + 5000))
    older = select(Receipt.id).join(Newer, (Newer.account_id == Receipt.account_id) & (Newer.kind == Receipt.kind))
    older = older.where(Newer.id == replaced.receipt_id, Receipt.month < Newer.month).order_by(Receipt.month.desc())
    db.change(
        update(CartLine).where(CartLine.id == replaced.line_id).values(receipt_id=older.limit(1).scalar_subquery())
    )


def _read_too_low(page: Page, person: Person) -> None:
    scale = next(scale for meter in person.meters().meters for scale in meter.scales if scale.last)
    page.locator(f"#reading-{scale.row}").fill("0,5")
    page.get_by_label("Дата снятия показания").fill("31.02.2026")
    page.get_by_role("button", name="Передать показания").click()
    expect(page.locator("#error-summary a")).to_have_count(2)


def _read_too_much(page: Page, person: Person) -> None:
    meter = next(meter for meter in person.meters().meters if meter.scales[0].average)
    scale = meter.scales[0]
    page.locator(f"#reading-{scale.row}").fill(str(((scale.last or 0) + 9 * (scale.average or 0)) // 1000))
    page.get_by_role("button", name="Передать показания").click()
    expect(page.get_by_label("Да, показание верное")).to_be_visible()


def _read(page: Page, person: Person) -> None:
    for meter in person.meters().meters:
        scale = meter.scales[0]
        page.locator(f"#reading-{scale.row}").fill(f"{((scale.last or 0) + (scale.average or 0)) / 1000:.2f}")
    page.get_by_role("button", name="Передать показания").click()
    expect(page.locator("#taken")).to_contain_text("Показания переданы")


def _wrong_password(page: Page, _person: Person) -> None:
    sign_in(page, "nobody@example.org", "не тот пароль")
    expect(page.locator("#error-summary a")).not_to_have_count(0)
    page.wait_for_function(LOADED)


def _send_nothing(page: Page, _person: Person) -> None:
    page.get_by_role("main").locator("form").get_by_role("button").last.click()
    expect(page.locator("#error-summary a")).not_to_have_count(0)


def _open_document(page: Page, _person: Person) -> None:
    page.get_by_role("main").get_by_role("rowheader").get_by_role("link").first.click()
    expect(page.get_by_role("heading", name="О квитанции")).to_be_visible()


def _more(page: Page, _person: Person) -> None:
    wide(page, PHONE)
    page.get_by_text("Ещё", exact=True).click()


def _explain(page: Page, _person: Person) -> None:
    page.get_by_role("button", name="Почему изменилась сумма?").click()
    expect(page.locator(".why .headline")).to_contain_text("начислено")


def _explain_the_year(page: Page, person: Person) -> None:
    _explain(page, person)
    page.get_by_role("button", name="За год").click()
    expect(page.locator(".why .headline").first).to_contain_text(re.compile(r"чем за \S+ \d{4}"))


def _result(status: str, heading: str, **more: Any) -> Prepare:
    def show(page: Page, person: Person) -> None:
        page.goto(f"/cart/result/{order_of(person, status, **more)}")
        page.wait_for_function(LOADED)
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)

    return show


def _open_a_request(page: Page, _person: Person) -> None:
    page.get_by_role("region", name="Заявки: таблица").get_by_role("link").first.click()
    expect(page.get_by_role("heading", name="Состояние")).to_be_visible()


#: Logins of their own, each time: with an account that nobody else has, and with the manual's.
SPARE, BUYER = "spare", "buyer"
STATES = [
    State("home", "/", account=False),
    State("home-refused", "/", None, _wrong_password, account=False),
    State("help", "/help", account=False),
    State("register", "/register", account=False),
    State("register-refused", "/register", None, _send_nothing, account=False),
    State("activate-dead", "/activate/gone", account=False),
    State("activate-dead-refused", "/activate/gone", None, _send_nothing, account=False),
    *(State(text, f"/{text}", account=False) for text in ("terms", "privacy", "consent")),
    State("not-found", "/net-takoy-stranitsy", account=False),
    *(State(f"anna-{section}", f"/{section}", MANUAL) for section in SECTIONS if section != "accounts"),
    State("anna-accounts", "/accounts", "anna"),
    State("anna-charges-2019", "/charges?month=2019-09", MANUAL),
    State("anna-accruals-2019", "/accruals?month=2019-09", MANUAL),
    State("anna-charges-2019-why", "/charges?month=2019-09", MANUAL, _explain),
    State("anna-overview-why", "/overview", MANUAL, _explain),
    State("overpaid-accruals-why", "/accruals", OVERPAID, _explain_the_year),
    State("anna-overview-opened", "/overview", MANUAL, _open_all_details),
    State("anna-meters-opened", "/meters", MANUAL, _press_all("Показать")),
    State("anna-readings-opened", "/readings", MANUAL, _press_all("Показать")),
    State("anna-payments-opened", "/payments", MANUAL, _open_all_details),
    State("overpaid-payments-pending", "/payments", OVERPAID, _open_all_details),
    State("anna-documents-opened", "/documents", MANUAL, _open_all_details),
    State("anna-document", "/documents", MANUAL, _open_document),
    State("overpaid-document", "/documents", OVERPAID, _open_document),
    State("no-document", "/documents/999999", MANUAL),
    State("anna-more", "/overview", MANUAL, _more),
    State("cart-full", "/overview", BUYER, _fill_cart),
    State("cart-refused", "/overview", BUYER, _wrong_sum),
    State("cart-marked", "/overview", BUYER, _marked_cart),
    State("cart-check", "/overview", BUYER, _check_payment),
    State("result-paid", "/overview", BUYER, _result("paid", "Оплачено")),
    State("result-second", "/overview", BUYER, _result("paid", "Оплачено", flag="second-payment")),
    State("result-declined", "/overview", BUYER, _result("declined", "Не оплачено", reason="116")),
    State("result-failed", "/overview", BUYER, _result("failed", "Не оплачено", reason="rejected")),
    State("result-waiting", "/overview", BUYER, _result("waiting", "Ждём оплату")),
    State("result-checking", "/overview", BUYER, _result("checking", "Проверяем платёж")),
    State("result-partly", "/overview", BUYER, _result("paid", "Оплачено, часть возвращена", refunded=10000)),
    State("result-refunded", "/overview", BUYER, _result("refunded", "Возвращено")),
    State("pay-link", "/", BUYER, opened("Оплата по ссылке"), account=False),
    State("pay-link-refused", "/", BUYER, refused, account=False),
    State("pay-link-waiting", "/", BUYER, opened("Оплата по ссылке", "waiting"), account=False),
    State("pay-link-checking", "/", BUYER, opened("Проверяем платёж", "checking"), account=False),
    State("pay-link-declined", "/", BUYER, opened("Не оплачено", "declined", reason="116"), account=False),
    State("pay-link-paid", "/", BUYER, opened("Оплачено", "paid"), account=False),
    State("pay-link-revoked", "/", BUYER, opened("Ссылка больше не действует", "revoked"), account=False),
    State("pay-link-unknown", "/pay/x", account=False),
    State("result-gone", "/cart/result/26112300000000", MANUAL),
    State("desk-queue", "/staff/requests?status=any", "operator", account=False),
    State("desk-queue-empty", "/staff/requests?search=%D1%8B%D1%8B%D1%8B", "operator", account=False),
    State("desk-queue-refused", "/staff/requests?first=1&last=x&search=%25", "operator", account=False),
    State("desk-request", "/staff/requests?status=any", "operator", _open_a_request, account=False),
    State("desk-request-gone", "/staff/requests/1", "operator", account=False),
    *(State(f"vera-{section}", f"/{section}", "vera", account=False) for section in SECTIONS),
    *(State(f"private-{section}", f"/{section}", PRIVATE_HOUSE) for section in ("overview", "readings")),
    *(State(f"overpaid-{section}", f"/{section}", OVERPAID) for section in ("overview", "charges")),
    *(State(f"closed-{section}", f"/{section}", CLOSED) for section in ("overview", "readings", "meters")),
    *(State(f"no-meters-{section}", f"/{section}", WITHOUT_METERS) for section in ("overview", "readings", "meters")),
    State("three-tariffs-readings", "/readings", THREE_TARIFFS),
    State("three-tariffs-meters-tables", "/meters", THREE_TARIFFS, _open_all_details),
    State("overpaid-overview-tables", "/overview", OVERPAID, _open_all_details),
    *(State(f"overpaid-{section}", f"/{section}", OVERPAID) for section in ("readings", "meters")),
    State("services", "/services", "anna"),
    State("services-asked", "/services", "anna", ask_about_draft),
    State("services-empty", "/services", BUYER),
    State("sealing-regulation", "/services/sealing", MANUAL),
    State("sealing", "/services/sealing", BUYER, sealing.begin),
    State("sealing-refused", "/services/sealing", BUYER, sealing.begin_wrongly),
    State("sealing-check", "/services/sealing", BUYER, sealing.check),
    State("sealing-check-refused", "/services/sealing", BUYER, sealing.check_wrongly),
    State("sealing-gone", "/services/sealing/261100000000", MANUAL),
    State("appeal-regulation", "/services/appeal", MANUAL),
    State("appeal", "/services/appeal", BUYER, begin_appeal),
    State("appeal-refused", "/services/appeal", BUYER, wrong_appeal),
    State("appeal-check", "/services/appeal", BUYER, check_appeal),
    State("request-sent", "/services/appeal", BUYER, send_appeal),
    State("request-message-refused", "/services/appeal", BUYER, wrong_message),
    State("request-correcting", "/services", "anna", request_in("На исправление")),
    State("request-working", "/services", "anna", request_in("В работу")),
    State("request-done", "/services", "anna", request_in("Выполнено")),
    State("request-gone", "/services/requests/261100000000", MANUAL),
    State("vera-services", "/services", "vera", account=False),
    State("readings-refused", "/readings", SPARE, _read_too_low),
    State("readings-question", "/readings", SPARE, _read_too_much),
    State("readings-taken", "/readings", SPARE, _read),
]  # fmt: skip


@pytest.fixture(scope="package")
def settled(town: Town, anna: Person, vera: Person) -> Callable[[Any], Person | None]:
    """The person of a state; one login for each account, so that nobody's choice is another's."""
    known: dict[Any, Person | None] = {None: None, "anna": anna, "vera": vera}
    known["operator"] = town.session_of("operator@example.org")

    def of(who: Any) -> Person | None:
        if who == SPARE:
            return town.person(town.spare_account())
        if who == BUYER:
            return town.person(MANUAL)
        if who not in known:
            known[who] = town.person(who)
        return known[who]

    return of


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.name)
def test_a_page_is_fit_for_everyone(state: State, settled, open_page: Open, watcher) -> None:
    person = settled(state.who)
    if state.name == "not-found":
        watcher.forgiven.append("404")
    page = open_page(state.path, person)
    if state.prepare:
        state.prepare(page, person)
    faults = faults_of(page, state.name, (PHONE,) if state.prepare is _more else (DESKTOP, PHONE))
    if state.account:
        faults["account"] = _account_in_sight(page)
    expect_none(faults)


def _account_in_sight(page: Page) -> str:
    shown = page.get_by_title("Выбор лицевого счета").inner_text()
    return "" if re.search(r"Лицевой счет: \d{6,}\n.+\d", shown) else f"account: {shown!r}"


@pytest.mark.parametrize("contrast", ["", "more"], ids=["plain", "contrast"])
@pytest.mark.parametrize("path", ["/", "/overview", "/charges", "/readings", "/meters", "/settings"])
def test_the_dark_colours_are_legible(path, contrast, settled, open_page: Open) -> None:
    page = open_page(path, settled(None if path == "/" else MANUAL), color_scheme="dark")
    page.evaluate("contrast => document.documentElement.dataset.contrast = contrast", contrast)
    shot(page, f"dark{contrast}{path.replace('/', '-')}")
    assert not axe(page)
    assert not faint_borders(page)


@pytest.mark.parametrize("path", ["/overview", "/readings"])
def test_more_contrast_is_legible(path, settled, open_page: Open) -> None:
    page = open_page(path, settled(MANUAL), width=PHONE)
    page.evaluate("document.documentElement.dataset.contrast = 'more'")
    shot(page, f"contrast{path.replace('/', '-')}")
    assert not axe(page)

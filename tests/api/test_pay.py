"""«Оплатить» over HTTP: who may, what is refused and where that is said, and that one form is one order."""

import io
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import unquote

import pytest
from pypdf import PdfReader
from sqlalchemy import select, update
from sqlmodel import col

from lk_reflex.core.clock import utc_now
from lk_reflex.core.processes import Processes
from lk_reflex.domain.accounts.tables import Organization
from lk_reflex.domain.identity.sessions import end_all_sessions
from lk_reflex.domain.payments.cart.contents import cart_contents, fingerprint
from lk_reflex.domain.payments.cart.pressing import CHANGED, GONE, NO_FORM, ORDERS, PRESSES, TOO_MANY
from lk_reflex.domain.payments.cart.putting import put_into_cart, remove_from_cart
from lk_reflex.domain.payments.orders.own import own_order
from lk_reflex.domain.payments.tables import Order, OrderEvent
from lk_reflex.integrations.bank.port import Rejected
from tests.api.conftest import as_person, cookie_of
from tests.billing.paper import february_2018, september_2019
from tests.cast import NOW
from tests.payments.bank import AFTER, BEFORE, MemoryBank, MemoryBanks
from tests.payments.orders import NUMBER, some_order

OWN = {"origin": "http://lk.test"}


@pytest.fixture
def bank() -> MemoryBank:
    return MemoryBank()


@pytest.fixture(autouse=True)
def connected(bank, monkeypatch) -> MemoryBanks:
    made = MemoryBanks(bank)
    for module in ("paying.pay", "paying.orders"):
        monkeypatch.setattr(f"lk_reflex.api.{module}.banks", lambda: made)
    return made


@pytest.fixture
def cart(db, cast, web) -> int:
    """The manual's receipt in the owner's cart, and the owner at the screen."""
    made = february_2018(db, cast.flat)
    db.write(put_into_cart, cast.owner.actor, made, with_advance=False, now=NOW)
    as_person(web, cast.owner)
    return made


@pytest.fixture
def press(db, cast, web):
    """Sends the check page's form, as it is now or with other fields."""

    def send(form="form-1", headers=OWN, **fields):
        parts = db.read(cart_contents, cast.owner.actor)
        given = {"organization": str(cast.organization), "form": form}
        given["seen"] = fingerprint(parts[0]) if parts else ""
        return web.post("/api/cart/pay", data={**given, **fields}, headers=headers)

    return send


def orders(db) -> list[Order]:
    with db.transaction() as writer:
        return [row[0] for row in writer.connection.execute(select(col(Order.number)).order_by(col(Order.id)))]


def told(answer) -> str:
    """The sentence that the cart will show."""
    return unquote(cookie_of(answer, "lk_flash"))


def test_the_form_leads_to_the_bank_by_a_page_of_ours(web, db, cast, bank, cart, press):
    answer = press()
    (number,) = orders(db)
    assert answer.status_code == 200, "form-action forbids redirecting a form to another site"
    assert answer.headers["refresh"] == f"0; url=/api/orders/{number}/bank"
    assert answer.headers["cache-control"] == "no-store"
    assert f'href="/api/orders/{number}/bank"' in answer.text and "<title>Переходим на страницу банка" in answer.text
    assert "script" not in answer.text and "bank.example" not in answer.text
    asked = bank.requests[number]
    assert (asked.amount, asked.email) == (53920, "owner@example.org")
    assert asked.return_url == asked.fail_url == f"http://lk.test/api/orders/{number}/return"
    to_bank = web.get(f"/api/orders/{number}/bank")
    assert (to_bank.status_code, to_bank.headers["location"]) == (303, f"https://bank.example/pay/md-{number}")
    assert to_bank.headers["referrer-policy"] == "same-origin", "the bank isn't told the page"


def test_the_same_form_is_one_order_however_often_it_comes(db, bank, cart, press):
    first, second = press(), press()
    assert first.headers["refresh"] == second.headers["refresh"]
    assert len(orders(db)) == bank.calls["register"] == 1


def test_parallel_presses_of_one_form_and_of_two_tabs_are_one_order(db, cast, bank, cart, web, press):
    parts = db.read(cart_contents, cast.owner.actor)
    fields = {"organization": str(cast.organization), "seen": fingerprint(parts[0])}

    def post(form: str):
        return web.post("/api/cart/pay", data={**fields, "form": form}, headers=OWN)

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(post, ["tab-1", "tab-1", "tab-2", "tab-1", "tab-2", "tab-2"]))
    assert len(orders(db)) == len(bank.orders) == 1
    assert {answer.status_code for answer in answers} <= {200, 303}
    assert any(answer.headers.get("refresh") for answer in answers)


def test_a_form_pressed_again_after_all_is_paid_leads_to_the_result(db, cast, web, bank, cart, press):
    press()
    (number,) = orders(db)
    bank.pay(number)
    with db.transaction() as writer:  # nobody pays within the seconds for which a bank isn't asked again
        writer.change(update(Order).values(looked_at=NOW))
    web.get(f"/api/orders/{number}/return")
    assert _settled(db, cast, number).paid and not db.read(cart_contents, cast.owner.actor)
    again = press(seen="whatever")
    assert (again.status_code, again.headers["location"]) == (303, f"/cart/result/{number}")
    another_tab = press(form="form-2", seen="whatever")
    assert another_tab.headers["location"] == f"/cart/result/{number}"
    assert orders(db) == [number]


def test_a_form_for_what_was_taken_out_of_the_cart_is_told_so(db, cast, cart, press):
    db.write(remove_from_cart, cast.owner.actor, cart)
    answer = press()
    assert answer.headers["location"] == "/cart?fault=1" and GONE in told(answer)
    assert orders(db) == []


def test_another_tabs_order_that_ends_before_it_can_be_named_sends_back_to_the_check(db, cart, press, monkeypatch):
    monkeypatch.setattr("lk_reflex.domain.payments.cart.pressing._record", lambda *_, **__: None)
    answer = press()
    assert (answer.status_code, answer.headers["location"]) == (303, "/cart?check=1&fault=1")
    assert CHANGED in told(answer) and not orders(db)


def _settled(db, cast, number):
    """The order, when the look that the return has started on another thread is done; or as it is after seconds."""
    till = time.monotonic() + 20
    while not (order := db.read(own_order, cast.owner.actor, number)).paid and time.monotonic() < till:
        time.sleep(0.01)
    return order


def test_changed_sums_send_back_to_the_check_and_make_nothing(db, cast, bank, cart, press):
    answer = press(seen="0" * 32)
    assert (answer.status_code, answer.headers["location"]) == (303, "/cart?check=1&fault=1")
    assert CHANGED in told(answer)
    assert not orders(db) and not bank.calls["register"]


@pytest.mark.parametrize(
    "fields",
    [
        {"form": ""}, {"form": "f" * 65}, {"organization": ""}, {"organization": "-1"}, {"organization": "1 or 1"},
        {"organization": "9" * 40}, {"organization": "²"}, {"seen": ""}, {"seen": "з" * 500},
    ],
)  # fmt: skip
def test_whatever_else_is_sent_makes_no_order(db, cart, press, fields):
    answer = press(**fields)
    assert answer.status_code == 303 and answer.headers["location"].startswith("/cart?")
    assert any(sentence in told(answer) for sentence in (NO_FORM, GONE, CHANGED))
    assert not orders(db)


def test_sums_from_the_browser_are_nobodys_business(db, cast, bank, cart, press):
    press(amount="1", total="1", commission="0")
    assert bank.requests[orders(db)[0]].amount == 53920


def test_a_foreign_page_makes_no_order(db, cart, press):
    for headers in ({"origin": "https://evil.example"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}):
        assert "чужой страницы" in told(press(headers=headers))
    assert not orders(db)


def test_without_a_session_the_way_leads_through_the_sign_in_back_to_the_check(web, db, cart, press):
    web.cookies.clear()
    assert press().headers["location"] == "/?next=/cart%3Fcheck%3D1"
    assert not orders(db)


def test_nobody_pays_anothers_cart(web, db, cast, cart, press):
    for person in (cast.relative, cast.stranger, cast.operator):
        as_person(web, person)
        assert GONE in told(press())
    assert not orders(db)


def test_an_empty_cart_and_one_taken_out_meanwhile_are_told(db, cast, cart, press):
    seen = fingerprint(db.read(cart_contents, cast.owner.actor)[0])
    db.write(remove_from_cart, cast.owner.actor, cart)
    assert GONE in told(press(seen=seen))


def test_an_organization_without_a_gateway_is_told_in_the_cart(db, connected, cart, press):
    connected.connected = False
    answer = press()
    assert answer.headers["location"] == "/cart?check=1&fault=1" and "Организация не подключена" in told(answer)
    assert not orders(db)


def test_more_than_the_ceiling_is_refused_by_the_server_too(db, cast, cart, press):
    with db.transaction() as writer:
        writer.change(update(Organization).values(payment_ceiling=50000))
    assert "не больше 500,00" in told(press()).replace("\u00a0", " ")
    assert not orders(db)


def test_the_commission_is_the_payers_or_the_organizations(db, cast, bank, cart, press):
    with db.transaction() as writer:
        writer.change(update(Organization).values(commission_rate=150, commission_minimum=1000))
    press()
    assert bank.requests[orders(db)[0]].amount == 53920 + 1000
    with db.transaction() as writer:
        writer.change(update(Organization).values(commission_by="organization"))
    press(form="form-2")
    assert bank.requests[orders(db)[1]].amount == 53920


def test_a_bank_that_is_silent_after_its_work_is_asked_and_not_told_twice(db, bank, cart, press):
    bank.trouble["register"].append(AFTER)
    answer = press()
    (number,) = orders(db)
    assert len(bank.orders) == 1
    assert number in (answer.headers.get("refresh", "") or answer.headers["location"])


def test_a_silent_bank_leads_to_the_result_and_the_next_press_makes_no_second_order(db, cast, bank, cart, press):
    bank.down = True
    answer = press()
    (number,) = orders(db)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/cart/result/{number}")
    again = press(form="form-2")
    assert again.headers["location"] == f"/cart/result/{number}"
    assert orders(db) == [number]


def test_a_bank_that_says_no_leads_to_the_result_and_to_a_new_order(db, cast, bank, cart, press):
    bank.trouble["register"].append(Rejected("5", "Доступ запрещён"))
    answer = press()
    (number,) = orders(db)
    assert answer.headers["location"] == f"/cart/result/{number}"
    assert db.read(own_order, cast.owner.actor, number).reason == "rejected"
    assert press(form="form-2").headers["refresh"]
    assert len(orders(db)) == 2


def test_other_contents_close_the_first_order_before_there_is_a_second(db, cast, bank, cart, press):
    press()
    db.write(put_into_cart, cast.owner.actor, september_2019(db, cast.flat), with_advance=False, now=NOW)
    press(form="form-2")
    first, second = orders(db)
    assert (bank.orders[first].stage, bank.orders[second].stage) == ("declined", "registered")


def test_an_order_that_is_being_checked_refuses_a_second_and_shows_itself(db, cast, bank, cart, press):
    press()
    (number,) = orders(db)
    bank.think(number)
    assert press(form="form-2").headers["location"] == f"/cart/result/{number}"
    assert orders(db) == [number]


def test_a_first_order_that_was_paid_meanwhile_shows_itself(db, cast, bank, cart, press):
    press()
    (number,) = orders(db)
    bank.pay(number)
    assert press(form="form-2").headers["location"] == f"/cart/result/{number}"
    assert orders(db) == [number] and db.read(own_order, cast.owner.actor, number).paid


def test_a_person_makes_so_many_orders_and_no_more(db, cast, bank, cart, press):
    for at in range(ORDERS.free):
        bank.trouble["register"].append(Rejected("5"))
        press(form=f"form-{at}")
    answer = press(form="one-more")
    assert TOO_MANY in told(answer) and len(orders(db)) == ORDERS.free


def test_pressing_without_end_does_not_ask_the_bank_without_end(db, bank, cart, press):
    for at in range(PRESSES.free):
        assert press(form=f"form-{at}").status_code == 200
    asked = bank.calls.copy()
    assert TOO_MANY in told(press(form="one-more"))
    assert TOO_MANY in told(press(form="form-1"))
    assert bank.calls == asked and len(orders(db)) == 1


# Back from the bank, and on to it again.


@pytest.fixture
def waiting(db, cast, web) -> str:
    """An order of now that waits at the bank."""
    some_order(db, cast, february_2018(db, cast.flat), status="waiting", expires_at=utc_now() + timedelta(minutes=9))
    as_person(web, cast.owner)
    return NUMBER


def test_the_way_back_is_a_hint_noted_once(web, db, cast, waiting):
    for _ in range(3):
        answer = web.get(f"/api/orders/{waiting}/return?orderId=x&status=paid")
        assert (answer.status_code, answer.headers["location"]) == (303, f"/cart/result/{waiting}")
    with db.transaction() as writer:
        rows = writer.connection.execute(
            select(col(OrderEvent.was), col(OrderEvent.became))
            .where(col(OrderEvent.cause) == "return")
            .order_by(OrderEvent.id)
        ).all()
    assert [tuple(row) for row in rows] == [("waiting", "waiting")]
    assert not db.read(own_order, cast.owner.actor, waiting).paid
    assert web.head(f"/api/orders/{waiting}/return").status_code == 405


@pytest.mark.parametrize("way", ["bank", "return"])
def test_who_was_signed_out_meanwhile_signs_in_first(web, db, cast, waiting, way):
    db.write(end_all_sessions, cast.owner.actor.user_id, now=utc_now())
    answer = web.get(f"/api/orders/{waiting}/{way}")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/?next=/cart/result/{waiting}")


@pytest.mark.parametrize("way", ["bank", "return"])
def test_anothers_order_and_none_are_the_same_page(web, cast, waiting, way):
    for person in (cast.relative, cast.stranger, cast.operator):
        as_person(web, person)
        foreign, unknown = web.get(f"/api/orders/{waiting}/{way}"), web.get(f"/api/orders/1/{way}")
        assert foreign.status_code == unknown.status_code == 404
        assert foreign.text == unknown.text
    assert web.get(f"/api/orders/%2F%2Fevil.example/{way}").status_code in (404, 405)


@pytest.mark.parametrize(
    "form_url",
    ["javascript:alert(1)", "http://evil.example/pay", "//evil.example", "", "/overview", "https://", "ftp://x/y"],
)
def test_nobody_is_led_to_an_address_that_is_no_banks(web, db, waiting, form_url):
    with db.transaction() as writer:
        writer.change(update(Order).values(form_url=form_url))
    assert web.get(f"/api/orders/{waiting}/bank").headers["location"] == f"/cart/result/{waiting}"


def test_a_demonstrations_bank_is_on_this_site(web, db, waiting):
    with db.transaction() as writer:
        writer.change(update(Order).values(form_url="/demo/bank/pay/7"))
    assert web.get(f"/api/orders/{waiting}/bank").headers["location"] == "/demo/bank/pay/7"


@pytest.mark.parametrize(
    "more", [{"status": "checking"}, {"status": "declined"}, {"flag": "amount-differs"}, {"expires_at": NOW}]
)
def test_an_order_that_waits_for_nobody_shows_what_became_of_it(web, db, waiting, more):
    with db.transaction() as writer:
        writer.change(update(Order).values(**more))
    assert web.get(f"/api/orders/{waiting}/bank").headers["location"] == f"/cart/result/{waiting}"


# The confirmation.


@pytest.fixture(scope="module")
def processes():
    made = Processes(1, room=12, room_each=3)
    yield made
    made.shutdown()


@pytest.fixture
def drawn(processes, monkeypatch):
    monkeypatch.setattr("lk_reflex.api.paying.orders.drawing_processes", lambda: processes)


def test_the_confirmation_is_a_private_pdf(web, db, cast, drawn):
    some_order(db, cast, february_2018(db, cast.flat))
    as_person(web, cast.owner)
    answer = web.get(f"/api/orders/{NUMBER}.pdf")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.headers["cache-control"] == "private, no-store"
    assert f"Подтверждение оплаты {NUMBER}.pdf" in unquote(answer.headers["content-disposition"])
    assert "539,20" in PdfReader(io.BytesIO(answer.content)).pages[0].extract_text()


def test_no_confirmation_of_what_isnt_paid_or_isnt_ones_own(web, db, cast, drawn, waiting):
    assert web.get(f"/api/orders/{waiting}.pdf").status_code == 404
    with db.transaction() as writer:
        writer.change(update(Order).values(status="paid"))
    for person in (cast.relative, cast.stranger, cast.operator):
        as_person(web, person)
        assert web.get(f"/api/orders/{waiting}.pdf").status_code == 404
    as_person(web, None)
    assert web.get(f"/api/orders/{waiting}.pdf").status_code == 403


def test_nothing_was_done_and_nothing_said(db, bank, cart, press):
    """A bank that doesn't answer the first time but has done nothing is told once more under the same number."""
    bank.trouble["register"].append(BEFORE)
    assert press().headers["refresh"]
    assert len(bank.orders) == len(orders(db)) == 1

"""The form of a shared pay link over HTTP: to the bank, back from it, and no address that holds the link."""

from datetime import timedelta
from urllib.parse import unquote

import pytest
from sqlalchemy import text

from lk_reflex.core.clock import utc_now
from lk_reflex.core.errors import Unavailable
from lk_reflex.domain.payments.links import paying
from lk_reflex.domain.payments.links.behind import behind
from lk_reflex.domain.payments.links.making import make_link, revoke_link
from lk_reflex.domain.payments.links.mine import my_links
from lk_reflex.domain.payments.links.state import LinkState
from lk_reflex.domain.payments.links.tokens import key_of, link_token
from lk_reflex.settings import get_settings
from tests.api.conftest import cookie_of
from tests.billing.paper import february_2018
from tests.payments.bank import MemoryBank, MemoryBanks

OWN = {"origin": "http://lk.test"}


@pytest.fixture
def bank() -> MemoryBank:
    return MemoryBank()


@pytest.fixture(autouse=True)
def connected(bank, monkeypatch) -> None:
    made = MemoryBanks(bank)
    monkeypatch.setattr("lk_reflex.api.paying.pay_link.banks", lambda: made)

    class Now:
        def submit(self, work, *given):
            work(*given)

    # What else would be done on a thread whose end nobody waits for.
    monkeypatch.setattr("lk_reflex.api.paying.pay_link._looking", Now)


@pytest.fixture
def key(db, cast) -> str:
    made = february_2018(db, cast.flat)
    return db.write(make_link, cast.owner.actor, made, in_cart=False, now=utc_now())


@pytest.fixture
def token(key) -> str:
    return link_token(key, get_settings().key())


@pytest.fixture
def press(web, token):
    def send(headers=OWN, **fields):
        return web.post("/api/pay", data={"link": token, "email": "", **fields}, headers=headers)

    return send


def orders(db) -> list[str]:
    with db.engine.connect() as connection:
        return list(connection.scalars(text("SELECT number FROM orders ORDER BY id")))


def flash(answer) -> str:
    return unquote(unquote(cookie_of(answer, "lk_flash")))


def test_the_form_leads_to_the_bank_and_no_address_holds_the_link(web, db, bank, press, token):
    answer = press(email=" payer@example.org ")
    (number,) = orders(db)
    assert answer.status_code == 200 and answer.headers["refresh"] == f"0; url=/api/pay/{number}/bank"
    assert token not in answer.text and token[:22] not in answer.text
    cookie = cookie_of(answer, f"lk_pay_{number}")
    assert f"Path=/api/pay/{number}" in cookie and "HttpOnly" in cookie and "samesite=lax" in cookie.lower()
    assert bank.requests[number].email == "payer@example.org"
    assert bank.requests[number].return_url == f"http://lk.test/api/pay/{number}/return"
    on = web.get(f"/api/pay/{number}/bank")
    assert (on.status_code, on.headers["location"]) == (303, f"https://bank.example/pay/md-{number}")


def test_back_from_the_bank_the_payment_is_found_out(web, db, bank, press, key, token):
    press()
    (number,) = orders(db)
    bank.pay(number)
    with db.engine.begin() as connection:  # nobody types a card within the pause between two questions
        connection.execute(text("UPDATE orders SET looked_at = NULL"))
    back = web.get(f"/api/pay/{number}/return")
    assert (back.status_code, back.headers["location"]) == (303, f"/pay/{token}")
    assert db.read(behind, key, now=utc_now()).state is LinkState.PAID
    assert web.get(f"/api/pay/{number}/bank").headers["location"] == f"/pay/{token}"


def test_only_a_browser_comes_back_from_the_bank(web, db, bank, press):
    press()
    (number,) = orders(db)
    asked = bank.calls["state"]
    assert web.head(f"/api/pay/{number}/return").status_code == 405
    assert bank.calls["state"] == asked


def test_another_browser_is_not_led_to_anybodys_bank_page(web, db, press, token):
    press()
    (number,) = orders(db)
    web.cookies.clear()
    for forged in ("", "x", token[:-1] + "_"):
        web.cookies.set(f"lk_pay_{number}", forged)
        assert web.get(f"/api/pay/{number}/bank").headers["location"] == "/pay/x"
        back = web.get(f"/api/pay/{number}/return")
        assert back.status_code == 200 and "Откройте ссылку на оплату ещё раз" in back.text


def test_twice_pressed_is_one_order(db, bank, press):
    assert [press().status_code for _ in range(3)] == [200] * 3
    assert len(orders(db)) == 1 and bank.calls["register"] == 1


def test_a_foreign_page_makes_no_order(db, press):
    answer = press(headers={"origin": "https://evil.example"})
    assert answer.status_code == 303 and "чужой страницы" in flash(answer)
    assert orders(db) == []


def test_a_wrong_address_of_mail_goes_back_to_its_field(db, press, token):
    answer = press(email="кто-то где-то")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/pay/{token}")
    assert '"email"' in flash(answer) and "кто-то" in flash(answer)
    assert orders(db) == []


@pytest.mark.parametrize("link", ["", "x", "x" * 65, "../cart", "//evil.example"])
def test_a_link_that_is_none_leads_nowhere(db, press, link):
    answer = press(link=link)
    assert (answer.status_code, answer.headers["location"]) == (303, "/pay/x")
    assert orders(db) == []


def test_anothers_signature_is_worth_nothing(db, press, key):
    assert key_of(link_token(key, b"foreign"), get_settings().key()) == ""
    assert press(link=link_token(key, b"foreign")).headers["location"] == "/pay/x"
    assert orders(db) == []


def test_a_revoked_link_is_refused_with_a_sentence(db, cast, press, token):
    (mine,) = db.read(my_links, cast.owner.actor, now=utc_now())
    db.write(revoke_link, cast.owner.actor, mine.link_id, now=utc_now())
    answer = press()
    assert answer.headers["location"] == f"/pay/{token}" and paying.NOT_NOW in flash(answer)
    assert orders(db) == []


@pytest.mark.parametrize("how", ["revoked", "no payments"])
def test_a_link_that_ends_meanwhile_leads_to_its_page_and_not_to_the_bank(web, db, cast, press, token, how):
    press()
    (number,) = orders(db)
    if how == "revoked":
        (mine,) = db.read(my_links, cast.owner.actor, now=utc_now())
        db.write(revoke_link, cast.owner.actor, mine.link_id, now=utc_now())
    else:
        with db.engine.begin() as connection:
            connection.execute(text("UPDATE organizations SET takes_payments = FALSE"))
    assert web.get(f"/api/pay/{number}/bank").headers["location"] == f"/pay/{token}"


def test_an_organization_without_a_gateway_is_refused_before_anything_is_written(db, press, monkeypatch):
    class Unconnected(MemoryBanks):
        def kind(self, inn):
            raise Unavailable("Эта организация пока не принимает оплату картой через личный кабинет.")

    made = Unconnected(MemoryBank())
    monkeypatch.setattr("lk_reflex.api.paying.pay_link.banks", lambda: made)
    answer = press()
    assert answer.status_code == 303 and "не принимает оплату картой" in flash(answer)
    assert orders(db) == []


def test_a_get_of_any_of_its_addresses_makes_nothing(web, db, token):
    assert web.get("/api/pay").status_code == 405
    for address in ("/api/pay/1/bank", "/api/pay/x/return", "/api/pay/../bank"):
        assert web.get(address).status_code in (200, 303, 404)
    assert orders(db) == []


def test_no_search_engine_keeps_a_link(web, token):
    assert web.get(f"/pay/{token}").headers["x-robots-tag"] == "noindex, nofollow"
    assert web.get(f"/pay/{token}").headers["referrer-policy"] == "same-origin"
    assert "x-robots-tag" not in web.get("/help").headers


def test_an_order_of_which_the_bank_has_another_sum_leads_to_the_page_and_not_to_the_bank(web, db, press, token):
    press()
    (number,) = orders(db)
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE orders SET flag = 'amount-differs'"))
    assert web.get(f"/api/pay/{number}/bank").headers["location"] == f"/pay/{token}"


def test_an_order_with_no_time_left_leads_to_the_page_and_not_to_the_bank(web, db, press, token):
    press()
    (number,) = orders(db)
    with db.engine.begin() as connection:
        past = utc_now() - timedelta(minutes=1)
        connection.execute(text("UPDATE orders SET expires_at = :past"), {"past": str(past)})
    assert web.get(f"/api/pay/{number}/bank").headers["location"] == f"/pay/{token}"

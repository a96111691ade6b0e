"""The JSON wire, answer by answer."""

import base64

import pytest

from lk_reflex.standins.bank.cards import Way
from lk_reflex.standins.secrets import BANK_SECRET, BANK_SHOP
from tests.standins.bank.test_rbs_wire import pay

BODY = {
    "amount": {"value": "2911.46", "currency": "RUB"}, "capture": True, "description": "Квартплата",
    "confirmation": {"type": "redirect", "return_url": "http://testserver/back"}, "metadata": {"order_number": "n1"},
}  # fmt: skip


def ask(bank, method, path, body=None, key="", shop=BANK_SHOP, secret=BANK_SECRET):
    basic = base64.b64encode(f"{shop}:{secret}".encode()).decode()
    headers = {"Authorization": f"Basic {basic}"} | ({"Idempotence-Key": key} if key else {})
    return bank.client.request(method, f"/demo/bank/json/{path}", json=body, headers=headers)


def create(bank, key="k1", **changes):
    return ask(bank, "POST", "payments", {**BODY, **changes}, key)


def test_a_payment_is_made_and_read_again(bank):
    answer = create(bank)
    made = answer.json()
    assert (answer.status_code, made["status"], made["paid"]) == (200, "pending", False)
    assert made["amount"] == {"value": "2911.46", "currency": "RUB"} and made["metadata"] == {"order_number": "n1"}
    assert made["confirmation"]["confirmation_url"] == f"/demo/bank/pay/{made['id']}"
    assert ask(bank, "GET", f"payments/{made['id']}").json() == made
    assert ask(bank, "GET", "payments").json()["items"] == [made]


def test_the_same_key_is_the_same_payment_and_with_another_body_a_conflict(bank):
    first = create(bank).json()
    assert create(bank).json() == first
    other = create(bank, amount={"value": "1.00", "currency": "RUB"})
    assert (other.status_code, other.json()["parameter"]) == (409, "Idempotence-Key")
    assert create(bank, key="").status_code == 400
    assert len(bank.ledger.orders()) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": {"value": "0.00", "currency": "RUB"}},
        {"amount": {"value": "1", "currency": "RUB"}},
        {"amount": {"value": 1.5, "currency": "RUB"}},
        {"amount": {"value": "-1.00", "currency": "RUB"}},
        {"amount": {"value": "1.00", "currency": "USD"}},
        {"amount": "1.00"},
        {"confirmation": {"return_url": "javascript:1"}},
        {"confirmation": None},
        {"metadata": {"a": 1}},
        {"metadata": []},
        {"expires_in": 0},
    ],
)
def test_what_is_wrong_is_refused_and_the_key_stays_free(bank, changes):
    answer = create(bank, **changes)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request")
    assert bank.ledger.orders() == []
    assert create(bank).status_code == 200


@pytest.mark.parametrize(("shop", "secret"), [("x", BANK_SECRET), (BANK_SHOP, "x"), ("", "")])
def test_who_has_no_key_is_not_let_in(bank, shop, secret):
    assert ask(bank, "GET", "payments", shop=shop, secret=secret).status_code == 401
    assert bank.client.get("/demo/bank/json/payments").status_code == 401
    assert bank.client.get("/demo/bank/json/payments", headers={"Authorization": "Basic ?"}).status_code == 401


def test_a_body_that_is_no_object_is_refused(bank):
    assert ask(bank, "POST", "payments", [1], "k").status_code == 400


@pytest.mark.parametrize(
    ("way", "status", "reason"),
    [
        (Way.PAID, "succeeded", None),
        (Way.HELD, "waiting_for_capture", None),
        (Way.SECURE, "pending", None),
        (Way.DECLINED, "canceled", "general_decline"),
        (Way.NO_MONEY, "canceled", "insufficient_funds"),
    ],
)
def test_what_a_card_comes_to(bank, way, status, reason):
    made = create(bank).json()
    pay(bank, made["id"], way)
    seen = ask(bank, "GET", f"payments/{made['id']}").json()
    assert (seen["status"], seen.get("cancellation_details", {}).get("reason")) == (status, reason)
    assert seen["paid"] is (status in ("succeeded", "waiting_for_capture"))
    assert "confirmation" not in seen
    assert seen["payment_method"]["card"]["last4"].isdigit()


def test_an_unpaid_payment_is_cancelled_and_a_paid_one_not(bank):
    made = create(bank).json()
    done = ask(bank, "POST", f"payments/{made['id']}/cancel", {}, "c1").json()
    assert (done["status"], done["cancellation_details"]["reason"]) == ("canceled", "canceled_by_merchant")
    pay(bank, made["id"])
    paid = create(bank, key="k2").json()
    pay(bank, paid["id"])
    assert ask(bank, "POST", f"payments/{paid['id']}/cancel", {}, "c2").status_code == 400
    assert bank.ledger.captured() == 291146


def test_a_hold_is_taken_or_undone(bank):
    first, second = create(bank, capture=False).json(), create(bank, "k2", capture=False).json()
    for made in (first, second):
        pay(bank, made["id"])
    assert ask(bank, "POST", f"payments/{first['id']}/capture", {}, "c1").json()["status"] == "succeeded"
    assert ask(bank, "POST", f"payments/{second['id']}/cancel", {}, "c2").json()["status"] == "canceled"
    assert bank.ledger.captured() == 291146


def test_refunds_are_made_once_a_key(bank):
    made = create(bank).json()
    pay(bank, made["id"])
    body = {"payment_id": made["id"], "amount": {"value": "100.00", "currency": "RUB"}}
    first = ask(bank, "POST", "refunds", body, "r1").json()
    assert (first["status"], ask(bank, "POST", "refunds", body, "r1").json()) == ("succeeded", first)
    assert ask(bank, "GET", f"refunds/{first['id']}").json() == first
    assert ask(bank, "GET", f"refunds?payment_id={made['id']}").json()["items"] == [first]
    too_much = {**body, "amount": {"value": "2811.47", "currency": "RUB"}}
    assert ask(bank, "POST", "refunds", too_much, "r2").status_code == 400
    seen = ask(bank, "GET", f"payments/{made['id']}").json()
    assert seen["refunded_amount"] == {"value": "100.00", "currency": "RUB"}
    assert bank.ledger.refunded() == 10000


def test_one_shop_sees_no_others_payments(bank):
    made, other = create(bank).json(), f"{BANK_SHOP}-7400000000"
    assert ask(bank, "GET", f"payments/{made['id']}", shop=other).status_code == 404
    assert ask(bank, "GET", "payments", shop=other).json()["items"] == []
    assert ask(bank, "POST", f"payments/{made['id']}/cancel", {}, "c", shop=other).status_code == 404
    assert ask(bank, "GET", "refunds/x").status_code == 404


def test_a_list_comes_in_pages_between_two_moments(bank):
    for place in range(5):
        bank.clock.on(hours=1)
        create(bank, f"k{place}", metadata={"order_number": f"n{place}"})
    seen, cursor = [], ""
    while True:
        page = ask(bank, "GET", f"payments?limit=2{cursor}").json()
        seen += [item["metadata"]["order_number"] for item in page["items"]]
        if "next_cursor" not in page:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert seen == ["n4", "n3", "n2", "n1", "n0"]
    third = ask(bank, "GET", "payments?metadata[order_number]=n3").json()["items"][0]
    later = ask(bank, "GET", f"payments?created_at.gte={third['created_at']}").json()["items"]
    earlier = ask(bank, "GET", f"payments?created_at.lt={third['created_at']}").json()["items"]
    assert (len(later), len(earlier)) == (2, 3)
    assert ask(bank, "GET", "payments?limit=x").status_code == 400
    assert ask(bank, "GET", "payments?created_at.gte=x").status_code == 400


def test_an_hour_without_payment_ends_it(bank):
    made = create(bank).json()
    bank.clock.on(hours=1)
    seen = ask(bank, "GET", f"payments/{made['id']}").json()
    assert (seen["status"], seen["cancellation_details"]["reason"]) == ("canceled", "expired_on_confirmation")

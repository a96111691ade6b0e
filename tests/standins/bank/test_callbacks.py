"""Callbacks: signed, repeated, given up, late, doubled, disordered; and the queue outlives a restart."""

import json

import httpx
import pytest

from lk_reflex.standins.bank.cards import Way
from lk_reflex.standins.bank.notices import signed
from lk_reflex.standins.secrets import BANK_CALLBACK_KEY
from tests.standins.bank.served import running, shop, until

NUMBER = "26112300000001"


@pytest.fixture
def caller():
    """Whom the bank calls back."""
    with shop() as found:
        yield found


@pytest.fixture
def bank(tmp_path, caller):
    with running(tmp_path / "bank", caller.url) as found:
        yield found


def settled(bank, count: int):
    until(lambda: len([call for call in bank.ledger.calls() if call["outcome"]]) == count)
    return [call["outcome"] for call in bank.ledger.calls()]


def test_the_checksum_is_that_of_the_protocol():
    fields = {"amount": "123456", "mdOrder": "3ff6962a-7dcc-4283-ab50-a6d7dd3386fe", "operation": "deposited",
              "orderNumber": "10747", "status": "1"}  # fmt: skip
    expected = "51C892147225ABE87798CB02979D70EF46D0AE79B5AA3B28B1C260BE286C50A9"
    assert signed(fields, "yourSecretToken")["checksum"] == expected
    assert signed(signed(fields, "yourSecretToken"), "yourSecretToken")["checksum"] == expected


def test_a_payment_is_told_once_where_it_is_answered(bank, caller):
    bank_id = bank.register(NUMBER)
    bank.pay(bank_id)
    assert settled(bank, 1) == ["sent"]
    ((method, fields, _body),) = caller.calls
    assert method == "GET" and signed(fields, BANK_CALLBACK_KEY)["checksum"] == fields["checksum"]
    assert (fields["mdOrder"], fields["orderNumber"], fields["amount"]) == (bank_id, NUMBER, "10000")
    assert caller.told() == [("deposited", "1")]


def test_it_is_repeated_until_it_is_answered(bank, caller):
    caller.status = 503
    bank.pay(bank.register(NUMBER))
    until(lambda: len(caller.calls) == 2)
    caller.status = 200
    assert settled(bank, 1) == ["sent"]
    assert len(caller.calls) == 3 and len({json.dumps(fields) for _method, fields, _body in caller.calls}) == 1


def test_after_three_failures_it_is_given_up(bank, caller):
    caller.status = 404
    bank.pay(bank.register(NUMBER))
    assert settled(bank, 1) == ["given up"]
    assert len(caller.calls) == 3


@pytest.mark.parametrize(
    ("way", "told"),
    [
        (Way.SECURE, [("deposited", "1")]),
        (Way.DECLINED, [("deposited", "0")]),
        (Way.HELD, [("approved", "1")]),
        (Way.TWICE_LATE, [("deposited", "1")] * 2),
        (Way.DISORDERED, [("deposited", "0"), ("deposited", "1")]),
    ],
)
def test_what_each_card_lets_the_shop_hear(bank, caller, way, told):
    bank.pay(bank.register(NUMBER), way)
    settled(bank, len(told))
    assert caller.told() == told


@pytest.mark.parametrize("way", [Way.LOST, Way.CHARGED_SILENT, Way.SILENT])
def test_cards_whose_callback_never_comes(bank, caller, way):
    bank.pay(bank.register(NUMBER), way)
    bank.pay(bank.register("2"))
    settled(bank, 1)
    assert [fields["orderNumber"] for _method, fields, _body in caller.calls] == ["2"]


def test_refunds_reversals_and_ends_of_sessions_are_told(bank, caller):
    paid, held = bank.register("1"), bank.register("2")
    bank.pay(paid)
    settled(bank, 1)
    bank.rbs("refund.do", orderId=paid, amount=100)
    settled(bank, 2)
    bank.pay(held, Way.HELD)
    settled(bank, 3)
    bank.rbs("reverse.do", orderId=held)
    settled(bank, 4)
    bank.register("3", sessionTimeoutSecs=1)
    settled(bank, 5)  # nobody has asked about it
    assert [operation for operation, _ in caller.told()] == [
        "deposited", "refunded", "approved", "reversed", "declinedByTimeout",
    ]  # fmt: skip


def test_the_json_gateway_posts_unsigned_objects(bank, caller):
    body = {
        "amount": {"value": "10.50", "currency": "RUB"}, "capture": True, "metadata": {"order_number": "n1"},
        "confirmation": {"type": "redirect", "return_url": "http://localhost/"},
    }  # fmt: skip
    for key, way in (("1", Way.PAID), ("2", Way.NO_MONEY), ("3", Way.HELD)):
        bank.pay(bank.json("POST", "payments", body, key).json()["id"], way)
        settled(bank, int(key))
    payment = bank.json("GET", "payments").json()["items"][-1]
    refund = {"payment_id": payment["id"], "amount": {"value": "0.50", "currency": "RUB"}}
    bank.json("POST", "refunds", refund, "r")
    settled(bank, 4)
    heard = [(method, json.loads(text)) for method, _fields, text in caller.calls]
    assert [(method, told["event"], told["object"]["status"]) for method, told in heard] == [
        ("POST", "payment.succeeded", "succeeded"),
        ("POST", "payment.canceled", "canceled"),
        ("POST", "payment.waiting_for_capture", "waiting_for_capture"),
        ("POST", "refund.succeeded", "succeeded"),
    ]
    assert heard[-1][1]["object"]["payment_id"] == payment["id"]


def test_a_clerk_tells_again(bank, caller):
    bank_id = bank.register(NUMBER)
    bank.pay(bank_id, Way.LOST)
    for count in (1, 2):
        assert httpx.post(f"{bank.base}/orders/{bank_id}", data={"do": "again"}, trust_env=False).status_code == 303
        settled(bank, count)
    assert caller.told() == [("deposited", "1")] * 2


def test_what_is_left_in_the_queue_goes_out_after_a_restart(tmp_path, caller):
    caller.status = 500
    with running(tmp_path, caller.url, pause=0.5) as bank:
        bank.pay(bank.register(NUMBER))
        until(lambda: caller.calls)
        bank.kill()
    assert [call["outcome"] for call in bank.ledger.calls()] == [""]
    caller.status = 200
    with running(tmp_path, caller.url, pause=0.5, patience=0.5) as bank:
        assert settled(bank, 1) == ["sent"]


def test_nobody_is_called_where_nobody_is_named(tmp_path):
    with running(tmp_path) as bank:
        bank.pay(bank.register(NUMBER))
        assert bank.ledger.calls() == []

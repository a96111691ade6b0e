"""The bank is killed at each marked point, serves from two processes, and lets troubles be ordered."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress

import httpx
import pytest

from lk_reflex.standins.bank.cards import Way
from tests.standins.bank.served import running, shop, until

NUMBER = "26112300000001"


def dies(bank) -> None:
    until(lambda: bank.process.poll() is not None)
    assert bank.process.returncode == -9


def test_killed_after_registering_it_has_the_order(tmp_path):
    with running(tmp_path, failpoint="bank-registered") as bank:
        with pytest.raises(httpx.HTTPError):
            bank.register(NUMBER)
        dies(bank)
    with running(tmp_path) as bank:
        assert bank.state(NUMBER)["orderStatus"] == 0
        answer = bank.rbs("register.do", orderNumber=NUMBER, amount=1, returnUrl="http://localhost/")
        assert answer["errorCode"] == "1"


@pytest.mark.parametrize("way", [Way.PAID, Way.SECURE])
def test_killed_between_charging_and_answering_it_has_the_charge_and_calls_back(tmp_path, way):
    with shop() as caller:
        with running(tmp_path, caller.url, failpoint="bank-charged") as bank:
            with pytest.raises(httpx.HTTPError):
                bank.pay(bank.register(NUMBER), way)
            dies(bank)
        assert bank.ledger.charges(NUMBER) == [10000]
        with running(tmp_path, caller.url, patience=0.2) as bank:
            assert bank.state(NUMBER)["orderStatus"] == 2
            until(lambda: ("deposited", "1") in caller.told())


def test_killed_after_answering(tmp_path):
    with running(tmp_path, failpoint="bank-charged-answered") as bank:
        bank_id = bank.register(NUMBER)
        with httpx.Client(trust_env=False) as browser:
            typed = {"number": "4111111111111111", "month": "12", "year": "99", "cvc": "123"}
            # On a busy machine it is dead before its last bytes have gone: charged it has all the same.
            with suppress(httpx.RemoteProtocolError):
                assert browser.post(f"{bank.base}/pay/{bank_id}", data=typed).status_code == 303
        dies(bank)
    assert bank.ledger.charges(NUMBER) == [10000]


def test_killed_after_calling_back_it_calls_again(tmp_path):
    with shop() as caller:
        with running(tmp_path, caller.url, failpoint="callback-sent", patience=0.2) as bank:
            bank.pay(bank.register(NUMBER))
            dies(bank)
        assert len(caller.calls) == 1
        with running(tmp_path, caller.url, patience=0.2) as bank:
            until(lambda: bank.ledger.calls()[0]["outcome"] == "sent")
        assert caller.told() == [("deposited", "1")] * 2


def test_killed_after_giving_back_it_has_the_refund(tmp_path):
    with running(tmp_path, failpoint="bank-refunded") as bank:
        bank_id = bank.register(NUMBER)
        bank.pay(bank_id)
        with pytest.raises(httpx.HTTPError):
            bank.rbs("refund.do", orderId=bank_id, amount=4000)
        dies(bank)
    assert bank.ledger.refunded() == 4000
    with running(tmp_path) as bank:
        assert bank.state(NUMBER)["paymentAmountInfo"]["refundedAmount"] == 4000


def test_a_json_payment_whose_answer_was_lost_by_a_kill_is_found_by_its_key(tmp_path):
    body = {"amount": {"value": "10.50", "currency": "RUB"}, "capture": True, "metadata": {"order_number": "n1"},
            "confirmation": {"type": "redirect", "return_url": "http://localhost/"}}  # fmt: skip
    with running(tmp_path, failpoint="bank-registered") as bank:
        with pytest.raises(httpx.HTTPError):
            bank.json("POST", "payments", body, "k")
        dies(bank)
    with running(tmp_path) as bank:
        made = bank.json("POST", "payments", body, "k").json()
        assert [item["id"] for item in bank.json("GET", "payments").json()["items"]] == [made["id"]]


def test_two_processes_keep_the_same_books(tmp_path):
    with shop() as caller, running(tmp_path, caller.url) as one, running(tmp_path, caller.url) as other:
        both = (one, other)
        bank_ids = [both[at % 2].register(f"{NUMBER}{at}") for at in range(6)]

        def paid(at: int) -> None:
            both[at % 2].pay(bank_ids[at // 4])

        with ThreadPoolExecutor(8) as threads:
            list(threads.map(paid, range(24)))
        assert [one.ledger.charges(f"{NUMBER}{at}") for at in range(6)] == [[10000]] * 6
        until(lambda: [call["outcome"] for call in one.ledger.calls()] == ["sent"] * 6)
        assert len(caller.calls) == 6


def test_of_many_who_register_one_number_one_is_let(tmp_path):
    with running(tmp_path) as bank:
        fields = {"orderNumber": NUMBER, "amount": 100, "returnUrl": "http://localhost/"}
        with ThreadPoolExecutor(8) as threads:
            answers = list(threads.map(lambda _: bank.rbs("register.do", **fields), range(16)))
    assert sorted(answer.get("errorCode", "") for answer in answers) == [""] + ["1"] * 15


@pytest.mark.parametrize(
    ("kind", "status", "registered"),
    [
        ("silent", 504, False), ("fault", 502, False), ("garbage", 200, False), ("system", 200, False),
        ("done-silent", 504, True), ("done-fault", 502, True), ("done-garbage", 200, True), ("slow", 200, True),
    ],
)  # fmt: skip
def test_troubles_come_as_often_as_they_are_ordered(tmp_path, kind, status, registered):
    with running(tmp_path) as bank:
        bank.trouble("register.do", kind)
        data = {"userName": "demo-api", "password": "demo-bank-password", "orderNumber": NUMBER, "amount": 1,
                "returnUrl": "http://localhost/"}  # fmt: skip
        answer = httpx.post(f"{bank.base}/rest/register.do", data=data, trust_env=False)
        assert answer.status_code == status
        assert bool(bank.ledger.orders()) is registered
        assert bank.state(NUMBER)["errorCode"] == ("0" if registered else "6")
        assert bank.rbs("register.do", **data).get("errorCode", "") == ("1" if registered else "")


def test_troubles_can_be_ended(tmp_path):
    with running(tmp_path) as bank:
        bank.trouble("*", "fault", times=99)
        assert bank.json("GET", "payments").status_code == 502
        assert httpx.delete(f"{bank.base}/troubles", trust_env=False).status_code == 200
        assert bank.json("GET", "payments").status_code == 200


def test_the_journal_of_money_can_not_be_rewritten(tmp_path):
    with running(tmp_path) as bank:
        bank.pay(bank.register(NUMBER))
    with closing(sqlite3.connect(tmp_path / "bank.db")) as books:
        for statement in ("UPDATE entries SET amount = 1", "DELETE FROM entries"):
            with pytest.raises(sqlite3.IntegrityError):
                books.execute(statement)

"""The RBS wire, answer by answer, with its oddities."""

import pytest

from lk_reflex.standins.bank import rbs
from lk_reflex.standins.bank.cards import Way, card_of
from lk_reflex.standins.secrets import BANK_LOGIN, BANK_PASSWORD, BANK_TOKEN
from tests.standins.bank.conftest import BACK

NUMBER = "26112300000001"


def pay(bank, bank_id, way=Way.PAID):
    card = card_of(way)
    typed = {"number": card.number, "month": "12", "year": "99", "cvc": "123"}
    return bank.client.post(f"/demo/bank/pay/{bank_id}", data=typed)


def test_an_order_is_registered_once_and_the_success_has_no_error_code(bank):
    answer = bank.rbs("register.do", orderNumber=NUMBER, amount=10000, currency=643, **BACK)
    assert set(answer) == {"orderId", "formUrl"}
    assert answer["formUrl"] == f"/demo/bank/pay/{answer['orderId']}"
    again = bank.rbs("register.do", orderNumber=NUMBER, amount=20000, **BACK)
    assert again == {"errorCode": "1", "errorMessage": rbs.TAKEN_WORDS}
    assert [order["amount"] for order in bank.ledger.orders()] == [10000]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"password": "wrong"}, "5"),
        ({"userName": "somebody"}, "5"),
        ({"userName": BANK_LOGIN + "x"}, "5"),
        ({"orderNumber": ""}, "4"),
        ({"amount": ""}, "4"),
        ({"returnUrl": ""}, "4"),
        ({"orderNumber": "1" * 33}, "5"),
        ({"amount": "0"}, "5"),
        ({"amount": "-100"}, "5"),
        ({"amount": "100.50"}, "5"),
        ({"amount": "٣"}, "5"),
        ({"currency": "840"}, "3"),
        ({"returnUrl": "javascript:alert(1)"}, "5"),
        ({"failUrl": "/fail"}, "5"),
        ({"jsonParams": "[1]"}, "5"),
        ({"jsonParams": "{"}, "5"),
        ({"sessionTimeoutSecs": "0"}, "5"),
        ({"sessionTimeoutSecs": "soon"}, "5"),
    ],
)
def test_what_is_wrong_is_refused_with_http_200_and_nothing_is_kept(bank, changes, code):
    fields = {"orderNumber": NUMBER, "amount": "100", **BACK, "userName": BANK_LOGIN, "password": BANK_PASSWORD}
    answer = bank.rbs("register.do", {}, **{**fields, **changes})
    assert answer["errorCode"] == code and answer["errorMessage"]
    assert bank.ledger.orders() == []


def test_a_token_does_as_well_and_one_shop_sees_no_others_orders(bank):
    token, other = (
        {"token": f"{BANK_TOKEN}-7400000000"},
        {"userName": f"{BANK_LOGIN}-7411111111", "password": BANK_PASSWORD},
    )
    bank_id = bank.rbs("register.do", token, orderNumber=NUMBER, amount=100, **BACK)["orderId"]
    assert bank.rbs("getOrderStatusExtended.do", token, orderId=bank_id)["orderStatus"] == 0
    same_shop = {"userName": f"{BANK_LOGIN}-7400000000", "password": BANK_PASSWORD}
    assert bank.rbs("getOrderStatusExtended.do", same_shop, orderNumber=NUMBER)["orderStatus"] == 0
    for by in ({"orderId": bank_id}, {"orderNumber": NUMBER}):
        assert bank.rbs("getOrderStatusExtended.do", other, **by)["errorCode"] == "6"
    assert bank.rbs("decline.do", other, orderId=bank_id)["errorCode"] == 6
    assert "orderId" in bank.rbs("register.do", other, orderNumber=NUMBER, amount=100, **BACK)


def test_the_state_of_a_new_order(bank):
    bank_id = bank.register(jsonParams='{"organization":"ООО «Три кита»"}', description="Квартплата", email="a@b.org")
    state = bank.state()
    assert (state["errorCode"], state["orderStatus"], state["actionCode"]) == ("0", 0, -100)
    assert (state["amount"], state["currency"], state["orderNumber"]) == (10000, "643", NUMBER)
    assert state["attributes"] == [{"name": "mdOrder", "value": bank_id}]
    assert state["merchantOrderParams"] == [{"name": "organization", "value": "ООО «Три кита»"}]
    assert "cardAuthInfo" not in state and state["refunds"] == []
    assert bank.rbs("getOrderStatusExtended.do", orderId=bank_id) == state


def test_a_paid_one_shows_amounts_dates_and_a_masked_card(bank):
    pay(bank, bank.register())
    state = bank.state()
    assert (state["orderStatus"], state["actionCode"]) == (2, 0)
    assert state["paymentAmountInfo"] == {
        "paymentState": "DEPOSITED", "approvedAmount": 10000, "depositedAmount": 10000, "refundedAmount": 0,
        "feeAmount": 0,
    }  # fmt: skip
    assert state["cardAuthInfo"]["pan"] == "411111**1111" and state["cardAuthInfo"]["approvalCode"]
    assert state["depositedDate"] == round(bank.clock().timestamp() * 1000)
    assert "4111111111111111" not in str(bank.ledger.orders())


@pytest.mark.parametrize(
    ("way", "status", "code"), [(Way.DECLINED, 6, 120), (Way.NO_MONEY, 6, 116), (Way.SECURE, 5, -100), (Way.HELD, 1, 0)]
)
def test_the_states_that_are_not_paid(bank, way, status, code):
    pay(bank, bank.register(), way)
    state = bank.state()
    assert (state["orderStatus"], state["actionCode"]) == (status, code)
    assert state["paymentAmountInfo"]["depositedAmount"] == 0
    assert bank.ledger.captured() == 0


def test_refunds_in_parts_answer_with_a_number_and_stop_at_what_was_paid(bank):
    bank_id = bank.register()
    assert bank.rbs("refund.do", orderId=bank_id, amount=1) == {"errorCode": 7, "errorMessage": rbs.PAST_WORDS}
    pay(bank, bank_id)
    assert bank.rbs("refund.do", orderId=bank_id, amount=4000) == {"errorCode": 0, "errorMessage": "Успешно"}
    assert bank.rbs("refund.do", orderId=bank_id, amount=6001)["errorMessage"] == rbs.TOO_MUCH_WORDS
    assert bank.rbs("refund.do", orderId=bank_id, amount=6000)["errorCode"] == 0
    assert bank.rbs("refund.do", orderId=bank_id, amount=1)["errorCode"] == 7
    state = bank.state()
    assert state["orderStatus"] == 4 and state["paymentAmountInfo"]["refundedAmount"] == 10000
    assert [refund["amount"] for refund in state["refunds"]] == [4000, 6000]
    assert (bank.ledger.captured(), bank.ledger.refunded()) == (10000, 10000)


@pytest.mark.parametrize("amount", ["", "0", "-1", "1.5", "x"])
def test_a_refund_of_no_sum_is_refused(bank, amount):
    bank_id = bank.register()
    pay(bank, bank_id)
    assert bank.rbs("refund.do", orderId=bank_id, amount=amount)["errorCode"] == 5
    assert bank.ledger.refunded() == 0


def test_a_hold_is_undone_and_only_a_hold(bank):
    bank_id = bank.register()
    assert bank.rbs("reverse.do", orderId=bank_id)["errorCode"] == 7
    pay(bank, bank_id, Way.HELD)
    assert bank.rbs("decline.do", orderId=bank_id)["errorCode"] == 7
    assert bank.rbs("reverse.do", orderId=bank_id)["errorCode"] == 0
    assert bank.state()["orderStatus"] == 3


def test_a_declined_order_can_not_be_paid(bank):
    bank_id = bank.register()
    assert bank.rbs("decline.do", orderId=bank_id)["errorCode"] == 0
    assert bank.state()["orderStatus"] == 6
    pay(bank, bank_id)
    assert bank.ledger.captured() == 0
    assert bank.rbs("decline.do", orderId=bank_id)["errorCode"] == 7


def test_a_paid_order_can_not_be_declined(bank):
    bank_id = bank.register()
    pay(bank, bank_id)
    assert bank.rbs("decline.do", orderId=bank_id)["errorCode"] == 7
    assert bank.state()["orderStatus"] == 2


def test_a_session_lasts_as_long_as_was_asked_for(bank):
    bank_id = bank.register(sessionTimeoutSecs=300)
    bank.clock.on(seconds=299)
    assert bank.state()["orderStatus"] == 0
    bank.clock.on(seconds=1)
    state = bank.state()
    assert (state["orderStatus"], state["actionCode"]) == (6, -2007)
    pay(bank, bank_id)
    assert bank.ledger.captured() == 0


def test_unknown_orders_and_calls(bank):
    assert bank.state("1")["errorCode"] == "6"
    assert bank.rbs("getOrderStatusExtended.do")["errorCode"] == "1"
    assert bank.rbs("refund.do", amount=1)["errorCode"] == 4
    assert bank.rbs("refund.do", orderId="x", amount=1)["errorCode"] == 6
    assert bank.client.post("/demo/bank/rest/nothing.do").status_code == 404
    assert bank.client.post("/demo/bank/troubles", json={}).status_code == 404

"""Both clients over a gateway that answers anything: what is sent, what is read, and that garbage is silence."""

import json
import logging
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from lk_reflex.integrations.bank.banks import bank_of
from lk_reflex.integrations.bank.gateways import Gateway
from lk_reflex.integrations.bank.port import (
    BankFault,
    BankState,
    NumberTaken,
    Registered,
    Rejected,
    Request,
    Silent,
    Stage,
)
from tests.integrations.scripted import GARBAGE, TROUBLES, keeps_silent, scripted

REQUEST = Request(
    number="26112312345678", amount=53920, return_url="https://lk.example.org/cart/result/26112312345678",
    fail_url="https://lk.example.org/cart/result/26112312345678", description="Лицевой счет 1234567899\n за 10.2026",
    lives=1200, email="anna@example.org", extra={"account": "1234567899", "period": "10.2026"},
)  # fmt: skip
ID = "3ff6962a-7dcc-4283-ab50-a6d7dd3386fe"
PAGE = "https://bank.example.ru/pay?mdOrder=1"


@pytest.fixture(scope="module")
def gateway():
    with scripted() as script:
        yield script


@pytest.fixture(autouse=True)
def afresh(gateway):
    gateway.says({})
    gateway.asked.clear()


@pytest.fixture
def rbs(gateway):
    page = "https://bank.example.ru/pay?mdOrder={orderId}"
    return bank_of(Gateway("rbs", gateway.base, "lk-api", "hush-password", page_url=page, timeout=2))


@pytest.fixture
def shop(gateway):
    return bank_of(Gateway("json", gateway.base, shop_id="100500", secret="hush-secret", timeout=2))


@pytest.fixture(params=["rbs", "json"])
def bank(request):
    return request.getfixturevalue("rbs" if request.param == "rbs" else "shop")


CALLS = {
    "register": lambda bank: bank.register(REQUEST),
    "by-number": lambda bank: bank.state(REQUEST.number),
    "by-id": lambda bank: bank.state(REQUEST.number, ID),
    "refund": lambda bank: bank.refund(REQUEST.number, ID, 100, key="refund-1"),
    "reverse": lambda bank: bank.reverse(REQUEST.number, ID),
    "decline": lambda bank: bank.decline(REQUEST.number, ID),
}


@pytest.fixture(params=CALLS)
def call(request):
    return CALLS[request.param]


@pytest.mark.parametrize(
    "answer", GARBAGE, ids=lambda answer: f"{answer[0]}-{answer[1][:8]!r}" if isinstance(answer[1], bytes) else "object"
)
def test_an_answer_that_says_nothing_is_silence(gateway, bank, call, answer):
    gateway.says(answer)
    with pytest.raises(Silent):
        call(bank)


@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_broken_line_is_silence_within_our_patience(gateway, bank, trouble):
    gateway.says(trouble)
    with pytest.raises(Silent):
        bank.register(REQUEST)


def test_nobody_there_is_silence(bank):
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        bank._wire.base = f"http://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(Silent):
            bank.register(REQUEST)


@pytest.mark.parametrize(
    "answer", [(200, b"x"), (401, {"code": "invalid_credentials"}), (200, {"errorCode": "5"}), (502, b"")]
)
def test_no_fault_and_no_log_holds_a_secret(gateway, bank, call, answer, caplog):
    caplog.set_level(logging.DEBUG)
    gateway.says(answer)
    with pytest.raises(BankFault) as fault:
        call(bank)
    told, cause = "", fault.value
    while cause is not None:
        told, cause = f"{told}{cause!r}{vars(cause)}", cause.__cause__
    assert "hush" not in told + caplog.text
    assert "127.0.0.1" not in told


def test_a_silent_bank_keeps_two_waiting_at_most_until_it_answers_again(gateway, bank):
    gateway.says(keeps_silent)
    with pytest.raises(Silent):
        bank.state(REQUEST.number, ID)

    def told(_number) -> str:
        with pytest.raises(Silent) as fault:
            bank.state(REQUEST.number, ID)
        return str(fault.value)

    with ThreadPoolExecutor(8) as pool:
        answers = Counter(pool.map(told, range(8)))
    assert set(answers) == {"ReadTimeout", "resting"}
    gateway.says(PAID if bank.kind == "rbs" else SUCCEEDED)
    assert bank.state(REQUEST.number, ID).stage is Stage.PAID
    with ThreadPoolExecutor(8) as pool:
        assert {state.stage for state in pool.map(lambda _: bank.state(REQUEST.number, ID), range(8))} == {Stage.PAID}


def test_a_redirect_is_not_followed(gateway, bank, call):
    gateway.says((302, {}))
    with pytest.raises(Silent):
        call(bank)
    assert len(gateway.asked) == 1


# RBS


def test_rbs_registers_with_what_the_protocol_says(gateway, rbs):
    gateway.says({"orderId": ID, "formUrl": PAGE})
    assert rbs.register(REQUEST) == Registered(ID, PAGE)
    (asked,) = gateway.asked
    fields = asked.form
    extra = json.loads(fields.pop("jsonParams"))
    assert (asked.method, asked.path) == ("POST", "/register.do")
    assert asked.headers["content-type"] == "application/x-www-form-urlencoded"
    assert fields == {
        "userName": "lk-api", "password": "hush-password", "orderNumber": REQUEST.number, "amount": "53920",
        "currency": "643", "returnUrl": REQUEST.return_url, "failUrl": REQUEST.fail_url, "language": "ru",
        "description": "Лицевой счет 1234567899 за 10.2026", "email": "anna@example.org", "sessionTimeoutSecs": "1200",
    }  # fmt: skip
    assert extra == {"account": "1234567899", "period": "10.2026"}


def test_rbs_takes_a_token_in_place_of_login_and_password(gateway):
    gateway.says({"orderId": ID, "formUrl": PAGE, "errorCode": 0})
    bank_of(Gateway("rbs", gateway.base, token="hush-token")).register(REQUEST)
    fields = gateway.asked[0].form
    assert fields["token"] == "hush-token"
    assert not fields.keys() & {"userName", "password"}


@pytest.mark.parametrize("code", ["1", 1])
def test_a_number_in_use_is_told_from_other_refusals(gateway, rbs, code):
    gateway.says({"errorCode": code, "errorMessage": "Заказ с таким номером уже обработан"})
    with pytest.raises(NumberTaken):
        rbs.register(REQUEST)


@pytest.mark.parametrize("code", ["5", 5, "3", "4", "999"])
def test_a_refusal_keeps_the_banks_code_and_words(gateway, rbs, code):
    gateway.says({"errorCode": code, "errorMessage": "Доступ\nзапрещён"})
    with pytest.raises(Rejected) as refused:
        rbs.register(REQUEST)
    assert (refused.value.code, refused.value.words) == (str(code), "Доступ запрещён")
    assert not isinstance(refused.value, NumberTaken)


@pytest.mark.parametrize("call", ["register", "by-number", "by-id"])
@pytest.mark.parametrize("code", ["7", 7])
def test_after_the_gateways_own_trouble_nothing_is_certain(gateway, rbs, call, code):
    gateway.says({"errorCode": code, "errorMessage": "Что-то не так"})
    with pytest.raises(Silent):
        CALLS[call](rbs)


@pytest.mark.parametrize("call", ["refund", "reverse", "decline"])
@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ("Системная ошибка", Silent), ("System error", Silent), ("", Silent),
        ("Сумма возврата превышает сумму списания", Rejected),
        ("Платёж должен быть в корректном состоянии", Rejected),
    ],
)  # fmt: skip
def test_seven_says_two_things_of_a_refund(gateway, rbs, call, words, fault):
    gateway.says({"errorCode": "7", "errorMessage": words})
    with pytest.raises(fault):
        CALLS[call](rbs)


@pytest.mark.parametrize(
    "answer",
    [
        {}, {"errorCode": "0"}, {"orderId": ID}, {"orderId": "", "formUrl": PAGE}, {"orderId": None, "formUrl": PAGE},
        {"orderId": ID, "formUrl": "javascript:alert(1)"}, {"orderId": ID, "formUrl": "//evil.example"},
        {"orderId": ID, "formUrl": "https://"}, {"orderId": ID, "formUrl": "https://[x"},
        {"orderId": ID, "formUrl": "https://a\\b"}, {"orderId": ID, "formUrl": "https://a.example/\nSet-Cookie: x"},
        {"orderId": ID, "formUrl": 7}, {"orderId": ["x"], "formUrl": PAGE},
    ],
)  # fmt: skip
def test_a_registration_without_id_or_page_is_silence(gateway, bank, answer):
    page = {
        "confirmation": {"type": "redirect", "confirmation_url": answer.get("formUrl")},
        "id": answer.get("orderId"),
    }
    gateway.says(answer if bank.kind == "rbs" else page)
    with pytest.raises(Silent):
        bank.register(REQUEST)


def test_a_page_in_the_clear_is_no_page_of_a_real_bank(gateway):
    from lk_reflex.integrations.bank.wire import page_in

    assert page_in("http://127.0.0.1:9/pay", local=True) == "http://127.0.0.1:9/pay"
    assert page_in("/demo/bank/pay/1", local=True) == "/demo/bank/pay/1"
    for address in ("http://bank.example.ru/pay", "/demo/bank/pay/1"):
        with pytest.raises(Silent):
            page_in(address, local=False)


PAID = {
    "errorCode": "0", "errorMessage": "Успешно", "orderNumber": REQUEST.number, "orderStatus": 2, "actionCode": 0,
    "actionCodeDescription": "", "amount": 53920, "currency": "643", "date": 1795600000000,
    "depositedDate": 1795600800000, "cardAuthInfo": {"pan": "411111**1111"},
    "paymentAmountInfo": {"approvedAmount": 53920, "depositedAmount": 53920, "refundedAmount": 0, "feeAmount": 377},
    "attributes": [{"name": "mdOrder", "value": ID}],
}  # fmt: skip
STATE = BankState(
    number=REQUEST.number, bank_id=ID, stage=Stage.PAID, amount=53920, captured=53920, card="411111**1111",
    paid_at=datetime.fromtimestamp(1795600800, UTC), form_url=f"https://bank.example.ru/pay?mdOrder={ID}",
)  # fmt: skip


def test_rbs_tells_a_paid_order_whole(gateway, rbs):
    gateway.says(PAID)
    assert rbs.state(REQUEST.number) == STATE
    assert rbs.state(REQUEST.number, ID) == STATE
    by_number, by_id = (asked.form for asked in gateway.asked)
    assert by_number["orderNumber"] == REQUEST.number and "orderId" not in by_number
    assert by_id["orderId"] == ID and "orderNumber" not in by_id


@pytest.mark.parametrize(
    ("status", "stage"),
    [
        (0, Stage.REGISTERED), ("0", Stage.REGISTERED), (1, Stage.HELD), ("2", Stage.PAID), (3, Stage.REVERSED),
        (4, Stage.REFUNDED), (5, Stage.AUTHORISING), (6, Stage.DECLINED),
    ],
)  # fmt: skip
def test_each_status_of_rbs_has_its_stage(gateway, rbs, status, stage):
    gateway.says({**PAID, "orderStatus": status})
    state = rbs.state(REQUEST.number)
    assert state.stage is stage
    assert state.captured == (53920 if stage in (Stage.PAID, Stage.REFUNDED) else 0)


@pytest.mark.parametrize(
    ("deposited", "refunded"), [(53920, 3920), (50000, 3920), (0, 53920), (53920, 53920)],
)  # fmt: skip
def test_what_was_taken_is_read_right_whether_refunds_lessen_the_deposited_sum_or_not(
    gateway, rbs, deposited, refunded
):
    amounts = {"depositedAmount": deposited, "refundedAmount": str(refunded)}
    gateway.says({**PAID, "orderStatus": 4, "paymentAmountInfo": amounts})
    state = rbs.state(REQUEST.number)
    assert (state.captured, state.refunded) == (53920, refunded)


def test_a_decline_has_the_banks_own_reason(gateway, rbs):
    gateway.says({**PAID, "orderStatus": 6, "actionCode": 116, "actionCodeDescription": "Недостаточно средств"})
    state = rbs.state(REQUEST.number)
    assert (state.stage, state.code) == (Stage.DECLINED, "116")
    assert not state.retries
    patient = bank_of(Gateway("rbs", gateway.base, retries=True))
    assert patient.state(REQUEST.number).retries


@pytest.mark.parametrize("code", ["6", 6])
def test_an_order_that_rbs_does_not_know_is_none(gateway, rbs, code):
    gateway.says({"errorCode": code, "errorMessage": "Заказ не найден"})
    assert rbs.state(REQUEST.number) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"orderStatus": None}, {"orderStatus": 9}, {"orderStatus": True}, {"orderStatus": "paid"}, {"amount": None},
        {"amount": "53920.00"}, {"amount": -1}, {"amount": 539.2}, {"amount": "٥"}, {"amount": "9" * 20},
        {"paymentAmountInfo": None}, {"paymentAmountInfo": {"depositedAmount": None}}, {"orderNumber": "2611230000"},
        {"paymentAmountInfo": {"depositedAmount": 53920, "refundedAmount": -5}},
    ],
)  # fmt: skip
def test_a_state_without_what_counts_is_silence(gateway, rbs, changes):
    gateway.says({**PAID, **changes})
    with pytest.raises(Silent):
        rbs.state(REQUEST.number)


def test_another_currency_is_told_and_none_is_roubles(gateway, rbs):
    gateway.says({**PAID, "currency": 840}, {name: value for name, value in PAID.items() if name != "currency"})
    assert rbs.state(REQUEST.number).currency == "840"
    assert rbs.state(REQUEST.number).currency == "643"


def test_rbs_refunds_reverses_and_declines_by_its_own_id(gateway, rbs):
    gateway.says({"errorCode": "0"})
    rbs.refund(REQUEST.number, ID, 100, key="refund-1")
    rbs.reverse(REQUEST.number, ID)
    rbs.decline(REQUEST.number, ID)
    access = {"userName": "lk-api", "password": "hush-password", "orderId": ID}
    assert [(asked.path, asked.form) for asked in gateway.asked] == [
        ("/refund.do", {**access, "amount": "100"}), ("/reverse.do", access), ("/decline.do", access),
    ]  # fmt: skip


# The JSON gateway

PENDING = {
    "id": ID, "status": "pending", "amount": {"value": "539.20", "currency": "RUB"}, "paid": False,
    "metadata": {"order_number": REQUEST.number}, "created_at": "2026-11-23T10:00:00.000Z",
    "confirmation": {"type": "redirect", "confirmation_url": PAGE},
}  # fmt: skip
SUCCEEDED = {
    **{name: value for name, value in PENDING.items() if name != "confirmation"}, "status": "succeeded", "paid": True,
    "captured_at": "2026-11-23T10:01:00.000Z", "income_amount": {"value": "535.43", "currency": "RUB"},
    "refunded_amount": {"value": "0.00", "currency": "RUB"},
    "payment_method": {"type": "bank_card", "card": {"first6": "411111", "last4": "1111"}},
}  # fmt: skip
SHOP_STATE = replace(
    STATE, card="411111******1111", paid_at=datetime(2026, 11, 23, 10, 1, tzinfo=UTC), form_url=""
)  # fmt: skip


def test_the_json_gateway_registers_under_our_number_as_its_key(gateway, shop):
    gateway.says(PENDING)
    assert shop.register(REQUEST) == Registered(ID, PAGE)
    (asked,) = gateway.asked
    assert (asked.method, asked.path) == ("POST", "/payments")
    assert asked.headers["idempotence-key"] == REQUEST.number
    assert asked.headers["authorization"] == "Basic MTAwNTAwOmh1c2gtc2VjcmV0"
    money = {"value": "539.20", "currency": "RUB"}
    assert asked.json == {
        "amount": money, "capture": True, "description": "Лицевой счет 1234567899 за 10.2026",
        "confirmation": {"type": "redirect", "return_url": REQUEST.return_url, "locale": "ru_RU"},
        "metadata": {"account": "1234567899", "period": "10.2026", "order_number": REQUEST.number},
    }  # fmt: skip


def test_a_shop_whose_contract_asks_for_it_sends_a_payment_order_of_utilities(gateway):
    recipient = {
        "name": "МУП «ПОВВ»", "inn": "7421001010", "kpp": "742101001", "bank_name": "ПАО «БАНК»",
        "bank_bic": "047501779", "bank_account": "4" * 20, "bank_correspondent_account": "3" * 20,
    }  # fmt: skip
    shop = bank_of(Gateway("json", gateway.base, shop_id="1", secret="hush", recipient=recipient))
    gateway.says(PENDING)
    shop.register(REQUEST)
    shop.register(replace(REQUEST, extra=None))
    whole, bare = (asked.json["payment_order"] for asked in gateway.asked)
    assert whole == {
        "type": "utilities", "amount": {"value": "539.20", "currency": "RUB"}, "account_number": "1234567899",
        "payment_purpose": "Лицевой счет 1234567899 за 10.2026", "payment_period": {"month": 10, "year": 2026},
        "recipient": {
            "name": "МУП «ПОВВ»", "inn": "7421001010", "kpp": "742101001",
            "bank": {"name": "ПАО «БАНК»", "bic": "047501779", "account": "4" * 20,
                     "correspondent_account": "3" * 20},
        },
    }  # fmt: skip
    assert not bare.keys() & {"account_number", "payment_period"}


@pytest.mark.parametrize(("kopecks", "text"), [(1, "0.01"), (100, "1.00"), (9_999_999_999, "99999999.99"), (5, "0.05")])
def test_sums_are_texts_with_two_digits(gateway, shop, kopecks, text):
    gateway.says(PENDING)
    shop.register(replace(REQUEST, amount=kopecks))
    assert gateway.asked[0].json["amount"]["value"] == text


def test_the_json_gateway_tells_a_paid_order_whole(gateway, shop):
    gateway.says(SUCCEEDED)
    assert shop.state(REQUEST.number, ID) == SHOP_STATE
    assert gateway.asked[0].path == f"/payments/{ID}"


def test_an_order_without_their_id_is_found_in_their_list(gateway, shop):
    other = {**PENDING, "metadata": {"order_number": "26112399999999"}}
    gateway.says({"items": [other] * 100, "next_cursor": "c 2"}, {"items": [other, SUCCEEDED]})
    assert shop.state(REQUEST.number) == SHOP_STATE
    first, second = (asked.path for asked in gateway.asked)
    assert "created_at.gte=2026-11-22" in first and "created_at.lt=2026-11-25" in first and "limit=100" in first
    assert "cursor=c+2" in second or "cursor=c%202" in second


def test_an_order_that_the_json_gateway_does_not_know_is_none(gateway, shop):
    gateway.says({"items": [], "next_cursor": ""})
    assert shop.state(REQUEST.number) is None
    gateway.says((404, {"type": "error", "code": "not_found"}))
    assert shop.state(REQUEST.number, ID) is None
    gateway.asked.clear()
    assert shop.state(REQUEST.number, "../refunds") is None
    assert not gateway.asked


def test_a_list_that_takes_too_long_is_silence(gateway, shop, monkeypatch):
    """Each page comes in time, and all of them together would hold a thread for minutes."""
    passed = iter(range(0, 1000, 10))
    monkeypatch.setattr("lk_reflex.integrations.bank.json_gateway.monotonic", lambda: next(passed))
    gateway.says({"items": [], "next_cursor": "again"})
    with pytest.raises(Silent, match="list-too-slow"):
        shop.state(REQUEST.number)
    assert len(gateway.asked) == 2


@pytest.mark.parametrize(
    ("shown", "kept"),
    [
        ("4111111111111111", "411111******1111"), ("4111 1111 1111 1111", "411111******1111"),
        ("411111**1111", "411111**1111"), ("41111111111111", "411111****1111"), ("1111", "******1111"), ("", ""),
    ],
)  # fmt: skip
def test_a_card_is_masked_whatever_a_gateway_shows(gateway, rbs, shown, kept):
    gateway.says({**PAID, "cardAuthInfo": {"pan": shown}})
    state = rbs.state(REQUEST.number)
    assert state is not None and state.card == kept


def test_the_json_gateways_card_is_no_more_than_its_ends(gateway, shop):
    whole = {"first6": "4111111111111111", "last4": "4111111111111111"}
    gateway.says({**SUCCEEDED, "payment_method": {"type": "bank_card", "card": whole}})
    state = shop.state(REQUEST.number, ID)
    assert state is not None and state.card == "411111******1111"


def test_a_list_without_end_is_silence(gateway, shop):
    gateway.says({"items": [], "next_cursor": "again"})
    with pytest.raises(Silent):
        shop.state(REQUEST.number)
    assert len(gateway.asked) == 50


@pytest.mark.parametrize(
    ("changes", "stage"),
    [
        ({}, Stage.REGISTERED),
        ({"confirmation": None}, Stage.AUTHORISING),
        ({"status": "waiting_for_capture"}, Stage.HELD),
        ({"status": "succeeded"}, Stage.PAID),
        ({"status": "succeeded", "refunded_amount": {"value": "0.01", "currency": "RUB"}}, Stage.REFUNDED),
        ({"status": "canceled", "cancellation_details": {"reason": "insufficient_funds"}}, Stage.DECLINED),
        ({"status": "canceled", "cancellation_details": {"reason": "expired_on_confirmation"}}, Stage.DECLINED),
        ({"status": "canceled", "cancellation_details": {"reason": "expired_on_capture"}, "payment_method": {"x": 1}},
         Stage.REVERSED),
    ],
)  # fmt: skip
def test_each_status_of_the_json_gateway_has_its_stage(gateway, shop, changes, stage):
    gateway.says({**PENDING, **changes})
    state = shop.state(REQUEST.number, ID)
    assert state.stage is stage
    assert state.code == changes.get("cancellation_details", {}).get("reason", "")
    assert state.form_url == (PAGE if stage is Stage.REGISTERED else "")


@pytest.mark.parametrize(
    "changes",
    [
        {"status": None}, {"status": "paid"}, {"amount": None}, {"amount": {"value": "539.2", "currency": "RUB"}},
        {"amount": {"value": 539.20, "currency": "RUB"}}, {"amount": {"value": "-1.00", "currency": "RUB"}},
        {"amount": {"value": "٥.٠٠", "currency": "RUB"}}, {"amount": {"value": "1e5", "currency": "RUB"}},
        {"refunded_amount": {"value": "x"}}, {"metadata": {"order_number": "26112300000000"}},
    ],
)  # fmt: skip
def test_a_payment_without_what_counts_is_silence(gateway, shop, changes):
    gateway.says({**PENDING, **changes})
    with pytest.raises(Silent):
        shop.state(REQUEST.number, ID)


def test_another_currency_of_a_payment_is_told(gateway, shop):
    gateway.says({**PENDING, "amount": {"value": "539.20", "currency": "USD"}})
    assert shop.state(REQUEST.number, ID).currency == "USD"


@pytest.mark.parametrize("call", ["register", "refund", "reverse", "decline"])
def test_a_json_refusal_keeps_its_code(gateway, shop, call):
    gateway.says((400, {"type": "error", "code": "invalid_request", "description": "Wrong", "parameter": "amount"}))
    with pytest.raises(Rejected) as refused:
        CALLS[call](shop)
    assert refused.value.code == "invalid_request"
    gateway.says((429, {"type": "error", "code": "too_many_requests"}))
    with pytest.raises(Silent):
        CALLS[call](shop)


def test_another_payment_under_a_number_in_use_is_refused_as_such(gateway, shop):
    gateway.says((400, {"code": "invalid_request", "parameter": "Idempotence-Key"}))
    with pytest.raises(NumberTaken):
        shop.register(REQUEST)


def test_a_refund_goes_under_its_own_key_and_may_be_refused_late(gateway, shop):
    gateway.says(
        {"id": "r", "status": "succeeded"}, {"status": "canceled", "cancellation_details": {"reason": "expired"}}
    )
    shop.refund(REQUEST.number, ID, 100, key="refund-1")
    with pytest.raises(Rejected):
        shop.refund(REQUEST.number, ID, 100, key="refund-2")
    assert [asked.headers["idempotence-key"] for asked in gateway.asked] == ["refund-1", "refund-2"]
    assert gateway.asked[0].json == {"payment_id": ID, "amount": {"value": "1.00", "currency": "RUB"}}

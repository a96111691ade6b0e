"""One contract for every implementation of the bank's port, over the stand-in in a process of its own."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

import httpx
import pytest

from lk_reflex.integrations.bank.banks import bank_of
from lk_reflex.integrations.bank.port import NumberTaken, Registered, Rejected, Request, Silent, Stage
from lk_reflex.standins.bank.cards import Way
from tests.bank import bank_in, type_card

AMOUNT = 53920
_numbers = count(1)
#: What the calls are named by in the stand-in's troubles.
CALLS = {
    "rbs": {"register": "register.do", "state": "getOrderStatusExtended.do", "refund": "refund.do"},
    "json": {"register": "POST payments", "state": "GET payments", "refund": "POST refunds"},
}
REASONS = {
    "rbs": {Way.DECLINED: "120", Way.NO_MONEY: "116"},
    "json": {Way.DECLINED: "general_decline", Way.NO_MONEY: "insufficient_funds"},
}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with bank_in(tmp_path_factory.mktemp("bank"), "--silence", "0.2", "--slow", "0.1") as running:
        yield running


@pytest.fixture(params=["rbs", "json"])
def bank(request, server):
    server.calm()
    return server.client(request.param)


@pytest.fixture
def asked() -> Request:
    return Request(
        number=f"{datetime.now(UTC):%y%m%d}{next(_numbers):08d}", amount=AMOUNT, lives=1200,
        return_url="http://127.0.0.1:1/cart/result/1", fail_url="http://127.0.0.1:1/cart/result/1",
        description="МУП «ПОВВ», лицевой счет 1234567899", email="anna@example.org",
        extra={"account": "1234567899", "period": "10.2026"},
    )  # fmt: skip


@pytest.fixture
def made(bank, asked) -> Registered:
    return bank.register(asked)


def paid(bank, asked, made, way=Way.PAID):
    type_card(made.form_url, way)
    state = bank.state(asked.number, made.bank_id)
    assert state is not None
    return state


def test_a_registered_order_waits_for_its_payer(bank, asked, made):
    assert made.form_url.startswith("http://127.0.0.1")
    state = bank.state(asked.number, made.bank_id)
    assert (state.number, state.bank_id, state.stage) == (asked.number, made.bank_id, Stage.REGISTERED)
    assert (state.amount, state.currency, state.captured, state.refunded) == (AMOUNT, "643", 0, 0)
    assert (state.code, state.card, state.paid_at) == ("", "", None)
    assert httpx.get(made.form_url, trust_env=False).status_code == 200


def test_it_is_found_by_our_number_with_id_and_page(bank, asked, made):
    state = bank.state(asked.number)
    assert (state.number, state.bank_id, state.stage, state.form_url) == (
        asked.number, made.bank_id, Stage.REGISTERED, made.form_url,
    )  # fmt: skip


def test_what_the_bank_does_not_have_is_none(bank, asked):
    assert bank.state(asked.number) is None
    assert bank.state(asked.number, "00000000-0000-0000-0000-000000000000") is None


def test_the_same_order_twice_is_one_order(bank, server, asked, made):
    try:
        again = bank.register(asked)
    except NumberTaken:
        again = None
    assert again in (None, made)
    assert sum(order["number"] == asked.number for order in server.ledger.orders()) == 1


def test_another_order_under_the_same_number_is_refused(bank, asked, made):
    with pytest.raises(NumberTaken):
        bank.register(replace(asked, amount=AMOUNT + 1))
    assert bank.state(asked.number).amount == AMOUNT


def test_another_shops_orders_are_not_seen(bank, server, asked, made):
    stranger = server.client(bank.kind, "7000000009")
    assert stranger.state(asked.number) is None
    assert stranger.state(asked.number, made.bank_id) is None


def test_a_wrong_password_is_refused(bank, server, asked):
    right = server.gateway(bank.kind, "7000000001")
    wrong = bank_of(replace(right, password="x", secret="x"))
    for call in (lambda: wrong.register(asked), lambda: wrong.state(asked.number)):
        with pytest.raises(Rejected) as refused:
            call()
        assert not isinstance(refused.value, NumberTaken)
    assert bank.state(asked.number) is None


def test_a_paid_order_tells_what_was_taken_when_and_from_which_card(bank, asked, made):
    before = datetime.now(UTC)
    state = paid(bank, asked, made)
    assert (state.stage, state.amount, state.captured, state.refunded) == (Stage.PAID, AMOUNT, AMOUNT, 0)
    assert state.card.startswith("411111") and state.card.endswith("1111") and "*" in state.card
    assert before - timedelta(seconds=1) <= state.paid_at <= datetime.now(UTC)
    assert bank.state(asked.number) == bank.state(asked.number, made.bank_id)


def test_three_d_secure_is_pending_and_no_error(bank, asked, made):
    type_card(made.form_url, Way.SECURE, code="")
    assert bank.state(asked.number, made.bank_id).stage in (Stage.AUTHORISING, Stage.REGISTERED)
    assert paid(bank, asked, made, Way.SECURE).stage is Stage.PAID


@pytest.mark.parametrize("way", [Way.DECLINED, Way.NO_MONEY])
def test_a_decline_names_its_reason_and_takes_nothing(bank, asked, made, way):
    state = paid(bank, asked, made, way)
    assert (state.stage, state.captured, state.code) == (Stage.DECLINED, 0, REASONS[bank.kind][way])


def test_an_order_that_lets_the_payer_try_again_says_so_and_means_it(bank, asked, made):
    state = paid(bank, asked, made, Way.DECLINED)
    again = paid(bank, asked, made)
    assert again.stage is (Stage.PAID if state.retries else Stage.DECLINED)


def test_a_hold_is_no_payment_and_can_be_undone(bank, asked, made):
    state = paid(bank, asked, made, Way.HELD)
    assert (state.stage, state.captured) == (Stage.HELD, 0)
    bank.reverse(asked.number, made.bank_id)
    after = bank.state(asked.number, made.bank_id)
    assert (after.stage, after.captured) == (Stage.REVERSED, 0)


def test_a_refund_in_parts_adds_up_and_never_exceeds_what_was_taken(bank, server, asked, made):
    paid(bank, asked, made)
    bank.refund(asked.number, made.bank_id, 3920, key=f"{asked.number}-1")
    state = bank.state(asked.number, made.bank_id)
    assert (state.stage, state.captured, state.refunded) == (Stage.REFUNDED, AMOUNT, 3920)
    with pytest.raises(Rejected):
        bank.refund(asked.number, made.bank_id, AMOUNT - 3920 + 1, key=f"{asked.number}-2")
    bank.refund(asked.number, made.bank_id, AMOUNT - 3920, key=f"{asked.number}-3")
    state = bank.state(asked.number, made.bank_id)
    assert (state.stage, state.captured, state.refunded) == (Stage.REFUNDED, AMOUNT, AMOUNT)
    with pytest.raises(Rejected):
        bank.refund(asked.number, made.bank_id, 1, key=f"{asked.number}-4")
    assert server.ledger.refunded(asked.number) == AMOUNT


def test_nothing_is_refunded_of_what_was_not_paid(bank, asked, made):
    with pytest.raises(Rejected):
        bank.refund(asked.number, made.bank_id, 1, key=f"{asked.number}-1")


def test_an_unpaid_order_is_closed_for_good(bank, asked, made):
    bank.decline(asked.number, made.bank_id)
    assert bank.state(asked.number, made.bank_id).stage is Stage.DECLINED
    assert paid(bank, asked, made).captured == 0


def test_a_paid_order_cannot_be_closed(bank, asked, made):
    paid(bank, asked, made)
    with pytest.raises(Rejected):
        bank.decline(asked.number, made.bank_id)
    assert bank.state(asked.number).stage is Stage.PAID


def test_the_end_of_its_life_is_told_as_such(bank, server, asked):
    if bank.kind == "json":
        pytest.skip("it lets payments expire by a clock of its own, an hour after")
    made = bank.register(replace(asked, lives=1))
    deadline = datetime.now(UTC) + timedelta(seconds=5)
    while (state := bank.state(asked.number, made.bank_id)).stage is Stage.REGISTERED:
        assert datetime.now(UTC) < deadline
    assert (state.stage, state.code) == (Stage.DECLINED, "-2007")


@pytest.mark.parametrize("kind", ["done-silent", "done-fault", "done-garbage"])
def test_a_registration_whose_answer_is_lost_is_found_by_our_number(bank, server, asked, kind):
    hasty = server.client(bank.kind, timeout=0.5)
    server.trouble(CALLS[bank.kind]["register"], kind, seconds=1)
    with pytest.raises(Silent):
        hasty.register(asked)
    state = hasty.state(asked.number)
    assert (state.stage, state.amount) == (Stage.REGISTERED, AMOUNT)
    assert state.bank_id and state.form_url
    assert paid(hasty, asked, Registered(state.bank_id, state.form_url)).stage is Stage.PAID


@pytest.mark.parametrize("kind", ["silent", "fault", "garbage"])
def test_a_registration_that_never_arrived_may_be_repeated(bank, server, asked, kind):
    hasty = server.client(bank.kind, timeout=0.5)
    server.trouble(CALLS[bank.kind]["register"], kind, seconds=1)
    with pytest.raises(Silent):
        hasty.register(asked)
    assert hasty.state(asked.number) is None
    assert hasty.register(asked).bank_id == hasty.state(asked.number).bank_id


@pytest.mark.parametrize("kind", ["silent", "fault", "garbage"])
def test_a_question_without_an_answer_is_silence(bank, server, asked, made, kind):
    hasty = server.client(bank.kind, timeout=0.5)
    server.trouble(CALLS[bank.kind]["state"], kind, times=2, seconds=1)
    for bank_id in ("", made.bank_id):
        with pytest.raises(Silent):
            hasty.state(asked.number, bank_id)


def test_after_a_refund_whose_answer_is_lost_the_amounts_tell(bank, server, asked, made):
    paid(bank, asked, made)
    server.trouble(CALLS[bank.kind]["refund"], "done-fault")
    with pytest.raises(Silent):
        bank.refund(asked.number, made.bank_id, 100, key=f"{asked.number}-1")
    assert bank.state(asked.number, made.bank_id).refunded == 100
    if bank.kind == "json":  # which may be asked again under the same key; with RBS one looks first
        bank.refund(asked.number, made.bank_id, 100, key=f"{asked.number}-1")
        assert bank.state(asked.number, made.bank_id).refunded == 100


def test_a_payment_that_the_payers_page_never_told_of_is_told_to_whoever_asks(bank, asked, made):
    state = paid(bank, asked, made, Way.CHARGED_SILENT)
    assert (state.stage, state.captured) == (Stage.PAID, AMOUNT)


def test_a_card_that_never_answers_takes_nothing(bank, asked, made):
    state = paid(bank, asked, made, Way.SILENT)
    assert (state.stage, state.captured) == (Stage.REGISTERED, 0)


def test_the_bank_killed_and_started_again_knows_what_it_took(bank, server, asked, made):
    paid(bank, asked, made)
    server.stop(kill=True)
    with pytest.raises(Silent):
        bank.state(asked.number, made.bank_id)
    server.start()
    assert bank.state(asked.number).captured == AMOUNT

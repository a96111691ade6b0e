"""Scenarios 1–8 of the bars by their numbers, between real processes: a payer, the cabinet, a worker and a bank."""

from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from lk_reflex.integrations.bank.checksum import checksum
from lk_reflex.standins.bank.cards import Way
from lk_reflex.standins.secrets import BANK_CALLBACK_KEY
from tests.bank import type_card
from tests.payments.scenarios.town import until


def begun(town, wire="rbs"):
    """A payer who is at the bank's page."""
    payer = town.payer(wire)
    answer = town.press(payer)
    assert answer is not None and answer.status_code == 200, town.logs()
    return payer, town.order(payer)


@pytest.mark.parametrize("wire", ["rbs", "json"])
def test_a_payment_goes_from_the_press_to_the_letter(town, wire):
    payer, order = begun(town, wire)
    assert (order.status, order.gateway) == ("waiting", wire)
    assert type_card(order.form_url) == 303
    town.comes_to(payer, "paid", hasten=False)
    town.check(payer)
    until(lambda: town.delivered(payer) == 1)


def callback(town, order, key=BANK_CALLBACK_KEY, **changes):
    fields = {"mdOrder": order.bank_id, "orderNumber": order.number, "operation": "deposited", "status": "1", **changes}
    fields["checksum"] = checksum(fields, key)
    return httpx.get(f"{town.web}/api/bank/callback", params=fields, trust_env=False, timeout=60)


def test_scenario_3_fifty_callbacks_at_once(town):
    payer, order = begun(town)
    town.children["worker"].kill()
    type_card(order.form_url, Way.LOST)
    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(lambda _: callback(town, order).status_code, range(50)))
    assert answers == [200] * 50
    town.start("worker")  # on a busy machine the bank may be too slow for the web process to hear it out
    town.comes_to(payer, "paid")
    town.check(payer)


def test_scenario_4_failed_then_paid(town):
    payer, order = begun(town)
    type_card(order.form_url, Way.DISORDERED)
    town.comes_to(payer, "paid", hasten=False)
    until(lambda: [call["outcome"] for call in town.bank.ledger.calls(order.number)] == ["sent", "sent"])
    town.check(payer)


def test_scenario_4_paid_then_failed(town):
    payer, order = begun(town)
    type_card(order.form_url)
    town.comes_to(payer, "paid", hasten=False)
    assert callback(town, order, status="0").status_code == 200
    assert callback(town, order, operation="declinedByTimeout", status="0").status_code == 200
    town.hasten(payer)
    until(lambda: town.order(payer).next_look_at is not None and town.order(payer).looking_until is None)
    assert town.order(payer).status == "paid"
    town.check(payer)


def test_scenario_5_forged_callbacks_change_nothing(town):
    payer, order = begun(town)
    town.children["worker"].kill()
    forged = [
        callback(town, order, key="another"),
        callback(town, order, orderNumber="26110100000000"),
        callback(town, order, mdOrder="00000000-0000-0000-0000-000000000000"),
        httpx.get(f"{town.web}/api/bank/callback", params={"orderNumber": order.number}, trust_env=False),
        httpx.post(f"{town.web}/api/bank/callback", trust_env=False,
                   json={"event": "payment.succeeded", "object": {"id": order.bank_id}}),
    ]  # fmt: skip
    assert [answer.status_code for answer in forged] == [403, 404, 404, 403, 403]
    assert town.order(payer) == order
    town.check(payer, captured=0)


@pytest.mark.parametrize("wire", ["rbs", "json"])
def test_scenario_6_a_registration_that_timed_out_but_succeeded(town, wire):
    payer = town.payer(wire)
    calls = {"rbs": ("register.do", "getOrderStatusExtended.do"), "json": ("POST payments", "GET payments")}[wire]
    town.bank.trouble(calls[0], "done-silent", times=2, seconds=2.5)
    town.bank.trouble(calls[1], "silent", times=2, seconds=2.5)
    answer = town.press(payer)
    town.bank.calm()
    town.start("worker")  # the old one may give a silent bank half a minute's rest
    assert answer is not None and answer.status_code == 303, town.logs()
    assert answer.headers["location"] == f"/cart/result/{town.order(payer).number}"
    assert town.order(payer).status in ("new", "waiting")  # the worker may have found it already
    town.comes_to(payer, "waiting")
    again = town.press(payer, "another form")  # they try once more from the cart
    order = town.order(payer)
    assert again is not None and again.status_code == 200, town.logs()
    type_card(order.form_url)
    town.comes_to(payer, "paid")
    assert [one["number"] for one in town.bank.ledger.orders()].count(order.number) == 1
    town.check(payer)


@pytest.mark.parametrize("way", [Way.LOST, Way.CHARGED_SILENT, Way.TWICE_LATE, Way.SECURE])
def test_scenario_7_the_payer_never_returns(town, way):
    payer, order = begun(town)
    type_card(order.form_url, way)
    town.comes_to(payer, "paid")
    until(lambda: town.delivered(payer) == 1)
    town.check(payer)


def test_scenario_7_nor_pays(town):
    payer, order = begun(town)
    type_card(order.form_url, Way.SILENT)
    town.hasten(payer)
    until(lambda: town.order(payer).looked_at is not None)
    assert town.order(payer).status == "waiting"
    town.check(payer, captured=0)


def test_scenario_8_two_tabs_pay_the_same_basket(town):
    payer = town.payer()
    forms = [town.form(payer, "one tab"), town.form(payer, "another tab")] * 3
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda form: town.send(payer, form), forms))
    order = town.order(payer)
    assert {answer.status_code for answer in answers if answer is not None} <= {200, 303}
    assert any(answer is not None and answer.status_code == 200 for answer in answers)
    assert [one["number"] for one in town.bank.ledger.orders()].count(order.number) == 1
    type_card(order.form_url)
    town.comes_to(payer, "paid", hasten=False)
    # The browser's «Back» and the button once more, in either tab, and from a page that was never sent before.
    again = [town.send(payer, form) for form in (*forms[:2], {**forms[0], "form": "a third"})]
    ways = [answer.headers["location"] for answer in again if answer is not None]
    assert set(ways) == {f"/cart/result/{order.number}"}
    assert len(ways) == 3 and town.order(payer).number == order.number
    town.check(payer)

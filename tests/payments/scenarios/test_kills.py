"""kill -9 of the web process, the worker and the bank at every marked point: nothing is lost, nothing is done twice."""

import csv
from pathlib import Path

import httpx
import pytest

from lk_reflex.core.money import parse_money
from lk_reflex.integrations.bank.checksum import checksum
from lk_reflex.standins.bank.cards import Way
from lk_reflex.standins.secrets import BANK_CALLBACK_KEY
from tests.bank import type_card
from tests.payments.scenarios.town import Payer, Town, until

SETTLING = ("bank-asked", "settle-moved", "settle-posted", "settled")


def begun(town: Town, wire: str = "rbs") -> Payer:
    """A payer who is at the bank's page."""
    payer = town.payer(wire)
    answer = town.press(payer)
    assert answer is not None and answer.status_code == 200, town.logs()
    assert town.order(payer).status == "waiting"
    return payer


def paid(town: Town, wire: str = "rbs") -> Payer:
    payer = begun(town, wire)
    type_card(town.order(payer).form_url)
    town.comes_to(payer, "paid")
    return payer


def told_again(town: Town, payer: Payer) -> int:
    """The bank sends its callback once more."""
    order = town.order(payer)
    fields = {"mdOrder": order.bank_id, "orderNumber": order.number, "operation": "deposited", "status": "1"}
    fields["checksum"] = checksum(fields, BANK_CALLBACK_KEY)
    return httpx.get(f"{town.web}/api/bank/callback", params=fields, trust_env=False, timeout=30).status_code


@pytest.mark.parametrize("point", ["order-recorded", "order-registered-unsaved", "order-registered"])
def test_the_web_process_dies_while_it_makes_an_order(town, point):
    payer = town.payer()
    web = town.start("web", point)
    assert town.press(payer) is None
    web.must_die()
    number = town.order(payer).number
    town.start("web")
    town.forget_turns(payer)
    again = town.press(payer)  # the person presses once more, the browser sends the same form
    assert again is not None and again.status_code == 200, town.logs()
    order = town.order(payer)
    assert (order.number, order.status) == (number, "waiting")
    assert [one["number"] for one in town.bank.ledger.orders()].count(number) == 1
    type_card(order.form_url)
    town.comes_to(payer, "paid")
    town.check(payer)


def test_an_order_whose_payer_never_presses_again_is_found_at_the_bank(town):
    payer = town.payer()
    web = town.start("web", "order-registered-unsaved")
    town.press(payer)
    web.must_die()
    assert (town.order(payer).status, town.order(payer).bank_id) == ("new", "")
    town.forget_turns(payer)
    town.comes_to(payer, "waiting")
    order = town.order(payer)
    assert order.bank_id and order.form_url
    type_card(order.form_url)
    town.comes_to(payer, "paid")
    town.check(payer)


@pytest.mark.parametrize("point", ["hint-received", "hint-recorded", *SETTLING])
def test_scenarios_1_and_2_the_web_process_dies_over_a_callback(town, point):
    payer = begun(town)
    town.children["worker"].kill()  # it might be quicker, and then nobody dies
    web = town.start("web", point)
    type_card(town.order(payer).form_url)
    web.must_die()
    town.start("web")
    town.forget_turns(payer)
    assert told_again(town, payer) == 200
    town.start("worker")  # where the bank is too slow for the web process to hear it out
    town.comes_to(payer, "paid")
    assert told_again(town, payer) == 200
    until(lambda: all(call["outcome"] == "sent" for call in town.bank.ledger.calls(town.order(payer).number)))
    town.check(payer)


@pytest.mark.parametrize("point", SETTLING)
def test_the_worker_dies_while_it_settles_an_order(town, point):
    payer = begun(town)
    worker = town.start("worker", point)
    type_card(town.order(payer).form_url, Way.LOST)
    town.hasten(payer)
    worker.must_die()
    town.start("worker")
    town.forget_turns(payer)
    town.comes_to(payer, "paid")
    town.check(payer)


@pytest.mark.parametrize("wire", ["rbs", "json"])
def test_the_bank_dies_before_it_answers_a_registration(town, wire):
    payer = town.payer(wire)
    bank = town.start("bank", "bank-registered")
    answer = town.press(payer)
    bank.must_die()
    assert answer is not None and answer.status_code == 303  # to the result page: «Проверяем»
    assert town.order(payer).status == "new"
    town.start("bank")
    town.start("worker")  # the old one gives a silent bank half a minute's rest
    town.forget_turns(payer)
    town.comes_to(payer, "waiting")
    again = town.press(payer)
    assert again is not None and again.status_code == 200
    order = town.order(payer)
    assert [one["number"] for one in town.bank.ledger.orders()].count(order.number) == 1
    type_card(order.form_url)
    town.comes_to(payer, "paid")
    town.check(payer)


@pytest.mark.parametrize("wire", ["rbs", "json"])
@pytest.mark.parametrize("point", ["bank-charged", "bank-charged-answered", "callback-sent"])
def test_the_bank_dies_after_it_has_charged(town, point, wire):
    payer = begun(town, wire)
    # Another order's callback, left over by a bank that died at it, would let this one die before its card is typed.
    until(lambda: all(call["outcome"] for call in town.bank.ledger.calls()), say=town.logs)
    bank = town.start("bank", point)
    type_card(town.order(payer).form_url)
    bank.must_die()
    town.start("bank")
    town.start("worker")  # the old one gives a silent bank half a minute's rest
    town.forget_turns(payer)
    town.comes_to(payer, "paid")
    town.check(payer)


@pytest.mark.parametrize("wire", ["rbs", "json"])
@pytest.mark.parametrize("point", ["refund-recorded", "refund-called", "refund-told"])
def test_whoever_asks_for_a_refund_dies_at_it(town, point, wire):
    payer = paid(town, wire)
    clerk = town.spawn("clerk", town.order(payer).number, 10_000, town.admin(), failpoint=point)
    clerk.must_die()
    town.forget_turns(payer)
    until(lambda: town.refund(payer).settled_at is not None, say=town.logs)
    assert town.refund(payer).status == "done"
    assert town.bank.ledger.refunded(town.order(payer).number) == 10_000
    town.check(payer, refunds=1)


@pytest.mark.parametrize("wire", ["rbs", "json"])
def test_the_bank_dies_after_it_has_given_back(town, wire):
    payer = paid(town, wire)
    bank = town.start("bank", "bank-refunded")
    clerk = town.spawn("clerk", town.order(payer).number, 10_000, town.admin())
    bank.must_die()
    until(lambda: clerk.code() is not None, say=lambda: clerk.log.read_text()[-2000:])
    town.start("bank")
    town.start("worker")  # the old one gives a silent bank half a minute's rest
    town.forget_turns(payer)
    until(lambda: town.refund(payer).settled_at is not None, say=town.logs)
    assert town.refund(payer).status == "done"
    assert town.bank.ledger.refunded(town.order(payer).number) == 10_000
    town.check(payer, refunds=1)


def exported(town: Town, out: Path, payer: Payer) -> int:
    """Kopecks of the payer's order, commission included, in a register that is written now."""
    command = town.spawn("command", "export", "payments", "--out", str(out))
    until(lambda: command.code() is not None, say=lambda: command.log.read_text()[-2000:])
    assert command.code() == 0, command.log.read_text()[-2000:]
    if not out.exists():
        return 0  # nothing new
    with out.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter=";"))
    mine = [row for row in rows if row["Номер заказа"] == town.order(payer).number]
    return sum(parse_money(row["Сумма"]) + parse_money(row["Комиссия"]) for row in mine)


@pytest.mark.parametrize("point", ["export-claimed", "export-written"])
def test_the_export_of_payments_dies(town, point):
    payer = paid(town)
    out = town.folder / f"{point}.csv"
    town.spawn("command", "export", "payments", "--out", str(out), failpoint=point).must_die()
    assert exported(town, out, payer) == town.order(payer).total
    assert exported(town, town.folder / f"after-{point}.csv", payer) == 0

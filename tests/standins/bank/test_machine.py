"""What may become of an order at the bank, by table; and that no way through it takes money twice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lk_reflex.standins.bank import machine
from lk_reflex.standins.bank.cards import Way
from lk_reflex.standins.bank.machine import Impossible, Notice
from lk_reflex.standins.bank.model import BY_SHOP, ISSUER_SAYS_NO, JSON, NO_MONEY, NOT_PROVED, TIMED_OUT, Status
from tests.standins.bank.orders import AMOUNT, LIVES, T, new, tried

TOLD = (Notice("deposited"),)
NOT = (Notice("deposited", False),)
CHARGE = ("charge", AMOUNT)


@pytest.mark.parametrize(
    ("way", "status", "code", "notices", "entry"),
    [
        (Way.PAID, Status.PAID, 0, TOLD, CHARGE),
        (Way.SLOW, Status.PAID, 0, TOLD, CHARGE),
        (Way.LOST, Status.PAID, 0, (), CHARGE),
        (Way.CHARGED_SILENT, Status.PAID, 0, (), CHARGE),
        (Way.TWICE_LATE, Status.PAID, 0, (Notice("deposited", lates=1), Notice("deposited", lates=2)), CHARGE),
        (Way.DISORDERED, Status.PAID, 0, (*NOT, Notice("deposited", lates=1)), CHARGE),
        (Way.HELD, Status.HELD, 0, (Notice("approved"),), ("hold", AMOUNT)),
        (Way.SECURE, Status.AUTHORISING, -100, (), None),
        (Way.DECLINED, Status.DECLINED, ISSUER_SAYS_NO, NOT, None),
        (Way.NO_MONEY, Status.DECLINED, NO_MONEY, NOT, None),
        (Way.SILENT, Status.REGISTERED, -100, (), None),
    ],
)
def test_what_each_card_does(way, status, code, notices, entry):
    change = tried(new(), way)
    assert (change.order.status, change.order.code, change.notices, change.entry) == (status, code, notices, entry)
    assert change.order.deposited == (AMOUNT if status == Status.PAID else 0)
    assert change.order.approved == (AMOUNT if status in (Status.PAID, Status.HELD) else 0)


def test_a_declined_payer_may_try_another_card_until_the_session_ends():
    declined = tried(new(), Way.DECLINED).order
    assert tried(declined, Way.PAID, T + LIVES - 1).order.status == Status.PAID
    with pytest.raises(Impossible):
        tried(declined, Way.PAID, T + LIVES)


def test_with_the_json_gateway_a_decline_is_the_end():
    declined = tried(new(JSON), Way.DECLINED).order
    assert declined.closed
    with pytest.raises(Impossible):
        tried(declined, Way.PAID)


@pytest.mark.parametrize("status", [Status.PAID, Status.HELD, Status.REVERSED, Status.REFUNDED])
def test_no_card_is_taken_twice(status):
    with pytest.raises(Impossible):
        tried(new(status=status), Way.PAID)


def test_the_right_code_pays_and_the_third_wrong_one_declines():
    order = tried(new(), Way.SECURE).order
    assert machine.try_code(order, "1234", "a", now=T + 2).entry == CHARGE
    for left in (2, 1):
        order = machine.try_code(order, "0000", "a", now=T + 2).order
        assert (order.status, machine.CODE_TRIES - order.tried) == (Status.AUTHORISING, left)
    change = machine.try_code(order, "0000", "a", now=T + 2)
    assert (change.order.status, change.order.code, change.notices) == (Status.DECLINED, NOT_PROVED, NOT)
    with pytest.raises(Impossible):
        machine.try_code(change.order, "1234", "a", now=T + 2)


def test_refusing_the_code_declines():
    change = machine.leave_code(tried(new(), Way.SECURE).order, now=T + 2)
    assert (change.order.status, change.order.code, change.order.closed) == (Status.DECLINED, NOT_PROVED, 0)
    with pytest.raises(Impossible):
        machine.leave_code(new(), now=T + 2)


def test_a_hold_is_taken_or_undone_once():
    held = tried(new(), Way.HELD).order
    taken = machine.capture(held, now=T + 9)
    assert (taken.order.status, taken.order.deposited, taken.entry, taken.notices) == (2, AMOUNT, CHARGE, TOLD)
    undone = machine.reverse(held)
    assert (undone.order.status, undone.entry) == (Status.REVERSED, ("reverse", AMOUNT))
    for order in (taken.order, undone.order, new()):
        with pytest.raises(Impossible):
            machine.reverse(order)
        with pytest.raises(Impossible):
            machine.capture(order, now=T + 9)


def test_an_uncaptured_payment_of_the_json_gateway_is_held():
    assert tried(new(JSON, capture=0), Way.PAID).order.status == Status.HELD


def test_refunds_go_to_the_last_kopeck_and_not_further():
    paid = tried(new(), Way.PAID).order
    part = machine.refund(paid, 100)
    assert (part.order.status, part.order.refunded, part.entry) == (Status.REFUNDED, 100, ("refund", 100))
    whole = machine.refund(part.order, AMOUNT - 100).order
    assert whole.rest == 0
    for order, amount in ((paid, AMOUNT + 1), (paid, 0), (paid, -1), (whole, 1), (new(), 1)):
        with pytest.raises(Impossible):
            machine.refund(order, amount)


def test_a_shop_closes_what_is_not_paid_and_nothing_else():
    for way in (Way.SILENT, Way.SECURE, Way.DECLINED):
        closed = machine.decline(tried(new(), way).order, now=T + 2).order
        assert (closed.status, closed.closed, closed.code) == (Status.DECLINED, 1, BY_SHOP)
        with pytest.raises(Impossible):
            tried(closed, Way.PAID)
    for way in (Way.PAID, Way.HELD):
        with pytest.raises(Impossible):
            machine.decline(tried(new(), way).order, now=T + 2)


def test_a_session_ends_once_and_only_where_nothing_is_paid():
    for way in (Way.SILENT, Way.SECURE, Way.DECLINED):
        order = tried(new(), way).order
        assert machine.expire(order, now=T + LIVES - 1) is None
        change = machine.expire(order, now=T + LIVES)
        assert change and change.order.code == TIMED_OUT and change.notices == (Notice("declinedByTimeout"),)
        assert machine.expire(change.order, now=T + LIVES) is None
    for way in (Way.PAID, Way.HELD):
        assert machine.expire(tried(new(), way).order, now=T + LIVES) is None


_EVENTS = {
    "card": lambda order, now, n: tried(order, list(Way)[n % len(Way)], now),
    "code": lambda order, now, n: machine.try_code(order, "1234" if n % 2 else "0", "a", now=now),
    "leave": lambda order, now, n: machine.leave_code(order, now=now),
    "capture": lambda order, now, n: machine.capture(order, now=now),
    "reverse": lambda order, now, n: machine.reverse(order),
    "refund": lambda order, now, n: machine.refund(order, n),
    "decline": lambda order, now, n: machine.decline(order, now=now),
    "expire": lambda order, now, n: machine.expire(order, now=now) or machine.Change(order),
}


@given(st.lists(st.tuples(st.sampled_from(sorted(_EVENTS)), st.integers(-1, 2 * AMOUNT), st.floats(0, 2 * LIVES))))
def test_whatever_happens_money_is_taken_once_and_no_more_comes_back(events):
    order, entries = new(), []
    for name, number, after in events:
        try:
            change = _EVENTS[name](order, T + after, number)
        except Impossible:
            continue
        order = change.order
        entries += [change.entry] if change.entry else []
    charged = [amount for kind, amount in entries if kind == "charge"]
    refunded = sum(amount for kind, amount in entries if kind == "refund")
    assert charged in ([], [AMOUNT]) and order.deposited == sum(charged)
    assert order.refunded == refunded <= order.deposited

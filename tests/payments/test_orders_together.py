"""Many at the same instant, in real threads on both databases: one posting, one letter, one order."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest

from lk_reflex.domain.payments.orders.hints import take_hint
from lk_reflex.domain.payments.orders.journal import Cause
from lk_reflex.domain.payments.orders.machine import Status
from lk_reflex.domain.payments.orders.settling import settle
from lk_reflex.integrations.bank.port import Hint, Stage
from lk_reflex.jobs.orders import Reconciler
from tests.billing.paper import february_2018
from tests.payments.bank import state
from tests.payments.world import DUE, SITE, World

INN = "7421000200"


@pytest.fixture
def world(db, cast) -> World:
    return World(db, cast, february_2018(db, cast.flat))


def at_once(calls):
    """Start all together; their results in order."""
    start = Barrier(len(calls))

    def run(call):
        start.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(run, calls))


def reconciler(world: World) -> Reconciler:
    return Reconciler(world.database, world.banks, site=SITE, clock=world.clock)


def run_dry(world: World) -> None:
    one = reconciler(world)
    while one.step():
        pass
    one.close()


def test_fifty_callbacks_are_one_posting_and_one_letter(world):
    number = world.started()
    world.bank.pay(number)
    hint = Hint(number, f"md-{number}", "deposited", True, signed=True)

    def call_back():
        told = take_hint(world.database, hint, INN, now=world.now)
        return told, world.look(number, Cause.CALLBACK).number

    assert set(at_once([call_back] * 50)) == {(number, number)}
    world.later(seconds=31)
    run_dry(world)
    assert world.status(number) is Status.PAID
    assert (len(world.postings(number)), len(world.mail()), len(world.feed())) == (1, 1, 1)
    assert [move[:2] for move in world.moves(number)] == [("", "new"), ("new", "waiting"), ("waiting", "paid")]
    with world.database.transaction() as db:
        (times,) = db.session.connection().exec_driver_sql("SELECT times FROM bank_hints").one()
    assert times == 50
    world.check()


def test_fifty_answers_settled_at_once_without_any_turn(world):
    """Not even the turn is needed for that: this is what holds when it fails."""
    number = world.started()
    order_id = world.order(number).id
    word = state(number, Stage.REFUNDED, DUE, refunded=10000)

    def apply():
        return world.database.write(settle, order_id, word, cause=Cause.CALLBACK, now=world.now, site=SITE)

    assert set(at_once([apply] * 50)) == {Status.PAID}
    assert [posting.amount for posting in world.postings(number)] == [DUE, -10000]
    assert (len(world.mail()), len(world.mail("payment-refunded"))) == (1, 1)
    world.check()


def test_two_payments_of_one_receipt_at_the_same_instant_see_each_other(world):
    for _ in range(5):
        numbers = [world.started(), world.started()]
        for number in numbers:
            world.bank.pay(number)
        at_once([lambda number=number: world.look(number) for number in numbers])
        flags = sorted(world.order(number).flag for number in numbers)
        assert flags == ["", "second-payment"]
        for number in numbers:
            world.bank.give_back(number, DUE)
            world.look(number)
    world.check()


def test_one_form_sent_five_times_is_one_order_and_one_registration(world):
    results = at_once([lambda: world.start(world.placed(key="form"))] * 5)
    assert len({started.number for started in results}) == 1
    assert {started.form_url for started in results} == {f"https://bank.example/pay/md-{results[0].number}"}
    assert (world.bank.calls["register"], len(world.bank.orders)) == (1, 1)


def test_workers_share_the_orders(world):
    numbers = [world.started() for _ in range(12)]
    for number in numbers:
        world.bank.pay(number)
    world.later(minutes=1)
    asked = world.bank.calls["state"]
    at_once([lambda: run_dry(world)] * 4)
    assert {world.status(number) for number in numbers} == {Status.PAID}
    assert all(len(world.postings(number)) == 1 for number in numbers)
    assert world.bank.calls["state"] - asked == len(numbers)
    world.check()


def test_an_answer_that_took_too_long_is_dropped_for_the_newer_one(world):
    number = world.started()
    asked, answer = Event(), Event()
    fast = world.bank.state

    def slow(*given):
        said = fast(*given)
        world.bank.state = fast
        asked.set()
        assert answer.wait(20)
        return said

    world.bank.state = slow
    with ThreadPoolExecutor(1) as threads:
        first = threads.submit(world.look, number)
        assert asked.wait(20)
        world.bank.refuse(number, "116")
        world.later(seconds=31)
        assert world.look(number).status is Status.DECLINED
        answer.set()
        # It had heard «registered», which would have taken the refusal back.
        assert first.result().status is Status.DECLINED
    assert world.status(number) is Status.DECLINED


def test_a_hint_while_the_bank_is_being_asked_makes_it_be_asked_again(world):
    number = world.started()
    world.later(seconds=10)
    fast = world.bank.state

    def paid_just_after(*given):
        said = fast(*given)
        world.bank.state = fast
        world.bank.pay(number)
        world.later(seconds=1)
        take_hint(world.database, Hint(number, "", "deposited", True, signed=True), INN, now=world.now)
        assert not world.look(number, Cause.CALLBACK).answered
        return said

    world.bank.state = paid_just_after
    assert world.look(number).status is Status.WAITING
    run_dry(world)
    assert world.status(number) is Status.PAID

"""The job «refunds»: each one comes to its end, holds up no other, and spares the bank."""

import threading
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from sqlmodel import col, select

from lk_reflex.domain.accounts.tables import Organization
from lk_reflex.domain.payments.refunding.asking import ask_refund
from lk_reflex.domain.payments.refunding.unfinished import GRACE, LONGEST_REST
from lk_reflex.domain.payments.tables import Refund
from lk_reflex.jobs.refunds import Refunder
from tests.cast import NOW
from tests.payments.desk_bank import DeskBank
from tests.payments.desk_orders import put_order

WHY = "Оплата зачислена дважды"
SITE = "https://lk.example.org"
LATER = NOW + timedelta(hours=1)


class Clock:
    """The hour at which the test is."""

    def __init__(self) -> None:
        self.now = LATER

    def __call__(self):
        return self.now

    def forward(self, delta: timedelta) -> None:
        self.now += delta


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def admin(db, cast):
    return cast.admin.actor


@pytest.fixture
def bank():
    return DeskBank()


@pytest.fixture
def paid(db, cast, bank):
    """539,20 of the owner's, captured and posted."""
    number = put_order(db, cast)
    bank.paid(number)
    return number


def ask(db, actor, number, amount):
    return db.write(ask_refund, actor, number, amount, WHY, now=LATER)


def refunds(db):
    with db.transaction() as writer:
        found = writer.session.exec(select(Refund).order_by(col(Refund.id))).all()
        return [(one.amount, one.status, one.settled_at is not None) for one in found]


@pytest.fixture
def worker(db, bank, clock):
    made = Refunder(db, bank, clock=clock, site=SITE)
    yield made
    made.close()


def test_whatever_goes_wrong_with_one_refund_holds_up_no_other(db, cast, admin, bank, clock, worker, caplog):
    numbers = [put_order(db, cast), put_order(db, cast)]
    for number in numbers:
        bank.paid(number)
        ask(db, admin, number, 100_00)
    secret = "owner@" + "example.org"  # not as it stands in a traceback's source line
    known, asked = bank.state, []

    def state(number, bank_id=""):
        asked.append(number)
        if number == numbers[0]:
            raise RuntimeError(secret)
        return known(number, bank_id)

    bank.state = state
    clock.forward(2 * GRACE)
    worker.step()
    assert [status for _, status, _ in refunds(db)] == ["asked", "done"]
    assert "RuntimeError" in caplog.text and secret not in caplog.text


def test_what_takes_long_is_asked_about_ever_more_seldom(db, admin, bank, paid, clock, worker):
    """Amounts that aren't ours are for a person to look at: without end, at the pace of an hour."""
    ask(db, admin, paid, 100_00)
    bank.known[paid] = replace(bank.known[paid], amount=1_00)
    known, asked = bank.state, []

    def state(number, bank_id=""):
        asked.append(clock.now)
        return known(number, bank_id)

    bank.state = state
    for _ in range(12 * 60 * 3):
        clock.forward(timedelta(seconds=20))
        worker.step()
    pauses = [after - before for before, after in pairwise(asked)]
    assert asked[0] <= LATER + GRACE + timedelta(seconds=20)
    assert pauses == sorted(pauses) and pauses[-1] == LONGEST_REST
    assert len(asked) < 100  # of 2160 rounds


def test_a_clock_that_goes_back_puts_no_refund_off(db, admin, bank, paid, clock, worker):
    ask(db, admin, paid, 100_00)
    clock.forward(timedelta(days=1))
    bank.deaf = True
    worker.step()
    bank.deaf = False
    clock.now = LATER + 2 * GRACE
    worker.step()
    assert refunds(db) == [(100_00, "done", True)]


def test_a_silent_bank_holds_up_no_other_organizations_refunds(db, cast, admin, bank, clock, worker, monkeypatch):
    monkeypatch.setattr("lk_reflex.jobs.sides.PATIENCE", 20)
    with db.transaction() as writer:
        other = Organization(inn="7421000999", name="Другая", short_name="Другая")
        writer.add(other)
        elsewhere = other.id
    slow, quick = put_order(db, cast), put_order(db, cast, organization_id=elsewhere)
    for number in (slow, quick):
        bank.paid(number)
        ask(db, admin, number, 100_00)
    known, done = bank.state, threading.Event()

    def state(number, bank_id=""):
        if number == slow:
            assert done.wait(15), "the other organization's refund waits for this one"
        return known(number, bank_id)

    bank.state, bank.after_refund = state, done.set
    clock.forward(2 * GRACE)
    worker.step()
    assert [status for _, status, _ in refunds(db)] == ["done", "done"]

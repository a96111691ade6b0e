"""The job «orders»: every order comes to its end without its payer, whatever the bank and the clock do."""

from dataclasses import replace
from datetime import timedelta
from threading import Event

import pytest
from sqlalchemy import update

from lk_reflex.domain.accounts.tables import Organization
from lk_reflex.domain.payments.orders import claiming, coverage, due, hints, letters, once, placing, posting, starting
from lk_reflex.domain.payments.orders.machine import Status
from lk_reflex.domain.payments.tables import Order
from lk_reflex.integrations.bank.port import Stage
from lk_reflex.jobs import sides
from lk_reflex.jobs.orders import Reconciler
from tests.billing.paper import february_2018
from tests.billing.plans import plan, scans
from tests.cast import NOW, make_account
from tests.payments.bank import BEFORE, MemoryBank
from tests.payments.world import DUE, SITE, World


@pytest.fixture
def world(db, cast) -> World:
    return World(db, cast, february_2018(db, cast.flat))


@pytest.fixture
def job(world):
    made = Reconciler(world.database, world.banks, site=SITE, clock=world.clock)
    yield made
    made.close()


def run(job) -> None:
    while job.step():
        pass


def test_asks_by_the_schedule_and_closes_what_nobody_paid(world, job):
    number = world.started()
    asked = world.bank.calls
    for minute in range(1, 121):
        world.later(minutes=1)
        run(job)
        if minute == 60:
            assert asked["state"] == 6  # 1, 2, 5, 10, 20, 60
    assert asked["state"] == 7
    for _ in range(22):
        world.later(hours=1)
        run(job)
    assert (world.status(number), asked["decline"]) == (Status.WAITING, 0)
    world.later(hours=1)
    run(job)
    assert (world.status(number), asked["decline"]) == (Status.EXPIRED, 1)
    assert (world.order(number).reason, world.order(number).next_look_at) == ("expired", None)
    assert world.bank.orders[number].stage is Stage.DECLINED
    world.check()


def test_an_order_that_the_bank_never_had_expires_too(world, job):
    number = world.placed()
    world.later(hours=25)
    run(job)
    assert (world.status(number), world.bank.calls["decline"]) == (Status.EXPIRED, 0)


@pytest.mark.parametrize(
    ("stage", "after"), [(Stage.HELD, Status.REVERSED), (Stage.AUTHORISING, Status.CHECKING), (Stage.PAID, Status.PAID)]
)
def test_what_stands_at_the_end(world, job, stage, after):
    """A held sum is set free; what the payer's bank still thinks about is asked about on."""
    number = world.started()
    world.bank.change(number, stage=stage, captured=DUE if stage is Stage.PAID else 0)
    world.later(hours=25)
    run(job)
    assert world.status(number) is after
    order = world.order(number)
    assert after is not Status.CHECKING or order.next_look_at == world.now + timedelta(hours=1)
    world.check()


def test_notices_refunds_made_at_the_bank(world, job):
    number = world.paid()
    world.bank.give_back(number, 10000)
    for days in (1, 2, 4, 23):
        world.later(days=days)
        asked = world.bank.calls["state"]
        run(job)
        assert world.bank.calls["state"] == asked + 1
        assert world.order(number).refunded == 10000
    assert world.order(number).next_look_at is None
    world.check()


def test_a_bank_that_is_down_rests_and_is_asked_again(world, job):
    numbers = [world.started() for _ in range(3)]
    world.bank.down = True
    world.later(minutes=1)
    asked = world.bank.calls["state"]
    for _ in range(5):
        run(job)
    assert world.bank.calls["state"] == asked + 1
    world.bank.down = False
    for number in numbers:
        world.bank.pay(number)
    world.later(minutes=1)
    run(job)
    assert {world.status(number) for number in numbers} == {Status.PAID}
    world.check()


def second_organization(world: World) -> tuple[World, MemoryBank]:
    """Another organization with a bank of its own."""
    with world.database.transaction() as db:
        other = Organization(inn="7400000001", name="ООО «Тепло»", takes_payments=True)
        db.add(other)
        other_id = other.id or 0
        account = make_account(db, other_id, "5550001", flat="5")
    bank = MemoryBank()
    world.banks.by_inn["7400000001"] = bank
    twin = World(
        world.database,
        replace(world.cast, organization=other_id, flat=account),
        february_2018(world.database, account),
        bank,
    )
    twin.banks = world.banks
    return twin, bank


def test_a_silent_bank_holds_up_nobody_elses_orders(world, job, monkeypatch):
    monkeypatch.setattr(sides, "PATIENCE", 0.05)
    twin, other_bank = second_organization(world)
    stuck, fine = [world.started() for _ in range(3)], twin.started()
    other_bank.pay(fine)
    go_on = Event()
    fast = world.bank.state

    def slow(*given):
        assert go_on.wait(20)
        return fast(*given)

    world.bank.state = slow
    world.later(minutes=1)
    twin.now = world.now
    try:
        job.step()
        while twin.status(fine) is not Status.PAID:  # its own thread may still be at it
            job.step()
        assert {world.status(number) for number in stuck} == {Status.WAITING}
        assert {world.order(number).looked_at for number in stuck} == {NOW}
    finally:
        go_on.set()
    job.close()
    assert {world.order(number).looked_at for number in stuck} == {world.now}


def test_an_order_that_cant_be_looked_at_stops_no_other(world, job, caplog):
    bad, good = world.started(), world.started()
    for number in (bad, good):  # whichever is asked about first
        world.bank.pay(number)
    world.bank.trouble["state"].append(RuntimeError("Иванов"))
    world.later(minutes=1)
    run(job)
    assert {world.status(bad), world.status(good)} == {Status.WAITING, Status.PAID}
    assert "RuntimeError" in caplog.text and "Иванов" not in caplog.text


def test_ends_between_two_orders(world):
    ending = Reconciler(world.database, world.banks, site=SITE, clock=world.clock, ending=lambda: True)
    world.started()
    world.later(minutes=1)
    ending.step()
    ending.close()
    assert world.bank.calls["state"] == 0


@pytest.mark.parametrize("jump", [timedelta(hours=1), timedelta(days=20), timedelta(days=3650)])
def test_a_clock_that_was_ahead_puts_nothing_off(world, job, jump):
    run(job)
    world.now += jump
    placed, paid = world.started(), world.paid()
    run(job)
    world.now -= jump
    world.bank.pay(placed)
    for _ in range(3):
        world.later(minutes=1)
        run(job)
    assert world.status(placed) is Status.PAID
    next_look = world.order(paid).next_look_at
    assert next_look is not None and next_look <= world.now + timedelta(days=31)
    assert world.order(placed).paid_at >= world.order(placed).created_at
    world.check()


def test_a_clock_that_went_back_during_a_turn_blocks_nothing(world, job):
    number = world.started()
    world.bank.pay(number)
    with world.database.transaction() as db:
        db.change(update(Order).values(looking_until=world.now + timedelta(hours=1), next_look_at=world.now))
    run(job)
    assert world.status(number) is Status.PAID


def test_a_turn_cut_short_by_a_crash_is_taken_up(world, job):
    number = world.started()
    world.bank.pay(number)
    world.later(minutes=1)
    with world.database.transaction() as db:
        assert claiming.take_turn(db, number, now=world.now)
    run(job)
    assert world.status(number) is Status.WAITING
    world.later(seconds=30)
    run(job)
    assert world.status(number) is Status.PAID


def test_silence_at_the_end_is_tried_hourly(world, job):
    number = world.started()
    world.later(hours=25)
    world.bank.trouble["decline"].append(BEFORE)
    run(job)
    assert world.status(number) is Status.WAITING
    world.later(hours=1)
    run(job)
    assert world.status(number) is Status.EXPIRED


QUERIES = {
    "terms": (placing._TERMS, {"organization_id": 1}),
    "by key": (placing._BY_KEY, {"key": "k"}),
    "by number": (claiming._BY_NUMBER, {"number": "1"}),
    "by id": (claiming._BY_ID, {"order_id": 1}),
    "lock": (claiming._LOCK, {"order_id": 1}),
    "covered": (coverage._MINE, {"order_id": 1}),
    "by others": (coverage._OTHERS, {"order_id": 1}),
    "lines to post": (posting._LINES, {"order_id": 1}),
    "commission left": (posting._LEFT_OF_COMMISSION, {"order_id": 1}),
    "lines left": (posting._LEFT_OF_LINES, {"order_id": 1}),
    "letter": (letters._LINES, {"order_id": 1}),
    "request": (starting._LINES, {"order_id": 1}),
    "unfinished": (once._UNFINISHED, {"payer": 1, "organization_id": 1, "now": NOW}),
    "their lines": (once._LINES, {"order_id": 1}),
}


# PostgreSQL always scans an empty table.
@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
@pytest.mark.parametrize("name", QUERIES)
def test_every_query_goes_by_an_index(db, name):
    query, params = QUERIES[name]
    assert scans(plan(db, query, **params)) == []


#: A town's worth of orders, whose references nobody checks: only then does PostgreSQL choose as it would in a town.
_MANY = (
    "SET LOCAL session_replication_role = replica",
    """INSERT INTO orders (id, number, once_key, organization_id, status, gateway, bank_id, form_url, amount,
           commission, total, captured, refunded, email, card, reason, flag, created_at, expires_at)
       SELECT n, 'n' || n, 'k' || n, 1, 'paid', 'rbs', '', '', 1, 0, 1, 1, 0, '', '', '', '', now(), now()
       FROM generate_series(1000001, 1020000) n""",
    """INSERT INTO order_lines (order_id, account_id, receipt_id, service, part, amount, receipt_due)
       SELECT n, n, n, 'x', 'main', 1, 1 FROM generate_series(1000001, 1020000) n""",
    "ANALYZE orders",
    "ANALYZE order_lines",
)


@pytest.mark.parametrize("db", ["postgresql"], indirect=True)
def test_a_settlement_locks_by_indexes_on_postgresql_too(db):
    with db.engine.connect() as connection:  # rolled back at the end
        for statement in _MANY:
            connection.exec_driver_sql(statement)
        made = claiming._LOCK.compile(connection)
        steps = connection.exec_driver_sql(f"EXPLAIN {made}", {"order_id": 1_000_007}).scalars().all()
    told = "\n".join(steps)
    assert "Seq Scan" not in told and "SubPlan" not in told, told
    assert "pk_orders" in told and told.count("Index Cond") >= 3, told


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_the_due_ones_and_the_changes_go_by_an_index(db):
    given = {"now": NOW, "later": NOW, "count": 1, "without": [5]}
    changed = {"now": NOW, "hour_ahead": NOW, "month_ahead": NOW}
    with db.engine.connect() as connection:
        for statement, params in (
            (due.DUE, given),
            (due._PUT_OFF, changed),
            (claiming._TAKE, {"of_number": "1", "now": NOW, "till": NOW}),
            (claiming._DROP, {"of_id": 1, "mine": NOW}),
            (hints._DUE, {"of_id": 1, "now": NOW}),
        ):
            made = statement.compile(connection).construct_expanded_state(params)
            values = [made.parameters[name] for name in made.positiontup]
            texts = tuple(str(value) if hasattr(value, "isoformat") else value for value in values)
            steps = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {made.statement}", texts)]
            assert scans(steps) == [], statement
            assert not [step for step in steps if "TEMP B-TREE" in step], statement

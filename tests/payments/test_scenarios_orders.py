"""Scenarios 4, 6, 7 and 8 of the list of bars, by number, at the services; and paying twice in all its forms."""

import pytest
from sqlmodel import select

from lk_reflex.core.errors import Refused
from lk_reflex.domain.payments.orders.hints import take_hint
from lk_reflex.domain.payments.orders.journal import Cause
from lk_reflex.domain.payments.orders.machine import Status
from lk_reflex.domain.payments.orders.once import StillOpen, clear_the_way
from lk_reflex.domain.payments.tables import BankHint
from lk_reflex.integrations.bank.port import Hint, Stage
from lk_reflex.jobs.orders import Reconciler
from tests.billing.paper import february_2018
from tests.payments.bank import AFTER, BEFORE
from tests.payments.world import SITE, World

INN = "7421000200"


@pytest.fixture
def world(db, cast) -> World:
    return World(db, cast, february_2018(db, cast.flat))


def call_back(world: World, number: str, operation: str, succeeded: bool) -> Status:
    told = take_hint(world.database, Hint(number, "", operation, succeeded, signed=True), INN, now=world.now)
    assert told == number
    return world.look(number, Cause.CALLBACK).status


def work(world: World) -> None:
    worker = Reconciler(world.database, world.banks, site=SITE, clock=world.clock)
    while worker.step():
        pass
    worker.close()


def clear(world: World, *lines) -> str | None:
    lines = lines or world.wanted()
    return clear_the_way(
        world.database, world.banks, user_id=world.cast.owner.actor.user_id, organization_id=world.cast.organization,
        lines=lines, site=SITE, clock=world.clock, total=sum(line.amount for line in lines),
    )  # fmt: skip


def test_scenario_4_failed_then_paid(world):
    number = world.started()
    world.bank.refuse(number, "116", retries=True)
    assert call_back(world, number, "declined", False) is Status.DECLINED
    world.bank.pay(number)
    assert call_back(world, number, "deposited", True) is Status.PAID
    assert (len(world.postings(number)), len(world.mail()), world.order(number).flag) == (1, 1, "")
    world.check()


def test_scenario_4_paid_then_failed(world):
    number = world.started()
    world.bank.pay(number)
    # The callback says «declined» and comes first; what the bank says when asked is what counts.
    assert call_back(world, number, "declined", False) is Status.PAID
    assert call_back(world, number, "deposited", True) is Status.PAID
    assert world.order(number).flag == ""
    # Should the bank itself take it back without a refund, nothing moves, and staff are to look.
    world.bank.change(number, stage=Stage.DECLINED, captured=0)
    assert call_back(world, number, "declined", False) is Status.PAID
    assert (len(world.postings(number)), world.order(number).flag) == (1, "declined-after-paid")
    world.check()


def test_scenario_6_the_registration_times_out_and_had_succeeded(world):
    world.bank.trouble["register"].append(AFTER)
    world.bank.trouble["state"].append(BEFORE)
    started = world.start(world.placed())
    assert (started.status, started.form_url) == (Status.NEW, "")
    world.later(minutes=1)
    work(world)
    order = world.order(started.number)
    assert (order.status, order.bank_id) == ("waiting", f"md-{started.number}")
    assert (world.bank.calls["register"], len(world.bank.orders)) == (1, 1)
    # Nobody knows its page, so pressing again closes it and makes one that can be paid.
    assert clear(world) is None
    assert world.status(started.number) is Status.EXPIRED
    world.check()


def test_scenario_6_where_the_bank_repeats_the_page(world):
    world.bank.tells_pages = True
    world.bank.trouble["register"].append(AFTER)
    started = world.start(world.placed())
    assert (started.status, started.form_url) == (Status.WAITING, f"https://bank.example/pay/md-{started.number}")
    assert clear(world) == started.number
    world.check()


def test_scenario_7_the_payer_never_comes_back(world):
    number = world.started()
    world.later(seconds=30)
    world.bank.pay(number)
    world.later(seconds=30)
    work(world)
    assert world.status(number) is Status.PAID
    assert (len(world.postings(number)), len(world.mail())) == (1, 1)
    assert world.moves(number)[-1] == ("waiting", "paid", "schedule")
    world.check()


# Scenario 8: two tabs, and Back after paying.


def test_scenario_8_the_same_contents_are_the_same_order(world):
    number = world.started()
    assert clear(world) == number
    # Also while the bank is silent: one number can't be paid twice.
    world.bank.trouble["state"].append(BEFORE)
    assert clear(world) == number


def test_scenario_8_an_order_on_its_way_is_gone_on_with(world):
    number = world.placed()
    assert clear(world) == number
    assert world.start(number).status is Status.WAITING


def test_scenario_8_other_contents_close_the_first(world):
    number = world.started()
    assert clear(world, *world.wanted((("ХВС", 100),))) is None
    assert (world.status(number), world.order(number).reason) == (Status.EXPIRED, "replaced")
    assert world.bank.orders[number].stage is Stage.DECLINED
    assert world.moves(number)[-1] == ("waiting", "expired", "replaced")


def test_scenario_8_back_after_paying_is_refused_with_its_number(world):
    number = world.started()
    world.bank.pay(number)
    for lines in (world.wanted(), world.wanted((("ХВС", 100),))):
        if world.status(number) is Status.PAID:
            assert clear(world, *lines) is None  # the cart is empty by then
            continue
        with pytest.raises(StillOpen, match="уже прошёл") as refusal:
            clear(world, *lines)
        assert refusal.value.number == number
    assert (world.status(number), len(world.postings(number))) == (Status.PAID, 1)


@pytest.mark.parametrize("sums", [(("ХВС", 100),), None])
def test_scenario_8_what_the_payers_bank_thinks_about_is_waited_for(world, sums):
    number = world.started()
    world.bank.think(number)
    with pytest.raises(StillOpen, match="проверяется") as refusal:
        clear(world, *(world.wanted(sums) if sums else ()))
    assert refusal.value.number == number
    assert world.status(number) is Status.CHECKING


@pytest.mark.parametrize("call", ["state", "decline"])
def test_scenario_8_nothing_new_while_the_first_cant_be_closed(world, call):
    number = world.started()
    world.bank.trouble[call].append(BEFORE)
    with pytest.raises(StillOpen) as refusal:
        clear(world, *world.wanted((("ХВС", 100),)))
    assert refusal.value.number == number


def test_scenario_8_a_declined_order_that_may_be_tried_again_is_closed(world):
    number = world.started()
    world.bank.refuse(number, retries=True)
    world.look(number)
    assert clear(world) is None
    assert not world.bank.orders[number].retries
    assert world.status(number) is Status.EXPIRED


@pytest.mark.parametrize("call", ["state", "decline"])
def test_scenario_8_nothing_new_while_a_declined_one_can_be_paid_with_another_card(world, call):
    number = world.started()
    world.bank.refuse(number, retries=True)
    world.look(number)
    world.bank.trouble[call].append(BEFORE)
    with pytest.raises(Refused, match="другой картой"):
        clear(world, *world.wanted((("ХВС", 100),)))
    assert world.bank.orders[number].retries
    assert clear(world) is None
    assert not world.bank.orders[number].retries


def test_scenario_8_an_order_with_no_time_left_is_made_anew(world):
    number = world.started()
    world.later(minutes=19)
    assert clear(world) is None
    assert world.status(number) is Status.EXPIRED


def test_anothers_unfinished_order_is_left_alone(world):
    number = world.placed(user=world.cast.relative.actor.user_id)
    world.start(number)
    assert clear(world, *world.wanted((("ХВС", 100),))) is None
    assert world.status(number) is Status.WAITING


# Hints.


def hinted(world: World, hint: Hint, inn: str = INN) -> str | None:
    return take_hint(world.database, hint, inn, now=world.now)


def hints(world: World) -> list[tuple[str, bool, int]]:
    with world.database.transaction() as db:
        rows = db.session.exec(select(BankHint).order_by(BankHint.id)).all()
        return [(row.operation, row.succeeded, row.times) for row in rows]


def test_hints_are_counted_and_make_the_order_due(world):
    number = world.started()
    world.later(minutes=3)
    for operation in ("deposited", "deposited", "<script>", "x" * 99):
        assert hinted(world, Hint(number, "", operation, True, signed=True)) == number
    assert hinted(world, Hint("", f"md-{number}", "deposited", False, signed=True)) == number
    assert hints(world) == [("deposited", True, 2), ("other", True, 2), ("deposited", False, 1)]
    assert world.order(number).next_look_at == world.now
    assert world.status(number) is Status.WAITING


@pytest.mark.parametrize(
    ("number", "bank_id", "inn"),
    [("26112099999999", "", INN), ("", "md-0", INN), ("", "", INN), (None, "", "7400000001")],
)
def test_hints_about_what_isnt_the_callers_are_nothing(world, caplog, number, bank_id, inn):
    own = world.started()
    assert hinted(world, Hint(own if number is None else number, bank_id, "deposited", True, signed=True), inn) is None
    assert hints(world) == []
    assert "security" in caplog.text


def test_the_result_page_asks_no_oftener_than_it_makes_sense(world):
    number = world.started()
    world.later(seconds=10)
    asked = world.bank.calls["state"]
    for _ in range(5):
        world.look(number, Cause.RETURN)
    assert world.bank.calls["state"] == asked + 1
    # What the page may have missed the worker asks at once.
    world.bank.pay(number)
    world.look(number, Cause.RETURN)
    work(world)
    assert world.status(number) is Status.PAID
    asked = world.bank.calls["state"]
    world.later(seconds=10)
    world.look(number, Cause.RETURN)
    assert world.bank.calls["state"] == asked

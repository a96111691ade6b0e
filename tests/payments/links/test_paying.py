"""Paying by a link: once, whoever presses; to the bank and back; and what everybody is told of it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import text, update

from lk_reflex.core.errors import NotFound, Refused
from lk_reflex.core.months import Month
from lk_reflex.domain.accounts.tables import PAYER, Organization
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.payments.cart.putting import put_into_cart
from lk_reflex.domain.payments.links.behind import behind
from lk_reflex.domain.payments.links.making import make_link, revoke_link
from lk_reflex.domain.payments.links.mine import my_links
from lk_reflex.domain.payments.links.paying import OF_CLIENT, OF_LINK, look_after, pay_by_link
from lk_reflex.domain.payments.links.state import LinkState
from lk_reflex.domain.payments.orders.machine import Status
from tests.billing.paper import february_2018, receipt
from tests.payments.bank import BEFORE
from tests.payments.test_pay_code import type_amount
from tests.payments.world import SITE, World, check_books

HERE = Client("203.0.113.5")
EMAIL = "neighbour@example.org"


@pytest.fixture
def world(db, cast) -> World:
    return World(db, cast, february_2018(db, cast.flat))


@pytest.fixture
def key(world) -> str:
    return world.database.write(make_link, world.cast.owner.actor, world.receipt, in_cart=False, now=world.now)


def press(world, key, email=EMAIL, client=HERE):
    return pay_by_link(
        world.database, world.banks, key, email, client=client, site=SITE,
        return_path=lambda number: f"/back/{number}", clock=world.clock,
    )  # fmt: skip


def see(world, key):
    return world.database.read(behind, key, now=world.now)


def after(world, key):
    world.later(seconds=4)  # a page asks the bank no oftener
    look_after(world.database, world.banks, key, site=SITE, clock=world.clock)
    return see(world, key).state


def orders(world) -> int:
    with world.database.engine.connect() as connection:
        return connection.scalar(text("SELECT COUNT(*) FROM orders"))


def test_the_payer_is_led_to_the_bank_with_the_links_sum_and_nothing_that_names_anybody(world, key):
    world.database.write(
        lambda w: w.change(update(Organization).values(commission_by=PAYER, commission_rate=150, commission_minimum=0))
    )
    started = press(world, key)
    assert started.status is Status.WAITING and started.form_url
    request = world.bank.requests[started.number]
    assert request.amount == see(world, key).total == 53920 + 809
    assert request.return_url == request.fail_url == f"{SITE}/back/{started.number}"
    assert request.description == "ПОВВ, лицевой счет ••••7899"
    assert key not in str(request)
    order = world.order(started.number)
    assert (order.user_id, order.email, order.amount, order.commission) == (None, EMAIL, 53920, 809)
    assert see(world, key).state is LinkState.WAITING


def test_nobody_goes_on_with_an_order_of_which_the_bank_has_another_sum(world, key):
    number = press(world, key).number
    world.bank.change(number, amount=1_00)
    world.look(number)
    assert see(world, key).state is LinkState.CHECKING and not see(world, key).payable
    assert not see(world, key).last.payable_at(world.now)
    with pytest.raises(Refused):
        press(world, key)
    assert orders(world) == 1


def test_paid_is_paid_and_everybody_hears_of_it_once(world, key, db, cast):
    number = press(world, key).number
    world.bank.pay(number)
    for _ in range(3):
        assert after(world, key) is LinkState.PAID
    (letter,) = world.mail()
    assert letter.recipient == EMAIL
    for told in ("1234567899", "КЫШТЫМСКАЯ", "1010", "КОПЕЙСК", "cart/result", key):
        assert told not in f"{letter.subject}{letter.plain}{letter.html}"
    assert "••••7899" in letter.plain
    (line,) = world.feed()
    assert (line.user_id, line.link, line.account_id) == (cast.owner.actor.user_id, "/payments", cast.flat)
    assert line.title.replace("\u00a0", " ") == "По вашей ссылке оплатили: 539,20 руб."
    assert (cast.owner.actor.user_id, "order", key) in world.signals()
    (mine,) = db.read(my_links, cast.owner.actor, now=world.now)
    assert (mine.state, mine.paid_at is not None) == (LinkState.PAID, True)
    check_books(db)


def test_a_paid_link_is_never_paid_again(world, key):
    world.bank.pay(press(world, key).number)
    after(world, key)
    with pytest.raises(Refused):
        press(world, key)
    assert orders(world) == 1


def test_whoever_presses_meanwhile_goes_on_with_the_same_order(world, key):
    first = press(world, key)
    world.later(minutes=5)
    second = press(world, key, email="")
    assert (second.number, second.form_url) == (first.number, first.form_url)
    assert orders(world) == 1 and world.bank.calls["register"] == 1


def test_ten_who_press_at_once_are_one_order(world, key):
    with ThreadPoolExecutor(10) as pool:
        started = list(pool.map(lambda _: press(world, key), range(10)))
    assert len({one.number for one in started}) == orders(world) == 1
    assert {one.status for one in started} == {Status.WAITING}


def test_paid_at_the_bank_before_a_second_press_is_found_out_first(world, key):
    world.bank.pay(press(world, key).number)
    world.later(seconds=30)
    with pytest.raises(Refused):
        press(world, key)
    assert see(world, key).state is LinkState.PAID and orders(world) == 1


def test_while_the_bank_thinks_nobody_pays_a_second_time(world, key):
    world.bank.think(press(world, key).number)
    assert after(world, key) is LinkState.CHECKING
    with pytest.raises(Refused):
        press(world, key)


def test_after_a_refusal_it_can_be_tried_again(world, key):
    first = press(world, key).number
    world.bank.refuse(first, "116")
    assert after(world, key) is LinkState.FAILED
    assert see(world, key).last.reason == "116"
    second = press(world, key).number
    assert second != first
    world.bank.pay(second)
    assert after(world, key) is LinkState.PAID
    assert orders(world) == 2


def test_a_refused_order_that_takes_another_card_is_closed_before_a_new_one_is_made(world, key):
    first = press(world, key).number
    world.bank.refuse(first, "116", retries=True)
    after(world, key)
    world.later(minutes=1)
    second = press(world, key).number
    assert second != first and world.bank.calls["decline"] == 1
    check_books(world.database)


def test_an_order_whose_time_is_over_is_closed_at_the_bank_before_a_new_one_is_made(world, key):
    first = press(world, key).number
    world.later(minutes=19)
    second = press(world, key).number
    assert second != first and world.bank.calls["decline"] == 1
    assert world.status(first) is Status.EXPIRED


def test_with_a_silent_bank_no_second_order_is_made(world, key):
    press(world, key)
    world.later(minutes=19)
    world.bank.down = True
    with pytest.raises(Refused):
        press(world, key)
    assert orders(world) == 1


def test_a_bank_that_says_nothing_leaves_an_order_that_is_found_again(world, key):
    world.bank.trouble["register"].extend([BEFORE, BEFORE])
    started = press(world, key)
    assert started.status is Status.NEW
    assert see(world, key).state is LinkState.WAITING
    again = press(world, key)
    assert again.number == started.number and orders(world) == 1


@pytest.mark.parametrize("how", ["revoked", "expired", "superseded", "no payments"])
def test_a_dead_link_is_not_paid(world, key, db, cast, how):
    if how == "revoked":
        (mine,) = db.read(my_links, cast.owner.actor, now=world.now)
        db.write(revoke_link, cast.owner.actor, mine.link_id, now=world.now)
    elif how == "expired":
        world.later(days=30)
    elif how == "superseded":
        receipt(db, cast.flat, "ХВС и ВО", Month(2018, 3), [("ХВС", "0", "0", "1,00", "1,00")])
    else:
        db.write(lambda w: w.change(update(Organization).values(takes_payments=False)))
    with pytest.raises(Refused):
        press(world, key)
    assert orders(world) == 0 and world.bank.calls["register"] == 0


def test_what_was_begun_before_the_link_was_revoked_is_still_told_as_paid(world, key, db, cast):
    number = press(world, key).number
    (mine,) = db.read(my_links, cast.owner.actor, now=world.now)
    db.write(revoke_link, cast.owner.actor, mine.link_id, now=world.now)
    assert see(world, key).state is LinkState.REVOKED
    world.bank.pay(number)
    assert after(world, key) is LinkState.PAID


def test_a_refund_is_told_to_the_maker_and_does_not_open_the_link_again(world, key):
    number = press(world, key).number
    world.bank.pay(number)
    after(world, key)
    world.bank.give_back(number, 53920)
    world.look(number)
    assert see(world, key).state is LinkState.REFUNDED
    assert [line.title.replace("\u00a0", " ") for line in world.feed()][-1] == "По вашей ссылке возвращено: 539,20 руб."
    with pytest.raises(Refused):
        press(world, key)


def test_without_an_address_nobody_is_written_to(world, key):
    world.bank.pay(press(world, key, email="").number)
    assert after(world, key) is LinkState.PAID
    assert world.mail() == []


def test_the_makers_own_cart_keeps_nothing_of_the_links_sums(world, db, cast):
    db.write(put_into_cart, cast.owner.actor, world.receipt, with_advance=False, now=world.now)
    type_amount(db, cast.owner, 0, "100")
    key = db.write(make_link, cast.owner.actor, world.receipt, in_cart=True, now=world.now)
    started = press(world, key)
    assert world.bank.requests[started.number].amount == 10000 + 19790


def test_guessing_is_slowed_down_and_hits_nothing(world, key):
    for _ in range(OF_CLIENT.free):
        with pytest.raises(NotFound):
            press(world, "x" * 22)
    with pytest.raises(Refused):
        press(world, "x" * 22)
    with pytest.raises(Refused):
        press(world, key)
    assert press(world, key, client=Client("198.51.100.7")).form_url


def test_one_link_makes_no_stream_of_orders(world, key):
    for _ in range(OF_LINK.free):
        world.bank.refuse(press(world, key).number)
        after(world, key)
        world.later(seconds=5)
    with pytest.raises(Refused):
        press(world, key)
    world.later(minutes=20)
    assert press(world, key).form_url


def test_looking_at_a_link_without_an_open_order_asks_no_bank(world, key):
    look_after(world.database, world.banks, key, site=SITE, clock=world.clock)
    look_after(world.database, world.banks, "x" * 22, site=SITE, clock=world.clock)
    assert not world.bank.calls


def test_a_login_that_is_gone_hears_of_nothing_and_the_money_is_booked(world, key, db, cast):
    number = press(world, key).number
    db.write(lambda w: w.change(text("DELETE FROM pay_links")))
    world.bank.pay(number)
    world.later(minutes=1)
    assert world.look(number).status is Status.PAID
    assert world.feed() == []
    assert len(world.postings(number)) == 1


def test_the_day_has_no_end_for_a_link(world, key):
    world.later(days=29)
    assert see(world, key).expires_at - world.now == timedelta(days=1)
    assert press(world, key).form_url

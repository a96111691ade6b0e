"""Which order a press by a link goes on with: never one of another sum, another payer's address or another link."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy import text, update

from lk_reflex.core.errors import Refused
from lk_reflex.domain.accounts.tables import PAYER, Organization
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.payments.links.making import make_link
from lk_reflex.domain.payments.links.paying import PRESSES_OF_CLIENT, PRESSES_OF_LINK, look_after, pay_by_link
from lk_reflex.domain.payments.orders.machine import Status
from lk_reflex.domain.payments.orders.once import CHECKED, NOT_CLOSED
from lk_reflex.domain.payments.tables import Order
from lk_reflex.integrations.bank.port import Stage
from tests.billing.paper import february_2018, september_2019
from tests.payments.bank import BEFORE
from tests.payments.world import SITE, World, check_books

HERE = Client("203.0.113.5")
MINE, ANOTHERS = "payer@example.org", "stranger@example.org"


@pytest.fixture
def world(db, cast) -> World:
    return World(db, cast, february_2018(db, cast.flat))


@pytest.fixture
def key(world) -> str:
    return link(world, world.receipt)


def link(world, receipt: int) -> str:
    return world.database.write(make_link, world.cast.owner.actor, receipt, in_cart=False, now=world.now)


def press(world, key, email="", client=HERE):
    return pay_by_link(
        world.database, world.banks, key, email, client=client, site=SITE,
        return_path=lambda number: f"/back/{number}", clock=world.clock,
    )  # fmt: skip


def look(world, key) -> None:
    world.later(seconds=4)  # a page asks the bank no oftener
    look_after(world.database, world.banks, key, site=SITE, clock=world.clock)


def rate(world, of_hundredths: int) -> None:
    made = update(Organization).values(commission_by=PAYER, commission_rate=of_hundredths, commission_minimum=0)
    world.database.write(lambda w: w.change(made))


def payable(world) -> list[str]:
    """The numbers of the orders for which the bank would take money."""
    return [one.number for one in world.bank.orders.values() if one.stage is Stage.REGISTERED or one.retries]


def test_the_confirmation_goes_to_whoever_pays_and_not_to_whoever_pressed_before(world, key):
    first = press(world, key, ANOTHERS).number
    second = press(world, key, MINE).number
    assert second != first and payable(world) == [second]
    assert world.status(first) is Status.EXPIRED
    assert world.bank.requests[second].email == MINE
    world.bank.pay(second)
    look(world, key)
    assert [letter.recipient for letter in world.mail()] == [MINE]
    check_books(world.database)


@pytest.mark.parametrize("emails", [(MINE, MINE), (MINE, ""), ("", "")])
def test_the_same_address_and_none_go_on_with_the_order_there_is(world, key, emails):
    first, second = (press(world, key, email) for email in emails)
    assert (second.number, second.form_url) == (first.number, first.form_url)
    assert (world.bank.calls["register"], world.bank.calls["decline"]) == (1, 0)


def test_an_address_typed_after_all_gets_the_confirmation(world, key):
    press(world, key)
    assert world.order(press(world, key, MINE).number).email == MINE
    assert len(payable(world)) == 1


def test_what_is_taken_is_the_sum_that_the_page_shows_now(world, key):
    rate(world, 100)
    first = press(world, key).number
    rate(world, 200)
    second = press(world, key).number
    assert [world.order(one).total for one in (first, second)] == [53920 + 539, 53920 + 1078]
    assert payable(world) == [second]


def test_two_addresses_at_once_leave_one_order_that_can_be_paid(world, key):
    def pressed(email):
        with suppress(Refused):
            press(world, key, email)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(pressed, [MINE, ANOTHERS] * 3))
    assert len(payable(world)) == 1
    check_books(world.database)


def test_what_the_payers_bank_thinks_about_is_not_closed_by_another_address(world, key):
    number = press(world, key, MINE).number
    world.bank.think(number)
    look(world, key)
    with pytest.raises(Refused):
        press(world, key, ANOTHERS)
    assert (world.status(number), world.bank.calls["decline"]) == (Status.CHECKING, 0)


def test_what_staff_look_into_is_not_closed_by_another_address(world, key):
    number = press(world, key, MINE).number
    world.database.write(lambda w: w.change(update(Order).values(flag="amount-differs")))
    with pytest.raises(Refused):
        press(world, key, ANOTHERS)
    assert (payable(world), world.bank.calls["decline"]) == ([number], 0)


@pytest.mark.parametrize("call", ["state", "decline"])
@pytest.mark.parametrize("declined", [True, False])
def test_nothing_new_while_the_first_cant_be_closed(world, key, call, declined):
    number = press(world, key, ANOTHERS).number
    if declined:
        world.bank.refuse(number, retries=True)
        look(world, key)
    world.bank.trouble[call].append(BEFORE)
    with pytest.raises(Refused, match=(NOT_CLOSED if declined else CHECKED)[:20]):
        press(world, key, MINE)
    assert payable(world) == list(world.bank.orders) == [number]
    assert press(world, key, MINE).number != number
    assert number not in payable(world)


def test_a_link_that_gets_the_id_of_a_deleted_one_has_orders_of_its_own(world, key, db, cast):
    first = press(world, key).number
    with db.engine.begin() as connection:  # what SQLite gives to the next row
        connection.execute(text("DELETE FROM pay_links"))
    receipt = september_2019(db, cast.flat)
    second = press(world, link(world, receipt)).number
    assert second != first
    with db.engine.connect() as connection:
        of_second = text("SELECT receipt_id FROM order_lines JOIN orders o ON o.id = order_id WHERE o.number = :number")
        assert set(connection.scalars(of_second, {"number": second})) == {receipt}


def test_one_client_does_not_have_the_bank_asked_without_end(world, key):
    for _ in range(PRESSES_OF_CLIENT.free):
        press(world, key)
    asked = world.bank.calls["state"]
    with pytest.raises(Refused, match="слишком много попыток"):
        press(world, key)
    assert world.bank.calls["state"] == asked
    world.later(minutes=16)
    assert press(world, key).form_url


def test_many_clients_make_a_links_payer_wait_a_minute_at_most(world, key):
    for at in range(PRESSES_OF_LINK.free + 3):
        world.later(seconds=0 if at < PRESSES_OF_LINK.free else 60)
        press(world, key, client=Client(f"198.51.100.{at}"))
    with pytest.raises(Refused, match="слишком много попыток"):
        press(world, key)
    world.later(seconds=timedelta(minutes=1).seconds)
    assert press(world, key).form_url

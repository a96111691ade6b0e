"""A revoked link: whoever is at the bank's page by it can't pay any more, and what was paid before counts."""

import pytest

from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.payments.links.closing import close_behind, left_at_bank
from lk_reflex.domain.payments.links.making import make_link, revoke_link
from lk_reflex.domain.payments.links.mine import my_links
from lk_reflex.domain.payments.links.paying import pay_by_link
from lk_reflex.domain.payments.orders.machine import Status
from tests.billing.paper import february_2018
from tests.payments.world import SITE, World


@pytest.fixture
def world(db, cast) -> World:
    return World(db, cast, february_2018(db, cast.flat))


@pytest.fixture
def number(world) -> str:
    """An order at the bank by the owner's link."""
    key = world.database.write(make_link, world.cast.owner.actor, world.receipt, in_cart=False, now=world.now)
    return pay_by_link(
        world.database, world.banks, key, "payer@example.org", client=Client("203.0.113.5"), site=SITE,
        return_path=lambda number: f"/back/{number}", clock=world.clock,
    ).number  # fmt: skip


def revoke(world) -> int:
    (mine,) = world.database.read(my_links, world.cast.owner.actor, now=world.now)
    world.database.write(revoke_link, world.cast.owner.actor, mine.link_id, now=world.now)
    return mine.link_id


def close(world, link_id: int, person=None) -> None:
    actor = (person or world.cast.owner).actor
    close_behind(world.database, world.banks, actor, link_id, site=SITE, clock=world.clock)


@pytest.mark.parametrize("declined", [False, True])
def test_the_order_that_is_being_paid_is_closed_at_the_bank(world, number, declined):
    if declined:
        world.bank.refuse(number, retries=True)
        world.look(number)
    link_id = revoke(world)
    assert world.database.read(left_at_bank, world.cast.owner.actor, link_id, now=world.now) == (number,)
    close(world, link_id)
    assert world.bank.calls["decline"] == 1
    assert world.status(number) is Status.EXPIRED
    assert world.database.read(left_at_bank, world.cast.owner.actor, link_id, now=world.now) == ()


def test_what_was_paid_a_moment_before_counts(world, number):
    link_id = revoke(world)
    world.bank.pay(number)
    close(world, link_id)
    assert world.status(number) is Status.PAID
    world.check()


def test_a_silent_bank_leaves_it_to_the_next_look(world, number):
    link_id = revoke(world)
    world.bank.down = True
    close(world, link_id)
    assert world.status(number) is Status.WAITING


def test_only_its_maker_closes_and_only_after_revoking(world, number):
    (mine,) = world.database.read(my_links, world.cast.owner.actor, now=world.now)
    close(world, mine.link_id)
    close(world, revoke(world), world.cast.relative)
    assert world.bank.calls["decline"] == 0
    assert world.status(number) is Status.WAITING

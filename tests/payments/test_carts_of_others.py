"""What a payment leaves in the carts of others who could pay the same: nothing that is paid is asked for again."""

import pytest
from sqlalchemy import func, select

from lk_reflex.core.signals import CART
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.payments.cart.contents import cart_contents
from lk_reflex.domain.payments.cart.putting import cart_variants, put_into_cart
from lk_reflex.domain.payments.links.making import make_link
from lk_reflex.domain.payments.links.paying import pay_by_link
from lk_reflex.domain.payments.orders.telling import _LOCK
from lk_reflex.domain.payments.tables import CartAmount
from lk_reflex.ui.resident.cart.words import receipt_notes
from tests.billing.paper import february_2018
from tests.billing.plans import plan, scans
from tests.payments.test_pay_code import type_amount
from tests.payments.world import SITE, World


@pytest.fixture
def world(db, cast) -> World:
    made = World(db, cast, february_2018(db, cast.flat))
    for person in (cast.owner, cast.relative):
        db.write(put_into_cart, person.actor, made.receipt, with_advance=False, now=made.now)
    return made


def amounts(db, person) -> list[int]:
    return [row.amount for part in db.read(cart_contents, person.actor) for row in part.receipts[0].rows]


def pay_link(world, *, in_cart: bool) -> str:
    key = world.database.write(make_link, world.cast.owner.actor, world.receipt, in_cart=in_cart, now=world.now)
    number = pay_by_link(
        world.database, world.banks, key, "", client=Client("203.0.113.5"), site=SITE,
        return_path=lambda number: f"/back/{number}", clock=world.clock,
    ).number  # fmt: skip
    world.bank.pay(number)
    world.look(number)
    return number


def test_a_second_login_is_not_asked_again_for_the_sum_that_it_had_typed(world, db, cast):
    type_amount(db, cast.relative, 0, "500")
    type_amount(db, cast.relative, 1, "0")
    world.paid()
    assert amounts(db, cast.relative) == [0, 0]
    assert (cast.relative.actor.user_id, CART, "") in world.signals()
    assert db.read(cart_variants, cast.owner.actor) == {}
    assert db.read(lambda r: r.value(select(func.count()).select_from(CartAmount))) == 0


def test_after_a_part_payment_a_second_login_is_offered_the_rest(world, db, cast):
    type_amount(db, cast.relative, 0, "341")
    world.paid(*world.wanted([("МУП ПОВВ:ХВС(КОПЕЙСК)", 30000)]))
    assert amounts(db, cast.relative) == [4130, 19790]


def test_a_link_that_somebody_has_paid_empties_its_makers_line_and_forgets_what_others_typed(world, db, cast):
    type_amount(db, cast.owner, 0, "341")
    type_amount(db, cast.relative, 0, "500")
    pay_link(world, in_cart=True)
    assert db.read(cart_variants, cast.owner.actor) == {}
    assert (cast.owner.actor.user_id, CART, "") in world.signals()
    assert amounts(db, cast.relative) == [30, 0]


def test_a_payment_that_fails_leaves_every_cart_as_it_is(world, db, cast):
    type_amount(db, cast.relative, 0, "500")
    number = world.started()
    world.bank.refuse(number)
    world.look(number)
    assert (amounts(db, cast.owner), amounts(db, cast.relative)) == ([34130, 19790], [50000, 19790])


def test_what_is_typed_after_a_payment_is_meant_and_the_note_calls_nothing_deducted(world, db, cast):
    def note() -> str:
        (part,) = db.read(cart_contents, cast.relative.actor)
        return next(one for one in receipt_notes(part.receipts[0], part.time_zone) if "уже оплачено" in one)

    world.paid(*world.wanted([("МУП ПОВВ:ХВС(КОПЕЙСК)", 30000)]))
    assert note().endswith("Эта сумма уже вычтена.")
    type_amount(db, cast.relative, 0, "341")
    assert amounts(db, cast.relative) == [34100, 19790]
    assert "вычтена" not in note()
    assert "авансом" in note()
    type_amount(db, cast.relative, 0, "20")
    assert "авансом" not in note()


def test_no_query_scans_a_growing_table(db):
    if db.engine.dialect.name != "sqlite":
        pytest.skip("plans are read from SQLite")
    assert scans(plan(db, _LOCK, of=1)) == []

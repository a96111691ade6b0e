"""What a relative's rights let into the cart, and what goes out of carts when access ends."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from lk_reflex.core.errors import NotFound, Refused
from lk_reflex.core.months import Month
from lk_reflex.domain.accounts.giving import Wish, give_access
from lk_reflex.domain.accounts.grants import grants_given
from lk_reflex.domain.payments.cart.contents import cart_contents
from lk_reflex.domain.payments.cart.putting import NO_RIGHT, put_into_cart
from lk_reflex.domain.payments.counters import counters
from lk_reflex.domain.payments.leaving import leave_account, take_back
from lk_reflex.domain.payments.tables import CartLine
from tests.accounts.link_steps import HOME, SITE, again, newcomer
from tests.billing.paper import february_2018, receipt
from tests.cast import NOW

COUNT = select(func.count()).select_from(CartLine)


@pytest.fixture
def vera(db, cast):
    return newcomer(db)


@pytest.fixture
def bill(db, cast) -> int:
    return february_2018(db, cast.flat)


def give(db, cast, **rights):
    wish = Wish("vera@example.org", **rights)
    db.write(give_access, cast.owner.actor, cast.flat, wish, client=HOME, site=SITE, now=NOW)


def put(db, actor, receipt_id):
    db.write(put_into_cart, actor, receipt_id, with_advance=False, now=NOW)


def lines(db):
    return db.read(lambda reader: reader.value(COUNT))


def leave(db, actor, account):
    return db.write(leave_account, actor, account, client=HOME, now=NOW)


def test_who_may_only_see_is_told_so_and_who_may_not_even_see_finds_nothing(db, cast, vera, bill):
    with pytest.raises(NotFound):
        put(db, vera, bill)
    give(db, cast, may_send=True)
    with pytest.raises(Refused) as refusal:
        put(db, vera, bill)
    assert refusal.value.message == NO_RIGHT
    give(db, cast, may_pay=True)
    put(db, vera, bill)
    assert db.read(counters, vera).cart == 1


def test_a_right_taken_away_takes_the_receipts_out_of_sight(db, cast, vera, bill):
    give(db, cast, may_pay=True)
    put(db, vera, bill)
    give(db, cast)
    assert db.read(counters, vera).cart == 0
    assert db.read(cart_contents, vera) == ()


def test_a_right_that_ends_does_so_at_its_moment(db, cast, vera, bill):
    give(db, cast, may_pay=True, ends_on="20.11.2026")
    put(db, vera, bill)
    later = again(db, vera.user_id, now=NOW + timedelta(days=1))
    assert db.read(cart_contents, later) == ()
    with pytest.raises(NotFound):
        put(db, later, bill)


def test_unlinking_takes_the_accounts_receipts_out_of_ones_cart_and_the_relatives(db, cast, vera, bill):
    give(db, cast, may_pay=True)
    for actor in (cast.owner.actor, cast.relative.actor, vera):
        put(db, actor, bill)
    own = receipt(db, cast.house, "ХВС", Month(2026, 10), [("ХВС", "0", "0", "1,00", "1,00")])
    put(db, cast.stranger.actor, own)
    assert leave(db, cast.owner.actor, cast.flat) == 1
    assert lines(db) == 2
    assert db.read(counters, cast.relative.actor).cart == db.read(counters, cast.stranger.actor).cart == 1


def test_taking_back_empties_the_relatives_cart(db, cast, vera, bill):
    give(db, cast, may_pay=True)
    put(db, vera, bill)
    put(db, cast.owner.actor, bill)
    (grant,) = db.read(grants_given, cast.owner.actor)
    db.write(take_back, cast.owner.actor, grant.grant_id, client=HOME, site=SITE, now=NOW)
    assert lines(db) == 1
    assert db.read(counters, cast.owner.actor).cart == 1


@pytest.mark.parametrize("who", ["stranger", "operator"])
def test_a_stranger_ends_nothing(db, cast, vera, bill, who):
    give(db, cast, may_pay=True)
    put(db, vera, bill)
    (grant,) = db.read(grants_given, cast.owner.actor)
    actor = getattr(cast, who).actor
    with pytest.raises(NotFound):
        leave(db, actor, cast.flat)
    with pytest.raises(NotFound):
        db.write(take_back, actor, grant.grant_id, client=HOME, site=SITE, now=NOW)
    assert lines(db) == 1

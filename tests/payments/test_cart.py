"""Корзина: what may be put in, once only, whose it is, and what it says when it is opened."""

import pytest
from sqlalchemy import delete, select, update

from lk_reflex.core.errors import Conflict, NotFound, Refused
from lk_reflex.core.months import Month
from lk_reflex.core.signals import CART, Signal
from lk_reflex.domain.accounts.tables import Organization
from lk_reflex.domain.billing.tables import BalanceLine
from lk_reflex.domain.identity.tables import AccountLink
from lk_reflex.domain.payments.cart.contents import cart_contents
from lk_reflex.domain.payments.cart.putting import (
    _MINE,
    _PAYABLE,
    NOTHING_DUE,
    cart_variants,
    put_into_cart,
    remove_from_cart,
)
from lk_reflex.domain.payments.cart.queries import CONTENTS, PAID, PAID_OF_RECEIPT, TYPED
from lk_reflex.domain.payments.cart.replacing import _NEWEST, replace_by_newer
from lk_reflex.domain.payments.counters import counters
from lk_reflex.domain.payments.tables import ADVANCE
from tests.billing.paper import february_2018, receipt, september_2019
from tests.billing.plans import plan, scans
from tests.cast import NOW
from tests.payments.books import Line, paid, refunded

COLD, SEWER = "МУП ПОВВ:ХВС(КОПЕЙСК)", "МУП ПОВВ:ВО(КОПЕЙСК)"


@pytest.fixture
def february(db, cast) -> int:
    return february_2018(db, cast.flat)


def put(db, person, receipt_id: int, *, with_advance: bool = False) -> None:
    db.write(put_into_cart, person.actor, receipt_id, with_advance=with_advance, now=NOW)


def test_shows_the_manuals_cart(db, cast, february):
    put(db, cast.owner, february)
    (part,) = db.read(cart_contents, cast.owner.actor)
    (line,) = part.receipts
    assert line.title == "Квитанция ХВС и ВО за ФЕВРАЛЬ 2018"
    assert (line.account, line.address) == ("1234567899", "УЛ. КЫШТЫМСКАЯ, 10 - 1010")
    assert [(one.service, one.amount) for one in line.rows] == [
        ("МУП ПОВВ:ХВС(КОПЕЙСК)", 34130),
        ("МУП ПОВВ:ВО(КОПЕЙСК)", 19790),
    ]
    assert (line.amount, part.amount) == (53920, 53920)
    assert part.payee.name == "МУП «ПОВВ»"


def test_a_repeat_is_quiet_and_the_other_variant_takes_its_place(db, cast, february):
    put(db, cast.owner, february)
    put(db, cast.owner, february)
    assert db.read(cart_variants, cast.owner.actor) == {february: False}
    put(db, cast.owner, february, with_advance=True)
    assert db.read(cart_variants, cast.owner.actor) == {february: True}
    assert db.read(counters, cast.owner.actor).cart == 1


def test_the_advance_is_counted_where_it_was_chosen(db, cast):
    line = ("ХВС", "0", "0", "100,00", "100,00", "0", "0", "1,00", "1,00")
    made = receipt(db, cast.flat, "ХВС", Month(2026, 10), [line], advance="40,00", advance_penalty="0,50")
    put(db, cast.owner, made, with_advance=True)
    assert db.read(cart_contents, cast.owner.actor)[0].amount == 10000 + 100 + 4000 + 50
    put(db, cast.owner, made)
    assert db.read(cart_contents, cast.owner.actor)[0].amount == 10100


def test_removing_is_quiet_too(db, cast, february):
    put(db, cast.owner, february)
    for _ in range(2):
        db.write(remove_from_cart, cast.owner.actor, february)
    assert db.read(cart_contents, cast.owner.actor) == ()
    assert db.read(counters, cast.owner.actor).cart == 0


def test_every_person_has_a_cart_of_ones_own(db, cast, february):
    put(db, cast.owner, february)
    assert db.read(counters, cast.relative.actor).cart == 0
    db.write(remove_from_cart, cast.relative.actor, february)
    assert db.read(counters, cast.owner.actor).cart == 1


@pytest.mark.parametrize("who", ["stranger", "operator"])
def test_anothers_receipt_is_not_found(db, cast, february, who):
    with pytest.raises(NotFound):
        put(db, getattr(cast, who), february)
    with pytest.raises(NotFound):
        put(db, getattr(cast, who), 999_999)


def test_an_unlinked_account_takes_its_receipts_out_of_sight(db, cast, february):
    put(db, cast.owner, february)
    db.write(lambda w: w.change(delete(AccountLink).where(AccountLink.user_id == cast.owner.actor.user_id)))
    assert db.read(counters, cast.owner.actor).cart == 0
    assert db.read(cart_contents, cast.owner.actor) == ()


@pytest.mark.parametrize("total", ["0", "-10,00"])
def test_nothing_to_pay_is_refused(db, cast, total):
    made = receipt(db, cast.flat, "ХВС", Month(2026, 10), [("ХВС", total, "0", "0", total)], advance="5,00")
    with pytest.raises(Refused):
        put(db, cast.owner, made)


def test_an_advance_alone_may_be_paid(db, cast):
    made = receipt(db, cast.flat, "ХВС", Month(2026, 10), [("ХВС", "0", "0", "0", "0")], advance="5,00")
    put(db, cast.owner, made, with_advance=True)
    assert db.read(cart_contents, cast.owner.actor)[0].amount == 500


def test_an_organization_that_takes_no_payments_is_refused(db, cast, february):
    put(db, cast.owner, february)
    db.write(lambda w: w.change(update(Organization).values(takes_payments=False)))
    with pytest.raises(Refused):
        put(db, cast.owner, february)
    # What lay there already is shown, but isn't part of what is to be paid.
    (part,) = db.read(cart_contents, cast.owner.actor)
    assert (part.amount, part.receipts[0].amount, part.receipts[0].counts) == (0, 53920, False)


def test_a_newer_receipt_holds_the_older_ones_debt(db, cast, february):
    put(db, cast.owner, february)
    receipt(db, cast.flat, "ХВС и ВО", Month(2018, 3), [("ХВС", "539,20", "0", "1,00", "540,20")])
    (part,) = db.read(cart_contents, cast.owner.actor)
    assert (part.receipts[0].superseded, part.amount) == (True, 0)
    with pytest.raises(Conflict):
        put(db, cast.owner, february)


def test_a_newer_receipt_of_another_kind_or_account_changes_nothing(db, cast, february):
    september_2019(db, cast.flat)
    receipt(db, cast.house, "ХВС и ВО", Month(2018, 3))
    put(db, cast.owner, february)
    assert not db.read(cart_contents, cast.owner.actor)[0].receipts[0].superseded


def two_lines(cast, february: int) -> list[Line]:
    return [Line(cast.flat, february, 34130, COLD), Line(cast.flat, february, 19790, SEWER)]


def test_what_was_paid_here_is_taken_off_until_billings_figures_change(db, cast, february):
    put(db, cast.owner, february)
    order = paid(db, cast.organization, two_lines(cast, february), number="1", user=cast.relative.actor.user_id)
    (part,) = db.read(cart_contents, cast.owner.actor)
    (line,) = part.receipts
    assert (line.paid, line.paid_at, line.amount, line.counts) == (53920, NOW, 0, False)
    with pytest.raises(Refused, match=r"уже оплачено здесь 20\.11\.2026: 539,20"):
        put(db, cast.owner, february)
    # Some of it given back is owed again, and nobody else's order changes anything.
    refunded(db, order, 5392)
    assert db.read(cart_contents, cast.owner.actor)[0].amount == 5392
    put(db, cast.owner, february)
    # The receipt asks for another sum now: billing has counted the payment in.
    db.write(lambda w: w.change(update(BalanceLine).where(BalanceLine.service == COLD).values(total=100)))
    (line,) = db.read(cart_contents, cast.owner.actor)[0].receipts
    assert (line.was, line.paid, line.amount) == (53920, 0, 19890)


def test_an_advance_paid_with_a_receipt_isnt_taken_off_the_receipt_alone(db, cast):
    line = ("ХВС", "0", "0", "100,00", "100,00")
    made = receipt(db, cast.flat, "ХВС", Month(2026, 10), [line], advance="40,00")
    lines = [Line(cast.flat, made, 6000), Line(cast.flat, made, 4000, "", ADVANCE)]
    paid(db, cast.organization, lines, number="1")
    put(db, cast.owner, made)
    assert db.read(cart_contents, cast.owner.actor)[0].amount == 4000
    put(db, cast.owner, made, with_advance=True)
    assert db.read(cart_contents, cast.owner.actor)[0].amount == 4000


def test_a_newer_receipt_takes_the_olders_place_in_one_press(db, cast, february):
    put(db, cast.owner, february, with_advance=True)
    newest = receipt(db, cast.flat, "ХВС и ВО", Month(2018, 4), [("ХВС", "539,20", "0", "1,00", "540,20")])
    receipt(db, cast.flat, "ХВС и ВО", Month(2018, 3), [("ХВС", "539,20", "0", "1,00", "540,20")])
    assert db.write(replace_by_newer, cast.stranger.actor, february, now=NOW) == ""
    for _ in range(2):
        assert db.write(replace_by_newer, cast.owner.actor, february, now=NOW) == ""
    assert db.read(cart_variants, cast.owner.actor) == {newest: True}


def test_a_newer_receipt_that_asks_for_nothing_only_takes_the_older_away(db, cast, february):
    put(db, cast.owner, february)
    receipt(db, cast.flat, "ХВС и ВО", Month(2018, 3), [("ХВС", "0", "0", "0", "0")])
    assert db.write(replace_by_newer, cast.owner.actor, february, now=NOW) == NOTHING_DUE
    assert db.read(cart_variants, cast.owner.actor) == {}


def test_a_change_of_the_cart_is_told_to_the_persons_other_tabs(db, cast, february):
    put(db, cast.owner, february)
    db.write(remove_from_cart, cast.owner.actor, february)
    heard = db.read(lambda r: r.rows(select(Signal.user_id, Signal.topic)))
    assert [tuple(one) for one in heard] == [(cast.owner.actor.user_id, CART)] * 2


def test_no_query_scans_a_growing_table(db):
    if db.engine.dialect.name != "sqlite":
        pytest.skip("plans are read from SQLite")
    steps = (
        plan(db, _PAYABLE, receipt_id=1, user_id=1, owned_at=NOW)
        + plan(db, _MINE, user_id=1, owned_at=NOW)
        + plan(db, CONTENTS, user_id=1, owned_at=NOW)
        + plan(db, PAID, user_id=1, owned_at=NOW)
        + plan(db, PAID_OF_RECEIPT, receipt_id=1, user_id=1, owned_at=NOW)
        + plan(db, TYPED, user_id=1, owned_at=NOW)
        + plan(db, _NEWEST, receipt_id=1, user_id=1, owned_at=NOW)
    )
    assert scans(steps) == []

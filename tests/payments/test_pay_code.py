"""«Оплатить по QR-коду в приложении банка»: the sum that the person means to pay, and to an account that exists."""

import pytest
from sqlalchemy import update

from lk_reflex.core.errors import NotFound
from lk_reflex.core.months import Month
from lk_reflex.domain.accounts.tables import Organization
from lk_reflex.domain.documents.qr.codes import NOTHING_DUE
from lk_reflex.domain.documents.qr.payment_reader import read_payment
from lk_reflex.domain.identity.tables import AccountLink
from lk_reflex.domain.payments.cart.amounts import type_amounts
from lk_reflex.domain.payments.cart.contents import cart_contents
from lk_reflex.domain.payments.cart.putting import put_into_cart
from lk_reflex.domain.payments.elsewhere.code import pay_code
from tests.billing.paper import february_2018, receipt
from tests.cast import NOW
from tests.payments.books import Line, paid


@pytest.fixture
def bank(db, cast):
    set_bank(db)


def set_bank(db, **changed):
    details = {
        "bank_account": "40702810138250123017", "bank": "ПАО «БАНК»", "bic": "044525225",
        "correspondent_account": "30101810400000000225", "kpp": "742101001", **changed,
    }  # fmt: skip
    db.write(lambda w: w.change(update(Organization).values(**details)))


@pytest.fixture
def february(db, cast, bank) -> int:
    return february_2018(db, cast.flat)


def put(db, person, receipt_id, *, with_advance=False):
    db.write(put_into_cart, person.actor, receipt_id, with_advance=with_advance, now=NOW)


def type_amount(db, person, place: int, amount: str) -> None:
    """Type a sum into the cart's field of that place."""
    (part,) = db.read(cart_contents, person.actor)
    rows = part.receipts[0].rows
    assert db.write(type_amounts, person.actor, {rows[place].key: amount}) == {}


def code(db, person, receipt_id, *, in_cart=False):
    return db.read(pay_code, person.actor, receipt_id, in_cart=in_cart)


def test_outside_the_cart_it_asks_for_what_is_due(db, cast, february):
    made = code(db, cast.owner, february)
    read = read_payment(made.text)
    assert (made.amount, read.amount) == (53920, 53920)
    assert (made.organization, made.account, made.reason) == ("ПОВВ", "1234567899", "")
    assert read.values["PersAcc"] == "1234567899" and read.values["PersonalAcc"] == "40702810138250123017"
    assert read.period == Month(2018, 2)


def test_in_the_cart_it_asks_for_the_sums_as_edited(db, cast, february):
    put(db, cast.owner, february)
    type_amount(db, cast.owner, 0, "100,50")
    made = code(db, cast.owner, february, in_cart=True)
    assert (made.amount, read_payment(made.text).amount) == (10050 + 19790,) * 2
    assert code(db, cast.owner, february).amount == 53920


def test_an_advance_counts_only_in_the_cart_that_has_it(db, cast, bank):
    made = receipt(db, cast.flat, "ХВС", Month(2026, 10), [("ХВС", "0", "0", "1,00", "1,00")], advance="5,00")
    put(db, cast.owner, made, with_advance=True)
    assert code(db, cast.owner, made, in_cart=True).amount == 600
    assert code(db, cast.owner, made).amount == 100


def test_penalties_count_and_an_overpaid_service_is_taken_off(db, cast, bank):
    lines = [("ХВС", "0", "0", "10,00", "10,00", "0", "0", "2,00", "2,00"), ("ВО", "0", "0", "-3,00", "-3,00")]
    made = receipt(db, cast.flat, "ХВС", Month(2026, 10), lines)
    assert code(db, cast.owner, made).amount == 900


@pytest.mark.parametrize("total", ["0", "-485,28"])
def test_nothing_due_has_no_code_but_a_sentence(db, cast, bank, total):
    made = receipt(db, cast.flat, "ХВС", Month(2026, 10), [("ХВС", "0", "0", total, total)])
    found = code(db, cast.owner, made)
    assert (found.text, found.reason, found.amount) == ("", NOTHING_DUE, 0)


@pytest.mark.parametrize("changed", [{"bank_account": ""}, {"bank_account": "40702810138250123018"}, {"bic": "1"}])
def test_bank_details_that_do_not_hold_make_no_code(db, cast, february, changed):
    set_bank(db, phone="8 351 112", **changed)
    found = code(db, cast.owner, february)
    assert found.text == "" and "8 351 112" in found.reason


@pytest.mark.parametrize("who", ["stranger", "operator"])
@pytest.mark.parametrize("in_cart", [False, True])
def test_anothers_receipt_is_not_found(db, cast, february, who, in_cart):
    put(db, cast.owner, february)
    with pytest.raises(NotFound):
        code(db, getattr(cast, who), february, in_cart=in_cart)


def test_a_receipt_outside_the_cart_has_no_code_of_the_cart(db, cast, february):
    put(db, cast.relative, february)
    with pytest.raises(NotFound):
        code(db, cast.owner, february, in_cart=True)


def test_an_older_receipt_in_the_cart_has_none_since_its_debt_is_in_the_newer_one(db, cast, february):
    put(db, cast.owner, february)
    receipt(db, cast.flat, "ХВС и ВО", Month(2018, 3), [("ХВС", "539,20", "0", "1,00", "540,20")])
    with pytest.raises(NotFound):
        code(db, cast.owner, february, in_cart=True)


def test_whoever_only_sees_the_account_may_have_its_code_too(db, cast, february):
    db.write(lambda w: w.change(update(AccountLink).values(may_pay=False)))
    assert code(db, cast.relative, february).amount == 53920


def test_what_was_paid_here_already_is_taken_off(db, cast, february):
    line = Line(cast.flat, february, 53920, service="МУП ПОВВ:ХВС(КОПЕЙСК)")
    paid(db, cast.organization, [line], number="26112000000001")
    assert code(db, cast.owner, february).reason == NOTHING_DUE

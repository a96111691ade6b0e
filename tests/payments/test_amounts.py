"""Sums typed in the cart: what is a sum (scenario 32), whose it is, and how long it holds."""

import re

import pytest
from sqlalchemy import func, select, update

from lk_reflex.core.money import MAX_KOPECKS
from lk_reflex.core.months import Month
from lk_reflex.domain.accounts.tables import Organization
from lk_reflex.domain.billing.tables import BalanceLine
from lk_reflex.domain.payments.cart.amounts import (
    KOPECKS,
    MARKS,
    NEGATIVE,
    NOT_MONEY,
    agree,
    parse_amount,
    too_much,
    type_amounts,
)
from lk_reflex.domain.payments.cart.contents import cart_contents, fingerprint, wanted
from lk_reflex.domain.payments.cart.putting import put_into_cart, remove_from_cart
from lk_reflex.domain.payments.tables import ADVANCE, MAIN, PENALTY, CartAmount
from tests.billing.paper import february_2018, receipt
from tests.cast import NOW

CEILING = 100_000_00
COLD, SEWER = "МУП ПОВВ:ХВС(КОПЕЙСК)", "МУП ПОВВ:ВО(КОПЕЙСК)"


@pytest.mark.parametrize(
    ("text", "kopecks"),
    [
        ("0", 0), ("0,00", 0), ("0,01", 1), ("1 234,5", 123450), ("1234.50", 123450), ("1\u00a0234,50", 123450),
        ("1\u202f234", 123400), (" 539,20 руб. ", 53920), ("539,20 ₽", 53920), ("+5", 500), ("100000", CEILING),
        ("007", 700),
    ],
)  # fmt: skip
def test_reads_a_sum_as_people_type_it(text, kopecks):
    assert parse_amount(text, CEILING) == kopecks


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("1.234,50", MARKS), ("1,234.50", MARKS), ("1 23,4", MARKS), ("5,", MARKS), ("1..5", MARKS),
        ("1,234", KOPECKS), ("0.001", KOPECKS),
        ("-1", NEGATIVE), ("-0,01", NEGATIVE), ("\u22121", NEGATIVE), ("-0", NEGATIVE),
        ("NaN", NOT_MONEY), ("1e5", NOT_MONEY), ("Infinity", NOT_MONEY), ("٣٤", NOT_MONEY), ("１２", NOT_MONEY),
        ("½", NOT_MONEY), ("сто", NOT_MONEY), ("0x10", NOT_MONEY), ("1_000", NOT_MONEY), ("=1+1", NOT_MONEY),
        ("руб.", NOT_MONEY), (",50", NOT_MONEY), ("\x00", NOT_MONEY),
        ("100000,01", too_much(CEILING)), ("99 999 999,99", too_much(CEILING)), ("9" * 30, too_much(CEILING)),
    ],
)  # fmt: skip
def test_refuses_what_is_no_sum_and_says_how_to_mend_it(text, sentence):
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        parse_amount(text, CEILING)


def test_the_largest_sum_of_all_is_read_where_the_organization_takes_it():
    assert parse_amount("99 999 999,99", MAX_KOPECKS) == MAX_KOPECKS


@pytest.fixture
def february(db, cast) -> int:
    made = february_2018(db, cast.flat)
    db.write(put_into_cart, cast.owner.actor, made, with_advance=False, now=NOW)
    return made


def cart(db, person):
    return db.read(cart_contents, person.actor)


def rows(db, person):
    return {(row.service, row.part): row for part in cart(db, person) for one in part.receipts for row in one.rows}


def type_into(db, person, texts: dict[tuple[str, str], str]) -> dict[str, str]:
    found = rows(db, person)
    return db.write(type_amounts, person.actor, {found[place].key: text for place, text in texts.items()})


def kept(db) -> int:
    return db.read(lambda r: r.value(select(func.count()).select_from(CartAmount)))


@pytest.mark.usefixtures("february")
def test_a_typed_sum_replaces_the_offered_one_and_nought_leaves_the_line_out(db, cast):
    assert type_into(db, cast.owner, {(COLD, MAIN): "100", (SEWER, MAIN): "0"}) == {}
    (part,) = cart(db, cast.owner)
    assert [(row.offered, row.amount, row.edited) for row in part.receipts[0].rows] == [
        (34130, 10000, True),
        (19790, 0, True),
    ]
    assert part.amount == 10000
    assert [(line.service, line.amount, line.receipt_due) for line in wanted(part)] == [(COLD, 10000, 53920)]


@pytest.mark.usefixtures("february")
@pytest.mark.parametrize("back", ["", "   ", "341,30", "341.3"])
def test_an_empty_field_or_the_offered_sum_goes_back_to_the_offer(db, cast, back):
    type_into(db, cast.owner, {(COLD, MAIN): "100"})
    type_into(db, cast.owner, {(COLD, MAIN): back})
    assert rows(db, cast.owner)[COLD, MAIN].edited is False
    assert kept(db) == 0


@pytest.mark.usefixtures("february")
def test_good_sums_are_kept_whatever_the_others_are(db, cast):
    key = rows(db, cast.owner)[SEWER, MAIN].key
    assert type_into(db, cast.owner, {(COLD, MAIN): "100", (SEWER, MAIN): "1e5"}) == {key: NOT_MONEY}
    assert {row.amount for row in rows(db, cast.owner).values()} == {10000, 19790}


@pytest.mark.usefixtures("february")
def test_nobody_types_into_anothers_cart(db, cast):
    key = rows(db, cast.owner)[COLD, MAIN].key
    for person in (cast.relative, cast.stranger, cast.operator):
        assert db.write(type_amounts, person.actor, {key: "1", "": "1", "r1-m1'--": "1"}) == {}
    assert kept(db) == 0


def test_what_was_typed_goes_with_its_receipt(db, cast, february):
    type_into(db, cast.owner, {(COLD, MAIN): "100"})
    db.write(remove_from_cart, cast.owner.actor, february)
    assert kept(db) == 0


def test_penalties_and_the_advance_are_sums_of_their_own(db, cast):
    line = ("ХВС", "0", "0", "100,00", "100,00", "1,00", "0", "0,50", "1,50")
    made = receipt(db, cast.flat, "ХВС", Month(2026, 10), [line], advance="40,00")
    db.write(put_into_cart, cast.owner.actor, made, with_advance=True, now=NOW)
    type_into(db, cast.owner, {("ХВС", PENALTY): "0", ("", ADVANCE): "50"})
    (part,) = cart(db, cast.owner)
    assert [(line.part, line.amount) for line in wanted(part)] == [(MAIN, 10000), (ADVANCE, 5000)]


@pytest.mark.usefixtures("february")
def test_typed_sums_hold_for_the_figures_that_they_were_typed_over(db, cast):
    type_into(db, cast.owner, {(COLD, MAIN): "100"})
    db.write(lambda w: w.change(update(BalanceLine).where(BalanceLine.service == COLD).values(total=20000)))
    (part,) = cart(db, cast.owner)
    assert (part.receipts[0].was, part.receipts[0].due, part.amount) == (53920, 39790, 39790)
    # Having seen an older figure agrees to nothing.
    db.write(agree, cast.owner.actor, {part.receipts[0].receipt_id: 53920})
    assert cart(db, cast.owner)[0].receipts[0].was == 53920
    db.write(agree, cast.owner.actor, {part.receipts[0].receipt_id: 39790})
    (part,) = cart(db, cast.owner)
    assert (part.receipts[0].was, part.amount) == (None, 39790)


@pytest.mark.usefixtures("february")
def test_typing_again_agrees_to_the_new_figures(db, cast):
    type_into(db, cast.owner, {(COLD, MAIN): "100"})
    db.write(lambda w: w.change(update(BalanceLine).where(BalanceLine.service == COLD).values(total=20000)))
    type_into(db, cast.owner, {(SEWER, MAIN): "7", (COLD, MAIN): "8"})
    (part,) = cart(db, cast.owner)
    assert (part.receipts[0].was, part.amount) == (None, 1500)


@pytest.mark.usefixtures("february")
def test_the_fingerprint_tells_what_was_seen(db, cast):
    def seen() -> str:
        return fingerprint(cart(db, cast.owner)[0])

    first = seen()
    assert first == seen()
    type_into(db, cast.owner, {(COLD, MAIN): "341,31"})
    assert first != seen()
    type_into(db, cast.owner, {(COLD, MAIN): ""})
    assert first == seen()
    db.write(lambda w: w.change(update(Organization).values(commission_rate=70)))
    assert first != seen()


@pytest.mark.usefixtures("february")
def test_commission_and_ceiling_bound_the_whole_payment(db, cast):
    db.write(lambda w: w.change(update(Organization).values(commission_rate=70, payment_ceiling=54297)))
    (part,) = cart(db, cast.owner)
    assert (part.amount, part.commission, part.total, part.payable) == (53920, 377, 54297, True)
    db.write(lambda w: w.change(update(Organization).values(payment_ceiling=54296)))
    (part,) = cart(db, cast.owner)
    assert (part.over_ceiling, part.payable) == (True, False)

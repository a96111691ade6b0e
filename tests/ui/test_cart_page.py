"""Корзина through the real processor: the manual's lines, sums typed over, marks, «что и сколько», whose it is."""

from datetime import date

import pytest
from sqlalchemy import update

from lk_reflex.core.months import Month
from lk_reflex.domain.accounts.linked import link_account
from lk_reflex.domain.accounts.tables import ORGANIZATION, OWN_TILL, Organization
from lk_reflex.domain.billing.tables import BalanceLine
from lk_reflex.domain.payments.cart.amounts import MARKS, NOT_MONEY
from lk_reflex.domain.payments.cart.contents import cart_contents, fingerprint
from lk_reflex.domain.payments.cart.putting import cart_variants, put_into_cart
from lk_reflex.domain.payments.counters import counters
from lk_reflex.ui import paths
from lk_reflex.ui.cart import CartState
from lk_reflex.ui.resident.cart.checks import CheckRow
from lk_reflex.ui.resident.cart.state import CHECKING, CartPageState
from lk_reflex.ui.resident.cart.words import ALL_ZERO, FISCAL, SUPERSEDED, due_words
from lk_reflex.ui.shared.forms import SUMMARY_ID
from tests.billing.paper import february_2018, receipt
from tests.cast import NOW, make_account
from tests.payments.orders import NUMBER, some_order
from tests.payments.world import World
from tests.ui.plain import plain

COLD, SEWER = "МУП ПОВВ:ХВС(КОПЕЙСК)", "МУП ПОВВ:ВО(КОПЕЙСК)"


@pytest.fixture
def february(db, cast) -> int:
    made = february_2018(db, cast.flat)
    db.write(put_into_cart, cast.owner.actor, made, with_advance=False, now=NOW)
    return made


@pytest.fixture
def elsewhere(db, cast) -> int:
    """A receipt of another organization in the owner's cart, which bears the commission itself."""
    with db.transaction() as writer:
        other = Organization(
            inn="7430000010", name="УК «Южный дом»", takes_payments=True, commission_rate=100,
            commission_by=ORGANIZATION, fiscal_mode=OWN_TILL,
        )  # fmt: skip
        writer.add(other)
        assert other.id
        account = make_account(writer, other.id, "3000000001", flat="5")
        link_account(writer, cast.owner.actor.user_id, account, now=NOW)
    made = receipt(db, account, "Содержание", Month(2026, 10), [("Содержание", "0", "0", "1000,00", "1000,00")])
    db.write(put_into_cart, cast.owner.actor, made, with_advance=False, now=NOW)
    return made


def seen(tab, name: str):
    return plain(tab.seen(CartPageState)[name])


def fields(tab) -> dict[str, str]:
    """What the form's fields hold, by the keys of their rows."""
    return {row.key: row.text for part in seen(tab, "parts") for one in part.receipts for row in one.rows if row.edits}


def wrong(tab) -> dict[str, str]:
    return {row: text for row, text in seen(tab, "errors").items() if text}


def key_of(tab, label: str) -> str:
    return next(
        row.key for part in seen(tab, "parts") for one in part.receipts for row in one.rows if row.label == label
    )


@pytest.mark.usefixtures("february")
async def test_shows_the_manuals_lines(tabs, cast):
    tab = tabs(cast.owner.cookie)
    await tab.open("/cart")
    (part,) = seen(tab, "parts")
    (card,) = part.receipts
    assert card.title == "Квитанция ХВС и ВО за ФЕВРАЛЬ 2018"
    assert card.account == "Лицевой счет: 1234567899, УЛ. КЫШТЫМСКАЯ, 10 - 1010"
    assert [(row.label, row.text, row.hint) for row in card.rows] == [(COLD, "341,30", ""), (SEWER, "197,90", "")]
    assert (card.amount, card.notes, part.commission, part.fault) == ("539,20", [], "не берётся.", "")
    assert (seen(tab, "total"), seen(tab, "payable"), seen(tab, "heading")) == ("539,20", True, "Корзина")
    assert tab.seen(CartState)["count"] == 1
    assert [one.value for one in part.details if one.name == "Назначение платежа"] == ["Лицевой счет 1234567899"]


async def test_penalties_and_the_advance_have_rows_of_their_own(tabs, db, cast):
    line = ("ХВС", "0", "0", "100,00", "100,00", "1,00", "0", "0,50", "1,50")
    made = receipt(db, cast.flat, "ХВС", Month(2026, 10), [line], advance="40,00", advance_penalty="0,25")
    db.write(put_into_cart, cast.owner.actor, made, with_advance=True, now=NOW)
    tab = tabs(cast.owner.cookie)
    await tab.open("/cart")
    card = seen(tab, "parts")[0].receipts[0]
    assert [(row.label, row.text) for row in card.rows] == [
        ("ХВС", "100,00"),
        ("ХВС, пени", "1,50"),
        ("Предварительно начислено за НОЯБРЬ 2026", "40,00"),
        ("Предварительно начислено за НОЯБРЬ 2026, пени", "0,25"),
    ]
    assert card.amount == "141,75"


@pytest.mark.usefixtures("february")
async def test_a_sum_typed_is_kept_and_counted_with_the_commission(tabs, db, cast):
    db.write(lambda w: w.change(update(Organization).values(commission_rate=70, commission_minimum=200)))
    tab = tabs(cast.owner.cookie)
    await tab.open("/cart")
    assert seen(tab, "total") == "542,97"
    assert "0,70" in seen(tab, "parts")[0].commission
    await tab.send(CartPageState.type_amount, row=key_of(tab, COLD), text="1 0,5")
    assert wrong(tab) == {key_of(tab, COLD): MARKS}
    await tab.send(CartPageState.type_amount, row=key_of(tab, COLD), text="100,5")
    assert (wrong(tab), seen(tab, "total")) == ({}, "300,49")
    row = seen(tab, "parts")[0].receipts[0].rows[0]
    assert (row.text, row.hint) == ("100,50", "По квитанции 341,30")
    # Another device shows the same, and an emptied field gets what is offered back.
    other = tabs(cast.owner.cookie)
    await other.open("/cart")
    assert seen(other, "total") == "300,49"
    await other.send(CartPageState.type_amount, row=key_of(other, COLD), text=" ")
    again = seen(other, "parts")[0].receipts[0].rows[0]
    assert (again.text, again.turn != row.turn) == ("341,30", True)


@pytest.mark.usefixtures("february")
async def test_two_tabs_that_type_into_different_rows_undo_nothing(tabs, cast, db):
    one, two = tabs(cast.owner.cookie), tabs(cast.owner.cookie)
    await one.open("/cart")
    await two.open("/cart")
    await one.send(CartPageState.type_amount, row=key_of(one, COLD), text="100")
    # The second tab's form still holds the first row's old sum.
    form = {**fields(two), key_of(two, SEWER): "50"}
    await two.send(CartPageState.to_check, form=form)
    (part,) = db.read(cart_contents, cast.owner.actor)
    assert [row.amount for row in part.receipts[0].rows] == [10000, 5000]


@pytest.mark.usefixtures("february")
async def test_the_press_with_a_wrong_sum_leads_to_it_and_keeps_the_others(tabs, db, cast):
    tab = tabs(cast.owner.cookie)
    await tab.open("/cart")
    form = {key_of(tab, COLD): "1e5", key_of(tab, SEWER): "20"}
    _, events = await tab.send(CartPageState.to_check, form=form)
    (fault,) = seen(tab, "faults")
    assert (fault.field_id, fault.message) == (f"sum-{key_of(tab, COLD)}", f"{COLD}: {NOT_MONEY}")
    assert ("_set_focus", {"ref": f"ref_{SUMMARY_ID.replace('-', '_')}"}) in events
    assert seen(tab, "total") == "361,30"
    # Mended in its field, it leaves the summary; the next press goes on.
    await tab.send(CartPageState.type_amount, row=key_of(tab, COLD), text="10")
    assert (seen(tab, "faults"), wrong(tab)) == ([], {})
    _, events = await tab.send(CartPageState.to_check, form={**form, key_of(tab, COLD): "10"})
    assert ("_redirect", paths.CART_CHECK) in [(name, payload.get("path")) for name, payload in events]


@pytest.mark.usefixtures("february")
async def test_nothing_at_all_is_not_paid(tabs, cast):
    tab = tabs(cast.owner.cookie)
    await tab.open("/cart")
    await tab.send(CartPageState.to_check, form=dict.fromkeys(fields(tab), "0"))
    assert [fault.message for fault in seen(tab, "faults")] == [ALL_ZERO]
    _, events = await tab.open("/cart?check=1")
    assert ("_redirect", paths.CART) in [(name, payload.get("path")) for name, payload in events]


@pytest.mark.usefixtures("february")
async def test_more_than_the_organization_takes_at_once_is_said_before_the_bank(tabs, db, cast):
    db.write(lambda w: w.change(update(Organization).values(payment_ceiling=30000)))
    tab = tabs(cast.owner.cookie)
    await tab.open("/cart")
    await tab.send(CartPageState.to_check, form=fields(tab))
    (fault,) = seen(tab, "faults")
    assert "не больше 300,00" in fault.message
    assert fault.field_id == f"sum-{key_of(tab, COLD)}"


@pytest.mark.usefixtures("february", "elsewhere")
async def test_what_and_how_much_is_shown_by_organization(tabs, db, cast):
    tab = tabs(cast.owner.cookie)
    await tab.open("/cart")
    await tab.send(CartPageState.type_amount, row=key_of(tab, SEWER), text="0")
    await tab.follow("/cart?check=1")
    check, (later,) = seen(tab, "check"), seen(tab, "later")
    assert (seen(tab, "checking"), seen(tab, "heading")) == (True, CHECKING)
    assert check.title == "Платёж 1 из 2: ПОВВ"
    assert check.receipts[0].rows == [CheckRow(COLD, "341,30")]
    assert check.button == "Оплатить 341,30 ₽"
    assert (later.title, later.total) == ("Платёж 2 из 2: УК «Южный дом»", "1 000,00")
    assert later.commission == "её платит организация, к вашей сумме ничего не прибавится."
    assert later.fiscal == FISCAL[OWN_TILL]
    first = db.read(cart_contents, cast.owner.actor)[0]
    assert (check.key, check.seen) == (str(first.organization_id), fingerprint(first))
    # Each rendering is another form; back at the cart nothing of it stays.
    form = seen(tab, "form_key")
    await tab.follow("/cart?check=1")
    assert seen(tab, "form_key") != form
    await tab.follow("/cart")
    assert (seen(tab, "checking"), seen(tab, "heading")) == (False, "Корзина")


@pytest.mark.usefixtures("february")
async def test_figures_that_have_changed_are_marked_until_they_were_seen(tabs, db, cast):
    tab = tabs(cast.owner.cookie)
    await tab.open("/cart")
    db.write(lambda w: w.change(update(BalanceLine).where(BalanceLine.service == COLD).values(total=20000)))
    # Pressed on a page that shows the old sums: the check page marks the change.
    await tab.send(CartPageState.to_check, form=fields(tab))
    await tab.follow("/cart?check=1")
    (note,) = seen(tab, "check").receipts[0].notes
    assert "было 539,20" in note
    assert "стало 397,90" in note
    await tab.follow("/cart")
    assert seen(tab, "parts")[0].receipts[0].notes == [note]
    await tab.send(CartPageState.to_check, form=fields(tab))
    await tab.follow("/cart?check=1")
    assert seen(tab, "check").receipts[0].notes == []


async def test_removing_changes_the_page_and_the_counter(tabs, cast, february):
    tab = tabs(cast.owner.cookie)
    await tab.open("/cart")
    for _ in range(2):
        await tab.send(CartPageState.take_out, receipt=str(february))
    assert seen(tab, "parts") == []
    assert tab.seen(CartState)["count"] == 0


async def test_what_a_newer_receipt_replaced_is_marked_and_moved_over(tabs, db, cast, february):
    newer = receipt(db, cast.flat, "ХВС и ВО", Month(2018, 3), [("ХВС", "539,20", "0", "1,00", "540,20")])
    tab = tabs(cast.owner.cookie)
    await tab.open("/cart")
    card = seen(tab, "parts")[0].receipts[0]
    assert (card.notes, card.superseded, seen(tab, "total"), seen(tab, "payable")) == (
        [SUPERSEDED],
        True,
        "0,00",
        False,
    )
    await tab.send(CartPageState.replace, receipt=str(february))
    assert db.read(cart_variants, cast.owner.actor) == {newer: False}
    assert (seen(tab, "total"), seen(tab, "said")) == ("540,20", "")


async def test_a_newer_receipt_without_a_debt_says_so(tabs, db, cast, february):
    receipt(db, cast.flat, "ХВС и ВО", Month(2018, 3), [("ХВС", "0", "0", "0", "0")])
    tab = tabs(cast.owner.cookie)
    await tab.open("/cart")
    await tab.send(CartPageState.replace, receipt=str(february))
    assert (seen(tab, "parts"), "платить нечего" in seen(tab, "said")) == ([], True)


async def test_an_overpaid_service_is_said_in_words(tabs, db, cast):
    lines = [("ХВС", "0", "0", "0", "100,00"), ("ВО", "0", "0", "0", "-30,00")]
    made = receipt(db, cast.flat, "ХВС", Month(2026, 10), lines)
    db.write(put_into_cart, cast.owner.actor, made, with_advance=False, now=NOW)
    tab = tabs(cast.owner.cookie)
    await tab.open("/cart")
    card = seen(tab, "parts")[0].receipts[0]
    assert [(row.text, row.hint) for row in card.rows] == [
        ("70,00", "По квитанции 100,00"),
        ("0,00", "Переплата 30,00"),
    ]
    assert card.notes == ["Переплата по одним услугам вычтена из сумм по другим."]


async def test_a_stranger_neither_sees_nor_changes_it(tabs, db, cast, february):
    mine = tabs(cast.owner.cookie)
    await mine.open("/cart")
    tab = tabs(cast.stranger.cookie)
    await tab.open("/cart")
    assert seen(tab, "parts") == []
    await tab.send(CartPageState.take_out, receipt=str(february))
    await tab.send(CartPageState.type_amount, row=key_of(mine, COLD), text="1")
    await tab.send(CartPageState.to_check, form={key_of(mine, COLD): "1"})
    assert db.read(counters, cast.owner.actor).cart == 1
    assert db.read(cart_contents, cast.owner.actor)[0].amount == 53920


@pytest.mark.usefixtures("february")
@pytest.mark.parametrize("text", [None, 5, 1.5, [], {}, True, "9" * 10_000, "\ud800", "\x00"])
async def test_whatever_a_socket_sends_for_a_sum_is_no_sum(tabs, db, cast, text):
    tab = tabs(cast.owner.cookie)
    await tab.open("/cart")
    await tab.send(CartPageState.type_amount, row=key_of(tab, COLD), text=text)
    await tab.send(CartPageState.to_check, form={key_of(tab, COLD): text})
    assert db.read(cart_contents, cast.owner.actor)[0].amount == 53920


async def test_without_a_session_nothing_is_seen_or_done(tabs, db, cast, february):
    tab = tabs()
    _, events = await tab.open("/cart")
    assert ("_redirect", "/") in [(name, payload.get("path")) for name, payload in events]
    await tab.send(CartPageState.take_out, receipt=str(february))
    assert tab.seen(CartPageState).get("parts", []) == []
    assert db.read(counters, cast.owner.actor).cart == 1


@pytest.mark.usefixtures("elsewhere")
async def test_a_payment_that_the_bank_still_checks_is_shown_and_holds_up_no_other(tabs, db, cast, february):
    some_order(db, cast, february, status="checking")
    tab = tabs(cast.owner.cookie)
    await tab.open("/cart")
    (open_one,) = seen(tab, "under_way")
    assert (open_one.text, open_one.address) == (
        "ПОВВ: платёж 539,20 руб. от 15:00 проверяется.",
        f"/cart/result/{NUMBER}",
    )
    await tab.follow("/cart?check=1")
    check, (later,) = seen(tab, "check"), seen(tab, "later")
    assert (check.title, check.waits) == ("Платёж 1 из 2: УК «Южный дом»", False)
    assert (later.title, later.waits) == ("Платёж 2 из 2: ПОВВ", True)


async def test_where_the_only_payment_is_being_checked_there_is_nothing_to_press(tabs, db, cast, february):
    some_order(db, cast, february, status="checking")
    tab = tabs(cast.owner.cookie)
    await tab.open("/cart?check=1")
    assert seen(tab, "check").waits is True


@pytest.mark.usefixtures("february")
async def test_says_how_fresh_the_sums_are_and_by_when_to_pay(tabs, cast):
    tab = tabs(cast.owner.cookie)
    await tab.open("/cart")
    assert seen(tab, "parts")[0].receipts[0].due == "Срок оплаты прошёл 10.03.2018."
    await tab.follow("/cart?check=1")
    assert seen(tab, "check").receipts[0].due == "Срок оплаты прошёл 10.03.2018."


@pytest.mark.parametrize(
    ("today", "said"),
    [(date(2026, 11, 15), "Оплатить до 15.11.2026."), (date(2026, 11, 16), "Срок оплаты прошёл 15.11.2026.")],
)
def test_the_due_day_itself_is_in_time(today, said):
    assert due_words(date(2026, 11, 15), today) == said


async def test_a_field_turns_where_somebody_else_has_paid_what_was_typed(tabs, db, cast, february):
    db.write(put_into_cart, cast.relative.actor, february, with_advance=False, now=NOW)
    tab = tabs(cast.relative.cookie)
    await tab.open("/cart")
    await tab.send(CartPageState.type_amount, row=key_of(tab, COLD), text="500")
    before = seen(tab, "parts")[0].receipts[0].rows[0]
    World(db, cast, february).paid()
    await tab.send(CartPageState.load)
    row = seen(tab, "parts")[0].receipts[0].rows[0]
    assert (before.text, row.text, row.turn != before.turn) == ("500,00", "0,00", True)

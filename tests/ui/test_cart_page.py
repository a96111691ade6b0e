"""Корзина through the real processor: the manual's lines, the sum, removing, and whose they are."""

import pytest

from lk_reflex.core.months import Month
from lk_reflex.domain.payments.cart.putting import put_into_cart
from lk_reflex.domain.payments.counters import counters
from lk_reflex.ui.cart import CartState
from lk_reflex.ui.resident.cart.state import SUPERSEDED, CartPageState, CartRow
from tests.billing.paper import february_2018, receipt
from tests.cast import NOW
from tests.ui.plain import plain


@pytest.fixture
def february(db, cast) -> int:
    made = february_2018(db, cast.flat)
    db.write(put_into_cart, cast.owner.actor, made, with_advance=False, now=NOW)
    return made


@pytest.mark.usefixtures("february")
async def test_shows_the_manuals_lines(tabs, cast):
    tab = tabs(cast.owner.cookie)
    await tab.open("/cart")
    (part,) = plain(tab.seen(CartPageState)["parts"])
    (card,) = part.receipts
    assert card.title == "Квитанция ХВС и ВО за ФЕВРАЛЬ 2018"
    assert card.account == "Лицевой счет: 1234567899, УЛ. КЫШТЫМСКАЯ, 10 - 1010"
    assert card.rows == [CartRow("МУП ПОВВ:ХВС(КОПЕЙСК)", "341,30"), CartRow("МУП ПОВВ:ВО(КОПЕЙСК)", "197,90")]
    assert (card.amount, card.note, part.payable) == ("539,20", "", True)
    assert plain(tab.seen(CartPageState)["total"]) == "539,20"
    assert tab.seen(CartState)["count"] == 1
    assert [(one.name, one.value) for one in part.details if one.name == "Назначение платежа"] == [
        ("Назначение платежа", "Лицевой счет 1234567899")
    ]


async def test_penalties_and_the_advance_have_rows_of_their_own(tabs, db, cast):
    line = ("ХВС", "0", "0", "100,00", "100,00", "1,00", "0", "0,50", "1,50")
    made = receipt(db, cast.flat, "ХВС", Month(2026, 10), [line], advance="40,00", advance_penalty="0,25")
    db.write(put_into_cart, cast.owner.actor, made, with_advance=True, now=NOW)
    tab = tabs(cast.owner.cookie)
    await tab.open("/cart")
    card = tab.seen(CartPageState)["parts"][0].receipts[0]
    assert card.rows == [
        CartRow("ХВС", "100,00"),
        CartRow("Пени", "1,75"),
        CartRow("Предварительно начислено за НОЯБРЬ 2026", "40,00"),
    ]
    assert card.amount == "141,75"


async def test_removing_changes_the_page_and_the_counter(tabs, db, cast, february):
    tab = tabs(cast.owner.cookie)
    await tab.open("/cart")
    for _ in range(2):
        await tab.send(CartPageState.take_out, receipt=str(february))
    assert tab.seen(CartPageState)["parts"] == []
    assert tab.seen(CartState)["count"] == 0


async def test_what_a_newer_receipt_replaced_is_marked_and_not_counted(tabs, db, cast, february):
    receipt(db, cast.flat, "ХВС и ВО", Month(2018, 3), [("ХВС", "539,20", "0", "1,00", "540,20")])
    tab = tabs(cast.owner.cookie)
    await tab.open("/cart")
    (part,) = tab.seen(CartPageState)["parts"]
    assert (part.receipts[0].note, part.payable) == (SUPERSEDED, False)
    assert tab.seen(CartPageState)["total"] == "0,00"


async def test_a_stranger_neither_sees_nor_empties_it(tabs, db, cast, february):
    tab = tabs(cast.stranger.cookie)
    await tab.open("/cart")
    assert tab.seen(CartPageState).get("parts", []) == []
    await tab.send(CartPageState.take_out, receipt=str(february))
    assert db.read(counters, cast.owner.actor).cart == 1


async def test_without_a_session_nothing_is_seen_or_done(tabs, db, cast, february):
    tab = tabs()
    _, events = await tab.open("/cart")
    assert ("_redirect", "/") in [(name, payload.get("path")) for name, payload in events]
    await tab.send(CartPageState.take_out, receipt=str(february))
    assert tab.seen(CartPageState).get("parts", []) == []
    assert db.read(counters, cast.owner.actor).cart == 1

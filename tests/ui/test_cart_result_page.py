"""Результат оплаты: each state says what happened and what to do, to the payer and to nobody else."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from lk_reflex.core.months import Month
from lk_reflex.core.signals import ORDER
from lk_reflex.domain.accounts.tables import Organization
from lk_reflex.domain.payments.cart.putting import put_into_cart
from lk_reflex.domain.payments.orders.journal import Cause
from lk_reflex.domain.payments.orders.looking import look
from lk_reflex.domain.payments.orders.rules import AMOUNT, SECOND
from lk_reflex.domain.payments.orders.said import AS_ADVANCE, BY_ITSELF, NOT_TAKEN, ONCE, UNFINISHED, UNSAID
from lk_reflex.domain.payments.tables import Order
from lk_reflex.integrations.bank.port import Request, Stage
from lk_reflex.ui.resident.cart_result.state import NOTHING, UNKNOWN, CartResultState
from lk_reflex.ui.resident.cart_result.words import FEED, LETTER, NOT_AGAIN, Fact, LineRow, ReceiptPart
from lk_reflex.ui.session import SessionState
from tests.billing.paper import february_2018, receipt, september_2019
from tests.cast import NOW
from tests.payments.bank import MemoryBank, MemoryBanks
from tests.payments.orders import NUMBER, WATER, some_order
from tests.ui.plain import plain

ADDRESS = f"/cart/result/{NUMBER}"


@pytest.fixture
def february(db, cast) -> int:
    return february_2018(db, cast.flat)


async def seen(tabs, person, address: str = ADDRESS):
    tab = tabs(person.cookie)
    await tab.open(address)
    shown = tab.seen(CartResultState)
    return shown["heading"], plain(shown["result"]), shown


async def test_a_paid_order_says_all_that_a_receipt_says(tabs, db, cast, february):
    some_order(db, cast, february, commission=1078)
    heading, result, shown = await seen(tabs, cast.owner)
    assert (heading, result.kind, result.amount) == ("Оплачено", "good", "549,98")
    assert result.lead == "Платёж 549,98 руб. принят банком."
    assert result.pdf == f"/api/orders/{NUMBER}.pdf"
    assert not (result.bank or result.open or result.again or result.rest)
    assert any("второй раз платить её не нужно" in note for note in result.notes)
    assert "Подтверждение отправлено на owner@example.org." in result.notes
    assert plain(shown["facts"]) == [
        Fact("Организация", "МУП «ПОВВ»"),
        Fact("Лицевой счет", "1234567899 (УЛ. КЫШТЫМСКАЯ, 10 - 1010)"),
        Fact("Дата и время", "20.11.2026, 15:05"),
        Fact("Номер платежа", "261120 1234 5678"),
        Fact("Карта", "•••• 1111"),
    ]
    assert plain(shown["receipts"]) == [
        ReceiptPart(
            "0",
            "Квитанция ХВС и ВО за ФЕВРАЛЬ 2018",
            "Лицевой счет: 1234567899, УЛ. КЫШТЫМСКАЯ, 10 - 1010",
            [LineRow("0", "МУП ПОВВ:ХВС(КОПЕЙСК)", "341,30"), LineRow("1", "МУП ПОВВ:ВО(КОПЕЙСК)", "197,90")],
            "539,20",
        )
    ]
    assert plain(shown["sums"]) == [
        Fact("По квитанциям", "539,20 руб."), Fact("Комиссия банка", "10,78 руб."), Fact("Всего", "549,98 руб.")
    ]  # fmt: skip


@pytest.mark.parametrize("status", ["declined", "expired", "failed"])
async def test_an_unpaid_order_says_why_and_that_no_money_is_gone(tabs, db, cast, february, status):
    some_order(db, cast, february, status=status, reason="116")
    heading, result, _ = await seen(tabs, cast.owner)
    assert (heading, result.kind, result.again, result.pdf) == ("Не оплачено", "bad", True, "")
    assert result.lead == f"На карте не хватило денег, или превышен её лимит. {NOT_TAKEN}"


async def test_an_undone_hold_is_not_called_untouched_money(tabs, db, cast, february):
    some_order(db, cast, february, status="reversed")
    heading, result, _ = await seen(tabs, cast.owner)
    assert heading == "Не оплачено" and NOT_TAKEN not in result.lead and "снял блокировку" in result.lead


@pytest.mark.parametrize("status", ["new", "checking"])
async def test_an_unknown_outcome_asks_for_patience_and_no_second_payment(tabs, db, cast, february, status):
    some_order(db, cast, february, status=status)
    heading, result, _ = await seen(tabs, cast.owner)
    assert (heading, result.kind, result.open) == ("Проверяем платёж", "due", True)
    assert ONCE in result.notes and not (result.again or result.bank or result.pdf)


@pytest.mark.parametrize(("email", "promise"), [("owner@example.org", LETTER), ("", FEED)])
async def test_a_letter_is_promised_where_one_will_come(tabs, db, cast, february, email, promise):
    some_order(db, cast, february, status="checking", email=email)
    assert f"{BY_ITSELF} {promise}" in (await seen(tabs, cast.owner))[1].notes


async def test_the_letter_is_where_the_order_says_whatever_the_logins_address_is_now(tabs, db, cast, february):
    some_order(db, cast, february, email="former@example.org")
    assert "Подтверждение отправлено на former@example.org." in (await seen(tabs, cast.owner))[1].notes


async def test_nobody_is_told_of_a_letter_that_was_not_sent(tabs, db, cast, february):
    some_order(db, cast, february, email="")
    assert "@" not in str((await seen(tabs, cast.owner))[1].notes)


async def test_a_waiting_order_leads_to_the_bank_and_never_names_its_address(tabs, db, cast, february):
    some_order(db, cast, february, status="waiting")
    heading, result, shown = await seen(tabs, cast.owner)
    assert (heading, result.bank, result.open) == ("Ждём оплату", f"/api/orders/{NUMBER}/bank", True)
    assert result.lead == "Банк ждёт оплаты до 15:20. Пока деньги не списаны."
    assert "bank.example" not in repr(shown)


@pytest.mark.parametrize("more", [{"expires_at": NOW - timedelta(minutes=1)}, {"form_url": ""}, {"flag": AMOUNT}])
async def test_a_waiting_order_that_can_be_paid_no_more_is_being_checked(tabs, db, cast, february, more):
    some_order(db, cast, february, status="waiting", **more)
    heading, result, _ = await seen(tabs, cast.owner)
    assert (heading, result.bank, result.again) == ("Проверяем платёж", "", False)


@pytest.mark.parametrize(
    ("status", "refunded", "title", "amount"),
    [("paid", 20000, "Оплачено, часть возвращена", "339,20"), ("refunded", 53920, "Возвращено", "539,20")],
)
async def test_what_went_back_is_told(tabs, db, cast, february, status, refunded, title, amount):
    some_order(db, cast, february, status=status, refunded=refunded)
    heading, result, _ = await seen(tabs, cast.owner)
    assert (heading, result.amount, bool(result.pdf)) == (title, amount, True)
    assert "вернула" in result.lead


@pytest.mark.parametrize(
    ("parts", "refunded", "left"),
    [(WATER, 0, ""), (WATER[:1], 0, "197,90"), (WATER, 20000, "200,00")],
    ids=["whole", "part", "part-back"],
)
async def test_what_is_left_of_its_receipts_is_named(tabs, db, cast, february, parts, refunded, left):
    some_order(db, cast, february, parts=parts, refunded=refunded)
    result = (await seen(tabs, cast.owner))[1]
    assert result.remainder == (f"Оплачено не всё: по квитанциям этого платежа осталось {left} руб." if left else "")
    assert any(NOT_AGAIN in note for note in result.notes) is not bool(left)


async def test_what_a_newer_receipt_asks_for_is_no_remainder(tabs, db, cast, february):
    some_order(db, cast, february, parts=WATER[:1])
    receipt(db, cast.flat, "ХВС и ВО", Month(2018, 3), [("МУП ПОВВ:ХВС(КОПЕЙСК)", "0", "0", "1,00", "1,00")])
    assert (await seen(tabs, cast.owner))[1].remainder == ""


@pytest.mark.parametrize(("status", "said"), [("checking", UNFINISHED), ("new", UNSAID)])
async def test_a_held_card_isnt_called_untouched(tabs, db, cast, february, status, said):
    some_order(db, cast, february, status=status)
    assert (await seen(tabs, cast.owner))[1].lead == said


async def test_a_second_payment_of_a_receipt_is_told_to_be_an_advance(tabs, db, cast, february):
    some_order(db, cast, february, flag=SECOND)
    assert AS_ADVANCE in (await seen(tabs, cast.owner))[1].notes


async def test_the_other_payments_of_the_cart_are_offered_next(tabs, db, cast, february):
    some_order(db, cast, february)
    september = september_2019(db, cast.flat)
    db.write(put_into_cart, cast.owner.actor, september, with_advance=False, now=NOW)
    result = (await seen(tabs, cast.owner))[1]
    assert result.rest == "Остался ещё один платёж: ПОВВ. К оплате 3 293,08 руб."


async def test_nobody_else_finds_it(tabs, db, cast, february):
    some_order(db, cast, february)
    for person in (cast.relative, cast.stranger, cast.operator):
        heading, result, shown = await seen(tabs, person)
        assert (heading, result, shown["facts"], shown["receipts"]) == (UNKNOWN, NOTHING, [], [])
    for address in ("/cart/result/1", "/cart/result/<b>", f"/cart/result/{NUMBER}0", "/cart/result/" + "9" * 500):
        assert (await seen(tabs, cast.owner, address))[1] == NOTHING


async def test_another_order_takes_the_place_of_the_first_in_the_same_tab(tabs, db, cast, february):
    some_order(db, cast, february)
    other = "26112000000007"
    some_order(db, cast, february, status="declined", number=other)
    tab = tabs(cast.owner.cookie)
    await tab.open(ADDRESS)
    await tab.follow(f"/cart/result/{other}")
    shown = tab.seen(CartResultState)
    assert shown["heading"] == "Не оплачено" and not plain(shown["result"]).pdf
    await tab.follow("/cart/result/00000000000000")
    assert plain(tab.seen(CartResultState)["result"]) == NOTHING


def test_the_page_turns_by_itself(app):
    from lk_reflex.ui.pages.table import PAGES

    (page,) = (page for page in PAGES if page.state is CartResultState)
    assert ORDER in page.live


@pytest.fixture
def bank(monkeypatch) -> MemoryBank:
    made = MemoryBank()
    monkeypatch.setattr("lk_reflex.ui.resident.cart_result.state.banks", lambda: MemoryBanks(made))
    monkeypatch.setattr("lk_reflex.ui.resident.cart_result.state.utc_now", lambda: NOW)
    return made


@pytest.fixture
def waiting(db, cast, february, bank) -> MemoryBank:
    """An order that the bank knows and nobody has paid yet."""
    some_order(db, cast, february, status="waiting", bank_id=f"md-{NUMBER}")
    bank.register(Request(NUMBER, 53920, "", "", "", 1200))
    return bank


async def opened(tabs, cast):
    tab = tabs(cast.owner.cookie)
    await tab.open(ADDRESS)
    return tab


async def test_the_open_page_asks_the_bank_and_turns(tabs, cast, waiting):
    waiting.pay(NUMBER)
    tab = await opened(tabs, cast)
    shown = tab.seen(CartResultState)
    assert (shown["heading"], plain(shown["result"]).amount) == ("Оплачено", "539,20")
    assert waiting.calls["state"] == 1
    for _ in range(2):
        await tab.send(CartResultState.look)
    assert waiting.calls["state"] == 1, "a paid order is nobody's question"


async def test_what_was_settled_while_the_page_was_filled_is_shown_by_its_first_look(tabs, db, cast, waiting):
    tab = tabs(cast.owner.cookie)
    await tab.open(ADDRESS)
    waiting.pay(NUMBER)
    look(db, MemoryBanks(waiting), NUMBER, cause=Cause.CALLBACK, clock=lambda: NOW + timedelta(seconds=5), site="")
    await tab.send(CartResultState.look)
    assert tab.seen(CartResultState)["heading"] == "Оплачено"


def asked_long_ago(db) -> None:
    with db.transaction() as writer:
        writer.change(update(Order).values(looked_at=NOW - timedelta(minutes=1)))


async def test_the_moment_of_asking_is_by_the_organizations_clock(tabs, db, cast, waiting):
    tab = await opened(tabs, cast)
    with db.transaction() as writer:
        writer.change(update(Organization).values(time_zone="Europe/Kaliningrad"))
    asked_long_ago(db)
    await tab.send(CartResultState.check)
    assert "Проверили в 12:00:00" in tab.seen(CartResultState)["checked"]


async def test_asking_again_says_that_nothing_is_new_and_when(tabs, db, cast, waiting):
    tab = await opened(tabs, cast)
    for _ in range(3):
        await tab.send(CartResultState.check)
    assert tab.seen(CartResultState)["checked"].startswith("Мы уже спрашиваем об этом банк.")
    assert waiting.calls["state"] == 1, "reloading and pressing ask the bank no oftener than every few seconds"
    asked_long_ago(db)
    await tab.send(CartResultState.check)
    assert tab.seen(CartResultState)["checked"] == "Проверили в 15:00:00: банк пока отвечает то же самое."
    asked_long_ago(db)
    waiting.down = True
    await tab.send(CartResultState.check)
    assert "банк пока не ответил" in tab.seen(CartResultState)["checked"]
    await tab.send(CartResultState.check)
    assert "то же самое" not in tab.seen(CartResultState)["checked"], "a silent bank has said nothing"
    assert tab.seen(CartResultState)["heading"] == "Ждём оплату"


async def test_a_payment_may_be_given_up(tabs, cast, waiting):
    tab = await opened(tabs, cast)
    assert plain(tab.seen(CartResultState)["result"]).cancels
    await tab.send(CartResultState.cancel)
    shown = tab.seen(CartResultState)
    assert shown["heading"] == "Не оплачено" and plain(shown["result"]).lead.startswith("Платёж отменён до оплаты.")
    assert waiting.orders[NUMBER].stage is Stage.DECLINED


async def test_giving_up_what_is_paid_already_shows_that_it_is_paid(tabs, cast, waiting):
    tab = await opened(tabs, cast)
    waiting.pay(NUMBER)
    await tab.send(CartResultState.cancel)
    assert tab.seen(CartResultState)["heading"] == "Оплачено"


async def test_a_silent_bank_cancels_nothing_and_it_is_said(tabs, cast, waiting):
    tab = await opened(tabs, cast)
    waiting.down = True
    await tab.send(CartResultState.cancel)
    assert "не отменён" in tab.seen(SessionState)["fault"]
    assert tab.seen(CartResultState)["heading"] == "Ждём оплату"


async def test_nobody_else_asks_or_cancels(tabs, cast, waiting):
    for person in (cast.relative, cast.stranger, cast.operator):
        tab = tabs(person.cookie)
        await tab.open(ADDRESS)
        for handler in (CartResultState.look, CartResultState.check, CartResultState.cancel):
            await tab.send(handler)
        assert plain(tab.seen(CartResultState)["result"]) == NOTHING
    assert not waiting.calls["state"] and waiting.orders[NUMBER].stage is Stage.REGISTERED

"""Общая информация through the real processor: the headline, the manual's rows, the cart's buttons, whose they are."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import delete, update

from lk_reflex.core.months import Month
from lk_reflex.domain.accounts.tables import Organization
from lk_reflex.domain.exchange_log.tables import ImportRun
from lk_reflex.domain.identity.tables import AccountLink
from lk_reflex.domain.metering.tables import Meter
from lk_reflex.domain.payments.cart.putting import cart_variants
from lk_reflex.ui.account import AccountState
from lk_reflex.ui.cart import CartState
from lk_reflex.ui.resident.overview import page
from lk_reflex.ui.resident.overview.state import OverviewState
from lk_reflex.ui.resident.overview.words import NOT_HERE
from lk_reflex.ui.session import SessionState
from tests.billing.paper import february_2018, payment, receipt
from tests.cast import NOW
from tests.payments.orders import NUMBER, some_order
from tests.ui.plain import plain

OCTOBER = Month(2026, 10)


@pytest.fixture(autouse=True)
def stopped(monkeypatch):
    monkeypatch.setattr("lk_reflex.ui.guard.utc_now", lambda: NOW)
    monkeypatch.setattr("lk_reflex.ui.gate.utc_now", lambda: NOW)


@pytest.fixture
def february(db, cast) -> int:
    return february_2018(db, cast.flat)


@pytest.fixture
def october(db, cast) -> int:
    line = ("ХВС", "50,00", "-10,00", "100,00", "150,00", "1,00", "0", "0,50", "1,50")
    return receipt(db, cast.flat, "Объединённая", OCTOBER, [line], advance="40,00", issued_on=date(2026, 10, 30))


def test_columns_are_the_manuals_word_for_word():
    assert [column.header for column in page.FIGURES[1:]] == ["Сумма по основным услугам (руб.)", "Сумма пени (руб.)"]


@pytest.mark.usefixtures("february")
async def test_shows_the_manuals_six_rows(tabs, cast):
    tab = tabs(cast.owner.cookie)
    await tab.open("/overview")
    (table,) = plain(tab.seen(OverviewState)["receipts"])
    assert table.title == "Квитанция ХВС и ВО за ФЕВРАЛЬ 2018"
    assert [(row.label, row.main, row.penalty) for row in table.rows] == [
        ("Долг(+)/переплата(-) по квитанции за ФЕВРАЛЬ 2018", "0,00", "0,00"),
        ("Оплата(-), учтенная в квитанции за ФЕВРАЛЬ 2018", "-485,28", "0,00"),
        ("Начислено по квитанции за ФЕВРАЛЬ 2018", "539,20", "0,00"),
        ("Итого к оплате по квитанции за ФЕВРАЛЬ 2018", "539,20", "0,00"),
        ("Предварительно начислено за МАРТ 2018", "0,00", "0,00"),
        ("К оплате с учетом предварительного начисления (авансом)", "539,20", "0,00"),
    ]
    assert [row.offer for row in table.rows] == [False, False, False, True, False, True]


@pytest.mark.usefixtures("february", "october")
async def test_says_what_to_pay_and_by_when(tabs, cast):
    tab = tabs(cast.owner.cookie)
    await tab.open("/overview")
    bill = plain(tab.seen(OverviewState)["bill"])
    assert (bill.title, bill.amount, bill.payable) == ("К оплате за октябрь", "151,50", True)
    assert bill.due == "Срок оплаты, 15 ноября, прошёл 5 дней назад. Пени не начисляются первые 30 дней просрочки."
    assert bill.notes == [
        "В этой сумме долг за прошлые месяцы: 50,00 руб.",
        "В этой сумме пени: 1,50 руб.",
        "Кроме того, 539,20 руб. по старым квитанциям, они ниже: Квитанция ХВС и ВО за ФЕВРАЛЬ 2018.",
    ]


@pytest.mark.usefixtures("october")
async def test_says_what_was_paid_since(tabs, db, cast):
    payment(db, cast.organization, cast.flat, date(2026, 11, 2), "-100,00")
    payment(db, cast.organization, cast.flat, date(2026, 10, 2), "-7,00")
    tab = tabs(cast.owner.cookie)
    await tab.open("/overview")
    assert plain(tab.seen(OverviewState)["bill"]).notes[-1] == (
        "После выпуска квитанции поступило 100,00 руб. Последняя оплата 02.11.2026; "
        "в сумме выше эти деньги ещё не учтены."
    )


async def test_an_overpayment_is_said_in_words(tabs, db, cast):
    receipt(db, cast.flat, "ХВС", OCTOBER, [("ХВС", "-120,00", "0", "0", "-120,00")])
    tab = tabs(cast.owner.cookie)
    await tab.open("/overview")
    bill = plain(tab.seen(OverviewState)["bill"])
    assert (bill.title, bill.amount, bill.payable) == ("Переплата за октябрь", "120,00", False)
    assert bill.due == "Платить не нужно: переплата уйдёт в следующие квитанции."


async def test_without_receipts_it_says_so_and_shows_no_headline(tabs, cast):
    tab = tabs(cast.owner.cookie)
    await tab.open("/overview")
    assert tab.seen(OverviewState)["loaded"] is True
    assert tab.seen(OverviewState)["bill"].title == ""
    assert tab.seen(SessionState)["fault"] == ""


async def test_the_cart_buttons_follow_the_cart(tabs, db, cast, october):
    tab = tabs(cast.owner.cookie)
    await tab.open("/overview")

    def marks() -> list[bool]:
        return [row.in_cart for row in tab.seen(OverviewState)["receipts"][0].rows]

    assert not any(marks())
    await tab.send(OverviewState.put, receipt=str(october), advance=False)
    assert marks() == [False, False, False, True, False, False]
    assert tab.seen(CartState)["count"] == 1
    await tab.send(OverviewState.put, receipt=str(october), advance=True)
    assert marks() == [False, False, False, False, False, True]
    assert tab.seen(CartState)["count"] == 1
    await tab.send(OverviewState.take_out, receipt=str(october))
    assert not any(marks())
    assert tab.seen(CartState)["count"] == 0


@pytest.mark.usefixtures("february")
async def test_the_headline_puts_what_it_counts_into_the_cart(tabs, db, cast, october):
    tab = tabs(cast.owner.cookie)
    await tab.open("/overview")
    for _ in range(2):
        _, events = await tab.send(OverviewState.pay)
        assert [payload["path"] for name, payload in events if name == "_redirect"] == ["/cart"]
    assert db.read(cart_variants, cast.owner.actor) == {october: False}


@pytest.mark.parametrize("receipt", ["0", "", "-1", "1.5", "999999", "٣", None, ["1"], {"a": 1}])
async def test_a_nonsense_receipt_is_a_sentence_and_no_error(tabs, db, cast, receipt):
    tab = tabs(cast.owner.cookie)
    await tab.open("/overview")
    await tab.send(OverviewState.put, receipt=receipt, advance="да")
    assert tab.seen(SessionState)["fault"] == "Такой квитанции нет среди ваших лицевых счетов"
    assert db.read(cart_variants, cast.owner.actor) == {}


async def test_a_stranger_can_neither_see_nor_put_it(tabs, db, cast, october):
    tab = tabs(cast.stranger.cookie)
    await tab.open("/overview")
    assert tab.seen(OverviewState)["receipts"] == []
    await tab.send(OverviewState.put, receipt=str(october), advance=False)
    assert db.read(cart_variants, cast.stranger.actor) == {}
    await tab.send(OverviewState.pay)
    assert db.read(cart_variants, cast.stranger.actor) == {}


async def test_an_unlinked_account_leaves_an_open_tab(tabs, db, cast, october):
    tab = tabs(cast.owner.cookie)
    await tab.open("/overview")
    await tab.send(OverviewState.put, receipt=str(october), advance=False)
    db.write(lambda w: w.change(delete(AccountLink).where(AccountLink.user_id == cast.owner.actor.user_id)))
    await tab.follow("/overview")
    seen = tab.seen(OverviewState)
    assert (seen["receipts"], seen["bill"].title, seen["hints"]) == ([], "", [])
    assert tab.seen(AccountState)["fresh"] == ""
    assert tab.seen(CartState)["count"] == 0
    await tab.send(OverviewState.pay)
    await tab.send(OverviewState.put, receipt=str(october), advance=True)
    assert tab.seen(SessionState)["fault"] == "Такой квитанции нет среди ваших лицевых счетов"


async def test_an_organization_without_payments_says_how_to_pay(tabs, db, cast, october):
    db.write(lambda w: w.change(update(Organization).values(takes_payments=False)))
    tab = tabs(cast.owner.cookie)
    await tab.open("/overview")
    bill = tab.seen(OverviewState)["bill"]
    assert (bill.payable, bill.notes[-1]) == (False, NOT_HERE)
    assert not any(row.offer for row in tab.seen(OverviewState)["receipts"][0].rows)


async def test_without_a_session_nothing_is_seen_or_done(tabs, db, cast, october):
    tab = tabs()
    _, events = await tab.open("/overview")
    assert ("_redirect", "/") in [(name, payload.get("path")) for name, payload in events]
    await tab.send(OverviewState.put, receipt=str(october), advance=False)
    await tab.send(OverviewState.pay)
    assert tab.seen(OverviewState).get("receipts", []) == []
    assert db.read(cart_variants, cast.owner.actor) == {}


@pytest.mark.usefixtures("october")
async def test_says_how_fresh_the_figures_are(tabs, db, cast):
    tab = tabs(cast.owner.cookie)
    await tab.open("/overview")
    assert tab.seen(AccountState)["fresh"] == "Данные на 30.10.2026"
    moment = datetime(2026, 11, 19, 20, 5, tzinfo=UTC)
    with db.transaction() as writer:
        writer.add(ImportRun(package="п", started_at=moment, finished_at=moment))
    await tab.follow("/overview")
    assert tab.seen(AccountState)["fresh"] == "Данные на 20.11.2026, 01:05"


async def test_warns_of_verifications_and_counts_the_days_for_readings(tabs, db, cast):
    def meter(code: str, name: str, due: date, **more) -> Meter:
        return Meter(
            organization_id=cast.organization, account_id=cast.flat, code=code, serial=code, name=name,
            resource="ХВС", verification_due=due, **more,
        )  # fmt: skip

    with db.transaction() as writer:
        writer.add(meter("1", "ХВС С/У", date(2026, 12, 1)))
        writer.add(meter("2", "ГВС С/У", date(2026, 11, 1)))
        writer.add(meter("3", "ГВС Кухня", date(2030, 1, 1)))
        writer.add(meter("4", "Снятый", date(2020, 1, 1), ended_on=date(2021, 1, 1)))
    tab = tabs(cast.owner.cookie)
    await tab.open("/overview")
    over, soon = tab.seen(OverviewState)["warnings"]
    assert (over.kind, over.meters) == ("bad", ["ГВС С/У № 2: поверка до 01.11.2026"])
    assert (soon.kind, soon.meters) == ("due", ["ХВС С/У № 1: поверка до 01.12.2026"])
    readings = tab.seen(OverviewState)["readings"]
    assert (readings.title, readings.number, readings.unit) == ("Показания за ноябрь", "5", "дней осталось")
    assert readings.window == "Приём открыт до 25 ноября."
    assert readings.waiting == "Не переданы: ГВС Кухня, ГВС С/У, ХВС С/У."


async def test_an_account_without_meters_has_no_card_for_readings(tabs, cast):
    tab = tabs(cast.owner.cookie)
    await tab.open("/overview")
    assert tab.seen(OverviewState)["readings"].title == ""


async def test_freshly_paid_sums_are_told_and_not_asked_for_again(tabs, db, cast, february):
    """Between the payment and billing's own record nobody is sent to pay the same twice."""
    some_order(db, cast, february)
    for person, told in ((cast.owner, True), (cast.relative, True), (cast.stranger, False)):
        tab = tabs(person.cookie)
        await tab.open("/overview")
        bill = plain(tab.seen(OverviewState)["bill"])
        assert bill.pending.startswith("Оплачено 20.11.2026: 539,20 руб., ещё не учтено.") is told
        assert not bill.payable and not bill.owed
        assert bill.amount == ("0,00" if told else "")
        assert bill.due == ("Платить не нужно: всё оплачено." if told else "")


async def test_a_part_that_was_paid_leaves_the_way_to_pay_the_rest(tabs, db, cast, october):
    some_order(db, cast, october, parts=[("ХВС", "main", 10000)], due=15150)
    tab = tabs(cast.owner.cookie)
    await tab.open("/overview")
    bill = plain(tab.seen(OverviewState)["bill"])
    assert bill.payable and "100,00 руб., ещё не учтено. Из суммы выше эти деньги уже вычтены." in bill.pending
    assert (bill.title, bill.amount) == ("Осталось оплатить за октябрь", "51,50")
    assert bill.notes == [
        "По квитанциям 151,50 руб. Оплачено в личном кабинете 100,00 руб.",
        "В начисленном долг за прошлые месяцы: 50,00 руб.",
        "В начисленном пени: 1,50 руб.",
    ]
    _, events = await tab.send(OverviewState.pay)
    assert events and db.read(cart_variants, cast.owner.actor) == {october: False}


async def test_what_billing_has_posted_since_is_not_deducted_twice(tabs, db, cast, october):
    some_order(db, cast, october, parts=[("ХВС", "main", 10000)], due=15150)
    payment(db, cast.organization, cast.flat, date(2026, 11, 20), "-100,00", order_number=NUMBER)
    payment(db, cast.organization, cast.flat, date(2026, 11, 19), "-7,00")
    tab = tabs(cast.owner.cookie)
    await tab.open("/overview")
    bill = plain(tab.seen(OverviewState)["bill"])
    assert (bill.amount, bill.pending, bill.payable) == ("51,50", "", True)
    assert bill.notes[0] == "По квитанциям 151,50 руб. Оплачено в личном кабинете 100,00 руб."
    assert bill.notes[-1].startswith("После выпуска квитанции поступило 7,00 руб.")


@pytest.mark.usefixtures("october")
async def test_an_old_receipt_that_was_paid_takes_nothing_off_the_headline(tabs, db, cast, february):
    some_order(db, cast, february)
    tab = tabs(cast.owner.cookie)
    await tab.open("/overview")
    bill = plain(tab.seen(OverviewState)["bill"])
    assert (bill.title, bill.amount, bill.payable) == ("К оплате за октябрь", "151,50", True)
    assert "539,20 руб., ещё не учтено. Организация вычтет" in bill.pending


async def test_a_payment_under_way_leads_to_its_result(tabs, db, cast, october):
    some_order(db, cast, october, status="checking")
    for person, shown in ((cast.owner, 1), (cast.relative, 0)):
        tab = tabs(person.cookie)
        await tab.open("/overview")
        under_way = plain(tab.seen(OverviewState)["under_way"])
        assert len(under_way) == shown
    assert not under_way
    tab = tabs(cast.owner.cookie)
    await tab.open("/overview")
    (one,) = plain(tab.seen(OverviewState)["under_way"])
    assert "платёж 539,20 руб." in one.text and one.address == f"/cart/result/{NUMBER}"


async def test_what_went_back_is_asked_for_again(tabs, db, cast, february):
    some_order(db, cast, february, status="refunded", parts=[("ХВС", "main", 53920)], refunded=53920)
    tab = tabs(cast.owner.cookie)
    await tab.open("/overview")
    bill = plain(tab.seen(OverviewState)["bill"])
    assert bill.payable and not bill.pending


async def test_a_press_on_an_old_page_says_that_it_is_paid_already(tabs, db, cast, february):
    tab = tabs(cast.owner.cookie)
    await tab.open("/overview")
    some_order(db, cast, february)
    _, events = await tab.send(OverviewState.pay)
    assert not events and "уже оплачено" in tab.seen(SessionState)["fault"]

"""История оплат through the real processor: the manual's rows by year, and whose they are."""

from datetime import date

import pytest

from lk_reflex.core.months import Month
from lk_reflex.ui.resident.payments import page
from lk_reflex.ui.resident.payments.state import PaymentRow, PaymentsState
from tests.billing.paper import payment, receipt
from tests.payments.books import Line, paid, refunded
from tests.payments.orders import some_order
from tests.ui.plain import plain

CITY = 'оплата "Город"'


NUMBER = "26112012345678"


@pytest.fixture
def posted(db, cast):
    for accepted, processed, amount in (
        (date(2012, 10, 8), date(2012, 11, 1), "-1082,36"),
        (date(2012, 11, 8), date(2012, 11, 12), "-1082,36"),
        (date(2011, 12, 31), None, "-1,00"),
    ):
        payment(db, cast.organization, cast.flat, accepted, amount, processed_on=processed)


def test_columns_are_the_manuals_word_for_word():
    assert [column.header for column in page.COLUMNS] == ["Вид оплаты", "Дата приема", "Дата обработки", "Сумма (руб.)"]


@pytest.mark.usefixtures("posted")
async def test_goes_by_year_newest_first(tabs, cast):
    tab = tabs(cast.owner.cookie)
    await tab.open("/payments")
    newest, oldest = plain(tab.seen(PaymentsState)["years"])
    assert (newest.title, newest.total_title, newest.amount) == ("2012 год", "Итого за 2012 год", "-2 164,72")
    assert newest.rows == [
        PaymentRow(0, CITY, "08.11.2012", "12.11.2012", "-1 082,36", handled=True),
        PaymentRow(1, CITY, "08.10.2012", "01.11.2012", "-1 082,36", handled=True),
    ]
    assert oldest.rows == [PaymentRow(0, CITY, "31.12.2011", "", "-1,00")]


@pytest.mark.usefixtures("posted")
async def test_a_stranger_sees_none(tabs, cast):
    tab = tabs(cast.stranger.cookie)
    await tab.open("/payments")
    assert tab.seen(PaymentsState)["years"] == []
    assert tab.seen(PaymentsState)["loaded"] is True


@pytest.mark.usefixtures("posted")
async def test_without_a_session_it_goes_home_empty(tabs):
    tab = tabs()
    _, events = await tab.open("/payments")
    assert ("_redirect", "/") in [(name, payload.get("path")) for name, payload in events]
    assert tab.seen(PaymentsState).get("years", []) == []


@pytest.fixture
def order(db, cast):
    bill = receipt(db, cast.flat, "Объединённая", Month(2026, 10))
    return paid(db, cast.organization, [Line(cast.flat, bill, 1_500_00)], number=NUMBER,
                user=cast.owner.actor.user_id)  # fmt: skip


async def seen(tabs, person):
    tab = tabs(person.cookie)
    await tab.open("/payments")
    shown = tab.seen(PaymentsState)
    return plain(shown["waiting"]), plain(shown["years"])


@pytest.mark.usefixtures("order")
async def test_a_payment_made_here_is_pending_with_its_way(tabs, cast):
    waiting, (year,) = await seen(tabs, cast.owner)
    assert waiting == "В обработке 1 500,00 руб."
    assert (year.amount, year.pending) == ("-1 500,00", "В том числе в обработке: -1 500,00 руб.")
    (row,) = year.rows
    assert (row.kind, row.accepted, row.processed, row.amount) == (
        'оплата "Личный кабинет"', "20.11.2026", "", "-1 500,00",
    )  # fmt: skip
    assert row.pending and row.ours
    trace = row.trace
    assert (trace.order, trace.taken, trace.taken_on) == ("261120 1234 5678", "Принято банком", "20.11.2026")
    assert (trace.handed_on, trace.accounted_on, trace.differs) == ("", "", "")
    assert trace.result == f"/cart/result/{NUMBER}"


@pytest.mark.usefixtures("order")
async def test_the_relative_sees_the_flats_payment_and_no_way_to_the_order(tabs, cast):
    _, (year,) = await seen(tabs, cast.relative)
    assert year.rows[0].pending and year.rows[0].trace.result == ""


@pytest.mark.usefixtures("order")
async def test_opened_again_after_an_import_it_is_billings_own(db, tabs, cast):
    tab = tabs(cast.owner.cookie)
    await tab.open("/payments")
    payment(db, cast.organization, cast.flat, date(2026, 11, 21), "-1500,00", order_number=NUMBER, kind="банк")
    await tab.open("/payments")
    shown = tab.seen(PaymentsState)
    (year,) = plain(shown["years"])
    assert shown["waiting"] == year.pending == ""
    (row,) = year.rows
    assert (row.kind, row.accepted, row.pending, row.ours) == ("банк", "21.11.2026", False, True)
    assert row.trace.accounted_on == "21.11.2026"


@pytest.mark.usefixtures("order")
async def test_another_sum_of_billings_is_told(db, tabs, cast):
    payment(db, cast.organization, cast.flat, date(2026, 11, 21), "-1400,00", order_number=NUMBER)
    _, (year,) = await seen(tabs, cast.owner)
    assert year.rows[0].amount == "-1 400,00"
    assert year.rows[0].trace.differs.startswith("Банк принял 1 500,00 руб., а организация учла 1 400,00 руб.")


async def test_a_refund_stands_without_a_minus(db, tabs, cast, order):
    refunded(db, order, 500_00)
    waiting, (year,) = await seen(tabs, cast.owner)
    assert waiting == "В обработке 1 000,00 руб."
    back, there = year.rows
    assert (back.kind, back.amount, back.trace.taken) == ('возврат "Личный кабинет"', "500,00", "Возвращено банком")
    assert there.amount == "-1 500,00"
    refunded(db, order, 1_000_00)
    waiting, (year,) = await seen(tabs, cast.owner)
    assert (waiting, year.amount, year.pending) == ("", "0,00", "")


async def test_a_payment_under_way_leads_to_its_result(tabs, db, cast):
    bill = receipt(db, cast.flat, "Объединённая", Month(2026, 10))
    some_order(db, cast, bill, status="checking")
    for person, shown in ((cast.owner, [f"/cart/result/{NUMBER}"]), (cast.relative, [])):
        tab = tabs(person.cookie)
        await tab.open("/payments")
        assert [one.address for one in plain(tab.seen(PaymentsState)["under_way"])] == shown


@pytest.mark.usefixtures("order")
async def test_a_stranger_sees_no_order(tabs, cast):
    waiting, years = await seen(tabs, cast.stranger)
    assert (waiting, years) == ("", [])

"""История оплат through the real processor: the manual's rows by year, and whose they are."""

from datetime import date

import pytest

from lk_reflex.ui.resident.payments import page
from lk_reflex.ui.resident.payments.state import PaymentRow, PaymentsState
from tests.billing.paper import payment
from tests.ui.plain import plain

CITY = 'оплата "Город"'


@pytest.fixture
def paid(db, cast):
    for accepted, processed, amount in (
        (date(2012, 10, 8), date(2012, 11, 1), "-1082,36"),
        (date(2012, 11, 8), date(2012, 11, 12), "-1082,36"),
        (date(2011, 12, 31), None, "-1,00"),
    ):
        payment(db, cast.organization, cast.flat, accepted, amount, processed_on=processed)


def test_columns_are_the_manuals_word_for_word():
    assert [column.header for column in page.COLUMNS] == ["Вид оплаты", "Дата приема", "Дата обработки", "Сумма (руб.)"]


@pytest.mark.usefixtures("paid")
async def test_goes_by_year_newest_first(tabs, cast):
    tab = tabs(cast.owner.cookie)
    await tab.open("/payments")
    newest, oldest = plain(tab.seen(PaymentsState)["years"])
    assert (newest.title, newest.total_title, newest.amount) == ("2012 год", "Итого за 2012 год", "-2 164,72")
    assert newest.rows == [
        PaymentRow(0, CITY, "08.11.2012", "12.11.2012", "-1 082,36"),
        PaymentRow(1, CITY, "08.10.2012", "01.11.2012", "-1 082,36"),
    ]
    assert oldest.rows == [PaymentRow(0, CITY, "31.12.2011", "", "-1,00")]


@pytest.mark.usefixtures("paid")
async def test_a_stranger_sees_none(tabs, cast):
    tab = tabs(cast.stranger.cookie)
    await tab.open("/payments")
    assert tab.seen(PaymentsState)["years"] == []
    assert tab.seen(PaymentsState)["loaded"] is True


@pytest.mark.usefixtures("paid")
async def test_without_a_session_it_goes_home_empty(tabs):
    tab = tabs()
    _, events = await tab.open("/payments")
    assert ("_redirect", "/") in [(name, payload.get("path")) for name, payload in events]
    assert tab.seen(PaymentsState).get("years", []) == []

"""Детализация по услугам and Детализация начислений through the real processor: words, months, and whose they are."""

from datetime import UTC, datetime

import pytest

from lk_reflex.core.months import Month
from lk_reflex.domain.exchange_log.tables import ImportRun
from lk_reflex.ui.account import AccountState
from lk_reflex.ui.month import MonthState
from lk_reflex.ui.resident.accruals import page as accruals_page
from lk_reflex.ui.resident.accruals.state import AccrualRow, AccrualsState
from lk_reflex.ui.resident.charges import page as charges_page
from lk_reflex.ui.resident.charges.state import ChargesState
from tests.billing.paper import february_2018, receipt, september_2019
from tests.ui.plain import plain

PAGES = [("/charges", ChargesState), ("/accruals", AccrualsState)]


@pytest.fixture
def papers(db, cast):
    february_2018(db, cast.flat)
    september_2019(db, cast.flat)


def test_columns_are_the_manuals_word_for_word():
    assert [column.header for column in charges_page.COLUMNS] == [
        "Услуга", "Долг (+) / Переплата (-)", "Оплачено (-) (руб.)", "Начислено (руб.)", "Итого к оплате (руб.)",
    ]  # fmt: skip
    assert [column.header for column in accruals_page.COLUMNS] == [
        "Услуга", "Тип операции", "Тариф", "Норматив", "Объем", "Период расчета", "Сумма (руб.)",
    ]  # fmt: skip


@pytest.mark.usefixtures("papers")
async def test_charges_show_the_newest_month_as_the_manual_does(tabs, cast):
    tab = tabs(cast.owner.cookie)
    await tab.open("/charges")
    (table,) = plain(tab.seen(ChargesState)["receipts"])
    assert table.title == "Квитанция Объединённая за СЕНТЯБРЬ 2019"
    assert table.rows == [("Коммерческий найм жилья", "2 779,92", "0,00", "513,16", "3 293,08")]
    assert (table.debt, table.paid, table.charged, table.total) == ("2 779,92", "0,00", "513,16", "3 293,08")
    assert (table.balance, table.penalty) == ("В том числе долг: 2 779,92 руб.", "")
    assert tab.seen(MonthState)["title"] == "Сентябрь 2019"
    assert tab.seen(MonthState)["previous"] == "2018-02"
    assert tab.seen(MonthState).get("next", "") == ""


@pytest.mark.usefixtures("papers")
async def test_accruals_show_the_manuals_table(tabs, cast):
    tab = tabs(cast.owner.cookie)
    await tab.open("/accruals?month=2019-09")
    (table,) = plain(tab.seen(AccrualsState)["receipts"])
    rent = "Коммерческий найм жилья"
    assert table.rows == [
        AccrualRow(0, rent, "начисление", "13,20 руб/м2", "", "16,2 м2", "Сентябрь 2019", "235,22"),
        AccrualRow(1, rent, "перерасчет", "13,20 руб/м2", "", "", "Август 2018 - Август 2019 (k=13)", "277,94"),
    ]
    assert table.amount == "513,16"


@pytest.mark.usefixtures("papers")
@pytest.mark.parametrize(("path", "state"), PAGES)
async def test_the_navigator_goes_to_another_month_and_back(tabs, cast, path, state):
    tab = tabs(cast.owner.cookie)
    await tab.open(path)
    await tab.follow(f"{path}?month=2018-02")
    assert tab.seen(state)["receipts"][0].title == "Квитанция ХВС и ВО за ФЕВРАЛЬ 2018"
    assert tab.seen(MonthState)["next"] == "2019-09"
    await tab.follow(f"{path}?month=2019-09")
    assert tab.seen(state)["receipts"][0].title == "Квитанция Объединённая за СЕНТЯБРЬ 2019"


@pytest.mark.usefixtures("papers")
@pytest.mark.parametrize(("path", "state"), PAGES)
@pytest.mark.parametrize("month", ["2019-08", "2019-13", "сентябрь", "", "9999-99", "'", "2018-02-01"])
async def test_a_month_without_receipts_or_a_nonsense_one_shows_the_newest(tabs, cast, path, state, month):
    tab = tabs(cast.owner.cookie)
    await tab.open(f"{path}?month={month}")
    assert tab.seen(MonthState)["title"] == "Сентябрь 2019"
    assert len(tab.seen(state)["receipts"]) == 1


@pytest.mark.usefixtures("papers")
async def test_a_switch_sends_the_rows_and_nothing_that_hasnt_changed(tabs, cast):
    tab = tabs(cast.owner.cookie)
    await tab.open("/charges")
    delta, _ = await tab.follow("/charges?month=2018-02")
    assert delta[ChargesState.get_full_name()].keys() == {"receipts"}
    assert AccountState.get_full_name() not in delta


async def test_penalties_are_said_under_the_table(tabs, db, cast):
    line = ("ХВС", "0", "0", "100,00", "100,00", "1,00", "0", "0,50", "1,50")
    receipt(db, cast.flat, "ХВС", Month(2026, 10), [line])
    tab = tabs(cast.owner.cookie)
    await tab.open("/charges")
    (table,) = plain(tab.seen(ChargesState)["receipts"])
    assert table.total == "100,00"
    assert table.penalty == "Кроме того, пени: 1,50 руб. Всего по квитанции с пенями: 101,50 руб."


async def test_a_paid_penalty_is_none_to_be_paid(tabs, db, cast):
    line = ("ХВС", "0", "0", "100,00", "100,00", "1,00", "-1,00", "0", "0")
    receipt(db, cast.flat, "ХВС", Month(2026, 10), [line])
    tab = tabs(cast.owner.cookie)
    await tab.open("/charges")
    (table,) = plain(tab.seen(ChargesState)["receipts"])
    assert (table.total, table.penalty) == ("100,00", "")


@pytest.mark.parametrize(
    ("figures", "sentence"),
    [
        (("-250,00", "0", "100,00", "-150,00"), "Итого переплата: 150,00 руб. Она уйдёт в следующие квитанции."),
        (("-40,00", "0", "100,00", "60,00"), "Переплата за прошлые месяцы уже вычтена: 40,00 руб."),
        (("40,00", "0", "100,00", "140,00"), "В том числе долг: 40,00 руб."),
        (("0", "0", "100,00", "100,00"), ""),
    ],
)
async def test_an_overpayment_is_said_in_words(tabs, db, cast, figures, sentence):
    receipt(db, cast.flat, "ХВС", Month(2026, 10), [("ХВС", *figures)])
    tab = tabs(cast.owner.cookie)
    await tab.open("/charges")
    (table,) = plain(tab.seen(ChargesState)["receipts"])
    assert table.balance == sentence


@pytest.mark.usefixtures("papers")
@pytest.mark.parametrize(("path", "state"), PAGES)
async def test_a_stranger_sees_nothing_of_it(tabs, cast, path, state):
    tab = tabs(cast.stranger.cookie)
    await tab.open(f"{path}?month=2019-09")
    assert tab.seen(state)["receipts"] == []
    assert tab.seen(state)["loaded"] is True
    assert tab.seen(AccountState)["number"] == "2000000001"


@pytest.mark.usefixtures("papers")
@pytest.mark.parametrize(("path", "state"), PAGES)
async def test_without_a_session_it_goes_home_empty(tabs, path, state):
    tab = tabs()
    _, events = await tab.open(f"{path}?month=2019-09")
    assert ("_redirect", "/") in [(name, payload.get("path")) for name, payload in events]
    assert tab.seen(state).get("receipts", []) == []


@pytest.mark.usefixtures("papers")
@pytest.mark.parametrize(("path", "state"), PAGES)
async def test_with_no_account_linked_it_is_empty(tabs, cast, path, state):
    tab = tabs(cast.operator.cookie)
    await tab.open(path)
    assert tab.seen(state).get("receipts", []) == []
    assert tab.seen(AccountState)["linked"] is False


@pytest.mark.usefixtures("papers")
@pytest.mark.parametrize(("path", "state"), PAGES)
async def test_how_fresh_it_is_comes_with_the_page_and_not_with_a_switch(tabs, db, cast, path, state):
    tab = tabs(cast.owner.cookie)
    _imported(db, 19)
    await tab.open(path)
    assert tab.seen(AccountState)["fresh"] == "Данные на 19.11.2026, 10:00"
    _imported(db, 20)
    delta, _ = await tab.follow(f"{path}?month=2018-02")
    assert AccountState.get_full_name() not in delta
    await tab.follow("/payments")
    assert tab.seen(AccountState)["fresh"] == "Данные на 20.11.2026, 10:00"


def _imported(db, day: int) -> None:
    moment = datetime(2026, 11, day, 5, tzinfo=UTC)
    with db.transaction() as writer:
        writer.add(ImportRun(package="п", started_at=moment, finished_at=moment))

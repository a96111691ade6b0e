"""Выбор лицевого счета through the real processor: what is linked, and what is due on each."""

import pytest

from lk_reflex.core.months import Month
from lk_reflex.domain.accounts.linked import link_account
from lk_reflex.ui.account import AccountState
from lk_reflex.ui.resident.accounts.state import AccountsState
from tests.billing.paper import receipt
from tests.cast import NOW
from tests.payments.orders import some_order
from tests.ui.plain import plain

OCTOBER = Month(2026, 10)


@pytest.fixture
def both(db, cast):
    """The owner has the stranger's house, too; chosen stays the flat, which was linked first."""
    db.write(link_account, cast.owner.actor.user_id, cast.house, now=NOW)
    return cast


async def test_the_owner_sees_the_linked_account(tabs, cast):
    tab = tabs(cast.owner.cookie)
    await tab.open("/accounts")
    assert [row.number for row in tab.seen(AccountsState)["rows"]] == ["1234567899"]
    assert tab.seen(AccountState)["address"] == "УЛ. КЫШТЫМСКАЯ, 10 - 1010"


async def test_says_what_is_due_on_each(tabs, db, both):
    receipt(db, both.flat, "Объединённая", OCTOBER, [("ХВС", "0", "0", "2 278,64", "2 278,64")])
    receipt(db, both.flat, "Найм", Month(2019, 9), [("Найм", "0", "0", "9,00", "9,00")])
    receipt(db, both.house, "ХВС", OCTOBER.shift(-1), [("ХВС", "0", "0", "999,00", "999,00")])
    receipt(db, both.house, "ХВС", OCTOBER, [("ХВС", "-250,00", "0", "100,00", "-150,00")])
    tab = tabs(both.owner.cookie)
    await tab.open("/accounts")
    rows = plain(tab.seen(AccountsState)["rows"])
    assert [(row.number, row.due) for row in rows] == [
        ("1234567899", "К оплате 2 278,64 руб."),
        ("2000000001", "Переплата 150,00 руб."),
    ]


@pytest.mark.parametrize(
    ("paid", "said"),
    [(100_00, "Оплачено, платить не нужно"), (40_00, "Осталось оплатить 60,00 руб.")],
)
async def test_what_was_paid_here_is_due_no_more(tabs, db, cast, paid, said):
    bill = receipt(db, cast.flat, "ХВС", OCTOBER, [("ХВС", "0", "0", "100,00", "100,00")])
    some_order(db, cast, bill, parts=[("ХВС", "main", paid)], due=100_00)
    tab = tabs(cast.relative.cookie)
    await tab.open("/accounts")
    assert [row.due for row in plain(tab.seen(AccountsState)["rows"])] == [said]


async def test_penalties_are_due_as_on_the_overview(tabs, db, cast):
    line = ("ХВС", "0", "0", "100,00", "100,00", "1,00", "0", "0,50", "1,50")
    receipt(db, cast.flat, "ХВС", OCTOBER, [line])
    tab = tabs(cast.owner.cookie)
    await tab.open("/accounts")
    assert [row.due for row in plain(tab.seen(AccountsState)["rows"])] == ["К оплате 101,50 руб."]


async def test_nothing_due_is_said_in_words(tabs, db, both):
    receipt(db, both.house, "ХВС", OCTOBER, [("ХВС", "-100,00", "0", "100,00", "0,00")])
    tab = tabs(both.owner.cookie)
    await tab.open("/accounts")
    assert [row.due for row in tab.seen(AccountsState)["rows"]] == ["Начислений нет", "Платить не нужно"]


async def test_anothers_debts_stay_out(tabs, db, cast):
    receipt(db, cast.flat, "ХВС", OCTOBER, [("ХВС", "0", "0", "777,00", "777,00")])
    tab = tabs(cast.stranger.cookie)
    await tab.open("/accounts")
    assert [(row.number, row.due) for row in tab.seen(AccountsState)["rows"]] == [("2000000001", "Начислений нет")]

"""The step from month to month: what it reads, and what it notices all the same."""

import pytest
from sqlalchemy import delete

from lk_reflex.core.compiled import Compiled
from lk_reflex.core.months import Month
from lk_reflex.domain.accounts.linked import link_account
from lk_reflex.domain.identity.tables import AccountLink
from lk_reflex.ui.account import AccountState
from lk_reflex.ui.month import MonthState
from lk_reflex.ui.resident.accounts.state import AccountsState
from lk_reflex.ui.resident.charges.state import ChargesState
from tests.billing.paper import receipt
from tests.cast import NOW

MONTHS = [Month(2019, 7), Month(2019, 8), Month(2019, 9)]


@pytest.fixture
def summer(db, cast):
    for month in MONTHS:
        receipt(db, cast.flat, "Объединённая", month, [("Наём", "0", "0", "10", "10")])
    receipt(db, cast.house, "Объединённая", Month(2019, 8), [("Вода", "0", "0", "20", "20")])


def titles(tab) -> list[str]:
    return [table.title for table in tab.seen(ChargesState)["receipts"]]


@pytest.mark.usefixtures("summer")
@pytest.mark.parametrize(
    ("wanted", "title", "previous", "following"),
    [
        ("2019-09", "Сентябрь 2019", "2019-08", ""),
        ("2019-08", "Август 2019", "2019-07", "2019-09"),
        ("2019-07", "Июль 2019", "", "2019-08"),
        ("2018-01", "Сентябрь 2019", "2019-08", ""),
        ("", "Сентябрь 2019", "2019-08", ""),
        ("нет", "Сентябрь 2019", "2019-08", ""),
    ],
)
async def test_offers_the_neighbours_of_the_month_in_the_address(tabs, cast, wanted, title, previous, following):
    tab = tabs(cast.owner.cookie)
    await tab.open("/charges?month=2019-09")
    await tab.follow(f"/charges?month={wanted}")
    seen = tab.seen(MonthState)
    assert (seen["title"], seen["previous"], seen.get("next", "")) == (title, previous, following)


@pytest.mark.usefixtures("summer")
async def test_a_step_reads_the_person_and_the_rows_and_nothing_else(tabs, cast, monkeypatch):
    tab = tabs(cast.owner.cookie)
    await tab.open("/charges?month=2019-09")
    read = []
    rows = Compiled.rows
    monkeypatch.setattr(Compiled, "rows", lambda self, *given: read.append(self.sql) or rows(self, *given))
    await tab.follow("/charges?month=2019-08")
    assert titles(tab) == ["Квитанция Объединённая за АВГУСТ 2019"]
    assert [sql.count("FROM sessions") for sql in read] == [1, 0]


@pytest.mark.usefixtures("summer")
async def test_a_choice_made_in_another_tab_holds_at_the_next_step(tabs, db, cast):
    db.write(link_account, cast.owner.actor.user_id, cast.house, now=NOW)
    tab, other = tabs(cast.owner.cookie), tabs(cast.owner.cookie)
    await tab.open("/charges?month=2019-08")
    await other.open("/accounts")
    await other.send(AccountsState.choose, key=str(cast.house))
    await tab.follow("/charges?month=2019-08")
    assert tab.seen(AccountState)["number"] == "2000000001"
    assert [row[0] for row in tab.seen(ChargesState)["receipts"][0].rows] == ["Вода"]


@pytest.mark.usefixtures("summer")
async def test_an_unlinked_account_is_gone_at_the_next_step(tabs, db, cast):
    tab = tabs(cast.owner.cookie)
    await tab.open("/charges?month=2019-09")
    with db.transaction() as writer:
        writer.change(delete(AccountLink).where(AccountLink.user_id == cast.owner.actor.user_id))
    await tab.follow("/charges?month=2019-08")
    assert tab.seen(ChargesState)["receipts"] == []
    assert tab.seen(AccountState)["number"] == ""


@pytest.mark.usefixtures("summer")
async def test_a_receipt_that_came_meanwhile_is_offered_when_the_page_is_opened_anew(tabs, db, cast):
    tab = tabs(cast.owner.cookie)
    await tab.open("/charges?month=2019-09")
    receipt(db, cast.flat, "Объединённая", Month(2019, 10))
    await tab.follow("/overview")
    await tab.follow("/charges?month=2019-09")
    assert tab.seen(MonthState)["next"] == "2019-10"


@pytest.mark.usefixtures("summer")
async def test_each_load_ends_what_the_browser_began_by_changing_its_address(tabs, cast):
    tab = tabs(cast.owner.cookie)
    await tab.open("/charges?month=2019-09")
    for month in ("2019-08", "2019-07"):
        delta, _ = await tab.follow(f"/charges?month={month}")
        assert delta["reflex___state____state"]["is_hydrated"] is True

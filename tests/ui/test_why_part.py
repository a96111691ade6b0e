"""«Почему изменилась сумма?» on its three pages: closed until asked, in step with the month, nobody else's."""

from datetime import timedelta

import pytest

from lk_reflex.core.compiled import Compiled
from lk_reflex.core.months import Month
from lk_reflex.domain.accounts.linked import choose_account, link_account
from lk_reflex.ui.account import AccountState
from lk_reflex.ui.resident.accruals.state import AccrualsState
from lk_reflex.ui.resident.charges.state import ChargesState
from lk_reflex.ui.resident.overview.state import OverviewState
from lk_reflex.ui.why.rows import Why
from tests.billing.paper import accrual, receipt
from tests.cast import NOW
from tests.ui.plain import plain

BY_MONTH = [("/charges", ChargesState), ("/accruals", AccrualsState)]
PAGES = [*BY_MONTH, ("/overview", OverviewState)]
UP = "Тариф вырос с 10,00 до 11,00 ₽ за м³."


def paper(db, account, month, tariff):
    amount = str(3 * int(tariff))
    made = receipt(db, account, "Объединённая", month, [("ХВС", "0", "0", amount, amount)])
    accrual(db, made, 1, "ХВС", "начисление", amount, tariff=tariff, unit="м3", volume="3")


@pytest.fixture
def autumn(db, cast):
    for month, tariff in ((7, "9"), (8, "10"), (9, "11")):
        paper(db, cast.flat, Month(2026, month), tariff)
    paper(db, cast.flat, Month(2025, 9), "8")
    paper(db, cast.house, Month(2026, 9), "500")


def why(tab, state) -> Why:
    return plain(tab.seen(state)["why"])


@pytest.mark.usefixtures("autumn")
@pytest.mark.parametrize(("path", "state"), PAGES)
async def test_it_opens_with_sentences_and_figures_and_closes_again(tabs, cast, path, state):
    tab = tabs(cast.owner.cookie)
    await tab.open(path)
    assert (tab.seen(state)["why_opened"], why(tab, state)) == (False, Why())
    await tab.send(state.toggle_why)
    told = why(tab, state)
    assert tab.seen(state)["why_opened"] is True
    assert told.headline == "За сентябрь начислено на 3,00 ₽ больше, чем за август: 33,00 ₽ вместо 30,00 ₽."
    ((row),) = told.rows
    assert (row.service, row.was, row.now, row.change, row.reasons) == ("ХВС", "30,00", "33,00", "+3,00", [UP])
    assert (told.was, told.now, told.change) == ("30,00", "33,00", "+3,00")
    await tab.send(state.toggle_why)
    assert (tab.seen(state)["why_opened"], why(tab, state)) == (False, Why())


@pytest.mark.usefixtures("autumn")
@pytest.mark.parametrize(("path", "state"), PAGES)
async def test_a_debtor_hears_what_else_is_to_be_paid(tabs, db, cast, path, state):
    owed = ("ХВС", "4412,47", "0", "100,00", "4512,47", "20,00", "0", "2,04", "22,04")
    receipt(db, cast.flat, "Объединённая", Month(2026, 10), [owed])
    tab = tabs(cast.owner.cookie)
    await tab.open(path)
    await tab.send(state.toggle_why)
    assert why(tab, state).notes[0] == (
        "В сумме к оплате, кроме начисленного за октябрь, долг за прошлые месяцы 4 412,47 ₽ и пени 22,04 ₽."
    )


@pytest.mark.usefixtures("autumn")
async def test_closed_the_overview_says_by_how_much(tabs, cast):
    tab = tabs(cast.owner.cookie)
    await tab.open("/overview")
    assert plain(tab.seen(OverviewState)["why_lead"]) == (
        "За сентябрь начислено на 3,00 ₽ больше, чем за август: 33,00 ₽ вместо 30,00 ₽."
    )
    stranger = tabs(cast.stranger.cookie)
    await stranger.open("/overview")
    assert stranger.seen(OverviewState)["why_lead"] == ""


@pytest.mark.usefixtures("autumn")
@pytest.mark.parametrize(("path", "state"), PAGES)
async def test_what_changed_in_a_year(tabs, cast, path, state):
    tab = tabs(cast.owner.cookie)
    await tab.open(path)
    await tab.send(state.toggle_why)
    await tab.send(state.turn_why, by_year=True)
    assert tab.seen(state)["why_by_year"] is True
    assert why(tab, state).headline == (
        "За сентябрь 2026 начислено на 9,00 ₽ больше, чем за сентябрь 2025: 33,00 ₽ вместо 24,00 ₽."
    )
    await tab.send(state.turn_why, by_year=False)
    assert why(tab, state).rows[0].reasons == [UP]


@pytest.mark.usefixtures("autumn")
@pytest.mark.parametrize(("path", "state"), BY_MONTH)
async def test_open_it_follows_the_navigator(tabs, cast, path, state):
    tab = tabs(cast.owner.cookie)
    await tab.open(f"{path}?month=2026-09")
    await tab.send(state.toggle_why)
    await tab.follow(f"{path}?month=2026-08")
    assert why(tab, state).headline == ("За август начислено на 3,00 ₽ больше, чем за июль: 30,00 ₽ вместо 27,00 ₽.")
    await tab.follow(f"{path}?month=2025-09")
    assert why(tab, state).headline == "Сравнить не с чем: за прошлые месяцы квитанций нет."
    assert why(tab, state).rows == []


@pytest.mark.usefixtures("autumn")
@pytest.mark.parametrize(("path", "state"), BY_MONTH)
async def test_closed_the_month_switch_asks_and_sends_what_it_always_did(tabs, cast, path, state, monkeypatch):
    asked: list[str] = []
    rows = Compiled.rows
    monkeypatch.setattr(Compiled, "rows", lambda self, *given: asked.append(self.sql) or rows(self, *given))
    tab = tabs(cast.owner.cookie)
    await tab.open(f"{path}?month=2026-09")
    await tab.send(state.toggle_why)
    await tab.send(state.toggle_why)
    asked.clear()
    delta, _ = await tab.follow(f"{path}?month=2026-08")
    assert delta[state.get_full_name()].keys() == {"receipts"}
    # Who is asking, and the rows of the month.
    assert len(asked) == 2


@pytest.mark.usefixtures("autumn")
async def test_closed_it_is_never_explained(tabs, cast, monkeypatch):
    asked = []
    monkeypatch.setattr("lk_reflex.ui.why.state.explained", lambda *given: asked.append(given))
    tab = tabs(cast.owner.cookie)
    for address in ("/charges", "/charges?month=2026-08", "/accruals", "/overview"):
        await tab.follow(address)
    assert asked == []


@pytest.mark.usefixtures("autumn")
@pytest.mark.parametrize(("path", "state"), PAGES)
async def test_a_page_come_to_by_a_link_begins_closed_and_a_reconnection_keeps_it(tabs, cast, path, state):
    tab = tabs(cast.owner.cookie)
    await tab.open(path)
    await tab.send(state.toggle_why)
    await tab.open(path)
    assert tab.seen(state)["why_opened"] is True and why(tab, state).rows[0].reasons == [UP]
    await tab.follow("/payments")
    await tab.follow(path)
    assert (tab.seen(state)["why_opened"], why(tab, state)) == (False, Why())


@pytest.mark.usefixtures("autumn")
@pytest.mark.parametrize(("path", "state"), PAGES)
async def test_it_explains_the_account_that_the_tab_shows(tabs, db, cast, path, state):
    """Another tab has chosen another account meanwhile: this one still shows the first, and speaks of it."""
    tab = tabs(cast.owner.cookie)
    await tab.open(path)
    later = NOW + timedelta(minutes=1)
    db.write(link_account, cast.owner.actor.user_id, cast.house, now=later)
    db.write(choose_account, cast.owner.actor, cast.house, now=later)
    # Another tab, opened now, shows the other account.
    other = tabs(cast.owner.cookie)
    await other.open(path)
    assert other.seen(AccountState)["number"] == "2000000001"
    await tab.send(state.toggle_why)
    assert tab.seen(AccountState)["number"] == "1234567899"
    assert why(tab, state).now == "33,00"


@pytest.mark.usefixtures("autumn")
@pytest.mark.parametrize(("path", "state"), PAGES)
async def test_a_stranger_hears_only_of_his_own(tabs, cast, path, state):
    tab = tabs(cast.stranger.cookie)
    await tab.open(f"{path}?month=2026-08")
    await tab.send(state.toggle_why)
    told = why(tab, state)
    assert told.headline == "Сравнить не с чем: за прошлые месяцы квитанций нет."
    assert told.rows == []


@pytest.mark.usefixtures("autumn")
@pytest.mark.parametrize(("path", "state"), PAGES)
async def test_access_that_ended_ends_it_at_once(tabs, db, cast, path, state):
    tab = tabs(cast.owner.cookie)
    await tab.open(path)
    with db.engine.begin() as connection:
        connection.exec_driver_sql(f"DELETE FROM account_links WHERE account_id = {cast.flat}")
    await tab.send(state.toggle_why)
    assert why(tab, state).headline == "Квитанций пока нет, сравнить нечего."
    await tab.follow(path)
    assert why(tab, state).rows == []


@pytest.mark.parametrize(("path", "state"), PAGES)
async def test_without_receipts_and_without_a_session_nothing_is_told(tabs, cast, path, state):
    tab = tabs(cast.owner.cookie)
    await tab.open(path)
    await tab.send(state.toggle_why)
    assert why(tab, state).rows == []
    nobody = tabs()
    await nobody.send(state.toggle_why)
    assert nobody.seen(state).get("why_opened", False) is False


@pytest.mark.usefixtures("autumn")
@pytest.mark.parametrize("given", ["да", 7, None, [], {}])
async def test_a_turn_to_nowhere_is_a_month(tabs, cast, given):
    tab = tabs(cast.owner.cookie)
    await tab.open("/charges")
    await tab.send(ChargesState.toggle_why)
    await tab.send(ChargesState.turn_why, by_year=given)
    assert why(tab, ChargesState).rows[0].reasons == [UP]

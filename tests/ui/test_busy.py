"""While the process is behind, through the real processor: charts wait first, readings last, nothing typed is lost."""

import threading

import pytest
from sqlmodel import select

from lk_reflex import wiring
from lk_reflex.core.bounded import FULL
from lk_reflex.core.strain import Strain
from lk_reflex.domain.accounts.guest import open_visit
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.metering.tables import SentReading
from lk_reflex.ui import gate, guard
from lk_reflex.ui.account import AccountState
from lk_reflex.ui.meter_form.state import BUSY, NOT_YET
from lk_reflex.ui.public.guest.state import GuestState
from lk_reflex.ui.resident.accounts.state import AccountsState
from lk_reflex.ui.resident.charges.state import ChargesState
from lk_reflex.ui.resident.meters.use_state import MetersUse
from lk_reflex.ui.resident.overview.state import OverviewState
from lk_reflex.ui.resident.overview.year_state import YearState
from lk_reflex.ui.resident.readings.state import ReadingsState
from lk_reflex.ui.resident.settings.state import SettingsState
from lk_reflex.ui.session import SessionState
from tests.cast import NOW
from tests.metering.dials import make_meter, monthly, set_organization


@pytest.fixture
def strain(monkeypatch):
    """Sets the process's strain: `strain(Strain.CHARTS)`; it is calm again after the test."""
    wiring.gauge.cache_clear()

    def put(level: Strain) -> None:
        wiring.gauge().level = level

    yield put
    wiring.gauge.cache_clear()


@pytest.fixture
def cold(db, cast):
    set_organization(db, cast.organization, window_opens=1, window_closes=31, phone="8 351 112")
    meter = make_meter(db, cast.flat)
    monthly(db, meter, "118", "6")
    return meter


def sent(db) -> list[int]:
    with db.transaction() as writer:
        return [row.value for row in writer.session.exec(select(SentReading).order_by(SentReading.id)).all()]


async def test_while_it_is_calm_nothing_is_put_off(tabs, db, cast, cold):
    tab = tabs(cast.owner.cookie)
    for page in ("/overview", "/charges", "/meters", "/readings"):
        await tab.follow(page) if tab.vars else await tab.open(page)
        assert tab.seen(SessionState).get("fault", "") == ""
    await tab.send(YearState.load)
    await tab.send(ReadingsState.submit, form=_form(tab, ReadingsState, cold, "124"))
    assert sent(db) == [124_000]
    assert (tab.seen(YearState).get("put_off"), sum(wiring.gauge().put_off.values())) == (False, 0)


@pytest.mark.parametrize(("page", "state"), [("/overview", YearState), ("/meters", MetersUse)])
async def test_charts_wait_first_and_come_when_asked_for_again(tabs, cast, cold, strain, page, state):
    strain(Strain.CHARTS)
    tab = tabs(cast.owner.cookie)
    await tab.open(page)
    await tab.send(state.load)
    assert (tab.seen(state)["put_off"], tab.seen(state).get("of", "")) == (True, "")
    assert tab.seen(AccountState)["key"] == str(cast.flat)  # the page itself is there
    assert tab.seen(SessionState).get("fault", "") == ""
    await tab.send(state.load)  # «Показать» too soon
    assert tab.seen(state)["put_off"]
    strain(Strain.CALM)
    await tab.send(state.load)
    assert (tab.seen(state)["put_off"], tab.seen(state)["of"]) == (False, str(cast.flat))


async def test_then_sections_wait_and_readings_go_on(tabs, db, cast, cold, strain):
    tab = tabs(cast.owner.cookie)
    await tab.open("/charges")
    shown = dict(tab.seen(ChargesState))
    strain(Strain.SECTIONS)
    delta, _ = await tab.follow("/overview")
    assert tab.seen(SessionState)["fault"] == gate.BUSY
    assert (OverviewState.get_full_name() in delta, tab.seen(ChargesState)) == (False, shown)
    await tab.follow("/readings")
    assert tab.seen(SessionState)["fault"] == ""
    await tab.send(ReadingsState.submit, form=_form(tab, ReadingsState, cold, "124"))
    assert sent(db) == [124_000]
    strain(Strain.CALM)
    await tab.follow("/overview")
    assert tab.seen(SessionState)["fault"] == ""
    assert tab.seen(OverviewState)["loaded"]


async def test_a_connection_that_came_back_then_is_filled_as_soon_as_there_is_time(tabs, cast, cold, strain):
    strain(Strain.SECTIONS)
    tab = tabs(cast.owner.cookie)
    await tab.open("/overview")
    assert (tab.seen(SessionState)["fault"], tab.seen(OverviewState)["loaded"]) == (gate.BUSY, False)
    strain(Strain.CALM)
    await tab.follow("/overview")
    assert (tab.seen(SessionState)["fault"], tab.seen(OverviewState)["loaded"]) == ("", True)


async def test_the_help_while_typing_is_left_out_and_the_reading_is_taken_all_the_same(tabs, db, cast, cold, strain):
    tab = tabs(cast.owner.cookie)
    await tab.open("/readings")
    row, form_id = f"m{cold}-1", tab.seen(ReadingsState)["form_id"]
    await tab.send(ReadingsState.type_reading, row=row, text="120", form_id=form_id)
    strain(Strain.SECTIONS)
    await tab.send(ReadingsState.type_reading, row=row, text="124", form_id=form_id)
    # What followed the first word still stands in the field beside.
    fields = {**_form(tab, ReadingsState, cold, "124"), f"volume-{row}": tab.seen(ReadingsState)["volumes"][row]}
    await tab.send(ReadingsState.submit, form=fields)
    assert sent(db) == [124_000]


@pytest.mark.parametrize("who", ["owner", "guest"])
async def test_last_of_all_a_reading_is_asked_for_again_and_taken_once(tabs, db, cast, cold, strain, who):
    if who == "guest":
        cookie = db.write(open_visit, cast.flat, client=Client("203.0.113.5"), now=NOW)
        tab, state, page = tabs(guest=cookie), GuestState, "/guest"
    else:
        tab, state, page = tabs(cast.owner.cookie), ReadingsState, "/readings"
    await tab.open(page)
    fields, before = _form(tab, state, cold, "124"), dict(tab.seen(state))
    strain(Strain.FORMS)
    for press in (1, 2):
        _, events = await tab.send(state.submit, form=fields)
        seen = tab.seen(state)
        assert [(fault.field_id, fault.message) for fault in seen["faults"]] == [(f"reading-m{cold}-1", BUSY)]
        assert (seen["faults_title"], seen["answers"], sent(db)) == (NOT_YET, before.get("answers", 0) + press, [])
        assert "ref_error_summary" in str(events)
    kept = ("form_key", "form_id", "meters", "readings", "volumes", "kept", "errors", "today")
    assert {name: tab.seen(state).get(name) for name in kept} == {name: before.get(name) for name in kept}
    strain(Strain.CALM)
    for _ in range(3):
        await tab.send(state.submit, form=fields)
    assert sent(db) == [124_000]
    assert tab.seen(state)["faults"] == []


async def test_other_forms_say_it_above_the_page_and_do_nothing(tabs, db, cast, strain):
    tab = tabs(cast.owner.cookie)
    await tab.open("/accounts")
    strain(Strain.FORMS)
    await tab.send(AccountsState.choose, key=str(cast.flat))
    assert tab.seen(SessionState)["fault"] == guard.BUSY
    strain(Strain.CALM)
    await tab.send(AccountsState.choose, key=str(cast.flat))
    assert tab.seen(SessionState)["fault"] == ""


async def test_a_payments_result_is_never_put_off(tabs, cast, strain):
    strain(Strain.FORMS)
    tab = tabs(cast.owner.cookie)
    await tab.open("/cart/result/26112300000001")
    assert tab.seen(SessionState)["fault"] == ""
    assert tab.vars and wiring.gauge().put_off.total() == 0


async def test_a_full_line_at_the_passwords_is_said_above_the_page(tabs, cast, monkeypatch):
    tab = tabs(cast.owner.cookie)
    await tab.open("/settings")
    monkeypatch.setattr(wiring.password_threads(), "_room", threading.Semaphore(0))
    fields = {"current": "прежний", "new": "Новый пароль 2026", "again": "Новый пароль 2026"}
    await tab.send(SettingsState.change_password, form=fields)
    assert tab.seen(SessionState)["fault"] == FULL


def _form(tab, state, meter, reading) -> dict:
    return {"form_key": tab.seen(state)["form_key"], "taken_on": "", f"reading-m{meter}-1": reading}


async def test_a_visitors_tab_whose_states_are_gone_is_told_as_well(tabs, strain):
    tab = tabs()
    strain(Strain.SECTIONS)
    await tab.follow("/register")  # no connection before: as after half an hour away
    assert tab.seen(SessionState)["fault"] == gate.BUSY
    strain(Strain.CALM)
    await tab.follow("/register")
    assert tab.seen(SessionState)["fault"] == ""

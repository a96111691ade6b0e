"""What is typed into a form of readings and not sent, through the real processor: kept, put in, dropped, one's own."""

import asyncio
import time
from datetime import timedelta

import pytest
from sqlmodel import select

from lk_reflex.domain.accounts.guest import open_visit
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.identity.sessions import end_session, open_session
from lk_reflex.domain.identity.tokens import token_hash
from lk_reflex.domain.metering.sending.typed import KEPT, forget_old_typed
from lk_reflex.domain.metering.tables import SentReading, TypedReadings
from lk_reflex.ui.public.guest.state import GuestState
from lk_reflex.ui.resident.readings.state import ReadingsState
from tests.cast import NOW
from tests.metering.dials import make_meter, monthly, set_organization

DEADLINE = 60


@pytest.fixture
def meters(db, cast):
    """Two meters; readings are taken on any day."""
    set_organization(db, cast.organization, window_opens=1, window_closes=31)
    made = [make_meter(db, cast.flat, name) for name in ("ХВС С/У", "ХВС кухня")]
    for meter in made:
        monthly(db, meter, "118", "6")
    return made


def kept(db) -> list[dict[str, str]]:
    with db.transaction() as writer:
        return [row.texts for row in writer.session.exec(select(TypedReadings)).all()]


async def until_kept(db, *texts: dict[str, str]) -> None:
    """Nobody waits for such a write: it is there a moment later."""
    end = time.monotonic() + DEADLINE
    while kept(db) != list(texts):
        assert time.monotonic() < end, kept(db)
        await asyncio.sleep(0.01)


async def opened(tab, address="/readings", state=ReadingsState, **fields):
    """As a browser opens a page: the data, and then what stands in the fields."""
    await tab.open(address)
    await tab.send(state.take_up, form={"taken_on": tab.seen(state)["today"], **fields})
    return tab


async def type_(tab, meter, text, handler=ReadingsState.type_reading):
    await tab.send(handler, row=f"m{meter}-1", text=text, form_id=tab.seen(ReadingsState)["form_id"])


async def test_what_was_typed_is_there_after_a_reload_by_a_new_server_and_goes_with_the_sending(tabs, db, cast, meters):
    tab, (first, second) = await opened(tabs(cast.owner.cookie)), meters
    await type_(tab, first, "124,5")
    await type_(tab, second, "7", ReadingsState.type_volume)
    fields = {f"reading-m{first}-1": "124,5", f"volume-m{second}-1": "7"}
    await tab.send(ReadingsState.keep_typed, form={**fields, "taken_on": "02.11.2026"})
    await until_kept(db, {**fields, "taken_on": "02.11.2026"})
    anew = await opened(tabs(cast.owner.cookie))  # another token: no state of the old tab is left
    seen = anew.seen(ReadingsState)
    assert {row: text.strip() for row, text in seen["readings"].items()} == {
        f"m{first}-1": "124,5", f"m{second}-1": "125,000"
    }  # fmt: skip
    assert {row: text.strip() for row, text in seen["volumes"].items()} == {f"m{first}-1": "6,500", f"m{second}-1": "7"}
    assert (seen["unsent"], seen["today"]) == (True, "02.11.2026")
    with db.transaction() as writer:
        assert writer.session.exec(select(SentReading)).all() == []  # nothing sends itself
    form = {"form_key": seen["form_key"], "taken_on": "", f"reading-m{first}-1": "124,5"}
    await anew.send(ReadingsState.submit, form=form)
    assert kept(db) == []
    assert anew.seen(ReadingsState)["unsent"] is False
    assert (await opened(tabs(cast.owner.cookie))).seen(ReadingsState).get("readings", {}) == {}


async def test_a_late_word_of_a_sent_form_is_not_put_into_the_next_one(tabs, db, cast, meters):
    tab, first = await opened(tabs(cast.owner.cookie)), meters[0]
    await type_(tab, first, "124,5")
    await until_kept(db, {f"reading-m{first}-1": "124,5"})
    other = await opened(tabs(cast.relative.cookie))
    form = {"form_key": other.seen(ReadingsState)["form_key"], "taken_on": "", f"reading-m{first}-1": "125"}
    await other.send(ReadingsState.submit, form=form)  # of the same flat
    anew = await opened(tabs(cast.owner.cookie))
    assert anew.seen(ReadingsState).get("readings", {}) == {}


async def test_a_new_connection_writes_into_no_field_and_keeps_what_was_typed_without_one(tabs, db, cast, meters):
    first, second = meters
    tab = await opened(tabs(cast.owner.cookie))
    before = tab.seen(ReadingsState)["connection"]
    await type_(tab, first, "124,5")
    await until_kept(db, {f"reading-m{first}-1": "124,5"})
    # The server has gone and come back: the same fields, corrected and added to meanwhile, and a state that is new.
    fields = {f"reading-m{first}-1": "124,6", f"reading-m{second}-1": "125"}
    back = await opened(tabs(cast.owner.cookie), **fields)
    assert back.seen(ReadingsState)["connection"] != before
    assert back.seen(ReadingsState).get("readings", {}) == {}
    await until_kept(db, fields)


@pytest.mark.parametrize("text", ["", "   "])
async def test_what_was_taken_out_again_doesnt_come_back(tabs, db, cast, meters, text):
    tab = await opened(tabs(cast.owner.cookie))
    await type_(tab, meters[0], "124,5")
    await type_(tab, meters[0], text)
    await until_kept(db, {})


async def test_it_is_nobody_elses_and_goes_with_the_session(tabs, db, cast, meters):
    tab = await opened(tabs(cast.owner.cookie))
    await type_(tab, meters[0], "124,5")
    await until_kept(db, {f"reading-m{meters[0]}-1": "124,5"})
    relative = await opened(tabs(cast.relative.cookie))
    assert relative.seen(ReadingsState).get("readings", {}) == {}
    db.write(end_session, token_hash(cast.owner.cookie), now=NOW)
    again = db.write(open_session, cast.owner.actor.user_id, client=Client("203.0.113.5"), now=NOW)
    assert (await opened(tabs(again))).seen(ReadingsState).get("readings", {}) == {}


async def test_a_guest_finds_it_in_the_same_visit_and_nobody_in_the_next_one(tabs, db, cast, meters):
    cookie = db.write(open_visit, cast.flat, client=Client("203.0.113.5"), now=NOW)
    row = f"m{meters[0]}-1"
    tab = await opened(tabs(guest=cookie), "/guest", GuestState)
    await tab.send(GuestState.keep_typed, form={f"reading-{row}": "124,5", "taken_on": tab.seen(GuestState)["today"]})
    await until_kept(db, {f"reading-{row}": "124,5"})
    anew = await opened(tabs(guest=cookie), "/guest", GuestState)
    assert (anew.seen(GuestState)["kept"], anew.seen(GuestState)["unsent"]) == ({row: "124,5"}, True)
    another = db.write(open_visit, cast.flat, client=Client("203.0.113.5"), now=NOW)
    stranger = await opened(tabs(guest=another), "/guest", GuestState)
    assert stranger.seen(GuestState).get("kept", {}) == {}
    form = {"form_key": anew.seen(GuestState)["form_key"], "taken_on": "", f"reading-{row}": "124,5"}
    await anew.send(GuestState.submit, form=form)
    assert kept(db) == []


async def test_it_is_forgotten_after_a_day(tabs, db, cast, meters):
    tab = await opened(tabs(cast.owner.cookie))
    await type_(tab, meters[0], "124,5")
    await until_kept(db, {f"reading-m{meters[0]}-1": "124,5"})
    assert db.write(forget_old_typed, now=NOW + KEPT) == 0
    assert db.write(forget_old_typed, now=NOW + KEPT + timedelta(seconds=1)) == 1
    assert kept(db) == []


async def test_a_word_that_comes_first_after_a_new_connection_keeps_the_others(tabs, db, cast, meters):
    """What was typed without a connection may arrive before the page has told what stands in its fields."""
    first, second = meters
    await type_(await opened(tabs(cast.owner.cookie)), first, "124,5")
    await until_kept(db, {f"reading-m{first}-1": "124,5"})
    back = tabs(cast.owner.cookie)
    await back.open("/readings")
    await type_(back, second, "125")
    await until_kept(db, {f"reading-m{first}-1": "124,5", f"reading-m{second}-1": "125"})

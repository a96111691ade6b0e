"""From a reminder's link to the sent reading through the real processor, and what stops on the way."""

from datetime import timedelta

import pytest
from sqlmodel import select

from lk_reflex.domain.accounts.guest import end_visit
from lk_reflex.domain.accounts.reading_links import make_link, use_link
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.identity.tables import AccountLink
from lk_reflex.domain.identity.tokens import token_hash
from lk_reflex.domain.metering.tables import SentReading, Submission
from lk_reflex.ui.public.guest.state import GuestState
from lk_reflex.ui.public.remind.state import RemindState
from tests.cast import NOW
from tests.mail.conftest import outbox
from tests.metering.dials import make_meter, monthly, set_organization

HERE = Client("203.0.113.5")


@pytest.fixture
def cold(db, cast):
    """6,000 m³ a month, 118,000 on 21.10.2026."""
    set_organization(db, cast.organization, window_opens=1, window_closes=31, phone="8 351 112")
    meter = make_meter(db, cast.flat)
    monthly(db, meter, "118", "6")
    return meter


@pytest.fixture
def link(db, cast):
    return db.write(make_link, cast.owner.actor.user_id, cast.flat, until=NOW + timedelta(days=5), now=NOW)


@pytest.fixture
async def tab(tabs, db, cast, cold, link):
    opened = tabs(guest=use_link(db, link, HERE, now=NOW))
    await opened.open("/guest")
    return opened


async def press(tab, **fields):
    form = {"form_key": tab.seen(GuestState)["form_key"], "taken_on": "", **fields}
    return await tab.send(GuestState.submit, form=form)


async def test_the_page_shows_whose_form_it_is_and_changes_nothing(tabs, db, cold, link):
    tab = tabs()
    for _ in range(2):
        await tab.open(f"/remind/{link}")
        seen = tab.seen(RemindState)
        assert (seen["works"], seen["number"], seen["organization"]) == (True, "••••7899", "ПОВВ")
        assert seen["until"] == "25.11.2026, 15:00"
        assert seen["carried"] == link
    assert use_link(db, link, HERE, now=NOW)


@pytest.mark.parametrize("address", ["/remind/used", "/remind/" + "x" * 43, "/remind/%00", "/remind/{hash}"])
async def test_a_link_that_is_worth_nothing_tells_nothing(tabs, db, cold, link, address):
    tab = tabs()
    await tab.open(address)
    seen = tab.seen(RemindState)
    assert (seen["loaded"], seen.get("works", False), seen.get("number", "")) == (True, False, "")
    assert seen.get("carried", "") == ""


async def test_a_used_link_in_a_tab_that_knew_it_is_forgotten(tabs, db, cold, link):
    tab = tabs()
    await tab.open(f"/remind/{link}")
    use_link(db, link, HERE, now=NOW)
    await tab.open(f"/remind/{link}")
    assert (tab.seen(RemindState)["works"], tab.seen(RemindState)["carried"]) == (False, "")


async def test_the_link_again_leads_back_to_the_open_form(tabs, db, cast, cold, link):
    cookie = use_link(db, link, HERE, now=NOW)
    tab = tabs(guest=cookie)
    await tab.open(f"/remind/{link}")
    assert (tab.seen(RemindState)["works"], tab.seen(RemindState)["open_until"]) == (False, "15:30")
    # Another link of one's own for the same form, likewise; a link of somebody else's, or of another browser, not.
    owner, stranger = cast.owner.actor.user_id, cast.stranger.actor.user_id
    own = db.write(make_link, owner, cast.flat, until=NOW + timedelta(days=5), now=NOW)
    use_link(db, own, HERE, now=NOW)
    foreign = db.write(make_link, stranger, cast.house, until=NOW + timedelta(days=5), now=NOW)
    theirs = use_link(db, foreign, HERE, now=NOW)
    for address, browser, until in (
        (own, cookie, "15:30"), (foreign, cookie, ""), (link, theirs, ""), (link, "x" * 43, ""), ("used", cookie, ""),
    ):  # fmt: skip
        other = tabs(guest=browser)
        await other.open(f"/remind/{address}")
        assert other.seen(RemindState).get("open_until", "") == until
    nobody = tabs()
    await nobody.open(f"/remind/{link}")
    assert nobody.seen(RemindState).get("open_until", "") == ""


async def test_a_form_that_was_ended_is_open_no_more(tabs, db, cold, link):
    cookie = use_link(db, link, HERE, now=NOW)
    db.write(end_visit, token_hash(cookie), now=NOW)
    tab = tabs(guest=cookie)
    await tab.open(f"/remind/{link}")
    assert tab.seen(RemindState).get("open_until", "") == ""


async def test_the_addressee_sees_the_last_reading_and_the_average(tab, cold):
    seen = tab.seen(GuestState)
    assert seen["by_link"]
    ((scale,),) = ([*meter.scales] for meter in seen["meters"])
    assert (scale.last, scale.last_on) == ("118,000", "21.10.2026")
    assert scale.average.replace("\u00a0", " ") == "6,000 м³"


async def test_what_is_sent_is_the_addressees_own_and_confirmed_to_them_alone(tab, db, cast, cold):
    await press(tab, **{f"reading-m{cold}-1": "124"})
    with db.transaction() as writer:
        (sending,) = writer.session.exec(select(Submission)).all()
        assert (sending.user_id, sending.source) == (cast.owner.actor.user_id, "Ссылка из письма")
        assert [row.value for row in writer.session.exec(select(SentReading).order_by(SentReading.id))] == [124_000]
    letters = outbox(db)
    assert set(letters) == {"owner@example.org"}
    assert letters["owner@example.org"].subject == "Показания приняты"
    (row,) = tab.seen(GuestState)["taken"]
    assert "расход 6,000" in row.text.replace("\u00a0", " ")


async def test_a_doubtful_number_is_refused_with_the_known_one(tab, cold):
    await press(tab, **{f"reading-m{cold}-1": "117"})
    assert "118,000" in tab.seen(GuestState)["errors"][f"m{cold}-1"]


@pytest.mark.parametrize("lost", [{"may_send": False}, {"ends_at": NOW}])
async def test_access_that_ends_ends_the_form_at_the_next_press(tab, db, cast, cold, lost):
    with db.transaction() as writer:
        owner = cast.owner.actor.user_id
        for found in writer.session.exec(select(AccountLink).where(AccountLink.user_id == owner)):
            for name, value in lost.items():
                setattr(found, name, value)
    _, events = await press(tab, **{f"reading-m{cold}-1": "124"})
    assert [payload["path"] for name, payload in events if name == "_redirect"] == ["/?guest=kept"]
    with db.transaction() as writer:
        assert writer.session.exec(select(SentReading)).all() == []

"""Live: what changes elsewhere shows in a person's other tabs, and in nobody else's."""

import itertools

import pytest

from lk_reflex.core.signals import CART, EVERY_DESK, FEED, ORDER, QUEUE, stir
from lk_reflex.domain.announcements.rules import Typed
from lk_reflex.domain.announcements.telling import tell_announcements
from lk_reflex.domain.announcements.writing import publish_announcement
from lk_reflex.domain.identity.sessions import end_session
from lk_reflex.domain.identity.tokens import token_hash
from lk_reflex.domain.notifications.feed import tell
from lk_reflex.domain.payments.cart.putting import put_into_cart, remove_from_cart
from lk_reflex.domain.requests.machine import Status
from lk_reflex.domain.requests.thread import answer, say
from lk_reflex.ui import live, paths
from lk_reflex.ui.cart import CartState
from lk_reflex.ui.feed import FeedState
from lk_reflex.ui.live import Live, OpenTabs
from lk_reflex.ui.resident.overview.state import OverviewState
from lk_reflex.ui.resident.payments.state import PaymentsState
from lk_reflex.ui.resident.request.state import RequestState
from lk_reflex.ui.resident.services.state import ServicesState
from lk_reflex.ui.staff.request.state import StaffRequestState
from tests.billing.paper import february_2018
from tests.cast import NOW
from tests.requests.lives import lead, make_request, row_of
from tests.requests.lives import step as move_on


@pytest.fixture
def opened(monkeypatch):
    """The tabs of this test alone; all are open for long."""
    mine = OpenTabs(itertools.count(step=10).__next__)
    for module in ("live", "gate"):
        monkeypatch.setattr(f"lk_reflex.ui.{module}.open_tabs", lambda: mine)
    monkeypatch.setattr(live, "utc_now", lambda: NOW)
    return mine


@pytest.fixture
def begin(app, tabs, opened, monkeypatch):
    """Start to listen, with the test's tabs as the connected ones; returns what does a step."""

    async def start(*connected, followed=None):
        wire, processor = connected[0].wire, connected[0].processor
        wire.token_to_sid = {tab.token: "sid" for tab in connected}
        monkeypatch.setattr(app, "_event_namespace", wire)
        monkeypatch.setattr(app, "_state_manager", processor._root_context.state_manager)
        passing = Live(app, followed or {})
        await passing.step()

        async def step() -> None:
            await passing.step()
            for tab in connected:
                for update in wire.sent.get(tab.token, [])[tab.told :]:
                    for state, values in (update.delta or {}).items():
                        plain = {key.removesuffix("_rx_state_"): value for key, value in values.items()}
                        tab.vars.setdefault(state, {}).update(plain)

        for tab in connected:
            tab.told = len(wire.sent.get(tab.token, []))
        return step

    return start


async def test_the_counters_turn_in_all_tabs_of_the_person_and_in_nobody_elses(db, cast, tabs, begin):
    february = february_2018(db, cast.flat)
    one, two, other = tabs(cast.owner.cookie), tabs(cast.owner.cookie), tabs(cast.relative.cookie)
    for tab in (one, two, other):
        await tab.open(paths.OVERVIEW)
    step = await begin(one, two, other)
    db.write(put_into_cart, cast.owner.actor, february, with_advance=False, now=NOW)
    db.write(stir, cast.owner.actor.user_id, CART, now=NOW)
    db.write(tell, cast.owner.actor.user_id, "Новость", kind="readings", now=NOW)
    await step()
    for tab in (one, two):
        assert tab.seen(CartState)["count"] == 1
        assert tab.seen(FeedState)["unread"] == 1
    assert other.seen(CartState).get("count", 0) == 0
    assert other.seen(FeedState).get("unread", 0) == 0


async def test_the_state_behind_the_screen_turns_too_so_that_the_next_change_is_seen(db, cast, tabs, begin):
    february = february_2018(db, cast.flat)
    tab = tabs(cast.owner.cookie)
    await tab.open(paths.OVERVIEW)
    step = await begin(tab)
    for change, count in ((put_into_cart, 1), (remove_from_cart, 0)):
        more = {"with_advance": False, "now": NOW} if change is put_into_cart else {}
        db.write(change, cast.owner.actor, february, **more)
        db.write(stir, cast.owner.actor.user_id, CART, now=NOW)
        await step()
        assert tab.seen(CartState)["count"] == count


async def test_a_tab_whose_session_has_ended_is_told_nothing(db, cast, tabs, begin):
    tab = tabs(cast.owner.cookie)
    await tab.open(paths.OVERVIEW)
    step = await begin(tab)
    db.write(end_session, token_hash(cast.owner.cookie), now=NOW)
    db.write(tell, cast.owner.actor.user_id, "Новость", kind="readings", now=NOW)
    await step()
    assert tab.seen(FeedState).get("unread", 0) == 0


async def test_a_page_that_follows_orders_loads_anew_by_itself(db, cast, tabs, begin, monkeypatch):
    tab, elsewhere = tabs(cast.owner.cookie), tabs(cast.owner.cookie)
    await tab.open(paths.PAYMENTS)
    await elsewhere.open(paths.OVERVIEW)
    loads = []
    followed = {paths.PAYMENTS: ((PaymentsState, _noting(loads)), frozenset({ORDER}))}
    step = await begin(tab, elsewhere, followed=followed)
    db.write(stir, cast.owner.actor.user_id, FEED, now=NOW)
    await step()
    assert loads == []
    db.write(stir, cast.owner.actor.user_id, ORDER, now=NOW, subject="26112312345678")
    await step()
    assert loads == ["PaymentsState"]


def test_what_a_page_hears_in_its_first_moments_is_told_a_moment_later():
    """Its first contents are on their way then, and would overwrite it."""
    times = iter((0.0, 0.2, 0.7, 1.3, 1.4, 2.0, 2.5))
    opened = OpenTabs(lambda: next(times))
    opened.opened("tab", 7, "/payments")
    assert opened.concerned([live.Heard(7, ORDER, "")]) == {}
    assert opened.concerned([live.Heard(7, FEED, "")]) == {}
    assert opened.concerned([]) == {"tab": {ORDER, FEED}}
    opened.moved("tab", "/overview")
    assert opened.concerned([live.Heard(7, ORDER, "")]) == {}
    assert opened.concerned([]) == {"tab": {ORDER}}


def test_an_address_that_names_the_subject_is_told_whosever_it_is():
    opened = OpenTabs(itertools.count(step=10).__next__)
    opened.opened("payer", None, "/pay/KEY.signature")
    opened.opened("other", None, "/pay/OTHER.signature")
    assert dict(opened.concerned([live.Heard(7, ORDER, "KEY")])) == {"payer": {ORDER}}


def test_what_is_told_to_every_desk_is_told_to_staff_alone():
    opened = OpenTabs(itertools.count(step=10).__next__)
    opened.opened("operator", 3, "/staff/requests", staff=True)
    opened.opened("resident", 7, "/services/requests/261123482913")
    opened.opened("nobody", None, "/")
    assert opened.concerned([live.Heard(EVERY_DESK, QUEUE, "261123482913")]) == {"operator": {QUEUE}}


def test_tabs_that_are_gone_are_forgotten():
    opened = OpenTabs()
    opened.opened("a", 1, "/")
    opened.opened("b", 1, "/")
    opened.keep({"b"})
    assert len(opened) == 1 and opened.path("a") == ""


def _noting(loads):
    async def load(state) -> None:
        loads.append(type(state).__name__)

    return load


@pytest.fixture
def pages():
    """Every page that follows something, as the cabinet itself follows it."""
    from lk_reflex.ui.pages.table import PAGES

    return {page.path: ((page.state, page.loader().fn), page.live) for page in PAGES if page.live}


async def test_a_move_shows_in_the_persons_other_tabs_and_counts_as_unread(db, cast, tabs, begin, pages):
    request_id = make_request(db, cast.organization, cast.owner.actor.user_id)
    lead(db, request_id, Status.SENT)
    number = row_of(db, request_id).number
    page, listing, elsewhere = (tabs(cast.owner.cookie) for _ in range(3))
    other = tabs(cast.relative.cookie)
    await page.open(paths.request_page(number))
    await listing.open(paths.SERVICES)
    await elsewhere.open(paths.OVERVIEW)
    await other.open(paths.SERVICES)
    form = page.seen(RequestState)["form"]
    assert page.seen(RequestState)["shown"].status == "Отправлено"
    step = await begin(page, listing, elsewhere, other, followed=pages)
    for becomes, words, unread in ((Status.ACCEPTED, "Принято", 2), (Status.WORKING, "В работу", 3)):
        move_on(db, request_id, becomes)
        await step()
        assert page.seen(RequestState)["shown"].status == words
        assert [row.status for row in listing.seen(ServicesState)["rows"]] == [words]
        assert [tab.seen(FeedState)["unread"] for tab in (page, listing, elsewhere)] == [unread] * 3
    assert page.seen(RequestState)["form"] == form, "what is being typed there is left alone"
    assert other.seen(FeedState).get("unread", 0) == 0 and other.seen(ServicesState)["rows"] == []


async def test_an_outage_shows_on_the_open_overview_of_those_it_concerns(db, cast, tabs, begin, pages):
    page = tabs(cast.owner.cookie)
    await page.open(paths.OVERVIEW)
    assert not page.seen(OverviewState)["announcements"]
    step = await begin(page, followed=pages)
    outage = Typed(
        kind="outage", title="Нет воды", body="Ремонт", where="all", from_day="20.11.2026", from_time="15:30"
    )
    db.write(publish_announcement, cast.operator.actor, cast.organization, outage, now=NOW)
    db.write(tell_announcements, "http://t", count=10, now=NOW)
    await step()
    assert [one.title for one in page.seen(OverviewState)["announcements"]] == ["Нет воды"]


async def test_messages_show_on_the_other_side_at_once_and_staff_count_nothing(db, cast, tabs, begin, pages):
    request_id = make_request(db, cast.organization, cast.owner.actor.user_id)
    lead(db, request_id, Status.SENT)
    number = row_of(db, request_id).number
    resident, desk, foreign = tabs(cast.owner.cookie), tabs(cast.operator.cookie), tabs(cast.outsider.cookie)
    await resident.open(paths.request_page(number))
    await desk.open(paths.staff_request(number))
    await foreign.open(paths.staff_request(number))
    step = await begin(resident, desk, foreign, followed=pages)
    db.write(say, cast.owner.actor, number, "Когда придёт мастер?", now=NOW, site="https://lk.test")
    await step()
    assert "Когда придёт мастер?" in repr(desk.seen(StaffRequestState))
    db.write(answer, cast.operator.actor, number, "Завтра с 9 до 12", now=NOW, site="https://lk.test")
    await step()
    assert [row.text for row in resident.seen(RequestState)["messages"]] == ["Когда придёт мастер?", "Завтра с 9 до 12"]
    assert resident.seen(FeedState)["unread"] == 2
    assert desk.seen(FeedState).get("unread", 0) == 0
    assert "мастер" not in repr(foreign.vars) and "Завтра с 9" not in repr(foreign.vars)

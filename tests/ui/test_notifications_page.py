"""Уведомления through the real processor: by day, whose they are, read, and counted in the menu."""

from datetime import timedelta

import pytest
from sqlalchemy import delete
from sqlmodel import col

from lk_reflex.domain.accounts.linked import link_account
from lk_reflex.domain.identity.tables import AccountLink
from lk_reflex.domain.notifications.feed import tell
from lk_reflex.domain.notifications.lines import PORTION
from lk_reflex.domain.requests.history import Author
from lk_reflex.domain.requests.machine import Status
from lk_reflex.domain.requests.moving import move
from lk_reflex.ui.account import AccountState
from lk_reflex.ui.feed import FeedState
from lk_reflex.ui.resident.notifications.state import NotificationsState
from lk_reflex.ui.resident.overview.state import OverviewState
from lk_reflex.ui.session import SessionState
from tests.cast import NOW
from tests.requests.rows import put_request

DAY = timedelta(days=1)


def put(db, person, *titles, at=NOW, **facts):
    with db.transaction() as writer:
        for title in titles:
            tell(writer, person.actor.user_id, title, "Подробности", kind="readings", now=at, **facts)


@pytest.fixture
async def tab(tabs, cast):
    return tabs(cast.owner.cookie)


def shown(tab) -> list[tuple[str, list[str]]]:
    return [(day.title, [row.title for row in day.rows]) for day in tab.seen(NotificationsState)["days"]]


def key_of(tab, title) -> str:
    return next(row.key for day in tab.seen(NotificationsState)["days"] for row in day.rows if row.title == title)


def gone(events):
    return [payload["path"] for name, payload in events if name == "_redirect"]


async def test_by_day_newest_first_with_the_account_that_each_concerns(tab, db, cast):
    put(db, cast.owner, "Старая", at=NOW - 400 * DAY)
    put(db, cast.owner, "Вчерашняя", at=NOW - DAY, account_id=cast.flat, link="/readings")
    put(db, cast.owner, "Первая", "Вторая")
    await tab.open("/notifications")
    assert shown(tab) == [
        ("Сегодня, 20 ноября", ["Вторая", "Первая"]),
        ("Вчера, 19 ноября", ["Вчерашняя"]),
        ("16 октября 2025 года", ["Старая"]),
    ]
    row = tab.seen(NotificationsState)["days"][1].rows[0]
    assert (row.account, row.link, row.time) == (
        "Лицевой счет 1234567899, УЛ. КЫШТЫМСКАЯ, 10 - 1010", "/readings", "15:00",
    )  # fmt: skip
    assert row.unread
    assert tab.seen(FeedState)["unread"] == 4


async def test_nothing_of_anybody_elses(tab, db, cast):
    put(db, cast.relative, "Чужая")
    await tab.open("/notifications")
    assert (tab.seen(NotificationsState).get("days", []), tab.seen(FeedState).get("unread", 0)) == ([], 0)
    assert tab.seen(NotificationsState)["loaded"]


async def test_reading_one_and_all_changes_the_counter_without_a_new_page(tab, db, cast):
    put(db, cast.owner, "Первая", "Вторая", "Третья")
    await tab.open("/notifications")
    await tab.send(NotificationsState.read, key=key_of(tab, "Вторая"))
    assert tab.seen(FeedState)["unread"] == 2
    assert tab.seen(NotificationsState)["heard"] == "Прочитано: Вторая"
    assert [row.unread for row in tab.seen(NotificationsState)["days"][0].rows] == [True, False, True]
    put(db, cast.owner, "Пришла потом")
    await tab.send(NotificationsState.read_all)
    assert tab.seen(FeedState)["unread"] == 1
    assert tab.seen(NotificationsState)["said"] == "Все уведомления прочитаны."


async def test_the_counter_stands_on_every_page(tab, db, cast):
    put(db, cast.owner, "Первая", "Вторая")
    await tab.open("/payments")
    assert tab.seen(FeedState)["unread"] == 2


async def test_opening_reads_a_line_and_chooses_its_account(tab, db, cast):
    db.write(link_account, cast.owner.actor.user_id, cast.house, now=NOW)
    put(db, cast.owner, "О доме", account_id=cast.house, link="/readings")
    await tab.open("/notifications")
    assert tab.seen(AccountState)["number"] == "1234567899"
    _, events = await tab.send(NotificationsState.follow, key=key_of(tab, "О доме"))
    assert gone(events) == ["/readings"]
    assert tab.seen(FeedState)["unread"] == 0
    await tab.follow("/readings")
    assert tab.seen(AccountState)["number"] == "2000000001"


@pytest.mark.parametrize("link", ["https://evil.example/", "//evil.example", "/\\evil.example", "/api/sign-out", ""])
async def test_no_line_leads_away_from_the_site(tab, db, cast, link):
    put(db, cast.owner, "Странная", link=link)
    await tab.open("/notifications")
    assert tab.seen(NotificationsState)["days"][0].rows[0].link == ""
    _, events = await tab.send(NotificationsState.follow, key=key_of(tab, "Странная"))
    assert gone(events) == []


@pytest.mark.parametrize("handler", ["read", "follow"])
@pytest.mark.parametrize("key", ["1", "0", "x", None, 5, ["1"]])
async def test_another_persons_line_is_not_found(tab, db, cast, handler, key):
    put(db, cast.relative, "Чужая", link="/readings")
    await tab.open("/notifications")
    _, events = await tab.send(getattr(NotificationsState, handler), key=key)
    assert gone(events) == []
    assert tab.seen(SessionState)["fault"] == "Этого уведомления уже нет"


async def test_older_ones_come_by_show_more(tab, db, cast):
    put(db, cast.owner, *(f"№ {number}" for number in range(PORTION + 1)))
    await tab.open("/notifications")
    assert len(shown(tab)[0][1]) == PORTION
    assert tab.seen(NotificationsState)["more"]
    await tab.send(NotificationsState.show_more)
    assert len(shown(tab)[0][1]) == PORTION + 1
    assert not tab.seen(NotificationsState)["more"]


async def test_an_account_taken_back_takes_its_lines_along(tab, db, cast):
    put(db, cast.owner, "О квартире", account_id=cast.flat)
    put(db, cast.owner, "О кабинете")
    await tab.open("/notifications")
    with db.transaction() as writer:
        writer.change(delete(AccountLink).where(col(AccountLink.user_id) == cast.owner.actor.user_id))
    await tab.follow("/notifications")
    assert [titles for _, titles in shown(tab)] == [["О кабинете"]]
    assert tab.seen(FeedState)["unread"] == 1


async def test_the_overview_tells_the_newest_unread_one(tab, db, cast):
    await tab.open("/overview")
    assert tab.seen(OverviewState).get("newest", "") == ""
    put(db, cast.owner, "О квартире", account_id=cast.flat)
    await tab.follow("/overview")
    assert tab.seen(OverviewState)["newest"] == "О квартире"
    # With several accounts it says whose it is, the chosen one's too.
    db.write(link_account, cast.owner.actor.user_id, cast.house, now=NOW)
    await tab.follow("/notifications")
    await tab.follow("/overview")
    assert tab.seen(OverviewState)["newest"] == "О квартире (лицевой счет 1234567899)"
    put(db, cast.owner, "О доме", account_id=cast.house)
    await tab.follow("/overview")
    assert tab.seen(OverviewState)["newest"] == "О доме (лицевой счет 2000000001)"


async def test_what_became_of_a_request_stands_here_at_once_and_leads_to_it(tab, db, cast):
    request = put_request(db, cast, cast.owner)
    await tab.open("/notifications")
    assert not shown(tab)
    with db.transaction() as writer:
        move(writer, request, Status.ACCEPTED, version=1, author=Author.OPERATOR, site="http://t", now=NOW)
    await tab.send(NotificationsState.load)
    ((_, titles),) = shown(tab)
    assert titles == ["Обращение 261120-000-001: Принято"]
    await tab.send(NotificationsState.read_all)
    _, events = await tab.send(NotificationsState.follow, key=key_of(tab, titles[0]))
    assert gone(events) == ["/services/requests/261120000001"]


async def test_that_all_was_read_is_still_said_when_the_signal_of_it_comes(tab, db, cast):
    put(db, cast.owner, "Первая")
    await tab.open("/notifications")
    await tab.send(NotificationsState.read_all)
    said = tab.seen(NotificationsState)["said"]
    await tab.send(NotificationsState.load)
    assert said and tab.seen(NotificationsState)["said"] == said
    await tab.follow("/overview")
    await tab.follow("/notifications")
    assert tab.seen(NotificationsState)["said"] == ""

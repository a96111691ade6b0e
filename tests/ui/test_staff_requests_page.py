"""The operators' queue through the real processor: filters in the address, the search, what comes in meanwhile."""

import asyncio
from urllib.parse import parse_qs

import pytest

from lk_reflex.domain.requests.desk.deeds import move_request
from lk_reflex.domain.requests.desk.viewers import viewers
from lk_reflex.domain.requests.machine import Status
from lk_reflex.ui.staff.queue_address import Asked, asked, query_of, wanted
from lk_reflex.ui.staff.requests.state import RequestsDeskState, _fresh
from tests.cast import NOW
from tests.requests.desk.requests import hours_ago, put_request

PAGE = "/staff/requests"


@pytest.fixture
def desk(tabs, cast):
    return tabs(cast.operator.cookie)


def of(row, name):
    return getattr(row, name) if hasattr(row, name) else row[name]


def shown(tab, name="key"):
    return [of(row, name) for row in tab.seen(RequestsDeskState)["rows"]]


def counts(tab):
    return {of(one, "key"): of(one, "count") for one in tab.seen(RequestsDeskState)["counters"]}


async def test_the_queue_shows_what_waits_with_counters_as_filters(desk, db, cast):
    put_request(db, cast, "1" * 12, sent_at=hours_ago(2))
    put_request(db, cast, "2" * 12, sent_at=hours_ago(1), due_on=NOW.date().replace(day=19), kind="emergency",
                assignee_id=cast.colleague.actor.user_id)  # fmt: skip
    put_request(db, cast, "3" * 12, status=Status.DONE)
    await desk.open(PAGE)
    assert shown(desk) == ["2" * 12, "1" * 12]
    first = desk.seen(RequestsDeskState)["rows"][0]
    assert (of(first, "number"), of(first, "late"), of(first, "assignee"), of(first, "kind")) == (
        "222222-222-222", "Просрочено", "colleague@example.org", "Заявка на ремонт",
    )  # fmt: skip
    assert {key: counts(desk)[key] for key in ("waiting", "overdue", "sent", "done")} == {
        "waiting": "2", "overdue": "1", "sent": "2", "done": "1",
    }  # fmt: skip
    (done,) = [one for one in desk.seen(RequestsDeskState)["counters"] if of(one, "key") == "done"]
    await desk.follow(of(done, "href"))
    assert shown(desk) == ["3" * 12]
    assert of(desk.seen(RequestsDeskState)["rows"][0], "href") == f"{PAGE}/{'3' * 12}?status=done"


async def test_a_search_goes_into_the_address_and_comes_from_it(desk, db, cast):
    put_request(db, cast, "1" * 12)
    put_request(db, cast, "2" * 12, words=("Петров", "Садовая"))
    await desk.open(PAGE)
    _delta, events = await desk.send(
        RequestsDeskState.look_for, form={"search": " Петр ", "kind": "sealing", "sort": "newest", "whose": "all"}
    )
    (redirect,) = [payload for name, payload in events if name == "_redirect"]
    assert redirect["path"] == f"{PAGE}?search=%D0%9F%D0%B5%D1%82%D1%80&kind=sealing"
    _delta, events = await desk.follow(redirect["path"])
    assert shown(desk) == ["2" * 12]
    assert desk.seen(RequestsDeskState)["search"] == "Петр"
    assert [payload["ref"] for name, payload in events if name == "_set_focus"] == ["ref_queue"]


@pytest.mark.parametrize(
    ("query", "faulty"),
    [
        ("first=%D0%B2%D1%87%D0%B5%D1%80%D0%B0", {"first"}),
        ("first=20.11.2026&last=19.11.2026", {"last"}),
        ("search=%25%25", {"search"}),
        ("search=%5C%27%22", {"search"}),
        ("search=%00", set()),
        ("status=nothing&kind=1&whose=x&sort=%27&overdue=maybe&organization=-1&after=%27--", set()),
        (f"search={'a' * 10_000}", set()),
    ],
)
async def test_what_no_filter_means_is_said_or_left_out(desk, db, cast, query, faulty):
    put_request(db, cast)
    await desk.open(f"{PAGE}?{query}")
    seen = desk.seen(RequestsDeskState)
    assert {of(fault, "field_id") for fault in seen["faults"]} == faulty
    assert seen["loaded"]
    assert bool(seen["rows"]) == (not faulty and "aaa" not in query)


async def test_new_requests_wait_to_be_asked_for_and_lines_change_in_place(desk, db, cast):
    put_request(db, cast, "1" * 12, sent_at=hours_ago(2))
    put_request(db, cast, "2" * 12, sent_at=hours_ago(1))
    await desk.open(PAGE)
    form = desk.seen(RequestsDeskState)["form"]
    put_request(db, cast, "3" * 12)
    db.write(move_request, cast.colleague.actor, "1" * 12, Status.ACCEPTED, version=1, comment="", site="", now=NOW)
    delta, _events = await desk.follow(PAGE)  # as a signal does
    assert shown(desk) == ["2" * 12, "1" * 12]
    assert of(desk.seen(RequestsDeskState)["rows"][1], "status") == "Принято"
    assert desk.seen(RequestsDeskState)["fresh"] == 1
    assert desk.seen(RequestsDeskState)["form"] == form
    assert "search" not in delta.get(RequestsDeskState.get_full_name(), {})
    await desk.send(RequestsDeskState.show_fresh)
    assert shown(desk) == ["3" * 12, "2" * 12, "1" * 12]
    assert desk.seen(RequestsDeskState)["fresh"] == 0


async def test_a_lost_connection_leaves_the_form_alone(desk, db, cast):
    await desk.open(f"{PAGE}?kind=sealing")
    form = desk.seen(RequestsDeskState)["form"]
    await desk.open(f"{PAGE}?kind=sealing")
    assert desk.seen(RequestsDeskState)["form"] == form
    await desk.follow(PAGE)
    assert desk.seen(RequestsDeskState)["form"] != form


async def test_coming_back_from_a_request_ends_looking_at_it(desk, db, cast):
    put_request(db, cast)
    await desk.open(f"{PAGE}/261120482913")
    assert db.read(viewers, cast.colleague.actor, "261120482913", now=NOW) == ("operator@example.org",)
    await desk.follow(PAGE)
    for _ in range(500):
        if not db.read(viewers, cast.colleague.actor, "261120482913", now=NOW):
            break
        await asyncio.sleep(0.01)
    assert db.read(viewers, cast.colleague.actor, "261120482913", now=NOW) == ()


def test_what_moves_up_from_the_next_page_isnt_new():
    assert _fresh([5, 4, 3, 2], {4, 3}, full=True) == 1
    assert _fresh([5, 4, 3, 2], {4, 3}, full=False) == 2
    assert _fresh([5, 4], set(), full=True) == 2


async def test_filters_are_kept_applied_and_deleted(desk, tabs, db, cast):
    put_request(db, cast)
    await desk.open(f"{PAGE}?whose=nobody&kind=sealing")
    await desk.send(RequestsDeskState.keep_filter, form={"title": ""})
    assert desk.seen(RequestsDeskState)["title_error"] == "Введите название"
    await desk.send(RequestsDeskState.keep_filter, form={"title": "Без исполнителя"})
    (one,) = desk.seen(RequestsDeskState)["saved"]
    assert (of(one, "title"), of(one, "href"), of(one, "current")) == (
        "Без исполнителя", f"{PAGE}?kind=sealing&whose=nobody", True,
    )  # fmt: skip
    colleague = tabs(cast.colleague.cookie)
    await colleague.open(PAGE)
    await colleague.send(RequestsDeskState.forget_filter, key=of(one, "key"))
    assert colleague.seen(RequestsDeskState)["saved"] == []
    await desk.follow(PAGE)
    assert len(desk.seen(RequestsDeskState)["saved"]) == 1
    await desk.send(RequestsDeskState.forget_filter, key=of(one, "key"))
    assert desk.seen(RequestsDeskState)["saved"] == []


async def test_another_organizations_operator_sees_nothing_and_residents_are_led_away(tabs, db, cast):
    put_request(db, cast)
    outsider = tabs(cast.outsider.cookie)
    await outsider.open(f"{PAGE}?status=any&search=261120482913")
    assert shown(outsider) == []
    assert set(counts(outsider).values()) == {"0"}
    resident = tabs(cast.owner.cookie)
    _delta, events = await resident.open(PAGE)
    assert [name for name, _payload in events] == ["_redirect"]
    assert not resident.seen(RequestsDeskState).get("rows")


def test_an_address_and_its_filters_are_one():
    one = Asked(search="Ива & %", organization="3", kind="appeal", status="any", whose="mine", first="1.1.26",
                last="02.01.2026", sort="term", overdue="yes", after="261120482913")  # fmt: skip
    found = parse_qs(query_of(one))
    assert asked(lambda name: found.get(name, [""])[0]) == one
    assert wanted(one)[1] == {}

"""Events of the socket: what succeeds is counted and leaves no line; what fails leaves one, under the number that is
said, and with nothing that anybody has typed."""

import asyncio
import json
import re

import pytest

from lk_reflex.core.metrics import REGISTRY
from lk_reflex.core.waiting import Presses
from lk_reflex.ui.gate import Gate
from lk_reflex.ui.resident.readings.state import ReadingsState
from lk_reflex.ui.session import SessionState
from lk_reflex.ui.traced import page_of
from lk_reflex.wiring import gauge
from tests.logged import logged
from tests.metering.dials import make_meter, monthly, set_organization

TYPED = {"e-mail": "anna@example.org", "passport": "75 01 918273", "name": "Здетовецкий", "reading": "124,5"}


@pytest.fixture
def meter(db, cast) -> int:
    set_organization(db, cast.organization, window_opens=1, window_closes=31, phone="8 351 112")
    made = make_meter(db, cast.flat)
    monthly(db, made, "118", "6")
    return made


@pytest.fixture
async def tab(tabs, cast, meter):
    opened = tabs(cast.owner.cookie)
    await opened.open("/readings")
    return opened


def count(page: str, outcome: str) -> float:
    return REGISTRY.get_sample_value("lk_events_total", {"page": page, "outcome": outcome}) or 0.0


def timed(page: str) -> float:
    return REGISTRY.get_sample_value("lk_event_seconds_count", {"page": page}) or 0.0


async def send(tab, **fields):
    form = {"form_key": tab.seen(ReadingsState)["form_key"], "taken_on": "", **fields}
    return await tab.send(ReadingsState.submit, form=form)


async def test_a_success_is_counted_and_leaves_no_line(tab, meter):
    before, seconds = count("resident/readings", "ok"), timed("resident/readings")
    with logged() as lines:
        await send(tab, **{f"reading-m{meter}-1": TYPED["reading"]})
    assert tab.seen(ReadingsState)["taken_title"]
    assert lines() == []
    assert (count("resident/readings", "ok"), timed("resident/readings")) == (before + 1, seconds + 1)


async def test_a_fault_of_ours_leaves_its_number_and_none_of_the_words(tab, cast, monkeypatch):
    def broken(*_given, **_more):
        raise RuntimeError("; ".join(TYPED.values()))

    monkeypatch.setattr("lk_reflex.ui.resident.readings.state.submit", broken)
    before = count("resident/readings", "failed")
    with logged() as lines:
        await send(tab, **{"reading-m1-1": TYPED["reading"]})
    [line] = lines()
    said = re.search(r"под номером ([0-9A-F]{6})\.", tab.seen(SessionState)["fault"])
    assert said
    assert line["event"].upper().startswith(said[1])
    assert line["message"] == f"error {said[1]} in ReadingsState.submit"
    assert line["handler"].endswith(".submit")
    assert line["user"] == cast.owner.actor.user_id
    assert line["faults"][0]["type"] == "RuntimeError"
    assert line["faults"][0]["frames"][-1].startswith("tests/ui/test_traced.py:")
    assert count("resident/readings", "failed") == before + 1
    assert not any(text in json.dumps(line, ensure_ascii=False) for text in TYPED.values())


async def test_refusals_are_told_apart(tabs, tab, cast):
    declined, refused = count("resident/readings", "declined"), count("resident/readings", "refused")
    await tab.send(ReadingsState.submit, strange="argument")
    stranger = tabs()
    await stranger.open("/")
    await stranger.send(ReadingsState.submit, form={})
    assert count("resident/readings", "refused") == refused + 2
    assert count("resident/readings", "declined") == declined


@pytest.mark.parametrize(
    ("module", "page"),
    [
        ("lk_reflex.ui.resident.readings.state", "resident/readings"),
        ("lk_reflex.ui.staff.period.caller", "staff/period"),
        ("lk_reflex.ui.month", "month"),
        ("reflex.state", "reflex"),
    ],
)
def test_events_are_counted_by_their_page(module, page):
    assert page_of(module) == page


async def test_a_press_is_timed_until_its_turn_and_then_forgotten(tab, meter, monkeypatch):
    """By the real processor: it waits for the tab's state, and the handler's own time is none of it."""
    presses, told = Presses(), []
    monkeypatch.setattr(gauge(), "presses", presses)
    monkeypatch.setattr(
        "lk_reflex.ui.resident.readings.state.submit", lambda *_, **__: told.append(len(presses._waiting))
    )
    await send(tab, **{f"reading-m{meter}-1": "124,5"})
    assert told == [0]  # begun before the handler ran
    await asyncio.sleep(0)  # futures tell of their end a turn later
    assert len(presses._waited) == 1
    assert (presses._waiting, presses._under_way) == ({}, {})


async def test_a_page_is_timed_until_it_is_filled(tabs, cast, meter, monkeypatch):
    """Reading it is what its person waits for."""
    presses, filling = Presses(), []
    monkeypatch.setattr(gauge(), "presses", presses)
    filled = Gate._fill

    async def fill(*given):
        filling.append(len(presses._waiting))
        return await filled(*given)

    monkeypatch.setattr(Gate, "_fill", fill)
    tab = tabs(cast.owner.cookie)
    await tab.open("/overview")
    await tab.follow("/readings")
    assert filling == [1, 1]
    await asyncio.sleep(0)
    assert (len(presses._waited), presses._waiting, presses._under_way) == (1, {}, {})

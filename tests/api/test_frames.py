"""What a socket may say: our front end's frames, and nothing that would end as a traceback in the log."""

import json

import pytest

from lk_reflex.api.edge.frames import Frame, judge

EVENT = {"name": "a.b", "payload": {"n": 1}, "router_data": {"pathname": "/x", "asPath": "/x?a=1", "query": {"a": "1"}}}


def said(data) -> str:
    return f"42/_event,{json.dumps(data)}"


def kind(frame):
    return judge(frame, {"a.b"}.__contains__)


@pytest.mark.parametrize(
    "frame",
    [
        "3", "1", "41/_event,", said(["event", EVENT]), said(["ping"]), said(["event", {"name": "a.b"}]),
        said(["client_error", {"message": "x", "error_type": "y"}]),
        said(["event", {**EVENT, "payload": {"text": "[{" * 400 + "д" * 20_000}}]),
    ],
)  # fmt: skip
def test_what_pages_send_is_sensible(frame):
    assert kind(frame) is (Frame.STRANGE if "[{" * 40 in frame else Frame.SENSIBLE)


@pytest.mark.parametrize(
    "frame", ["40/_event,", f"40/_event,{json.dumps({'event': EVENT, 'state_schema': 'x'})}", "40/_event,{}"]
)
def test_the_greeting_is_known_with_and_without_its_first_event(frame):
    assert kind(frame) is Frame.GREETING


STRANGE = [
    "", "x", "2", "2probe", "5", "6", "9999", "4", "40", "40/other,", "42", '42["event",{}]', "44/_event,{}",
    "45/_event,1-[]", "42/_event,", "42/_event,{", "42/_event,[]", "42/_event,7[]", '42/_event,["new_token","x"]',
    '42/_event,["disconnect"]', "42/_event," + "[" * 100_000, b"\x00\x01", None, "40/_event,[1]", "40/_event,{",
    '40/_event,{"event":1}', '40/_event,{"event":{"name":"unknown"}}',
    *(said(["event", data]) for data in (
        None, 1, "text", [], {}, {"name": 1}, {"name": "unknown"}, {"name": "a.b", "payload": []},
        {"name": "a.b", "router_data": 1}, {"name": "a.b", "router_data": {"pathname": 5}},
        {"name": "a.b", "router_data": {"query": []}}, {"name": "a.b", "router_data": {"query": {"a": 1}}},
        {"name": "a.b", "router_data": {"asPath": "/" * 5000}}, {"name": "a.b" * 500},
    )),
    said(["event", EVENT, 1]),
    said(["client_error", 1]),
]  # fmt: skip


@pytest.mark.parametrize("place", range(len(STRANGE)))
def test_nothing_else_is(place):
    assert kind(STRANGE[place]) is Frame.STRANGE

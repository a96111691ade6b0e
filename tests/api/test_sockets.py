"""The limits of sockets, over a stand-in for Reflex that keeps what it hears; no server, no waiting."""

import asyncio
import json
from contextlib import suppress

import pytest

from lk_reflex.api.edge import sockets as shell
from lk_reflex.api.edge.layer import Edge
from lk_reflex.api.edge.sockets import IMPATIENT, LARGEST_FRAME, STRANGE_FRAMES, Caller, Limits, Sockets
from lk_reflex.core.errors import Unavailable
from lk_reflex.ui.shared.words import CROWDED, FULL_HOUSE, MANY_TABS, NO_STATES, REFUSED_SOCKETS

ANNA, STRANGER = Caller("person 1", person=True), Caller("203.0.113.7", person=False)
UNLIMITED = Limits(0, 0, 0, 0)
GREETING = "40/_event,"
EVENT = '42/_event,["event",{"name":"known"}]'


class Inner:
    """Hears until the end, as engine.io does."""

    def __init__(self):
        self.heard, self.ended = [], 0

    async def __call__(self, _scope, receive, send):
        await receive()
        await send({"type": "websocket.accept"})
        while (message := await receive())["type"] == "websocket.receive":
            self.heard.append(message.get("text"))
            await send({"type": "websocket.send", "text": "2"})
        self.ended += 1
        await send({"type": "websocket.close"})


class Client:
    """One connection; `say` and `leave` are the client's side, `got` is what came back."""

    def __init__(self, sockets, caller):
        self._inbox, self.got = asyncio.Queue(), []
        self._inbox.put_nowait({"type": "websocket.connect"})
        self.task = asyncio.create_task(sockets({"type": "websocket", "caller": caller}, self._inbox.get, self._took))

    async def _took(self, message):
        self.got.append(message)

    def say(self, *frames):
        for frame in frames:
            key = "bytes" if isinstance(frame, bytes) else "text"
            self._inbox.put_nowait({"type": "websocket.receive", key: frame})
        return self

    async def leave(self):
        self._inbox.put_nowait({"type": "websocket.disconnect", "code": 1001})
        await self.task

    @property
    def closed(self):
        return [message.get("code") for message in self.got if message["type"] == "websocket.close"]

    @property
    def told(self):
        texts = [message["text"] for message in self.got if message["type"] == "websocket.send"]
        return [json.loads(text.partition(",")[2])["message"] for text in texts if text.startswith("44/_event,")]


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def inner():
    return Inner()


@pytest.fixture
async def hall(inner):
    """Makes the layer with some limits; whoever is still in leaves at the end."""
    clients = []

    def make(limits=UNLIMITED, clock=None, **more):
        async def who(scope):
            return scope["caller"]

        sockets = Sockets(inner, limits, who=who, known={"known"}.__contains__, clock=clock or Clock(), **more)

        def opened(caller=STRANGER):
            clients.append(Client(sockets, caller))
            return clients[-1]

        return sockets, opened

    yield make
    for client in clients:
        client.task.cancel()
        with suppress(asyncio.CancelledError):
            await client.task


async def settle():
    for _ in range(50):
        await asyncio.sleep(0)


async def test_a_polite_client_is_heard_and_its_place_given_back(hall, inner):
    sockets, opened = hall()
    client = opened().say(GREETING, EVENT, "3")
    await settle()
    assert inner.heard == [GREETING, EVENT, "3"] and len(sockets) == 1 and not sockets.counted
    await client.leave()
    assert len(sockets) == 0 and inner.ended == 1


async def test_while_nothing_could_be_answered_each_is_told_so_and_counts_nowhere(hall, inner):
    away = True
    sockets, opened = hall(Limits(0, 1, 1, 0), useless=lambda: away)
    for _ in range(3):
        client = opened(ANNA)
        await client.task
        assert client.told == [NO_STATES] and client.closed
    assert NO_STATES in REFUSED_SOCKETS and len(sockets) == 0 and inner.heard == []
    away = False
    opened(ANNA).say(GREETING)
    await settle()
    assert inner.heard == [GREETING]


async def test_whose_name_the_database_does_not_tell_is_told_to_come_again(inner):
    async def who(_scope):
        raise Unavailable("База данных сейчас не отвечает")

    client = Client(Sockets(inner, UNLIMITED, who=who, known=bool), ANNA)
    await client.task
    assert client.told == [NO_STATES] and client.closed and inner.heard == []


@pytest.mark.parametrize(
    ("limits", "caller", "reason"),
    [
        (Limits(0, 2, 9, 0), ANNA, MANY_TABS),
        (Limits(0, 9, 2, 0), STRANGER, CROWDED),
        (Limits(2, 9, 9, 0), STRANGER, FULL_HOUSE),
    ],
)
async def test_who_has_too_many_is_told_in_the_protocol_s_words(hall, inner, limits, caller, reason):
    sockets, opened = hall(limits)
    first, second = opened(caller).say(GREETING), opened(caller).say(GREETING)
    await settle()
    third = opened(caller)
    await third.task
    assert third.told == [reason] and reason in REFUSED_SOCKETS and third.closed and len(sockets) == 2
    assert not first.closed and not second.closed
    await first.leave()
    again = opened(caller).say(GREETING)
    await settle()
    assert not again.told and len(sockets) == 2 and sockets.counted == {reason: 1}


async def test_one_s_tabs_are_not_held_against_another(hall):
    _, opened = hall(Limits(0, 1, 1, 0))
    opened(ANNA), opened(STRANGER)
    await settle()
    others = [opened(Caller("person 2", person=True)), opened(Caller("198.51.100.1", person=False))]
    await settle()
    assert not any(other.told or other.closed for other in others)


async def test_who_opens_and_closes_all_the_time_has_to_wait(hall):
    clock = Clock()
    sockets, opened = hall(Limits(0, 5, 5, 0), clock)
    for _ in range(10):
        await opened(ANNA).leave()
    shut = opened(ANNA)
    await shut.task
    assert shut.closed == [4429] and not shut.told and sockets.counted == {"openings": 1}
    assert [message["type"] for message in shut.got] == ["websocket.close"]  # not even accepted
    clock.now += 1
    client = opened(ANNA).say(GREETING)
    await settle()
    assert not client.closed


async def test_too_large_a_frame_ends_the_connection_unheard(hall, inner):
    sockets, opened = hall()
    client = opened().say(GREETING, "x" * (LARGEST_FRAME + 1), EVENT)
    await client.task
    assert client.closed == [1009] and inner.heard == [GREETING] and inner.ended == 1
    assert sockets.counted == {"large": 1} and len(sockets) == 0


async def test_strange_frames_are_dropped_and_then_end_it(hall, inner):
    sockets, opened = hall()
    client = opened().say(GREETING, *["nonsense"] * (STRANGE_FRAMES - 1), EVENT)
    await settle()
    assert inner.heard == [GREETING, EVENT] and not client.closed
    client.say(b"\x00")
    await client.task
    assert client.closed == [1008] and sockets.counted == {"strange frame": STRANGE_FRAMES, "strange": 1}


async def test_a_burst_is_heard_at_once_and_a_flood_ended(hall, inner, monkeypatch):
    clock = Clock()

    async def passed(seconds):
        clock.now += seconds

    real = asyncio.sleep
    monkeypatch.setattr(shell.asyncio, "sleep", lambda seconds: passed(seconds) if seconds else real(0))
    sockets, opened = hall(Limits(0, 0, 0, 10), clock)
    client = opened().say(GREETING, *[EVENT] * 49)
    await settle()
    assert len(inner.heard) == 50 and clock.now == 0  # nobody waited
    client.say(*[EVENT] * 20)
    await settle()
    assert len(inner.heard) == 70 and 1.9 <= clock.now <= 2.1  # each in its turn
    client.say(*[EVENT] * (2 * IMPATIENT))
    await client.task
    assert client.closed == [1008] and sockets.counted == {"flood": 1}
    assert len(inner.heard) < 70 + IMPATIENT


async def test_who_never_says_anything_is_let_go(hall, inner, monkeypatch):
    monkeypatch.setattr(shell, "GREETS_WITHIN", 0.01)
    sockets, opened = hall()
    silent, answering = opened(), opened().say("3")
    await asyncio.wait_for(asyncio.gather(silent.task, answering.task), 30)
    assert silent.closed == answering.closed == [1008] and sockets.counted == {"silent": 2}


async def test_who_has_greeted_may_be_silent(hall, monkeypatch):
    monkeypatch.setattr(shell, "GREETS_WITHIN", 0.0)
    _, opened = hall()
    opened_late = opened()
    await opened_late.task
    monkeypatch.setattr(shell, "GREETS_WITHIN", 3600.0)
    client = opened().say(GREETING)
    await settle()
    assert opened_late.closed and not client.closed


async def test_the_log_gets_a_line_a_minute_and_not_one_a_frame(hall, caplog):
    clock = Clock()
    _, opened = hall(clock=clock)
    for _ in range(5):
        await opened().say(GREETING, *["nonsense"] * STRANGE_FRAMES).task
    assert len(caplog.records) == 2  # of frames, and of connections
    clock.now += 61
    await opened().say(GREETING, *["nonsense"] * STRANGE_FRAMES).task
    assert len(caplog.records) == 4


async def test_the_edge_leads_every_socket_through_the_limits_also_the_first_one(hall, inner, tmp_path):
    sockets, _ = hall(Limits(1, 0, 0, 0))
    nobody = frozenset()
    edge = Edge(inner, api=inner, demo=None, pages=nobody, private=nobody, built=tmp_path, sockets=sockets)
    assert len(sockets) == 0  # as it is when the server begins
    inbox, got = asyncio.Queue(), []

    async def took(message):
        got.append(message)

    inbox.put_nowait({"type": "websocket.connect"})
    scope = {"type": "websocket", "path": "/_event/", "headers": [], "caller": STRANGER}
    task = asyncio.create_task(edge(scope, inbox.get, took))
    await settle()
    assert len(sockets) == 1
    inbox.put_nowait({"type": "websocket.disconnect", "code": 1001})
    await task

"""The outermost layer at the end of a process: requests are counted, sockets turned away, open ones closed by 1012."""

import asyncio
from typing import Any

from lk_reflex.api.edge.draining import RESTART, Draining
from lk_reflex.core.ending import Ending

Sent = list[dict[str, Any]]


def wire(sent: Sent, frames: "asyncio.Queue[dict[str, Any]] | None" = None):
    queue: asyncio.Queue[dict[str, Any]] = frames or asyncio.Queue()

    async def send(message: Any) -> None:
        sent.append(message)

    return queue.get, send


async def test_a_request_counts_until_it_is_answered():
    ending, seen = Ending(), []

    async def app(_scope, _receive, _send):
        seen.append(ending.busy)

    receive, send = wire([])
    await Draining(app, ending)({"type": "http"}, receive, send)
    assert seen == [1] and ending.busy == 0


async def test_new_sockets_are_told_503_so_that_a_proxy_asks_another_process():
    ending, sent = Ending(), []
    ending.draining = True
    frames: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    frames.put_nowait({"type": "websocket.connect"})
    receive, send = wire(sent, frames)
    scope = {"type": "websocket", "extensions": {"websocket.http.response": {}}}
    await Draining(_never, ending)(scope, receive, send)
    assert sent[0]["type"] == "websocket.http.response.start" and sent[0]["status"] == 503
    frames.put_nowait({"type": "websocket.connect"})
    await Draining(_never, ending)({"type": "websocket"}, receive, send)
    assert sent[-1] == {"type": "websocket.close", "code": RESTART}


async def test_an_open_socket_waiting_for_its_next_frame_is_closed_and_the_application_hears_so():
    ending, sent, heard = Ending(), [], []

    async def app(_scope, receive, _send):
        while (message := await receive())["type"] != "websocket.disconnect":
            heard.append(message)
        heard.append(message)
        await asyncio.sleep(0)  # a task that had stayed cancelled would end here

    frames: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    frames.put_nowait({"type": "websocket.receive", "text": "42"})
    receive, send = wire(sent, frames)
    connection = asyncio.create_task(Draining(app, ending)({"type": "websocket"}, receive, send))
    while not heard:
        await asyncio.sleep(0)
    await asyncio.wait_for(ending.drain(60), 30)
    await connection
    assert sent == [{"type": "websocket.close", "code": RESTART}]
    assert heard[-1] == {"type": "websocket.disconnect", "code": RESTART}


async def test_a_frame_in_hand_is_dealt_with_before_the_socket_goes():
    ending, sent, done, busy = Ending(), [], [], asyncio.Event()

    async def app(_scope, receive, _send):
        while (await receive())["type"] != "websocket.disconnect":
            await busy.wait()
            done.append(1)

    frames: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    frames.put_nowait({"type": "websocket.receive"})
    receive, send = wire(sent, frames)
    connection = asyncio.create_task(Draining(app, ending)({"type": "websocket"}, receive, send))
    drain = asyncio.create_task(ending.drain(60))
    for _ in range(20):
        await asyncio.sleep(0)
    assert not sent
    busy.set()
    await asyncio.wait_for(asyncio.gather(drain, connection), 30)
    assert done == [1] and len(sent) == 1


async def test_a_connection_that_its_server_cancels_stays_cancelled():
    receive, send = wire([])

    async def app(_scope, receive, _send):
        await receive()

    connection = asyncio.create_task(Draining(app, Ending())({"type": "websocket"}, receive, send))
    await asyncio.sleep(0)
    connection.cancel()
    outcome = await asyncio.gather(connection, return_exceptions=True)
    assert isinstance(outcome[0], asyncio.CancelledError)


async def _never(_scope: Any, _receive: Any, _send: Any) -> None:
    raise AssertionError("nobody is let in any more")

"""The very outermost ASGI layer: counts what runs, and turns new sockets away while the process comes to its end."""

import asyncio
from contextlib import suppress
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lk_reflex.core.ending import Ending

#: «Service Restart»: the browser opens another connection, which the proxy leads to a process that stays.
RESTART = 1012
_DENIAL = "websocket.http.response"


class Draining:
    """Costs a frame of a socket next to nothing: no task, no lock."""

    def __init__(self, app: ASGIApp, ending: Ending) -> None:
        self._app, self._ending = app, ending

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on."""
        if scope["type"] == "http":
            with self._ending.work():
                await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._socket(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._ending.draining:
            await _refuse(scope, receive, send)
            return

        line = _Line(receive, send)
        with self._ending.socket(line.close, _tab(scope)):
            await self._app(scope, line.receive, send)


def _tab(scope: Scope) -> str:
    """The name that a tab gives itself in its socket's address."""
    query = parse_qs(scope.get("query_string", b"").decode("latin-1"))
    return query.get("token", [""])[0]


class _Line:
    """One connection, which can be closed from beside while the application waits for its next frame.

    Granian sends no close while a `receive` is pending, so that is interrupted first.
    """

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive, self._send = receive, send
        self._closing = False
        self._waits: asyncio.Task[Any] | None = None

    async def receive(self) -> Message:
        """The next frame, or that the connection is over."""
        if not self._closing:
            self._waits = asyncio.current_task()
            try:
                return await self._receive()
            except asyncio.CancelledError:
                if not self._closing or self._waits is None:
                    raise
                self._waits.uncancel()
            finally:
                self._waits = None
        with suppress(Exception):  # it is gone already
            await self._send({"type": "websocket.close", "code": RESTART})
        return {"type": "websocket.disconnect", "code": RESTART}

    def close(self) -> None:
        """Send the browser elsewhere; a frame in hand is dealt with first."""
        self._closing = True
        if self._waits is not None:
            self._waits.cancel()


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    """503 where the server can say it: proxies take that as a reason to ask another process."""
    await receive()
    if _DENIAL not in scope.get("extensions", {}):
        await send({"type": "websocket.close", "code": RESTART})
        return
    headers: list[tuple[bytes, bytes]] = [(b"retry-after", b"1"), (b"content-length", b"0")]
    answer: list[Message] = [
        {"type": f"{_DENIAL}.start", "status": int(HTTPStatus.SERVICE_UNAVAILABLE), "headers": headers},
        {"type": f"{_DENIAL}.body", "body": b""},
    ]
    for message in answer:
        await send(message)

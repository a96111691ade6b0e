"""Residents without a browser: each speaks to one kind of server with frames made beforehand."""

import asyncio
import json
import os
import re
import uuid
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import aiohttp

from benchmarks import data
from benchmarks.places import cookie
from lk_reflex.core.months import Month

Plan = dict[str, Any]
#: What a browser sends along; the servers keep these for each connection.
HEADERS = {
    "User-Agent": "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari",
    "Accept-Language": "ru-RU,ru;q=0.9,en;q=0.8",
    "Accept-Encoding": "gzip, deflate, br",
    "Cache-Control": "no-cache",
}
SOCKET = "/_event/?EIO=4&transport=websocket&token="
ROOT_STATE = "reflex___state____state"
#: The cabinet's own name where it isn't the address that it is called by.
ORIGIN = os.environ.get("BENCH_ORIGIN", "")
#: The built pages: a browser knows from them its states' first values, and sends the hashes of those along.
PAGES = os.environ.get("BENCH_PAGES", "")
_HASHES = re.compile(r"[0-9a-f]{16}(?:\W{1,3}[0-9a-f]{16})+")
#: «2026-09,2026-10»: the months of the data, where they aren't the benchmarks' own.
MONTHS = os.environ.get("BENCH_MONTHS", "")
HYDRATED = '"is_hydrated_rx_state_":true'
WAIT = 60


def months() -> list[Month]:
    """Those that may be switched to, oldest first."""
    return [Month.parse(key) for key in MONTHS.split(",")] if MONTHS else data.months()


@lru_cache(maxsize=1)
def known_states() -> list[str]:
    """The hashes of the states' first values as the built pages have them; none where no pages are named."""
    if not PAGES:
        return []
    found = _HASHES.search("".join(path.read_text() for path in Path(PAGES).glob("assets/context-*.js")))
    assert found, f"{PAGES}: no hashes of the states"
    return re.findall(r"[0-9a-f]{16}", found[0])


class Client(Protocol):
    """One resident. `switch` presses «<» once and returns the size of the answer."""

    async def connect(self) -> None:
        """Sign on, up to a filled page."""
        ...

    async def switch(self) -> int:
        """One month back."""
        ...

    async def close(self) -> None:
        """Leave."""
        ...


class Reflex:
    """A tab of a Reflex app: the frames that `utils/state.js` would send."""

    def __init__(self, session: aiohttp.ClientSession, url: str, user: int) -> None:
        self.session, self.url, self.user = session, url, user
        self.step, self.token = 0, str(uuid.uuid4())
        self.socket: aiohttp.ClientWebSocketResponse | None = None
        self.reader: asyncio.Task[None] | None = None
        self.awaited: asyncio.Future[str] | None = None
        self.wanted = HYDRATED
        self.frames = self.make_frames()

    def make_frames(self) -> list[str]:
        """One frame per month."""
        handler = f"{ROOT_STATE}.floor___floor____bench.show"
        route = {"pathname": "/", "asPath": "/"}
        return [_event(handler, {"account": self.user, "month": month.ordinal}, route) for month in reversed(months())]

    def boot(self) -> dict[str, Any]:
        """The first event, which rides in the CONNECT packet."""
        known = {"vars": {}, "hashes": known_states()}
        return {"name": f"{ROOT_STATE}.hydrate_and_load", "payload": known, "router_data": self.address()}

    def address(self) -> dict[str, Any]:
        """Where the tab stands at first."""
        return {"pathname": "/", "asPath": "/"}

    async def connect(self) -> None:
        headers = {**HEADERS, "Origin": ORIGIN or self.url, "Cookie": f"lk_session={cookie(self.user)}"}
        self.socket = await self.session.ws_connect(
            f"{self.url.replace('http', 'ws', 1)}{SOCKET}{self.token}", headers=headers, max_msg_size=0
        )
        first = await self.socket.receive_str()
        assert first.startswith("0{"), first
        self.reader = asyncio.create_task(self.read())
        await self.ask(f"40/_event,{json.dumps({'event': self.boot()})}", HYDRATED)

    async def read(self) -> None:
        """Answer pings; hand the awaited answer over."""
        assert self.socket is not None
        async for message in self.socket:
            text = message.data
            if text == "2":
                await self.socket.send_str("3")
            elif self.awaited and not self.awaited.done() and self.wanted in text:
                self.awaited.set_result(text)

    async def ask(self, frame: str, wanted: str) -> str:
        """Send, and wait for the frame that holds a text."""
        assert self.socket is not None
        self.awaited, self.wanted = asyncio.get_running_loop().create_future(), wanted
        await self.socket.send_str(frame)
        return await asyncio.wait_for(self.awaited, WAIT)

    async def switch(self) -> int:
        self.step += 1
        answer = await self.ask(self.frames[self.step % len(self.frames)], "delta")
        assert '"charged"' in answer, answer
        return len(answer.encode())

    async def close(self) -> None:
        if self.socket is not None:
            await self.socket.close()
        if self.reader is not None:
            self.reader.cancel()


class Product(Reflex):
    """A resident at `/charges`, who follows the navigator's link."""

    def make_frames(self) -> list[str]:
        handler = f"{ROOT_STATE}.reflex___state____on_load_internal_state.on_load_internal"
        return [_event(handler, {}, _charges(month.key)) for month in reversed(months())]

    def address(self) -> dict[str, Any]:
        return _charges(months()[-1].key)

    async def switch(self) -> int:
        self.step += 1
        answer = await self.ask(self.frames[self.step % len(self.frames)], "delta")
        assert "receipts_rx_state_" in answer, answer
        return len(answer.encode())


def _charges(key: str) -> dict[str, Any]:
    return {"pathname": "/charges", "asPath": f"/charges?month={key}", "query": {"month": key}}


def _event(name: str, payload: dict[str, Any], route: dict[str, Any]) -> str:
    body = ["event", {"name": name, "payload": payload, "router_data": route}]
    return f"42/_event,{json.dumps(body, separators=(',', ':'))}"


class Http:
    """A kept connection that asks for the partial."""

    def __init__(self, session: aiohttp.ClientSession, url: str, user: int) -> None:
        self.user, self.step = user, user
        self.host, _, port = url.removeprefix("http://").partition(":")
        self.port = int(port)
        head = "".join(f"{name}: {value}\r\n" for name, value in HEADERS.items())
        self.frames = [
            f"GET /part?account={user}&month={month.ordinal} HTTP/1.1\r\nHost: {self.host}\r\n{head}\r\n".encode()
            for month in reversed(months())
        ]

    async def connect(self) -> None:
        self.reader, self.writer = await asyncio.open_connection(self.host, self.port)

    async def switch(self) -> int:
        self.step += 1
        self.writer.write(self.frames[self.step % len(self.frames)])
        head = await self.reader.readuntil(b"\r\n\r\n")
        assert b" 200 " in head[:20], head
        found = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
        assert found, head
        await self.reader.readexactly(int(found[1]))
        return len(head) + int(found[1])

    async def close(self) -> None:
        self.writer.close()


class NiceGui(Reflex):
    """A tab of NiceGUI: its page, its socket, the button's event."""

    def make_frames(self) -> list[str]:
        return []

    async def connect(self) -> None:
        async with self.session.get(f"{self.url}/", headers=HEADERS) as response:
            page = await response.text()
        client, listener, button = _nicegui_ids(page)
        body = {"id": button, "client_id": client, "listener_id": listener}
        clicks = [json.dumps({"account": self.user, "month": month.ordinal}) for month in reversed(months())]
        self.frames = [f"42{json.dumps(['event', {**body, 'args': [click]}])}" for click in clicks]
        query = f"EIO=4&transport=websocket&client_id={client}&next_message_id=0&implicit_handshake=true"
        self.socket = await self.session.ws_connect(
            f"{self.url.replace('http', 'ws', 1)}/_nicegui_ws/socket.io/?{query}"
            f"&document_id={self.token}&tab_id={self.token}",
            headers=HEADERS,
            max_msg_size=0,
        )
        await self.socket.receive_str()
        self.reader = asyncio.create_task(self.read())
        await self.ask("40", "40")

    async def switch(self) -> int:
        self.step += 1
        answer = await self.ask(self.frames[self.step % len(self.frames)], '"update"')
        assert '"charged"' in answer, answer
        return len(answer.encode())


def _nicegui_ids(page: str) -> tuple[str, str, int]:
    client = re.search(r"'client_id': '([0-9a-f-]{36})'", page)
    button = re.search(r'"(\d+)":\{"tag":"button","events":\[\{"listener_id":"([0-9a-f-]+)"', page)
    assert client and button, page[-3000:]
    return client[1], button[2], int(button[1])


KINDS: dict[str, type[Any]] = {"product": Product, "reflex": Reflex, "http": Http, "nicegui": NiceGui}

"""Tabs that know at once when they are cut, and a way in through a proxy for whoever opens them."""

import asyncio
import json
import re
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from typing import Any

import aiohttp

from benchmarks.city.crowd import session_at
from lk_reflex.domain.identity.cookies import SESSION_COOKIE
from lk_reflex.ui.gate import HYDRATE, ON_LOAD
from tests.front.front import NAME, SITE, Front

HOST = "__Host-"
HYDRATED = r'"is_hydrated_rx_state_":true'
#: Of one press, however busy the machine is; in seconds.
WAITS = 60.0


class NoAnswer(Exception):
    """The line broke, or what came back says nothing about the press."""


class Line:
    """A tab's connection, which notices at once when it is cut."""

    def __init__(self, http: aiohttp.ClientSession, base: str, path: str, cookies: str, token: str = "") -> None:
        self.http, self.base, self.path, self.cookies = http, base, path, cookies
        self.token, self.heard = token or str(uuid.uuid4()), ""
        self._news = asyncio.Event()
        self._over = False

    async def open(self) -> str:
        """Up to a filled page; all that came with it."""
        url = f"{self.base.replace('http', 'ws', 1)}/_event/?EIO=4&transport=websocket&token={self.token}"
        headers = {"Origin": SITE, "Host": NAME, **({"Cookie": self.cookies} if self.cookies else {})}
        self._socket = await self.http.ws_connect(url, headers=headers, max_msg_size=0)
        self._reader = asyncio.create_task(self._read())
        await self._socket.send_str(f"40/_event,{json.dumps({'event': self._event(HYDRATE, {})})}")
        return await self.hears(HYDRATED)

    async def call(self, handler: str, until: str, **payload: Any) -> str:
        """Send an event; all that came until one of these words did."""
        self.heard = ""
        await self._socket.send_str(f"42/_event,{json.dumps(['event', self._event(handler, payload)])}")
        return await self.hears(until)

    async def go(self, address: str) -> str:
        """Follow a link within the cabinet."""
        self.path = address
        return await self.call(ON_LOAD, HYDRATED)

    async def hears(self, until: str) -> str:
        """All that came, once these words did; raises NoAnswer where the line ends before."""
        async with asyncio.timeout(WAITS):
            while not re.search(until, self.heard):
                if self._over:
                    raise NoAnswer(self.heard[-300:])
                self._news.clear()
                await self._news.wait()
        return self.heard

    async def over(self) -> str:
        """Wait for the end of the line; all that came before it."""
        await asyncio.wait_for(asyncio.shield(self._reader), WAITS)
        return self.heard

    async def close(self) -> None:
        await self._socket.close()
        self._reader.cancel()

    async def _read(self) -> None:
        try:
            async for message in self._socket:
                if message.type is not aiohttp.WSMsgType.TEXT:
                    break
                if message.data == "2":
                    await self._socket.send_str("3")
                self.heard += message.data
                self._news.set()
        finally:
            self._over = True
            self._news.set()

    def _event(self, name: str, payload: dict[str, Any]) -> dict[str, Any]:
        path, _, query = self.path.partition("?")
        given = dict(part.split("=", 1) for part in query.split("&") if "=" in part)
        return {
            "name": name,
            "payload": payload,
            "router_data": {"pathname": path, "asPath": self.path, "query": given},
        }


class Way:
    """The way in through a proxy: each visit from an address of its own, which limits of addresses don't stop."""

    def __init__(self, front: Front) -> None:
        self.front, self._addresses = front, count()
        self.base = f"https://{NAME}:{front.https}"

    @asynccontextmanager
    async def http(self) -> AsyncIterator[aiohttp.ClientSession]:
        """A new visitor's."""
        number = next(self._addresses)
        address = f"127.{number // 200 % 200 + 9}.{number % 200 + 1}.1"
        async with session_at(address, str(self.front.folder / "fullchain.pem")) as session:
            yield session

    @asynccontextmanager
    async def tab(self, path: str, cookies: str = "", token: str = "") -> AsyncIterator[Line]:
        """An opened page."""
        async with self.http() as session:
            line = Line(session, self.base, path, cookies, token)
            try:
                await line.open()
                yield line
            finally:
                if hasattr(line, "_socket"):
                    await line.close()

    async def post(self, path: str, cookies: str, **form: str) -> tuple[aiohttp.ClientResponse, str]:
        """A form's answer, not followed; raises NoAnswer for the proxy's own pages."""
        headers = {"Origin": SITE, "Host": NAME, **({"Cookie": cookies} if cookies else {})}
        async with (
            self.http() as session,
            session.post(f"{self.base}{path}", data=form, headers=headers, allow_redirects=False) as answer,
        ):
            text = await answer.text()
            if answer.status >= 500:
                raise NoAnswer(answer.status)
            return answer, text


def signed(cookie: str) -> str:
    return f"{HOST}{SESSION_COOKIE}={cookie}"

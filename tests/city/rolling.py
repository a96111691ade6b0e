"""Tabs that type, and people who open pages, while an operator restarts one process after the other.

A tab does as a browser does: it keeps its token and its text, comes back wherever somebody answers, and types on. Who
opens pages does as nginx does: what one process doesn't take goes to the other, once.
"""

import asyncio
import re
import sys
import time
import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import httpx
import socketio

from lk_reflex.core.clock import utc_now
from lk_reflex.domain.identity.cookies import SESSION_COOKIE
from lk_reflex.domain.requests.drafts import keep_fields, open_draft, own_draft
from lk_reflex.domain.requests.kinds import Kind
from lk_reflex.ui.resident.appeal.state import AppealState
from tests.city.people import Resident
from tests.city.town import PATIENCE, City, awaited, ready
from tests.served.conftest import RawSocket

KEEP = f"{AppealState.get_full_name()}.keep_text"
#: What the server says when it has kept something, and which build it serves.
_KEPT = re.compile(r"Сохранено в \d\d:\d\d:\d\d")
_BUILD = re.compile(r"'build_rx_state_': '(\w+)'")
#: Between two words typed: the server names the second at which it has kept one, and tells only of a change.
PAUSE = 1.2
PAGES = ("/overview", "/readings", "/charges", "/")
_AWAY = (socketio.exceptions.SocketIOError, aiohttp.ClientError, OSError, TimeoutError)


@dataclass
class Place:
    """Where a socket goes; all that a `RawSocket` asks of a site."""

    base: str


@dataclass
class Figures:
    """What became of a deploy: `failed` of the `requests`, with reasons; `longest` was a tab alone, in seconds."""

    connected: int
    reconnections: int
    requests: int
    retried: int
    failed: list[str]
    typed: int
    lost: int
    longest: float


class Tab:
    """One browser tab in the form of an appeal."""

    def __init__(self, bases: Sequence[str], resident: Resident, number: str, turn: int) -> None:
        self.resident, self.number, self.path = resident, number, f"/services/appeal/{number}"
        self.token, self.build, self.kept = str(uuid.uuid4()), "", 0
        self.connections, self.longest = 0, 0.0
        self._bases, self._turn, self._away_since = bases, turn, time.monotonic()
        self._socket: RawSocket | None = None

    @property
    def connected(self) -> bool:
        return self._socket is not None and self._socket.client.connected

    async def live(self, ending: asyncio.Event) -> None:
        """Until the end, whatever happens to the servers."""
        while not ending.is_set():
            self._socket = RawSocket(Place(self._bases[self._turn % len(self._bases)]), self.resident.cookie,  # type: ignore[arg-type]
                                     token=self.token)  # fmt: skip
            try:
                await self._session(self._socket, ending)
            except _AWAY:
                await asyncio.sleep(0.2)
            finally:
                await _closed(self._socket)
            self._turn += 1

    async def _session(self, socket: RawSocket, ending: asyncio.Event) -> None:
        await asyncio.wait_for(socket.open(self.path), 20)
        heard = await self._heard(socket, _BUILD)
        if not heard:
            return
        self.build = heard
        self.connections += 1
        if self.connections > 1:
            self.longest = max(self.longest, time.monotonic() - self._away_since)
        try:
            while socket.client.connected and not ending.is_set():
                await self._type(socket)
        finally:
            self._away_since = time.monotonic()

    async def _type(self, socket: RawSocket) -> None:
        """A word. What hasn't been answered for is still in the field, and goes again with the next key."""
        word = self.kept + 1
        socket.heard.clear()
        await socket.send(KEEP, {"text": f"слово {word}"}, self.path)
        if await self._heard(socket, _KEPT):
            self.kept = word
        await asyncio.sleep(PAUSE)

    async def _heard(self, socket: RawSocket, what: re.Pattern[str]) -> str:
        """Wait for words of the server; empty where the connection ends first."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if found := what.search(repr(socket.heard)):
                return found[what.groups]
            if not socket.client.connected:
                return ""
            await asyncio.sleep(0.05)
        raise TimeoutError


async def _closed(socket: RawSocket) -> None:
    with suppress(*_AWAY):
        if socket.client.connected:
            await socket.client.disconnect()
    if socket.client.eio.http is not None:
        await socket.client.eio.http.close()


@dataclass
class Crowd:
    """`tabs` of them over the residents, and `visitors` who open a page a second each."""

    city: City
    residents: Sequence[Resident]
    count: int
    visitors: int = 4
    tabs: list[Tab] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    requests: int = 0
    retried: int = 0

    async def __aenter__(self) -> "Crowd":
        self._ending, self._tasks = asyncio.Event(), []
        self._clients = {base: httpx.AsyncClient(base_url=base, timeout=60) for base in self.city.bases}
        for number in range(self.count):
            resident = self.residents[number % len(self.residents)]
            draft = await asyncio.to_thread(self._draft, resident)
            self.tabs.append(Tab(self.city.bases, resident, draft, number))
        lives: list[Any] = [tab.live(self._ending) for tab in self.tabs]
        lives += [self._visit(number) for number in range(self.visitors)]
        self._tasks = [asyncio.create_task(life) for life in lives]
        return self

    async def __aexit__(self, *_fault: object) -> None:
        self._ending.set()
        await asyncio.wait(self._tasks, timeout=30)
        for task in self._tasks:
            task.cancel()
        for client in self._clients.values():
            await client.aclose()
        for task in self._tasks:
            if task.done() and not task.cancelled() and task.exception():
                raise task.exception()  # type: ignore[misc]

    def _draft(self, resident: Resident) -> str:
        with self.city.database.engine.connect() as connection:
            organization = connection.exec_driver_sql(
                f"SELECT organization_id FROM accounts WHERE id = {resident.account}"
            ).scalar_one()
        number = self.city.database.write(
            open_draft, resident.actor, Kind.APPEAL, organization_id=organization, account_id=resident.account,
            now=utc_now(),
        )  # fmt: skip
        # One that nobody has typed into would be the next tab's, too.
        self.city.database.write(keep_fields, resident.actor, number, {"text": "слово 0"}, now=utc_now())
        return number

    async def _visit(self, number: int) -> None:
        step = number
        while not self._ending.is_set():
            step += 1
            await self._open(PAGES[step % len(PAGES)], step)
            await asyncio.sleep(1)

    async def _open(self, path: str, turn: int) -> None:
        bases = [self.city.bases[(turn + more) % len(self.city.bases)] for more in range(len(self.city.bases))]
        cookie = f"{SESSION_COOKIE}={self.residents[turn % len(self.residents)].cookie}"
        self.requests += 1
        for place, base in enumerate(bases):
            try:
                answer = await self._clients[base].get(path, headers={"Cookie": cookie})
            except httpx.TransportError as fault:
                self.retried += 1
                if place + 1 == len(bases):
                    self.failed.append(f"{path}: {type(fault).__name__}")
            else:
                if answer.status_code >= 400:
                    self.failed.append(f"{path}: {answer.status_code}")
                return

    async def get(self, path: str, base: str) -> httpx.Response:
        """One request to one process."""
        return await self._clients[base].get(path)

    async def settled(self, build: str = "") -> None:
        """Until every tab is connected (to that build) and has been told anew that a word of it is kept."""
        kept = [tab.kept for tab in self.tabs]
        deadline = time.monotonic() + PATIENCE
        while not all(
            tab.connected and tab.kept > before and build in (tab.build, "")
            for tab, before in zip(self.tabs, kept, strict=True)
        ):
            assert time.monotonic() < deadline, f"{sum(tab.connected for tab in self.tabs)} tabs of {self.count}"
            await asyncio.sleep(0.1)

    def figures(self) -> Figures:
        """As of now; compares what tabs were told is kept with what the database has."""
        return Figures(
            connected=sum(tab.connected for tab in self.tabs),
            reconnections=sum(tab.connections - 1 for tab in self.tabs),
            requests=self.requests,
            retried=self.retried,
            failed=self.failed,
            typed=sum(tab.kept for tab in self.tabs),
            lost=sum(self._stored(tab) < tab.kept for tab in self.tabs),
            longest=max(tab.longest for tab in self.tabs),
        )

    def _stored(self, tab: Tab) -> int:
        draft = self.city.database.read(own_draft, tab.resident.actor, tab.number)
        return int(str(draft.form["text"]).rpartition(" ")[2])


async def rolled(city: City, module: str = "lk_reflex") -> float:
    """Restart the web processes one after the other, each only when the one before is ready; seconds for all."""
    began = time.monotonic()
    for place, web in enumerate(city.webs):
        await asyncio.to_thread(web.stop)
        words = [sys.executable, "-m", module, "serve", *city.web_words]
        again = city.webs[place] = city._begin(f"web-{web.port}", words, city.env(web.port), web.port)
        await asyncio.to_thread(awaited, lambda again=again: ready(again), f"{again.log}", again)
    return time.monotonic() - began

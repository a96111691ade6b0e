"""Scenario 37: one client floods, sends too much, or says nothing at all, and everybody else is served as before.

Over a cabinet of its own with the limits that an installation has, except where a line below says so.
"""

import asyncio
import json
import re
import socket
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from lk_reflex.domain.identity.cookies import SESSION_COOKIE
from lk_reflex.ui.gate import HYDRATE, ON_LOAD
from lk_reflex.ui.shared.words import CROWDED, MANY_TABS
from tests.served.conftest import sign_in
from tests.site import CROWD, PORT, ROOT, Site, environment, fresh_copy

IDLE, ACTIVE, EACH = 300, 50, 12
PEOPLE = ("anna", "boris", "vera", "operator", "operator2")
#: A private page that is filled from the database at each load.
PAGE = "/accounts"
#: Megabytes that a 5 MB frame from each of ten attackers, and all that was refused, may leave behind.
GROWTH = 200
WITHIN = 90.0


@dataclass
class Shell:
    site: Site
    process: subprocess.Popen[bytes]

    def memory(self) -> int:
        """Megabytes of the server and its children, as the kernel counts them."""
        return sum(_resident(number) for number in (self.process.pid, *_children(self.process.pid))) // 1024


@pytest.fixture(scope="module")
def shell(prepared, tmp_path_factory) -> Iterator[Shell]:
    data = fresh_copy(prepared, tmp_path_factory.mktemp("shell"))
    port, log = PORT + 3, data / "serve.log"
    settings = {name: value for name, value in environment(data, port).items() if name not in CROWD}
    settings |= {
        "LK_PUBLIC_URL": f"http://localhost:{PORT}",  # for which the pages are built
        "LK_SOCKETS_ADDRESS": str(IDLE + 5),  # all strangers of this test are at one address
        "LK_SOCKETS_EACH": str(EACH),
    }
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "lk_reflex", "serve"], cwd=ROOT, env=settings, stdout=out, stderr=out
        )
    site = Site(f"http://localhost:{port}", data, process, log, process)
    try:
        deadline = time.monotonic() + 180
        while not _answers(site):
            assert process.poll() is None and time.monotonic() < deadline, log.read_text()[-3000:]
            time.sleep(0.2)
        yield Shell(site, process)
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(30)


async def test_limits_hold_and_others_are_served_as_before(shell):
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:
        cookies = {name: sign_in(shell.site, name) for name in PEOPLE}
        idle = await _all([Tab(http, shell.site).open for _ in range(IDLE)], at_once=25)
        active = await _all(
            [
                partial(Tab(http, shell.site, cookies[PEOPLE[place % len(PEOPLE)]]).open, PAGE)
                for place in range(ACTIVE)
            ],
            at_once=10,
        )
        loads = [partial(tab.load, PAGE) for tab in active]
        await _all(loads, at_once=10)
        before = await _all(loads, at_once=10)
        assert SHOWN in await shown(http, shell.site, cookies["boris"])
        memory, lines = shell.memory(), len(shell.site.log.read_text().splitlines())

        attacks = asyncio.gather(
            *(slow_headers(shell.site) for _ in range(60)),
            *(slow_body(shell.site) for _ in range(20)),
            *(large_frame(http, shell.site, cookies["operator"]) for _ in range(2)),
            flood(http, shell.site, cookies["vera"]),
            nonsense(http, shell.site, cookies["boris"]),
            too_many_tabs(http, shell.site, cookies["anna"]),
            crowd(http, shell.site),
            never_greets(http, shell.site, cookies["operator2"]),
        )
        for _ in range(3):
            during = await _all(loads, at_once=10)
            assert during == before
            assert SHOWN in await shown(http, shell.site, cookies["boris"])
        outcomes = await asyncio.wait_for(attacks, WITHIN)
        assert all(outcomes), outcomes

        assert await _all(loads, at_once=10) == before
        assert await _all([tab.ping for tab in idle], at_once=25) == ["pong"] * IDLE
        assert not any(tab.gone for tab in (*idle, *active))
        assert shell.memory() < memory + GROWTH
        said = shell.site.log.read_text().splitlines()[lines:]
        assert len(said) < 60 and not [line for line in said if "Traceback" in line], said
        for tab in (*idle, *active):
            await tab.leave()
        await _awaited(lambda: _opens_again(http, shell.site, cookies["anna"]))


SMUGGLED = "GET /api/health/live HTTP/1.1\r\nHost: a\r\n\r\n"
GET, POST, PIECES = "GET /help HTTP/1.1\r\nHost: a\r\n", "POST /api/view HTTP/1.1\r\nHost: a\r\n", "0\r\n\r\n"
ODD = {
    "two lengths": f"{POST}Content-Length: 0\r\nContent-Length: {len(SMUGGLED)}\r\n\r\n",
    "length and pieces": f"{POST}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n{PIECES}",
    "hidden pieces": f"{POST}Content-Length: 5\r\nTransfer-Encoding : chunked\r\n\r\n{PIECES}",
    "pieces of a page": f"{GET}Transfer-Encoding: chunked\r\n\r\n{PIECES}",
    "a page with a body": f"{GET}Content-Length: {len(SMUGGLED)}\r\n\r\n",
    "a plus": f"{POST}Content-Length: +0\r\n\r\n",
    "a space in a name": "GET /help HTTP/1.1\r\nHost : a\r\n\r\n",
    "a folded line": f"{GET}X: 1\r\n\t2\r\n\r\n",
    "large headers": f"{GET}X: {'x' * 200_000}\r\n\r\n",
    "many headers": f"{GET}" + "X: 1\r\n" * 1000 + "\r\n",
    "a long query": f"GET /help?{'x' * 20_000} HTTP/1.1\r\nHost: a\r\n\r\n",
    "a long path": f"GET /{'x' * 20_000} HTTP/1.1\r\nHost: a\r\n\r\n",
    "trace": "TRACE /help HTTP/1.1\r\nHost: a\r\n\r\n",
    "connect": "CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n",
    "put": "PUT /help HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
    "another's address": "GET http://evil.example/api/sign-in HTTP/1.1\r\nHost: a\r\n\r\n",
    "the socket by polling": "GET /_event/?EIO=4&transport=polling HTTP/1.1\r\nHost: a\r\n\r\n",
    "Reflex's own health": "GET /_health HTTP/1.1\r\nHost: a\r\n\r\n",
    "HTTP/2 at once": "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
}


#: Where a server in front could take for the body what this one takes for the next request, or the other way round.
HIDING = ("two lengths", "length and pieces", "hidden pieces", "a page with a body", "pieces of a page")


@pytest.mark.parametrize("what", ODD)
async def test_an_odd_request_is_refused_and_hides_no_other(shell, what):
    reader, writer = await asyncio.open_connection("127.0.0.1", PORT + 3)
    try:
        with suppress(OSError):
            writer.write((ODD[what] + SMUGGLED).encode())
            await writer.drain()
            if what not in HIDING:  # such a connection the server ends by itself, whatever else has come by it
                writer.write_eof()
        answer = b""
        with suppress(OSError):
            answer = await asyncio.wait_for(reader.read(-1), 60)
    finally:
        writer.close()
    first = answer.split(b"\r\n", 1)[0]
    # An address that is empty, as a CONNECT's is, Reflex's own outermost layer leads to «/».
    expected = rb"HTTP/1\.[01] (?:307|4\d\d)" if what == "connect" else rb"HTTP/1\.[01] 4\d\d"
    assert re.match(expected, first) or not answer, answer[:300]
    assert b"Allow: TRACE" not in answer
    if what in HIDING:
        assert b'{"status":"ok"}' not in answer, "what was hidden in the body was answered as a request"


@pytest.mark.parametrize(
    ("path", "status"), [("/api/staff/exchange", b"404"), ("/_upload", b"401"), ("/api/sign-in", b"413")]
)
def test_a_refusal_reaches_whoever_is_still_sending(shell, path, status):
    kind = "Content-Type: multipart/form-data; boundary=b"
    head = f"POST {path} HTTP/1.1\r\nHost: a\r\n{kind}\r\nContent-Length: 9000000\r\n\r\n"
    with socket.create_connection(("127.0.0.1", PORT + 3), timeout=30) as line:
        line.sendall(head.encode())
        for _ in range(3):  # the answer is here by now, and unread, as a proxy's would be that is busy sending
            time.sleep(0.3)
            line.sendall(b"x" * 32 * 1024)
        assert line.recv(65536).startswith(b"HTTP/1.1 " + status)


# What is done.

SHOWN = "1234567899"


class Tab:
    """A socket without a library around it, so that it may say anything."""

    def __init__(self, http: aiohttp.ClientSession, site: Site, cookie: str = "") -> None:
        self._http, self._site = http, site
        self._headers = {"Cookie": f"{SESSION_COOKIE}={cookie}"} if cookie else {}
        self.gone: int | None = None
        self.told = self.first = ""

    async def connect(self) -> "Tab":
        address = f"{self._site.base}/_event/?EIO=4&transport=websocket&token={uuid.uuid4()}"
        self.socket = await self._http.ws_connect(address, headers=self._headers, max_msg_size=0)
        self._heard: asyncio.Queue[str] = asyncio.Queue()
        self._ear = asyncio.create_task(self._listen())
        return self

    async def open(self, path: str = "/") -> "Tab":
        await self.connect()
        await self.say(f"40/_event,{json.dumps({'event': _event(HYDRATE, path)})}")
        self.first = await self.until(lambda frame: frame.startswith("42/_event,") and "delta" in frame)
        return self

    async def say(self, frame: str) -> None:
        await self.socket.send_str(frame)

    async def load(self, path: str) -> str:
        """Load the page anew; the rows that came."""
        await self.say(f"42/_event,{json.dumps(['event', _event(ON_LOAD, path)])}")
        return await self.until(lambda frame: frame.startswith("42/_event,") and "is_hydrated" in frame)

    async def ping(self) -> str:
        await self.say('42/_event,["ping"]')
        answer = await self.until(lambda frame: frame.startswith('42/_event,["ping"'))
        return json.loads(answer.partition(",")[2])[1]

    async def until(self, wanted: Callable[[str], bool]) -> str:
        """The next such frame; empty where the connection ends."""
        async with asyncio.timeout(WITHIN):
            while frame := await self._heard.get():
                if wanted(frame):
                    return frame
        return ""

    async def leave(self) -> None:
        self._ear.cancel()
        with suppress(asyncio.CancelledError):
            await self._ear
        await self.socket.close()

    async def _listen(self) -> None:
        """Answer pings for as long as it lasts, as a browser does in an idle tab as well."""
        while (message := await self.socket.receive()).type is aiohttp.WSMsgType.TEXT:
            if message.data == "2":
                with suppress(ConnectionError, aiohttp.ClientError):
                    await self.say("3")
            elif message.data.startswith("44/_event,"):
                self.told = json.loads(message.data.partition(",")[2])["message"]
            else:
                self._heard.put_nowait(message.data)
        self.gone = self.socket.close_code
        self._heard.put_nowait("")


async def shown(http, site, cookie) -> str:
    """What a page shows that is opened just now; whom the cabinet asks to come again does so, as a browser would."""
    async with asyncio.timeout(WITHIN):
        while True:
            tab = await Tab(http, site, cookie).open(PAGE)
            await tab.leave()
            if tab.first:
                return tab.first
            await asyncio.sleep(0.5)


async def large_frame(http, site, cookie) -> bool:
    tab = await Tab(http, site, cookie).open()
    with suppress(ConnectionError, aiohttp.ClientError):
        await tab.say("x" * 5_000_000)
    await tab.until(lambda _: False)
    return tab.gone in (1009, 1006)


async def flood(http, site, cookie) -> bool:
    tab = await Tab(http, site, cookie).open()
    frame = f"42/_event,{json.dumps(['event', _event(ON_LOAD, PAGE)])}"

    async def pour() -> None:
        with suppress(ConnectionError, aiohttp.ClientError):
            for _ in range(5000):
                await tab.say(frame)

    poured = asyncio.create_task(pour())
    await tab.until(lambda _: False)
    poured.cancel()
    with suppress(asyncio.CancelledError):
        await poured
    return tab.gone in (1008, 1006)


async def nonsense(http, site, cookie) -> bool:
    tab = await Tab(http, site, cookie).open()
    with suppress(ConnectionError, aiohttp.ClientError):
        for place in range(100):
            await tab.say(f'42/_event,["event",{{"name":"nothing.{place}","payload":[]}}]')
    await tab.until(lambda _: False)
    return tab.gone in (1008, 1006)


async def never_greets(http, site, cookie) -> bool:
    tab = await Tab(http, site, cookie).connect()
    await tab.until(lambda _: False)
    return tab.gone == 1008


async def too_many_tabs(http, site, cookie) -> bool:
    tabs = [await Tab(http, site, cookie).connect() for _ in range(EACH + 1)]
    last = tabs[-1]
    await last.until(lambda _: False)
    for tab in tabs:
        await tab.leave()
    return last.told == MANY_TABS


async def crowd(http, site) -> bool:
    tabs = [await Tab(http, site).connect() for _ in range(10)]
    last = tabs[-1]
    await last.until(lambda _: False)
    for tab in tabs:
        await tab.leave()
    return last.told == CROWDED


async def slow_headers(site) -> bool:
    return await _slow(f"GET /help HTTP/1.1\r\nHost: localhost:{PORT + 3}\r\n", "X-A: b\r\n")


async def slow_body(site) -> bool:
    head = f"POST /api/view HTTP/1.1\r\nHost: localhost:{PORT + 3}\r\nContent-Length: 1000\r\n"
    return await _slow(f"{head}Content-Type: application/x-www-form-urlencoded\r\n\r\n", "a=")


async def _slow(begins: str, then: str) -> bool:
    """Say a little now and then until the server has enough of it; whether it ever has."""
    reader, writer = await asyncio.open_connection("127.0.0.1", PORT + 3)
    ended = asyncio.create_task(reader.read(-1))
    try:
        writer.write(begins.encode())
        async with asyncio.timeout(WITHIN):
            while not ended.done():
                with suppress(ConnectionError):
                    writer.write(then.encode())
                    await writer.drain()
                await asyncio.wait([ended], timeout=2)
        return True
    finally:
        ended.cancel()
        with suppress(asyncio.CancelledError, ConnectionError):
            await ended
        writer.close()


async def _opens_again(http, site, cookie) -> bool:
    tab = await Tab(http, site, cookie).open()
    await tab.leave()
    return not tab.told


async def _awaited(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(WITHIN):
        while not await condition():
            await asyncio.sleep(0.2)


async def _all(work: Sequence[Callable[[], Awaitable[Any]]], *, at_once: int) -> list[Any]:
    """Done in turns, in the order given."""
    places = asyncio.Semaphore(at_once)

    async def one(job: Callable[[], Awaitable[Any]]) -> Any:
        async with places:
            return await job()

    return await asyncio.gather(*(one(job) for job in work))


def _event(name: str, path: str) -> dict[str, Any]:
    return {"name": name, "payload": {}, "router_data": {"pathname": path, "asPath": path, "query": {}}}


def _answers(site: Site) -> bool:
    try:
        urllib.request.urlopen(f"{site.base}/api/health/live", timeout=5).close()
    except OSError:
        return False
    return True


def _children(process: int) -> list[int]:
    found = [process]
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parent = int(path.read_text().rsplit(")", 1)[1].split()[1])
            if parent == process:
                found.append(int(path.parent.name))
    return found[1:]


def _resident(process: int) -> int:
    with suppress(OSError):
        fields = dict(line.split(":", 1) for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()[1:])
        return int(fields["Pss"].split()[0])
    return 0

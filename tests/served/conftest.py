"""Signing in to the served cabinet over plain HTTP, and raw sockets that speak Reflex's own wire format."""

import sqlite3
import uuid
from contextlib import closing
from typing import Any

import httpx
import pytest
import pytest_asyncio
import socketio

from lk_reflex.domain.identity.cookies import GUEST_COOKIE, SESSION_COOKIE
from lk_reflex.domain.identity.demo import DEMO_PASSWORD
from lk_reflex.ui.gate import HYDRATE
from tests.site import Site


def sign_in(site: Site, login: str, password: str = DEMO_PASSWORD) -> str:
    """The session cookie's value of a demo login."""
    answer = httpx.post(
        f"{site.base}/api/sign-in",
        data={"login": f"{login}@example.org", "password": password, "next": "/overview"},
        headers={"Origin": site.base},
    )
    assert answer.headers["location"] == "/overview"
    return answer.cookies[SESSION_COOKIE]


def knock(site: Site, number: str, house: str, flat: str) -> str:
    """The cookie's value of a visit without registration."""
    typed = {"number": number, "house": house, "flat": flat}
    answer = httpx.post(f"{site.base}/api/guest", data=typed, headers={"Origin": site.base})
    assert answer.headers["location"] == "/guest"
    return answer.cookies[GUEST_COOKIE]


class RawSocket:
    """A socket that may send anything. `heard` holds all that came back."""

    def __init__(self, site: Site, cookie: str = "", origin: str = "", token: str = "", guest: str = "") -> None:
        self.site, self.origin = site, origin
        held = {SESSION_COOKIE: cookie, GUEST_COOKIE: guest}
        self.cookies = "; ".join(f"{name}={value}" for name, value in held.items() if value)
        self.token = token or str(uuid.uuid4())
        self.client = socketio.AsyncClient(reconnection=False)
        self.heard: list[Any] = []

    async def open(self, path: str = "/") -> "RawSocket":
        @self.client.on("*", namespace="/_event")
        async def _any(event: str, *data: Any) -> None:
            self.heard.append((event, data))

        headers = {"Cookie": self.cookies} if self.cookies else {}
        if self.origin:
            headers["Origin"] = self.origin
        await self.client.connect(
            f"{self.site.base}?token={self.token}", headers=headers, transports=["websocket"], namespaces=["/_event"],
            socketio_path="_event", auth={"event": self._event(HYDRATE, {}, path)},
        )  # fmt: skip
        return self

    async def send(self, name: str, payload: Any, path: str = "/") -> None:
        await self.client.emit("event", self._event(name, payload, path), namespace="/_event")

    async def send_anything(self, data: Any) -> None:
        await self.client.emit("event", data, namespace="/_event")

    async def settle(self, quiet: float = 0.4) -> str:
        """Wait until nothing more comes; returns all that was heard as one text."""
        while True:
            before = len(self.heard)
            await self.client.sleep(quiet)
            if len(self.heard) == before:
                return repr(self.heard)

    def _event(self, name: str, payload: Any, path: str) -> dict[str, Any]:
        path, _, query = path.partition("?")
        address = f"{path}?{query}" if query else path
        return {"name": name, "payload": payload, "router_data": {"pathname": path, "asPath": address, "query": {}}}


@pytest_asyncio.fixture
async def sockets(site):
    opened: list[RawSocket] = []

    def make(cookie: str = "", **options: Any) -> RawSocket:
        opened.append(RawSocket(site, cookie, **options))
        return opened[-1]

    yield make
    for socket in opened:
        if socket.client.connected:
            await socket.client.disconnect()
        if socket.client.eio.http is not None:
            await socket.client.eio.http.close()


@pytest.fixture
def guest(site) -> str:
    """A visit to an account that is nobody's of the cast."""
    connection = sqlite3.connect(f"file:{site.data / 'lk.db'}?mode=ro", uri=True)
    with closing(connection):
        place = connection.execute(
            "SELECT a.number, b.house, a.flat FROM accounts a JOIN buildings b ON b.id = a.building_id"
            " WHERE a.closed_on IS NULL AND a.id NOT IN (SELECT account_id FROM account_links)"
            " AND EXISTS (SELECT 1 FROM meters m WHERE m.account_id = a.id) ORDER BY a.id DESC LIMIT 1"
        ).fetchone()
    return knock(site, *place)


@pytest.fixture
def anna(site) -> str:
    return sign_in(site, "anna")


@pytest.fixture
def vera(site) -> str:
    return sign_in(site, "vera")

"""Signing in to the served cabinet over plain HTTP, and raw sockets that speak Reflex's own wire format."""

import uuid
from typing import Any

import httpx
import pytest
import pytest_asyncio
import socketio

from lk_reflex.domain.identity.cookies import SESSION_COOKIE
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


class RawSocket:
    """A socket that may send anything. `heard` holds all that came back."""

    def __init__(self, site: Site, cookie: str = "", origin: str = "", token: str = "") -> None:
        self.site, self.cookie, self.origin = site, cookie, origin
        self.token = token or str(uuid.uuid4())
        self.client = socketio.AsyncClient(reconnection=False)
        self.heard: list[Any] = []

    async def open(self, path: str = "/") -> "RawSocket":
        @self.client.on("*", namespace="/_event")
        async def _any(event: str, *data: Any) -> None:
            self.heard.append((event, data))

        headers = {"Cookie": f"{SESSION_COOKIE}={self.cookie}"} if self.cookie else {}
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
def anna(site) -> str:
    return sign_in(site, "anna")


@pytest.fixture
def vera(site) -> str:
    return sign_in(site, "vera")

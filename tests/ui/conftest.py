"""The real app without a browser: its gate, guard, processor and states, over a database of the test's own."""

import uuid
from contextlib import nullcontext
from typing import Any

import pytest_asyncio
from reflex_base.constants.state import FIELD_MARKER
from reflex_base.event import Event
from reflex_base.utils.format import format_event_handler

from lk_reflex import wiring
from lk_reflex.domain.identity.cookies import GUEST_COOKIE, SESSION_COOKIE, session_hash
from lk_reflex.ui.gate import HYDRATE, ON_LOAD
from lk_reflex.ui.traced import TracedProcessor
from lk_reflex.ui.tree import StatesInMemory
from tests.cast import NOW


class Wire:
    """Stands in for the socket's namespace: collects what would be sent to each tab."""

    def __init__(self) -> None:
        self.sent: dict[str, list[Any]] = {}

    async def emit_update(self, update: Any, token: str) -> None:
        self.sent.setdefault(token, []).append(update)


class Tab:
    """A browser tab without a browser. `vars` holds what its screen would know, by state class.

    `cookie` is a session's, `guest` one of a visit without registration.
    """

    def __init__(self, processor: Any, wire: Wire, cookie: str = "", token: str = "", guest: str = "") -> None:
        self.processor, self.wire, self.cookie, self.guest = processor, wire, cookie, guest
        self.token = token or str(uuid.uuid4())
        self.path, self.query = "/", ""
        self.vars: dict[str, dict[str, Any]] = {}
        self.cookies: dict[str, str] = {}
        #: The Cookie header that files come with, where it isn't the tab's own.
        self.sends_files_as = ""

    async def send(self, handler: Any, **payload: Any) -> tuple[dict[str, dict[str, Any]], list[tuple[str, Any]]]:
        """Send one event; returns what changed on the screen, and the events for the browser."""
        name = handler if isinstance(handler, str) else format_event_handler(handler)
        before = len(self.wire.sent.get(self.token, []))
        event = Event(name=name, payload=payload, router_data=self._router_data())
        sender = session_hash(self.sends_files_as or self._cookies())
        with wiring.uploads().place(self.token, sender) if "files" in payload else nullcontext():
            future = await self.processor.enqueue(self.token, event)
            await future.wait_all()
        delta: dict[str, dict[str, Any]] = {}
        events: list[tuple[str, Any]] = []
        for update in self.wire.sent.get(self.token, [])[before:]:
            for state, values in (update.delta or {}).items():
                plain = {key.removesuffix(FIELD_MARKER): value for key, value in values.items()}
                delta.setdefault(state, {}).update(plain)
                self.vars.setdefault(state, {}).update(plain)
            events += [(event.name, event.payload) for event in update.events or []]
        return delta, events

    async def open(self, address: str, *, new: bool = False) -> tuple[dict[str, dict[str, Any]], list[tuple[str, Any]]]:
        """Open a page by its address, as a new connection does; in a `new` tab, which shows nothing yet."""
        self._go(address)
        return await self.send(HYDRATE, hashes=["of its build"] if new else [])

    async def follow(self, address: str) -> tuple[dict[str, dict[str, Any]], list[tuple[str, Any]]]:
        """Follow a link inside the cabinet, without a new connection."""
        self._go(address)
        return await self.send(ON_LOAD)

    def seen(self, state: type[Any]) -> dict[str, Any]:
        """The public vars of a state as this tab's screen has them."""
        return self.vars.get(state.get_full_name(), {})

    def _go(self, address: str) -> None:
        self.path, _, self.query = address.partition("?")

    def _cookies(self) -> str:
        held = {SESSION_COOKIE: self.cookie, GUEST_COOKIE: self.guest, **self.cookies}
        return "; ".join(f"{name}={value}" for name, value in held.items() if value)

    def _router_data(self) -> dict[str, Any]:
        query = dict(part.split("=", 1) for part in self.query.split("&") if "=" in part)
        return {
            # As Reflex hands it on: the route's name, which for the home page isn't its path.
            "pathname": "/index" if self.path == "/" else self.path,
            "asPath": f"{self.path}?{self.query}" if self.query else self.path, "query": query,
            "headers": {"host": "test", "origin": "http://test", "cookie": self._cookies()},
            "token": self.token, "sid": "sid", "ip": "127.0.0.1",
        }  # fmt: skip


@pytest_asyncio.fixture
async def tabs(app, db, monkeypatch):
    """Makes tabs: `tabs(person.cookie)`, `tabs(guest=cookie)`, or `tabs()` for nobody."""
    wiring.database.cache_clear()
    monkeypatch.setattr(wiring, "_opened", lambda: db)
    # The cast's sessions are as old as its world: by today's clock they would all have gone idle one day.
    for module in ("guard", "gate"):
        monkeypatch.setattr(f"lk_reflex.ui.{module}.utc_now", lambda: NOW)
    wire = Wire()
    processor = TracedProcessor(middleware=app, backend_exception_handler=app.backend_exception_handler)
    monkeypatch.setattr(app, "_event_processor", processor)
    async with processor.configure(state_manager=StatesInMemory(), event_namespace=wire):
        yield lambda cookie="", token="", guest="": Tab(processor, wire, cookie, token, guest)
    wiring.database.cache_clear()

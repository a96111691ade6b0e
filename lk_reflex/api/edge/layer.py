"""The outermost ASGI layer: who may connect, which pages need a session, headers, and the look stamped into pages."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from http import HTTPStatus
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from lk_reflex.api.edge.addresses import (
    API,
    ASSETS,
    DEMO,
    DESK,
    PACKAGES,
    SIGNED_IN_HOME,
    SIGNED_IN_READINGS,
    SOCKET,
    STAFF,
    STAFF_HOME,
    UPLOAD,
    as_page,
    dynamic,
    header,
    may_be_page,
    stampable,
)
from lk_reflex.api.edge.bodies import Bodies
from lk_reflex.api.edge.busy import busy, rank_of
from lk_reflex.api.edge.callers import network_of
from lk_reflex.api.edge.dressing import dressed
from lk_reflex.api.edge.kept_assets import KeptAssets
from lk_reflex.api.edge.lingering import lingering
from lk_reflex.api.edge.prefixed import bare
from lk_reflex.api.edge.refusals import LENGTH, actor_of, package_refusal, refusal, upload_refusal
from lk_reflex.api.entry.onward import home_before
from lk_reflex.api.excuse import excuse, refused
from lk_reflex.api.http import own_origin
from lk_reflex.api.view import stamp
from lk_reflex.core.clock import utc_now
from lk_reflex.core.errors import Unavailable
from lk_reflex.core.strain import Strain
from lk_reflex.domain.accounts.guest import guest_of
from lk_reflex.domain.identity.cookies import guest_hash, session_hash
from lk_reflex.settings import get_settings
from lk_reflex.wiring import database, gauge, uploads

Tell = Callable[[str, str, str, str], Awaitable[None]]


class Edge:
    """Stands before `app` (pages and socket), `api` (what lies under /api/) and `demo` (stand-ins, under /demo/).

    `demo` is None in production.
    `pages` are all addresses of pages, `private` those that need a session, `guests` those that need a visit without
    registration, `ranks` from which strain on each is put off, `built` the folder of the front end. `tell`
    says to a tab what the answer to an upload can't: its name, the cookie's hash, the handler and the sentence.
    `kept` has the hashed files of earlier builds.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        api: ASGIApp,
        demo: ASGIApp | None,
        pages: frozenset[str],
        private: frozenset[str],
        built: Path,
        guests: frozenset[str] = frozenset(),
        ranks: Mapping[str, Strain] | None = None,
        tell: Tell | None = None,
        kept: KeptAssets | None = None,
        sockets: ASGIApp | None = None,
    ) -> None:
        self.app, self.api, self.demo, self.built = app, api, demo, built
        self.pages, self.private, self.guests, self.tell, self.kept = pages, private, guests, tell, kept
        self.ranks = ranks or {}
        self.sockets, self.bodies = app if sockets is None else sockets, Bodies(room=256, room_each=64)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Route one connection."""
        if scope["type"] != "lifespan" and get_settings().site.startswith("https://"):
            scope = bare(scope)
        if scope["type"] == "websocket":
            await self._socket(scope, receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        origin, host = header(scope, b"origin"), header(scope, b"host")
        if (origin and not own_origin(origin, host)) or not scope["path"].startswith(SOCKET):
            await receive()
            await send({"type": "websocket.close", "code": 4403})
            return
        await self.sockets(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"].rstrip("/") or "/"
        look = stamp(header(scope, b"cookie")) if may_be_page(path) else ""
        leaving = dressed(send, path, look, self.built)
        try:
            answer, scope = await self._answer(scope, path)
            with self._body(scope, receive) as received:
                await answer(stampable(scope) if look else scope, received, leaving)
        except HTTPException as fault:  # a body that didn't come in time, on its way into what isn't ours
            if leaving.begun:
                raise
            await refused(fault.status_code)(scope, receive, leaving)
        except Exception as fault:  # the outer edge: a page that says so, and a log with its number
            if leaving.begun:
                raise
            await excuse(fault)(scope, receive, leaving)

    def _body(self, scope: Scope, receive: Receive) -> AbstractContextManager[Receive]:
        """What reads the request's body, if it may have one: in its time, and with few others of the same address."""
        length = header(scope, b"content-length")
        if scope["method"] in ("GET", "HEAD") or length == "0" or not LENGTH.fullmatch(length):
            return nullcontext(receive)  # what hasn't a sensible length isn't read at all
        return self.bodies.arriving(network_of(scope), int(length), receive)

    async def _answer(self, scope: Scope, path: str) -> tuple[ASGIApp, Scope]:
        """What answers a request: a refusal, a detour, or the application."""
        if gauge().level and gauge().turns_away(self._rank_of(path)):
            return busy(scope, gauge().level), scope
        if path == UPLOAD and scope["method"] == "POST":
            no = await upload_refusal(scope)
            return lingering(no) if no else self._upload, scope
        if path == PACKAGES and scope["method"] == "POST":
            no = await package_refusal(scope)
            return lingering(no) if no else self.api, scope
        if path == DESK and scope["method"] in ("GET", "HEAD"):
            return RedirectResponse(STAFF_HOME, 303), scope
        if (no := refusal(scope)) is not None:
            return lingering(no), scope
        named = path in self.pages
        if scope["method"] not in ("GET", "HEAD") or not (named or dynamic(path) in self.private):
            return self._beside(path), scope
        detour = await self._detour(scope, path, header(scope, b"cookie"))
        return detour or self.app, as_page(scope, path) if named else scope

    def _rank_of(self, path: str) -> Strain:
        """From which strain on this address waits for calmer minutes; decided without a look at whose it is."""
        page = next((name for name in (path, dynamic(path)) if name in self.pages), None)
        return rank_of(path) if page is None else self.ranks.get(page, Strain.SECTIONS)

    async def _upload(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a file in under its sender's name, which the gate compares with the tab's person."""
        tab, session = header(scope, b"reflex-client-token"), session_hash(header(scope, b"cookie"))
        try:
            with uploads().place(tab, session):
                await self.app(scope, receive, send)
        except Unavailable as full:
            await PlainTextResponse(full.message, HTTPStatus.TOO_MANY_REQUESTS)(scope, receive, send)
            if self.tell is not None:
                await self.tell(tab, session, header(scope, b"reflex-event-handler"), full.message)

    def _beside(self, path: str) -> ASGIApp:
        """Who answers what is no page."""
        if path.startswith(API):
            return self.api
        if self.kept is not None and path.startswith(ASSETS):
            return self.kept.answering(path) or self.app
        return self.demo if self.demo is not None and path.startswith(DEMO) else self.app

    async def _detour(self, scope: Scope, path: str, cookies: str) -> ASGIApp | None:
        """A private page without a session goes home, and comes back after; a signed-in person needs no sign-in."""
        if path in self.guests:
            return await self._guests_detour(cookies)
        if path != "/" and path not in self.private and dynamic(path) not in self.private:
            return None
        actor = await actor_of(cookies)
        if path == "/":
            return None if actor is None else RedirectResponse(STAFF_HOME if actor.is_staff() else SIGNED_IN_HOME, 303)
        if actor is not None:
            strays = path.startswith(STAFF) and not actor.is_staff()
            return RedirectResponse(SIGNED_IN_HOME, 303) if strays else None
        query = scope["query_string"].decode("latin-1")
        target = path + (f"?{query}" if query else "")
        return home_before(target, secure=scope["scheme"] == "https" or get_settings().site.startswith("https://"))

    async def _guests_detour(self, cookies: str) -> ASGIApp | None:
        """Without a live visit there is nothing to see; a signed-in person has the same form in the cabinet."""
        hashed = guest_hash(cookies)
        if hashed and await database().in_reading_thread(database().read, guest_of, hashed, now=utc_now()):
            return None
        if await actor_of(cookies):
            return RedirectResponse(SIGNED_IN_READINGS, 303)
        return RedirectResponse("/?guest=over" if hashed else "/", 303)

"""The outermost ASGI layer: who may connect, which pages need a session, headers, and the look stamped into pages."""

import re
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager, nullcontext
from http import HTTPStatus
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lk_reflex.api.bodies import Bodies
from lk_reflex.api.busy import busy, rank_of
from lk_reflex.api.callers import network_of
from lk_reflex.api.excuse import excuse, refused
from lk_reflex.api.headers import ALWAYS, HSTS, NO_FRAME, cache_rule, content_policy
from lk_reflex.api.http import MAX_FORM, own_origin
from lk_reflex.api.kept_assets import KeptAssets
from lk_reflex.api.onward import home_before
from lk_reflex.api.prefixed import bare, prefixed
from lk_reflex.api.view import stamp
from lk_reflex.core.clock import utc_now
from lk_reflex.core.errors import Unavailable
from lk_reflex.domain.accounts.guest import guest_of
from lk_reflex.domain.files.documents import TOO_LARGE
from lk_reflex.domain.files.pictures import MAX_BYTES
from lk_reflex.domain.identity.access import ADMIN, Actor
from lk_reflex.domain.identity.cookies import guest_hash, session_hash
from lk_reflex.domain.identity.sessions import identify
from lk_reflex.settings import get_settings
from lk_reflex.wiring import database, gauge, uploads

Tell = Callable[[str, str, str, str], Awaitable[None]]
SOCKET, UPLOAD = "/_event", "/_upload"
#: A file, and what a browser writes around it.
MAX_UPLOAD = MAX_BYTES + 64 * 1024
SIGNED_IN_HOME, STAFF_HOME = "/overview", "/staff/requests"
#: Pages under it are for those who work here.
STAFF, DESK = "/staff/", "/staff"
SIGNED_IN_READINGS = "/readings"
_SHORTCUTS = (b"accept-encoding", b"if-none-match", b"if-modified-since", b"range", b"if-range")
#: Shared links: whoever has the address may pay, but nobody shall find it.
PAY = "/pay/"
API = "/api/"
DEMO = "/demo/"
ASSETS = "/assets/"
#: What Reflex answers by itself and nobody here asks for: its socket by HTTP, its own tests whether it lives.
UNASKED = (SOCKET, "/_health", "/_all_routes", "/ping")
#: Of an address, without and with what follows the question mark: a page's filters are the longest, some hundreds.
LONGEST_PATH, LONGEST_QUERY = 8000, 8000
_VALIDATORS = (b"etag", b"last-modified", b"accept-ranges")
_LENGTH = re.compile("[0-9]{1,9}")
#: Where an administrator's browser sends billing's packages: a town's, zipped, is far below this.
PACKAGES, MAX_PACKAGE = "/api/staff/exchange", 900 * 1024 * 1024


class Edge:
    """Stands before `app` (pages and socket), `api` (what lies under /api/) and `demo` (stand-ins, under /demo/).

    `demo` is None in production.
    `pages` are all addresses of pages, `private` those that need a session, `guests` those that need a visit without
    registration, `first` those that are opened while others are put off, `built` the folder of the front end. `tell`
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
        first: frozenset[str] = frozenset(),
        tell: Tell | None = None,
        kept: KeptAssets | None = None,
        sockets: ASGIApp | None = None,
    ) -> None:
        self.app, self.api, self.demo, self.built = app, api, demo, built
        self.pages, self.private, self.guests, self.tell, self.kept = pages, private, guests, tell, kept
        self.first = first
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
        origin, host = _header(scope, b"origin"), _header(scope, b"host")
        if (origin and not own_origin(origin, host)) or not scope["path"].startswith(SOCKET):
            await receive()
            await send({"type": "websocket.close", "code": 4403})
            return
        await self.sockets(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"].rstrip("/") or "/"
        look = stamp(_header(scope, b"cookie")) if _may_be_page(path) else ""
        dressed = self._dressed(send, path, look)
        try:
            answer, scope = await self._answer(scope, path)
            with self._body(scope, receive) as received:
                await answer(_stampable(scope) if look else scope, received, dressed)
        except HTTPException as fault:  # a body that didn't come in time, on its way into what isn't ours
            if dressed.begun:
                raise
            await refused(fault.status_code)(scope, receive, dressed)
        except Exception as fault:  # the outer edge: a page that says so, and a log with its number
            if dressed.begun:
                raise
            await excuse(fault)(scope, receive, dressed)

    def _body(self, scope: Scope, receive: Receive) -> AbstractContextManager[Receive]:
        """What reads the request's body, if it may have one: in its time, and with few others of the same address."""
        length = _header(scope, b"content-length")
        if scope["method"] in ("GET", "HEAD") or length == "0" or not _LENGTH.fullmatch(length):
            return nullcontext(receive)  # what hasn't a sensible length isn't read at all
        return self.bodies.arriving(network_of(scope), int(length), receive)

    async def _answer(self, scope: Scope, path: str) -> tuple[ASGIApp, Scope]:
        """What answers a request: a refusal, a detour, or the application."""
        if gauge().level and self._put_off(path):
            return busy(scope), scope
        if path == UPLOAD and scope["method"] == "POST":
            return await _upload_refusal(scope) or self._upload, scope
        if path == PACKAGES and scope["method"] == "POST":
            return await _package_refusal(scope) or self.api, scope
        if path == DESK and scope["method"] in ("GET", "HEAD"):
            return RedirectResponse(STAFF_HOME, 303), scope
        refusal = _refusal(scope)
        named = path in self.pages
        if (
            refusal is not None
            or scope["method"] not in ("GET", "HEAD")
            or not (named or _dynamic(path) in self.private)
        ):
            return refusal or self._beside(path), scope
        detour = await self._detour(scope, path, _header(scope, b"cookie"))
        return detour or self.app, _as_page(scope, path) if named else scope

    def _put_off(self, path: str) -> bool:
        """Whether this address has to wait for calmer minutes; decided without a look at whose it is."""
        names = {path, _dynamic(path)}
        rank = rank_of(path, page=bool(names & self.pages), first=bool(names & self.first))
        return gauge().turns_away(rank)

    async def _upload(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a file in under its sender's name, which the gate compares with the tab's person."""
        tab, session = _header(scope, b"reflex-client-token"), session_hash(_header(scope, b"cookie"))
        try:
            with uploads().place(tab, session):
                await self.app(scope, receive, send)
        except Unavailable as full:
            await PlainTextResponse(full.message, HTTPStatus.TOO_MANY_REQUESTS)(scope, receive, send)
            if self.tell is not None:
                await self.tell(tab, session, _header(scope, b"reflex-event-handler"), full.message)

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
        if path != "/" and path not in self.private and _dynamic(path) not in self.private:
            return None
        actor = await _actor(cookies)
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
        if await _actor(cookies):
            return RedirectResponse(SIGNED_IN_READINGS, 303)
        return RedirectResponse("/?guest=over" if hashed else "/", 303)

    def _dressed(self, send: Send, path: str, look: str) -> "_Dresser":
        """Headers on every answer; the look's attributes in a page's first bytes."""
        headers = dict(ALWAYS)
        if path.startswith(PAY):
            headers["x-robots-tag"] = "noindex, nofollow"
        if get_settings().site.startswith("https://"):
            headers["strict-transport-security"] = HSTS
        return _Dresser(send, path, look, headers, lambda: content_policy(self.built, get_settings().tile_host))


class _Dresser:
    """Rewrites the messages of one answer on their way out."""

    def __init__(self, send: Send, path: str, look: str, headers: dict[str, str], policy: Callable[[], str]) -> None:
        self.send, self.path, self.look, self.headers, self.policy = send, path, look, headers, policy
        self.start: Message | None = None
        self.begun = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.begun = True
            await self._head(message)
        elif message["type"] == "http.response.body" and self.start is not None:
            await self._stamped(message)
        else:
            await self.send(message)

    async def _head(self, message: Message) -> None:
        given = {name.lower(): value for name, value in message["headers"]}
        html = given.get(b"content-type", b"").startswith(b"text/html")
        extra = dict(self.headers)
        if html:
            extra["content-security-policy"] = self.policy()
            extra["vary"] = "Accept-Encoding, Cookie"
        elif b"content-security-policy" not in given:
            extra["content-security-policy"] = NO_FRAME
        if b"cache-control" not in given:
            extra["cache-control"] = cache_rule(self.path) if message["status"] < HTTPStatus.BAD_REQUEST else "no-store"
        names = {name.encode() for name in extra}
        kept = [(name, value) for name, value in message["headers"] if name.lower() not in names]
        if "strict-transport-security" in extra:
            kept = prefixed(kept)
        message = {**message, "headers": kept + [(k.encode(), v.encode()) for k, v in extra.items()]}
        if html and self.look and message["status"] != HTTPStatus.NOT_MODIFIED:
            self.start = message  # its length changes with the body
        else:
            await self.send(message)

    async def _stamped(self, message: Message) -> None:
        start, self.start = self.start or {}, None
        body = message.get("body", b"")
        marked = body.replace(b"<html ", f"<html{self.look} ".encode(), 1)
        grown = len(marked) - len(body)
        # The file's own marks would let a later visit keep this look after it has been switched off.
        dropped = _VALIDATORS if body else (*_VALIDATORS, b"content-length")
        headers = [(k, _longer(k, value, grown)) for k, value in start["headers"] if k.lower() not in dropped]
        await self.send({**start, "headers": headers})
        await self.send({**message, "body": marked})


async def _actor(cookies: str) -> Actor | None:
    hashed = session_hash(cookies)
    if not hashed:
        return None
    return await database().in_reading_thread(database().read, identify, hashed, now=utc_now())


def _longer(name: bytes, value: bytes, grown: int) -> bytes:
    return str(int(value) + grown).encode() if name.lower() == b"content-length" else value


async def _upload_refusal(scope: Scope) -> ASGIApp | None:
    """Reflex takes files here for whatever handler is named: let in are the signed-in, with one file's worth."""
    length, origin = _header(scope, b"content-length"), _header(scope, b"origin")
    if not _LENGTH.fullmatch(length) or int(length) > MAX_UPLOAD:
        return PlainTextResponse(TOO_LARGE, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    if origin and not own_origin(origin, _header(scope, b"host")):
        return PlainTextResponse("Запрос пришёл с чужой страницы", HTTPStatus.FORBIDDEN)
    if await _actor(_header(scope, b"cookie")) is None:
        return PlainTextResponse("Войдите в личный кабинет", HTTPStatus.UNAUTHORIZED)
    return None


async def _package_refusal(scope: Scope) -> ASGIApp | None:
    """Judged before a byte of it is read: by whom, from where, and how large."""
    length = _header(scope, b"content-length")
    if not _LENGTH.fullmatch(length) or int(length) > MAX_PACKAGE:
        return refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    actor = await _actor(_header(scope, b"cookie"))
    if actor is None or actor.role != ADMIN:
        return refused(HTTPStatus.NOT_FOUND)
    return None


def _refusal(scope: Scope) -> ASGIApp | None:
    """What never reaches the application: what others have uploaded, oversized forms, forms posted to a page."""
    if scope["path"].startswith((UPLOAD, *UNASKED)):
        return PlainTextResponse("", HTTPStatus.NOT_FOUND)
    if len(scope["path"]) > LONGEST_PATH or len(scope["query_string"]) > LONGEST_QUERY:
        return refused(HTTPStatus.REQUEST_URI_TOO_LONG)
    length, pieces = _header(scope, b"content-length"), _header(scope, b"transfer-encoding")
    if scope["method"] in ("GET", "HEAD") and (pieces or length not in ("", "0")):
        return refused(HTTPStatus.BAD_REQUEST)
    if scope["method"] not in ("GET", "HEAD") and (pieces or length or scope["method"] == "POST"):
        if not _LENGTH.fullmatch(length) or int(length) > MAX_FORM:
            return PlainTextResponse("Слишком большой запрос", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        if scope["path"].startswith(API) and _header(scope, b"content-type").lower().startswith("multipart/"):
            return refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)  # no form of ours sends files
    if scope["method"] not in ("GET", "HEAD") and _may_be_page(scope["path"]):
        return refused(HTTPStatus.METHOD_NOT_ALLOWED, {"allow": "GET, HEAD"})
    return None


def _may_be_page(path: str) -> bool:
    return not path.startswith(("/api/", "/demo/", "/assets/", "/_")) and "." not in path.rsplit("/", 1)[-1]


def _dynamic(path: str) -> str:
    """The route of a page whose address ends in what varies: «/documents/5» is «/documents/[token]»."""
    return f"{path.rpartition('/')[0]}/[token]"


def _as_page(scope: Scope, path: str) -> Scope:
    """Serve the prerendered file without a redirect to «/x/»."""
    target = path if path == "/" else f"{path}/"
    return {**scope, "path": target, "raw_path": target.encode()}


def _stampable(scope: Scope) -> Scope:
    """Ask for the file whole, uncompressed, unconditionally and through us, not sent by the server by its name."""
    headers = [(name, value) for name, value in scope["headers"] if name not in _SHORTCUTS]
    return {**scope, "headers": headers, "extensions": {}}


def _header(scope: Scope, name: bytes) -> str:
    for key, value in scope["headers"]:
        if key == name:
            return value.decode("latin-1")
    return ""

"""Around all connections: each request gets an id, is counted and timed; those that matter get a line in the log."""

import logging
import re
from collections.abc import Callable
from time import perf_counter

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lk_reflex.core import metrics, traces
from lk_reflex.settings import get_settings

log = logging.getLogger(__name__)
ID_HEADER = b"x-request-id"
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
#: Asked every few seconds by machines, or part of a page: their lines would hide the others.
_QUIET = re.compile(r"/api/(?:health/|metrics|captcha/|view|qr/)")
_BROKEN = 500


class Watch:
    """Stands before everything. `pages` are the addresses of all pages, with [token] for what varies."""

    def __init__(self, inner: ASGIApp, pages: frozenset[str]) -> None:
        self.inner, self.pages = inner, pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Watch one connection."""
        if scope["type"] == "http":
            await self._http(scope, receive, send)
        elif scope["type"] == "websocket":
            with metrics.SOCKETS.track_inprogress():
                await self.inner(scope, receive, send)
        else:
            await self.inner(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        trace = traces.Trace(request=_id(scope))
        answer = _Answer(send, trace.request)
        token, began = traces.begin(trace), perf_counter()
        try:
            await self.inner(scope, receive, answer)
        except Exception:
            answer.status = answer.status or _BROKEN
            raise
        finally:
            self._done(scope, answer.status, perf_counter() - began)
            traces.end(token)

    def _done(self, scope: Scope, status: int, seconds: float) -> None:
        """`status` is 0 where nobody waited for the answer any more."""
        method = scope["method"] if scope["method"] in _METHODS else "other"
        route = route_of(scope, self.pages)
        metrics.request_done(route, method, status, seconds)
        if status >= _BROKEN or route.startswith("/api/"):
            tell: Callable[..., None] = log.warning if status >= _BROKEN else log.info
            if not _QUIET.match(route):
                told = {"method": method, "route": route, "status": status, "ms": round(seconds * 1000)}
                tell("request answered", extra=told)


class _Answer:
    """Passes an answer on under its id."""

    def __init__(self, send: Send, name: str) -> None:
        self.send, self.name, self.status = send, name.encode(), 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message = {**message, "headers": [*message["headers"], (ID_HEADER, self.name)]}
        await self.send(message)


def route_of(scope: Scope, pages: frozenset[str]) -> str:
    """The pattern that a request's address follows; never the address, which may be a secret by itself."""
    path: str = scope["path"]
    if path.startswith("/api/"):
        return getattr(scope.get("route"), "path", "") or "/api/…"
    for beginning in ("/assets/", "/demo/", "/_event", "/_upload"):
        if path.startswith(beginning):
            return f"{beginning.rstrip('/')}/…"
    plain = path.rstrip("/") or "/"
    dynamic = f"{plain.rpartition('/')[0]}/[token]"
    return plain if plain in pages else dynamic if dynamic in pages else "…"


def _id(scope: Scope) -> str:
    """Our proxy may have named it; anybody else's name for it could be made to look like another's."""
    if not get_settings().trusted_proxy_hops:
        return traces.new_id()
    given = next((value for name, value in scope["headers"] if name == ID_HEADER), b"")
    return traces.given_id(given.decode("latin-1"))

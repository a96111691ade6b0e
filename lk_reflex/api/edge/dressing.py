"""How every answer leaves: its headers, and the look's attributes in a page's first bytes."""

from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path

from starlette.types import Message, Send

from lk_reflex.api.edge.addresses import PAY, may_be_page
from lk_reflex.api.edge.headers import ALWAYS, HSTS, NO_FRAME, cache_rule, content_policy
from lk_reflex.api.edge.prefixed import prefixed
from lk_reflex.settings import get_settings

#: Asked for by the browser beside a person's file, whose `sandbox` makes it nobody's: not even of this site.
ICON = "/favicon.ico"
_VALIDATORS = (b"etag", b"last-modified", b"accept-ranges")


def dressed(send: Send, path: str, look: str, built: Path) -> "Dresser":
    """`send` for the answer to an address; `look` are the page's attributes, `built` the folder of the front end."""
    headers = dict(ALWAYS)
    if path.startswith(PAY):
        headers["x-robots-tag"] = "noindex, nofollow"
    if path == ICON:
        headers["cross-origin-resource-policy"] = "cross-origin"
    if get_settings().site.startswith("https://"):
        headers["strict-transport-security"] = HSTS
    return Dresser(send, path, look, headers, lambda: content_policy(built, get_settings().tile_host))


class Dresser:
    """Rewrites the messages of one answer on their way out; `begun` once any of it has left."""

    def __init__(self, send: Send, path: str, look: str, headers: dict[str, str], policy: Callable[[], str]) -> None:
        self.send, self.path, self.look, self.headers, self.policy = send, path, look, headers, policy
        self.start: Message | None = None
        self.begun = False

    async def __call__(self, message: Message) -> None:
        """One message of ASGI."""
        if message["type"] == "http.response.start":
            self.begun = True
            await self._head(message)
        elif message["type"] == "http.response.body" and self.start is not None:
            await self._stamped(message)
        else:
            await self.send(message)

    async def _head(self, message: Message) -> None:
        given = {name.lower(): value for name, value in message["headers"]}
        # A 304 says no type, and its headers replace those that the browser has kept with the page.
        known = message["status"] == HTTPStatus.NOT_MODIFIED and may_be_page(self.path)
        html = known or given.get(b"content-type", b"").startswith(b"text/html")
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


def _longer(name: bytes, value: bytes, grown: int) -> bytes:
    return str(int(value) + grown).encode() if name.lower() == b"content-length" else value

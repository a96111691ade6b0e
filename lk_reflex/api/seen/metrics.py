"""`GET /api/metrics`: what the web processes count and what the database knows, as Prometheus reads it."""

import hmac
from functools import lru_cache
from hashlib import sha256

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.requests import Request
from starlette.responses import Response

from lk_reflex.api.excuse import refused
from lk_reflex.api.seen.exposed import Given, joined, of_database, of_machine, own_text
from lk_reflex.api.seen.siblings import Siblings
from lk_reflex.core.this_machine import leads_here, this_machine
from lk_reflex.settings import get_settings

#: Whoever comes through a proxy brings one of these; the proxy itself may stand on this machine.
_PASSED_ON = ("x-forwarded-for", "x-real-ip", "forwarded", "via", "x-forwarded-proto", "x-forwarded-host")


async def metrics_route(request: Request) -> Response:
    """The figures, for this machine itself and for whoever has the token; nobody else learns that they are here."""
    if not may_see(request):
        return refused(404)
    texts = [own_text(), *await siblings().others()]
    metrics = [*joined(texts), *await of_database(), *of_machine()]
    return Response(generate_latest(Given(metrics)), media_type=CONTENT_TYPE_LATEST)


def may_see(request: Request) -> bool:
    """Whether the token is right, or somebody on this very machine asks without a proxy between.

    Behind a proxy everybody's peer is the machine itself, so the peer's address alone says nothing: what a proxy adds
    must be missing, and the name asked for must be the machine's own, which no visitor's browser asks for.
    """
    token = get_settings().metrics_token.get_secret_value()
    kind, _, given = request.headers.get("authorization", "").partition(" ")
    if token and kind.lower() == "bearer":
        return hmac.compare_digest(_digest(given.strip()), _digest(token))
    peer = request.client.host if request.client else ""
    asked = leads_here(f"//{request.headers.get('host', '')}")
    return this_machine(peer) and asked and not any(name in request.headers for name in _PASSED_ON)


@lru_cache(maxsize=1)
def siblings() -> Siblings:
    """The web processes that share this one's port."""
    settings = get_settings()
    return Siblings(settings.data_dir.resolve() / "run", settings.port, own_text)


def _digest(text: str) -> bytes:
    return sha256(text.encode("utf-8", "replace")).digest()

"""Whom a connection is counted for: the person behind its cookie, or the strangers at its address."""

from starlette.types import Scope

from lk_reflex.api.edge.sockets import Caller
from lk_reflex.core.clock import utc_now
from lk_reflex.domain.identity.client import client_behind
from lk_reflex.domain.identity.cookies import session_hash
from lk_reflex.domain.identity.sessions import identify
from lk_reflex.settings import get_settings
from lk_reflex.wiring import database


async def caller_of(scope: Scope) -> Caller:
    """A signed-in person by their number, however many devices they have; whoever else by the network address.

    A household or a whole provider may share an address, so that one is never held against a signed-in person; and a
    made-up cookie makes nobody a person. Raises Unavailable where the database doesn't answer.
    """
    hashed = session_hash(_joined(scope, b"cookie", "; "))
    if hashed:
        actor = await database().in_reading_thread(database().read, identify, hashed, now=utc_now())
        if actor is not None:
            return Caller(f"person {actor.user_id}", person=True)
    return Caller(network_of(scope), person=False)


def network_of(scope: Scope) -> str:
    """The network address behind our own proxies, as limits count it."""
    peer = (scope.get("client") or ("", 0))[0]
    forwarded = _joined(scope, b"x-forwarded-for", ",")
    return client_behind(peer, forwarded, "", hops=get_settings().trusted_proxy_hops).network


def _joined(scope: Scope, name: bytes, glue: str) -> str:
    return glue.join(value.decode("latin-1") for key, value in scope["headers"] if key == name)

"""Who is at the other end of a socket: read out of its handshake and the session's row, never out of an event."""

from datetime import datetime
from typing import TypeVar

from reflex.state import BaseState

from lk_reflex.domain.accounts.guest import Guest, guest_of
from lk_reflex.domain.identity.access import Actor
from lk_reflex.domain.identity.client import Client, client_behind
from lk_reflex.domain.identity.cookies import guest_hash, session_hash
from lk_reflex.domain.identity.sessions import RENEW_AFTER, identify, renew
from lk_reflex.settings import get_settings
from lk_reflex.wiring import database

StateType = TypeVar("StateType", bound=BaseState)


def cookie_hash(state: BaseState) -> str:
    """The session hash of the socket's own handshake: headers come from the connection, not from the event."""
    return session_hash(cookies(state))


def guest_cookie_hash(state: BaseState) -> str:
    """The same of a visit without registration."""
    return guest_hash(cookies(state))


def cookies(state: BaseState) -> str:
    """The Cookie header of the socket's handshake."""
    return _handshake(state).get("cookie", "")


def tab_of(state: BaseState) -> str:
    """The name by which the tab's socket goes; empty where there was no handshake."""
    return str(vars(state._get_root_state()).get("router_data", {}).get("token", ""))


def client_at(state: BaseState) -> Client:
    """The network address and the browser at the other end."""
    headers = _handshake(state)
    peer = str(vars(state._get_root_state()).get("router_data", {}).get("ip", ""))
    hops = get_settings().trusted_proxy_hops
    return client_behind(peer, headers.get("x-forwarded-for", ""), headers.get("user-agent", ""), hops=hops)


def site_at(state: BaseState) -> str:
    """Our address for links to be sent on. A demonstration without a set one goes by what its visitor calls it."""
    settings = get_settings()
    if settings.public_url or not settings.preview:
        return settings.site
    return _handshake(state).get("origin") or settings.site


def _handshake(state: BaseState) -> dict[str, str]:
    return vars(state._get_root_state()).get("router_data", {}).get("headers") or {}


def person_of(hashed: str, *, now: datetime) -> Actor | None:
    """Read the session's row; renews its «last seen» now and then, without waiting for it."""
    person = database().read(identify, hashed, now=now)
    if person is not None and now - person.seen_at > RENEW_AFTER:
        database().write_later(renew, person, now=now)
    return person


def guest_behind(hashed: str, *, now: datetime) -> Guest | None:
    """Read the row of a visit without registration."""
    return database().read(guest_of, hashed, now=now)


async def loaded(root: BaseState, state_class: type[StateType]) -> StateType:
    """A state of the same tab; from the tree where it is there already, which is the usual case in one process."""
    found = root.substates.get(state_class.get_name())
    return found if found is not None else await root.get_state(state_class)  # pyright: ignore[reportReturnType]

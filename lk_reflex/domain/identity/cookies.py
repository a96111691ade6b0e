"""The cookies of signing in: their names, and reading them out of a header."""

from lk_reflex.domain.identity.tokens import token_hash

SESSION_COOKIE = "lk_session"
#: What a refused sign-in tells the home page, for a minute: the login as typed and the sentences.
FLASH_COOKIE = "lk_flash"
#: Half an hour at the readings form without registration.
GUEST_COOKIE = "lk_guest"

#: Whose sign-ins this browser has seen; see `known_device`.
DEVICE_COOKIE = "lk_device"


def cookie_value(header: str, name: str) -> str:
    """One cookie's value out of a Cookie header, or an empty string. The first one wins."""
    for part in header.split(";"):
        key, _, value = part.strip().partition("=")
        if key == name:
            return value
    return ""


def session_hash(header: str) -> str:
    """The hash under which the header's session is kept; empty where there is no cookie."""
    return _hashed(header, SESSION_COOKIE)


def guest_hash(header: str) -> str:
    """The hash under which the header's visit without registration is kept; empty where there is no cookie."""
    return _hashed(header, GUEST_COOKIE)


def _hashed(header: str, name: str) -> str:
    value = cookie_value(header, name)
    return token_hash(value) if value else ""

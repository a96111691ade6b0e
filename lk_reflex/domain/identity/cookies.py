"""The cookies of signing in: their names, and reading them out of a header."""

from lk_reflex.domain.identity.tokens import token_hash

SESSION_COOKIE = "lk_session"
#: What a refused sign-in tells the home page, for a minute: the login as typed and the sentences.
FLASH_COOKIE = "lk_flash"


def cookie_value(header: str, name: str) -> str:
    """One cookie's value out of a Cookie header, or an empty string. The first one wins."""
    for part in header.split(";"):
        key, _, value = part.strip().partition("=")
        if key == name:
            return value
    return ""


def session_hash(header: str) -> str:
    """The hash under which the header's session is kept; empty where there is no cookie."""
    value = cookie_value(header, SESSION_COOKIE)
    return token_hash(value) if value else ""

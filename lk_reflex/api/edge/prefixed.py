"""`__Host-` before the names of our cookies, wherever the cabinet is behind https: put on and taken off at the edge.

A browser takes such a cookie from this very host alone, over https alone. Without it any other site of the same domain,
or whoever sits in the line of a plain-http page of it, could plant a cookie of ours. The code behind knows bare names.
Source: RFC 6265bis, 4.1.3.
"""

from collections.abc import Iterable

from starlette.types import Scope

#: All cookies of ours begin so.
OURS = "lk_"
#: A cookie that isn't sent everywhere can't be the host's; it still needs https.
_HOST, _SECURE = "__Host-", "__Secure-"
Headers = list[tuple[bytes, bytes]]


def bare(scope: Scope) -> Scope:
    """The request with its cookies under their bare names; bare ones of ours, whoever has planted them, are dropped."""
    headers = [(name, _bared(value) if name == b"cookie" else value) for name, value in scope["headers"]]
    return {**scope, "headers": [pair for pair in headers if pair[0] != b"cookie" or pair[1]]}


def _bared(value: bytes) -> bytes:
    return "; ".join(_kept(part.strip() for part in value.decode("latin-1").split(";"))).encode("latin-1")


def _kept(cookies: Iterable[str]) -> Iterable[str]:
    for cookie in cookies:
        for prefix in (_HOST, _SECURE):
            if cookie.startswith(prefix + OURS):
                yield cookie.removeprefix(prefix)
                break
        else:
            if cookie and not cookie.startswith(OURS):
                yield cookie


def prefixed(headers: Headers) -> Headers:
    """An answer's headers, our cookies under their full names and Secure, also those that take one back."""
    return [(name, _put_on(value) if name.lower() == b"set-cookie" else value) for name, value in headers]


def _put_on(value: bytes) -> bytes:
    text = value.decode("latin-1")
    if not text.startswith(OURS):
        return value
    attributes = [part.strip().lower() for part in text.split(";")[1:]]
    if "secure" not in attributes:
        text = f"{text}; Secure"
    whole = "path=/" in attributes and not any(part.startswith("domain=") for part in attributes)
    return f"{_HOST if whole else _SECURE}{text}".encode("latin-1")

"""What a token of Госуслуги must say before we believe it; its signature has been checked by then."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from joserfc.util import urlsafe_b64decode

from lk_reflex.integrations.esia.port import Expired, Unexpected

#: Two clocks are never quite the same.
LEEWAY = timedelta(seconds=60)
SUBJECT = "urn:esia:sbj_id"
Claims = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Expected:
    """Who must have issued the token, for whom, and in answer to what."""

    issuer: str
    client_id: str
    nonce: str


def claims_in(token: str) -> Claims:
    """The token's statements. Raises Unexpected for what isn't one."""
    try:
        found = json.loads(urlsafe_b64decode(token.split(".")[1].encode()))
    except (ValueError, IndexError) as fault:
        raise Unexpected("token-form") from fault
    if not isinstance(found, dict):
        raise Unexpected("token-form")
    return found


def subject_of(access: Claims, expected: Expected, *, now: datetime) -> str:
    """The oid in an access token. Raises Unexpected or Expired."""
    _check_common(access, expected, now=now)
    if expected.client_id not in _audience(access):
        raise Unexpected("token-audience")
    subject = access.get(SUBJECT)
    if isinstance(subject, bool) or not isinstance(subject, int | str) or not str(subject).isalnum():
        raise Unexpected("token-subject")
    return str(subject)


def check_identity(identity: Claims, subject: str, expected: Expected, *, now: datetime) -> None:
    """The id token must be of the same person, for us, and carry our nonce where it carries one."""
    _check_common(identity, expected, now=now)
    if expected.client_id not in _audience(identity):
        raise Unexpected("identity-audience")
    if str(identity.get("sub", identity.get(SUBJECT, ""))) != subject:
        raise Unexpected("identity-subject")
    if identity.get("nonce", expected.nonce) != expected.nonce:
        raise Unexpected("identity-nonce")


def _check_common(claims: Claims, expected: Expected, *, now: datetime) -> None:
    if _host(str(claims.get("iss", ""))) != _host(expected.issuer):
        raise Unexpected("token-issuer")
    expiry, since = _moment(claims, "exp"), _moment(claims, "nbf", now.timestamp())
    if now.timestamp() >= expiry + LEEWAY.total_seconds():
        raise Expired("token-expired")
    if since > now.timestamp() + LEEWAY.total_seconds():
        raise Unexpected("token-not-yet")


def _audience(claims: Claims) -> list[str]:
    """`aud` may be one or several; an access token names us in `client_id`. Where it has both, both must be us."""
    named = claims.get("aud", claims.get("client_id"))
    several = [str(one) for one in named] if isinstance(named, list) else [str(named)]
    client = claims.get("client_id")
    return several if client is None or str(client) in several else []


def _moment(claims: Claims, name: str, default: float | None = None) -> float:
    value = claims.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Unexpected(f"token-{name}")
    return float(value)


def _host(address: str) -> tuple[str, str]:
    """They write «http://esia.gosuslugi.ru/» for what answers at https://esia.gosuslugi.ru."""
    try:
        parts = urlsplit(address)
    except ValueError as fault:
        raise Unexpected("token-issuer") from fault
    if not parts.netloc:
        raise Unexpected("token-issuer")
    return parts.netloc.lower(), parts.path.rstrip("/")

"""What the stand-in remembers between the steps of a sign-in, and how it believes its client."""

import base64
import json
import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.x509 import load_pem_x509_certificate
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey
from joserfc.jws import JWSRegistry

from lk_reflex.standins.esia.keys import CLIENT_ID, ISSUER, Keys
from lk_reflex.standins.esia.people import Citizen
from lk_reflex.standins.esia.troubles import (
    CODE_WRONG,
    INCOMPLETE,
    NOT_ALLOWED,
    SCOPE_WRONG,
    SECRET_WRONG,
    TIME_WRONG,
    Refusal,
)

PAGE_LIFE, CODE_LIFE, TOKEN_LIFE = timedelta(minutes=10), timedelta(minutes=2), timedelta(hours=1)
#: How far a request's time may be from ours.
SKEW = timedelta(minutes=10)
MOST = 1000
BEARER = "Bearer"
AUTHORISE = (
    "client_id", "redirect_uri", "response_type", "scope", "state", "timestamp", "access_type",
    "client_certificate_hash", "client_secret",
)  # fmt: skip
EXCHANGE = (
    "client_id", "code", "grant_type", "client_certificate_hash", "client_secret", "state", "redirect_uri", "scope",
    "timestamp", "token_type",
)  # fmt: skip
_REGISTRY = JWSRegistry(algorithms=["RS256"], strict_check_header=False)
Fields = Mapping[str, str]


class Refused(Exception):
    """The request isn't granted."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.description)
        self.refusal = refusal


@dataclass(frozen=True, slots=True)
class Code:
    """What a code stands for, until it is exchanged."""

    citizen: Citizen
    redirect_uri: str
    nonce: str
    expires: datetime
    trouble: str = ""


class Desk:
    """Requests under way and codes; in memory, as one process is all that a demonstration has."""

    def __init__(self, keys: Keys) -> None:
        self.keys = keys
        self._lock = threading.Lock()
        self._pages: dict[str, tuple[Fields, datetime]] = {}
        self._codes: dict[str, Code] = {}

    def admit(self, fields: Fields, *, now: datetime) -> str:
        """Check a request to sign somebody in; returns the number of its page. Raises Refused."""
        _complete(fields, AUTHORISE)
        if fields["response_type"] != "code":
            raise Refused(NOT_ALLOWED)
        self._believe(fields, "", now=now)
        number = secrets.token_urlsafe(16)
        with self._lock:
            _prune(self._pages, lambda page: page[1], now)
            self._pages[number] = (fields, now + PAGE_LIFE)
        return number

    def request(self, number: str, *, now: datetime) -> Fields | None:
        """The request behind a page, once; None where it is answered or too old."""
        with self._lock:
            fields, expires = self._pages.pop(number, ({}, now))
        return fields if fields and expires > now else None

    def code(self, citizen: Citizen, fields: Fields, *, trouble: str, now: datetime) -> str:
        """A code for that person."""
        made = secrets.token_urlsafe(32)
        with self._lock:
            _prune(self._codes, lambda code: code.expires, now)
            nonce = fields.get("nonce", "")
            self._codes[made] = Code(citizen, fields["redirect_uri"], nonce, now + CODE_LIFE, trouble)
        return made

    def exchange(self, fields: Fields, *, now: datetime) -> tuple[Code, dict[str, Any]]:
        """Tokens for a code. Raises Refused; a code is gone with the first try, good or bad."""
        with self._lock:
            code = self._codes.pop(fields.get("code", ""), None)
        _complete(fields, EXCHANGE)
        if fields["grant_type"] != "authorization_code" or fields["token_type"] != BEARER:
            raise Refused(NOT_ALLOWED)
        self._believe(fields, fields["code"], now=now)
        if code is None or code.expires <= now or code.redirect_uri != fields["redirect_uri"]:
            raise Refused(CODE_WRONG)
        return code, self._tokens(code, fields, now=now)

    def holder(self, token: str, *, now: datetime) -> str:
        """The oid in an access token of ours; empty where it isn't one or is too old."""
        key = load_pem_x509_certificate(self.keys.server_certificate.read_bytes()).public_key()
        assert isinstance(key, RSAPublicKey)
        try:
            claims = jws.deserialize_compact(token, RSAKey.import_key(key), registry=_REGISTRY)
        except (JoseError, ValueError):
            return ""
        found = json.loads(claims.payload or b"{}")
        return str(found.get("urn:esia:sbj_id", "")) if found.get("exp", 0) > now.timestamp() else ""

    def _believe(self, fields: Fields, code: str, *, now: datetime) -> None:
        if fields["client_id"] != CLIENT_ID:
            raise Refused(NOT_ALLOWED)
        if "openid" not in fields["scope"].split():
            raise Refused(SCOPE_WRONG)
        if abs(_time_of(fields["timestamp"]) - now) > SKEW:
            raise Refused(TIME_WRONG)
        if fields["client_certificate_hash"] != self.keys.client_certificate_hash() or not self._signed(fields, code):
            raise Refused(SECRET_WRONG)

    def _signed(self, fields: Fields, code: str) -> bool:
        names = ("client_id", "scope", "timestamp", "state", "redirect_uri")
        text = "".join(fields[name] for name in names) + code
        key = load_pem_x509_certificate(self.keys.client_certificate.read_bytes()).public_key()
        assert isinstance(key, RSAPublicKey)
        try:
            secret = base64.b64decode(fields["client_secret"], altchars=b"-_", validate=True)
            key.verify(secret, text.encode(), padding.PKCS1v15(), hashes.SHA256())
        except (ValueError, InvalidSignature):
            return False
        return True

    def _tokens(self, code: Code, fields: Fields, *, now: datetime) -> dict[str, Any]:
        issued, sid, oid = int(now.timestamp()), secrets.token_hex(16), code.citizen.oid
        common = {
            "iss": ISSUER, "iat": issued, "nbf": issued, "exp": issued + int(TOKEN_LIFE.total_seconds()),
            "urn:esia:sid": sid,
        }  # fmt: skip
        access = {**common, "client_id": CLIENT_ID, "scope": f"fullname?oid={oid}", "urn:esia:sbj_id": oid}
        identity = {
            **common, "aud": CLIENT_ID, "sub": oid, "amr": ["PWD"], "auth_time": issued,
            **({"nonce": code.nonce} if code.nonce else {}),
            "urn:esia:sbj": {
                "urn:esia:sbj:typ": "P", "urn:esia:sbj:oid": oid, "urn:esia:sbj:is_tru": code.citizen.trusted,
            },
        }  # fmt: skip
        return {
            "access_token": self._token(access, "access"),
            "id_token": self._token(identity, "id"),
            "state": fields["state"],
            "token_type": BEARER,
            "expires_in": int(TOKEN_LIFE.total_seconds()),
        }

    def _token(self, claims: Mapping[str, Any], kind: str) -> str:
        key = RSAKey.import_key(self.keys.server_key.read_bytes())
        header = {"alg": "RS256", "typ": "JWT", "ver": 1, "sbt": kind}
        return jws.serialize_compact(header, json.dumps(claims), key, registry=_REGISTRY)


def _complete(fields: Fields, names: tuple[str, ...]) -> None:
    for name in names:
        if not fields.get(name):
            lacking = Refusal(INCOMPLETE.error, INCOMPLETE.number, f"{INCOMPLETE.words} [{name}].")
            raise Refused(lacking)


def _time_of(text: str) -> datetime:
    """A plus that came unescaped is a space by now, and such a time is none."""
    try:
        return datetime.strptime(text, "%Y.%m.%d %H:%M:%S %z").astimezone(UTC)
    except ValueError as fault:
        raise Refused(TIME_WRONG) from fault


def _prune(kept: dict[str, Any], expires: Any, now: datetime) -> None:
    for key in [key for key, value in kept.items() if expires(value) <= now] or list(kept)[: len(kept) - MOST + 1]:
        del kept[key]

"""Госуслуги over HTTP, as their methodical recommendations say: v2/ac, v3/te, rs/prns."""

import base64
import uuid
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

import httpx

from lk_reflex.core.this_machine import leads_here
from lk_reflex.integrations.esia.certificate import Certificate
from lk_reflex.integrations.esia.claims import Expected, check_identity, claims_in, subject_of
from lk_reflex.integrations.esia.outside import Signer
from lk_reflex.integrations.esia.persons import person_from
from lk_reflex.integrations.esia.port import SCOPE, Aim, Person, Silent, Unexpected, error_of

TIMEOUT: Final = httpx.Timeout(10.0, connect=5.0)
#: The largest answer that makes sense; nothing of theirs comes near.
LARGEST: Final = 256 * 1024
#: They compare the time of a request with their own and want the zone said; any zone will do.
_ZONE: Final = ZoneInfo("Europe/Moscow")


@dataclass(frozen=True, slots=True)
class Registration:
    """Who we are to them. `portal` is where browsers go, `base` where we call: the same in production."""

    portal: str
    base: str
    issuer: str
    client_id: str
    certificate_hash: str

    @property
    def proxied(self) -> bool:
        """Whether a proxy of the environment may stand between: none leads to this machine, or to our own pages."""
        return not self.portal.startswith("/") and not leads_here(self.base)


class EsiaClient:
    """The port `Esia` over the wire. Follows no redirect and trusts no answer that isn't signed."""

    def __init__(
        self, we: Registration, signer: Signer, certificate: Certificate, *, timeout: httpx.Timeout = TIMEOUT
    ) -> None:
        self.we, self.signer, self.certificate, self.timeout = we, signer, certificate, timeout

    def authorise_url(self, aim: Aim, state: str, *, now: datetime) -> str:
        """Where to send the browser; `nonce` comes back in the id token."""
        moment = timestamp(now)
        fields = {
            "client_id": self.we.client_id,
            "redirect_uri": aim.redirect_uri,
            "response_type": "code",
            "scope": SCOPE,
            "state": state,
            "timestamp": moment,
            "access_type": "online",
            "client_certificate_hash": self.we.certificate_hash,
            "client_secret": self._secret(moment, state, aim),
            "nonce": aim.nonce,
        }
        # A plus in an address is a space to them: it has to be %2B, and a space %20.
        return f"{self.we.portal}/aas/oauth2/v2/ac?{urlencode(fields, quote_via=quote, safe='')}"

    def person(self, aim: Aim, code: str, *, now: datetime) -> Person:
        """Two calls: the code for tokens, and with them the person's own entry."""
        answer = self._tokens(aim, code, now=now)
        access = _text(answer, "access_token")
        self.certificate.check(access)
        expected = Expected(self.we.issuer, self.we.client_id, aim.nonce)
        oid = subject_of(claims_in(access), expected, now=now)
        if identity := answer.get("id_token"):
            self.certificate.check(str(identity))
            check_identity(claims_in(str(identity)), oid, expected, now=now)
        entry = self._get(f"/rs/prns/{quote(oid, safe='')}?embed=(contacts.elements)", access)
        return person_from(entry, oid)

    def logout_url(self, redirect_url: str) -> str:
        """Where to send a browser that shall forget who is signed in there."""
        fields = {"client_id": self.we.client_id, "redirect_url": redirect_url}
        return f"{self.we.portal}/idp/ext/Logout?{urlencode(fields, quote_via=quote, safe='')}"

    def _tokens(self, aim: Aim, code: str, *, now: datetime) -> dict[str, Any]:
        state, moment = str(uuid.uuid4()), timestamp(now)
        form = {
            "client_id": self.we.client_id,
            "code": code,
            "grant_type": "authorization_code",
            "client_certificate_hash": self.we.certificate_hash,
            "client_secret": self._secret(moment, state, aim, code),
            "state": state,
            "redirect_uri": aim.redirect_uri,
            "scope": SCOPE,
            "timestamp": moment,
            "token_type": "Bearer",
        }
        answer = self._ask("POST", "/aas/oauth2/v3/te", data=form)
        if answer.get("state") != state:
            raise Unexpected("token-state")
        return answer

    def _secret(self, moment: str, state: str, aim: Aim, code: str = "") -> str:
        text = f"{self.we.client_id}{SCOPE}{moment}{state}{aim.redirect_uri}{code}"
        # With its padding, as in their examples: RFC 4648, 5.
        return base64.urlsafe_b64encode(self.signer.sign(text.encode())).decode()

    def _get(self, path: str, token: str) -> dict[str, Any]:
        return self._ask("GET", path, headers={"Authorization": f"Bearer {token}"})

    def _ask(self, method: str, path: str, **how: Any) -> dict[str, Any]:
        try:
            with httpx.Client(timeout=self.timeout, follow_redirects=False, trust_env=self.we.proxied) as http:
                answer = http.request(method, f"{self.we.base}{path}", **how)
        except httpx.HTTPError as fault:
            raise Silent(type(fault).__name__) from fault
        return _checked(answer)


def timestamp(now: datetime) -> str:
    """«2026.11.22 13:00:29 +0300»."""
    return now.astimezone(_ZONE).strftime("%Y.%m.%d %H:%M:%S %z")


def _checked(answer: httpx.Response) -> dict[str, Any]:
    """The JSON of a good answer. Raises what the answer says, or Silent, or Unexpected."""
    found = _object(answer)
    if "error" in found:
        raise error_of(str(found["error"]), str(found.get("error_description", "")))
    if answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise Silent(f"HTTP {answer.status_code}")
    if answer.status_code != HTTPStatus.OK or not found:
        raise Unexpected(f"HTTP {answer.status_code}")
    return found


def _object(answer: httpx.Response) -> dict[str, Any]:
    if len(answer.content) > LARGEST:
        raise Unexpected("too-large")
    try:
        found = answer.json()
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _text(answer: dict[str, Any], name: str) -> str:
    value = answer.get(name)
    if not isinstance(value, str) or not value:
        raise Unexpected(f"no-{name}")
    return value

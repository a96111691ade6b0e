"""One exchange with a gateway over HTTPS: bounded in time and size, and whatever goes wrong is silence."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import BoundedSemaphore
from time import monotonic
from typing import Any, Final
from urllib.parse import urlsplit

import httpx

from lk_reflex.core.this_machine import leads_here
from lk_reflex.integrations.bank.port import Silent

#: The largest answer that makes sense; nothing of theirs comes near.
LARGEST: Final = 256 * 1024
CONNECT_SECONDS: Final = 5.0
#: For so many seconds after a silence so many may wait for the same gateway at once. The threads are everybody's: one
#: bank that has hung up must not keep the payers of all others waiting.
REST_SECONDS, PATIENT = 30.0, 2


@dataclass(frozen=True, slots=True)
class Answer:
    """A status and a whole body."""

    status: int
    body: bytes


class Wire:
    """Speaks to `base` and follows no redirect: the credentials would travel along.

    `seconds` for a whole exchange; `own`: this cabinet's own stand-in answers, whatever its address.
    """

    def __init__(self, base: str, *, seconds: float, own: bool = False) -> None:
        self.base, self.seconds = base.rstrip("/"), seconds
        self.local = own or leads_here(base)
        # No connection is kept: a bank closes idle ones unannounced, and a request lost to that has an unknown outcome.
        self._http = httpx.Client(
            timeout=httpx.Timeout(seconds, connect=min(CONNECT_SECONDS, seconds)),
            limits=httpx.Limits(max_keepalive_connections=0),
            follow_redirects=False,
            trust_env=not self.local,  # no proxy leads there
        )
        self._silent_at = -REST_SECONDS
        self._patient = BoundedSemaphore(PATIENT)

    def ask(self, method: str, path: str, **how: Any) -> Answer:
        """The answer, read whole. Raises Silent, whose words hold neither address nor credentials."""
        with self._turn():
            try:
                answer = self._exchange(method, path, how)
            except Silent:
                self._silent_at = monotonic()
                raise
            self._silent_at = -REST_SECONDS
            return answer

    def _exchange(self, method: str, path: str, how: dict[str, Any]) -> Answer:
        until = monotonic() + self.seconds
        try:
            with self._http.stream(method, f"{self.base}{path}", **how) as answer:
                return Answer(answer.status_code, _read(answer, until))
        except httpx.HTTPError as fault:
            raise Silent(type(fault).__name__) from None

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Whoever would be one too many at a silent gateway hears at once that nothing is known."""
        if monotonic() - self._silent_at >= REST_SECONDS:
            yield
            return
        if not self._patient.acquire(blocking=False):
            raise Silent("resting")
        try:
            yield
        finally:
            self._patient.release()


def _read(answer: httpx.Response, until: float) -> bytes:
    """The body, as long as it is neither endless nor dripping."""
    pieces, size = [], 0
    for piece in answer.iter_bytes():
        pieces.append(piece)
        size += len(piece)
        if size > LARGEST:
            raise Silent("answer-too-large")
        if monotonic() > until:
            raise Silent("answer-too-slow")
    return b"".join(pieces)


def object_in(answer: Answer) -> dict[str, Any]:
    """The JSON object of an answer. Raises Silent for anything else."""
    try:
        found = json.loads(answer.body)
    except (ValueError, RecursionError):
        raise Silent(f"answer-unreadable HTTP {answer.status}") from None
    if not isinstance(found, dict):
        raise Silent(f"answer-no-object HTTP {answer.status}")
    return found


def masked(card: str) -> str:
    """A card's number as «411111******1111», however much of it a gateway shows."""
    plain = "".join(card.split())
    if len(plain) <= 10:  # no more than its ends
        return f"{'*' * 6}{plain[-4:]}" if plain else ""
    return f"{plain[:6]}{'*' * (len(plain) - 10)}{plain[-4:]}"


def page_in(value: object, *, local: bool) -> str:
    """An address that a browser may be sent to; raises Silent for another. `local`: a path of our own will do."""
    address = value if isinstance(value, str) else ""
    if not address.isprintable() or " " in address or "\\" in address:
        raise Silent("page-unreadable")
    if local and address.startswith("/") and not address.startswith("//"):
        return address
    try:
        parts = urlsplit(address)
    except ValueError:
        raise Silent("page-unreadable") from None
    if parts.scheme not in (("https", "http") if local else ("https",)) or not parts.hostname:
        raise Silent("page-unreadable")
    return address

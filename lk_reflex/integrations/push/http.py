"""A gateway that takes JSON over HTTP with a bearer token and passes it on to the phones' own push services.

`POST {"id", "token", "platform", "title", "body", "kind", "number", "badge"}`. Any 2xx is «taken», 410 says that the
phone is gone, and so does a 404 that names the token as unknown; 400, 413 and 422 that the message never will be taken;
whatever else, that it is to be tried again.
"""

import re
from http import HTTPStatus
from typing import Final

import httpx

from lk_reflex.integrations.push.port import Away, Gone, PushNote, Unfit

#: Seconds for the whole exchange.
TIMEOUT = 6.0
#: «unknown-token» is ours; the other is what FCM and those who speak like it answer. A bare 404 is a wrong address
#: of the gateway, or its proxy's word: for that nobody loses a phone.
_UNKNOWN: Final = re.compile(rb'"(?:unknown-token|unregistered)"', re.IGNORECASE)
_UNFIT: Final = frozenset(
    {HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNPROCESSABLE_ENTITY}
)


class HttpPush:
    """Sends through the gateway at `url`."""

    def __init__(self, url: str, token: str, client: httpx.Client | None = None) -> None:
        self._url = url
        # Redirects aren't followed: the tokens would travel along.
        self._client = client or httpx.Client(timeout=TIMEOUT, trust_env=False)
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    def send(self, note: PushNote) -> None:
        """Raises Away, Gone or Unfit."""
        try:
            answer = self._client.post(self._url, json=_json(note), headers=self._headers)
        except httpx.HTTPError as fault:
            # Not the fault's own words: they hold the address, and a log is no place for a token in it.
            raise Away(type(fault).__name__) from None
        if answer.is_success:
            return
        reason = f"status {answer.status_code}"
        if _says_gone(answer):
            raise Gone(reason)
        raise Unfit(reason) if answer.status_code in _UNFIT else Away(reason)


def _says_gone(answer: httpx.Response) -> bool:
    if answer.status_code == HTTPStatus.NOT_FOUND:
        return _UNKNOWN.search(answer.content) is not None
    return answer.status_code == HTTPStatus.GONE


def _json(note: PushNote) -> dict[str, object]:
    return {
        "id": note.identity, "token": note.token, "platform": note.platform, "title": note.title, "body": note.body,
        "kind": note.kind, "number": note.number, "badge": note.badge,
    }  # fmt: skip

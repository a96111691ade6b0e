"""A gateway that takes JSON over HTTP: `POST {"to": "+7…", "text": "…"}` with a bearer token, any 2xx is «taken»."""

import httpx

from lk_reflex.integrations.sms.port import SmsFailed

#: Seconds for the whole exchange: a person waits for it.
TIMEOUT = 6.0


class HttpSms:
    """Sends through the gateway at `url`."""

    def __init__(self, url: str, token: str, client: httpx.Client | None = None) -> None:
        self._url = url
        # Redirects aren't followed: the token would travel along.
        self._client = client or httpx.Client(timeout=TIMEOUT, trust_env=False)
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    def send(self, phone: str, text: str) -> None:
        """Raises SmsFailed for anything but a 2xx."""
        try:
            answer = self._client.post(self._url, json={"to": phone, "text": text}, headers=self._headers)
        except httpx.HTTPError as fault:
            # Not the fault's own words: they hold the address, and a log is no place for a token in it.
            raise SmsFailed(type(fault).__name__) from None
        if not answer.is_success:
            raise SmsFailed(f"status {answer.status_code}")

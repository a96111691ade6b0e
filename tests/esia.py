"""The stand-in of Госуслуги as a server of its own, a client of it, and a visitor who presses its buttons."""

import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx

from lk_reflex.integrations.esia.certificate import Certificate
from lk_reflex.integrations.esia.client import EsiaClient, Registration
from lk_reflex.integrations.esia.outside import RsaSigner
from lk_reflex.standins.esia.keys import CLIENT_ID, ISSUER, Keys, kept_keys

ROOT = Path(__file__).resolve().parents[1]
CONFIRMED, UNCONFIRMED, MAILLESS, OWNER, NAMESAKE = "1000500001", "1000500002", "1000500003", "1000500004", "1000500005"


@dataclass(frozen=True)
class EsiaServer:
    """A running stand-in: its address and its keys."""

    base: str
    keys: Keys

    def client(self, **changes) -> EsiaClient:
        """The cabinet's own client of it."""
        timeout = changes.pop("timeout", httpx.Timeout(5.0))
        signer = changes.pop("signer", RsaSigner(self.keys.client_key))
        certificate = changes.pop("certificate", Certificate(self.keys.server_certificate))
        fields = {
            "portal": self.base, "base": self.base, "issuer": ISSUER, "client_id": CLIENT_ID,
            "certificate_hash": self.keys.client_certificate_hash(), **changes,
        }  # fmt: skip
        return EsiaClient(Registration(**fields), signer, certificate, timeout=timeout)


def press(authorise_url: str, person: str = CONFIRMED, do: str = "enter") -> dict[str, str]:
    """Sign in there as a person would; returns what the browser brings back to the cabinet."""
    with httpx.Client(trust_env=False, follow_redirects=False) as browser:
        page = browser.get(authorise_url)
        if page.status_code == 303:
            return fields_of(page.headers["location"])
        assert page.status_code == 200, page.text
        number = re.search(r'name="request" value="([^"]+)"', page.text)
        assert number
        action = httpx.URL(authorise_url).join("../../../sign-in")
        answer = browser.post(action, data={"request": number[1], "person": person, "do": do})
        assert answer.status_code == 303, answer.text
        return fields_of(answer.headers["location"])


def fields_of(address: str) -> dict[str, str]:
    """The parameters of an address."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


@contextmanager
def running(folder: Path) -> Iterator[EsiaServer]:
    """Start one, with its keys in `folder`."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = [sys.executable, "-m", "lk_reflex.standins.esia", str(port), str(folder)]
    process = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(port, process)
        yield EsiaServer(f"http://127.0.0.1:{port}", kept_keys(folder))
    finally:
        process.terminate()
        process.wait(10)


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the stand-in didn't start")

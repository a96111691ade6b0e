"""The stand-in bank as a server of its own, clients of it, and a payer who types cards on its pages."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from lk_reflex.integrations.bank.banks import bank_of
from lk_reflex.integrations.bank.gateways import Gateway
from lk_reflex.integrations.bank.port import Bank
from lk_reflex.standins.bank.cards import Way, card_of
from lk_reflex.standins.bank.ledger import Ledger
from lk_reflex.standins.bank.machine import CODE
from lk_reflex.standins.secrets import BANK_CALLBACK_KEY, BANK_LOGIN, BANK_PASSWORD, BANK_SECRET, BANK_SHOP

ROOT = Path(__file__).resolve().parents[1]


@dataclass
class BankServer:
    """A stand-in that can be killed and started again over the same books."""

    port: int
    folder: Path
    words: list[str] = field(default_factory=list)
    process: subprocess.Popen[bytes] | None = None

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def ledger(self) -> Ledger:
        return Ledger(self.folder)

    def start(self, failpoint: str = "") -> None:
        """Begin, or begin again; with a failpoint it dies there."""
        command = [sys.executable, "-m", "lk_reflex.standins.bank", str(self.port), str(self.folder), *self.words]
        kept = {name: value for name, value in os.environ.items() if not name.startswith("LK_")}
        environment = {**kept, **({"LK_FAILPOINT": failpoint} if failpoint else {})}
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "bank.log").open("ab") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT)
        wait_for(self.port, self.process)

    def stop(self, *, kill: bool = False) -> None:
        """End it, or as if the power went."""
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL if kill else signal.SIGTERM)
            self.process.wait(15)
            self.process = None

    def died(self) -> bool:
        """Whether a failpoint has killed it by now; awaited."""
        assert self.process is not None
        return self.process.wait(20) == -signal.SIGKILL

    def gateway(self, kind: str, inn: str, *, timeout: float = 5.0) -> Gateway:
        """How the settings name it for one organization."""
        if kind == "json":
            return Gateway("json", f"{self.base}/json", shop_id=f"{BANK_SHOP}-{inn}", secret=BANK_SECRET,
                           timeout=timeout)  # fmt: skip
        return Gateway("rbs", f"{self.base}/rest", f"{BANK_LOGIN}-{inn}", BANK_PASSWORD, timeout=timeout, retries=True,
                       callback_key=BANK_CALLBACK_KEY, page_url=f"{self.base}/pay/{{orderId}}")  # fmt: skip

    def client(self, kind: str, inn: str = "7000000001", *, timeout: float = 5.0) -> Bank:
        """The cabinet's own client of it."""
        return bank_of(self.gateway(kind, inn, timeout=timeout))

    def trouble(self, call: str, kind: str, *, times: int = 1, seconds: float = 2) -> None:
        """What shall go wrong with the next calls of that name."""
        given = {"call": call, "kind": kind, "times": times, "seconds": seconds}
        httpx.post(f"{self.base}/troubles", json=given, trust_env=False).raise_for_status()

    def calm(self) -> None:
        """No trouble any more."""
        httpx.request("DELETE", f"{self.base}/troubles", trust_env=False).raise_for_status()


def type_card(form_url: str, way: Way | str = Way.PAID, *, code: str = CODE, patience: float = 10) -> int | None:
    """Type the card of that way and, where asked, the code of the 3-D Secure step; the last status, None for silence.

    The payer closes the browser then: nobody goes back to the shop.
    """
    card = card_of(str(way))
    assert card is not None
    form = {"number": card.number, "month": "12", "year": "39", "cvc": "123"}
    with httpx.Client(trust_env=False, follow_redirects=False, timeout=patience) as browser:
        try:
            answer = browser.post(form_url, data=form)
            if answer.status_code == 303 and answer.headers["location"].endswith("/code") and code:
                answer = browser.post(str(answer.url.join(answer.headers["location"])), data={"code": code})
        except httpx.HTTPError:
            return None
        return answer.status_code


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    """Until somebody listens there."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"nobody listens at {port}")


def free_port() -> int:
    """A port that nobody has just now."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@contextmanager
def bank_in(folder: Path, *words: str, port: int = 0) -> Iterator[BankServer]:
    """A running stand-in with its books in `folder`; `words` are its further options."""
    server = BankServer(port or free_port(), folder, list(words))
    server.start()
    try:
        yield server
    finally:
        server.stop()

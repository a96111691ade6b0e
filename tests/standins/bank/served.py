"""The stand-in bank as a server of its own, a payer who presses its buttons, and a shop that is called back."""

import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx

from lk_reflex.standins.bank.cards import Way, card_of
from lk_reflex.standins.bank.ledger import Ledger
from lk_reflex.standins.secrets import BANK_LOGIN, BANK_PASSWORD, BANK_SECRET, BANK_SHOP

ROOT = Path(__file__).resolve().parents[3]
ACCESS = {"userName": BANK_LOGIN, "password": BANK_PASSWORD}


@dataclass
class BankServer:
    """A running stand-in: `base` is its address, `folder` its books."""

    base: str
    folder: Path
    process: subprocess.Popen[bytes]

    @property
    def ledger(self) -> Ledger:
        """Its own books, read only."""
        return Ledger(self.folder)

    def rbs(self, call: str, access: Mapping[str, str] = ACCESS, **fields: object) -> dict[str, Any]:
        """One call over the RBS wire, as `curl` would make it."""
        data = {**access, **{name: str(value) for name, value in fields.items()}}
        answer = httpx.post(f"{self.base}/rest/{call}", data=data, timeout=20, trust_env=False)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def register(self, number: str, amount: int = 10000, **fields: object) -> str:
        """A new order; returns the bank's id of it."""
        back = {"returnUrl": "http://localhost/back", "failUrl": "http://localhost/fail"}
        return self.rbs("register.do", orderNumber=number, amount=amount, **{**back, **fields})["orderId"]

    def state(self, number: str) -> dict[str, Any]:
        """As the bank tells it."""
        return self.rbs("getOrderStatusExtended.do", orderNumber=number)

    def json(self, method: str, path: str, body: object = None, key: str = "", shop: str = BANK_SHOP) -> httpx.Response:
        """One call over the JSON wire."""
        headers = {"Idempotence-Key": key} if key else {}
        return httpx.request(method, f"{self.base}/json/{path}", json=body, headers=headers, timeout=20,
                             auth=(shop, BANK_SECRET), trust_env=False)  # fmt: skip

    def trouble(self, call: str, kind: str, times: int = 1, seconds: float = 0.2) -> None:
        """Let something go wrong with the next calls."""
        body = {"call": call, "kind": kind, "times": times, "seconds": seconds}
        assert httpx.post(f"{self.base}/troubles", json=body, trust_env=False).status_code == 200

    def pay(self, bank_id: str, way: Way | str = Way.PAID, code: str = "1234") -> httpx.Response:
        """Type that card as a payer would, and the code where the bank asks for one."""
        return pay(f"{self.base}/pay/{bank_id}", way, code)

    def kill(self) -> None:
        """As by `kill -9`."""
        self.process.kill()
        self.process.wait(10)


def pay(form_url: str, way: Way | str = Way.PAID, code: str = "1234") -> httpx.Response:
    """At the page where a card is typed; the last answer, whose `url` tells where the payer has come to."""
    card = card_of(way)
    assert card
    typed = {"number": card.grouped, "month": "12", "year": "99", "cvc": "123"}
    with httpx.Client(trust_env=False, follow_redirects=True, timeout=20) as browser:
        answer = browser.post(form_url, data=typed)
        if answer.url.path.endswith("/code"):
            answer = browser.post(answer.url, data={"code": code, "do": "confirm"})
        return answer


def way_back(answer: httpx.Response) -> str:
    """Where the page between bank and shop leads on to; empty where the payer is still at the bank."""
    return answer.headers.get("refresh", "").partition("url=")[2]


@contextmanager
def running(
    folder: Path, callback: str = "", *, failpoint: str = "", port: int = 0, **times: float
) -> Iterator[BankServer]:
    """Start one, quick in all that it does; `times` as on its command line."""
    server = start(folder, callback, failpoint=failpoint, port=port, **times)
    try:
        yield server
    finally:
        stop(server)


def start(folder: Path, callback: str = "", *, failpoint: str = "", port: int = 0, **times: float) -> BankServer:
    """The same without an end: `stop` it."""
    port = port or free_port()
    quick = {"pause": 0.1, "patience": 2.0, "late": 0.3, "slow": 0.3, "silence": 0.2, **times}
    words = [f"--{name}={value}" for name, value in quick.items()] + ([f"--callback={callback}"] if callback else [])
    process = subprocess.Popen(
        [sys.executable, "-m", "lk_reflex.standins.bank", str(port), str(folder), *words],
        cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env={**os.environ, "LK_FAILPOINT": failpoint, "LK_MODE": "preview"},
    )  # fmt: skip
    _wait(port, process)
    return BankServer(f"http://127.0.0.1:{port}", folder, process)


def stop(server: BankServer) -> None:
    """End it as an operator would."""
    server.process.terminate()
    try:
        server.process.wait(10)
    except subprocess.TimeoutExpired:
        server.process.kill()
        server.process.wait(5)


def free_port() -> int:
    """One that nobody has at the moment."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    until(lambda: _answers(port) or process.poll() is not None, 30)
    if process.poll() is not None:
        raise RuntimeError("the stand-in bank didn't start")


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


def until(done: Callable[[], object], within: float = 60) -> None:
    """Wait until something is so; raises AssertionError where it doesn't become so."""
    deadline = time.monotonic() + within
    while not done():
        assert time.monotonic() < deadline, "it didn't come to that"
        time.sleep(0.02)


@dataclass
class Shop:
    """Whom the bank calls back: keeps what comes, and answers with `status`."""

    url: str
    status: int = 200
    calls: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)

    def told(self) -> list[tuple[str, str]]:
        """`operation` and `status` of each RBS callback."""
        return [(fields.get("operation", ""), fields.get("status", "")) for _method, fields, _body in self.calls]


@contextmanager
def shop() -> Iterator[Shop]:
    """A server that takes callbacks."""
    found = Shop("")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._take("GET")

        def do_POST(self) -> None:
            self._take("POST")

        def _take(self, method: str) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            found.calls.append((method, dict(parse_qsl(urlsplit(self.path).query)), body))
            self.send_response(found.status)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found.url = f"http://127.0.0.1:{server.server_port}/api/bank/callback"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def order_in(text: str) -> str:
    """The bank's id in an address of its pages."""
    found = re.search(r"/pay/([0-9a-f-]{36})", text)
    assert found
    return found[1]

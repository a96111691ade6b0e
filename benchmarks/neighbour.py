"""A slow neighbour: what sign-ins, receipts for printing and an import do to the others' month switch."""

import http.client
import os
import shutil
import subprocess
import threading
import time
import urllib.parse
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path

from benchmarks.data import KEY, months
from benchmarks.driver import Load, Result, compared
from benchmarks.places import ACCOUNTS, BENCH, PASSWORD, PYTHON, ROOT, cookie, data_dir, database_file
from benchmarks.servers import PRODUCT, Server, build_product, product, product_env, running
from lk_reflex.exchange.demo.generate import make_demo

CROWD = 200
PLACE = 4  # the data folder of this measurement: it gets changed


def neighbour(*, quick: bool) -> list[Result]:
    """Quiet and disturbed stretches of the same crowd on the same server, in turns."""
    build_product()
    seconds, pairs = (8, 2) if quick else (20, 4)
    _copy_of_data()
    package = _package(600 if quick else 4000)
    with running(product(PLACE)) as server, Load(server, CROWD, accounts=ACCOUNTS) as crowd:
        crowd.run("think", 5)
        quiet, steady, burst = [], [], []
        for _ in range(pairs):
            quiet.append(crowd.run("think", seconds))
            with _sign_ins(server, 1, 1.0), _receipts(server, 1.0), _import(package):
                steady.append(crowd.run("think", seconds))
            with _sign_ins(server, 10, 3.0):
                burst.append(crowd.run("think", seconds))
    return [
        compared(
            "neighbour: a sign-in and a PDF a second and an import, p95", steady, quiet, "p95", bar=1.5, unit="ms"
        ),
        compared("neighbour: ten sign-ins at once, p95", burst, quiet, "p95", bar=10, unit="ms"),
    ]


def _copy_of_data() -> None:
    target = database_file(PLACE)
    target.parent.mkdir(parents=True, exist_ok=True)
    for left in target.parent.glob("lk.db*"):
        left.unlink()
    shutil.copy(database_file(ACCOUNTS), target)
    (data_dir(PLACE) / "secret.key").write_bytes(KEY)


def _package(accounts: int) -> Path:
    folder = BENCH / f"package-{accounts}"
    if not folder.exists():
        make_demo(folder, accounts=accounts, months=24, today=date(2026, 11, 22))
    return folder


@contextmanager
def _import(package: Path) -> Iterator[None]:
    """An import that is under way as long as the block is."""
    command = [PYTHON, "-m", "lk_reflex", "import", str(package)]
    env = {**os.environ, **product_env(PLACE, PRODUCT)}
    stop = threading.Event()

    def again() -> None:
        while not stop.is_set():
            process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            while process.poll() is None and not stop.wait(0.2):
                pass
            process.kill()  # all or nothing: what was begun is undone
            process.wait()

    with _beside(again, stop):
        yield


@contextmanager
def _sign_ins(server: Server, at_once: int, every: float) -> Iterator[None]:
    stop = threading.Event()

    def again() -> None:
        user = 5000
        while not stop.is_set():
            began = time.monotonic()
            threads = [threading.Thread(target=_sign_in, args=(server, user + place)) for place in range(at_once)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            user += at_once
            stop.wait(max(0.0, every - (time.monotonic() - began)))

    with _beside(again, stop):
        yield


@contextmanager
def _receipts(server: Server, every: float) -> Iterator[None]:
    """A receipt as PDF every so many seconds, each time somebody else's."""
    stop = threading.Event()

    def again() -> None:
        user = 9000
        while not stop.is_set():
            began = time.monotonic()
            _receipt(server, user)
            user += 1
            stop.wait(max(0.0, every - (time.monotonic() - began)))

    with _beside(again, stop):
        yield


def _receipt(server: Server, user: int) -> None:
    newest = months()[-1].key
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    with suppress(OSError):
        cookies = {"Cookie": f"lk_session={cookie(user)}"}
        connection.request("GET", f"/api/receipts.pdf?from={newest}&to={newest}", headers=cookies)
        answer = connection.getresponse()
        assert answer.status == 200, answer.read()
        answer.read()
    connection.close()


@contextmanager
def _beside(work: Callable[[], None], stop: threading.Event) -> Iterator[None]:
    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _sign_in(server: Server, user: int) -> None:
    form = urllib.parse.urlencode({"login": f"r{user}@example.org", "password": PASSWORD, "next": ""})
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": server.url}
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    with suppress(OSError):
        connection.request("POST", "/api/sign-in", form, headers)
        answer = connection.getresponse()
        assert "fault" not in (answer.getheader("location") or ""), answer.getheader("location")
    connection.close()

"""What the people of the last day come to: one process on SQLite, or two behind nginx on PostgreSQL and Redis."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.city.fill import fill
from benchmarks.city.visits import SITE
from benchmarks.data import KEY
from benchmarks.places import BENCH, PYTHON
from benchmarks.servers import running, start, tree
from lk_reflex.core.db import Database

PORT = 3321
_MARK = "filled"


@dataclass(frozen=True)
class Size:
    """Of the city: accounts, months of each, and how many of the accounts have a login with a live session."""

    accounts: int
    months: int
    logins: int

    def folder(self, kind: str) -> Path:
        """Where its data is kept for the next run."""
        return BENCH / f"city-{kind}-{self.accounts}-{self.months}"


@dataclass(frozen=True)
class Stage:
    """`bases` are where people come in, `trust` the certificate to believe; `parts` names pids whose memory counts."""

    name: str
    bases: list[str]
    database: Database
    parts: dict[str, list[int]]
    trust: str = ""

    def memory(self) -> dict[str, float]:
        """Megabytes by part: private memory, and the share of what is common (PSS), so that nothing counts twice."""
        return {name: sum(_pss(pid) for one in pids for pid in tree(one)) for name, pids in self.parts.items()}


def _pss(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")), 0.0)


def _settings(strain_ms: int) -> dict[str, str]:
    return {
        "LK_SECRET_KEY": KEY.decode(),
        "LK_PUBLIC_URL": SITE,
        "LK_STRAIN_MS": str(strain_ms),
        # LK_BENCH_AS_BUILT: a folder with pages that are built already, whatever their sources.
        "REFLEX_WEB_WORKDIR": os.environ.get("LK_BENCH_AS_BUILT") or str(BENCH / "city-web"),
    }


@contextmanager
def one_process(size: Size, *, strain_ms: int) -> Iterator[Stage]:
    """As a town has it: no Redis, no proxy."""
    from tests.site import build_once, environment

    folder = size.folder("sqlite")
    folder.mkdir(parents=True, exist_ok=True)
    database = Database(f"sqlite:///{folder / 'lk.db'}")
    _filled(database, folder, size)
    env = {**environment(folder, PORT), **_settings(strain_ms)}
    if not os.environ.get("LK_BENCH_AS_BUILT"):
        build_once(env)
    try:
        with running(start("city-sqlite", PORT, [PYTHON, "-m", "lk_reflex", "serve"], path="/ping", **env)) as server:
            yield Stage("one process, SQLite", [server.url], database, {"web": [server.process.pid]})
    finally:
        database.close()


@contextmanager
def two_processes(size: Size, *, strain_ms: int, webs: int = 2) -> Iterator[Stage]:
    """As a city has it, on one machine: nginx with the configuration of `deploy/`, a worker beside."""
    from tests.city import town
    from tests.front.front import Nginx

    if os.environ.get("LK_BENCH_AS_BUILT"):
        town.build_once = lambda *_: None

    folder = size.folder("postgresql")
    extra = {**_settings(strain_ms), "LK_TRUSTED_PROXY_HOPS": "1"}
    city = town.City(folder, web_count=webs, worker_count=1, extra=extra)
    front: Nginx | None = None
    try:
        city.start(lambda made: _filled(made.database, folder, size))
        front = Nginx(_empty(folder), [f"127.0.0.1:{web.port}" for web in city.webs])
        front.start()
        parts = {
            "web": [one.popen.pid for one in city.webs],
            "worker": [one.popen.pid for one in city.workers],
            "PostgreSQL": _pids(folder / "postgres"),
            "Redis": [city._redis.popen.pid] if city._redis else [],
            "nginx": [front._popen.pid] if front._popen else [],
        }
        base, trust = f"{SITE}:{front.https}", str(front.folder / "fullchain.pem")
        yield Stage(f"{webs} processes, PostgreSQL, Redis, nginx", [base], city.database, parts, trust)
    finally:
        if front is not None:
            front.stop()
        city.stop()


def _pids(folder: Path) -> list[int]:
    try:
        return [int((folder / "postmaster.pid").read_text().split()[0])]
    except (OSError, ValueError):
        return []


def _empty(folder: Path) -> Path:
    """A folder for the proxy that isn't there yet."""
    made = folder / "front"
    shutil.rmtree(made, ignore_errors=True)
    return made


def _filled(database: Database, folder: Path, size: Size) -> None:
    """Fill it once; later runs only renew what a night makes stale."""
    if not (folder / _MARK).exists():
        fill(database, folder, accounts=size.accounts, months=size.months, logins=size.logins)
        (folder / _MARK).write_text("")
    now = datetime.now(UTC)
    form = "{:%Y-%m-%d %H:%M:%S.%f}" if database.engine.dialect.name == "sqlite" else "{:%Y-%m-%d %H:%M:%S.%f}+00"
    seen, until = form.format(now), form.format(now + timedelta(days=30))
    with database.transaction() as writer:
        writer.connection.exec_driver_sql(
            f"UPDATE sessions SET seen_at = '{seen}', expires_at = '{until}', ended_at = NULL WHERE client = ''"
        )
        writer.connection.exec_driver_sql("DELETE FROM attempts")

"""A city as an operator has it: PostgreSQL, Redis, several web processes of the really built cabinet, workers.

Everything is started from free ports and one folder, and nothing outlives the test run, whatever happens to it.
"""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import httpx
import redis

from lk_reflex.core.crypt import new_key
from lk_reflex.core.db import Database
from lk_reflex.core.migrations import migrate
from lk_reflex.standins.mailbox.listener import Listener
from lk_reflex.standins.mailbox.store import Mailbox
from tests.city.install import redis_server
from tests.city.postgres import Postgres
from tests.family import family
from tests.site import PORT, ROOT, build_once, environment, own_builds

Kind = Literal["web", "worker", "redis", "postgres"]
#: How long anything may take to come up or to go down on a busy machine, in seconds.
PATIENCE = 300.0


@dataclass
class Proc:
    """One process of ours with its family; `base` is a web process's own address."""

    kind: str
    log: Path
    popen: subprocess.Popen[bytes]
    port: int = 0

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def alive(self) -> bool:
        return self.popen.poll() is None

    def kill(self) -> None:
        """As if its machine had lost power: it and all that it has started."""
        members = [self.popen.pid, *family(self.popen.pid)]
        for member in members:
            with suppress(ProcessLookupError):
                os.kill(member, signal.SIGKILL)
        self.popen.wait(PATIENCE)

    def stop(self) -> None:
        """End it as an operator would."""
        members = family(self.popen.pid)
        self.popen.terminate()
        try:
            self.popen.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.kill()
        for member in members:
            with suppress(ProcessLookupError):
                os.kill(member, signal.SIGKILL)


@dataclass
class City:
    """`base` is the address of the first web process, `bases` of all; `database` looks in from outside.

    `extra` are settings for every process, by the names of their variables.
    """

    folder: Path
    web_count: int = 2
    worker_count: int = 2
    web_words: Sequence[str] = ()
    extra: dict[str, str] = field(default_factory=dict)
    webs: list[Proc] = field(default_factory=list)
    workers: list[Proc] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.data = self.folder / "data"
        self.data.mkdir(exist_ok=True)
        self.builds = self.data / "builds"
        self._password, self._redis_port = secrets.token_hex(16), free_port()
        self._redis: Proc | None = None
        self.postgres = Postgres(self.folder / "postgres")
        self.mailbox = Mailbox(self.folder / "mail")
        self._post = Listener(self.mailbox)
        self._own: dict[str, str] = {}
        self._database: Database | None = None

    # Starting and ending.

    def start(self, settle: Callable[["City"], None] | None = None) -> "City":
        """Begin everything; `settle` fills the migrated database before anybody is served."""
        try:
            self.postgres.start()
            self._post.start()
            self._start_redis()
            self._own = self._settings()
            migrate(self.database.engine)
            if settle:
                settle(self)
            build_once({**self.env(), **self._own})  # at its usual address, whatever `extra` calls it
            own_builds(self.data)
            for _ in range(self.web_count):
                self.webs.append(self._web(free_port()))
            for number in range(self.worker_count):
                self.workers.append(self._worker(number))
            for web in self.webs:
                awaited(lambda web=web: ready(web), f"{web.log}", web)
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        """End everything, gently where possible; quiet about what is gone already."""
        running = [one for one in (*self.webs, *self.workers) if one.alive()]
        for one in running:
            one.popen.terminate()
        for one in running:
            one.stop()
        if self._database is not None:
            self._database.close()
            self._database = None
        if self._redis is not None and self._redis.alive():
            self._redis.kill()
        with suppress(Exception):
            self._post.stop()
        self.postgres.stop()

    # What tests do to it.

    def kill(self, kind: Kind, which: int = 0) -> None:
        """kill -9, with everything that the process has started."""
        if kind == "postgres":
            self.postgres.kill()
        elif kind == "redis":
            assert self._redis is not None
            self._redis.kill()
        else:
            self._all(kind)[which].kill()

    def begin(self, kind: Kind, which: int = 0) -> None:
        """Start again what was killed or stopped, at the same place; waits until it answers."""
        if kind == "postgres":
            self.postgres.start()
        elif kind == "redis":
            self._start_redis()
        elif kind == "web":
            web = self.webs[which] = self._web(self.webs[which].port)
            awaited(lambda: ready(web), f"{web.log}", web)
        else:
            self.workers[which] = self._worker(which)

    def _all(self, kind: Kind) -> list[Proc]:
        return self.webs if kind == "web" else self.workers

    # What tests look at.

    @property
    def base(self) -> str:
        return self.webs[0].base

    @property
    def bases(self) -> list[str]:
        return [web.base for web in self.webs]

    @property
    def database(self) -> Database:
        """A view of our own; after PostgreSQL was killed it finds its way back by itself, as the product's does."""
        if self._database is None:
            self._database = Database(self.postgres.url("city"))
        return self._database

    @property
    def redis(self) -> "redis.Redis":
        """A client; close it."""
        return redis.Redis(host="127.0.0.1", port=self._redis_port, password=self._password)

    def env(self, port: int = PORT) -> dict[str, str]:
        """The variables of a process of this city; add words to `python -m lk_reflex` and it works on its data."""
        return {**environment(self.data, port), **self._own, **self.extra}

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run `python -m lk_reflex …` in this city."""
        return subprocess.run(
            [sys.executable, "-m", "lk_reflex", *words],
            cwd=ROOT, env=self.env(), capture_output=True, text=True, check=False,
        )  # fmt: skip

    # How it is made.

    def _settings(self) -> dict[str, str]:
        return {
            # The one that the kept pages were built for: a build serves any number of ports behind it.
            "LK_PUBLIC_URL": f"http://localhost:{PORT}",
            "LK_DATABASE_URL": self.postgres.url("city"),
            "LK_REDIS_URL": f"redis://:{self._password}@127.0.0.1:{self._redis_port}/0",
            "LK_SECRET_KEY": secrets.token_hex(32),
            "LK_DATA_KEYS": new_key(),
            "LK_SMTP_URL": f"smtp+plain://127.0.0.1:{self._post.port}",
            "LK_MAIL_FROM": "Личный кабинет <no-reply@example.org>",
        }

    def _start_redis(self) -> None:
        words = [
            redis_server(), "--port", str(self._redis_port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no",
            "--requirepass", self._password, "--dir", str(self.folder),
        ]  # fmt: skip
        self._redis = self._begin("redis", words, dict(os.environ))
        awaited(lambda: _pings(self), "redis doesn't answer", self._redis)

    def _web(self, port: int) -> Proc:
        words = [sys.executable, "-m", "lk_reflex", "serve", *self.web_words]
        return self._begin(f"web-{port}", words, self.env(port), port)

    def _worker(self, number: int) -> Proc:
        words = [sys.executable, "-m", "lk_reflex", "worker"]
        return self._begin(f"worker-{number}", words, self.env(self.webs[0].port))

    def _begin(self, name: str, words: Sequence[str], env: dict[str, str], port: int = 0) -> Proc:
        log = self.folder / f"{name}.log"
        # Whatever ends the test run, its processes end with it.
        bound = [setpriv, "--pdeathsig", "KILL", *words] if (setpriv := shutil.which("setpriv")) else words
        with log.open("ab") as out:
            popen = subprocess.Popen(bound, cwd=ROOT, env=env, stdout=out, stderr=subprocess.STDOUT)
        return Proc(name.partition("-")[0], log, popen, port)


def free_port() -> int:
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return line.getsockname()[1]


def ready(web: Proc) -> bool:
    """Whether it answers that it can serve."""
    with suppress(httpx.HTTPError):
        return httpx.get(f"{web.base}/api/health/ready", timeout=5).status_code == 200
    return False


def awaited(condition: Callable[[], Any], what: str, proc: Proc | None = None, within: float = PATIENCE) -> Any:
    """What the condition says once it says anything; fails with the process's last words where it doesn't."""
    deadline = time.monotonic() + within
    while not (said := condition()):
        dead = proc is not None and not proc.alive()
        assert not dead and time.monotonic() < deadline, f"{what}\n{_words_of(proc)}"
        time.sleep(0.05)
    return said


def _pings(city: City) -> bool:
    with suppress(redis.RedisError), city.redis as client:
        return bool(client.ping())
    return False


def _words_of(proc: Proc | None) -> str:
    return proc.log.read_text("utf-8", "replace")[-3000:] if proc else ""

"""Starts and stops the product and the floors on loopback ports, and reads what a process tree has used."""

import contextlib
import os
import shutil
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.places import ACCOUNTS, BENCH, FLOOR_PYTHON, FLOORS, PYTHON, ROOT, data_dir, database_file

HOST = "127.0.0.1"
PRODUCT, FLOOR, STARLETTE, NICEGUI, DJANGO, SECOND = range(3301, 3307)
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Server:
    """A running server; `port` is where it answers."""

    name: str
    port: int
    process: subprocess.Popen[bytes] = field(repr=False)

    @property
    def url(self) -> str:
        """Its address, without a trailing slash."""
        return f"http://{HOST}:{self.port}"

    def cpu(self) -> float:
        """Seconds of processor, user and system, that the whole tree has used so far."""
        return sum(_cpu_of(pid) for pid in tree(self.process.pid))

    def memory(self) -> int:
        """Bytes of private memory of the whole tree; pages of the database's file don't count."""
        return sum(_memory_of(pid) for pid in tree(self.process.pid))

    def stop(self) -> None:
        """End the tree; waits until it is gone."""
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)  # a group of its own, see start()
            self.process.wait()


def tree(pid: int) -> list[int]:
    """The process and all its descendants."""
    found = [pid]
    for one in found:
        with contextlib.suppress(OSError):
            for task in Path(f"/proc/{one}/task").iterdir():
                found += [int(child) for child in (task / "children").read_text().split()]
    return found


def _cpu_of(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _memory_of(pid: int) -> int:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("RssAnon:"):
                return int(line.split()[1]) * 1024
    return 0


def start(name: str, port: int, command: Sequence[str], *, cwd: Path = ROOT, path: str = "/", **env: str) -> Server:
    """Run a server and wait until it answers anything at `path`."""
    if answers(f"http://{HOST}:{port}{path}"):
        raise RuntimeError(f"{name}: port {port} is taken, by a server of an earlier run?")
    log = BENCH / "logs" / f"{name}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, cwd=cwd, env={**os.environ, **env}, stdout=out, stderr=out, start_new_session=True
        )
    server = Server(name, port, process)
    for _ in range(600):
        if process.poll() is not None:
            break
        if answers(f"{server.url}{path}"):
            return server
        time.sleep(0.1)
    server.stop()
    raise RuntimeError(f"{name} didn't start:\n{log.read_text()[-3000:]}")


def answers(url: str) -> bool:
    """Whether something answers there, with whatever status."""
    try:
        with urllib.request.urlopen(url, timeout=5):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


@contextlib.contextmanager
def running(server: Server) -> Iterator[Server]:
    """Stop it at the end of the block."""
    try:
        yield server
    finally:
        server.stop()


def product_env(accounts: int, port: int) -> dict[str, str]:
    """The product's environment over a benchmark's data; the built front end is shared by all sizes."""
    return {
        "LK_DATA_DIR": str(data_dir(accounts)),
        "LK_PUBLIC_URL": f"http://{HOST}:{port}",
        "LK_MODE": "preview",
        "PORT": str(port),
        "REFLEX_WEB_WORKDIR": str(BENCH / "product" / "web"),
        # A crowd of residents comes from this one machine, and some of them by one login.
        "LK_SOCKETS_EACH": "0",
        "LK_SOCKETS_ADDRESS": "0",
        "LK_SOCKET_RATE": "100000",
        # What is put off isn't measured here: `make bench-city` does that.
        "LK_STRAIN_MS": "0",
    }


def build_product(port: int = PRODUCT) -> None:
    """Build the product's front end, if its sources have changed; LK_BENCH_AS_BUILT takes the one that is there."""
    if os.environ.get("LK_BENCH_AS_BUILT"):
        return
    subprocess.run(
        [PYTHON, "-m", "lk_reflex", "build"], cwd=ROOT, env={**os.environ, **product_env(ACCOUNTS, port)}, check=True
    )


def product(accounts: int = ACCOUNTS, port: int = PRODUCT, **env: str) -> Server:
    """The served product over a benchmark's data."""
    settings = {**product_env(accounts, port), **env}
    return start(f"product-{accounts}", port, [PYTHON, "-m", "lk_reflex", "serve"], path="/ping", **settings)


def _floor_env(port: int) -> dict[str, str]:
    made = BENCH / "floor"
    return {
        "BENCH_DB": str(database_file(ACCOUNTS)),
        "PORT": str(port),
        "REFLEX_ENV_MODE": "prod",
        "REFLEX_TELEMETRY_ENABLED": "false",
        "REFLEX_CHECK_LATEST_VERSION": "false",
        "REFLEX_USE_NPM": "1",
        "REFLEX_USE_GRANIAN": "1",
        "REFLEX_WEB_WORKDIR": str(made / "web"),
        "REFLEX_STATES_WORKDIR": str(made / "states"),
        "REFLEX_DIR": str(made / "reflex"),
        "PATH": f"{Path(PYTHON).parent}{os.pathsep}{os.environ.get('PATH', '')}",
    }


def _floor_app() -> Path:
    """A copy of the floor's sources: Reflex leaves files beside them."""
    app = BENCH / "floor" / "app"
    shutil.copytree(FLOORS / "reflex_floor", app, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(FLOORS / "rows.py", app / "floor" / "rows.py")
    return app


def build_floor(port: int = FLOOR) -> None:
    """Build the Reflex floor's front end, once for its sources."""
    app, mark = _floor_app(), BENCH / "floor" / "built"
    sources = "".join(path.read_text() for path in sorted(app.rglob("*.py")))
    if mark.exists() and mark.read_text() == sources:
        return
    command = [PYTHON, "-m", "reflex", "export", "--frontend-only", "--no-zip"]
    done = subprocess.run(
        command, cwd=app, env={**os.environ, **_floor_env(port)}, check=False, capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(f"the Reflex floor didn't build:\n{(done.stdout + done.stderr)[-3000:]}")
    mark.write_text(sources)


def reflex_floor(accounts: int = ACCOUNTS, port: int = FLOOR) -> Server:
    """The minimal Reflex app, served as the product is."""
    env = _floor_env(port) | {
        "BENCH_DB": str(database_file(accounts)),
        "__REFLEX_SKIP_COMPILE": "true",
        "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "true",
    }
    command = [PYTHON, "-m", "granian", *_GRANIAN, "--factory", "--port", str(port), "floor.floor:app"]
    return start(f"reflex-floor-{accounts}", port, command, cwd=_floor_app(), path="/ping", **env)


_GRANIAN = ("--interface", "asgi", "--host", HOST, "--workers", "1", "--loop", "asyncio")


def starlette_floor() -> Server:
    """Starlette with a Jinja2 partial, under the same server."""
    command = [FLOOR_PYTHON, "-m", "granian", *_GRANIAN, "--port", str(STARLETTE), "starlette_floor:app"]
    return start("starlette", STARLETTE, command, cwd=FLOORS, BENCH_DB=str(database_file(ACCOUNTS)))


def nicegui_floor() -> Server:
    """NiceGUI's own way: a page, a button, a table."""
    env = {"BENCH_DB": str(database_file(ACCOUNTS)), "PORT": str(NICEGUI)}
    return start("nicegui", NICEGUI, [FLOOR_PYTHON, "nicegui_floor.py"], cwd=FLOORS, **env)


def django_floor() -> Server:
    """Django with what `startproject` puts in, one worker."""
    command = [
        FLOOR_PYTHON, "-m", "granian", "--interface", "wsgi", "--host", HOST, "--workers", "1",
        "--blocking-threads", "1", "--port", str(DJANGO), "django_floor:app",
    ]  # fmt: skip
    return start("django", DJANGO, command, cwd=FLOORS, BENCH_DB=str(database_file(ACCOUNTS)))

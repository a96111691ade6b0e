"""The real cabinet, built and served as people get it, over the demonstration data; started once for all tests."""

import fcntl
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from lk_reflex.standins.mailbox.store import Letter, Mailbox

ROOT = Path(__file__).resolve().parents[1]
#: Fixed, since a build knows its own port.
PORT = int(os.environ.get("LK_TEST_PORT", "3917"))
#: Sides of one run have a town each, at an address of this machine of its own.
SIDE = os.environ.get("PYTEST_XDIST_WORKER", "").removeprefix("gw")
HOST = f"127.0.0.{int(SIDE) + 2}" if SIDE else "localhost"
#: Kept between runs, so that the second one builds nothing. Runs side by side need a port and a folder each.
KEPT = Path(os.environ.get("LK_TEST_KEPT", ROOT / "data" / "tests"))

#: Journeys of many people come from one machine, and an attacker's thousands of calls by one socket: what one client
#: may do is looked at in tests/served/test_hard_shell.py.
CROWD = {"LK_SOCKETS_EACH": "0", "LK_SOCKETS_ADDRESS": "0", "LK_SOCKET_RATE": "0"}

#: The module whose command line runs it; tests.frozen is the same one on a day that never ends.
CABINET = "lk_reflex"


@dataclass
class Site:
    """A running installation of its own: `base` is its address, `data` its folder."""

    base: str
    data: Path
    process: subprocess.Popen[bytes]
    log: Path
    worker: subprocess.Popen[bytes]

    def stop(self) -> None:
        """End it as an operator would."""
        for process in (self.process, self.worker):
            process.terminate()
        for process in (self.process, self.worker):
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(5)

    def start_again(self, module: str = CABINET) -> None:
        """Serve the same data after a stop; `module` is whose command line does it."""
        again = start(self.data, module)
        self.process, self.worker = again.process, again.worker

    def letters(self, recipient: str = "") -> list[Letter]:
        """What has come to the demonstration's mailbox, the newest first."""
        return Mailbox(self.data / "demo" / "mail").letters(recipient)

    def letter(self, recipient: str, subject: str, *, within: float = 60) -> Letter:
        """The newest such letter, awaited; what came before is told apart by `letters`."""
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            for letter in self.letters(recipient):
                if letter.subject == subject:
                    return letter
            time.sleep(0.1)
        raise AssertionError(f"no letter «{subject}» for {recipient}: {[one.subject for one in self.letters()]}")

    def link(self, recipient: str, beginning: str, *, within: float = 60) -> str:
        """The path («/reset/…») in the newest letter to that address, awaited."""
        return link_in(self.data, recipient, beginning, within=within)


def link_in(data: Path, recipient: str, beginning: str, *, within: float = 60) -> str:
    """As `Site.link`, of an installation known by its folder."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        for letter in Mailbox(data / "demo" / "mail").letters(recipient):
            if found := re.search(rf"{beginning}\S+", letter.plain):
                return found[0]
        time.sleep(0.1)
    raise AssertionError(f"no letter with «{beginning}» for {recipient}")


def environment(data: Path, port: int = PORT) -> dict[str, str]:
    """The variables of such an installation; nothing of the developer's own leaks in."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LK_", "REFLEX_", "__REFLEX"))}
    return {
        **kept,
        "LK_DATA_DIR": str(data),
        "PORT": str(port),
        "REFLEX_WEB_WORKDIR": str((data if (data / "builds").exists() else KEPT) / "web"),
        "REFLEX_DIR": str(KEPT / "reflex"),
        # Tests share their machine with each other: what it puts off when it is behind has tests of its own.
        "LK_STRAIN_MS": "0",
        # As a production's, so that whatever is looked for in the log stands in whole lines.
        "LK_LOG_FORMAT": "json",
        **CROWD,
    }


def _own(data: Path) -> dict[str, str]:
    """Those of this side's town."""
    return {**environment(data), **({"LK_LISTEN": HOST} if SIDE else {})}


def command(*words: str, data: Path, module: str = CABINET) -> subprocess.CompletedProcess[str]:
    """Run `python -m lk_reflex …` in that installation."""
    return subprocess.run(
        [sys.executable, "-m", module, *words],
        cwd=ROOT, env=_own(data), capture_output=True, text=True, check=False,
    )  # fmt: skip


def prepare(data: Path, module: str = CABINET) -> None:
    """Build the pages if they changed, migrate, and fill with the demonstration."""
    data.mkdir(parents=True, exist_ok=True)
    build_once(_own(data), module)
    for words in (("migrate",), ("fill-demo",)):
        done = command(*words, data=data, module=module)
        if done.returncode != 0:
            raise RuntimeError(f"{words}: {done.stdout}{done.stderr}")


def build_once(settings: dict[str, str], module: str = CABINET) -> None:
    """Build the kept pages if they changed: of tests side by side one does it, and the others wait."""
    KEPT.mkdir(parents=True, exist_ok=True)
    with (KEPT / "build.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = subprocess.run(
            [sys.executable, "-m", module, "build"],
            cwd=ROOT, env=settings, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode != 0:
            raise RuntimeError(f"build: {done.stdout}{done.stderr}")


def own_builds(data: Path) -> Path:
    """Builds of this installation's own, beside the kept ones: what comes to be there is nobody else's."""
    own = data / "builds"
    own.mkdir(exist_ok=True)
    for mark in (KEPT / "builds").glob("*/in-service"):
        if not (link := own / mark.parent.name).exists():
            link.symlink_to(mark.parent)
    return own


def start(data: Path, module: str = CABINET) -> Site:
    """Serve it, with a worker beside, and wait until it is ready."""
    process = _begin(data, module, "serve")
    worker = _begin(data, module, "worker", "--beside", str(os.getpid()))  # gone with a test run that is killed
    log = data / "serve.log"
    site = Site(f"http://{HOST}:{PORT}", data, process, log, worker)
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            urllib.request.urlopen(f"{site.base}/api/health/ready", timeout=5).close()
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
        else:
            return site
    site.stop()
    raise RuntimeError(f"the cabinet didn't start:\n{log.read_text()[-3000:]}")


def _begin(data: Path, module: str, *words: str) -> subprocess.Popen[bytes]:
    with (data / f"{words[0]}.log").open("ab") as out:
        return subprocess.Popen(
            [sys.executable, "-m", module, *words],
            cwd=ROOT, env=_own(data), stdout=out, stderr=subprocess.STDOUT,
        )  # fmt: skip


def fresh_copy(template: Path, target: Path) -> Path:
    """A copy of a prepared installation's database and keys."""
    target.mkdir(parents=True, exist_ok=True)
    for name in ("lk.db", "secret.key", "data.key"):
        if name != "data.key" or (template / name).exists():
            shutil.copy(template / name, target / name)
    return target

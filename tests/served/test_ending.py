"""`python -m lk_reflex run` has a worker beside the web process, and nothing of it outlives it, however it ends."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

import pytest

from tests.family import family
from tests.site import PORT, ROOT, environment, fresh_copy


@pytest.fixture
def cabinet(prepared, tmp_path):
    """The cabinet as `make run` starts it, answering; beside the one that other tests use, from the same build."""
    data = fresh_copy(prepared, tmp_path / "own")
    settings = {**environment(data, PORT + 1), "LK_PUBLIC_URL": f"http://localhost:{PORT}"}
    with (tmp_path / "run.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "lk_reflex", "run"],
            cwd=ROOT, env=settings, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
    awaited(lambda: answers() and "worker" in " ".join(words(child) for child in family(process.pid)), 180)
    yield process
    for member in (process.pid, *family(process.pid)):
        with suppress(ProcessLookupError):
            os.kill(member, signal.SIGKILL)
    process.wait()


@pytest.mark.parametrize("how", ["SIGTERM", "SIGTERM, impatiently", "SIGINT to all, as Ctrl-C", "SIGKILL"])
def test_no_process_outlives_it(cabinet, how):
    members = family(cabinet.pid)
    assert len(members) >= 2  # the web process and the worker
    if how.startswith("SIGINT"):
        os.killpg(cabinet.pid, signal.SIGINT)
    elif how.endswith("impatiently"):  # as make does, which passes on what the whole group was told
        for _ in range(40):
            cabinet.send_signal(signal.SIGTERM)
            until = time.perf_counter() + 40e-6  # to come in the midst of the handler of the one before
            while time.perf_counter() < until:
                pass
    else:
        cabinet.send_signal(signal.Signals[how])
    cabinet.wait(30)
    workers = [member for member in members if "worker" in words(member)]
    # Whoever kills the web process outright leaves its own child to it; the worker must notice.
    awaited(lambda: not any(map(alive, workers if how == "SIGKILL" else members)), 60)
    for member in members:
        with suppress(ProcessLookupError):
            os.kill(member, signal.SIGKILL)


def answers() -> bool:
    try:
        urllib.request.urlopen(f"http://localhost:{PORT + 1}/", timeout=2).close()
    except OSError:
        return False
    return True


def words(process: int) -> str:
    with suppress(OSError):
        return Path(f"/proc/{process}/cmdline").read_text().replace("\0", " ")
    return ""


def alive(process: int) -> bool:
    with suppress(OSError):
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    return False


def awaited(condition, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it didn't come to that"
        time.sleep(0.1)

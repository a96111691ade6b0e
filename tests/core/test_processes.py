"""Work in other processes: it comes back, its faults too, and a killed process costs nobody anything."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from lk_reflex.core.errors import Unavailable
from lk_reflex.core.priority import BACK
from lk_reflex.core.processes import Processes


@pytest.fixture
def processes():
    made = Processes(1, room=3, room_each=2)
    yield made
    made.shutdown()


async def test_work_is_done_in_another_process_which_is_kept(processes):
    first = await processes.run("анна", os.getpid)
    assert first != os.getpid()
    assert await processes.run("борис", os.getpid) == first


async def test_it_steps_back_behind_whoever_serves(processes):
    own = os.getpriority(os.PRIO_PROCESS, 0)
    assert await processes.run("анна", os.getpriority, os.PRIO_PROCESS, 0) == max(BACK, own)
    assert os.getpriority(os.PRIO_PROCESS, 0) == own


async def test_a_fault_of_the_work_is_its_own(processes):
    with pytest.raises(ValueError, match="invalid literal"):
        await processes.run("анна", int, "не число")
    assert await processes.run("анна", os.getpid)


async def test_a_killed_process_is_replaced_and_the_work_done(processes):
    first = await processes.run("анна", os.getpid)
    os.kill(first, signal.SIGKILL)
    assert await processes.run("анна", os.getpid) != first


async def test_work_that_kills_its_process_ends_in_a_sentence(processes):
    with pytest.raises(Unavailable, match="Повторите через минуту"):
        await processes.run("анна", os._exit, 1)
    assert await processes.run("анна", os.getpid)


async def test_a_person_and_all_together_have_only_so_much_room(processes):
    await processes.run("анна", os.getpid)
    waiting = [asyncio.ensure_future(processes.run(who, time.sleep, 0.3)) for who in ("анна", "анна", "борис")]
    await asyncio.sleep(0)
    for who in ("анна", "вера"):
        with pytest.raises(Unavailable):
            await processes.run(who, os.getpid)
    await asyncio.gather(*waiting)
    assert await processes.run("вера", os.getpid)


_SERVER = """
import asyncio, os, time
from lk_reflex.core.processes import Processes
async def main():
    print(await Processes(1, room=3, room_each=2).run("анна", os.getpid), flush=True)
    time.sleep(60)
if __name__ == "__main__":
    asyncio.run(main())
"""


_NESTED = """
import asyncio, multiprocessing, os
from lk_reflex.core.processes import Processes
processes = Processes(1, room=3, room_each=2)
def serve():
    print(asyncio.run(processes.run("анна", os.getpid)), flush=True)
if __name__ == "__main__":
    worker = multiprocessing.get_context("fork").Process(target=serve)
    worker.start()
    worker.join()
    print(worker.exitcode, flush=True)
"""


def test_a_servers_worker_that_has_drawn_ends_when_it_is_done(tmp_path):
    script = tmp_path / "nested.py"
    script.write_text(_NESTED, "utf-8")
    here = {**os.environ, "PYTHONPATH": os.pathsep.join(("", *sys.path))}
    ended = subprocess.run([sys.executable, script], capture_output=True, text=True, env=here, timeout=30, check=True)
    drawer, code = map(int, ended.stdout.split())
    assert code == 0
    assert _gone(drawer)


def test_no_process_outlives_a_server_that_was_killed(tmp_path):
    script = tmp_path / "server.py"
    script.write_text(_SERVER, "utf-8")
    here = {**os.environ, "PYTHONPATH": os.pathsep.join(("", *sys.path))}
    with subprocess.Popen(
        [sys.executable, script], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=here
    ) as server:
        assert server.stdout
        worker = int(server.stdout.readline())
        server.kill()
    for _ in range(1000):
        if _gone(worker):
            return
        time.sleep(0.01)
    raise AssertionError("the worker lives on")


def _gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        # Dead and not yet fetched by whoever took it over.
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except ProcessLookupError:
        return True
    except FileNotFoundError:
        return False

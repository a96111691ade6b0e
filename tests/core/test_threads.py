"""Threads beside a loop: what they return, in which company they work, and that nothing waits behind a slow job."""

import asyncio
import threading
from contextvars import ContextVar

import pytest

from lk_reflex.core.threads import Threads

NAME: ContextVar[str] = ContextVar("name", default="")


@pytest.fixture(params=[0, 0.01], ids=["all at once", "the first alone"])
def threads(request):
    made = Threads(3, "test", patience=request.param)
    yield made
    made.shutdown()


async def test_gives_what_the_work_gives_and_raises_what_it_raises(threads):
    assert await threads.run(divmod, 7, 2) == (3, 1)
    with pytest.raises(ZeroDivisionError):
        await threads.run(divmod, 7, 0)


async def test_works_away_from_the_loops_thread_in_a_copy_of_the_context(threads):
    NAME.set("outer")

    def work() -> tuple[str, str]:
        seen = NAME.get()
        NAME.set("inner")
        return seen, threading.current_thread().name

    seen, name = await threads.run(work)
    assert (seen, NAME.get()) == ("outer", "outer")
    assert name.startswith("test-")


async def test_many_jobs_each_get_their_own_outcome(threads):
    assert await asyncio.gather(*(threads.run(lambda n=n: n * n) for n in range(500))) == [n * n for n in range(500)]


async def test_others_join_when_the_first_is_stuck(threads):
    stuck, free = threading.Event(), threading.Event()

    def slow() -> str:
        stuck.set()
        free.wait(10)
        return "slow"

    waiting = asyncio.create_task(threads.run(slow))
    while not stuck.is_set():
        await asyncio.sleep(0.001)
    await asyncio.sleep(0.03)
    assert await asyncio.wait_for(threads.run(lambda: "quick"), 5) == "quick"
    assert not waiting.done()
    free.set()
    assert await waiting == "slow"


async def test_what_is_finished_does_not_wait_for_a_stuck_job_behind_it():
    threads, free = Threads(1, "test", patience=0.01), threading.Event()
    quick = asyncio.create_task(threads.run(lambda: "quick"))
    slow = asyncio.create_task(threads.run(free.wait, 10))
    assert await asyncio.wait_for(quick, 5) == "quick"
    assert not slow.done()
    free.set()
    await slow
    threads.shutdown()


async def test_a_cancelled_wait_harms_nobody(threads):
    free = threading.Event()
    task = asyncio.create_task(threads.run(free.wait, 10))
    await asyncio.sleep(0.01)
    task.cancel()
    free.set()
    assert await threads.run(lambda: 1) == 1


def test_finishes_what_was_put_in_before_it_ends_and_takes_nothing_after():
    threads, done = Threads(2, "test"), []
    for n in range(20):
        threads.submit(lambda n=n: done.append(n))
    threads.shutdown()
    assert sorted(done) == list(range(20))
    with pytest.raises(RuntimeError):
        threads.submit(lambda: None)


def test_a_job_that_fails_unseen_leaves_the_thread_alive():
    threads, done = Threads(1, "test"), []
    threads.submit(lambda: 1 / 0)
    threads.submit(lambda: done.append(1))
    threads.shutdown()
    assert done == [1]


async def test_those_who_wait_behind_a_stuck_job_are_relieved():
    threads, free = Threads(2, "test", patience=0.01), threading.Event()
    slow = asyncio.create_task(threads.run(free.wait, 10))
    behind = [asyncio.create_task(threads.run(lambda n=n: n)) for n in range(5)]
    assert await asyncio.wait_for(asyncio.gather(*behind), 5) == [0, 1, 2, 3, 4]
    assert not slow.done()
    free.set()
    await slow
    threads.shutdown()

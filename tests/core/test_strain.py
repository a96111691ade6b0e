"""How far behind the process is: what makes it worse, what makes it better, and what is put off then."""

import asyncio
import threading
import time

import pytest

from lk_reflex.core.bounded import FULL, BoundedThreads
from lk_reflex.core.errors import Unavailable
from lk_reflex.core.strain import FALLS_AFTER, RISES_AFTER, STEPS, Gauge, Strain
from lk_reflex.core.threads import Threads


def looks(gauge: Gauge, *delays: float) -> list[Strain]:
    levels = []
    for delay in delays:
        gauge.note(delay)
        levels.append(gauge.level)
    return levels


@pytest.mark.parametrize(
    ("delay", "level"),
    [(0.0, Strain.CALM), (0.49, Strain.CALM), (0.5, Strain.CHARTS), (1.4, Strain.CHARTS), (1.5, Strain.SECTIONS),
     (2.4, Strain.SECTIONS), (2.5, Strain.ENTRIES), (4.9, Strain.ENTRIES), (5.0, Strain.FORMS), (90.0, Strain.FORMS)],
)  # fmt: skip
def test_the_delay_sets_the_stage(delay, level):
    assert looks(Gauge(0.5), *[delay] * RISES_AFTER)[-1] is level


def test_a_single_stall_puts_nothing_off():
    assert set(looks(Gauge(0.5), 0, 9, 9, 0, 9, 0, 0, 9, 9, 0)) == {Strain.CALM}


def test_what_began_goes_on_until_it_is_calm_for_a_while():
    gauge = Gauge(0.5)
    looks(gauge, *[2.0] * RISES_AFTER)
    # Half of the delay that began it keeps it up, however long.
    assert looks(gauge, *[0.8] * 40)[-1] is Strain.SECTIONS
    assert set(looks(gauge, *[0.0] * (FALLS_AFTER - 1))) == {Strain.SECTIONS}
    assert looks(gauge, 0.0) == [Strain.CALM]


def test_it_falls_by_as_many_stages_as_it_has_become_calmer():
    gauge = Gauge(0.5)
    looks(gauge, *[9.0] * RISES_AFTER)
    assert gauge.level is Strain.FORMS
    assert looks(gauge, *[0.3] * FALLS_AFTER)[-1] is Strain.CHARTS
    assert looks(gauge, *[0.1] * FALLS_AFTER)[-1] is Strain.CALM


def test_each_rank_is_put_off_from_its_own_stage_on_and_counted():
    gauge = Gauge(0.5)
    ranks = [Strain.CHARTS, Strain.SECTIONS, Strain.ENTRIES, Strain.FORMS, Strain.NEVER]
    seen = {}
    for delay in (0.0, 0.5, 1.5, 2.5, 5.0):
        looks(gauge, *[delay] * RISES_AFTER)
        seen[delay] = [gauge.turns_away(rank) for rank in ranks]
    assert seen == {
        0.0: [False, False, False, False, False],
        0.5: [True, False, False, False, False],
        1.5: [True, True, False, False, False],
        2.5: [True, True, True, False, False],
        5.0: [True, True, True, True, False],
    }
    assert gauge.put_off == {Strain.CHARTS: 4, Strain.SECTIONS: 3, Strain.ENTRIES: 2, Strain.FORMS: 1}


def test_switched_off_it_puts_nothing_off():
    gauge = Gauge(0)
    assert set(looks(gauge, *[100.0] * 20)) == {Strain.CALM}
    assert gauge.delay == 100.0


async def test_a_line_at_the_readers_threads_is_seen_while_it_stands(monkeypatch):
    """The real loop and real threads: somebody's long reads stand before everybody's next one."""
    monkeypatch.setattr("lk_reflex.core.strain.EVERY", 0.01)
    threads, gauge, go = Threads(2, "test"), Gauge(0.05), threading.Event()
    watching = asyncio.create_task(gauge.run(threads.run))
    stuck = [asyncio.create_task(threads.run(go.wait, 60)) for _ in range(2)]
    try:
        await _until(lambda: gauge.level is Strain.FORMS)
        go.set()
        await asyncio.gather(*stuck)
        await _until(lambda: gauge.level < Strain.FORMS)
    finally:
        go.set()
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
        threads.shutdown()


async def test_a_line_at_any_of_the_threads_is_seen(monkeypatch):
    """Writers stand behind a stuck one, and readers don't."""
    monkeypatch.setattr("lk_reflex.core.strain.EVERY", 0.01)
    reads, writes, gauge, go = Threads(1, "test-r"), Threads(1, "test-w"), Gauge(0.05), threading.Event()
    watching = asyncio.create_task(gauge.run(reads.run, writes.run))
    stuck = asyncio.create_task(writes.run(go.wait, 60))
    try:
        await _until(lambda: gauge.level is Strain.FORMS)
        go.set()
        await stuck
        await _until(lambda: gauge.level < Strain.FORMS)
    finally:
        go.set()
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
        reads.shutdown()
        writes.shutdown()


async def test_a_loop_full_of_others_work_is_late_by_each_of_a_presss_steps(monkeypatch):
    """No single step comes late by much; a press has several, and each stands behind everybody else's."""
    monkeypatch.setattr("lk_reflex.core.strain.EVERY", 0.01)
    gauge, step = Gauge(0.5), 0.01
    busy = [asyncio.create_task(_work_on(step)) for _ in range(3)]
    watching = asyncio.create_task(gauge.run())
    try:
        await _until(lambda: gauge.delay > 0)
    finally:
        for task in (watching, *busy):
            task.cancel()
    assert gauge.delay >= STEPS * len(busy) * step / 2


async def _work_on(step: float) -> None:
    while True:
        _work(step)
        await asyncio.sleep(0)


def _work(seconds: float) -> None:
    time.sleep(seconds)


async def _until(true) -> None:
    async with asyncio.timeout(60):
        while not true():
            await asyncio.sleep(0.01)


async def test_a_full_line_at_the_passwords_says_so_at_once_and_has_room_again():
    threads, go = BoundedThreads(1, room=3, name="test"), threading.Event()
    loop = asyncio.get_running_loop()
    waiting = [loop.run_in_executor(threads, go.wait, 60) for _ in range(3)]
    with pytest.raises(Unavailable, match=FULL):
        await loop.run_in_executor(threads, go.wait, 60)
    assert threads.turned_away == 1
    go.set()
    await asyncio.gather(*waiting)
    assert await loop.run_in_executor(threads, lambda: "in") == "in"
    threads.shutdown()

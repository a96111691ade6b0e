"""One look for all who ask at once, remembered for a moment by a clock of the test's own."""

import asyncio

import pytest

from lk_reflex.core.remembered import Remembered


class Look:
    def __init__(self) -> None:
        self.times, self.now, self.go = 0, 0.0, asyncio.Event()

    async def __call__(self) -> int:
        self.times += 1
        await self.go.wait()
        if self.times == 3:
            raise OSError
        return self.times


async def test_many_who_ask_at_once_are_one_look_and_so_is_the_moment_after():
    look = Look()
    remembered = Remembered(look, 1.0, clock=lambda: look.now)
    asking = [asyncio.create_task(remembered.get()) for _ in range(20)]
    await asyncio.sleep(0)
    asking[0].cancel()  # one who goes away ends it for nobody
    look.go.set()
    assert [one async for one in _answers(asking[1:])] == [1] * 19
    look.now = 0.9
    assert (await remembered.get(), look.times) == (1, 1)
    look.now = 1.0
    assert (await remembered.get(), look.times) == (2, 2)


async def test_a_failure_is_told_and_not_remembered():
    look = Look()
    look.times = 2
    look.go.set()
    remembered = Remembered(look, 1.0, clock=lambda: look.now)
    with pytest.raises(OSError):
        await remembered.get()
    assert await remembered.get() == 4


def test_an_event_loop_that_has_gone_leaves_nobody_waiting():
    look = Look()
    remembered = Remembered(look, 0.0, clock=lambda: look.now)

    async def give_up() -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(remembered.get(), 0)

    async def again() -> int:
        look.go = asyncio.Event()
        look.go.set()
        return await remembered.get()

    asyncio.run(give_up())
    assert asyncio.run(again()) >= 1


async def _answers(asking):
    for one in asking:
        yield await one

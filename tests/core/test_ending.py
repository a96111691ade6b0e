"""The end of a process: what runs is finished first, sockets go last, and patience has an end."""

import asyncio

from lk_reflex.core.ending import Ending


async def settled() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


async def test_what_runs_is_finished_before_the_sockets_are_sent_elsewhere():
    ending, closed, events = Ending(), [], [1]
    ending.also(lambda: len(events))
    with ending.socket(lambda: closed.append("tab")):
        with ending.work():
            drain = asyncio.create_task(ending.drain(60))
            await settled()
            assert ending.draining and ending.busy == 2 and not closed
        while ending.busy != 1:
            await asyncio.sleep(0)
        await settled()
        assert not closed and not drain.done()  # an event is still being answered
        events.clear()
        while not closed:
            await asyncio.sleep(0.01)
        assert not drain.done()  # the tab hasn't gone yet
    await asyncio.wait_for(drain, 30)
    assert closed == ["tab"]


async def test_what_does_not_come_to_an_end_is_not_waited_for_for_ever():
    ending, closed = Ending(), []
    with ending.work(), ending.socket(lambda: closed.append("tab")):
        await asyncio.wait_for(ending.drain(0.1), 30)
    assert closed == ["tab"]


async def test_whoever_stands_before_it_gets_notice_while_it_still_takes_everything():
    ending, closed = Ending(), []
    with ending.socket(lambda: closed.append("tab")):
        drain = asyncio.create_task(ending.drain(60, notice=3600))
        await settled()
        assert ending.draining and not closed
        drain.cancel()
        await asyncio.gather(drain, return_exceptions=True)

"""Redis away and back, over a probe that answers as told; no server, no waiting."""

import pytest
from redis.exceptions import ConnectionError as GoneError
from redis.exceptions import OutOfMemoryError

from lk_reflex.core.state_store import StateStore

YES, NO, FULL = None, GoneError("gone"), OutOfMemoryError("full")


class Over(Exception):
    """The test's own end of looking."""


async def looked(*answers):
    """What was known after each look, and how often it was told that it has gone."""
    store, script, known, told = StateStore("redis://nobody"), iter(answers), [], []

    async def probe():
        if fault := next(script):
            raise fault

    async def sleep(_seconds):
        known.append(store.away)
        if len(known) == len(answers):
            raise Over

    with pytest.raises(Over):
        await store.watch(probe, lambda: told.append(1), sleep)
    return known, len(told)


async def test_one_look_without_an_answer_is_nothing_and_two_are_told_once():
    assert await looked(YES, NO, YES, NO, NO, NO, NO) == ([False, False, False, False, True, True, True], 1)


async def test_it_comes_back_by_itself_and_may_go_again():
    assert await looked(NO, NO, YES, NO, NO) == ([False, True, False, False, True], 2)


async def test_what_answers_and_keeps_nothing_is_away():
    assert await looked(FULL, FULL) == ([False, True], 1)


async def test_the_memory_of_a_process_is_never_away():
    store = StateStore("")
    await store.run(lambda: pytest.fail("it has gone"))
    assert not store.away

"""Kept files on their way: few at once, in pieces, and a place given back whatever becomes of a download."""

import asyncio

import pytest

from lk_reflex.api.papers import streamed
from lk_reflex.api.papers.streamed import PIECE, Places, Streamed
from lk_reflex.integrations.storage.port import StoreFault

SIZE = 40 * PIECE + 5
ANNA, BORIS = 1, 2


class Lying:
    """A file that counts what is read of it; `broken_after` so many pieces."""

    def __init__(self, broken_after: int = 1000) -> None:
        self.size, self.left, self.reads, self.closed = SIZE, SIZE, 0, False
        self.broken_after = broken_after

    def read(self, most: int) -> bytes:
        if self.reads >= self.broken_after:
            raise StoreFault("gone")
        self.reads += 1
        piece, self.left = min(most, self.left), self.left - min(most, self.left)
        return b"x" * piece

    def close(self) -> None:
        self.closed = True


class Reader:
    """A browser that takes `most` messages and then nothing more."""

    def __init__(self, most: int = 1000) -> None:
        self.taken: list[dict] = []
        self.room = asyncio.Semaphore(most)

    async def __call__(self, message) -> None:
        await self.room.acquire()
        self.taken.append(message)

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.taken)


@pytest.fixture
def places(monkeypatch):
    places = Places(room=3, room_each=2, queue_each=1)
    monkeypatch.setattr(streamed, "places", places)
    monkeypatch.setattr(streamed, "PATIENCE", 0.05)
    return places


async def send(file, reader, method="GET"):
    answer = Streamed(file, ANNA, media_type="image/jpeg", headers={})
    await answer({"type": "http", "method": method}, None, reader)  # pyright: ignore[reportArgumentType]


async def closed(file):
    for _ in range(500):
        if file.closed:
            return True
        await asyncio.sleep(0.01)
    return False


async def is_empty(places):
    """All that this test may take can be taken."""
    return [await places.take(who) for who in (ANNA, ANNA, BORIS)] == [True] * 3


async def test_a_file_goes_whole_with_its_length_and_gives_the_place_back(places):
    file, reader = Lying(), Reader()
    assert await places.take(ANNA)
    await send(file, reader)
    assert (b"content-length", str(SIZE).encode()) in reader.taken[0]["headers"]
    assert len(reader.body) == SIZE and "more_body" not in reader.taken[-1]
    assert max(len(message.get("body", b"")) for message in reader.taken) == PIECE
    assert await closed(file) and await is_empty(places)


async def test_a_head_reads_nothing(places):
    file, reader = Lying(), Reader()
    assert await places.take(ANNA)
    await send(file, reader, "HEAD")
    assert file.reads == 0 and reader.body == b"" and await closed(file)


async def test_of_what_a_slow_reader_does_not_take_no_more_than_a_piece_is_read(places):
    file, reader = Lying(), Reader(most=3)
    assert await places.take(ANNA)
    sending = asyncio.create_task(send(file, reader))
    while len(reader.taken) < 3:
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.05)
    assert file.reads <= 3 and not sending.done()
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending
    assert await closed(file) and await is_empty(places)


async def test_who_takes_too_long_is_cut_off(places, monkeypatch):
    monkeypatch.setattr(streamed, "LONGEST", 0.05)
    file, reader = Lying(), Reader(most=2)
    assert await places.take(ANNA)
    await send(file, reader)
    assert reader.taken[-1].get("more_body") and await closed(file) and await is_empty(places)


async def test_a_store_that_breaks_half_way_leaves_half_a_file_and_the_place_free(places, caplog):
    file, reader = Lying(broken_after=2), Reader()
    assert await places.take(ANNA)
    await send(file, reader)
    assert 0 < len(reader.body) < SIZE and reader.taken[-1].get("more_body")
    assert "half-way" in caplog.text and await closed(file) and await is_empty(places)


async def test_few_at_once_of_one_person_and_of_all(places):
    assert await places.take(ANNA) and await places.take(ANNA)
    assert not await places.take(ANNA), "the third of hers"
    assert await places.take(BORIS)
    assert not await places.take(BORIS), "the fourth of all"
    places.leave(ANNA)
    assert await places.take(BORIS)


async def test_who_waits_gets_the_place_that_comes_free_and_a_crowd_does_not_wait(places, monkeypatch):
    monkeypatch.setattr(streamed, "PATIENCE", 30)
    assert await places.take(ANNA) and await places.take(ANNA)
    waits = asyncio.create_task(places.take(ANNA))
    await asyncio.sleep(0)
    assert not await places.take(ANNA), "one waits already"
    places.leave(ANNA)
    assert await asyncio.wait_for(waits, 5)


async def test_who_goes_away_while_waiting_takes_nothing(places, monkeypatch):
    monkeypatch.setattr(streamed, "PATIENCE", 30)
    assert await places.take(ANNA) and await places.take(ANNA)
    waits = asyncio.create_task(places.take(ANNA))
    await asyncio.sleep(0)
    waits.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waits
    places.leave(ANNA)
    places.leave(ANNA)
    assert await is_empty(places)

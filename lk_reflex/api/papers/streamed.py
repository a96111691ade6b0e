"""Kept files on their way to people: piece by piece, and few at once, so that slow readers cost little memory."""

import asyncio
import logging
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from http import HTTPStatus

from starlette.responses import HTMLResponse, Response
from starlette.types import Receive, Scope, Send

from lk_reflex.integrations.storage.port import Stored, StoreFault
from lk_reflex.ui.shared.plain import plain_page

#: In bytes; one lies in memory for each download under way, and another on its way out.
PIECE = 128 * 1024
#: In seconds: 10 MB over a poor line; whoever takes longer gives the place back.
LONGEST = 600.0
#: In seconds, how long one waits for a place before being told to come back.
PATIENCE = 10.0
AGAIN = "10"
log = logging.getLogger(__name__)


class Places:
    """At most `room` downloads at a time, `room_each` of one person; further ones wait, `queue_each` of a person.

    A page with photos of twenty meters asks for all of them at once: it is served in turn. Belongs to one loop.
    """

    def __init__(self, *, room: int, room_each: int, queue_each: int) -> None:
        self._room, self._room_each, self._queue_each = room, room_each, queue_each
        self._taken: Counter[int] = Counter()
        self._waiting: dict[asyncio.Future[None], int] = {}

    async def take(self, whose: int) -> bool:
        """Take a place for this person; False where there was none for PATIENCE, or many wait already."""
        loop = asyncio.get_running_loop()
        until = loop.time() + PATIENCE
        while self._taken.total() >= self._room or self._taken[whose] >= self._room_each:
            if list(self._waiting.values()).count(whose) >= self._queue_each:
                return False
            turn = loop.create_future()
            self._waiting[turn] = whose
            try:
                await asyncio.wait_for(turn, until - loop.time())
            except TimeoutError:
                return False
            finally:
                del self._waiting[turn]
        self._taken[whose] += 1
        return True

    def leave(self, whose: int) -> None:
        """Give the place back, and let those who wait look again."""
        self._taken[whose] -= 1
        if not self._taken[whose]:
            del self._taken[whose]
        for turn in self._waiting:
            if not turn.done():
                turn.set_result(None)


places = Places(room=64, room_each=6, queue_each=30)


class Streamed(Response):
    """A kept file, read as it is taken. It closes the file and leaves the person's place, whatever happens."""

    def __init__(self, file: Stored, whose: int, *, media_type: str, headers: dict[str, str]) -> None:
        super().__init__(media_type=media_type, headers=headers)
        self.headers["content-length"] = str(file.size)
        self._file, self._whose = file, whose

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it; what stops half-way is shorter than was promised, and no browser takes it for whole."""
        try:
            async with asyncio.timeout(LONGEST):
                await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
                if scope["method"] != "HEAD":
                    await self._pieces(send)
                await send({"type": "http.response.body", "body": b""})
        except (TimeoutError, StoreFault) as fault:
            log.warning("a download stopped half-way: %s", fault or type(fault).__name__)
        finally:
            places.leave(self._whose)
            file_readers().submit(self._file.close)

    async def _pieces(self, send: Send) -> None:
        loop = asyncio.get_running_loop()
        while piece := await loop.run_in_executor(file_readers(), self._file.read, PIECE):
            await send({"type": "http.response.body", "body": piece, "more_body": True})


@lru_cache(maxsize=1)
def file_readers() -> ThreadPoolExecutor:
    """Where kept files are read: a store that hangs holds up nothing but them."""
    return ThreadPoolExecutor(4, thread_name_prefix="lk-stored")


def too_many() -> Response:
    """The page for whoever has so many downloads under way that there is no place for another."""
    text = "У вас уже скачивается несколько файлов, или кабинет занят. Дождитесь их и повторите через минуту."
    page = plain_page("Файл пока не открываем", text, HTTPStatus.TOO_MANY_REQUESTS, href="", action="Повторить")
    return HTMLResponse(page, HTTPStatus.TOO_MANY_REQUESTS, headers={"Retry-After": AGAIN, "Cache-Control": "no-store"})

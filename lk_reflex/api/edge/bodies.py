"""Requests whose bodies are still on their way: few at once of one address, and each within its time.

The server itself gives up on slow headers (launch/serve.py); of bodies it knows nothing, and behind a proxy that
buffers them this never has to act.
"""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.types import Message, Receive

from lk_reflex.core.errors import Unavailable

#: In seconds, however small it is; and in bytes a second, what a poor telephone line still brings.
SHORTEST, SLOWEST = 20.0, 16 * 1024
FULL = "Сейчас принимается слишком много запросов. Повторите через минуту."


class Bodies:
    """At most `room` on their way, `room_each` from one address. Belongs to one loop."""

    def __init__(self, *, room: int, room_each: int) -> None:
        self._room, self._room_each = room, room_each
        self._coming: Counter[str] = Counter()

    def __len__(self) -> int:
        return self._coming.total()

    @contextmanager
    def arriving(self, whose: str, length: int, receive: Receive) -> Iterator[Receive]:
        """Hold a place until the body is there; what it yields reads it in time. Raises Unavailable."""
        if self._coming.total() >= self._room or self._coming[whose] >= self._room_each:
            raise Unavailable(FULL)
        self._coming[whose] += 1
        until = asyncio.get_running_loop().time() + SHORTEST + length / SLOWEST
        there = False

        def leave() -> None:
            nonlocal there
            if not there:
                there = True
                self._coming[whose] -= 1
                if not self._coming[whose]:
                    del self._coming[whose]

        async def in_time() -> Message:
            if there:
                return await receive()
            try:
                async with asyncio.timeout_at(until):
                    message = await receive()
            except TimeoutError:
                raise HTTPException(HTTPStatus.REQUEST_TIMEOUT) from None
            if message["type"] != "http.request" or not message.get("more_body"):
                leave()
            return message

        try:
            yield in_time
        finally:
            leave()

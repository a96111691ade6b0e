"""An answer that many ask for at once: found out once for all of them, and remembered for a moment."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from time import monotonic
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Remembered(Generic[T]):
    """What `find` says, at most `seconds` old. It never runs twice at once, and nobody who goes away ends it."""

    def __init__(
        self, find: Callable[[], Coroutine[Any, Any, T]], seconds: float, *, clock: Callable[[], float] = monotonic
    ) -> None:
        self._find, self.seconds, self._clock = find, seconds, clock
        self._found: tuple[float, T] | None = None
        self._asking: asyncio.Task[T] | None = None

    async def get(self) -> T:
        """The answer. Raises what `find` raises; that isn't remembered."""
        if self._found is not None and self._clock() < self._found[0] + self.seconds:
            return self._found[1]
        if self._asking is None or self._asking.done() or self._asking.get_loop() is not asyncio.get_running_loop():
            self._asking = asyncio.create_task(self._ask())
        waited: Awaitable[T] = asyncio.shield(self._asking)
        return await waited

    async def _ask(self) -> T:
        answer = await self._find()
        self._found = (self._clock(), answer)
        return answer

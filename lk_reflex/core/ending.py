"""How a process comes to its end: it says so, finishes what runs, sends its sockets elsewhere, and only then goes."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from time import monotonic

#: How often it is looked whether all is done, in seconds.
EVERY = 0.02
#: Of the time there is, what runs gets this part before the sockets go; the rest is for what came meanwhile.
FIRST = 0.6

Close = Callable[[], None]


class Ending:
    """What runs in this process, and whether it is about to end. Belongs to one loop."""

    def __init__(self) -> None:
        self.draining = False
        self._under_way = 0
        self._sockets: dict[object, Close] = {}
        self._others: list[Callable[[], int]] = []

    def also(self, count: Callable[[], int]) -> None:
        """Something else that has to be done first: `count` tells how much of it there is."""
        self._others.append(count)

    @contextmanager
    def work(self) -> Iterator[None]:
        """Something that is finished before the process goes."""
        self._under_way += 1
        try:
            yield
        finally:
            self._under_way -= 1

    @contextmanager
    def socket(self, close: Close, name: str = "") -> Iterator[None]:
        """A connection that stays until `close` sends it elsewhere; of two with one name the first has it."""
        key = name if name and name not in self._sockets else object()
        self._sockets[key] = close
        try:
            yield
        finally:
            self._sockets.pop(key, None)

    def send_away(self) -> None:
        """Close all connections that are open now; each may come again at once."""
        for close in list(self._sockets.values()):
            close()

    def send_one_away(self, name: str) -> None:
        """Close the connection of that name, if it is here; it may come again at once."""
        if name in self._sockets:
            self._sockets[name]()

    @property
    def busy(self) -> int:
        """How much is under way."""
        return self._under_way + sum(count() for count in self._others)

    async def drain(self, patience: float, *, notice: float = 0) -> None:
        """Stop taking new sockets, finish what runs, close the sockets; over after `patience` seconds at the latest.

        Before that it goes on serving for `notice` seconds, in which whoever stands before it may look elsewhere.
        """
        self.draining = True
        await asyncio.sleep(notice)
        until = monotonic() + patience
        await self._done(monotonic() + FIRST * patience)
        self.send_away()
        await self._done(until, sockets=True)

    async def _done(self, deadline: float, *, sockets: bool = False) -> None:
        while (self.busy or (sockets and self._sockets)) and monotonic() < deadline:
            await asyncio.sleep(EVERY)


@lru_cache(maxsize=1)
def ending() -> Ending:
    """That of this process."""
    return Ending()

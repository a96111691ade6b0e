"""Processes for work that would hold the interpreter's lock for long: PDFs drawn on threads slow down everybody.

They start with the first work, live as long as the process that started them and no longer, and are started anew when
somebody kills one.
"""

import asyncio
import multiprocessing
import os
import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing.util import Finalize
from typing import ParamSpec, TypeVar

from lk_reflex.core.errors import Unavailable
from lk_reflex.core.priority import step_back

P = ParamSpec("P")
T = TypeVar("T")
#: The queues of `multiprocessing` close at 10; after that no process could be told to end.
_BEFORE_QUEUES = 100
FULL = "Сейчас готовится много документов. Повторите через минуту."


class Processes:
    """At most `number` processes; `room` jobs at a time in all, `room_each` of one person. Belongs to one loop."""

    def __init__(self, number: int, *, room: int, room_each: int) -> None:
        self._number, self._room, self._room_each = number, room, room_each
        self._pool: ProcessPoolExecutor | None = None
        self._lock = threading.Lock()
        self._under_way: Counter[str] = Counter()

    async def run(self, whose: str, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Await `work` done in another process: it, its arguments and its outcome are pickled on the way.

        Raises Unavailable where too much waits already or the processes keep dying, else what the work raises.
        """
        with self._place(whose):
            for _ in range(2):
                pool: ProcessPoolExecutor | None = None
                try:
                    # Submitting may start a process, which takes a while itself.
                    pool = await asyncio.to_thread(self._started)
                    future = await asyncio.to_thread(pool.submit, work, *args, **kwargs)
                    return await asyncio.wrap_future(future)
                except BrokenProcessPool:
                    self._forget(pool)
        raise Unavailable(FULL)

    @property
    def under_way(self) -> int:
        """How many jobs are being done or wait."""
        return self._under_way.total()

    def shutdown(self) -> None:
        """End the processes; the next work would start new ones."""
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(cancel_futures=True)

    @contextmanager
    def _place(self, whose: str) -> Iterator[None]:
        if self._under_way.total() >= self._room or self._under_way[whose] >= self._room_each:
            raise Unavailable(FULL)
        self._under_way[whose] += 1
        try:
            yield
        finally:
            self._under_way[whose] -= 1
            if not self._under_way[whose]:
                del self._under_way[whose]

    def _started(self) -> ProcessPoolExecutor:
        with self._lock:
            if self._pool is None:
                # Not forked: this process has threads, and they hold locks.
                spawn = multiprocessing.get_context("spawn")
                self._pool = ProcessPoolExecutor(self._number, mp_context=spawn, initializer=_begin)
                # A server's worker is a child process itself: at its end it waits for its children before it asks the
                # pool to end them, and would wait for ever.
                Finalize(None, self.shutdown, exitpriority=_BEFORE_QUEUES)
            return self._pool

    def _forget(self, pool: ProcessPoolExecutor | None) -> None:
        with self._lock:
            if pool is not None and self._pool is pool:
                self._pool = None
                pool.shutdown(wait=False, cancel_futures=True)


def _begin() -> None:
    """Behind the one that serves, which ends the others in its own time: Ctrl+C in a terminal goes to all processes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    step_back()
    threading.Thread(target=_leave_with_parent, daemon=True).start()


def _leave_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(0)

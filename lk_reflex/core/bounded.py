"""Threads for long work with a line that doesn't grow for ever: whoever comes to a full one is told so at once.

Nobody waits two minutes for a sign-in: the browser gives up, the work is done all the same, and the next one waits
longer still.
"""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, ParamSpec, TypeVar

from lk_reflex.core.errors import Unavailable

P = ParamSpec("P")
T = TypeVar("T")
FULL = "Сейчас много обращений. Введённое сохранено, повторите через минуту."


class BoundedThreads(ThreadPoolExecutor):
    """`number` threads, and at most `room` jobs under way or in line."""

    def __init__(self, number: int, *, room: int, name: str) -> None:
        super().__init__(number, thread_name_prefix=name)
        self._room = threading.BoundedSemaphore(room)
        self.turned_away = 0

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """As the executor's own. Raises Unavailable while there is no room."""
        if not self._room.acquire(blocking=False):
            self.turned_away += 1
            raise Unavailable(FULL)
        try:
            future = super().submit(fn, *args, **kwargs)
        except BaseException:
            self._room.release()
            raise
        future.add_done_callback(self._left)
        return future

    def _left(self, _future: Future[Any]) -> None:
        self._room.release()

"""Threads for blocking work beside an event loop, with a hop half as dear as that of `run_in_executor`.

A hop there and back is the dearest step of a small read, so outcomes that are ready together wake the loop once.
"""

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from contextvars import Context, copy_context
from queue import SimpleQueue
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
_Outcome = tuple[asyncio.Future[Any], Any, BaseException | None]


class Threads:
    """A fixed number of threads that take work from one queue. They start with the first work."""

    def __init__(self, number: int, name: str) -> None:
        self._number, self._name = number, name
        self._work: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._closed = False

    async def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Await `work` done on a thread, in a copy of the present context. Raises what it raises."""
        mailbox = _mailbox(asyncio.get_running_loop())
        future, context = mailbox.loop.create_future(), copy_context()
        self._put(lambda: mailbox.deliver(future, *_carried_out(context, lambda: work(*args, **kwargs))))
        return await future

    def submit(self, work: Callable[[], object]) -> None:
        """Do `work` on a thread, whatever comes of it."""
        self._put(lambda: _carried_out(copy_context(), work) and None)

    def shutdown(self) -> None:
        """Finish what has been put in, then end the threads. Raises RuntimeError for work put in later."""
        with self._lock:
            self._closed = True
            for _ in self._threads:
                self._work.put(None)
        for thread in self._threads:
            thread.join()

    def _put(self, job: Callable[[], None]) -> None:
        if self._closed:
            raise RuntimeError("these threads have been shut down")
        if len(self._threads) < self._number:
            self._start_all()
        self._work.put(job)

    def _start_all(self) -> None:
        with self._lock:
            for number in range(len(self._threads), self._number):
                self._threads.append(threading.Thread(target=self._take, name=f"{self._name}-{number}", daemon=True))
                self._threads[-1].start()

    def _take(self) -> None:
        while (job := self._work.get()) is not None:
            job()
            del job  # else its results would live until the next one


class _Mailbox:
    """Outcomes on their way back to one loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.outcomes: deque[_Outcome] = deque()
        self.woken = False

    def deliver(self, future: asyncio.Future[Any], result: Any, fault: BaseException | None) -> None:
        self.outcomes.append((future, result, fault))
        if not self.woken:
            self.woken = True
            try:
                self.loop.call_soon_threadsafe(self.empty)
            except RuntimeError:  # the loop has gone, and with it whoever waited
                self.outcomes.clear()

    def empty(self) -> None:
        self.woken = False  # first: what is delivered from now on wakes the loop again
        while self.outcomes:
            future, result, fault = self.outcomes.popleft()
            if future.done():
                continue  # cancelled meanwhile
            if fault is None:
                future.set_result(result)
            else:
                future.set_exception(fault)


_mailboxes = threading.local()


def _mailbox(loop: asyncio.AbstractEventLoop) -> _Mailbox:
    """The mailbox of the loop that runs in this thread."""
    found: _Mailbox | None = getattr(_mailboxes, "mailbox", None)
    if found is None or found.loop is not loop:
        found = _mailboxes.mailbox = _Mailbox(loop)
    return found


def _carried_out(context: Context, work: Callable[[], Any]) -> tuple[Any, BaseException | None]:
    try:
        return context.run(work), None
    except BaseException as fault:  # noqa: BLE001  it is raised again where the work is awaited
        return None, fault

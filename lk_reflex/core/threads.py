"""Threads for blocking work beside an event loop, at a fraction of the price of `run_in_executor`.

A hop there and back is the dearest step of a small read, and threads that are awake together pay for each other:
they hand the interpreter's lock to and fro at every call of the driver. So one thread does the reading while it keeps
up, what it has finished goes back in batches, and others join when it is stuck (a cold page, a slow query).
"""

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from contextvars import Context, copy_context
from queue import Empty, SimpleQueue
from time import monotonic
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
_Job = Callable[[], None]
_Queue = SimpleQueue[_Job | None]
_Outcome = tuple[asyncio.Future[Any], Any, BaseException | None]

#: The longest that a finished outcome waits for others to go back with it, in seconds.
BATCH_SECONDS = 0.004
BATCH = 16


class Threads:
    """A fixed number of threads. They start with the first work.

    With `patience` (seconds) the first thread works alone, and the others take what comes while it has been at one
    job for longer than that; without, all take from one queue.
    """

    def __init__(self, number: int, name: str, *, patience: float = 0) -> None:
        self._number, self._name, self._patience = number, name, patience
        self._work: _Queue = SimpleQueue()
        self._overflow: _Queue = SimpleQueue() if patience and number > 1 else self._work
        self._busy_since = 0.0
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._closed = False

    async def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Await `work` done on a thread, in a copy of the present context. Raises what it raises."""
        mailbox = _mailbox(asyncio.get_running_loop())
        future, context = mailbox.loop.create_future(), copy_context()
        queue = self._queue()

        def job() -> None:
            outcome = _carried_out(context, lambda: work(*args, **kwargs))
            mailbox.deliver((future, *outcome), more=bool(self._patience) and not queue.empty())

        self._put(queue, job)
        mailbox.expect(self.relieve)
        return await future

    @property
    def waiting(self) -> int:
        """How much has been put in and not begun."""
        overflow = 0 if self._overflow is self._work else self._overflow.qsize()
        return self._work.qsize() + overflow

    def submit(self, work: Callable[[], object]) -> None:
        """Do `work` on a thread, whatever comes of it."""
        self._put(self._queue(), lambda: _carried_out(copy_context(), work) and None)

    def shutdown(self) -> None:
        """Finish what has been put in, then end the threads. Raises RuntimeError for work put in later."""
        with self._lock:
            self._closed = True
            for number in range(len(self._threads)):
                (self._overflow if number else self._work).put(None)
        for thread in self._threads:
            thread.join()

    def relieve(self) -> None:
        """Let the others have what waits behind a stuck job."""
        try:
            while not self._closed and self._queue() is self._overflow is not self._work:
                self._overflow.put(self._work.get_nowait())
        except Empty:
            return

    def _queue(self) -> _Queue:
        since = self._busy_since
        return self._overflow if since and monotonic() - since > self._patience else self._work

    def _put(self, queue: _Queue, job: _Job) -> None:
        if self._closed:
            raise RuntimeError("these threads have been shut down")
        if len(self._threads) < self._number:
            self._start_all()
        queue.put(job)

    def _start_all(self) -> None:
        with self._lock:
            for number in range(len(self._threads), self._number):
                take = self._take_first if self._patience and number == 0 else self._take
                self._threads.append(threading.Thread(target=take, name=f"{self._name}-{number}", daemon=True))
                self._threads[-1].start()

    def _take_first(self) -> None:
        while (job := self._work.get()) is not None:
            self._busy_since = monotonic()
            job()
            self._busy_since = 0.0
            del job  # else its results would live until the next one

    def _take(self) -> None:
        while (job := self._overflow.get()) is not None:
            job()
            del job


class _Mailbox:
    """Outcomes on their way back to one loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.outcomes: deque[_Outcome] = deque()
        self.woken = self.promised = False
        self.awaited = 0
        self.reliefs: set[Callable[[], None]] = set()

    def expect(self, relieve: Callable[[], None]) -> None:
        """Note from the loop that an outcome will come; none shall wait long for its turn or its batch."""
        self.awaited += 1
        self.reliefs.add(relieve)
        if not self.promised:
            self.promised = True
            self.loop.call_later(BATCH_SECONDS, self._keep_promise)

    def deliver(self, outcome: _Outcome, *, more: bool) -> None:
        """Take an outcome from a thread; with `more` to come at once it may wait for them."""
        self.outcomes.append(outcome)
        if self.woken or (more and len(self.outcomes) < BATCH):
            return
        self.woken = True
        try:
            self.loop.call_soon_threadsafe(self.empty)
        except RuntimeError:  # the loop has gone, and with it whoever waited
            self.outcomes.clear()

    def empty(self) -> None:
        """Hand all outcomes to those who await them."""
        self.woken = False  # first: what is delivered from now on wakes the loop again
        while self.outcomes:
            future, result, fault = self.outcomes.popleft()
            self.awaited -= 1
            if future.done():
                continue  # cancelled meanwhile
            if fault is None:
                future.set_result(result)
            else:
                future.set_exception(fault)

    def _keep_promise(self) -> None:
        self.promised = False
        self.empty()
        if self.awaited > 0:
            for relieve in self.reliefs:
                relieve()
            self.promised = True
            self.loop.call_later(BATCH_SECONDS, self._keep_promise)
        else:
            self.reliefs.clear()


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

"""How far this process is behind, and what it puts off while it is: readings are taken first, charts come last.

Measured is what a person waits for: how late the event loop comes through with as many steps as a press has, how long
a read or a write stands in line for its thread, and how long presses wait until they are begun (`core/waiting.py`),
Redis included. Not the number of requests: a month's rows and a bulk print aren't the same work, and two cores that do
something else besides carry less.
"""

import asyncio
import logging
from collections import Counter, deque
from collections.abc import Awaitable, Callable
from enum import IntEnum
from time import monotonic
from typing import Final

from lk_reflex.core.waiting import Presses

log = logging.getLogger(__name__)
#: Looks a second: 4. One that finds a delay is no strain yet: a single stall is over before anybody is told of it.
EVERY: Final = 0.25
#: So often a press passes through the loop on its way: its socket, its tab's states, threads, the answer. In a full
#: loop each time it stands behind everybody else's next step, so that lateness for one step says little.
STEPS: Final = 10
#: So many looks in a row make it worse, and so many without half of the delay make it better.
RISES_AFTER, FALLS_AFTER = 3, 12


class Strain(IntEnum):
    """Each is named for what is put off from there on; NEVER stands for what always has its turn."""

    CALM = 0
    #: Charts that follow a page, files of many pages.
    CHARTS = 1
    #: Pages other than those of readings, of signing in for them and of a payment's result.
    SECTIONS = 2
    #: Whoever comes only now, be it with a reading: those who have their form open go before.
    ENTRIES = 3
    #: Everything that can be sent again in a minute, readings too.
    FORMS = 4
    NEVER = 5


#: How many times the delay of the first stage begins each stage.
STAGES: Final = (
    (Strain.FORMS, 10.0), (Strain.ENTRIES, 5.0), (Strain.SECTIONS, 3.0), (Strain.CHARTS, 1.0),
)  # fmt: skip


class Gauge:
    """The strain of one process. `start` (seconds) is the delay at which charts are put off; with 0 nothing ever is.

    `level` is read by whoever may put something off; `put_off` counts what was, by its rank. Both belong to the loop.
    """

    def __init__(self, start: float) -> None:
        self._start = start
        self._looks: deque[float] = deque(maxlen=FALLS_AFTER)
        self.level = Strain.CALM
        self.put_off: Counter[Strain] = Counter()
        #: People's presses on their way, told by whoever takes and begins them.
        self.presses = Presses()
        #: The delay found last, in seconds.
        self.delay = 0.0

    def turns_away(self, rank: Strain) -> bool:
        """Whether something of this rank is put off now; counts it where it is."""
        if self.level < rank or rank is Strain.CALM:
            return False
        self.put_off[rank] += 1
        return True

    def note(self, delay: float) -> None:
        """One look: so many seconds behind."""
        self.delay = delay
        self._looks.append(delay)
        if not self._start:
            return
        worse = self._stage(min(list(self._looks)[-RISES_AFTER:])) if len(self._looks) >= RISES_AFTER else Strain.CALM
        # Twice: what has begun at a delay ends at half of it, or it would begin and end by turns.
        better = self._stage(2 * max(self._looks)) if len(self._looks) == FALLS_AFTER else self.level
        level = max(worse, min(self.level, better))
        if level is not self.level:
            log.warning("strain: %s, was %s, %.1f s behind", level.name, self.level.name, delay)
            self.level = level

    def _stage(self, delay: float) -> Strain:
        return next((stage for stage, times in STAGES if delay >= times * self._start), Strain.CALM)

    async def run(self, *on_threads: "OnThread") -> None:
        """Look until the server ends. Each of `on_threads` runs work where such work of people's stands in line."""
        loop = asyncio.get_running_loop()
        lines = [_Line(on_thread) for on_thread in on_threads]
        while True:
            due = loop.time() + EVERY
            await asyncio.sleep(EVERY)
            for _ in range(STEPS):
                await asyncio.sleep(0)
            late = max(0.0, loop.time() - due)
            waited = max((line.look() for line in lines), default=0.0)
            self.note(max(late + waited, self.presses.look()))


OnThread = Callable[[Callable[[], float]], Awaitable[float]]


class _Line:
    """A line of work for threads, and a probe in it that does nothing."""

    def __init__(self, on_thread: OnThread) -> None:
        self._on_thread = on_thread
        self._probe: asyncio.Future[float] | None = None
        self._put = 0.0

    def look(self) -> float:
        """How long the probe has waited for its thread, or waits now, in seconds; puts the next one in."""
        now, waited = monotonic(), 0.0
        if self._probe is not None and not self._probe.done():
            return now - self._put
        if self._probe is not None and self._probe.exception() is None:
            waited = max(0.0, self._probe.result() - self._put)
        self._put, self._probe = now, asyncio.ensure_future(self._on_thread(monotonic))
        return waited

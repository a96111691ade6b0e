"""How far this process is behind, and what it puts off while it is: readings are taken first, charts come last.

Measured is what a person would wait for: how late the event loop comes to what is due, and how long a read stands in
line for its thread. Not the number of requests: a month's rows and a bulk print aren't the same work, and two cores
that do something else besides carry less.
"""

import asyncio
import logging
from collections import Counter, deque
from collections.abc import Awaitable, Callable
from enum import IntEnum
from time import monotonic
from typing import Final

log = logging.getLogger(__name__)
#: Looks a second: 4. One that finds a delay is no strain yet: a single stall is over before anybody is told of it.
EVERY: Final = 0.25
#: So many looks in a row make it worse, and so many without half of the delay make it better.
RISES_AFTER, FALLS_AFTER = 3, 12


class Strain(IntEnum):
    """Each is named for what is put off from there on; NEVER stands for what always has its turn."""

    CALM = 0
    #: Charts that follow a page, files of many pages.
    CHARTS = 1
    #: Pages other than those of readings, of signing in for them and of a payment's result.
    SECTIONS = 2
    #: Everything that can be sent again in a minute, readings too.
    FORMS = 3
    NEVER = 4


#: How many times the delay of the first stage begins each stage.
STAGES: Final = ((Strain.FORMS, 10.0), (Strain.SECTIONS, 3.0), (Strain.CHARTS, 1.0))


class Gauge:
    """The strain of one process. `start` (seconds) is the delay at which charts are put off; with 0 nothing ever is.

    `level` is read by whoever may put something off; `put_off` counts what was, by its rank. Both belong to the loop.
    """

    def __init__(self, start: float) -> None:
        self._start = start
        self._looks: deque[float] = deque(maxlen=FALLS_AFTER)
        self.level = Strain.CALM
        self.put_off: Counter[Strain] = Counter()
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

    async def run(self, on_thread: Callable[[Callable[[], float]], Awaitable[float]]) -> None:
        """Look until the server ends. `on_thread` runs work where reads are run."""
        loop = asyncio.get_running_loop()
        probe: asyncio.Future[float] | None = None
        put = 0.0
        while True:
            due = loop.time() + EVERY
            await asyncio.sleep(EVERY)
            late, now = max(0.0, loop.time() - due), monotonic()
            if probe is None:
                waited = 0.0
            elif probe.done():
                waited = 0.0 if probe.exception() else max(0.0, probe.result() - put)
            else:
                waited = now - put
            self.note(late + waited)
            if probe is None or probe.done():
                put, probe = now, asyncio.ensure_future(on_thread(monotonic))

"""How long people wait, whatever for: for a page until it is filled, for a press until the work on it is begun.

What a handler itself takes is no part of it, nor is the waiting behind one's own last press: a bank that is slow for
one person puts nothing off for the others.
"""

from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import Final

#: Fewer tabs than this between two looks say nothing of everybody.
TABS: Final = 3


class Presses:
    """The events of all tabs on their way. Belongs to the loop; some microseconds an event."""

    def __init__(self, clock: Callable[[], float] = perf_counter) -> None:
        self._clock = clock
        #: By event, its tab and since when it waits.
        self._waiting: dict[str, tuple[str, float]] = {}
        #: How many events of a tab are on their way or being answered.
        self._under_way: dict[str, int] = {}
        #: By tab, the longest that one of its events has waited since the last look.
        self._waited: dict[str, float] = {}

    def came(self, event: str, tab: str) -> None:
        """An event has arrived. Only the first of its tab is timed: those behind it wait for it alone."""
        before = self._under_way.get(tab, 0)
        self._under_way[tab] = before + 1
        if not before:
            self._waiting[event] = (tab, self._clock())

    def begun(self, event: str) -> None:
        """It has its turn, or its page. Said again it says nothing."""
        found = self._waiting.pop(event, None)
        if found is not None:
            tab, since = found
            self._waited[tab] = max(self._clock() - since, self._waited.get(tab, 0.0))

    def done(self, event: str, tab: str) -> None:
        """It is answered, or nobody wants it any more."""
        self._waiting.pop(event, None)
        left = self._under_way.get(tab, 0) - 1
        if left > 0:
            self._under_way[tab] = left
        else:
            self._under_way.pop(tab, None)

    def look(self) -> float:
        """What the median tab has waited since the last look, those included that wait still; seconds.

        The median: half of the people have to be waiting before it is the process that is slow. 0 for a few tabs.
        """
        now, waits, self._waited = self._clock(), self._waited, {}
        for tab, since in self._waiting.values():
            waits[tab] = max(now - since, waits.get(tab, 0.0))
        return median(waits.values()) if len(waits) >= TABS else 0.0

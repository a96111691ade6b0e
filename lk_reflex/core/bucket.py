"""A token bucket: so many at once, so many a second after that."""

from collections import OrderedDict
from collections.abc import Callable
from time import monotonic


class Bucket:
    """Holds `burst` tokens at first and at most; `rate` new ones a second."""

    def __init__(self, rate: float, burst: float, clock: Callable[[], float] = monotonic) -> None:
        self._rate, self._burst, self._clock = rate, burst, clock
        self._left, self._at = burst, clock()

    def take(self) -> float:
        """Take one token and return 0; where there is none, take none and return the seconds until there is."""
        now = self._clock()
        self._left = min(self._burst, self._left + (now - self._at) * self._rate)
        self._at = now
        if self._left < 1 - 1e-9:  # what a rounding takes away is no missing token
            return (1 - self._left) / self._rate
        self._left = max(0.0, self._left - 1)
        return 0.0


class Buckets:
    """One bucket for each of many; those that were asked for longest ago are forgotten past `most`."""

    def __init__(self, rate: float, burst: float, *, most: int, clock: Callable[[], float] = monotonic) -> None:
        self._rate, self._burst, self._most, self._clock = rate, burst, most, clock
        self._of: OrderedDict[str, Bucket] = OrderedDict()

    def take(self, whose: str) -> bool:
        """Whether this one had a token left, which is now taken."""
        bucket = self._of.pop(whose, None) or Bucket(self._rate, self._burst, self._clock)
        self._of[whose] = bucket
        while len(self._of) > self._most:
            self._of.popitem(last=False)
        return bucket.take() == 0

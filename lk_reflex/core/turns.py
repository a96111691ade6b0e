"""Work that a person may have under way only once: the second press is refused, and doesn't wait in the first's way."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from lk_reflex.core.errors import Refused


class Turns:
    """One place for each person in this process; `busy` is the sentence for whoever has taken theirs."""

    def __init__(self, busy: str) -> None:
        self._busy = busy
        self._lock = threading.Lock()
        self._taken: set[int] = set()

    @contextmanager
    def turn(self, whose: int) -> Iterator[None]:
        """Hold this person's place for the block. Raises Refused where it is taken."""
        with self._lock:
            if whose in self._taken:
                raise Refused(self._busy)
            self._taken.add(whose)
        try:
            yield
        finally:
            with self._lock:
                self._taken.discard(whose)

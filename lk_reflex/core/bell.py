"""What a signal's handler may ring."""

import os
import select
import time
import weakref
from contextlib import suppress


class Bell:
    """A `threading.Event` for one thread that waits, which a signal's handler may set.

    An Event takes a lock to be set. The thread that the handler interrupts may be holding it, be it in the handler of
    the signal before, and would wait for itself for ever. Here a flag is raised and a byte written into a pipe.
    """

    def __init__(self) -> None:
        self._rung = False
        self._heard, self._rope = os.pipe()
        for end in (self._heard, self._rope):
            os.set_blocking(end, False)
            weakref.finalize(self, os.close, end)

    def is_set(self) -> bool:
        """Whether it has been rung."""
        return self._rung

    def set(self) -> None:
        """Ring it."""
        self._rung = True
        with suppress(BlockingIOError):  # full of bytes that nobody has read yet: whoever waits will wake
            os.write(self._rope, b"!")

    def clear(self) -> None:
        """Wait for the next time."""
        self._rung = False

    def wait(self, timeout: float | None = None) -> bool:
        """Until it is rung, or for so many seconds; whether it was."""
        until = None if timeout is None else time.monotonic() + timeout
        ear = select.poll()
        ear.register(self._heard, select.POLLIN)
        while not self._rung:
            left = None if until is None else until - time.monotonic()
            if left is not None and left <= 0:
                break
            if ear.poll(None if left is None else left * 1000):
                with suppress(BlockingIOError):
                    os.read(self._heard, 4096)
        return self._rung

"""Progress of an import on stderr: rows, rows per second, time left."""

import sys
import time
from typing import Protocol, TextIO


class Progress(Protocol):
    """Told after every portion."""

    def step(self, file: str, rows: int, done: int, total: int) -> None:
        """`rows` taken so far from all files; `done` of `total` bytes of the package, 0 if they aren't known."""
        ...

    def end(self) -> None:
        """The import is over, well or not."""
        ...


class Silent:
    """Says nothing."""

    def step(self, file: str, rows: int, done: int, total: int) -> None:
        """Nothing."""

    def end(self) -> None:
        """Nothing."""


class OnStderr:
    """One line that renews itself on a terminal; a line every few seconds in a log."""

    def __init__(self, stream: TextIO | None = None, *, unit: str = "строк") -> None:
        self._unit = unit
        self._stream = stream or sys.stderr
        self._live = self._stream.isatty()
        self._every = 0.3 if self._live else 5.0
        self._began = self._said = time.monotonic()

    def step(self, file: str, rows: int, done: int, total: int) -> None:
        """Say it, unless something was said a moment ago."""
        now = time.monotonic()
        if now - self._said < self._every:
            return
        self._said = now
        elapsed = max(now - self._began, 0.001)
        line = f"{file}: {_spaced(rows)} {self._unit}, {_spaced(round(rows / elapsed))} {self._unit}/с"
        if total and done:
            line += f", осталось {_duration(elapsed * (total - done) / done)}"
        self._write(line)

    def end(self) -> None:
        """Close the line of a terminal."""
        if self._live:
            self._stream.write("\n")
            self._stream.flush()

    def _write(self, line: str) -> None:
        self._stream.write(f"\r\x1b[K{line}" if self._live else f"{line}\n")
        self._stream.flush()


def _spaced(number: int) -> str:
    return f"{number:,}".replace(",", " ")


def _duration(seconds: float) -> str:
    minutes, rest = divmod(max(0, round(seconds)), 60)
    return f"{minutes} мин {rest} с" if minutes else f"{rest} с"

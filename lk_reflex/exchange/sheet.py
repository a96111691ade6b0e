"""What the importer sees of a table, whatever it was kept in: a header and rows of texts in portions."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Protocol

from lk_reflex.core.errors import DomainError

#: Rows that are read, checked and written together.
PORTION = 10_000

Row = list[str]


class Unreadable(DomainError):  # noqa: N818  named for what happened, as its kin in core
    """A package or one of its files can't be read at all, or no further than `line`."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line


@dataclass
class Portion:
    """Rows as they stand in the file; `before` is the number of the line that precedes the first of them."""

    rows: list[Row]
    before: int
    #: Whether a line break inside a cell makes the row longer by a line, as in CSV.
    broken_lines: bool

    def line(self, index: int) -> int:
        """The number of the line on which a row begins."""
        return self.before + 1 + (self._offsets[index] if self.broken_lines else index)

    @cached_property
    def _offsets(self) -> list[int]:
        return list(accumulate(map(_lines, self.rows), initial=0))


def _lines(row: Row) -> int:
    return 1 + sum(cell.count("\n") + cell.count("\r") - cell.count("\r\n") for cell in row)


class Sheet(Protocol):
    """An open table of a package."""

    @property
    def header(self) -> Row:
        """The first line's cells."""
        ...

    def portions(self) -> Iterator[Portion]:
        """The rows after the header. Raises Unreadable where the file can't be read on."""
        ...

    def done(self) -> int:
        """Bytes of the file that have been read."""
        ...

    def remarks(self) -> list[str]:
        """What a person should be told of the file as a whole; known after its end."""
        ...


@dataclass(frozen=True)
class Source:
    """A table that a package has: its layout's name, what people call the file, its bytes if they are known."""

    name: str
    label: str
    size: int
    open: Callable[[], AbstractContextManager[Sheet]]

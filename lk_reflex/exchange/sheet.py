"""What the importer sees of a table, whatever it was kept in: a header and rows of texts in portions."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Protocol

from lk_reflex.core.errors import DomainError

Row = list[str]


class Unreadable(DomainError):
    """A package or one of its files can't be read at all, or no further than `line`."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line


class Portion:
    """Some thousand rows as they stand in the file: as columns where they are even, else as rows.

    `before` is the number of the line that precedes the first row; `broken_lines` tells that a line break inside a
    cell makes its row longer by a line, as in CSV.
    """

    def __init__(
        self,
        before: int,
        *,
        columns: list[list[str]] | None = None,
        rows: list[Row] | None = None,
        broken_lines: bool = False,
    ) -> None:
        self.before, self.columns, self.broken_lines = before, columns, broken_lines
        self._given = rows

    def __len__(self) -> int:
        return len(self.columns[0]) if self.columns is not None else len(self.rows)

    @cached_property
    def rows(self) -> list[Row]:
        """Row by row: the slow way, for what is wrong."""
        return self._given if self._given is not None else list(map(list, zip(*self.columns or [], strict=True)))

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

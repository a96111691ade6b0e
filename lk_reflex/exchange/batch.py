"""A portion of rows on its way into the table: columns of values, from which bad rows are dropped."""

from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import compress
from typing import Any

from lk_reflex.exchange.cells import Bad, Memo, take
from lk_reflex.exchange.layout import Cell
from lk_reflex.exchange.sheet import Portion

#: Row's place in the portion, column, Russian sentence.
Refuse = Callable[[int, str, str], None]
#: What is wrong with the row at an index of the batch: column and sentence.
Faults = Mapping[int, tuple[str, str]]


class Batch:
    """Rows that are still good. `columns` is by header, and later by attribute for ids."""

    def __init__(self, portion: Portion, refuse: Refuse) -> None:
        self.portion = portion
        self.places: list[int] = list(range(len(portion)))
        self.columns: dict[str, list[Any]] = {}
        self._refuse = refuse

    def __len__(self) -> int:
        return len(self.places)

    def line(self, index: int) -> int:
        """The number of the row's line in the file."""
        return self.portion.line(self.places[index])

    def drop(self, faults: Faults) -> None:
        """Report rows and go on without them."""
        if not faults:
            return
        for index, (column, reason) in faults.items():
            self._refuse(self.places[index], column, reason)
        self._keep([index not in faults for index in range(len(self))])

    def leave(self, indexes: Collection[int]) -> None:
        """Go on without rows that are no faults."""
        if indexes:
            self._keep([index not in indexes for index in range(len(self))])

    def read(self, width: int, cells: Sequence[tuple[Cell, int, Memo]]) -> None:
        """Turn texts into values; rows of a wrong width and with bad cells are dropped, blank ones are forgotten."""
        texts = self.portion.columns
        if texts is None:
            self._even(width)
            even = map(self.portion.rows.__getitem__, self.places)
            texts = list(zip(*even, strict=True)) or [()] * width
        faults: dict[int, tuple[str, str]] = {}
        for cell, position, memo in cells:
            before = memo.faults
            values = self.columns[cell.header] = take(memo, texts[position])
            if memo.faults != before:
                _collect(cell.header, values, faults)
        if faults:
            self._forget_blank(faults)
            self.drop(faults)

    def _even(self, width: int) -> None:
        rows = self.portion.rows
        faults: dict[int, tuple[str, str]] = {}
        for index, row in enumerate(rows):
            while len(row) > width and not row[-1].strip():
                row.pop()
            if row and len(row) != width:
                faults[index] = "", f"ячеек {len(row)}, а в заголовке {width}"
        self._forget_blank(faults)
        self.drop(faults)

    def _forget_blank(self, faults: dict[int, tuple[str, str]]) -> None:
        """Spreadsheets end their CSV with lines of nothing but separators."""
        rows = self.portion.rows
        blank = [not any(map(str.strip, rows[place])) for place in self.places]
        if not any(blank):
            return
        numbers = {old: new for new, old in enumerate(index for index, empty in enumerate(blank) if not empty)}
        left = {numbers[index]: fault for index, fault in faults.items() if index in numbers}
        faults.clear()
        faults.update(left)
        self._keep([not empty for empty in blank])

    def _keep(self, good: list[bool]) -> None:
        self.places = list(compress(self.places, good))
        for name, values in self.columns.items():
            self.columns[name] = list(compress(values, good))


def _collect(header: str, values: list[Any], faults: dict[int, tuple[str, str]]) -> None:
    for index, value in enumerate(values):
        if value.__class__ is Bad:
            faults.setdefault(index, (header, value.reason))

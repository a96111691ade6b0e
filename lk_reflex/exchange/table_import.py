"""Takes one table of a package into the database, portion by portion."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import repeat
from typing import Any

from lk_reflex.core.text import fold
from lk_reflex.exchange.batch import Batch
from lk_reflex.exchange.cells import Memo
from lk_reflex.exchange.checks import CHECKS
from lk_reflex.exchange.layout import Cell, Layout, Reference
from lk_reflex.exchange.references import explain, resolve
from lk_reflex.exchange.report import FileTotals, Remark, Report
from lk_reflex.exchange.sheet import Portion, Row, Unreadable
from lk_reflex.exchange.store import Store

REPEATED = "повтор ключа: строка с таким же ключом в файле уже была"
#: A row, the reason why it was left out.
KeepBad = Callable[[Row, str], None]


@dataclass(frozen=True)
class Header:
    """Which cells of a layout a file has, and at which positions."""

    width: int
    cells: tuple[tuple[Cell, int], ...]
    unknown: tuple[str, ...]


def read_header(layout: Layout, names: Row) -> Header:
    """Find the layout's columns by their headers. Raises Unreadable."""
    keys = [fold(name.lstrip("\ufeff")) for name in names]
    places = {key: place for place, key in enumerate(keys)}
    known = {fold(cell.header): cell for cell in layout.columns}
    if not known.keys() & places.keys():
        raise Unreadable(
            "В первой строке нет ни одного известного столбца: проверьте разделитель «;» и кодировку файла.", 1
        )
    twice = sorted({names[place].strip() for key, place in places.items() if key and keys.count(key) > 1})
    if twice:
        raise Unreadable(f"Столбец повторяется: {', '.join(twice)}.", 1)
    missing = [cell.header for key, cell in known.items() if cell.required and key not in places]
    if missing:
        raise Unreadable(f"Нет обязательных столбцов: {', '.join(missing)}.", 1)
    cells = tuple((cell, places[key]) for key, cell in known.items() if key in places)
    unknown = tuple(name.strip() for name, key in zip(names, keys, strict=True) if key and key not in known)
    return Header(len(names), cells, unknown)


class TableImport:
    """One file of one layout; `touched` hears of the receipts whose lines the file brings."""

    def __init__(self, store: Store, layout: Layout, header: Header, file: str, report: Report) -> None:
        self.store, self.layout, self.header, self.file, self.report = store, layout, header, file, report
        self.totals = FileTotals(file, sums={cell.header: 0 for cell, _ in header.cells if cell.money})
        self.keep_bad: KeepBad | None = None
        memos: dict[Any, Memo] = {}
        self.cells = [(cell, place, self._memo(memos, cell)) for cell, place in header.cells]
        given = {cell.header for cell, _ in header.cells}
        self.derived = {
            name: (source, Memo(make, "")) for name, (source, make) in layout.derived.items() if source in given
        }
        self.names, self.kept = self._attributes()

    def _memo(self, memos: dict[Any, Memo], cell: Cell) -> Memo:
        """Columns that are read alike share what they remember."""
        empty = self.layout.empty(cell)
        return memos.setdefault((cell.parse, empty), Memo(cell.parse, empty))

    def _attributes(self) -> tuple[list[str], frozenset[str]]:
        """All columns of the table in one order, and those that the file doesn't speak of."""
        spoken = {cell.attribute for cell, _ in self.header.cells} | set(self.derived)
        spoken |= {reference.attribute for reference in self.layout.references} | {"import_id"}
        names = [column.name for column in self.layout.table.columns if column.name != "id"]
        return names, frozenset(set(names) - spoken)

    def take(self, portion: Portion) -> Batch:
        """Check and write a portion; returns what was written."""
        batch = Batch(portion, lambda place, column, reason: self._refuse(portion, place, column, reason))
        refused = self.report.faults.count
        batch.read(self.header.width, self.cells)
        for reference in self.layout.references:
            self._refer(batch, reference)
        if len(batch):
            self._write(batch)
        self.totals.taken += len(batch)
        self.totals.read += len(batch) + self.report.faults.count - refused
        for name in self.totals.sums:
            self.totals.sums[name] += sum(batch.columns[name])
        self._warn(batch)
        return batch

    def _refuse(self, portion: Portion, place: int, column: str, reason: str) -> None:
        self.report.faults.add(Remark(self.file, portion.line(place), column, reason))
        if self.keep_bad is not None:
            self.keep_bad(portion.rows[place], f"{column}: {reason}" if column else reason)

    def _refer(self, batch: Batch, reference: Reference) -> None:
        keys = [batch.columns[header] for header in reference.headers]
        ids = batch.columns[reference.attribute] = resolve(self.store, reference, keys)
        if None not in ids:
            return
        lost = [index for index, row_id in enumerate(ids) if row_id is None]
        answers = explain(self.store, reference, [tuple(column[index] for column in keys) for index in lost])
        batch.drop(dict(zip(lost, answers, strict=True)))

    def _values(self, batch: Batch) -> dict[str, Any]:
        """Attribute → its values for all rows of the batch."""
        values: dict[str, Any] = {name: repeat(self.layout.default(name), len(batch)) for name in self.kept}
        for cell, _ in self.header.cells:
            if cell.attribute is not None:
                values[cell.attribute] = batch.columns[cell.header]
        for reference in self.layout.references:
            values[reference.attribute] = batch.columns[reference.attribute]
        for name, (source, memo) in self.derived.items():
            values[name] = list(map(memo.__getitem__, batch.columns[source]))
        for name, source in self.layout.same_as.items():
            own = values[name]
            values[name] = [value or other for value, other in zip(own, values[source], strict=True)]
        values["import_id"] = repeat(self.store.run_id, len(batch))
        return values

    def _keys(self, batch: Batch) -> list[tuple[Any, ...]]:
        values = self._values(batch)
        return list(zip(*(values[name] for name in self.layout.key), strict=True))

    def _write(self, batch: Batch) -> None:
        if not (self.store.unique_portions and self._repeats(batch)):
            if self._written(batch) == len(batch):
                self.store.keep()
                return
            self.store.undo()
        self._drop_repeated(batch)
        if len(batch):
            if self._written(batch) != len(batch):
                raise RuntimeError(f"{self.file}: rows were lost")
            self.store.keep()

    def _repeats(self, batch: Batch) -> bool:
        return len(set(self._keys(batch))) != len(batch)

    def _drop_repeated(self, batch: Batch) -> None:
        """The first row of a key is good; those after it aren't, in this portion or in a later one."""
        column = next(cell.header for cell, _ in self.header.cells if cell.attribute == self.layout.key[-1])
        keys = self._keys(batch)
        earlier = self.store.find(self.layout.table, self.layout.key, keys, this_run=True)
        seen: set[Any] = set()
        faults: dict[int, tuple[str, str]] = {}
        for index, (key, row_id) in enumerate(zip(keys, earlier, strict=True)):
            if row_id is not None or key in seen:
                faults[index] = column, REPEATED
            seen.add(key)
        batch.drop(faults)

    def _written(self, batch: Batch) -> int:
        values = self._values(batch)
        rows = zip(*(values[name] for name in self.names), strict=True)
        return self.store.write(self.layout, self.names, rows, self.kept)

    def _warn(self, batch: Batch) -> None:
        check = CHECKS.get(self.layout.name)
        if check is not None:
            for index, column, reason in check(batch.columns):
                self.report.warnings.add(Remark(self.file, batch.line(index), column, reason))

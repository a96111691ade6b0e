"""A register on its way into a package: rows wait in a file of their own, so that memory doesn't grow with them."""

import csv
import io
import json
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import Any

from lk_reflex.exchange.bad_rows import bad_folder
from lk_reflex.exchange.package import Package
from lk_reflex.exchange.registers.lines import REASON
from lk_reflex.exchange.report import Remark
from lk_reflex.exchange.sheet import Portion, Row, Sheet, Source

_PORTION = 4_000


class _LinedPortion(Portion):
    """Rows that say themselves which line of the register they come from."""

    def __init__(self, rows: list[Row], lines: list[int]) -> None:
        super().__init__(0, rows=rows)
        self._lines = lines

    def line(self, index: int) -> int:
        return self._lines[index]


class _StagedSheet:
    """One table made of a register."""

    def __init__(self, staging: "Staging", name: str, header: Row) -> None:
        self.header = header
        self._staging, self._name = staging, name

    def portions(self) -> Iterator[Portion]:
        """The rows in the order of the register's lines."""
        query = "SELECT line, cells FROM made WHERE name = ? ORDER BY line, rowid"
        rows = self._staging.db.execute(query, (self._name,))
        while part := rows.fetchmany(_PORTION):
            yield _LinedPortion([json.loads(cells) for _, cells in part], [line for line, _ in part])

    def done(self) -> int:
        """Bytes aren't known."""
        return 0

    def remarks(self) -> list[str]:
        """The register has told its own."""
        return []


class Staging:
    """The register's rows (`given`), the package's rows made of them (`made`), and the lines left out."""

    def __init__(self, db: sqlite3.Connection, package: Package) -> None:
        self.db, self.package = db, package
        db.execute("CREATE TABLE made (name TEXT, key TEXT, line INT, cells TEXT, PRIMARY KEY (name, key))")
        db.execute("CREATE TABLE bad (line INT, text TEXT, reason TEXT)")

    @property
    def file(self) -> str:
        """The register's name, as reports give it."""
        return self.package.path.name

    def refuse(self, line: int, column: str, reason: str, text: str) -> None:
        """A line, or a part of it written as a line of its own, that can't be taken."""
        self.package.faults.add(Remark(self.file, line, column, reason))
        said = f"{column}: {reason}" if column else reason
        self.db.execute("INSERT INTO bad VALUES (?, ?, ?)", (line, text, said))

    def make(self, name: str, key: Sequence[object], line: int, cells: Row) -> bool:
        """Add a row to a table of the package, unless its key is there already; tells which."""
        given = (name, json.dumps(key, ensure_ascii=False), line, json.dumps(cells, ensure_ascii=False))
        return self.db.execute("INSERT OR IGNORE INTO made VALUES (?, ?, ?, ?)", given).rowcount == 1

    def has(self, name: str, key: Sequence[object], cells: Row) -> bool:
        """Whether the row under a key is this very one."""
        given = (name, json.dumps(key, ensure_ascii=False))
        row = self.db.execute("SELECT cells FROM made WHERE name = ? AND key = ?", given).fetchone()
        return row is not None and json.loads(row[0]) == cells

    def offer(self, headers: dict[str, Row]) -> None:
        """Give the tables that have rows to the package, in the order of `headers`."""
        filled = {name for (name,) in self.db.execute("SELECT DISTINCT name FROM made")}
        for name, header in headers.items():
            if name in filled:
                self.package.sources.append(Source(name, self.file, 0, partial(self._open, name, header)))

    def _open(self, name: str, header: Row) -> AbstractContextManager[Sheet]:
        return nullcontext(_StagedSheet(self, name, header))

    def write_bad(self, encoding: str, head: Sequence[str] = ()) -> list[str]:
        """Write the lines left out, each with its reason, into a register of their own; returns its name."""
        folder = bad_folder(self.package.path)
        folder.mkdir(exist_ok=True)
        path = folder / self.file
        with path.open("w", encoding=encoding, errors="replace", newline="") as file:
            file.writelines(f"{line}\r\n" for line in head)
            for text, reason in self.db.execute("SELECT text, reason FROM bad ORDER BY line, rowid"):
                file.write(f"{text};{joined([REASON + reason])}\r\n")
        return [str(path)]


def joined(cells: Sequence[str]) -> str:
    """Cells as one line, quoted where they hold «;» or quotes."""
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="").writerow(cells)
    return out.getvalue()


@contextmanager
def staging(package: Package, given: str) -> Iterator[Staging]:
    """An empty staging file with the table `given` (its columns, as SQL has them); gone after the block."""
    with tempfile.TemporaryDirectory(prefix="lk-register-") as folder:
        path: Any = Path(folder) / "register.db"
        with closing(sqlite3.connect(path, isolation_level=None)) as db:
            db.execute("PRAGMA journal_mode = OFF")
            db.execute("PRAGMA synchronous = OFF")
            db.execute(f"CREATE TABLE given ({given})")
            yield Staging(db, package)

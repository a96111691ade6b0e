"""Import of a package against bare `executemany` (SQLite) and `COPY` (PostgreSQL), and its peak memory.

python -m benchmarks.bench_import [--accounts 1000] [--months 24] [--pairs 3] [--url postgresql+psycopg://…]
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import select

from lk_reflex.core.db import Database
from lk_reflex.exchange.demo.generate import make_demo
from lk_reflex.exchange.importer import import_package
from lk_reflex.exchange.layout import LAYOUTS
from lk_reflex.tables import METADATA

TODAY = date(2026, 11, 22)
Rows = list[tuple[Any, ...]]


def fresh(url: str) -> Database:
    """A database with empty tables."""
    if url.startswith("sqlite"):
        for file in Path(url.removeprefix("sqlite:///")).parent.glob("bench.db*"):
            file.unlink()
    db = Database(url)
    METADATA.drop_all(db.engine)
    METADATA.create_all(db.engine)
    return db


def raw_rows(db: Database) -> dict[str, tuple[list[str], Rows]]:
    """All imported rows as the driver gives them, ids included so that references hold."""
    found = {}
    with db.engine.connect() as connection:
        for layout in LAYOUTS:
            names = [column.name for column in layout.table.columns]
            cursor = connection.connection.cursor()
            cursor.execute(str(select(layout.table)))
            found[layout.table.name] = names, cursor.fetchall()
    return found


def floor_sqlite(db: Database, tables: dict[str, tuple[list[str], Rows]]) -> float:
    """One transaction of bare `executemany`s."""
    began = time.perf_counter()
    with db.transaction() as writer:
        driver = writer.connection.connection.driver_connection
        for name, (names, rows) in tables.items():
            marks = ", ".join("?" * len(names))
            driver.executemany(f"INSERT INTO {name} ({', '.join(names)}) VALUES ({marks})", rows)
    return time.perf_counter() - began


def floor_postgresql(db: Database, tables: dict[str, tuple[list[str], Rows]]) -> float:
    """One transaction of bare COPYs."""
    began = time.perf_counter()
    with db.transaction() as writer, writer.connection.connection.driver_connection.cursor() as cursor:
        for name, (names, rows) in tables.items():
            with cursor.copy(f"COPY {name} ({', '.join(names)}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
    return time.perf_counter() - began


def compare(url: str, package: Path, pairs: int) -> None:
    """Print the ratio of rows per second, the median of several pairs."""
    floor = floor_sqlite if url.startswith("sqlite") else floor_postgresql
    ratios = []
    for _ in range(pairs):
        db = fresh(url)
        report = import_package(db, package)
        assert report.imported, report.text()
        tables = raw_rows(db)
        db.close()
        bare = fresh(url)
        seconds = floor(bare, tables)
        bare.close()
        ratios.append(seconds / report.seconds)
        print(
            f"  {report.rows} rows: import {report.rows / report.seconds:,.0f}/s, "
            f"floor {report.rows / seconds:,.0f}/s, ratio {ratios[-1]:.2f}",
            flush=True,
        )
    kind = url.split(":")[0]
    print(f"{kind}: ratio {median(ratios):.2f} (bar {0.4 if kind == 'sqlite' else 0.3})")


def cut(package: Path, out: Path, rows: int) -> None:
    """The package's accruals and what they refer to, so many accruals of them."""
    out.mkdir()
    for source in package.iterdir():
        with source.open(encoding="utf-8") as lines, (out / source.name).open("w", encoding="utf-8") as cut_file:
            cut_file.writelines(_first(lines, rows + 1) if source.stem == "accruals" else lines)


def _first(lines: Any, count: int) -> Iterator[str]:
    return islice(lines, count)


def memory(package: Path, folder: Path) -> int:
    """Peak memory, in KB, of a process that imports the package into a fresh database."""
    code = f"from benchmarks.bench_import import *; import_alone({str(package)!r}, {str(folder)!r})"
    return int(subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout)


def import_alone(package: str, folder: str) -> None:
    """The body of that process."""
    report = import_package(fresh(f"sqlite:///{folder}/bench.db"), Path(package))
    assert report.imported, report.text()
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def compare_memory(folder: Path, small: int, big: int) -> None:
    """Two packages of the same shape, one ten times the other."""
    peaks = []
    for accounts in (small, big):
        package = folder / f"memory-{accounts}"
        make_demo(package, accounts=accounts, months=24, today=TODAY)
        rows = sum(1 for file in package.iterdir() for _ in file.open("rb"))
        peaks.append(memory(package, folder))
        print(f"  {rows} rows: peak {peaks[-1] / 1024:.1f} MB", flush=True)
    print(f"memory: ratio {peaks[1] / peaks[0]:.2f} (bar 1.1)")


def main() -> None:
    """Everything."""
    options = argparse.ArgumentParser()
    options.add_argument("--accounts", type=int, default=600)
    options.add_argument("--months", type=int, default=24)
    options.add_argument("--pairs", type=int, default=3)
    options.add_argument("--url", help="PostgreSQL, an empty database of its own")
    options.add_argument("--no-memory", action="store_true")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        package = folder / "package"
        make_demo(package, accounts=given.accounts, months=given.months, today=TODAY)
        compare(f"sqlite:///{folder}/bench.db", package, given.pairs)
        if given.url:
            compare(given.url, package, given.pairs)
        if not given.no_memory:
            compare_memory(folder, 200, 2000)


if __name__ == "__main__":
    main()

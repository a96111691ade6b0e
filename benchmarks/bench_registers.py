"""Billing's answers and the two outside registers, rows per second, and the memory that they take.

python -m benchmarks.bench_registers [--accounts 5000] [--rows 100000] [--url postgresql+psycopg://…]
"""

import argparse
import csv
import resource
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select

from benchmarks.bench_export import fill
from benchmarks.bench_import import TODAY, fresh
from lk_reflex.core.clock import format_date, utc_now
from lk_reflex.core.db import Database
from lk_reflex.core.months import Month
from lk_reflex.core.schema import MonthNumber
from lk_reflex.exchange.demo.cast import UTILITY
from lk_reflex.exchange.demo.generate import make_demo
from lk_reflex.exchange.demo.tariffs import UNITED
from lk_reflex.exchange.exporter import export
from lk_reflex.exchange.importer import import_package
from lk_reflex.exchange.registers.desk import take_register, write_register
from lk_reflex.exchange.registers.options import ProfileFile, check_options
from lk_reflex.exchange.registers.profiles import put
from lk_reflex.exchange.report import Report
from lk_reflex.tables import METADATA


def timed(what: str, rows: Callable[[object], int], work: Callable[[], object]) -> None:
    """Print how fast it went."""
    began = time.perf_counter()
    done = work()
    seconds = time.perf_counter() - began
    if isinstance(done, Report):
        assert done.imported, done.text()
    count = rows(done)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"  {what}: {count} rows, {count / seconds:,.0f} rows/s, peak memory so far {peak:.0f} MB", flush=True)


def answers(db: Database, folder: Path, rows: int) -> None:
    """As many answers as readings were exported."""
    fill(db, folder, rows)
    export(db, "readings", folder / "sent.csv")
    package = folder / "answers"
    package.mkdir()
    # The readings of the benchmark are all of one day: its first answer to each meter is the one that counts.
    seen: set[str] = set()
    with (folder / "sent.csv").open(encoding="utf-8-sig") as given, (package / "reading_answers.csv").open("w") as out:
        writer = csv.writer(out, delimiter=";")
        writer.writerow(["ИНН", "Код ПУ", "Зона", "Дата снятия", "Результат"])
        for row in csv.DictReader(given, delimiter=";"):
            if row["Код ПУ"] not in seen:
                seen.add(row["Код ПУ"])
                writer.writerow([row["ИНН"], row["Код ПУ"], row["Зона"], row["Дата снятия"], "Учтено"])
    timed("answers", lambda _: len(seen), lambda: import_package(db, package))


def profile(db: Database, register: str, **options: object) -> None:
    """A profile of the town's utility."""
    given = ProfileFile.model_validate({"name": register, "register": register, "organization": UTILITY})
    db.write(put, given, check_options(register, options), now=utc_now())


def registers(db: Database, folder: Path, accounts: int) -> None:
    """Written, read back unchanged, and read with news."""
    make_demo(folder / "town", accounts=accounts, months=2, today=TODAY)
    (folder / "town" / "accruals.csv").unlink()
    import_package(db, folder / "town")
    profile(db, "city", service="1", receipt_kind=UNITED, overpayments="write")
    profile(db, "bank", bank="Б", doubts="take", extra="meter_code")
    city, bank = folder / "city.txt", folder / "bank.txt"

    def lines(path: Path) -> Callable[[object], int]:
        return lambda _: len(path.read_bytes().splitlines())

    timed("«Город» written", lines(city), lambda: write_register(db, "charges", city, "city"))
    month = newest_month(db)
    assert month
    timed("«Город» read, nothing new", lines(city), lambda: take_register(db, city, "city", month))
    timed("«Город» read, another month", lines(city), lambda: take_register(db, city, "city", month.shift(1)))
    timed("bank written", lines(bank), lambda: write_register(db, "readings", bank, "bank"))
    timed("bank read, nothing new", lines(bank), lambda: take_register(db, bank, "bank"))
    last = format_date(TODAY - timedelta(days=1))
    text = bank.read_bytes().decode("cp1251")
    bank.write_bytes("\n".join(";".join(_dated(line, last)) for line in text.split("\r\n")).encode("cp1251"))
    timed("bank read, all new", lines(bank), lambda: take_register(db, bank, "bank", clock=utc_now))


def _dated(line: str, day: str) -> list[str]:
    """Every reading once more, as of another day."""
    cells = line.split(";")
    for place in range(10, len(cells), 7):
        cells[place] = day if cells[place] else ""
    return cells


def newest_month(db: Database) -> Month | None:
    """The month that the register was written for."""
    with db.engine.connect() as connection:
        return connection.scalar(select(func.max(METADATA.tables["receipts"].c.month, type_=MonthNumber)))


def main() -> None:
    """Everything."""
    options = argparse.ArgumentParser()
    options.add_argument("--accounts", type=int, default=5_000)
    options.add_argument("--rows", type=int, default=100_000)
    options.add_argument("--url", help="PostgreSQL, an empty database of its own")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        for number, url in enumerate(filter(None, (f"sqlite:///{name}/bench.db", given.url))):
            print(url.split(":")[0])
            folder = Path(name) / str(number)
            folder.mkdir()
            answers(db := fresh(url), folder, given.rows)
            db.close()
            registers(db := fresh(url), folder, given.accounts)
            db.close()


if __name__ == "__main__":
    main()

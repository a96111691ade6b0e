"""Export of readings against the same query written by `csv` and nothing else.

python -m benchmarks.bench_export [--rows 100000] [--pairs 5] [--url postgresql+psycopg://…]
"""

import argparse
import csv
import tempfile
import time
from datetime import timedelta
from itertools import islice
from pathlib import Path
from statistics import median

from sqlalchemy import insert, select, text

from benchmarks.bench_import import TODAY, fresh
from lk_reflex.core.clock import utc_now
from lk_reflex.core.db import Database
from lk_reflex.core.months import Month
from lk_reflex.exchange.demo.generate import make_demo
from lk_reflex.exchange.exporter import export
from lk_reflex.exchange.importer import import_package
from lk_reflex.exchange.reading_rows import HEADER
from lk_reflex.tables import METADATA

BARE = """SELECT o.inn, a.number, m.code, r.scale, r.taken_on, r.value, r.volume, s.source, s.created_at
FROM sent_readings r JOIN submissions s ON s.id = r.submission_id JOIN meters m ON m.id = r.meter_id
JOIN accounts a ON a.id = s.account_id JOIN organizations o ON o.id = a.organization_id
WHERE r.export_id IS NULL AND r.replaced_at IS NULL ORDER BY r.id"""


def fill(db: Database, folder: Path, rows: int) -> None:
    """Meters of a demo package, and readings sent for them, month after month."""
    make_demo(folder / "package", accounts=1_000, months=1, today=TODAY)
    import_package(db, folder / "package")
    meters, now = METADATA.tables["meters"], utc_now()
    with db.engine.begin() as connection:
        known = connection.execute(select(meters.c.id, meters.c.account_id)).all()
        sent = ((number, known[number % len(known)], number // len(known)) for number in range(rows))
        while portion := list(islice(sent, 5_000)):
            connection.execute(
                insert(METADATA.tables["submissions"]),
                [
                    {
                        "id": n + 1,
                        "key": f"k{n}",
                        "account_id": a,
                        "source": "Личный кабинет",
                        "created_at": now + timedelta(seconds=n),
                    }
                    for n, (_, a), _ in portion
                ],
            )
            connection.execute(
                insert(METADATA.tables["sent_readings"]),
                [
                    {"submission_id": n + 1, "meter_id": m, "period": Month(2026, 11).shift(-back), "taken_on": TODAY,
                     "value": n * 37 % 10**8, "volume": n * 7 % 9_000}
                    for n, (m, _), back in portion
                ],
            )  # fmt: skip


def bare(db: Database, out: Path) -> float:
    """The floor."""
    began = time.perf_counter()
    with db.engine.connect() as connection, out.open("w", encoding="utf-8-sig", newline="") as file:
        cursor = connection.connection.cursor()
        cursor.execute(BARE)
        writer = csv.writer(file, delimiter=";")
        writer.writerow(HEADER)
        writer.writerows(cursor)
    return time.perf_counter() - began


def main() -> None:
    """Everything."""
    options = argparse.ArgumentParser()
    options.add_argument("--rows", type=int, default=100_000)
    options.add_argument("--pairs", type=int, default=5)
    options.add_argument("--url", help="PostgreSQL, an empty database of its own")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for url in filter(None, (f"sqlite:///{folder}/bench.db", given.url)):
            db = fresh(url)
            fill(db, folder, given.rows)
            ratios, claimed = [], []
            for _ in range(given.pairs):
                floor = bare(db, folder / "bare.csv")
                began = time.perf_counter()
                done = export(db, "readings", folder / "ours.csv")
                ours = time.perf_counter() - began
                assert done and done.rows == given.rows
                claimed.append(floor / ours)
                began = time.perf_counter()
                export(db, "readings", folder / "again.csv", number=done.number)
                again = time.perf_counter() - began
                ratios.append(floor / again)
                with db.engine.begin() as connection:
                    connection.execute(text("UPDATE sent_readings SET export_id = NULL"))
                print(
                    f"  writing {given.rows / again:,.0f} rows/s, with the claim {given.rows / ours:,.0f}, "
                    f"floor {given.rows / floor:,.0f}, ratio {ratios[-1]:.2f}"
                )
            print(f"{url.split(':')[0]}: ratio {median(ratios):.2f} (bar 0.5), with the claim {median(claimed):.2f}")
            db.close()


if __name__ == "__main__":
    main()

"""What grows and by how much: rows, bytes a row of the table and of its indexes, on PostgreSQL as it stands.

python -m benchmarks.city.sizes --url postgresql+psycopg://… --accounts 20000 --months 4
"""

import argparse
from dataclasses import dataclass

from lk_reflex.core.db import Database

_SIZES = """
    SELECT c.relname, c.reltuples::bigint, pg_table_size(c.oid), pg_indexes_size(c.oid)
    FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND c.reltuples > 0
    ORDER BY pg_total_relation_size(c.oid) DESC
"""


@dataclass(frozen=True)
class Size:
    """One table; bytes are of its heap with TOAST, and of all its indexes."""

    table: str
    rows: int
    heap: int
    indexes: int

    @property
    def row(self) -> float:
        """Bytes of a row with all its index entries."""
        return (self.heap + self.indexes) / self.rows


def sizes(db: Database) -> list[Size]:
    """By size; the statistics have to be fresh (ANALYZE)."""
    with db.engine.connect() as connection:
        return [Size(*row) for row in connection.exec_driver_sql(_SIZES)]


def report(found: list[Size], *, accounts: int, months: int, city: int = 500_000, kept: int = 36) -> str:
    """The table of `docs/scale.md`: what one account and month takes, and a city's with so many months kept."""
    lines = ["| table | rows | rows per account and month | bytes a row (table + indexes) | a city, 36 months |"]
    lines.append("|---|---:|---:|---:|---:|")
    whole = 0.0
    for one in found:
        if one.rows < 500:
            continue
        monthly = one.table in MONTHLY
        share = one.rows / accounts / (months if monthly else 1)
        bytes_of_city = share * city * (kept if monthly else 1) * one.row
        whole += bytes_of_city
        per = f"{share:.2f}" if monthly else f"{share:.2f} per account"
        heap, indexes = one.heap / one.rows, one.indexes / one.rows
        lines.append(
            f"| {one.table} | {one.rows:,} | {per} | {heap:.0f} + {indexes:.0f} | {bytes_of_city / 2**30:.1f} GiB |"
        )
    return "\n".join([*lines, f"| all | | | | {whole / 2**30:.1f} GiB |"])


#: Tables that grow with every month; the others grow with the accounts.
MONTHLY = frozenset({"receipts", "balance_lines", "accruals", "readings", "posted_payments"})


def main() -> None:
    """Print it."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.city.sizes")
    options.add_argument("--url", required=True)
    options.add_argument("--accounts", type=int, required=True)
    options.add_argument("--months", type=int, required=True)
    given = options.parse_args()
    db = Database(given.url)
    print(report(sizes(db), accounts=given.accounts, months=given.months))
    db.close()


if __name__ == "__main__":
    main()

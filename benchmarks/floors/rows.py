"""The one query of all floors: 8 rows of an account and a month, by sqlite3 on a kept connection."""

import os
import sqlite3

SQL = (
    "SELECT b.service, b.debt, b.paid, b.charged, b.total FROM receipts r JOIN balance_lines b ON b.receipt_id = r.id "
    "WHERE r.account_id = ? AND r.month = ? ORDER BY r.id, b.id"
)
NAMES = ("service", "debt", "paid", "charged", "total")
_connection = sqlite3.connect(os.environ["BENCH_DB"], check_same_thread=False, isolation_level=None)
_connection.execute("PRAGMA mmap_size=1073741824")


def rows(account: int, month: int) -> list[dict[str, object]]:
    """The rows with roubles as plain numbers."""
    return [
        {"service": r[0], "debt": r[1] / 100, "paid": r[2] / 100, "charged": r[3] / 100, "total": r[4] / 100}
        for r in _connection.execute(SQL, (account, month))
    ]

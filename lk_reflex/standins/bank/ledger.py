"""The bank's books for whoever compares them with their own: read only."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any


class Ledger:
    """What lies in a stand-in's folder; sums in kopecks from the journal of money, not from the orders."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "bank.db"

    def captured(self, number: str = "") -> int:
        """What was taken in all, or in the orders of that number."""
        return self._sum("charge", number)

    def refunded(self, number: str = "") -> int:
        """What was given back."""
        return self._sum("refund", number)

    def orders(self) -> list[dict[str, Any]]:
        """Every order as it is, the oldest first."""
        return self._rows("SELECT * FROM orders ORDER BY created, rowid")

    def order(self, number: str) -> dict[str, Any]:
        """The one of that number; raises LookupError."""
        return self._rows("SELECT * FROM orders WHERE number = ? ORDER BY created DESC", number)[0]

    def charges(self, number: str) -> list[int]:
        """Each taking of an order: there must be one at most."""
        found = self._rows(
            "SELECT e.amount FROM entries e JOIN orders o USING (bank_id) WHERE o.number = ? AND e.kind = 'charge'",
            number,
        )
        return [row["amount"] for row in found]

    def calls(self, number: str = "") -> list[dict[str, Any]]:
        """Callbacks: `body`, `due`, `fails`, `outcome` («sent», «given up», empty while it waits)."""
        return self._rows(
            "SELECT c.* FROM calls c JOIN orders o USING (bank_id) WHERE ? IN ('', o.number) ORDER BY c.id", number
        )

    def _sum(self, kind: str, number: str) -> int:
        found = self._rows(
            "SELECT coalesce(sum(e.amount), 0) AS total FROM entries e JOIN orders o USING (bank_id)"
            " WHERE e.kind = ? AND ? IN ('', o.number)",
            kind,
            number,
        )
        return found[0]["total"] if found else 0

    def _rows(self, query: str, *values: object) -> list[dict[str, Any]]:
        if not self._file.exists():
            return []
        with closing(sqlite3.connect(f"file:{self._file}?mode=ro", uri=True, timeout=20)) as connection:
            connection.row_factory = sqlite3.Row
            return [dict(row) for row in connection.execute(query, values)]

"""The bank's books in a SQLite file of their own: committed to the disk before anybody is answered.

Any number of processes may keep the same books; each change of an order is one serialised transaction.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import astuple, fields
from pathlib import Path
from threading import Lock

from lk_reflex.standins.bank.model import Order, Refund

BUSY_SECONDS = 20.0
_NAMES = tuple(field.name for field in fields(Order))
_TYPES = {str: "TEXT", int: "INTEGER", float: "REAL"}
_COLUMNS = ", ".join(f"{field.name} {_TYPES[field.type]} NOT NULL" for field in fields(Order))
#: `entries` is the journal of money that nobody can change afterwards: what tests compare our books with.
_SCHEMA = f"""
CREATE TABLE IF NOT EXISTS orders ({_COLUMNS}, PRIMARY KEY (bank_id));
CREATE UNIQUE INDEX IF NOT EXISTS one_number ON orders (merchant, number) WHERE wire = 'rbs';
CREATE INDEX IF NOT EXISTS by_end ON orders (expires) WHERE closed = 0;
CREATE INDEX IF NOT EXISTS by_birth ON orders (created);
CREATE TABLE IF NOT EXISTS refunds (refund_id TEXT PRIMARY KEY, bank_id TEXT NOT NULL, amount INTEGER, at REAL);
CREATE INDEX IF NOT EXISTS refunds_of ON refunds (bank_id);
CREATE TABLE IF NOT EXISTS entries (id INTEGER PRIMARY KEY, bank_id TEXT NOT NULL, kind TEXT, amount INTEGER, at REAL);
CREATE TRIGGER IF NOT EXISTS entries_stay BEFORE UPDATE ON entries BEGIN SELECT RAISE(ABORT, 'a journal'); END;
CREATE TRIGGER IF NOT EXISTS entries_last BEFORE DELETE ON entries BEGIN SELECT RAISE(ABORT, 'a journal'); END;
CREATE TABLE IF NOT EXISTS answers (merchant TEXT, key TEXT, asked TEXT, answer TEXT, PRIMARY KEY (merchant, key));
CREATE TABLE IF NOT EXISTS calls (id INTEGER PRIMARY KEY, bank_id TEXT NOT NULL, body TEXT NOT NULL, due REAL,
    fails INTEGER NOT NULL DEFAULT 0, outcome TEXT NOT NULL DEFAULT '');
CREATE INDEX IF NOT EXISTS calls_due ON calls (due) WHERE outcome = '';
CREATE TABLE IF NOT EXISTS troubles (call TEXT, kind TEXT, remaining INTEGER, seconds REAL);
"""
_BY = f"SELECT {', '.join(_NAMES)} FROM orders WHERE"  # noqa: S608
_PUT = f"INSERT OR REPLACE INTO orders ({', '.join(_NAMES)}) VALUES ({', '.join('?' * len(_NAMES))})"  # noqa: S608
_NEW = _PUT.replace("INSERT OR REPLACE", "INSERT")


class NumberTaken(Exception):
    """An order of that number is there already."""


class Books:
    """One transaction's view of them."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.sql = connection

    def order(self, bank_id: str) -> Order | None:
        """By the bank's own id."""
        return self._first(f"{_BY} bank_id = ?", bank_id)

    def numbered(self, merchant: str, number: str) -> Order | None:
        """By the shop's number; the newest where there are several."""
        return self._first(f"{_BY} merchant = ? AND number = ? ORDER BY created DESC LIMIT 1", merchant, number)

    def newest(self, count: int) -> list[Order]:
        """The last orders of all shops."""
        return self._all(f"{_BY} 1 = 1 ORDER BY created DESC LIMIT ?", count)

    def of_shop(self, merchant: str, since: float, until: float) -> list[Order]:
        """A shop's orders that were made between the two, the newest first."""
        when = "merchant = ? AND created >= ? AND created < ?"
        return self._all(f"{_BY} {when} ORDER BY created DESC, bank_id", merchant, since, until)

    def ended(self, now: float) -> list[Order]:
        """Open ones whose session may be over."""
        return self._all(f"{_BY} closed = 0 AND expires <= ? AND status IN (0, 5, 6) LIMIT 100", now)

    def add(self, order: Order) -> None:
        """A new one. Raises NumberTaken."""
        try:
            self.sql.execute(_NEW, astuple(order))
        except sqlite3.IntegrityError as fault:
            raise NumberTaken from fault

    def put(self, order: Order) -> None:
        """An order after a change."""
        self.sql.execute(_PUT, astuple(order))

    def enter(self, bank_id: str, kind: str, amount: int, at: float) -> None:
        """A line of the journal of money."""
        self.sql.execute(
            "INSERT INTO entries (bank_id, kind, amount, at) VALUES (?, ?, ?, ?)", (bank_id, kind, amount, at)
        )

    def add_refund(self, refund: Refund) -> None:
        """Money given back."""
        self.sql.execute("INSERT INTO refunds VALUES (?, ?, ?, ?)", astuple(refund))

    def refunds(self, bank_id: str) -> list[Refund]:
        """All of an order, the oldest first."""
        return [Refund(*row) for row in self.sql.execute("SELECT * FROM refunds WHERE bank_id = ? ORDER BY at, rowid",
                                                         (bank_id,))]  # fmt: skip

    def refund(self, refund_id: str) -> Refund | None:
        """One of them."""
        row = self.sql.execute("SELECT * FROM refunds WHERE refund_id = ?", (refund_id,)).fetchone()
        return Refund(*row) if row else None

    def _first(self, query: str, *values: object) -> Order | None:
        row = self.sql.execute(query, values).fetchone()
        return Order(*row) if row else None

    def _all(self, query: str, *values: object) -> list[Order]:
        return [Order(*row) for row in self.sql.execute(query, values)]


class Store:
    """The file."""

    def __init__(self, file: Path) -> None:
        self._file, self._lock, self._made = file, Lock(), False

    @contextmanager
    def change(self) -> Iterator[Books]:
        """One transaction, on the disk when the block has ended well, undone when it raises."""
        with closing(self._open()) as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield Books(connection)
            except BaseException:
                connection.rollback()
                raise
            connection.commit()

    def _open(self) -> sqlite3.Connection:
        with self._lock:
            if not self._made:
                self._make()
                self._made = True
        return self._connected()

    def _connected(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._file, timeout=BUSY_SECONDS, isolation_level=None)
        connection.execute("PRAGMA synchronous = FULL")
        return connection

    def _make(self) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with closing(self._connected()) as connection:
            # All in one transaction: of two processes that start at once, one makes it and the other finds it made.
            connection.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} COMMIT;")
            with suppress(sqlite3.OperationalError):  # another process is at it
                connection.execute("PRAGMA journal_mode = WAL")

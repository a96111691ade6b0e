"""Fills the product's own schema straight by SQL: accounts × 24 months × 8 services, a resident for each account.

An importer needs minutes for the small one; this needs seconds, and the file is kept for the next run.
"""

import sqlite3
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.places import MONTHS, PASSWORD, SERVICES, cookie, data_dir, database_file
from lk_reflex.core.db import Database
from lk_reflex.core.migrations import migrate
from lk_reflex.core.months import Month
from lk_reflex.domain.identity.passwords.hashing import hash_password
from lk_reflex.domain.identity.tokens import token_hash

FIRST = Month(2024, 11)
KEY = b"benchmark-benchmark-benchmark-benchmark"
STAMP = "%Y-%m-%d %H:%M:%S.%f"
FLATS = 100
_CHARGED = "10000 + (r.account_id * 131 + r.month * 517 + s.id * 7919) % 90000"
_DEBT = "(r.account_id * 17 + r.month * 29 + s.id * 41) % 60000 - 20000"


def months() -> list[Month]:
    """The months that every account has, oldest first."""
    return [FIRST.shift(step) for step in range(MONTHS)]


def prepare(accounts: int) -> Path:
    """Make the database of that size, or bring the kept one to today's schema; its sessions are renewed."""
    path = database_file(accounts)
    if not path.exists():
        began = time.perf_counter()
        print(f"  making {accounts:,} accounts × {MONTHS} months × {len(SERVICES)} services…", flush=True)
        _make(path, accounts)
        print(f"  made in {time.perf_counter() - began:.0f} s, {path.stat().st_size / 1e6:,.0f} MB", flush=True)
    else:
        _migrate(path)
    _refresh(path)
    return path


def _make(path: Path, accounts: int) -> None:
    data_dir(accounts).mkdir(parents=True, exist_ok=True)
    making = path.with_suffix(".making")
    for stale in making.parent.glob(f"{making.name}*"):
        stale.unlink()
    _migrate(making)
    (data_dir(accounts) / "secret.key").write_bytes(KEY)
    with sqlite3.connect(making) as connection:
        connection.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-400000")
        _houses(connection, accounts)
        _people(connection, accounts)
        _receipts(connection, accounts)
        connection.commit()
        connection.executescript("ANALYZE; PRAGMA journal_mode=WAL")
    connection.close()
    making.rename(path)


def _migrate(path: Path) -> None:
    database = Database(f"sqlite:///{path}")
    migrate(database.engine)
    database.close()


def _put(connection: sqlite3.Connection, table: str, **values: object) -> None:
    """Insert one row, or (for values that are SQL in brackets) what the tail selects. Defaults are the model's."""
    marks = ", ".join("?" * len(values))
    connection.execute(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})", list(values.values()))


def _houses(connection: sqlite3.Connection, accounts: int) -> None:
    _put(
        connection, "organizations", id=1, inn="7400000001", kpp="", name="ООО «УК Кыштымская»", short_name="УК Кыштым",
        bank_account="", bank="", bic="", correspondent_account="", address="", phone="+7 (351) 200-00-00",
        takes_payments=1, commission_rate=0, commission_minimum=0, window_opens=1, window_closes=31, due_day=15,
        time_zone="Asia/Yekaterinburg", takes_early=1, refuses_unverified=0, volume_ceiling=100000, import_id=0,
    )  # fmt: skip
    connection.execute(
        f"{_count(accounts // FLATS + 1)} INSERT INTO buildings "
        "(id, code, city, street, house, house_key, apartments, import_id) "
        "SELECT id, 'B' || id, 'Челябинск', 'УЛ. КЫШТЫМСКАЯ', id, id, 1, 0 FROM n"
    )
    connection.execute(
        f"{_count(accounts)} INSERT INTO accounts (id, organization_id, number, number_key, building_id, flat, "
        "flat_key, surname, surname_key, first_name, patronymic, els, izhku, import_id) "
        f"SELECT id, 1, printf('%09d', id), printf('%09d', id), id / {FLATS} + 1, id % {FLATS} + 1, "
        f"id % {FLATS} + 1, 'Иванов', 'иванов', '', '', '', '', 0 FROM n"
    )


def _people(connection: sqlite3.Connection, accounts: int) -> None:
    now = datetime.now(UTC).strftime(STAMP)
    secret = hash_password(PASSWORD, KEY)
    connection.executemany(
        "INSERT INTO users (id, email, email_key, password_hash, role, created_at, activated_at) "
        "VALUES (?, ?, ?, ?, 'resident', ?, ?)",
        ((i, f"r{i}@example.org", f"r{i}@example.org", secret, now, now) for i in range(1, accounts + 1)),
    )
    connection.executemany(
        "INSERT INTO sessions (id, token_hash, user_id, created_at, seen_at, expires_at, client) "
        "VALUES (?, ?, ?, ?, ?, ?, '')",
        ((i, token_hash(cookie(i)), i, now, now, now) for i in range(1, accounts + 1)),
    )
    connection.execute(
        "INSERT INTO account_links (id, user_id, account_id, linked_at, chosen_at) "
        "SELECT id, id, id, created_at, created_at FROM users"
    )


def _receipts(connection: sqlite3.Connection, accounts: int) -> None:
    """Month after month, as billing brings them: an account's rows lie far from each other."""
    connection.execute("CREATE TEMP TABLE service (id INTEGER PRIMARY KEY, name TEXT)")
    connection.executemany("INSERT INTO service VALUES (?, ?)", list(enumerate(SERVICES)))
    for step, month in enumerate(months()):
        first = step * accounts
        connection.execute(
            f"{_count(accounts)} INSERT INTO receipts (id, account_id, kind, month, issued_on, document_number, "
            "advance, advance_penalty, import_id) "
            f"SELECT {first} + id, id, 'Объединённая', {month.ordinal}, '{month.shift(1).first}', '', 0, 0, 0 FROM n"
        )
        connection.execute(
            "INSERT INTO balance_lines (receipt_id, service, debt, paid, charged, total, penalty_debt, penalty_paid, "
            f"penalty_charged, penalty_total, import_id) SELECT r.id, s.name, {_DEBT}, -({_CHARGED}), {_CHARGED}, "
            f"({_DEBT}) + ({_CHARGED}), 0, 0, 0, 0, 0 FROM receipts r CROSS JOIN service s "
            f"WHERE r.id > {first} AND r.id <= {first + accounts} ORDER BY r.id, s.id"
        )


def _count(up_to: int) -> str:
    return f"WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < {up_to})"


def _refresh(path: Path) -> None:
    now = datetime.now(UTC)
    with sqlite3.connect(path, timeout=60) as connection:
        connection.execute(
            "UPDATE sessions SET seen_at = ?, expires_at = ?, ended_at = NULL",
            (now.strftime(STAMP), (now + timedelta(days=30)).strftime(STAMP)),
        )
        connection.execute("DELETE FROM attempts")
    connection.close()

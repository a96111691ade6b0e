"""A city's data under the real schema: a small town by the real importer, then copies of it by SQL, month by month.

The importer takes some minutes for 100,000 rows on a busy machine; a city has hundreds of millions. What is copied is
what the importer has written, so the rows are as long and as many as billing's. Works on both databases.
"""

import hashlib
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection

from benchmarks.data import KEY
from benchmarks.places import PASSWORD
from lk_reflex.core.db import Database
from lk_reflex.core.migrations import migrate
from lk_reflex.domain.identity.passwords.hashing import hash_password
from lk_reflex.exchange.demo.generate import make_demo
from lk_reflex.exchange.importer import import_package

#: The town that is copied. Large enough for every kind of house, small enough for the importer.
SEED: Final = 1000
#: What a copy changes, by table; «:n» is the copy's number. All other columns stay. Parents stand before children.
_CHANGED: Final = {
    "buildings": {"code": "s.code || '-' || c.n"},
    "accounts": {
        "building_id": "s.building_id + c.n * {buildings}",
        "number": "cast(700000000 + s.id + c.n * {accounts} as text)",
        "number_key": "cast(700000000 + s.id + c.n * {accounts} as text)",
    },
    "meters": {"account_id": "s.account_id + c.n * {accounts}", "code": "s.code || '-' || c.n"},
    "readings": {"meter_id": "s.meter_id + c.n * {meters}"},
    "receipts": {"account_id": "s.account_id + c.n * {accounts}"},
    "balance_lines": {"receipt_id": "s.receipt_id + c.n * {receipts}"},
    "accruals": {"receipt_id": "s.receipt_id + c.n * {receipts}"},
    "posted_payments": {"account_id": "s.account_id + c.n * {accounts}", "code": "s.code || '-' || c.n"},
}
#: Which rows of a table belong to a month, so that an account's lie as far from each other as in real life.
_OF_MONTH: Final = {
    "receipts": "s.month = {month}",
    "balance_lines": "s.receipt_id IN (SELECT id FROM receipts WHERE month = {month} AND id < {receipts})",
    "accruals": "s.receipt_id IN (SELECT id FROM receipts WHERE month = {month} AND id < {receipts})",
}
Say = Callable[[str], None]


def fill(db: Database, folder: Path, *, accounts: int, months: int, logins: int, say: Say = print) -> None:
    """Make `accounts` accounts of `months` months, of which `logins` have a login with a live session.

    `folder` gets the small town's package and the installation's key. Rounded up to whole towns. Needs an empty
    database; an unfinished one is no use.
    """
    migrate(db.engine)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "secret.key").write_bytes(KEY)
    seed = min(SEED, accounts)
    _import_seed(db, folder / f"town-{seed}-{months}", seed, months, say)
    copies = -(-accounts // seed) - 1
    began = time.perf_counter()
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection, _without_indexes(
        connection
    ):  # fmt: skip
        if copies:
            _copy(connection, copies, say)
        _settle_people(connection, logins)
    say(f"  {copies} copies in {time.perf_counter() - began:,.0f} s")
    _tidy(db)


def _import_seed(db: Database, package: Path, accounts: int, months: int, say: Say) -> None:
    shutil.rmtree(package, ignore_errors=True)
    make_demo(package, accounts=accounts, months=months, today=date.today())  # noqa: DTZ011  any day will do
    report = import_package(db, package)
    assert report.imported, report.text()
    speed = report.rows / report.seconds
    say(f"  a town of {accounts:,} × {months} by the importer: {report.rows:,} rows, {speed:,.0f}/s")
    with db.transaction() as writer:
        writer.connection.exec_driver_sql("UPDATE organizations SET window_opens = 1, window_closes = 31")


def _copy(connection: Connection, copies: int, say: Say) -> None:
    steps = {table: _value(connection, f"SELECT max(id) FROM {table}") for table in _CHANGED}
    months = [row[0] for row in connection.exec_driver_sql("SELECT DISTINCT month FROM receipts ORDER BY month")]
    for table in ("buildings", "accounts", "meters"):
        _clone(connection, table, copies, steps)
    for month in months:
        for table, where in _OF_MONTH.items():
            _clone(connection, table, copies, steps, where.format(month=month, receipts=steps["receipts"] + 1))
        say(f"  month {months.index(month) + 1} of {len(months)}")
    for table in ("readings", "posted_payments"):
        _clone(connection, table, copies, steps)


def _clone(connection: Connection, table: str, copies: int, steps: dict[str, int], where: str = "1 = 1") -> None:
    names = [column["name"] for column in _columns(connection, table)]
    changed = {"id": f"s.id + c.n * {steps[table]}", **_CHANGED[table]}
    values = ", ".join(changed.get(name, f"s.{name}").format(**steps) for name in names)
    series = f"WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < {copies})"
    connection.exec_driver_sql(
        f"{series} INSERT INTO {table} ({', '.join(names)}) SELECT {values} FROM c CROSS JOIN {table} s "
        f"WHERE s.id <= {steps[table]} AND {where} ORDER BY c.n"
        if connection.dialect.name == "sqlite"
        else f"INSERT INTO {table} ({', '.join(names)}) SELECT {values} FROM generate_series(1, {copies}) c(n) "
        f"CROSS JOIN {table} s WHERE s.id <= {steps[table]} AND {where}"
    )


def _columns(connection: Connection, table: str) -> list[Any]:
    from sqlalchemy import inspect

    return inspect(connection).get_columns(table)


def _settle_people(connection: Connection, logins: int) -> None:
    """A login a person: «r7@example.org» with the benchmarks' password, the session's cookie «bench-7»."""
    now, secret = datetime.now(UTC), hash_password(PASSWORD, KEY)
    stamps = {"now": now, "until": now + timedelta(days=30)}
    if connection.dialect.name == "sqlite":
        driver: Any = connection.connection.driver_connection
        driver.create_function("hash_of", 1, lambda text: hashlib.sha256(text.encode()).hexdigest())
        hashed, stamp = "hash_of('bench-' || a.id)", "'{:%Y-%m-%d %H:%M:%S.%f}'"
    else:
        hashed, stamp = "encode(sha256(convert_to('bench-' || a.id, 'UTF8')), 'hex')", "'{:%Y-%m-%d %H:%M:%S.%f}+00'"
    at, until = (stamp.format(stamps[name]) for name in ("now", "until"))
    some = f"FROM accounts a WHERE a.id <= {logins}"
    mail = "'r' || a.id || '@example.org'"
    connection.exec_driver_sql(
        "INSERT INTO users (id, email, email_key, password_hash, role, created_at, activated_at) "
        f"SELECT a.id, {mail}, {mail}, '{secret}', 'resident', {at}, {at} {some}"
    )
    connection.exec_driver_sql(
        "INSERT INTO sessions (id, token_hash, user_id, created_at, seen_at, expires_at, client) "
        f"SELECT a.id, {hashed}, a.id, {at}, {at}, {until}, '' {some}"
    )
    connection.exec_driver_sql(
        "INSERT INTO account_links (id, user_id, account_id, linked_at, chosen_at) "
        f"SELECT a.id, a.id, a.id, {at}, {at} {some}"
    )


@contextmanager
def _without_indexes(connection: Connection) -> Iterator[None]:
    """PostgreSQL builds an index over finished rows several times faster than row by row."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.exec_driver_sql("PRAGMA synchronous=OFF")
        yield
        return
    connection.exec_driver_sql("SET session_replication_role = replica")
    connection.exec_driver_sql("SET synchronous_commit = off")
    connection.exec_driver_sql("SET maintenance_work_mem = '512MB'")
    tables = ", ".join(f"'{table}'::regclass" for table in _CHANGED)
    unique = connection.exec_driver_sql(
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
        f"WHERE contype = 'u' AND conrelid IN ({tables})"
    ).all()
    for table, name, _ in unique:
        connection.exec_driver_sql(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    plain = connection.exec_driver_sql(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index "
        f"WHERE indrelid IN ({tables}) AND NOT indisprimary"
    ).all()
    for name, _ in plain:
        connection.exec_driver_sql(f"DROP INDEX {name}")
    yield
    for table, name, made in unique:
        connection.exec_driver_sql(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {made}')
    for _, made in plain:
        connection.exec_driver_sql(made)
    connection.exec_driver_sql("SET session_replication_role = origin")


def _tidy(db: Database) -> None:
    """Sequences past what is there, statistics for the planner."""
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("ANALYZE")
            return
        for table in (*_CHANGED, "users", "sessions", "account_links"):
            connection.exec_driver_sql(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"
            )
        connection.exec_driver_sql("VACUUM ANALYZE")


def _value(connection: Connection, query: str) -> int:
    return int(connection.exec_driver_sql(query).scalar_one())

"""Migrations on both databases: they give the models' schema, go back to nothing, and leave no half."""

import os
import subprocess
import sys
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import event, inspect, make_url, text

from lk_reflex.core.db import Database
from lk_reflex.core.migrations import ROOT, alembic_config, is_current, migrate
from lk_reflex.tables import METADATA

VERSION = "alembic_version"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    """A database without anything in it."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'bare.db'}"
        return
    server = request.getfixturevalue("postgres_url")
    own = Database(server)
    with own.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("DROP DATABASE IF EXISTS bare"))
        connection.execute(text("CREATE DATABASE bare TEMPLATE template0"))
    yield make_url(server).set(database="bare").render_as_string(hide_password=False)
    with own.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("DROP DATABASE bare WITH (FORCE)"))
    own.close()


@pytest.fixture
def bare(url):
    database = Database(url)
    yield database
    database.close()


def tables(database):
    return set(inspect(database.engine).get_table_names()) - {VERSION}


def differences(database):
    with database.engine.connect() as connection:
        options = {"compare_type": True, "compare_server_default": True}
        return compare_metadata(MigrationContext.configure(connection, opts=options), METADATA)


def test_there_is_one_newest_migration_and_one_first():
    script = ScriptDirectory.from_config(alembic_config())
    assert len(script.get_heads()) == 1
    assert len(script.get_bases()) == 1


def test_from_nothing_to_the_newest_equals_the_models(bare):
    assert not is_current(bare.engine)
    migrate(bare.engine)
    assert is_current(bare.engine)
    assert tables(bare) == set(METADATA.tables)
    assert differences(bare) == []


def test_a_difference_would_be_noticed(bare):
    migrate(bare.engine)
    with bare.engine.begin() as connection:
        connection.execute(text("DROP TABLE attempts"))
        connection.execute(text("ALTER TABLE users ADD COLUMN extra INTEGER"))
    assert {change[0] for change in differences(bare)} >= {"add_table", "remove_column"}


OLDER = ["0001", "0002", "0003", "0004", "0005"]
ANY = {
    sa.Integer: 1, sa.String: "1", sa.Boolean: False, sa.Date: date(2026, 11, 20), sa.JSON: {}, sa.Float: 1.0,
    sa.DateTime: datetime(2026, 11, 20, 10, tzinfo=UTC),
}  # fmt: skip


def a_row_in_every_table(database):
    """Whatever the schema of the moment demands; every reference leads to row 1."""
    schema = sa.MetaData()
    schema.reflect(database.engine)
    with database.engine.begin() as connection:
        for table in schema.sorted_tables:
            if table.name != VERSION:
                connection.execute(table.insert().values({one.name: _any(one) for one in table.columns}))
    return {table.name for table in schema.sorted_tables} - {VERSION}


def _any(column):
    if column.foreign_keys and not isinstance(column.type, sa.Integer):
        return "1"
    return next(value for kind, value in ANY.items() if isinstance(column.type, kind))


@pytest.mark.parametrize("version", OLDER)
def test_an_installation_with_data_comes_to_the_newest_and_keeps_every_row(bare, version):
    migrate(bare.engine, version)
    filled = a_row_in_every_table(bare)
    migrate(bare.engine)
    assert is_current(bare.engine)
    with bare.engine.connect() as connection:
        for name in sorted(filled & set(METADATA.tables)):
            assert connection.scalar(text(f"SELECT count(*) FROM {name}")) == 1, name
        if connection.dialect.name == "sqlite":
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall() == []
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_operators_of_an_older_version_keep_seeing_all_organizations(bare):
    migrate(bare.engine, "0005")
    a_row_in_every_table(bare)
    with bare.engine.begin() as connection:
        connection.execute(text("UPDATE users SET role = 'operator'"))
    migrate(bare.engine)
    with bare.engine.connect() as connection:
        assert connection.execute(text("SELECT user_id, organization_id FROM staff_duties")).all() == [(1, 1)]


def test_there_and_back_and_there_again(bare):
    migrate(bare.engine)
    migrate(bare.engine, "base")
    assert tables(bare) == set()
    assert not is_current(bare.engine)
    migrate(bare.engine)
    assert differences(bare) == []


def test_migrating_what_is_current_changes_nothing(bare):
    migrate(bare.engine)
    with bare.engine.begin() as connection:
        connection.execute(text("INSERT INTO attempts (kind, subject, at) VALUES ('k', 's', '2026-01-01 00:00:00')"))
    migrate(bare.engine)
    with bare.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM attempts")).scalar() == 1
    assert is_current(bare.engine)


def test_a_migration_that_breaks_off_leaves_nothing_and_can_be_repeated(bare):
    def power_cut(_connection, _cursor, statement, *_rest):
        if "CREATE TABLE receipts" in statement:
            raise ConnectionResetError("power cut")

    event.listen(bare.engine, "before_cursor_execute", power_cut)
    with pytest.raises(ConnectionResetError):
        migrate(bare.engine)
    event.remove(bare.engine, "before_cursor_execute", power_cut)
    assert tables(bare) == set()
    assert not is_current(bare.engine)
    migrate(bare.engine)
    assert differences(bare) == []


def test_a_schema_from_another_version_is_not_current(bare):
    migrate(bare.engine)
    with bare.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'from the future'"))
    assert not is_current(bare.engine)


@pytest.mark.parametrize("command", [["-m", "lk_reflex", "migrate"], ["-m", "alembic", "upgrade", "head"]])
def test_the_command_lines_migrate_the_database_of_the_settings(bare, url, tmp_path, command):
    environment = {**os.environ, "LK_DATABASE_URL": url, "LK_DATA_DIR": str(tmp_path / "data")}
    done = subprocess.run([sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert is_current(bare.engine)
    assert differences(bare) == []

"""Migrations on both databases: they give the models' schema, go back to nothing, and leave no half."""

import os
import subprocess
import sys

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import event, text

from lk_reflex.core.migrations import ROOT, alembic_config, is_current, migrate
from lk_reflex.tables import METADATA
from tests.migrations.rows import a_row_in_every_table, tables


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


OLDER = ["0001", "0002", "0003", "0004", "0005", "0006"]


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


@pytest.mark.parametrize("command", [["-m", "lk_reflex", "migrate"], ["-m", "alembic", "upgrade", "head"]])
def test_the_command_lines_migrate_the_database_of_the_settings(bare, url, tmp_path, command):
    environment = {**os.environ, "LK_DATABASE_URL": url, "LK_DATA_DIR": str(tmp_path / "data")}
    done = subprocess.run([sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert is_current(bare.engine)
    assert differences(bare) == []

"""Scenario 35: a migration killed in the middle; old code on a newer schema; new code on an older one."""

import threading
import time
from contextlib import ExitStack

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from lk_reflex.api.seen.health import ready_route
from lk_reflex.core import migrations
from lk_reflex.core.errors import Refused
from lk_reflex.core.migrations import AHEAD, Standing, alembic_config, migrate, standing
from lk_reflex.domain.metering.sending.submit import submit
from lk_reflex.launch.schema import BEHIND, require_schema
from lk_reflex.settings import Settings
from tests.cast import NOW, people
from tests.metering.dials import KEY, form, make_meter, monthly
from tests.migrations.future import NEXT, Future
from tests.migrations.rows import a_row_in_every_table, tables

HEAD = ScriptDirectory.from_config(alembic_config()).get_current_head() or ""
EXPANDING = """
op.add_column("sent_readings", sa.Column("note", sa.String(), nullable=True))
op.add_column("attempts", sa.Column("weight", sa.Integer(), nullable=False, server_default="1"))
op.create_table("novelties", sa.Column("id", sa.Integer(), primary_key=True))
"""
WAITING = """
op.create_table("half", sa.Column("id", sa.Integer(), primary_key=True))
op.add_column("attempts", sa.Column("note", sa.String(), nullable=True))
op.execute("UPDATE attempts SET note = 'filled'")
note("began")
until({go!r})
op.create_table("whole", sa.Column("id", sa.Integer(), primary_key=True))
note("ended")
"""


@pytest.fixture
def future(tmp_path):
    def make(upgrade: str, *, works_from: str = HEAD, after: str = HEAD) -> Future:
        return Future(tmp_path, upgrade, works_from=works_from, after=after)

    return make


@pytest.fixture
def started():
    """Ends what a test has begun, however it ends."""
    with ExitStack() as ending:

        def begin(process):
            ending.callback(process.communicate)
            ending.callback(process.kill)
            return process

        yield begin


def awaited(condition) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, "it didn't come to that"
        time.sleep(0.05)


def test_killed_in_the_middle_it_leaves_nothing_and_the_next_process_ends_it(bare, url, future, started, tmp_path):
    migrate(bare.engine)
    filled = a_row_in_every_table(bare)
    go = tmp_path / "go"
    new = future(WAITING.format(go=str(go)))
    first = started(new.migrating(url))
    awaited(lambda: new.said() == ["began"])
    second = started(new.migrating(url))
    assert new.said() == ["began"]  # it waits for the first one
    first.kill()
    awaited(lambda: new.said() == ["began", "began"])
    # Nothing of either is to be seen: the old version's processes go on meanwhile.
    assert standing(bare.engine) is Standing.CURRENT
    assert "half" not in tables(bare)
    go.touch()
    assert second.wait(60) == 0, second.stderr.read()
    assert new.said() == ["began", "began", "ended"]
    assert {"half", "whole"} <= tables(bare)
    with bare.engine.connect() as connection:
        for name in sorted(filled - {"schema_versions"}):
            assert connection.execute(text(f"SELECT count(*) FROM {name}")).scalar() == 1, name
        assert connection.execute(text("SELECT note FROM attempts")).scalar() == "filled"
    assert standing(bare.engine, new.scripts) is Standing.CURRENT


def test_of_three_that_start_at_once_one_migrates_and_all_go_on(bare, url, future, started, tmp_path):
    migrate(bare.engine)
    (tmp_path / "go").touch()
    new = future(WAITING.format(go=str(tmp_path / "go")))
    for process in [started(new.migrating(url)) for _ in range(3)]:
        assert process.wait(60) == 0, process.stderr.read()
    assert new.said() == ["began", "ended"]


async def test_the_old_version_works_on_a_schema_that_has_been_expanded(bare, future, monkeypatch, tmp_path):
    migrate(bare.engine)
    migrate(bare.engine, scripts=future(EXPANDING, works_from="0006").scripts)
    assert standing(bare.engine) is Standing.NEWER
    _over(bare, monkeypatch)
    for mode in ("preview", "production"):
        require_schema(Settings(mode=mode, data_dir=tmp_path))
    assert (await ready_route(None)).status_code == 200
    migrate(bare.engine)  # the old version's own command: nothing to do, nothing undone
    cast = people(bare)
    meter = make_meter(bare, cast.flat)
    monthly(bare, meter, "118", "6")
    bare.write(submit, cast.owner.actor, cast.flat, form(**{f"m{meter}_1": "124"}), "", KEY, (), now=NOW)
    with bare.engine.connect() as connection:
        assert connection.execute(text("SELECT value, note FROM sent_readings")).all() == [(124_000, None)]
        said = connection.execute(text("SELECT works_from FROM schema_versions")).scalars().all()
        assert len(said) > 1 and set(said) == {"0006"}


async def test_the_old_version_refuses_a_schema_that_has_been_contracted(bare, future, monkeypatch, tmp_path):
    migrate(bare.engine)
    migrate(bare.engine, scripts=future('op.drop_table("attempts")', works_from=NEXT).scripts)
    assert standing(bare.engine) is Standing.FOREIGN
    _over(bare, monkeypatch)
    for mode in ("preview", "production"):
        with pytest.raises(Refused, match="новее этой версии"):
            require_schema(Settings(mode=mode, data_dir=tmp_path))
    with pytest.raises(Refused) as refused:
        migrate(bare.engine)
    assert refused.value.message == AHEAD
    assert (await ready_route(None)).status_code == 503  # whoever was running is taken out by the proxy


async def test_the_new_version_refuses_an_older_schema_until_it_is_migrated(bare, future, monkeypatch, tmp_path):
    migrate(bare.engine, "0006")
    assert standing(bare.engine) is Standing.OLDER
    _over(bare, monkeypatch)
    with pytest.raises(Refused) as refused:
        require_schema(Settings(mode="production", data_dir=tmp_path))
    assert refused.value.message == BEHIND
    assert (await ready_route(None)).status_code == 503
    migrate(bare.engine)
    require_schema(Settings(mode="production", data_dir=tmp_path))


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_a_busy_table_puts_it_off_and_stops_nobody_who_reads(bare, future, monkeypatch):
    """Behind a migration that waits for a table stand all who want to read it: it lets them pass and asks again."""
    monkeypatch.setattr(migrations, "LOCK_PATIENCE", "100ms")
    monkeypatch.setattr(migrations, "PAUSE", 0.2)
    migrate(bare.engine)
    new = future(EXPANDING)
    with bare.engine.connect() as busy:
        busy.execute(text("SELECT count(*) FROM attempts"))  # a report that takes its time, within a transaction
        working = threading.Thread(target=migrate, args=(bare.engine,), kwargs={"scripts": new.scripts})
        working.start()
        with bare.engine.connect() as reader:
            reader.execute(text("SET statement_timeout = '20s'"))
            for _ in range(5):
                assert reader.execute(text("SELECT count(*) FROM attempts")).scalar() == 0
                reader.commit()
        assert "novelties" not in tables(bare)
        busy.commit()
    working.join(120)
    assert not working.is_alive() and "novelties" in tables(bare)


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_a_locked_table_is_named_at_the_end(bare, future, monkeypatch):
    monkeypatch.setattr(migrations, "LOCK_PATIENCE", "50ms")
    monkeypatch.setattr(migrations, "PAUSE", 0.01)
    monkeypatch.setattr(migrations, "TRIES", 3)
    migrate(bare.engine)
    with bare.engine.connect() as busy:
        busy.execute(text("SELECT count(*) FROM attempts"))
        with pytest.raises(migrations.Unavailable, match="держит другая работа"):
            migrate(bare.engine, scripts=future(EXPANDING).scripts)
    assert "novelties" not in inspect(bare.engine).get_table_names()


def _over(database, monkeypatch) -> None:
    monkeypatch.setattr("lk_reflex.launch.schema.database", lambda: database)
    monkeypatch.setattr("lk_reflex.api.seen.health.database", lambda: database)
    monkeypatch.setattr("lk_reflex.api.seen.health.readiness.seconds", 0.0)

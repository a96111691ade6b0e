"""Transactions, readers beside writers, and what happens when the database is locked, cut off or gone."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from datetime import UTC, datetime

import pytest
from sqlalchemy import bindparam, delete, func, insert, literal, select, text, update
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import col

import lk_reflex.core.db
from lk_reflex.core.db import LOCKED, SILENT, Database
from lk_reflex.core.errors import Refused, Unavailable
from lk_reflex.domain.identity.tables import Attempt

NOW = datetime(2026, 11, 20, tzinfo=UTC)
COUNT = select(func.count()).select_from(Attempt)
ONE = select(literal(1).label("one"))
BACKEND = select(func.pg_backend_pid().label("pid"))


def attempt(subject="s"):
    return Attempt(kind="k", subject=subject, at=NOW)


def count(db):
    return db.read(lambda reader: reader.value(COUNT))


@pytest.fixture
def own(db):
    """The same database, opened once more: a test may break and close it."""
    opened = Database(db.engine.url.render_as_string(hide_password=False), threads=2)
    yield opened
    opened.close()


@pytest.fixture
def server_only(db):
    if db.engine.dialect.name == "sqlite":
        pytest.skip("there is no server to lose")


@pytest.fixture
def file_only(db):
    if db.engine.dialect.name != "sqlite":
        pytest.skip("only SQLite locks the whole database")


def cut(db, pid):
    """The server drops one of its connections, as at a restart."""
    with db.engine.connect() as connection:
        connection.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})


def test_what_a_service_returns_is_committed(db):
    assert db.write(lambda writer: writer.add(attempt()) or "done") == "done"
    assert count(db) == 1


@pytest.mark.parametrize("error", [Refused("нет"), RuntimeError("boom"), KeyboardInterrupt()])
def test_an_error_undoes_the_whole_transaction(db, error):
    with pytest.raises(type(error)), db.transaction() as writer:
        writer.add(attempt("one"))
        writer.change(insert(Attempt), kind="k", subject="two", at=NOW)
        assert writer.value(COUNT) == 2
        raise error
    assert count(db) == 0


def test_a_broken_rule_undoes_the_whole_transaction_and_keeps_its_name(db):
    with pytest.raises(IntegrityError), db.transaction() as writer:
        writer.add(attempt())
        writer.change(insert(Attempt), id=1, kind="k", subject="locked", at=NOW)
    assert count(db) == 0


def test_change_tells_how_many_rows_it_touched(db):
    with db.transaction() as writer:
        for subject in ("a", "b"):
            writer.session.add(attempt(subject))
        assert writer.change(update(Attempt).values(kind=bindparam("other")), other="x") == 2
        where = col(Attempt.subject) == bindparam("of")
        assert writer.change(delete(Attempt).where(where), of="a") == 1
        assert writer.change(delete(Attempt).where(where), of="nobody") == 0


def test_a_reader_is_not_held_up_by_an_open_writer_and_does_not_see_its_work(db):
    with ThreadPoolExecutor(1) as other, db.transaction() as writer:
        writer.add(attempt())
        assert other.submit(count, db).result(timeout=5) == 0
    assert count(db) == 1


def test_a_reader_sees_what_was_committed_after_its_connection_was_opened(db):
    assert count(db) == 0
    with ThreadPoolExecutor(1) as other:
        other.submit(db.write, lambda writer: writer.add(attempt())).result(timeout=5)
    assert count(db) == 1


def test_a_reader_cannot_leave_a_transaction_open(db):
    with ThreadPoolExecutor(1) as reader:
        reader.submit(db.read, lambda r: r.connection.execute(COUNT).scalar()).result(timeout=5)
        db.write(lambda writer: writer.add(attempt()))
        assert reader.submit(db.read, lambda r: r.connection.execute(COUNT).scalar()).result(timeout=5) == 1


def test_as_many_readers_as_there_are_threads_get_a_connection_each(db):
    crowd = 24
    opened = Database(db.engine.url.render_as_string(hide_password=False), threads=crowd)
    meeting = threading.Barrier(crowd, timeout=20)

    async def all_at_once():
        def work():
            meeting.wait()
            return opened.read(lambda reader: reader.value(ONE))

        return await asyncio.gather(*(opened.in_reading_thread(work) for _ in range(crowd)))

    try:
        assert asyncio.run(all_at_once()) == [1] * crowd
        opened.write(lambda writer: writer.add(attempt()))
    finally:
        opened.close()


def test_writers_wait_for_each_other_and_lose_nothing(db):
    db.write(lambda writer: writer.add(attempt("0")))
    current = select(col(Attempt.subject)).with_for_update()

    def add_one():
        with db.transaction() as writer:
            seen = writer.connection.execute(current).scalar()
            writer.change(update(Attempt).values(subject=str(int(seen) + 1)))

    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(add_one) for _ in range(24)]:
            done.result(timeout=20)
    assert db.read(lambda reader: reader.value(select(col(Attempt.subject)))) == "24"


def test_a_locked_database_says_to_try_again_in_a_minute(db, file_only, monkeypatch):
    monkeypatch.setattr(lk_reflex.core.db, "BUSY_SECONDS", 0.05)
    hasty = Database(str(db.engine.url))
    try:
        with db.transaction() as writer, pytest.raises(Unavailable, match="Повторите через минуту") as refusal:
            writer.add(attempt())
            hasty.write(lambda other: other.add(attempt()))
        assert refusal.value.message == LOCKED
        assert hasty.write(lambda other: other.add(attempt())) is None
    finally:
        hasty.close()
    assert count(db) == 2


def test_a_reader_goes_on_while_the_database_is_locked(db, file_only, monkeypatch):
    monkeypatch.setattr(lk_reflex.core.db, "BUSY_SECONDS", 0.05)
    hasty = Database(str(db.engine.url))
    try:
        with db.transaction() as writer:
            writer.add(attempt())
            assert count(hasty) == 0
    finally:
        hasty.close()


def test_a_programmers_mistake_is_not_taken_for_an_outage(db):
    with pytest.raises(Exception, match="no_such_table") as fault, db.transaction() as writer:
        writer.connection.execute(text("SELECT * FROM no_such_table"))
    assert not isinstance(fault.value, Unavailable)


def test_a_kept_connection_that_the_server_dropped_is_replaced(db, own, server_only):
    for _ in range(2):
        cut(db, own.read(lambda reader: reader.value(BACKEND)))
        assert own.read(lambda reader: reader.value(ONE)) == 1
    assert len(own._connections) == 1


def test_a_kept_connection_dropped_under_a_general_query_is_replaced(db, own, server_only):
    cut(db, own.read(lambda reader: reader.value(BACKEND)))
    assert own.read(lambda reader: reader.connection.execute(ONE).scalar()) == 1
    assert own.read(lambda reader: reader.value(ONE)) == 1
    assert len(own._connections) == 1


def test_a_query_that_fails_by_itself_is_not_repeated(db, own):
    calls = []

    def service(reader):
        calls.append(1)
        reader.connection.execute(text("SELECT * FROM no_such_table"))

    with pytest.raises(Exception, match="no_such_table"):
        own.read(service)
    assert len(calls) == 1
    assert own.read(lambda reader: reader.value(ONE)) == 1


def test_a_connection_cut_in_the_middle_of_a_transaction_leaves_nothing_and_a_sentence(db, own, server_only):
    with pytest.raises(Unavailable) as refusal, own.transaction() as writer:
        writer.add(attempt())
        cut(db, writer.value(BACKEND))
        writer.add(attempt())
    assert refusal.value.message == SILENT
    assert count(db) == 0
    own.write(lambda writer: writer.add(attempt()))
    assert count(db) == 1


def test_a_connection_cut_before_the_commit_leaves_nothing_and_a_sentence(db, own, server_only):
    with pytest.raises(Unavailable), own.transaction() as writer:
        writer.add(attempt())
        cut(db, writer.value(BACKEND))
    assert count(db) == 0


def test_pooled_connections_of_writers_survive_a_restart_of_the_server(db, own, server_only):
    cut(db, own.write(lambda writer: writer.value(BACKEND)))
    own.write(lambda writer: writer.add(attempt()))
    assert count(db) == 1


@pytest.mark.parametrize(
    "url", ["postgresql+psycopg://nobody@127.0.0.1:1/none?connect_timeout=1", "sqlite:////nowhere/at/all/lk.db"]
)
def test_a_database_that_is_not_there_is_told_in_a_sentence(url):
    absent = Database(url)
    try:
        with pytest.raises(Unavailable) as reading:
            absent.read(lambda reader: reader.value(ONE))
        with pytest.raises(Unavailable) as writing:
            absent.write(lambda writer: writer.add(attempt()))
        assert reading.value.message == writing.value.message == SILENT
        assert isinstance(reading.value.__cause__, OperationalError)
    finally:
        absent.close()


def test_closing_ends_every_connection_and_every_thread(db):
    opened = Database(db.engine.url.render_as_string(hide_password=False), threads=2)
    before = set(threading.enumerate())

    async def use():
        await opened.in_reading_thread(opened.read, lambda reader: reader.value(ONE))
        await opened.in_writing_thread(opened.write, lambda writer: writer.add(attempt()))

    asyncio.run(use())
    opened.close()
    assert opened.engine.pool.checkedout() == 0
    assert [t for t in set(threading.enumerate()) - before if t.name.startswith("lk-")] == []
    with pytest.raises(RuntimeError):
        opened.write_later(lambda writer: writer.add(attempt()))


def test_closing_waits_for_what_was_promised_for_later(db):
    opened = Database(db.engine.url.render_as_string(hide_password=False), threads=1)
    opened.write_later(lambda writer: writer.add(attempt()))
    opened.close()
    assert count(db) == 1


def test_what_may_be_left_out_is_left_out_while_others_of_its_kind_wait(own):
    """A long import: people's own writes must find a thread."""
    held = threading.Event()

    def note(writer):
        held.wait(10)
        writer.add(attempt())

    for _ in range(5):
        own.write_at_leisure(note)
    held.set()
    own.close()
    with own.engine.connect() as connection:
        assert connection.execute(COUNT).scalar() == lk_reflex.core.db.AT_LEISURE
    own.engine.dispose()


def test_after_what_is_left_out_there_is_room_again_even_where_it_failed(own):
    for _ in range(2 * lk_reflex.core.db.AT_LEISURE):
        done = threading.Event()

        def fail(_writer, done=done):
            done.set()
            raise ValueError

        while not done.is_set():
            own.write_at_leisure(fail)


def test_sqlite_leaves_no_write_ahead_log_behind(db, file_only, tmp_path):
    opened = Database(f"sqlite:///{tmp_path / 'lone.db'}")
    with opened.engine.begin() as connection:
        connection.execute(text("CREATE TABLE x (y)"))
    opened.read(lambda reader: reader.value(ONE))
    opened.close()
    assert sorted(path.name for path in tmp_path.glob("lone.db*")) == ["lone.db"]


async def test_work_on_a_thread_has_the_callers_context(db):
    word = ContextVar("word", default="")
    word.set("said")
    assert await db.in_reading_thread(word.get) == "said"
    assert await db.in_writing_thread(word.get) == "said"


async def test_writers_who_wait_do_not_take_the_readers_threads(db):
    opened = Database(db.engine.url.render_as_string(hide_password=False), threads=1)
    gate = threading.Event()
    try:
        waiting = asyncio.ensure_future(opened.in_writing_thread(gate.wait, 10))
        assert await asyncio.wait_for(opened.in_reading_thread(lambda: "read"), 5) == "read"
        gate.set()
        await waiting
    finally:
        gate.set()
        opened.close()


def test_a_thread_that_ends_gives_its_connection_back(db, own):
    """Threads come and go around passwords, pictures and outside systems; a reader kept for the dead would be lost."""
    for _ in range(30):
        thread = threading.Thread(target=own.read, args=(lambda reader: reader.value(ONE),))
        thread.start()
        thread.join()
    assert own.engine.pool.checkedout() == 0


def test_a_fault_tells_the_statement_and_not_what_it_was_run_with(db):
    with pytest.raises(IntegrityError) as fault:
        db.write(lambda w: w.change(insert(Attempt).values(kind=None, subject="anna@example.org", at=NOW)))
    assert "INSERT INTO attempts" in str(fault.value)
    assert "[SQL parameters hidden" in str(fault.value)

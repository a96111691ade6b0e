"""The tests' PostgreSQL is as new after each test, whatever the last one has still to write."""

import threading

from lk_reflex.core.db import Database
from tests.cast import people
from tests.refill import empty, put, taken

_ADD = "INSERT INTO attempts (kind, subject, at) VALUES ('late', 'x', now()) RETURNING id"
_ROWS = "SELECT count(*) FROM attempts"
_WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"


def test_a_writer_who_is_late_is_waited_for(postgres_database: Database) -> None:
    emptying = threading.Thread(target=empty, args=(postgres_database,))
    with postgres_database.engine.begin() as late:
        late.exec_driver_sql(_ADD)
        emptying.start()
        with postgres_database.engine.connect() as watching:
            while not watching.exec_driver_sql(_WAITING).scalar_one():
                assert emptying.is_alive(), "it didn't wait"
    emptying.join(60)
    with postgres_database.engine.begin() as connection:
        assert connection.exec_driver_sql(_ROWS).scalar_one() == 0
        assert connection.exec_driver_sql(_ADD).scalar_one() == 1
    empty(postgres_database)


def test_what_was_taken_is_put_back_with_its_numbers(postgres_database: Database) -> None:
    people(postgres_database)
    before = taken(postgres_database)
    empty(postgres_database)
    assert taken(postgres_database).rows == {}
    put(postgres_database, before)
    assert taken(postgres_database) == before
    empty(postgres_database)

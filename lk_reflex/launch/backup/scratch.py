"""A throw-away database that a copy comes back into: a file in a folder of its own, or one on the same server."""

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import URL, Engine, create_engine, make_url, text
from sqlalchemy.exc import DBAPIError

from lk_reflex.core.disk_faults import said
from lk_reflex.core.errors import Refused, Unavailable
from lk_reflex.launch.backup import postgres
from lk_reflex.launch.backup.installation import SQLITE, Installation
from lk_reflex.launch.backup.manifest import DATABASE, Manifest

MAY_NOT = (
    "У пользователя базы нет права создавать базы данных: проверочную базу не завести. Дайте ему это право "
    "(ALTER ROLE … CREATEDB) или проверяйте копию на другом сервере PostgreSQL."
)
NO_ROOM = "Не хватило места, чтобы восстановить копию для проверки: {}"
BEGINS = "lk_verify_"


@contextmanager
def brought_back(place: Installation, copy: Path, manifest: Manifest) -> Iterator[Engine]:
    """The copy's database, restored; gone after the block. Raises Refused, Unavailable."""
    way = _file(copy) if place.kind == SQLITE else _database(place, copy, manifest)
    with way as url:
        engine = create_engine(url, hide_parameters=True)
        try:
            yield engine
        finally:
            engine.dispose()


@contextmanager
def _file(copy: Path) -> Iterator[URL]:
    try:
        with TemporaryDirectory(dir=copy.parent, prefix=".verify-") as folder:
            path = Path(folder) / "lk.db"
            shutil.copyfile(copy / DATABASE, path)
            yield make_url(f"sqlite:///{path}")
    except OSError as fault:
        raise Unavailable(NO_ROOM.format(said(fault))) from fault


@contextmanager
def _database(place: Installation, copy: Path, manifest: Manifest) -> Iterator[URL]:
    name = f"{BEGINS}{secrets.token_hex(6)}"
    server = create_engine(place.url, isolation_level="AUTOCOMMIT", hide_parameters=True)
    try:
        with server.connect() as connection:
            program, _ = postgres.tool("pg_restore", max(manifest.tool, postgres.server_major(connection)))
            if not connection.scalar(text("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user")):
                raise Refused(MAY_NOT)
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE template0"))
        try:
            url = place.url.set(database=name)
            postgres.load(url, program, copy / DATABASE)
            yield url
        finally:
            with server.connect() as connection:
                connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    except DBAPIError as fault:
        raise Unavailable(f"База данных не ответила: {type(fault.orig).__name__}") from fault
    finally:
        server.dispose()

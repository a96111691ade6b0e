"""PostgreSQL's own tools: pg_dump and pg_restore of a version that the server bears."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from psycopg import pq
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import URL, Connection, text

from lk_reflex.core.errors import Refused, Unavailable

#: Where Debian and the PostgreSQL project's own packages put each version.
_PLACES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin")
_VERSION = re.compile(r"\(PostgreSQL\) (\d+)")
MISSING = (
    "Программа {tool} не найдена. Установите клиент PostgreSQL версии {major} или новее "
    "(в Debian — пакет postgresql-client-{major})."
)
OLD = (
    "Программа {tool} версии {found} старше, чем нужно ({major}). Установите клиент PostgreSQL версии {major} или "
    "новее (пакет postgresql-client-{major}); прежний можно оставить."
)
FAILED = "Программа {tool} остановилась с ошибкой: {words}"


def server_major(connection: Connection) -> int:
    """«16»: tools must not be older."""
    return int(connection.scalar(text("SHOW server_version_num"))) // 10_000


def tool(name: str, major: int) -> tuple[str, int]:
    """Its path and major version: the oldest that isn't older than `major`. Raises Refused."""
    found = sorted((version, path) for path in _candidates(name) if (version := _version(path)))
    for version, path in found:
        if version >= major:
            return path, version
    if found:
        raise Refused(OLD.format(tool=name, found=found[-1][0], major=major))
    raise Refused(MISSING.format(tool=name, major=major))


def _candidates(name: str) -> Iterator[str]:
    folders = [Path(one) for one in os.environ.get("PATH", "").split(os.pathsep) if one]
    folders += [place for pattern in _PLACES for place in Path("/").glob(pattern.lstrip("/"))]
    for folder in dict.fromkeys(folders):
        if path := shutil.which(name, path=str(folder)):
            yield path


def _version(path: str) -> int:
    try:
        said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False, timeout=30).stdout  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return 0
    found = _VERSION.search(said)
    return int(found[1]) if found else 0


def dump(url: URL, program: str, snapshot: str, to: Path) -> None:
    """Write the whole database as that snapshot sees it. Raises Unavailable."""
    words = ["--format=custom", "--compress=1", "--no-owner", "--no-privileges", f"--snapshot={snapshot}"]
    _run([program, *words, f"--file={to}"], url)


def load(url: URL, program: str, dumped: Path) -> None:
    """Bring a dump into an empty database, as a whole or not at all. Raises Unavailable."""
    words = ["--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error"]
    _run([program, *words, f"--dbname={url.database}", str(dumped)], url)


def _run(words: Sequence[str], url: URL) -> None:
    done = subprocess.run(words, env=_environment(url), capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["без объяснения"])[-1]
        raise Unavailable(FAILED.format(tool=Path(words[0]).name, words=said))


def _environment(url: URL) -> dict[str, str]:
    """The address as variables: what stands among a program's words everybody on the machine reads."""
    given = conninfo_to_dict(url.set(drivername="postgresql").render_as_string(hide_password=False))
    names = {one.keyword.decode(): one.envvar.decode() for one in pq.Conninfo.get_defaults() if one.envvar}
    own = {names[key]: str(value) for key, value in given.items() if key in names}
    return {**os.environ, **own, "LC_ALL": "C.UTF-8"}

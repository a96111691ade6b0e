"""Bringing a copy back in earnest: into an empty place, or into one whose contents are put aside first."""

import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, create_engine, inspect, make_url, text
from sqlalchemy.exc import DBAPIError

from lk_reflex.core.db import Database
from lk_reflex.core.disk_faults import said
from lk_reflex.core.errors import Refused, Unavailable
from lk_reflex.core.migrations import migrate
from lk_reflex.launch.backup import postgres
from lk_reflex.launch.backup.afterwards import Afterwards, set_right
from lk_reflex.launch.backup.checks import broken_rules, differing_facts
from lk_reflex.launch.backup.copy_checks import damaged_parts, require_fitting, wrong_keys
from lk_reflex.launch.backup.facts import facts_of
from lk_reflex.launch.backup.installation import SQLITE, Installation
from lk_reflex.launch.backup.manifest import DATABASE, FILES, TASKS, Manifest, listed, read_manifest, sha256_of

NOT_EMPTY = (
    "{what} уже не пуста. Восстанавливают на пустое место: создайте новую базу и папку данных или добавьте --aside, "
    "и прежнее будет отложено в сторону, а не удалено."
)
IN_USE = "С базой сейчас работают другие программы ({count}). Остановите кабинет и worker и повторите."
DAMAGED = "Копия повреждена, ничего не восстановлено."
WRONG_KEYS = (
    "Ключи этой установки не подходят к копии. Внесите в настройки ключи, сохранённые отдельно (backup keys). Если они "
    "утрачены, добавьте --without-keys: данные вернутся, но каждому понадобится новый пароль, а паспорта введут заново."
)
NO_WRITING = "Не удалось записать: {}. Освободите место, очистите папку данных и повторите."
BROKEN = "Восстановленная база не сходится с копией. Не запускайте кабинет; сообщите разработчикам."


@dataclass(frozen=True, slots=True)
class Wish:
    """How: `aside` puts what is there out of the way, `send_mail` lets waiting letters go, `exported` are numbers of
    exports that billing has had since, by their kind.
    """

    aside: bool = False
    without_keys: bool = False
    send_mail: bool = False
    exported: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back, what was done to it, and how long it took."""

    manifest: Manifest
    done: Afterwards
    put_aside: list[str]
    seconds: float


class Unsound(Refused):
    """It isn't what it should be; `faults` say what."""

    def __init__(self, message: str, faults: list[str]) -> None:
        super().__init__(message)
        self.faults = faults


def restore(place: Installation, copy: Path, wish: Wish, *, now: datetime, say: Callable[[str], None]) -> Restored:
    """Bring the copy back. On SQLite the database appears whole, at the very end; on PostgreSQL it comes in one
    transaction, and what must not happen twice is stopped in the next one.

    Raises Refused (Unsound with what is wrong), Unavailable where disk or database fail.
    """
    began = time.monotonic()
    manifest = read_manifest(copy)
    require_fitting(place, manifest)
    if (faults := wrong_keys(place, manifest)) and not wish.without_keys:
        raise Unsound(WRONG_KEYS, faults)
    try:
        aside = _cleared(place, wish, now)
        say("Сверяем контрольные суммы…")
        if faults := damaged_parts(copy, manifest):
            raise Unsound(DAMAGED, faults)
        say("Файлы…")
        _bring_files(place, copy)
        say("База данных…")
        bring = _bring_sqlite if place.kind == SQLITE else _bring_postgresql
        done = bring(place, copy, manifest, lambda base: _finish(base, place, copy, manifest, wish, now))
    except OSError as fault:
        raise Unavailable(NO_WRITING.format(said(fault))) from fault
    except DBAPIError as fault:
        raise Unavailable(f"База данных не ответила: {type(fault.orig).__name__}") from fault
    return Restored(manifest, done, aside, time.monotonic() - began)


def _cleared(place: Installation, wish: Wish, now: datetime) -> list[str]:
    """Make sure that the place is empty, or make it so; what was put aside, in words."""
    stamp, aside = f"{now:%Y%m%d_%H%M%S}", []
    if place.kind == SQLITE:
        aside += _clear_file(place.database_file, wish, stamp)
    else:
        aside += _clear_schema(place, wish, stamp)
    folder = place.file_folder
    if not place.bucket and folder.is_dir() and any(one.is_file() for one in folder.rglob("*")):
        if not wish.aside:
            raise Refused(NOT_EMPTY.format(what=f"Папка {folder}"))
        aside.append(str(folder.rename(folder.with_name(f"files.before-{stamp}"))))
    return aside


def _clear_file(path: Path, wish: Wish, stamp: str) -> list[str]:
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = [one for one in (path, Path(f"{path}-wal"), Path(f"{path}-shm")) if one.exists()]
    if path.exists() and path.stat().st_size and not wish.aside:
        raise Refused(NOT_EMPTY.format(what=f"База данных {path}"))
    return [str(one.rename(f"{one}.before-{stamp}")) for one in beside]


def _clear_schema(place: Installation, wish: Wish, stamp: str) -> list[str]:
    engine = create_engine(place.url, hide_parameters=True)
    try:
        with engine.begin() as connection:
            others = connection.scalar(text(_OTHERS)) or 0
            if others:
                raise Refused(IN_USE.format(count=others))
            if not inspect(connection).get_table_names():
                return []
            if not wish.aside:
                raise Refused(NOT_EMPTY.format(what=f"База данных {place.url.database}"))
            connection.execute(text(f"ALTER SCHEMA public RENAME TO before_{stamp}"))
            connection.execute(text("CREATE SCHEMA public"))
            return [f"схема before_{stamp} в базе {place.url.database}"]
    finally:
        engine.dispose()


_OTHERS = """SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"""


def _bring_files(place: Installation, copy: Path) -> None:
    """Into the folder of files, each whole; what a stopped try has brought already is compared, not brought anew."""
    place.file_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for one in listed(copy):
        target = place.file_folder / one.path
        if target.is_file() and sha256_of(target) == one.sha256:
            continue
        target.parent.mkdir(mode=0o700, exist_ok=True)
        part = target.with_name(f".{one.key}.part")
        shutil.copyfile(copy / FILES / one.path, part)
        part.chmod(0o600)
        part.replace(target)


Finish = Callable[[Database], Afterwards]


def _bring_sqlite(place: Installation, copy: Path, manifest: Manifest, finish: Finish) -> Afterwards:
    """Beside its place, set right there, and only then put into it: killed midway, nothing has come back."""
    part = Path(f"{place.database_file}.restoring")
    try:
        for leftover in part.parent.glob(f"{part.name}*"):
            leftover.unlink()
        shutil.copyfile(copy / DATABASE, part)
        part.chmod(0o600)
        done = _with(make_url(f"sqlite:///{part}").render_as_string(), manifest, finish)
        part.replace(place.database_file)
        return done
    finally:
        for leftover in part.parent.glob(f"{part.name}*"):
            leftover.unlink()


def _bring_postgresql(place: Installation, copy: Path, manifest: Manifest, finish: Finish) -> Afterwards:
    engine = create_engine(place.url, hide_parameters=True)
    try:
        with engine.connect() as connection:
            major = max(manifest.tool, postgres.server_major(connection))
    finally:
        engine.dispose()
    program, _ = postgres.tool("pg_restore", major)
    postgres.load(place.url, program, copy / DATABASE)
    return _with(place.url.render_as_string(hide_password=False), manifest, finish)


def _with(url: str, manifest: Manifest, finish: Finish) -> Afterwards:
    base = Database(url, threads=1)
    try:
        _require_same(base.engine, manifest)
        migrate(base.engine)
        done = finish(base)
        with base.engine.connect() as seen:
            if faults := broken_rules(seen):
                raise Unsound(BROKEN, faults)
        return done
    finally:
        base.close()


def _require_same(engine: Engine, manifest: Manifest) -> None:
    with engine.connect() as seen:
        if faults := differing_facts(manifest.facts, facts_of(seen)):
            raise Unsound(BROKEN, faults)


def _finish(
    base: Database, place: Installation, copy: Path, manifest: Manifest, wish: Wish, now: datetime
) -> Afterwards:
    tasks: dict[int, str] = {}
    for task_id, name in manifest.tasks.items():
        target = place.tasks.incoming(name)
        shutil.copyfile(copy / TASKS / name, target)
        target.chmod(0o600)
        tasks[int(task_id)] = str(target)
    return base.write(
        set_right, made_at=manifest.moment, tasks=tasks, lost=[*manifest.on_their_way, *manifest.missing],
        send_mail=wish.send_mail, exported=wish.exported, now=now,
    )  # fmt: skip

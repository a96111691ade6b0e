"""Making a copy while people read and write: the database at one moment, then the files that its rows name.

A row of a file comes before its bytes and goes before them, and the sweep of files waits while a copy is made: so what
a copied row promises lies in the store until it is copied. Everything is written aside and renamed when it is whole.
"""

import fcntl
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from lk_reflex.core.db import Database
from lk_reflex.core.disk_faults import said
from lk_reflex.core.errors import Conflict, DomainError, Refused, Unavailable
from lk_reflex.exchange.lock import exclusive
from lk_reflex.jobs.files import BUSY as SWEEPING
from lk_reflex.jobs.files import LOCK as FILES_LOCK
from lk_reflex.launch.backup.facts import facts_of, file_rows, open_imports, revision_of
from lk_reflex.launch.backup.installation import Installation
from lk_reflex.launch.backup.manifest import (
    DATABASE,
    REFERENCED,
    SUMS,
    TASKS,
    Manifest,
    copies_in,
    copy_name,
    sha256_of,
)  # fmt: skip
from lk_reflex.launch.backup.snapshot import Frozen, copied, size_of
from lk_reflex.launch.backup.store_copy import Copying, Kept, list_referenced

BUSY = "Другая резервная копия ещё делается. Дождитесь её конца."
NO_ROOM = "Мало места в {folder}: нужно около {need}, свободно {free}. Копия не начата."
NO_WRITING = "Не удалось записать копию в {folder}: {why}. Незаконченное убрано, прежние копии целы."
NO_KEYS = "У этой установки ещё нет ключей (LK_SECRET_KEY, LK_DATA_KEYS): копировать нечего."
#: Beside what is known to be needed.
SPARE = 64 * 1024 * 1024
#: How long the sweep of files is waited for, in seconds.
PATIENCE = 120.0
_LOCK, _PART = ".lk-backup.lock", ".part"


@dataclass(frozen=True, slots=True)
class Made:
    """A whole copy: where it lies, its bytes, and what was removed for it."""

    folder: Path
    manifest: Manifest
    size: int
    pruned: int
    linked: int


def make_backup(place: Installation, target: Path, *, keep: int, now: datetime, say: Callable[[str], None]) -> Made:
    """Make a copy in `target`, then remove all but the newest `keep` there (0: none).

    Raises Conflict while another is being made, Refused for what the person has to mend, Unavailable where disk or
    database fail.
    """
    if not place.keys.secret or not place.keys.data:
        raise Refused(NO_KEYS)
    try:
        with place.opened() as database, _alone(database, target):
            _clear_leftovers(target)
            return _made(place, database, target, keep, now.astimezone(UTC), say)
    except OSError as fault:
        raise Unavailable(NO_WRITING.format(folder=target, why=said(fault))) from fault


def _made(
    place: Installation, database: Database, target: Path, keep: int, now: datetime, say: Callable[[str], None]
) -> Made:
    began = time.monotonic()
    earlier = copies_in(target)
    kept = Kept.of(earlier[-1] if earlier else None)
    _require_room(place, database, target, kept)
    part = target / f".{copy_name(now)}{_PART}"
    part.mkdir(mode=0o700)
    try:
        say("База данных: копируем…")
        with copied(place, database, part / DATABASE) as frozen:
            manifest = _described(place, frozen, now)
            say(f"База данных: готова. Файлы: {manifest.facts.get('stored_files', 0)}…")
            linked = _with_files(place, frozen, part, kept, manifest, say)
            _with_tasks(place, frozen, part, manifest)
        whole = _finished(part, target / copy_name(now), manifest, time.monotonic() - began)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    return Made(whole, manifest, _size_of(whole), _prune(target, keep), linked)


def _described(place: Installation, frozen: Frozen, now: datetime) -> Manifest:
    keys = {"data": place.keys.ids(), "secret": place.keys.mark()}
    return Manifest(
        now.isoformat(timespec="seconds"), place.kind, revision_of(frozen.seen), frozen.server, frozen.tool,
        place.bucket, facts=facts_of(frozen.seen), keys=keys,
    )  # fmt: skip


def _with_files(
    place: Installation, frozen: Frozen, part: Path, kept: Kept, manifest: Manifest, say: Callable[[str], None]
) -> int:
    """Copy them, or name those that lie in a bucket; returns how many the last copy had already."""
    if place.bucket:
        count, size = list_referenced(file_rows(frozen.seen), part)
        manifest.files = {"count": count, "size": size}
        return 0
    copying = Copying(place.files, part, kept, say)
    copying.all(file_rows(frozen.seen))
    manifest.files = {"count": copying.count, "size": copying.size}
    manifest.on_their_way, manifest.missing = copying.on_their_way, copying.missing
    return copying.linked


def _with_tasks(place: Installation, frozen: Frozen, part: Path, manifest: Manifest) -> None:
    """The files of imports that an administrator has ordered and that aren't done; one that ends meanwhile goes."""
    for task_id, path in open_imports(frozen.seen):
        name = f"{task_id}{Path(path).suffix}"
        with suppress(FileNotFoundError):
            if place.tasks.owns(path):
                (part / TASKS).mkdir(mode=0o700, exist_ok=True)
                shutil.copyfile(path, part / TASKS / name)
                (part / TASKS / name).chmod(0o600)
                manifest.tasks[str(task_id)] = name


def _finished(part: Path, whole: Path, manifest: Manifest, seconds: float) -> Path:
    own = [DATABASE, REFERENCED if manifest.bucket else SUMS, *(f"{TASKS}/{name}" for name in manifest.tasks.values())]
    manifest.parts = {name: sha256_of(part / name) for name in own}
    manifest.seconds = round(seconds, 1)
    manifest.write(part)
    os.sync()  # once for all of the files: only what is on the disk is called a copy
    part.rename(whole)
    _sync_folder(whole.parent)
    return whole


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _require_room(place: Installation, database: Database, target: Path, kept: Kept) -> None:
    need = size_of(place, database) + SPARE
    if not place.bucket:
        with database.engine.connect() as seen:
            need += sum(row.size for row in file_rows(seen) if not kept.has(row))
    free = shutil.disk_usage(target).free
    if free < need:
        raise Refused(NO_ROOM.format(folder=target, need=in_words(need), free=in_words(free)))


def _size_of(folder: Path) -> int:
    return sum(one.stat().st_size for one in folder.rglob("*") if one.is_file())


def _prune(target: Path, keep: int) -> int:
    """Remove whole copies beyond the newest `keep`: first renamed, so that no half of one is ever taken for one."""
    old = copies_in(target)[:-keep] if keep else []
    for one in old:
        gone = one.rename(one.with_name(f".{one.name}{_PART}"))
        shutil.rmtree(gone, ignore_errors=True)
    return len(old)


def _clear_leftovers(target: Path) -> None:
    for one in target.glob(f".lk-*{_PART}"):
        shutil.rmtree(one, ignore_errors=True)


@contextmanager
def _alone(database: Database, target: Path) -> Iterator[None]:
    """Nobody else copies this installation, or into this folder; and nobody removes files."""
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    with ExitStack() as held:
        lock = held.enter_context((target / _LOCK).open("w"))
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Conflict(BUSY) from None
        held.enter_context(exclusive(database, "backup", BUSY))
        _wait_for(held, database)
        yield


def _wait_for(held: ExitStack, database: Database) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            held.enter_context(exclusive(database, FILES_LOCK, SWEEPING))
        except DomainError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
        else:
            return


def in_words(size: float) -> str:
    """«1,5 ГБ»."""
    for unit in ("Б", "КБ", "МБ"):
        if size < 1024:
            return f"{size:.0f} {unit}"
        size /= 1024
    return f"{size:.1f} ГБ".replace(".", ",")

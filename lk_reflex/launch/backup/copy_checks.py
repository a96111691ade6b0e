"""Whether a copy is whole, before anything comes back of it: its parts, its files, its schema, its keys."""

from pathlib import Path

from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from lk_reflex.core.errors import Refused
from lk_reflex.core.migrations import alembic_config
from lk_reflex.launch.backup.facts import file_rows
from lk_reflex.launch.backup.installation import Installation
from lk_reflex.launch.backup.manifest import FILES, Manifest, listed, sha256_of

NEWER = "Копия сделана более новой версией кабинета (схема {}). Восстановите её той версией или новее."
OTHER = (
    "Копия сделана с базы {copy}, а установка работает с {here}. Восстановить можно только в базу того же вида: "
    "проверьте LK_DATABASE_URL."
)
_ENGINES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def require_fitting(place: Installation, manifest: Manifest) -> None:
    """Raises Refused where this code or this installation can't take the copy."""
    if manifest.engine != place.kind:
        copy, here = (_ENGINES.get(name, name) for name in (manifest.engine, place.kind))
        raise Refused(OTHER.format(copy=copy, here=here))
    known = {one.revision for one in ScriptDirectory.from_config(alembic_config()).walk_revisions()}
    if manifest.revision and manifest.revision not in known:
        raise Refused(NEWER.format(manifest.revision))


def damaged_parts(folder: Path, manifest: Manifest) -> list[str]:
    """Sentences about parts and files that aren't as they were written."""
    wrong = [
        f"Часть копии {name} {fault}"
        for name, digest in manifest.parts.items()
        if (fault := _fault(folder / name, digest))
    ]
    files = ((one.key, _fault(folder / FILES / one.path, one.sha256)) for one in listed(folder))
    return [*wrong, *(f"Файл {key} {fault}" for key, fault in files if fault)]


def _fault(path: Path, digest: str) -> str:
    try:
        return "" if sha256_of(path) == digest else "повреждён: другая контрольная сумма"
    except FileNotFoundError:
        return "отсутствует"
    except OSError:
        return "не читается"


def lost_files(folder: Path, manifest: Manifest, place: Installation, seen: Connection) -> list[str]:
    """Sentences about rows whose file the copy, or the bucket, hasn't got, or hadn't when the copy was made."""
    wrong = [f"Файла {key} не было в хранилище уже при копировании" for key in manifest.missing]
    there = None if manifest.bucket else {one.key for one in listed(folder)}
    allowed = {*manifest.on_their_way, *manifest.missing}
    for row in file_rows(seen):
        if row.key in allowed:
            continue
        if there is not None:
            if row.key not in there:
                wrong.append(f"У строки базы нет файла {row.key}")
        elif place.bucket and row.needed and _size_in(place, row.key) != row.size:
            wrong.append(f"В корзине {place.bucket} нет файла {row.key} или он другого размера")
    return wrong


def _size_in(place: Installation, key: str) -> int | None:
    found = place.files.open(key)
    if found is None:
        return None
    try:
        return found.size
    finally:
        found.close()


def wrong_keys(place: Installation, manifest: Manifest) -> list[str]:
    """Which of the keys of this installation aren't those of the copy."""
    wrong = []
    if not place.keys.is_marked(manifest.keys["secret"]):
        wrong.append("LK_SECRET_KEY не тот, с которым сделана копия: с ним никто не войдёт по своему паролю")
    lacking = sorted(set(manifest.keys["data"]) - set(place.keys.ids()))
    if lacking:
        wrong.append(f"В LK_DATA_KEYS нет ключа {', '.join(lacking)}: паспортные данные будет не прочитать")
    return wrong

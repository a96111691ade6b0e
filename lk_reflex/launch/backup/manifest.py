"""What a copy says of itself: where it comes from, what belongs to it, and what its figures are."""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lk_reflex.core.errors import Refused

#: A newer one is refused.
FORMAT = 1
NAME, DATABASE, SUMS, REFERENCED = "manifest.json", "database", "SHA256SUMS", "REFERENCED"
FILES, TASKS = "files", "tasks"
PIECE = 1024 * 1024
_COPY = re.compile(r"lk-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ")
NO_COPY = "Здесь нет резервной копии: {}"
BROKEN = "Описание копии не прочитать: {}"
NEWER = "Копия сделана более новой версией кабинета. Восстановите её той версией или новее."


@dataclass(slots=True)
class Manifest:
    """`facts` are the figures of the database at the copy's moment; `parts` maps a file's name to its SHA-256.

    `made_at` is in UTC. `engine` is «sqlite» or «postgresql» with `server` and `tool`, the major versions.
    `on_their_way` are keys of files whose row was there and whose bytes weren't yet: nobody had been told of them.
    `missing` are those that somebody had been promised, and that the store had lost before the copy was made.
    `tasks` maps the id of an ordered import to the name of its file here. `keys` name the keys, and hold none.
    """

    made_at: str
    engine: str
    revision: str
    server: int = 0
    tool: int = 0
    bucket: str = ""
    parts: dict[str, str] = field(default_factory=dict)
    facts: dict[str, int] = field(default_factory=dict)
    files: dict[str, int] = field(default_factory=dict)
    on_their_way: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    tasks: dict[str, str] = field(default_factory=dict)
    keys: dict[str, Any] = field(default_factory=dict)
    seconds: float = 0.0
    format: int = FORMAT

    @property
    def moment(self) -> datetime:
        """When it was made."""
        return datetime.fromisoformat(self.made_at)

    def write(self, folder: Path) -> None:
        """Put it into its folder, the last thing."""
        path = folder / NAME
        path.write_text(json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n", "utf-8")
        path.chmod(0o600)


def read_manifest(folder: Path) -> Manifest:
    """Of the copy in that folder. Raises Refused."""
    try:
        told = json.loads((folder / NAME).read_text("utf-8"))
    except FileNotFoundError:
        raise Refused(NO_COPY.format(folder)) from None
    except (OSError, ValueError):
        raise Refused(BROKEN.format(folder)) from None
    if not isinstance(told, dict) or not isinstance(told.get("format"), int):
        raise Refused(BROKEN.format(folder))
    if told["format"] > FORMAT:
        raise Refused(NEWER)
    try:
        manifest = Manifest(**told)
        manifest.moment.astimezone(UTC)
    except (TypeError, ValueError):
        raise Refused(BROKEN.format(folder)) from None
    return manifest


def copy_name(moment: datetime) -> str:
    """«lk-2026-11-23T02-30-00Z»: sorts by time."""
    return f"lk-{moment.astimezone(UTC):%Y-%m-%dT%H-%M-%SZ}"


def copies_in(folder: Path) -> list[Path]:
    """The whole copies that lie in a folder, the oldest first."""
    if not folder.is_dir():
        return []
    return sorted(one for one in folder.iterdir() if _COPY.fullmatch(one.name) and (one / NAME).is_file())


def newest_copy(folder: Path) -> Path:
    """The copy that a folder is, or the newest of those in it. Raises Refused."""
    if (folder / NAME).is_file():
        return folder
    found = copies_in(folder)
    if not found:
        raise Refused(NO_COPY.format(folder))
    return found[-1]


def sha256_of(path: Path) -> str:
    """Of a file's content, read piece by piece."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@dataclass(frozen=True, slots=True)
class Listed:
    """A file of the copy: its name in the store, and the SHA-256 of its bytes."""

    key: str
    sha256: str

    @property
    def path(self) -> str:
        """Where it lies in the copy and in a folder of files."""
        return f"{self.key[:2]}/{self.key}"


def listed(folder: Path) -> Iterator[Listed]:
    """The files of a copy, as `sha256sum -c SHA256SUMS` would read them."""
    path = folder / SUMS
    if not path.is_file():
        return
    with path.open(encoding="ascii") as lines:
        for line in lines:
            digest, _, name = line.rstrip("\n").partition("  ")
            yield Listed(name.rpartition("/")[2], digest)

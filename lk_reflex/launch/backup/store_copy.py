"""The uploaded files that the database names, copied once: they never change, so the next copy links to the last."""

import hashlib
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from lk_reflex.integrations.storage.port import FileStore, StoreFault
from lk_reflex.launch.backup.facts import FileRow
from lk_reflex.launch.backup.manifest import FILES, PIECE, REFERENCED, SUMS, Listed, listed

SAYS_EVERY = 1000


@dataclass(slots=True)
class Kept:
    """What an earlier copy in the same folder has, by the file's name."""

    folder: Path
    sums: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, copy: Path | None) -> "Kept":
        """Nothing where there is none."""
        return cls(copy or Path(), {one.key: one.sha256 for one in listed(copy)} if copy else {})

    def has(self, row: FileRow) -> bool:
        """Whether the same file, of the same size, lies there."""
        path = self.folder / FILES / row.key[:2] / row.key
        return row.key in self.sums and path.is_file() and path.stat().st_size == row.size


@dataclass(slots=True)
class Copying:
    """Copies into the folder `to`, and tells what became of it."""

    store: FileStore
    to: Path
    kept: Kept
    say: Callable[[str], None]
    count: int = 0
    size: int = 0
    linked: int = 0
    on_their_way: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    def all(self, rows: Iterable[FileRow]) -> None:
        """Each with its sum. What isn't there is `missing` where somebody was promised it, else `on_their_way`."""
        (self.to / FILES).mkdir(mode=0o700)
        with _private(self.to / SUMS) as sums:
            for row in rows:
                digest = self._one(row)
                if not digest:
                    (self.missing if row.needed else self.on_their_way).append(row.key)
                    continue
                one = Listed(row.key, digest)
                sums.write(f"{digest}  {FILES}/{one.path}\n")
                self.count, self.size = self.count + 1, self.size + row.size
                if self.count % SAYS_EVERY == 0:
                    self.say(f"Файлы: {self.count}…")

    def _one(self, row: FileRow) -> str:
        target = self.to / FILES / row.key[:2] / row.key
        target.parent.mkdir(mode=0o700, exist_ok=True)
        if self.kept.has(row) and self._link(row, target):
            return self.kept.sums[row.key]
        try:
            return self._copy(row.key, target)
        except StoreFault:  # it can't be read: the copy is worth having without it, and says so
            target.unlink(missing_ok=True)
            return ""

    def _link(self, row: FileRow, target: Path) -> bool:
        try:
            target.hardlink_to(self.kept.folder / FILES / row.key[:2] / row.key)
        except OSError:  # a disk that knows no links, or no more of them
            return False
        self.linked += 1
        return True

    def _copy(self, key: str, target: Path) -> str:
        found = self.store.open(key)
        if found is None:
            return ""
        digest = hashlib.sha256()
        try:
            with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
                while piece := found.read(PIECE):
                    digest.update(piece)
                    out.write(piece)
        finally:
            found.close()
        return digest.hexdigest()


def list_referenced(rows: Iterable[FileRow], to: Path) -> tuple[int, int]:
    """Of files in a bucket only names and sizes are written down; returns how many, and their bytes."""
    count = size = 0
    with _private(to / REFERENCED) as names:
        for row in rows:
            names.write(f"{row.size}\t{int(row.needed)}\t{row.key}\n")
            count, size = count + 1, size + row.size
    return count, size


def _private(path: Path) -> TextIO:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii")

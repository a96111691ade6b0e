"""Where the files of ordered imports and exports lie: one folder, which web processes and workers share."""

import json
import os
import re
import secrets
import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

#: What a package or a register may be called; anything else loses its suffix, and is refused by its content.
SUFFIXES = (".zip", ".xlsx", ".csv", ".txt", ".dbf")
_NAME = re.compile(r"[^\w .()\-]")
_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a task is: rows taken, and of the file's bytes or of all rows how many are done."""

    words: str
    done: int
    total: int

    @property
    def share(self) -> int:
        """Whole per cents; 0 where the whole isn't known."""
        return min(99, 100 * self.done // self.total) if self.total > 0 else 0


class TaskFiles:
    """The folder `root`. Nobody else on the machine reads what lies there."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def incoming(self, called: str) -> Path:
        """A new file's place, by a random name; its suffix is the one it was called by, where that is known."""
        suffix = Path(called).suffix.lower()
        folder = self._folder("in") / secrets.token_hex(16)
        folder.mkdir(mode=0o700)
        return folder / f"{plain_name(Path(called).stem)}{suffix if suffix in SUFFIXES else ''}"

    def outgoing(self, task_id: int) -> Path:
        """The folder of what comes of a task."""
        folder = self._folder("out") / str(task_id)
        folder.mkdir(mode=0o700, exist_ok=True)
        return folder

    def owns(self, path: str) -> bool:
        """Whether a path leads into this folder: a row of the database could have been meddled with."""
        return Path(path).resolve().is_relative_to(self._root.resolve())

    def remove(self, path: str) -> None:
        """Forget a file with the folder that was made for it; a repeat is quiet."""
        if path and self.owns(path) and Path(path).parent != self._root:
            shutil.rmtree(Path(path).parent, ignore_errors=True)

    def say(self, task_id: int, progress: Progress) -> None:
        """Write down how far a task is. Beside the database: an import holds the right to write to that."""
        path = self._progress(task_id)
        aside = path.with_suffix(".part")
        with suppress(OSError):  # it is only told to whoever looks
            aside.write_text(json.dumps([progress.words, progress.done, progress.total]), "utf-8")
            aside.replace(path)

    def said(self, task_id: int) -> Progress | None:
        """How far a task is, or None where that isn't known."""
        try:
            words, done, total = json.loads(self._progress(task_id).read_text("utf-8"))
            return Progress(str(words), int(done), int(total))
        except (OSError, ValueError, TypeError):
            return None

    def quiet(self, task_id: int) -> None:
        """It is over."""
        with suppress(OSError):
            self._progress(task_id).unlink(missing_ok=True)

    def changes(self) -> dict[str, int]:
        """By task, when it has last said something: what differs from the last time has news."""
        try:
            with os.scandir(self._root / "progress") as entries:
                return {one.name[:-5]: one.stat().st_mtime_ns for one in entries if one.name.endswith(".json")}
        except OSError:
            return {}

    def _progress(self, task_id: int) -> Path:
        return self._folder("progress") / f"{task_id}.json"

    def _folder(self, name: str) -> Path:
        folder = self._root / name
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder


def plain_name(called: str) -> str:
    """A file's name for our disk and for headers: letters, digits, spaces and dashes of what the person called it."""
    bare = _NAME.sub("_", called.replace("\\", "/").rpartition("/")[2]).strip(" .")
    return bare[:_LONGEST_NAME] or "файл"

"""Finished builds of the front end: each a folder of its own, so that nothing changes under a running server.

Whoever opened a page before a new version came asks for that version's files for days: they stay for `KEPT`.
"""

import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

#: How long the files of a build answer after another one has taken its place, in seconds.
KEPT = 14 * 24 * 3600
#: A developer's machine builds more often than an installation; a build is some nine megabytes.
AT_MOST = 40
#: Tells the pages while they are compiled, and the process that serves them, whose they are: a build's name.
BUILD_VARIABLE = "LK_BUILD"
#: What a server needs of the builder's folder.
_PARTS = ("build/client", "routes.json")
_USED = "in-service"


class Builds:
    """The folder of all of them; `folder / name / build / client` is what a browser gets."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def has(self, name: str) -> bool:
        """Whether that build is there, whole."""
        return (self.folder / name / _USED).exists()

    def newest(self) -> str:
        """The name of the one that was in service last; empty without any."""
        return next(iter(self._by_use()), "")

    def keep(self, name: str, made: Path) -> None:
        """Take over what the builder has made: it is there whole, or not at all. Then drop what nobody asks for."""
        part = self.folder / f"{name}.part"
        shutil.rmtree(part, ignore_errors=True)
        for one in _PARTS:
            source, target = made / one, part / one
            target.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, target)
            elif source.exists():
                shutil.copy2(source, target)
        (part / _USED).touch()
        # Until now the one before was in service; from now on its time runs.
        if before := self.newest():
            self.serve(before)
        shutil.rmtree(self.folder / name, ignore_errors=True)  # half of one that was being dropped may lie there
        part.replace(self.folder / name)
        self.serve(name)
        self._prune()

    def serve(self, name: str) -> Path:
        """Note that this build is in service now; returns its folder."""
        # A folder that somebody made read-only is served all the same.
        if os.access(self.folder / name / _USED, os.W_OK):
            now = time.time_ns()  # finer than the clock of the file system
            os.utime(self.folder / name / _USED, ns=(now, now))
        return self.folder / name

    def find(self, asset: str) -> Path | None:
        """The `client` folder of the youngest build that has such a file, «assets/name-hash.js»."""
        clients = (self.folder / name / "build" / "client" for name in self._by_use())
        return next((client for client in clients if (client / asset).is_file()), None)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """One builder at a time on this machine; whoever is killed lets go."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _by_use(self) -> list[str]:
        """Their names, the last one in service first."""
        marks = [mark for mark in self.folder.glob(f"*/{_USED}") if mark.parent.suffix != ".part"]
        return [mark.parent.name for mark in sorted(marks, key=lambda one: one.stat().st_mtime, reverse=True)]

    def _prune(self) -> None:
        for place, name in enumerate(self._by_use()):
            age = time.time() - (self.folder / name / _USED).stat().st_mtime
            if place and (age > KEPT or place >= AT_MOST):
                # The mark goes first: half a build is none.
                (self.folder / name / _USED).unlink(missing_ok=True)
                shutil.rmtree(self.folder / name, ignore_errors=True)

"""Files in a folder of this machine: written aside and renamed, so that no half of a file is ever seen."""

import os
import secrets
import shutil
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from lk_reflex.integrations.storage.port import Stored, StoreFault, StoreFull, is_key

#: In bytes: with less, the database beside it is about to stop, too.
LEAST_ROOM = 32 * 1024 * 1024


class _Open:
    """Read through a buffer, whose lock lets nobody close the file under a reader."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.size = os.fstat(file.fileno()).st_size

    def read(self, most: int) -> bytes:
        try:
            return self._file.read(most)
        except (OSError, ValueError) as fault:
            raise StoreFault("read") from fault

    def close(self) -> None:
        with suppress(OSError):
            self._file.close()


class FolderStore:
    """Under `root`, by the first two letters of the name: no folder grows too large to list."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, key: str, data: bytes) -> None:
        """Keep them whole or not at all. Raises StoreFault."""
        path = self._path(key)
        aside = path.with_name(f".{secrets.token_hex(8)}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._write(aside, data)
            aside.replace(path)
        except OSError as fault:
            with suppress(OSError):
                aside.unlink(missing_ok=True)
            raise StoreFault(fault.strerror or "write") from fault

    def get(self, key: str) -> bytes | None:
        """The bytes, or None where there are none by that name. Raises StoreFault."""
        if not is_key(key):
            return None
        try:
            return self._path(key).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as fault:
            raise StoreFault(fault.strerror or "read") from fault

    def open(self, key: str) -> Stored | None:
        """The same to be read piece by piece. Raises StoreFault."""
        if not is_key(key):
            return None
        try:
            return _Open(self._path(key).open("rb"))
        except FileNotFoundError:
            return None
        except OSError as fault:
            raise StoreFault(fault.strerror or "read") from fault

    def remove(self, key: str) -> None:
        """Forget them; a repeat is quiet. Raises StoreFault."""
        try:
            self._path(key).unlink(missing_ok=True)
        except OSError as fault:
            raise StoreFault(fault.strerror or "remove") from fault

    def check(self) -> None:
        """Whether the disk can be written to and has room. Raises StoreFault, StoreFull."""
        try:
            self._root.mkdir(parents=True, exist_ok=True, mode=0o700)
            free = shutil.disk_usage(self._root).free
        except OSError as fault:
            raise StoreFault(fault.strerror or "check") from fault
        if not os.access(self._root, os.W_OK):
            raise StoreFault("read-only")
        if free < LEAST_ROOM:
            raise StoreFull(f"{free} bytes left")

    def _path(self, key: str) -> Path:
        if not is_key(key):
            raise StoreFault("not a name of ours")
        return self._root / key[:2] / key

    @staticmethod
    def _write(path: Path, data: bytes) -> None:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())

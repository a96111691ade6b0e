"""The port of the file store: bytes under random names."""

import re
from typing import Protocol

_KEY = re.compile(r"[A-Za-z0-9_-]{16,64}")


class StoreFault(Exception):
    """The store can't be written to or read at the moment: a full disk, a server away."""


class StoreFull(StoreFault):
    """There is hardly any room left."""


class Stored(Protocol):
    """A file's bytes, read piece by piece; whoever has it closes it."""

    @property
    def size(self) -> int:
        """In bytes, of the whole."""
        ...

    def read(self, most: int) -> bytes:
        """The next bytes, `most` of them or fewer; none at the end. Raises StoreFault."""
        ...

    def close(self) -> None:
        """Let go of it; quiet whatever has become of the store."""
        ...


class FileStore(Protocol):
    """Keeps bytes by name. Names are ours, random, and never what a person called a file."""

    def put(self, key: str, data: bytes) -> None:
        """Keep them whole or not at all. Raises StoreFault."""
        ...

    def get(self, key: str) -> bytes | None:
        """The bytes, or None where there are none by that name. Raises StoreFault."""
        ...

    def open(self, key: str) -> Stored | None:
        """The same to be read piece by piece. Raises StoreFault."""
        ...

    def remove(self, key: str) -> None:
        """Forget them; a repeat is quiet. Raises StoreFault."""
        ...

    def check(self) -> None:
        """Whether it answers and has room. Raises StoreFault, StoreFull."""
        ...


def is_key(key: str) -> bool:
    """Whether a name may be one of ours: what comes in an address must lead nowhere else."""
    return _KEY.fullmatch(key) is not None

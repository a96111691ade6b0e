"""The web processes behind one port tell each other their figures: whoever is asked answers for all.

Each listens on a socket of its own in the data folder, for nobody but its siblings; so nothing is written to a disk
that may be full, and nothing is worked out that nobody has asked for. Processes on ports of their own, or on other
machines, are asked apart.
"""

import asyncio
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

#: A sibling that is busy for longer is left out this time, in seconds.
PATIENCE = 2.0
#: What a socket's path may hold.
_LONGEST_PATH = 100
#: Far above what one process has to tell.
_LIMIT = 4 * 1024 * 1024


class Siblings:
    """`folder` is the installation's, `port` what they share, `tell` gives this process's own figures."""

    def __init__(self, folder: Path, port: int, tell: Callable[[], str]) -> None:
        self._folder, self._tell = folder, tell
        # Processes of other machines (containers) may write into the same folder, and have the same numbers.
        self._kind = f"{socket.gethostname()[:32]}-{port}-"
        self._own = f"{self._kind}{os.getpid()}.sock"

    async def run(self) -> None:
        """Answer until the server ends."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with _reachable(self._folder) as folder:
            path = folder / self._own
            path.unlink(missing_ok=True)
            server = await asyncio.start_unix_server(self._answer, path)
            path.chmod(0o600)
            try:
                await server.serve_forever()
            finally:
                server.close()
                path.unlink(missing_ok=True)

    async def others(self) -> list[str]:
        """What the siblings have to tell; nothing of those that don't answer in time."""
        if not self._folder.is_dir():
            return []
        with _reachable(self._folder) as folder:
            names = [path for path in folder.glob(f"{self._kind}*.sock") if path.name != self._own]
            told = await asyncio.gather(*(self._ask(path) for path in names))
        return [text for text in told if text]

    async def _answer(self, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            writer.write(self._tell().encode())
            writer.write_eof()
            await writer.drain()
            writer.close()

    @staticmethod
    async def _ask(path: Path) -> str:
        try:
            async with asyncio.timeout(PATIENCE):
                reader, writer = await asyncio.open_unix_connection(path, limit=_LIMIT)
                try:
                    return (await reader.read(-1)).decode()
                finally:
                    writer.close()
        except (ConnectionRefusedError, FileNotFoundError):
            path.unlink(missing_ok=True)  # it was killed
        except (OSError, TimeoutError):
            pass
        return ""


@contextmanager
def _reachable(folder: Path) -> Iterator[Path]:
    """The folder by a path that is short enough for a socket's address."""
    if len(os.fsencode(folder)) + 60 < _LONGEST_PATH:
        yield folder
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        yield Path(f"/proc/self/fd/{handle}")
    finally:
        os.close(handle)

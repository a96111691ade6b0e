"""Hashed files of earlier builds, for tabs that were opened before the newest came."""

import re
from pathlib import Path

from reflex.utils.precompressed_staticfiles import PrecompressedStaticFiles
from starlette.types import ASGIApp

from lk_reflex.core.builds import Builds

#: A file's name with its content's hash; nothing of it leads out of the folder.
_ASSET = re.compile(r"/(assets/[\w-][\w.-]*)")
_ENCODINGS = ("brotli", "gzip")


class KeptAssets:
    """Finds who answers for a file that this process's own build has not."""

    def __init__(self, built: Path, builds: Builds) -> None:
        self._own = frozenset(path.name for path in (built / "assets").glob("*"))
        self._builds = builds

    def answering(self, path: str) -> ASGIApp | None:
        """The application with that file, of whatever build; None where it is ours, or nobody has it."""
        asset = _ASSET.fullmatch(path)
        if asset is None or asset[1].removeprefix("assets/") in self._own:
            return None
        client = self._builds.find(asset[1])
        return PrecompressedStaticFiles(directory=client, encodings=_ENCODINGS) if client else None

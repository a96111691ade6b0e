"""Rows that were left out, in files of the same layout with the reason as the last column."""

import csv
from pathlib import Path
from typing import IO, Any

from lk_reflex.exchange.layout import LAYOUTS
from lk_reflex.exchange.sheet import Row

REASON = "Причина"


def bad_folder(package: Path) -> Path:
    """`<package>-bad` beside the package, never inside it."""
    whole = package.resolve()
    return whole.with_name(f"{whole.name if whole.is_dir() else whole.stem}-bad")


class BadRows:
    """Writes the rows as they come; a file is begun with its first row."""

    def __init__(self, package: Path) -> None:
        self.folder = bad_folder(package)
        self.paths: list[str] = []
        self._files: dict[str, tuple[IO[str], Any]] = {}
        for layout in LAYOUTS:  # what an earlier try has left would be taken for this one's
            (self.folder / f"{layout.name}.csv").unlink(missing_ok=True)

    def write(self, name: str, header: Row, row: Row, reason: str) -> None:
        """Add a row of the table `name`."""
        width = len(header) - (header[-1] == REASON)  # the file of an earlier try, corrected and given again
        if name not in self._files:
            self._begin(name, header[:width])
        filled = row[:width] + [""] * (width - len(row))
        self._files[name][1].writerow([*filled, reason])

    def _begin(self, name: str, header: Row) -> None:
        self.folder.mkdir(exist_ok=True)
        path = self.folder / f"{name}.csv"
        file = path.open("w", encoding="utf-8-sig", newline="")
        writer = csv.writer(file, delimiter=";")
        writer.writerow([*header, REASON])
        self._files[name] = file, writer
        self.paths.append(str(path))

    def close(self) -> None:
        """Finish all files."""
        for file, _ in self._files.values():
            file.close()

"""Finds the tables of a package: a folder, a ZIP, an XLSX workbook, or one CSV file."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePosixPath
from shutil import copyfileobj
from typing import IO
from zipfile import BadZipFile, ZipExtFile
from zlib import error as ZlibError  # noqa: N812

from lk_reflex.exchange import archive
from lk_reflex.exchange.csv_sheet import open_csv
from lk_reflex.exchange.layout import LAYOUTS
from lk_reflex.exchange.report import FileTotals, Remarks
from lk_reflex.exchange.sheet import Source, Unreadable
from lk_reflex.exchange.xlsx_sheet import open_sheet, sheet_names

_NAMES = [layout.name for layout in LAYOUTS]
_EXPECTED = ", ".join(f"{name}.csv" for name in _NAMES)
Opener = Callable[[], IO[bytes]]


@dataclass
class Package:
    """The tables found, in the order of their references, and remarks on what was left aside.

    An outside register comes with `faults` of its own lines, with `totals` of its own, which stand for those of the
    tables made of it, and with `left_out`, which writes the lines left out to a file and names it.
    """

    path: Path
    sources: list[Source] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    faults: Remarks = field(default_factory=Remarks)
    totals: list[FileTotals] = field(default_factory=list)
    left_out: Callable[[], list[str]] | None = None
    #: Whether the whole can't be taken, even without its bad rows.
    refused: bool = False

    def add(self, source: Source) -> None:
        """Take a table; the same table twice is refused with Unreadable."""
        if any(other.name == source.name for other in self.sources):
            raise Unreadable(f"Таблица {source.name} встречается в пакете дважды ({source.label}).")
        self.sources.append(source)


@contextmanager
def open_package(path: Path) -> Iterator[Package]:
    """A package whose tables can be opened while the block lasts. Raises Unreadable."""
    package = Package(path)
    with ExitStack() as stack:
        if path.is_dir():
            for file in sorted(path.iterdir()):
                if file.is_file():
                    _add_file(package, file.name, file.stat().st_size, partial(file.open, "rb"), stack)
        elif path.is_file():
            _add_single(package, path, stack)
        else:
            raise Unreadable(f"Нет такого файла или папки: {path}")
        if not package.sources:
            raise Unreadable(f"Это не пакет обмена: нет ни одной известной таблицы ({_EXPECTED}).")
        package.sources.sort(key=lambda source: _NAMES.index(source.name))
        yield package


def _add_single(package: Package, path: Path, stack: ExitStack) -> None:
    if path.suffix.lower() in {".xlsx", ".csv"}:
        _add_file(package, path.name, path.stat().st_size, partial(path.open, "rb"), stack)
        return
    with path.open("rb") as file:
        if file.read(2) != b"PK":
            raise Unreadable("Это не пакет обмена: нужна папка, архив ZIP или книга XLSX.")
    zipped = stack.enter_context(archive.open_zip(path))
    for member in archive.check(zipped):
        name = PurePosixPath(member.filename.replace("\\", "/"))
        if "__MACOSX" not in name.parts:
            _add_file(package, name.name, member.file_size, partial(archive.open_member, zipped, member), stack)


def _add_file(package: Package, name: str, size: int, opener: Opener, stack: ExitStack) -> None:
    stem, _, suffix = name.lower().rpartition(".")
    if suffix == "csv" and stem in _NAMES:
        package.add(Source(stem, name, size, partial(open_csv, opener)))
    elif suffix == "xlsx" and not name.startswith("~$"):
        if size > archive.MAX_BOOK_BYTES:
            raise Unreadable(f"{name}: книга XLSX слишком велика. Передайте таблицы в CSV.")
        _add_book(package, name, opener, stack)
    elif not name.startswith((".", "~$")):
        package.notices.append(f"{name}: такой таблицы в пакете обмена нет, файл пропущен.")


def _add_book(package: Package, name: str, opener: Opener, stack: ExitStack) -> None:
    file = stack.enter_context(_seekable(opener))
    try:
        with archive.open_zip(file) as zipped:
            archive.check(zipped, archive.MAX_BOOK_BYTES)
        titles = sheet_names(file)
    except Unreadable as fault:
        raise Unreadable(f"{name}: {fault.message}") from fault
    for title in titles:
        table = title.strip().lower()
        if table in _NAMES:
            package.add(Source(table, f"{name}, лист {table}", 0, partial(open_sheet, file, title)))
        else:
            package.notices.append(f"{name}: лист «{title}» не известен и пропущен.")


@contextmanager
def _seekable(opener: Opener) -> Iterator[IO[bytes]]:
    """A workbook must be read from its end: one inside a ZIP is unpacked aside, no further than it declared."""
    with opener() as given:
        if not isinstance(given, ZipExtFile):
            yield given
            return
        with tempfile.TemporaryFile() as copy:
            try:
                copyfileobj(given, copy)
            except (BadZipFile, ZlibError, EOFError) as fault:
                raise Unreadable("Архив повреждён или обрезан: книга XLSX не читается.") from fault
            yield copy

"""A table for billing, CSV or XLSX; the file appears under its name only when it is whole."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from lk_reflex.core.disk_faults import said
from lk_reflex.core.errors import Refused
from lk_reflex.core.spreadsheet import Kind, safe_text, write_csv, write_xlsx

__all__ = ["replacing", "safe_text", "write_table"]


def write_table(
    out: Path, name: str, header: Sequence[str], rows: Iterable[Sequence[str]], kinds: Mapping[int, Kind]
) -> None:
    """Write a table; `kinds` tells by its place which column is no text, `name` names a workbook's sheet.

    Texts must be safe already. A file of that name is replaced at once, or stays whole: rename comes after fsync.
    Raises Refused where the folder can't be written.
    """
    try:
        with replacing(out) as file:
            if out.suffix.lower() == ".xlsx":
                write_xlsx(file, header, rows, kinds, name=name)
            else:
                write_csv(file, header, rows)
    except OSError as fault:
        raise Refused(f"Не удалось записать файл {out}: {said(fault)}.") from fault


def own_file(path: Path) -> IO[bytes]:
    """A new file that no other user of this machine may read. Raises OSError, FileExistsError where there is one."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


@contextmanager
def replacing(out: Path) -> Iterator[IO[bytes]]:
    """A file that appears under its name only when the block has ended well, and only its owner reads it.

    Raises OSError.
    """
    aside = out.with_name(f".{out.name}.{os.getpid()}.part")
    try:
        aside.unlink(missing_ok=True)  # of a run that was killed, and had this one's number
        with own_file(aside) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        aside.replace(out)
    finally:
        aside.unlink(missing_ok=True)
    folder = os.open(out.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)

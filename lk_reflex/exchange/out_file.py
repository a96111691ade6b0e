"""Writes a table for billing, CSV or XLSX, row by row; the file appears under its name only when it is whole."""

import codecs
import csv
import io
import os
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import IO
from xml.sax.saxutils import escape

from lk_reflex.core.errors import Refused

#: What a spreadsheet would take for a formula (OWASP, CSV injection).
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def safe_text(text: str) -> str:
    """A text that no spreadsheet takes for a formula: an apostrophe before what could begin one."""
    return f"'{text}" if text.startswith(_DANGEROUS) else text


def write_table(out: Path, header: Sequence[str], rows: Iterable[Sequence[str]], numbers: Sequence[int]) -> None:
    """Write a table; the columns at the places `numbers` are numbers. Raises Refused where the folder can't be written.

    Texts must be safe already. A file of that name is replaced at once, or stays whole: rename comes after fsync.
    """
    write = _write_xlsx if out.suffix.lower() == ".xlsx" else _write_csv
    try:
        with _replacing(out) as file:
            write(file, header, rows, frozenset(numbers))
    except OSError as fault:
        raise Refused(f"Не удалось записать файл {out}: {fault.strerror}.") from fault


@contextmanager
def _replacing(out: Path) -> Iterator[IO[bytes]]:
    aside = out.with_name(f".{out.name}.{os.getpid()}.part")
    try:
        with aside.open("wb") as file:
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


def _write_csv(file: IO[bytes], header: Sequence[str], rows: Iterable[Sequence[str]], _numbers: frozenset[int]) -> None:
    file.write(codecs.BOM_UTF8)  # by hand: Python's «utf-8-sig» encodes row by row in Python
    text = io.TextIOWrapper(file, "utf-8", newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(rows)
    text.detach()


def _write_xlsx(file: IO[bytes], header: Sequence[str], rows: Iterable[Sequence[str]], numbers: frozenset[int]) -> None:
    """A workbook of one sheet. By hand, because a batch repeated by its number must not differ in a single byte."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as book:
        for name, text in _PARTS.items():
            book.writestr(_entry(name), _HEAD + text)
        with book.open(_entry("xl/worksheets/sheet1.xml"), "w") as sheet:
            sheet.write(f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>'.encode())
            sheet.write(_xml_row(1, header, frozenset()).encode())
            for number, row in zip(count(2), rows, strict=False):
                sheet.write(_xml_row(number, row, numbers).encode())
            sheet.write(b"</sheetData></worksheet>")


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _xml_row(number: int, row: Sequence[str], numbers: frozenset[int]) -> str:
    cells = (
        f"<c><v>{text.replace(',', '.')}</v></c>"
        if place in numbers and text
        else f'<c t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'
        for place, text in enumerate(row)
    )
    return f'<row r="{number}">{"".join(cells)}</row>'


_PARTS = {
    "[Content_Types].xml": (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPES}.worksheet+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}">'
        '<sheets><sheet name="readings" sheetId="1" r:id="rId1"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
    ),
}

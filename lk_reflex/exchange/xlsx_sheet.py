"""Sheets of an XLSX workbook as tables of texts, row by row."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import IO, Any
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile
from zlib import error as ZlibError  # noqa: N812

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from lk_reflex.core.clock import format_date
from lk_reflex.exchange.sheet import Portion, Row, Sheet, Unreadable

_BROKEN = (BadZipFile, ZlibError, EOFError, KeyError, ValueError, TypeError, ParseError, InvalidFileException, OSError)
_PORTION = 5_000
_SENTENCE = "Книга XLSX повреждена или это не XLSX."


def cell_text(value: Any) -> str:
    """A cell as billing would have typed it into CSV; numbers as Excel shows them, to 15 significant digits."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        return f"{Decimal(f'{value:.15g}'):f}"
    if isinstance(value, datetime | date):
        return format_date(value)
    return str(value)


class XlsxSheet:
    """One open sheet. Its bytes aren't counted: openpyxl doesn't tell them."""

    def __init__(self, rows: Iterator[tuple[Any, ...]]) -> None:
        self._rows = rows
        self.header: Row = [cell_text(value).strip() for value in _guarded(lambda: next(rows, ()))]

    def portions(self) -> Iterator[Portion]:
        """The rows after the header; an empty row stays as an empty list, so that lines keep their numbers."""
        before = 1
        while rows := _guarded(lambda: list(islice(self._rows, _PORTION))):
            yield Portion(before, rows=[self._texts(row) for row in rows])
            before += len(rows)

    def done(self) -> int:
        """Not known."""
        return 0

    def remarks(self) -> list[str]:
        """Nothing."""
        return []

    def _texts(self, row: tuple[Any, ...]) -> Row:
        texts = [cell_text(value) for value in row]
        while len(texts) > len(self.header) and not texts[-1]:
            texts.pop()
        return texts + [""] * (len(self.header) - len(texts)) if any(texts) else []


def _guarded(read: Any) -> Any:
    try:
        return read()
    except _BROKEN as fault:
        raise Unreadable(_SENTENCE) from fault


def sheet_names(file: IO[bytes]) -> list[str]:
    """The names of a workbook's sheets. Raises Unreadable."""
    with _book(file) as book:
        return list(book.sheetnames)


@contextmanager
def open_sheet(file: IO[bytes], name: str) -> Iterator[Sheet]:
    """One sheet of a workbook by its exact name. Raises Unreadable."""
    with _book(file) as book:
        page = book[name]
        # Some writers declare a size that is wrong; believing it would lose rows.
        page.reset_dimensions()
        yield XlsxSheet(iter(page.iter_rows(values_only=True)))


@contextmanager
def _book(file: IO[bytes]) -> Iterator[Any]:
    file.seek(0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of styles it doesn't know
        book = _guarded(lambda: load_workbook(file, read_only=True, data_only=True))
        try:
            yield book
        finally:
            book.close()

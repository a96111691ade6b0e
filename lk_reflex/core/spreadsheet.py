"""Writes a table as CSV or XLSX, row by row and always to the same bytes; no spreadsheet finds a formula in it.

Rows are texts in the dialect of exchange: decimal comma, DD.MM.YYYY, MM.YYYY. In a workbook a column's kind makes
real numbers and dates of them.
"""

import codecs
import csv
import io
import re
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from itertools import count
from typing import IO, Final, Literal
from xml.sax.saxutils import escape

Kind = Literal["text", "number", "money", "date", "month"]
#: What a spreadsheet would take for a formula (OWASP, CSV injection).
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
#: Spaces, controls, and signs that have no width: some spreadsheets leave them out when they read a cell.
_UNSEEN = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})
#: What XML 1.0 can't hold: one such sign in a name would make the whole workbook unreadable.
_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
#: The day before the first of Excel's calendar, which has a 29 February 1900; true from March of that year on.
_EPOCH, _FIRST_DAY = date(1899, 12, 30), date(1900, 3, 1)
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_WIDTHS: Final[dict[Kind, int]] = {"text": 24, "number": 14, "money": 16, "date": 14, "month": 12}


def safe_text(text: str) -> str:
    """A text that no spreadsheet takes for a formula: an apostrophe before what could begin one."""
    if text.startswith(_DANGEROUS):
        return f"'{text}"
    if not text or text[0].isalnum():
        return text
    seen = next((char for char in text if unicodedata.category(char) not in _UNSEEN), "")
    return f"'{text}" if seen and seen in _DANGEROUS else text


def write_csv(file: IO[bytes], header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """`;`, CRLF, UTF-8 with a BOM, so that spreadsheets see the letters. Texts must be safe already."""
    file.write(codecs.BOM_UTF8)  # by hand: Python's «utf-8-sig» encodes row by row in Python
    text = io.TextIOWrapper(file, "utf-8", newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(rows)
    text.detach()


def write_xlsx(
    file: IO[bytes],
    header: Sequence[str],
    rows: Iterable[Sequence[str]],
    kinds: Mapping[int, Kind],
    *,
    name: str,
    widths: Mapping[int, int] | None = None,
) -> None:
    """A workbook of one sheet with a frozen header. Columns at no place of `kinds` are texts, and safe already.

    By hand, because a batch of an export repeated by its number must not differ in a single byte.
    """
    spells = [_SPELLS[kinds.get(place, "text")] for place in range(len(header))]
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as book:
        for part, text in _parts(name).items():
            book.writestr(_entry(part), _HEAD + text)
        with book.open(_entry("xl/worksheets/sheet1.xml"), "w") as sheet:
            sheet.write(_begin([(widths or {}).get(i, _WIDTHS[kinds.get(i, "text")]) for i in range(len(header))]))
            sheet.write(_xml_row(1, [_heading] * len(header), header))
            for number, row in zip(count(2), rows, strict=False):
                sheet.write(_xml_row(number, spells, row))
            sheet.write(b"</sheetData></worksheet>")


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _begin(widths: Sequence[int]) -> bytes:
    columns = "".join(
        f'<col min="{i}" max="{i}" width="{width}" customWidth="1"/>' for i, width in enumerate(widths, 1)
    )
    frozen = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    view = f'<sheetViews><sheetView workbookViewId="0">{frozen}</sheetView></sheetViews>'
    return f'{_HEAD}<worksheet xmlns="{_MAIN}">{view}<cols>{columns}</cols><sheetData>'.encode()


def _xml_row(number: int, spells: Sequence[Callable[[str], str]], row: Sequence[str]) -> bytes:
    cells = "".join([spell(text) for spell, text in zip(spells, row, strict=True)])
    return f'<row r="{number}">{cells}</row>'.encode()


def _plain(text: str) -> str:
    return escape(text if text.isprintable() else _UNWRITABLE.sub("\ufffd", text))


def _text(text: str) -> str:
    return f'<c t="inlineStr"><is><t xml:space="preserve">{_plain(text)}</t></is></c>'


def _heading(text: str) -> str:
    return f'<c s="1" t="inlineStr"><is><t xml:space="preserve">{_plain(text)}</t></is></c>'


def _number(text: str) -> str:
    return f"<c><v>{text.replace(',', '.')}</v></c>" if text else "<c/>"


def _money(text: str) -> str:
    return f'<c s="2"><v>{text.replace(",", ".")}</v></c>' if text else '<c s="2"/>'


def _date(text: str) -> str:
    if not text:
        return '<c s="3"/>'
    day, month, year = map(int, text.split("."))
    return _day(date(year, month, day), 3, text)


def _month(text: str) -> str:
    if not text:
        return '<c s="4"/>'
    month, year = map(int, text.split("."))
    return _day(date(year, month, 1), 4, text)


def _day(day: date, style: int, text: str) -> str:
    return f'<c s="{style}"><v>{(day - _EPOCH).days}</v></c>' if day >= _FIRST_DAY else _text(text)


_SPELLS: Final[dict[Kind, Callable[[str], str]]] = {
    "text": _text,
    "number": _number,
    "money": _money,
    "date": _date,
    "month": _month,
}
#: 4 is «#,##0.00» of every spreadsheet, which writes it by its own country's habit.
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}">'
    '<numFmts count="2"><numFmt numFmtId="164" formatCode="dd\\.mm\\.yyyy"/>'
    '<numFmt numFmtId="165" formatCode="mm\\.yyyy"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="5"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1" applyAlignment="1">'
    '<alignment vertical="top" wrapText="1"/></xf>'
    + "".join(
        f'<xf numFmtId="{number}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
        for number in (4, 164, 165)
    )
    + '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


def _parts(name: str) -> dict[str, str]:
    return {
        "[Content_Types].xml": (
            f'<Types xmlns="{_PACKAGE}/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/>'
            f'<Override PartName="/xl/styles.xml" ContentType="{_TYPES}.styles+xml"/>'
            f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPES}.worksheet+xml"/></Types>'
        ),
        "_rels/.rels": (
            f'<Relationships xmlns="{_PACKAGE}/relationships">'
            f'<Relationship Id="rId1" Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ),
        "xl/workbook.xml": (
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}">'
            f'<sheets><sheet name="{escape(name, {chr(34): "&quot;"})}" sheetId="1" r:id="rId1"/></sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{_PACKAGE}/relationships">'
            f'<Relationship Id="rId1" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>'
            f'<Relationship Id="rId2" Type="{_RELATIONS}/styles" Target="styles.xml"/></Relationships>'
        ),
        "xl/styles.xml": _STYLES,
    }

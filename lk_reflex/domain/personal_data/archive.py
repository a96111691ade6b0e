"""Somebody's data as a ZIP: one JSON for programs, a CSV a subject for people with a spreadsheet."""

import csv
import io
import json
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from lk_reflex.core.clock import format_date, local_time
from lk_reflex.domain.personal_data.sheets import Cell, Sheet

JSON_NAME, READ_ME = "данные.json", "прочтите.txt"
#: What a spreadsheet would take for the beginning of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def archive(sheets: Sequence[Sheet], *, now: datetime, zone: str) -> bytes:
    """The whole file. Times are those of `zone`."""
    buffer = io.BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as package:
        _put(package, READ_ME, _about(sheets, now, zone), now, zone)
        _put(package, JSON_NAME, _json(sheets, zone), now, zone)
        for sheet in sheets:
            # With a byte order mark: without it spreadsheets take Cyrillic for another encoding.
            _put(package, f"{sheet.title}.csv", "\ufeff" + _csv(sheet, zone), now, zone)
    return buffer.getvalue()


def _put(package: ZipFile, name: str, text: str, now: datetime, zone: str) -> None:
    entry = ZipInfo(name, date_time=local_time(now, zone).timetuple()[:6])
    entry.compress_type = ZIP_DEFLATED
    package.writestr(entry, text.encode())


def _about(sheets: Sequence[Sheet], now: datetime, zone: str) -> str:
    local = local_time(now, zone)
    lines = [
        f"Ваши данные в личном кабинете абонента на {format_date(local.date())}, {local:%H:%M}.",
        "",
        f"{JSON_NAME} — все данные для программ. Остальные файлы — те же данные таблицами:",
        *(f"- {sheet.title}.csv: записей {len(sheet.rows)}" for sheet in sheets),
        "",
        "Начисления, оплаты и показания лицевых счетов принадлежат вашей организации и видны в самом кабинете.",
        "Паролей здесь нет: кабинет хранит только их необратимые отпечатки.",
    ]
    return "\r\n".join(lines) + "\r\n"


def _json(sheets: Sequence[Sheet], zone: str) -> str:
    whole = {
        sheet.title: [
            {name: _plain(cell, zone) for name, cell in zip(sheet.columns, row, strict=True)} for row in sheet.rows
        ]
        for sheet in sheets
    }
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def _plain(cell: Cell, zone: str) -> object:
    if isinstance(cell, datetime):
        return local_time(cell, zone).isoformat(timespec="seconds")
    return str(cell) if isinstance(cell, Decimal | date) else cell


def _csv(sheet: Sheet, zone: str) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    writer.writerow(sheet.columns)
    writer.writerows([_shown(cell, zone) for cell in row] for row in sheet.rows)
    return buffer.getvalue()


def _shown(cell: Cell, zone: str) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return "да" if cell else "нет"
        case datetime():
            local = local_time(cell, zone)
            return f"{format_date(local.date())} {local:%H:%M:%S}"
        case date():
            return format_date(cell)
        case Decimal():
            return str(cell).replace(".", ",")
        case int():
            return str(cell)
    text = cell.replace("\0", "")
    return f"'{text}" if text.startswith(_FORMULA) else text

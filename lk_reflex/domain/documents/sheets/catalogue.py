"""Tables by the name in their address; whose they are is decided here and in the services below."""

from collections.abc import Callable, Mapping
from datetime import datetime
from io import BytesIO
from typing import Final

from lk_reflex.core.clock import local_date
from lk_reflex.core.db import Reader
from lk_reflex.core.errors import NotFound
from lk_reflex.core.months import Month
from lk_reflex.core.spreadsheet import write_csv, write_xlsx
from lk_reflex.domain.accounts.linked import NO_ACCOUNTS, NOT_LINKED, LinkedAccount, linked_accounts
from lk_reflex.domain.documents.sheets.accruals import accruals_sheet
from lk_reflex.domain.documents.sheets.charges import by_month_sheet, charges_sheet
from lk_reflex.domain.documents.sheets.issued import documents_sheet
from lk_reflex.domain.documents.sheets.meters import consumption_sheet, meters_sheet, readings_sheet
from lk_reflex.domain.documents.sheets.model import Asked, Sheet
from lk_reflex.domain.documents.sheets.why import why_sheet
from lk_reflex.domain.identity.access import Actor

CSV, XLSX = "csv", "xlsx"
NO_TABLE = "Такой таблицы нет"
Make = Callable[[Reader, Actor, Asked, datetime], Sheet]

#: A table more is one line here; what only later subjects can fill they add themselves.
TABLES: Final[dict[str, Make]] = {
    "charges": lambda db, actor, asked, _: charges_sheet(db, actor, asked),
    "charges-by-month": lambda db, actor, asked, _: by_month_sheet(db, actor, asked),
    "accruals": lambda db, actor, asked, _: accruals_sheet(db, actor, asked),
    "why": lambda db, actor, asked, _: why_sheet(db, actor, asked),
    "documents": lambda db, actor, asked, _: documents_sheet(db, actor, asked),
    "meters": lambda db, actor, asked, now: meters_sheet(db, actor, asked, now=now),
    "readings": lambda db, actor, asked, now: readings_sheet(db, actor, asked, now=now),
    "consumption": lambda db, actor, asked, now: consumption_sheet(db, actor, asked, now=now),
}


def sheet_for(
    db: Reader,
    actor: Actor,
    name: str,
    *,
    now: datetime,
    account_id: int | None = None,
    first: Month | None = None,
    last: Month | None = None,
    meter_id: int | None = None,
    tables: Mapping[str, Make] = TABLES,
) -> Sheet:
    """A table of one of the actor's accounts, the chosen one where none is named.

    Raises NotFound for an unknown table and for an account or a meter that isn't the actor's.
    """
    make = tables.get(name)
    if make is None:
        raise NotFound(NO_TABLE)
    account = account_for(db, actor, account_id)
    today = local_date(now, account.time_zone)
    return make(db, actor, Asked(account, today, first, last, meter_id), now)


def account_for(db: Reader, actor: Actor, account_id: int | None) -> LinkedAccount:
    """One of the actor's accounts by its id, or the chosen one. Raises NotFound."""
    mine = linked_accounts(db, actor)
    if account_id is None and not mine:
        raise NotFound(NO_ACCOUNTS)
    found = next((one for one in mine if account_id in (None, one.account_id)), None)
    if found is None:
        raise NotFound(NOT_LINKED)
    return found


def as_file(sheet: Sheet, suffix: str) -> bytes:
    """The table's bytes, CSV or XLSX; some milliseconds of a core, so not on the event loop."""
    out = BytesIO()
    if suffix == XLSX:
        write_xlsx(out, sheet.header, sheet.rows, sheet.kinds, name=sheet.title, widths=sheet.widths)
    else:
        write_csv(out, sheet.header, sheet.rows)
    return out.getvalue()

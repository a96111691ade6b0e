"""The tables that can be taken away, with those that only the payments can fill."""

from typing import Final

from lk_reflex.core.db import Reader
from lk_reflex.domain.documents.sheets.catalogue import TABLES, Make
from lk_reflex.domain.documents.sheets.model import Asked, Column, Sheet, sheet_of
from lk_reflex.domain.identity.access import Actor
from lk_reflex.domain.payments.history import paid_years

PENDING: Final = "в обработке"
ACCOUNTED: Final = "учтено"
PAYMENTS = (
    Column("Вид оплаты", width=36),
    Column("Дата приема", "date"),
    Column("Дата обработки", "date"),
    Column("Сумма (руб.)", "money"),
    Column("Состояние", width=16),
    Column("Номер платежа", width=18),
)


def payments_sheet(db: Reader, actor: Actor, asked: Asked) -> Sheet:
    """All payments, newest first, with billing's own sign: its records, and what it hasn't recorded yet."""
    rows = [
        (
            one.kind,
            one.accepted_on,
            one.processed_on,
            one.amount,
            PENDING if one.pending else ACCOUNTED,
            one.trace.number if one.trace else "",
        )
        for year in paid_years(db, actor, asked.account.account_id)
        for one in year.payments
    ]
    return sheet_of(asked, "История оплат", "оплаты", PAYMENTS, rows)


#: All tables of the pages, by the name in their address.
ALL_TABLES: Final[dict[str, Make]] = {
    **TABLES,
    "payments": lambda db, actor, asked, _: payments_sheet(db, actor, asked),
}

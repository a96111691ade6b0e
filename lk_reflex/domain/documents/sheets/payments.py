"""История оплат and Документы as tables."""

from lk_reflex.core.db import Reader
from lk_reflex.domain.billing.posted import payments_of
from lk_reflex.domain.documents.listing import documents_of
from lk_reflex.domain.documents.sheets.model import Asked, Column, Sheet, sheet_of
from lk_reflex.domain.identity.access import Actor

PAYMENTS = (
    Column("Вид оплаты", width=36),
    Column("Дата приема", "date"),
    Column("Дата обработки", "date"),
    Column("Сумма (руб.)", "money"),
)
DOCUMENTS = (
    Column("Наименование документа", width=52),
    Column("Дата выпуска", "date"),
    Column("Месяц", "month"),
    Column("Номер документа", width=20),
)


def payments_sheet(db: Reader, actor: Actor, asked: Asked) -> Sheet:
    """All payments, newest first, with billing's own sign."""
    rows = [
        (payment.kind, payment.accepted_on, payment.processed_on, payment.amount)
        for year in payments_of(db, actor, asked.account.account_id)
        for payment in year.payments
    ]
    return sheet_of(asked, "История оплат", "оплаты", PAYMENTS, rows)


def documents_sheet(db: Reader, actor: Actor, asked: Asked) -> Sheet:
    """All receipts, newest first."""
    rows = [
        (document.title, document.issued_on, document.month, document.number)
        for document in documents_of(db, actor, asked.account.account_id, today=asked.today)
    ]
    return sheet_of(asked, "Документы", "документы", DOCUMENTS, rows)

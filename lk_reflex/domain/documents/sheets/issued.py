"""Документы as a table."""

from lk_reflex.core.db import Reader
from lk_reflex.domain.documents.listing import documents_of
from lk_reflex.domain.documents.sheets.model import Asked, Column, Sheet, sheet_of
from lk_reflex.domain.identity.access import Actor

DOCUMENTS = (
    Column("Наименование документа", width=52),
    Column("Дата выпуска", "date"),
    Column("Месяц", "month"),
    Column("Номер документа", width=20),
)


def documents_sheet(db: Reader, actor: Actor, asked: Asked) -> Sheet:
    """All receipts, newest first."""
    rows = [
        (document.title, document.issued_on, document.month, document.number)
        for document in documents_of(db, actor, asked.account.account_id, today=asked.today)
    ]
    return sheet_of(asked, "Документы", "документы", DOCUMENTS, rows)

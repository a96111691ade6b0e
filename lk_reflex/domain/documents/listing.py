"""Документы: the receipts of an account, newest first."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import bindparam, select
from sqlmodel import col

from lk_reflex.core.db import Reader
from lk_reflex.core.months import Month
from lk_reflex.domain.billing.present import receipt_title
from lk_reflex.domain.billing.tables import Receipt
from lk_reflex.domain.identity.access import Actor, owned

#: So long after its day of issue a receipt of the newest month is marked as new.
NEW_FOR = timedelta(days=30)
_DOCUMENTS = select(
    col(Receipt.id), col(Receipt.kind), col(Receipt.month), col(Receipt.issued_on), col(Receipt.document_number)
).where(col(Receipt.account_id) == bindparam("account_id"), owned(Receipt.account_id))


@dataclass(frozen=True, slots=True)
class Document:
    """One receipt of the list."""

    receipt_id: int
    kind: str
    month: Month
    issued_on: date
    number: str
    is_new: bool

    @property
    def title(self) -> str:
        """«Квитанция Объединённая за СЕНТЯБРЬ 2019»."""
        return receipt_title(self.kind, self.month)


def documents_of(db: Reader, actor: Actor, account_id: int, *, today: date) -> tuple[Document, ...]:
    """Newest month first, within a month by kind; empty where there are none or the account isn't the person's."""
    rows = db.rows(_DOCUMENTS, account_id=account_id, **actor.owning)
    newest = max((row.month for row in rows), default=None)
    # Sorted here: the two databases order Cyrillic differently.
    rows.sort(key=lambda row: (-row.month.ordinal, row.kind, row.id))
    return tuple(
        Document(
            row.id,
            row.kind,
            row.month,
            row.issued_on,
            row.document_number,
            row.month == newest and timedelta(0) <= today - row.issued_on <= NEW_FOR,
        )
        for row in rows
    )

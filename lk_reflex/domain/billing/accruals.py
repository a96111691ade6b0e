"""Детализация начислений: by what tariff, norm and volume each service of a month was charged."""

from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import bindparam, select
from sqlmodel import col

from lk_reflex.core.db import Reader
from lk_reflex.core.months import Month
from lk_reflex.domain.billing.present import receipt_title
from lk_reflex.domain.billing.tables import Accrual, Receipt
from lk_reflex.domain.identity.access import Actor, owned


@dataclass(frozen=True, slots=True)
class AccrualLine:
    """One operation («начисление», «перерасчет»). Tariff, norm, volume in millionths, `amount` in kopecks."""

    service: str
    operation: str
    tariff: int | None
    unit: str
    norm: int | None
    volume: int | None
    period_from: Month | None
    period_to: Month | None
    months: int | None
    amount: int


@dataclass(frozen=True, slots=True)
class ReceiptAccruals:
    """One receipt: its operations in the file's order, and ИТОГО in kopecks."""

    receipt_id: int
    title: str
    lines: tuple[AccrualLine, ...]
    amount: int


#: The columns of an AccrualLine, in its order.
LINE = (
    col(Accrual.service),
    col(Accrual.operation),
    col(Accrual.tariff),
    col(Accrual.unit),
    col(Accrual.norm),
    col(Accrual.volume),
    col(Accrual.period_from),
    col(Accrual.period_to),
    col(Accrual.months),
    col(Accrual.amount),
)
_ACCRUALS = (
    select(
        col(Receipt.id),
        col(Receipt.kind),
        *LINE,
    )
    .select_from(Receipt)
    .outerjoin(Accrual, col(Accrual.receipt_id) == col(Receipt.id))
    .where(
        col(Receipt.account_id) == bindparam("account_id"),
        col(Receipt.month) == bindparam("month"),
        owned(Receipt.account_id),
    )
    .order_by(col(Receipt.id), col(Accrual.line))
)


def accruals_of(db: Reader, actor: Actor, account_id: int, month: Month) -> tuple[ReceiptAccruals, ...]:
    """All receipts of that month by kind; empty where there are none or the account isn't the person's."""
    rows = db.rows(_ACCRUALS, account_id=account_id, month=month, **actor.owning)
    receipts = [_receipt(list(lines), month) for _, lines in groupby(rows, attrgetter("id"))]
    # Sorted here, since the two databases order Cyrillic differently.
    return tuple(sorted(receipts, key=attrgetter("title")))


def _receipt(rows: list[Any], month: Month) -> ReceiptAccruals:
    lines = tuple(AccrualLine(*row[2:]) for row in rows if row.service is not None)
    title = receipt_title(rows[0].kind, month)
    return ReceiptAccruals(rows[0].id, title, lines, sum(line.amount for line in lines))

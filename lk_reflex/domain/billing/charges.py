"""Детализация по услугам: the balance lines of an account's receipts of one month."""

from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import bindparam, select
from sqlmodel import col

from lk_reflex.core.db import Reader
from lk_reflex.core.json_rows import as_one_row
from lk_reflex.core.months import Month
from lk_reflex.domain.accounts.overseen import OverseenAccount
from lk_reflex.domain.billing.present import receipt_title
from lk_reflex.domain.billing.sums import Sums, add_up
from lk_reflex.domain.billing.tables import BalanceLine, Receipt
from lk_reflex.domain.identity.access import Actor, owned


@dataclass(frozen=True, slots=True)
class ServiceCharge:
    """One service of a receipt: the sum itself and, apart from it, the penalty. Kopecks."""

    service: str
    main: Sums
    penalty: Sums


@dataclass(frozen=True, slots=True)
class ReceiptCharges:
    """One receipt: its services in billing's order, and ИТОГО of both columns."""

    receipt_id: int
    title: str
    lines: tuple[ServiceCharge, ...]
    main: Sums
    penalty: Sums


#: The columns of a line's Sums, main and penalty, in their order.
FIGURES = (
    col(BalanceLine.debt),
    col(BalanceLine.paid),
    col(BalanceLine.charged),
    col(BalanceLine.total),
    col(BalanceLine.penalty_debt),
    col(BalanceLine.penalty_paid),
    col(BalanceLine.penalty_charged),
    col(BalanceLine.penalty_total),
)
_LINES = (
    select(
        col(Receipt.id),
        col(Receipt.kind),
        col(BalanceLine.id).label("line_id"),
        col(BalanceLine.service),
        *FIGURES,
    )
    .select_from(Receipt)
    .outerjoin(BalanceLine, col(BalanceLine.receipt_id) == col(Receipt.id))
    .where(col(Receipt.account_id) == bindparam("account_id"), col(Receipt.month) == bindparam("month"))
)
_CHARGES = as_one_row(_LINES.where(owned(Receipt.account_id)))
_ANYBODYS = as_one_row(_LINES)
_RECEIPT, _KIND, _LINE, _SERVICE = range(4)
_MAIN, _PENALTY = slice(4, 8), slice(8, 12)
_Row = list[Any]


def charges_of(db: Reader, actor: Actor, account_id: int, month: Month) -> tuple[ReceiptCharges, ...]:
    """All receipts of that month by kind; empty where there are none or the account isn't the person's."""
    return _receipts(db.value(_CHARGES, account_id=account_id, month=month, **actor.owning) or [], month)


def charges_for_staff(db: Reader, account: OverseenAccount, month: Month) -> tuple[ReceiptCharges, ...]:
    """The same for staff."""
    return _receipts(db.value(_ANYBODYS, account_id=account.account_id, month=month) or [], month)


def _receipts(rows: list[_Row], month: Month) -> tuple[ReceiptCharges, ...]:
    # Sorted here: the two databases order Cyrillic differently, and for so few rows it is cheaper than there.
    rows.sort(key=lambda row: (row[_KIND], row[_RECEIPT], row[_LINE] or 0))
    return tuple(_receipt(list(lines), month) for _, lines in groupby(rows, itemgetter(_RECEIPT)))


def _receipt(rows: list[_Row], month: Month) -> ReceiptCharges:
    lines = tuple(
        ServiceCharge(row[_SERVICE], Sums(*row[_MAIN]), Sums(*row[_PENALTY])) for row in rows if row[_LINE] is not None
    )
    return ReceiptCharges(
        rows[0][_RECEIPT],
        receipt_title(rows[0][_KIND], month),
        lines,
        add_up([line.main for line in lines]),
        add_up([line.penalty for line in lines]),
    )

"""Общая информация: of each kind of receipt the newest one, in figures."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlmodel import col

from lk_reflex.core.db import Reader
from lk_reflex.core.months import Month
from lk_reflex.domain.accounts.overseen import OverseenAccount
from lk_reflex.domain.billing.present import receipt_title
from lk_reflex.domain.billing.sums import Sums
from lk_reflex.domain.billing.tables import BalanceLine, Receipt
from lk_reflex.domain.identity.access import Actor, owned


@dataclass(frozen=True, slots=True)
class KindSummary:
    """The newest receipt of one kind, in kopecks; `advance` is charged beforehand for the month after it."""

    receipt_id: int
    kind: str
    month: Month
    issued_on: date
    advance: int
    advance_penalty: int
    main: Sums
    penalty: Sums

    @property
    def title(self) -> str:
        """«Квитанция ХВС и ВО за ФЕВРАЛЬ 2018»."""
        return receipt_title(self.kind, self.month)

    @property
    def due(self) -> int:
        """What the receipt asks for, penalty included; negative for an overpayment."""
        return self.main.total + self.penalty.total


def _sum(column: object) -> Any:
    return func.coalesce(func.sum(column), 0)


#: The columns that `summary_of` reads.
FIGURES = (
    col(Receipt.id),
    col(Receipt.kind),
    col(Receipt.month),
    col(Receipt.issued_on),
    col(Receipt.advance),
    col(Receipt.advance_penalty),
    _sum(BalanceLine.debt),
    _sum(BalanceLine.paid),
    _sum(BalanceLine.charged),
    _sum(BalanceLine.total),
    _sum(BalanceLine.penalty_debt),
    _sum(BalanceLine.penalty_paid),
    _sum(BalanceLine.penalty_charged),
    _sum(BalanceLine.penalty_total),
)
_NEWEST = (
    select(col(Receipt.kind).label("kind"), func.max(col(Receipt.month)).label("month"))
    .where(col(Receipt.account_id) == bindparam("account_id"))
    .group_by(col(Receipt.kind))
    .subquery("newest")
)
_ANYBODYS = (
    select(*FIGURES)
    .select_from(_NEWEST)
    .join(
        Receipt,
        (col(Receipt.account_id) == bindparam("account_id"))
        & (col(Receipt.month) == _NEWEST.c.month)
        & (col(Receipt.kind) == _NEWEST.c.kind),
    )
    .outerjoin(BalanceLine, col(BalanceLine.receipt_id) == col(Receipt.id))
    .group_by(col(Receipt.id))
)
_SUMMARY = _ANYBODYS.where(owned(Receipt.account_id))


def _sums(figures: Iterable[Any]) -> Sums:
    # PostgreSQL gives the sum of bigints as a Decimal.
    return Sums(*map(int, figures))


def summary_of(row: Any) -> KindSummary:
    """One receipt out of a row that begins with FIGURES."""
    return KindSummary(*row[:6], main=_sums(row[6:10]), penalty=_sums(row[10:14]))


def newest_receipts(db: Reader, actor: Actor, account_id: int) -> tuple[KindSummary, ...]:
    """One entry a kind, freshest first, then by kind; empty where there are none or the account isn't the person's."""
    return _freshest(db.rows(_SUMMARY, account_id=account_id, **actor.owning))


def newest_receipts_for_staff(db: Reader, account: OverseenAccount) -> tuple[KindSummary, ...]:
    """The same for staff."""
    return _freshest(db.rows(_ANYBODYS, account_id=account.account_id))


def _freshest(rows: Iterable[Any]) -> tuple[KindSummary, ...]:
    return tuple(sorted(map(summary_of, rows), key=lambda summary: (-summary.month.ordinal, summary.kind)))

"""«Почему изменилась сумма?» of one account: a month against the one before it, and against a year ago."""

from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlmodel import col

from lk_reflex.core.db import Reader
from lk_reflex.core.months import Month
from lk_reflex.core.schema import MonthNumber
from lk_reflex.domain.billing.accruals import LINE, AccrualLine
from lk_reflex.domain.billing.explaining.explain import Explanation, MonthFigures, ReceiptFigures, by_kind, explain
from lk_reflex.domain.billing.explaining.explain_parts import Kind
from lk_reflex.domain.billing.tables import Accrual, BalanceLine, Receipt
from lk_reflex.domain.identity.access import Actor, owned

YEAR = 12


@dataclass(frozen=True, slots=True)
class Explained:
    """A month compared; `why` is None where there is no earlier month to compare it with.

    `wanted` is the month that one would expect to compare with: the neighbour, or the same month a year before.
    """

    month: Month
    wanted: Month
    why: Explanation | None


@dataclass(frozen=True, slots=True)
class TwoYears:
    """Twelve months up to `last` against the twelve before them, in kopecks; `kinds` add up to the difference."""

    first: Month
    last: Month
    was: int
    now: int
    kinds: dict[Kind, int]


@dataclass(frozen=True, slots=True)
class ExplainedYear(Explained):
    """The same month a year before; and two whole years, where the account has all their months."""

    years: TwoYears | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """What two months were charged without penalties, in kopecks."""

    before: Month
    after: Month
    was: int
    now: int


_NEWEST_TWO = (
    select(col(Receipt.month), func.coalesce(func.sum(col(BalanceLine.charged)), 0).label("charged"))
    .select_from(Receipt)
    .outerjoin(BalanceLine, col(BalanceLine.receipt_id) == col(Receipt.id))
    .where(col(Receipt.account_id) == bindparam("account_id"), owned(Receipt.account_id))
    .group_by(col(Receipt.month))
    .order_by(col(Receipt.month).desc())
    .limit(2)
)
_OWN = (
    col(Receipt.account_id) == bindparam("account_id"),
    col(Receipt.month).between(bindparam("first"), bindparam("last")),
    owned(Receipt.account_id),
)
_BEFORE = select(func.max(col(Receipt.month), type_=MonthNumber)).where(
    col(Receipt.account_id) == bindparam("account_id"),
    col(Receipt.month) < bindparam("month"),
    owned(Receipt.account_id),
)
_CHARGED = (
    select(
        col(Receipt.month),
        col(Receipt.id),
        col(Receipt.kind),
        col(BalanceLine.service),
        col(BalanceLine.charged),
        col(BalanceLine.penalty_charged),
        col(BalanceLine.total),
        col(BalanceLine.penalty_total),
    )
    .select_from(Receipt)
    .outerjoin(BalanceLine, col(BalanceLine.receipt_id) == col(Receipt.id))
    .where(*_OWN)
    .order_by(col(Receipt.month), col(Receipt.id), col(BalanceLine.id))
)
_ACCRUED = (
    select(
        col(Receipt.id),
        *LINE,
    )
    .select_from(Receipt)
    .join(Accrual, col(Accrual.receipt_id) == col(Receipt.id))
    .where(*_OWN)
    .order_by(col(Receipt.id), col(Accrual.line))
)


def explained(db: Reader, actor: Actor, account_id: int, month: Month) -> Explained | None:
    """A month against the previous one that the account has; None where it has no such month, or isn't the person's."""
    before: Month | None = db.value(_BEFORE, account_id=account_id, month=month, **actor.owning)
    figures = _figures(db, actor, account_id, before or month, month)
    if month not in figures:
        return None
    why = explain(figures[before], figures[month]) if before else None
    return Explained(month, month.shift(-1), why)


def newest_difference(db: Reader, actor: Actor, account_id: int) -> Difference | None:
    """The account's newest month against the one before it, without reasons; None while there are no two of them."""
    rows = db.rows(_NEWEST_TWO, account_id=account_id, **actor.owning)
    if len(rows) < 2:
        return None
    after, before = rows
    return Difference(before.month, after.month, int(before.charged), int(after.charged))


def explained_year(db: Reader, actor: Actor, account_id: int, month: Month) -> ExplainedYear | None:
    """A month against the same one a year before, and two years of months; None as for `explained`."""
    figures = _figures(db, actor, account_id, month.shift(1 - 2 * YEAR), month)
    if month not in figures:
        return None
    before = month.shift(-YEAR)
    why = explain(figures[before], figures[month]) if before in figures else None
    return ExplainedYear(month, before, why, _two_years(figures, month))


def _two_years(figures: dict[Month, MonthFigures], last: Month) -> TwoYears | None:
    """Each month against its own of the year before, so that a season is compared with the same season."""
    months = [last.shift(-step) for step in range(YEAR)]
    if any(month not in figures or month.shift(-YEAR) not in figures for month in months):
        return None
    compared = [explain(figures[month.shift(-YEAR)], figures[month]) for month in months]
    was, now = (sum(getattr(one, name) for one in compared) for name in ("was", "now"))
    return TwoYears(months[-1], last, was, now, by_kind(compared))


def _figures(db: Reader, actor: Actor, account_id: int, first: Month, last: Month) -> dict[Month, MonthFigures]:
    given: dict[str, Any] = {"account_id": account_id, "first": first, "last": last, **actor.owning}
    accrued = {
        receipt_id: tuple(AccrualLine(*row[1:]) for row in rows)
        for receipt_id, rows in groupby(db.rows(_ACCRUED, **given), attrgetter("id"))
    }
    found: dict[Month, list[ReceiptFigures]] = {}
    for (month, receipt_id), rows in groupby(db.rows(_CHARGED, **given), attrgetter("month", "id")):
        found.setdefault(month, []).append(_receipt(list(rows), accrued.get(receipt_id, ())))
    return {month: MonthFigures(month, tuple(receipts)) for month, receipts in found.items()}


def _receipt(rows: list[Any], accruals: tuple[AccrualLine, ...]) -> ReceiptFigures:
    lines = [row for row in rows if row.service is not None]
    charged = tuple((row.service, row.charged) for row in lines)
    return ReceiptFigures(
        rows[0].kind,
        charged,
        accruals,
        sum(row.penalty_charged for row in lines),
        sum(row.total for row in lines) if lines else None,
        sum(row.penalty_total for row in lines),
    )

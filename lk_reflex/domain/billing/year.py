"""A year of charges by month and service, for the chart on the overview."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import bindparam, func, select
from sqlmodel import col

from lk_reflex.core.db import Reader
from lk_reflex.core.months import Month
from lk_reflex.domain.billing.tables import BalanceLine, Receipt
from lk_reflex.domain.identity.access import Actor, owned

#: A year and its first month once more, so that the newest month stands beside the same one of the year before.
SHOWN = 13
#: So many services are told apart; the others are one.
TOLD_APART = 6
OTHERS = "Остальное"


@dataclass(frozen=True, slots=True)
class ServiceYear:
    """What one service was charged, in kopecks by month; a recalculation may make it negative."""

    name: str
    charged: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ChargedYear:
    """Months oldest first, without gaps; `totals` in kopecks without penalties, None where there is no receipt.

    `services` the largest first, each with a figure for every month, so that their sums are the totals.
    """

    months: tuple[Month, ...] = ()
    totals: tuple[int | None, ...] = ()
    services: tuple[ServiceYear, ...] = ()


_NEWEST = select(func.max(col(Receipt.month)).label("month")).where(
    col(Receipt.account_id) == bindparam("account_id"), owned(Receipt.account_id)
)
_BY_SERVICE = (
    select(col(Receipt.month), col(BalanceLine.service), func.sum(col(BalanceLine.charged)).label("charged"))
    .select_from(Receipt)
    .join(BalanceLine, col(BalanceLine.receipt_id) == col(Receipt.id))
    .where(
        col(Receipt.account_id) == bindparam("account_id"),
        col(Receipt.month).between(bindparam("first"), bindparam("last")),
        owned(Receipt.account_id),
    )
    .group_by(col(Receipt.month), col(BalanceLine.service))
)


def charged_year(db: Reader, actor: Actor, account_id: int) -> ChargedYear:
    """The thirteen months up to the newest receipt; empty where there is none or the account isn't the person's."""
    last: Month | None = db.value(_NEWEST, account_id=account_id, **actor.owning)
    if last is None:
        return ChargedYear()
    rows = db.rows(_BY_SERVICE, account_id=account_id, first=last.shift(1 - SHOWN), last=last, **actor.owning)
    return by_service({(row.month, row.service): int(row.charged) for row in rows})


def by_service(charged: Mapping[tuple[Month, str], int]) -> ChargedYear:
    """Pure: the sums of each month and service as series up to the newest month, the small ones of many as one."""
    if not charged:
        return ChargedYear()
    known = {month for month, _ in charged}
    months = tuple(max(known).shift(step + 1 - SHOWN) for step in range(SHOWN))
    # By size, then by name: the order must be the same at every opening.
    names = sorted({name for _, name in charged}, key=lambda name: (-_size(charged, name), name))
    alone = names if len(names) <= TOLD_APART + 1 else names[:TOLD_APART]
    services = [ServiceYear(name, tuple(charged.get((month, name), 0) for month in months)) for name in alone]
    if len(alone) < len(names):
        rest = names[TOLD_APART:]
        services.append(
            ServiceYear(OTHERS, tuple(sum(charged.get((month, name), 0) for name in rest) for month in months))
        )
    totals = [sum(service.charged[place] for service in services) for place in range(len(months))]
    shown = (total if month in known else None for month, total in zip(months, totals, strict=True))
    return ChargedYear(months, tuple(shown), tuple(services))


def _size(charged: Mapping[tuple[Month, str], int], name: str) -> int:
    return sum(abs(value) for (_, service), value in charged.items() if service == name)

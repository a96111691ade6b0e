"""The months for which an account has receipts: what the month navigator offers."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlmodel import col

from lk_reflex.core.db import Reader
from lk_reflex.core.months import Month
from lk_reflex.core.schema import MonthNumber
from lk_reflex.domain.billing.tables import Receipt
from lk_reflex.domain.identity.access import Actor, owned

_MONTHS = (
    select(col(Receipt.month))
    .where(col(Receipt.account_id) == bindparam("account_id"), owned(Receipt.account_id))
    .distinct()
    .order_by(col(Receipt.month))
)


def _nearest(which: Callable[..., Any], condition: Any) -> Any:
    found = select(which(col(Receipt.month))).where(col(Receipt.account_id) == bindparam("account_id"), condition)
    return found.scalar_subquery()


_WANTED = bindparam("month", type_=MonthNumber)
_AROUND = select(
    _nearest(func.max, col(Receipt.month) < _WANTED).label("earlier"),
    _nearest(func.max, col(Receipt.month) == _WANTED).label("month"),
    _nearest(func.min, col(Receipt.month) > _WANTED).label("later"),
).where(owned(bindparam("account_id")))


def months_of(db: Reader, actor: Actor, account_id: int) -> tuple[Month, ...]:
    """Months with at least one receipt, oldest first; empty for an account that isn't the person's."""
    return tuple(row.month for row in db.rows(_MONTHS, account_id=account_id, user_id=actor.user_id))


def months_around(db: Reader, actor: Actor, account_id: int, wanted: str) -> tuple[Month, ...]:
    """What the navigator needs when it stands at the month «2019-09»: that month and its neighbours, oldest first.

    All months where the account has no such one or `wanted` is no month. Three seeks in an index instead of the
    whole list, which grows by a row each month and is read at each press of «<».
    """
    month = _parsed(wanted)
    row = db.first(_AROUND, account_id=account_id, user_id=actor.user_id, month=month) if month else None
    if row is None or row.month is None:
        return months_of(db, actor, account_id)
    return tuple(found for found in row if found is not None)


def _parsed(key: str) -> Month | None:
    try:
        return Month.parse(key)
    except ValueError:
        return None

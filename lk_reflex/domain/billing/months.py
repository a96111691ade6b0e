"""The months for which an account has receipts: what the month navigator offers."""

from sqlalchemy import bindparam, select
from sqlmodel import col

from lk_reflex.core.db import Reader
from lk_reflex.core.months import Month
from lk_reflex.domain.accounts.overseen import OverseenAccount
from lk_reflex.domain.billing.tables import Receipt
from lk_reflex.domain.identity.access import Actor, owned

_ANYBODYS = (
    select(col(Receipt.month))
    .where(col(Receipt.account_id) == bindparam("account_id"))
    .distinct()
    .order_by(col(Receipt.month))
)
_MONTHS = _ANYBODYS.where(owned(Receipt.account_id))


def months_of(db: Reader, actor: Actor, account_id: int) -> tuple[Month, ...]:
    """Months with at least one receipt, oldest first; empty for an account that isn't the person's."""
    return tuple(row.month for row in db.rows(_MONTHS, account_id=account_id, **actor.owning))


def months_for_staff(db: Reader, account: OverseenAccount) -> tuple[Month, ...]:
    """The same for staff."""
    return tuple(row.month for row in db.rows(_ANYBODYS, account_id=account.account_id))

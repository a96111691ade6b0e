"""The orders of one day as a table for the accountant: what the bank took, gave back, and what we posted. Kopecks."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlmodel import col

from lk_reflex.core.clock import local_time
from lk_reflex.core.days import span
from lk_reflex.core.db import Reader
from lk_reflex.core.errors import NotFound
from lk_reflex.core.schema import UtcTime
from lk_reflex.domain.accounts.tables import Account, Organization
from lk_reflex.domain.documents.sheets.model import Column, Sheet, spell
from lk_reflex.domain.identity.access import Actor, overseen
from lk_reflex.domain.payments.desk.deeds import NO_PAYEE
from lk_reflex.domain.payments.may import staff_only
from lk_reflex.domain.payments.tables import Order, OrderLine, Posting

COLUMNS = (
    Column("Заказ", width=18),
    Column("Номер у банка", width=38),
    Column("Оплачен", "date"),
    Column("Время", width=10),
    Column("Лицевые счета", width=30),
    Column("За услуги (руб.)", "money"),
    Column("Комиссия (руб.)", "money"),
    Column("Банк списал (руб.)", "money"),
    Column("Банк вернул (руб.)", "money"),
    Column("Проведено (руб.)", "money"),
)
TOTAL = "Итого"
_PAYEE = select(col(Organization.name), col(Organization.short_name), col(Organization.time_zone)).where(
    col(Organization.id) == bindparam("organization_id"), overseen(col(Organization.id))
)
_POSTED = (
    select(func.coalesce(func.sum(col(Posting.amount)), 0))
    .where(col(Posting.order_id) == col(Order.id))
    .scalar_subquery()
)
_OF_DAY = (
    col(Order.organization_id) == bindparam("organization_id"),
    col(Order.paid_at) >= bindparam("begins", type_=UtcTime()),
    col(Order.paid_at) < bindparam("ends", type_=UtcTime()),
)
_ORDERS = (
    select(
        col(Order.id), col(Order.number), col(Order.bank_id), col(Order.paid_at), col(Order.amount),
        col(Order.commission), col(Order.captured), col(Order.refunded), _POSTED.label("posted"),
    )
    .where(*_OF_DAY)
    .order_by(col(Order.paid_at), col(Order.id))
)  # fmt: skip
_ACCOUNTS = (
    select(col(OrderLine.order_id), col(Account.number))
    .select_from(Order)
    .join(OrderLine, col(OrderLine.order_id) == col(Order.id))
    .join(Account, col(Account.id) == col(OrderLine.account_id))
    .where(*_OF_DAY)
    .distinct()
    .order_by(col(OrderLine.order_id), col(Account.number))
)


def day_sheet(db: Reader, actor: Actor, organization_id: int, day: date) -> Sheet:
    """The orders that were paid on that day of the organization.

    Raises Refused for a resident, NotFound for an organization that the actor doesn't oversee.
    """
    staff_only(actor)
    payee = db.first(_PAYEE, organization_id=organization_id, **actor.overseeing)
    if payee is None:
        raise NotFound(NO_PAYEE)
    begins, ends = span(day, day, payee.time_zone)
    asked = {"organization_id": organization_id, "begins": begins, "ends": ends}
    accounts: dict[int, list[str]] = {}
    for row in db.rows(_ACCOUNTS, **asked):
        accounts.setdefault(row.order_id, []).append(row.number)
    orders = db.rows(_ORDERS, **asked)
    rows = [_row(row, accounts.get(row.id, []), payee.time_zone) for row in orders]
    total = [_total(orders)] if orders else []
    return Sheet("Платежи за день", f"платежи-{organization_id}-{day.isoformat()}", COLUMNS, (*rows, *total))


def _total(orders: Sequence[Any]) -> tuple[str, ...]:
    """The line under the orders: the sums of all columns of money."""
    sums = (
        sum(int(value) for value in column)
        for column in zip(
            *((row.amount, row.commission, row.captured, row.refunded, row.posted) for row in orders), strict=True
        )
    )
    return tuple(map(spell, COLUMNS, (TOTAL, "", None, "", "", *sums)))


def _row(row: Any, accounts: list[str], time_zone: str) -> tuple[str, ...]:
    paid_at = local_time(row.paid_at, time_zone)
    values = (
        row.number, row.bank_id, paid_at.date(), f"{paid_at:%H:%M:%S}", ", ".join(accounts), row.amount,
        row.commission, row.captured, row.refunded, int(row.posted),
    )  # fmt: skip
    return tuple(map(spell, COLUMNS, values))

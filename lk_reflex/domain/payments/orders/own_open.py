"""A person's own orders whose fate the bank hasn't told yet: shown wherever the same debt could be paid again."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlmodel import col

from lk_reflex.core.db import Reader
from lk_reflex.domain.accounts.tables import Organization
from lk_reflex.domain.identity.access import Actor
from lk_reflex.domain.payments.orders.machine import OPEN, Status
from lk_reflex.domain.payments.tables import Order


@dataclass(frozen=True, slots=True)
class OpenOrder:
    """One of them. `total` in kopecks, commission included; `organization` is its short name."""

    number: str
    total: int
    created_at: datetime
    organization_id: int
    organization: str
    status: Status
    time_zone: str


_OPEN = (
    select(
        col(Order.number),
        col(Order.total),
        col(Order.created_at),
        col(Order.organization_id),
        col(Organization.name),
        col(Organization.short_name),
        col(Order.status),
        col(Organization.time_zone),
    )
    .join(Organization, col(Organization.id) == col(Order.organization_id))
    .where(
        col(Order.user_id) == bindparam("payer"),
        col(Order.status).in_([status.value for status in sorted(OPEN)]),
    )
    .order_by(col(Order.id))
)


def open_orders(db: Reader, actor: Actor) -> tuple[OpenOrder, ...]:
    """Those that this person has begun, the oldest first; what others pay by links is theirs."""
    return tuple(
        OpenOrder(
            row.number, int(row.total), row.created_at, row.organization_id, row.short_name or row.name,
            Status(row.status), row.time_zone,
        )
        for row in db.rows(_OPEN, payer=actor.user_id)
    )  # fmt: skip

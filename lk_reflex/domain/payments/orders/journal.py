"""The journal of an order: what happened to it, when, and by whose doing. Lines are added and never changed."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from lk_reflex.core.db import Writer
from lk_reflex.domain.payments.orders.machine import Status
from lk_reflex.domain.payments.tables import OrderEvent


class Cause(StrEnum):
    """What made us write or ask."""

    PRESSED = "pressed"  # «Оплатить»
    REGISTERED = "registered"  # the bank's answer to our registration
    CALLBACK = "callback"
    RETURN = "return"  # the payer came back, or looks at the result page
    SCHEDULE = "schedule"
    STAFF = "staff"
    CANCELLED = "cancelled"  # by the payer
    REPLACED = "replaced"  # the payer pressed «Оплатить» for other contents
    REFUND = "refund"  # a refund asked for here
    BILLING = "billing"  # an import with billing's own record


def note_event(
    db: Writer, order_id: int, was: Status | str, became: Status, *, cause: Cause, now: datetime,
    actor_id: int | None = None, detail: Mapping[str, object] | None = None,
) -> None:  # fmt: skip
    """Add a line. `was` is empty for an order's first one, and equals `became` where no status changed.

    `detail` holds kopecks, codes and flags, never names or cards.
    """
    db.add(
        OrderEvent(
            order_id=order_id,
            at=now,
            cause=cause.value,
            was=str(was),
            became=became.value,
            actor_id=actor_id,
            detail=dict(detail or {}),
        )
    )

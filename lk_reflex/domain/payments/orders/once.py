"""Paying twice: what becomes of a person's unfinished order when «Оплатить» is pressed again for the same payee."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, or_, select
from sqlmodel import col

from lk_reflex.core.db import Database, Reader
from lk_reflex.core.errors import Refused
from lk_reflex.core.schema import UtcTime
from lk_reflex.domain.payments.orders.claiming import order_row
from lk_reflex.domain.payments.orders.journal import Cause
from lk_reflex.domain.payments.orders.looking import Looked, look
from lk_reflex.domain.payments.orders.machine import OPEN, Status
from lk_reflex.domain.payments.orders.placing import Wanted
from lk_reflex.domain.payments.orders.rules import PAID, may_lead
from lk_reflex.domain.payments.tables import Order, OrderLine
from lk_reflex.integrations.bank.port import Banks

CHECKED = (
    "Прошлый платёж этой организации ещё проверяется. Дождитесь ответа банка: если оплатить ещё раз сейчас, "
    "деньги могут списаться дважды."
)
NOT_CLOSED = (
    "Банк сейчас не отвечает, а прошлый платёж у него ещё можно оплатить другой картой: если начать новый, деньги "
    "могут списаться дважды. Попробуйте через несколько минут."
)
PAID_ALREADY = "Этот платёж уже прошёл: второй раз платить не нужно."
REPLACED = "replaced"
#: Whoever is sent to the bank with less than this left only meets its «time is over».
ENOUGH = timedelta(minutes=2)


class StillOpen(Refused):
    """No new order may be made; what became of order `number` is on its result page."""

    def __init__(self, message: str, number: str) -> None:
        super().__init__(message)
        self.number = number


#: A declined order may still be paid with another card at some banks, until it expires.
_UNFINISHED = (
    select(col(Order.id), col(Order.number), col(Order.total))
    .where(
        col(Order.user_id) == bindparam("payer"),
        col(Order.organization_id) == bindparam("organization_id"),
        or_(
            col(Order.status).in_([status.value for status in sorted(OPEN)]),
            and_(
                col(Order.status) == Status.DECLINED.value,
                col(Order.expires_at) > bindparam("now", type_=UtcTime()),
            ),
        ),
    )
    .order_by(col(Order.id).desc())
)
_LINES = select(col(OrderLine.receipt_id), col(OrderLine.service), col(OrderLine.part), col(OrderLine.amount)).where(
    col(OrderLine.order_id) == bindparam("order_id")
)


def clear_the_way(
    database: Database, banks: Banks, *, user_id: int, organization_id: int, lines: Sequence[Wanted],
    site: str, clock: Callable[[], datetime], total: int,
) -> str | None:  # fmt: skip
    """The number of an unfinished order of the same contents, to go on with; None where a new one may be made.

    `total` is what the person has seen with the commission: the rate may have changed since the order was made.

    Unfinished orders of other contents are closed at the bank. Raises StillOpen where one was paid in the meantime, is
    being checked, or can't be closed since the bank doesn't answer, Refused where that is a declined one. Blocks on
    the network.
    """
    again: str | None = None
    for number, same in database.read(_unfinished, user_id, organization_id, lines, total, clock()):
        if same and again is None and _goes_on(database, banks, number, site, clock):
            again = number
        else:
            _close(database, banks, number, user_id, site, clock)
    return again


def _unfinished(
    db: Reader, user_id: int, organization_id: int, lines: Sequence[Wanted], total: int, now: datetime
) -> list[tuple[str, bool]]:
    """The numbers, newest first, and whether each is for just these sums."""
    wanted = {(line.receipt_id, line.service, line.part, line.amount) for line in lines}
    rows = db.rows(_UNFINISHED, payer=user_id, organization_id=organization_id, now=now)
    same_total = [row.total == total for row in rows]
    same_lines = [{tuple(line) for line in db.rows(_LINES, order_id=row.id)} == wanted for row in rows]
    return [(row.number, a and b) for row, a, b in zip(rows, same_total, same_lines, strict=True)]


def _goes_on(database: Database, banks: Banks, number: str, site: str, clock: Callable[[], datetime]) -> bool:
    """Whether the payer may be sent on with this order. The bank is asked first: it may have been paid by now."""
    looked = look(database, banks, number, cause=Cause.PRESSED, clock=clock, site=site)
    _refuse(looked.status, number)
    if looked.status is Status.NEW:
        return True
    order: Any = database.read(order_row, number)
    return may_lead(looked.status, order.flag, order.form_url, order.expires_at, clock() + ENOUGH)


def _close(
    database: Database, banks: Banks, number: str, user_id: int, site: str, clock: Callable[[], datetime]
) -> None:
    looked = look(
        database, banks, number, cause=Cause.REPLACED, clock=clock, site=site, actor_id=user_id, close=REPLACED
    )
    _refuse(looked.status, number)
    if looked.status in OPEN:
        raise StillOpen(CHECKED, number)
    if unclosed(looked):
        raise Refused(NOT_CLOSED)


def unclosed(looked: Looked) -> bool:
    """Whether the bank may still take money for an order that was to be closed; a declined one may be tried again."""
    return looked.status in OPEN or (looked.status is Status.DECLINED and not looked.answered)


def _refuse(status: Status, number: str) -> None:
    if status in PAID:
        raise StillOpen(PAID_ALREADY, number)
    if status is Status.CHECKING:
        raise StillOpen(CHECKED, number)

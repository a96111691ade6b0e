"""«Отменить платёж»: a payer gives up an order that isn't paid."""

from collections.abc import Callable
from datetime import datetime

from lk_reflex.core.db import Database
from lk_reflex.core.errors import NotFound, Refused, Unavailable
from lk_reflex.domain.identity.access import Actor
from lk_reflex.domain.payments.orders.claiming import NO_ORDER, order_row
from lk_reflex.domain.payments.orders.journal import Cause
from lk_reflex.domain.payments.orders.looking import look
from lk_reflex.domain.payments.orders.machine import Status
from lk_reflex.integrations.bank.port import Banks

CANCELLED = "cancelled"
CHECKED = "Банк проверяет этот платёж, отменить его сейчас нельзя. Дождитесь ответа банка."
SILENT = "Банк сейчас не отвечает, платёж не отменён. Повторите через минуту."


def cancel(
    database: Database, banks: Banks, actor: Actor, number: str, *, site: str, clock: Callable[[], datetime]
) -> Status:
    """Close the person's own order at the bank; returns where it stands then: paid wins. Blocks on the network.

    Raises NotFound, Refused while the payer's bank thinks, Unavailable where the bank doesn't answer.
    """
    order = database.read(order_row, number)
    if order.user_id != actor.user_id:
        raise NotFound(NO_ORDER)
    if Status(order.status) not in (Status.NEW, Status.WAITING):
        return Status(order.status)
    looked = look(
        database, banks, number, cause=Cause.CANCELLED, clock=clock, site=site, actor_id=actor.user_id, close=CANCELLED
    )
    if looked.status is Status.CHECKING:
        raise Refused(CHECKED)
    if looked.status in (Status.NEW, Status.WAITING):
        raise Unavailable(SILENT)
    return looked.status

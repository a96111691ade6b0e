"""Результат оплаты: what the bank says of one order, turning by itself when the bank says something else."""

from dataclasses import dataclass, replace
from datetime import datetime

import reflex as rx

from lk_reflex.core.clock import utc_now
from lk_reflex.core.errors import NotFound
from lk_reflex.core.money import format_money
from lk_reflex.domain.payments.cart.contents import cart_contents
from lk_reflex.domain.payments.cart.remaining import remaining
from lk_reflex.domain.payments.orders.cancelling import cancel
from lk_reflex.domain.payments.orders.journal import Cause
from lk_reflex.domain.payments.orders.looking import Looked, look
from lk_reflex.domain.payments.orders.machine import OPEN, Status
from lk_reflex.domain.payments.orders.own import OwnOrder, own_order
from lk_reflex.settings import get_settings
from lk_reflex.ui import paths
from lk_reflex.ui.guard import ALWAYS, resident
from lk_reflex.ui.publish import publish
from lk_reflex.ui.resident.cart_result.words import (
    Fact,
    ReceiptPart,
    checked_words,
    facts,
    receipt_parts,
    remainder_words,
    rest_words,
    sums,
    told,
)
from lk_reflex.ui.shared.layout import TITLE_ID
from lk_reflex.ui.visit import Visit
from lk_reflex.wiring import banks

UNKNOWN = paths.TITLES[paths.CART_RESULT]


@dataclass(frozen=True)
class Result:
    """What stands beside the tables. `kind` is empty where there is no such payment.

    `pdf` and `bank` are addresses, empty where the way isn't open; `open` while the bank hasn't said its last word.
    `remainder`: what its own receipts still ask for; `rest`: what else the cart holds.
    """

    kind: str = ""
    lead: str = ""
    notes: tuple[str, ...] = ()
    amount: str = ""
    pdf: str = ""
    bank: str = ""
    cancels: bool = False
    open: bool = False
    again: bool = False
    rest: str = ""
    remainder: str = ""


NOTHING = Result()


class CartResultState(rx.State):
    """One order of the person's own."""

    loaded: bool = False
    heading: str = UNKNOWN
    result: Result = NOTHING
    facts: list[Fact] = []
    receipts: list[ReceiptPart] = []
    sums: list[Fact] = []
    #: What came of «Проверить ещё раз» where nothing has changed.
    checked: str = ""

    @rx.event
    @resident(turn=ALWAYS)
    def load(self, visit: Visit) -> None:
        """Show the order in the address; one that isn't the person's is not found."""
        visit.chosen()
        self._show(visit)

    @rx.event
    @resident(writes=True, asks_bank=True, turn=ALWAYS)
    def look(self, visit: Visit) -> None:
        """Ask the bank once when the page is open; what it says later comes by itself."""
        # Shown whatever came of asking: it may have been settled since the page was filled.
        self._ask(visit)
        self._show(visit)

    @rx.event
    @resident(writes=True, asks_bank=True, turn=ALWAYS)
    def check(self, visit: Visit) -> rx.event.EventSpec | None:
        """«Проверить ещё раз»: the answer is said even where it is the old one."""
        looked = self._ask(visit)
        order = self._show(visit)
        if looked is None or order is None or not self.result.open:
            return rx.set_focus(TITLE_ID)
        publish(self, checked=checked_words(utc_now(), order.time_zone, looked))
        return None

    @rx.event
    @resident(writes=True, asks_bank=True, turn=ALWAYS)
    def cancel(self, visit: Visit) -> rx.event.EventSpec:
        """«Отменить платёж»: the bank takes no money for it any more; what was paid before that is paid."""
        cancel(visit.database, banks(), visit.actor, visit.token, site=get_settings().site, clock=utc_now)
        self._show(visit)
        return rx.set_focus(TITLE_ID)

    def _ask(self, visit: Visit) -> Looked | None:
        """What came of asking the bank; None where there is nothing to ask about."""
        try:
            order = visit.read(own_order, visit.token)
        except NotFound:
            return None
        if order.status not in OPEN:
            return None
        site = get_settings().site
        return look(visit.database, banks(), order.number, cause=Cause.RETURN, clock=utc_now, site=site)

    def _show(self, visit: Visit) -> OwnOrder | None:
        try:
            order = visit.read(own_order, visit.token)
        except NotFound:
            publish(self, loaded=True, heading=UNKNOWN, result=NOTHING, facts=[], receipts=[], sums=[], checked="")
            return None
        left = visit.read(remaining, order.order_id) if order.status is Status.PAID else 0
        said = told(order, visit.now, left)
        publish(
            self,
            loaded=True,
            heading=said.title,
            result=replace(_result(visit, order, said.kind, said.lead, said.notes), remainder=remainder_words(left)),
            facts=facts(order),
            receipts=receipt_parts(order),
            sums=sums(order),
            checked="",
        )
        return order


def _result(visit: Visit, order: OwnOrder, kind: str, lead: str, notes: tuple[str, ...]) -> Result:
    is_open = order.status in OPEN
    return Result(
        kind=kind,
        lead=lead,
        notes=notes,
        amount=format_money(_sum(order)),
        pdf=paths.order_pdf(order.number) if order.paid else "",
        bank=_bank(order, visit.now),
        cancels=order.status is Status.WAITING,
        open=is_open,
        again=not is_open and not order.paid,
        rest=_rest(visit) if order.paid else "",
    )


def _sum(order: OwnOrder) -> int:
    """The headline: what was given back where all was, else what is paid or to be paid."""
    if order.status is Status.REFUNDED:
        return order.refunded
    return order.kept if order.paid else order.total


def _bank(order: OwnOrder, now: datetime) -> str:
    return paths.order_bank(order.number) if order.payable_at(now) else ""


def _rest(visit: Visit) -> str:
    """The other payments that the cart still holds: each organization is paid on its own."""
    left = [part for part in visit.read(cart_contents) if part.payable]
    return rest_words([part.name for part in left], sum(part.total for part in left))

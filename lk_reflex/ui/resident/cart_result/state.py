"""Результат оплаты: what the bank says of one order, turning by itself when the bank says something else."""

from dataclasses import dataclass
from datetime import datetime

import reflex as rx

from lk_reflex.core.errors import NotFound
from lk_reflex.core.money import format_money
from lk_reflex.domain.payments.cart.contents import cart_contents
from lk_reflex.domain.payments.orders.machine import OPEN, Status
from lk_reflex.domain.payments.orders.own import OwnOrder, own_order
from lk_reflex.ui import paths
from lk_reflex.ui.guard import resident
from lk_reflex.ui.publish import publish
from lk_reflex.ui.resident.cart_result.words import (
    Fact,
    LineRow,
    facts,
    line_rows,
    rest_words,
    told,
)
from lk_reflex.ui.visit import Visit

UNKNOWN = paths.TITLES[paths.CART_RESULT]


@dataclass(frozen=True)
class Result:
    """What stands beside the tables. `kind` is empty where there is no such payment.

    `pdf` and `bank` are addresses, empty where the way isn't open; `open` while the bank hasn't said its last word.
    """

    kind: str = ""
    lead: str = ""
    notes: tuple[str, ...] = ()
    amount: str = ""
    total: str = ""
    pdf: str = ""
    bank: str = ""
    open: bool = False
    again: bool = False
    rest: str = ""


NOTHING = Result()


class CartResultState(rx.State):
    """One order of the person's own."""

    loaded: bool = False
    heading: str = UNKNOWN
    result: Result = NOTHING
    facts: list[Fact] = []
    lines: list[LineRow] = []

    @rx.event
    @resident
    def load(self, visit: Visit) -> None:
        """Show the order in the address; one that isn't the person's is not found."""
        visit.chosen()
        self._show(visit)

    def _show(self, visit: Visit) -> None:
        try:
            order = visit.read(own_order, visit.token)
        except NotFound:
            publish(self, loaded=True, heading=UNKNOWN, result=NOTHING, facts=[], lines=[])
            return
        said = told(order, visit.now, visit.actor.email)
        publish(
            self,
            loaded=True,
            heading=said.title,
            result=_result(visit, order, said.kind, said.lead, said.notes),
            facts=facts(order),
            lines=line_rows(order),
        )


def _result(visit: Visit, order: OwnOrder, kind: str, lead: str, notes: tuple[str, ...]) -> Result:
    is_open = order.status in OPEN
    return Result(
        kind=kind,
        lead=lead,
        notes=notes,
        amount=format_money(_sum(order)),
        total=format_money(order.total),
        pdf=paths.order_pdf(order.number) if order.paid else "",
        bank=_bank(order, visit.now),
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
    return rest_words([part.payee.name for part in left], sum(part.total for part in left))

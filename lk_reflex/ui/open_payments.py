"""«Платёж … проверяется: посмотреть»: wherever the same debt could be paid again."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import reflex as rx

from lk_reflex.core.clock import format_date, local_time
from lk_reflex.core.money import format_roubles
from lk_reflex.domain.payments.orders.machine import Status
from lk_reflex.domain.payments.orders.own_open import OpenOrder, open_orders
from lk_reflex.domain.payments.orders.present import result_path
from lk_reflex.ui.shared.native import native_link
from lk_reflex.ui.shared.notices import notice
from lk_reflex.ui.visit import Visit

CHECKED = "проверяется"
AT_BANK = "не завершён: банк ждёт оплаты"
LOOK = "Посмотреть платёж"


@dataclass(frozen=True)
class OpenPayment:
    """One of them, and where its result shows."""

    key: str
    text: str
    address: str


def shown_open(visit: Visit) -> list[OpenPayment]:
    """Those of the person's own orders whose fate is open, as the pages show them."""
    return [open_payment(order, visit.now) for order in visit.read(open_orders)]


def open_payment(order: OpenOrder, now: datetime) -> OpenPayment:
    """«ПОВВ: платёж 6 216,36 руб. от 08:00 проверяется.», by the organization's clock; of another day with its date."""
    local = local_time(order.created_at, order.time_zone)
    today = local.date() == local_time(now, order.time_zone).date()
    since = f"{local:%H:%M}" if today else f"{format_date(local.date())}, {local:%H:%M}"
    fate = AT_BANK if order.status is Status.WAITING else CHECKED
    said = f"{order.organization}: платёж {format_roubles(order.total)} от {since} {fate}."
    return OpenPayment(order.number, said, result_path(order.number))


def open_payments(payments: Any) -> rx.Component:
    """A note for each of a var of them; nothing where there is none."""
    return rx.cond(payments.length() > 0, rx.el.div(rx.foreach(payments, _payment), class_name="stack"))


def _payment(payment: OpenPayment) -> rx.Component:
    return rx.el.div(
        notice("due", payment.text, rx.el.p(native_link(LOOK, href=payment.address))),
        key=payment.key,
    )

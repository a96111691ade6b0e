"""Корзина: what has been put in, by organization, and how to pay it meanwhile; as ready strings."""

from dataclasses import dataclass

import reflex as rx

from lk_reflex.core.money import format_money
from lk_reflex.domain.payments.cart.contents import CartPart, CartReceipt, Payee, cart_contents
from lk_reflex.domain.payments.cart.putting import remove_from_cart
from lk_reflex.ui.arguments import row_id
from lk_reflex.ui.guard import resident
from lk_reflex.ui.publish import publish
from lk_reflex.ui.shared.layout import TITLE_ID
from lk_reflex.ui.visit import Visit

SUPERSEDED = "Пришла новая квитанция: долг по этой вошёл в неё. Уберите эту и добавьте новую в «Общей информации»."
NO_PAYMENTS = "Организация больше не принимает оплату через личный кабинет."
PAID = "По этой квитанции платить уже нечего."


@dataclass(frozen=True)
class CartRow:
    """One service, the penalties, or the advance of a receipt."""

    service: str
    amount: str


@dataclass(frozen=True)
class ReceiptCard:
    """One receipt; `note` says why it isn't counted."""

    key: str
    title: str
    account: str
    rows: list[CartRow]
    amount: str
    note: str


@dataclass(frozen=True)
class Detail:
    """One line of the bank details."""

    name: str
    value: str


@dataclass(frozen=True)
class OrganizationCard:
    """What one organization gets, and where to."""

    name: str
    receipts: list[ReceiptCard]
    details: list[Detail]
    amount: str
    payable: bool


class CartPageState(rx.State):
    """The cart of the signed-in person, over all accounts."""

    loaded: bool = False
    parts: list[OrganizationCard] = []
    total: str = ""

    @rx.event
    @resident
    def load(self, visit: Visit) -> None:
        """Show the cart, checked against the newest receipts."""
        visit.chosen()
        self._show(visit)
        publish(self, loaded=True)

    @rx.event
    @resident(writes=True)
    def take_out(self, visit: Visit, receipt: str) -> rx.event.EventSpec:
        """Take a receipt out; a repeat is quiet. Its button goes with it, so the focus moves to the heading."""
        visit.write(remove_from_cart, row_id(receipt))
        self._show(visit)
        return rx.set_focus(TITLE_ID)

    def _show(self, visit: Visit) -> None:
        parts = visit.read(cart_contents)
        publish(visit.cart, count=sum(len(part.receipts) for part in parts))
        publish(
            self,
            parts=[_part(part) for part in parts],
            total=format_money(sum(part.amount for part in parts)),
        )


def _part(part: CartPart) -> OrganizationCard:
    return OrganizationCard(
        part.payee.name,
        [_receipt(receipt) for receipt in part.receipts],
        _details(part.payee, part.receipts),
        format_money(part.amount),
        part.amount > 0,
    )


def _receipt(receipt: CartReceipt) -> ReceiptCard:
    rows = [CartRow(one.service, format_money(one.main)) for one in receipt.services]
    penalty = sum(one.penalty for one in receipt.services) + receipt.advance_penalty
    if penalty:
        rows.append(CartRow("Пени", format_money(penalty)))
    if receipt.advance:
        rows.append(CartRow(f"Предварительно начислено за {receipt.next_month.upper}", format_money(receipt.advance)))
    return ReceiptCard(
        str(receipt.receipt_id),
        receipt.title,
        f"Лицевой счет: {receipt.account}, {receipt.address}",
        rows,
        format_money(receipt.amount),
        _note(receipt),
    )


def _note(receipt: CartReceipt) -> str:
    if receipt.superseded:
        return SUPERSEDED
    if not receipt.takes_payments:
        return NO_PAYMENTS
    return "" if receipt.counts else PAID


def _details(payee: Payee, receipts: tuple[CartReceipt, ...]) -> list[Detail]:
    accounts = ", ".join(dict.fromkeys(receipt.account for receipt in receipts if receipt.counts))
    pairs = {
        "Получатель": payee.name,
        "ИНН": payee.inn,
        "КПП": payee.kpp,
        "Расчетный счет": payee.bank_account,
        "Банк": payee.bank,
        "БИК": payee.bic,
        "Корр. счет": payee.correspondent_account,
        "Назначение платежа": f"Лицевой счет {accounts}" if accounts else "",
        "Телефон": payee.phone,
    }
    return [Detail(name, value) for name, value in pairs.items() if value]

"""«Что и сколько»: the payments as they will be made, one an organization, read only. No Reflex here."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from lk_reflex.core.clock import local_date
from lk_reflex.core.money import format_money
from lk_reflex.domain.payments.cart.contents import CartPart, CartReceipt, fingerprint
from lk_reflex.domain.payments.orders.machine import Status
from lk_reflex.domain.payments.orders.own_open import OpenOrder
from lk_reflex.ui.resident.cart import words
from lk_reflex.ui.resident.cart.cards import account_line


@dataclass(frozen=True)
class CheckRow:
    """One sum that will be paid."""

    label: str
    amount: str


@dataclass(frozen=True)
class CheckReceipt:
    """What of one receipt will be paid."""

    key: str
    title: str
    account: str
    due: str
    rows: list[CheckRow]
    amount: str
    notes: list[str]


@dataclass(frozen=True)
class Check:
    """One payment. `seen` is the fingerprint that comes back with the press, to be compared with the cart of then.

    `waits` where the bank still checks an earlier payment to the organization: there is no paying it now.
    """

    key: str
    title: str
    receipts: list[CheckReceipt]
    amount: str
    commission: str
    total: str
    fiscal: str
    button: str
    seen: str
    waits: bool


NO_CHECK = Check("", "", [], "", "", "", "", "", "", waits=False)


def checks_of(parts: Sequence[CartPart], under_way: Sequence[OpenOrder], now: datetime) -> list[Check]:
    """The payments, in the order in which they are made: organizations with a payment `under_way` come last.

    So one payment that the bank is silent about keeps nobody from paying the others.
    """
    checked = {order.organization_id for order in under_way if order.status is Status.CHECKING}
    unsaid = {order.organization_id for order in under_way if order.status is Status.NEW}
    payable = sorted(
        (part for part in parts if part.payable),
        key=lambda part: (part.organization_id in checked, part.organization_id in unsaid),
    )
    return [_check(part, place, len(payable), checked, now) for place, part in enumerate(payable, 1)]


def _check(part: CartPart, place: int, number: int, checked: Collection[int], now: datetime) -> Check:
    which = f"Платёж {place} из {number}: " if number > 1 else ""
    return Check(
        key=str(part.organization_id),
        title=f"{which}{part.name}",
        receipts=[_receipt(receipt, part.time_zone, now) for receipt in part.counted],
        amount=format_money(part.amount),
        commission=words.commission_words(part.terms, part.amount),
        total=format_money(part.total),
        fiscal=words.FISCAL.get(part.fiscal_mode, ""),
        button=f"Оплатить {format_money(part.total)}\u00a0₽",
        seen=fingerprint(part),
        waits=part.organization_id in checked,
    )


def _receipt(receipt: CartReceipt, zone: str, now: datetime) -> CheckReceipt:
    return CheckReceipt(
        key=str(receipt.receipt_id),
        title=receipt.title,
        account=account_line(receipt),
        due=words.due_words(receipt.due_on, local_date(now, zone)),
        rows=[CheckRow(words.row_label(receipt, row), format_money(row.amount)) for row in receipt.rows if row.amount],
        amount=format_money(receipt.amount),
        notes=words.receipt_notes(receipt, zone),
    )

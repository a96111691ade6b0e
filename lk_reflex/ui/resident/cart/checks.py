"""«Что и сколько»: the payments as they will be made, one an organization, read only. No Reflex here."""

from collections.abc import Sequence
from dataclasses import dataclass

from lk_reflex.core.money import format_money
from lk_reflex.domain.payments.cart.contents import CartPart, CartReceipt, fingerprint
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
    rows: list[CheckRow]
    amount: str
    notes: list[str]


@dataclass(frozen=True)
class Check:
    """One payment. `seen` is the fingerprint that comes back with the press, to be compared with the cart of then."""

    key: str
    title: str
    receipts: list[CheckReceipt]
    amount: str
    commission: str
    total: str
    fiscal: str
    button: str
    seen: str


NO_CHECK = Check("", "", [], "", "", "", "", "", "")


def checks_of(parts: Sequence[CartPart]) -> list[Check]:
    """The payments, in the order in which they are made."""
    payable = [part for part in parts if part.payable]
    return [_check(part, place, len(payable)) for place, part in enumerate(payable, 1)]


def _check(part: CartPart, place: int, number: int) -> Check:
    which = f"Платёж {place} из {number}: " if number > 1 else ""
    return Check(
        key=str(part.organization_id),
        title=f"{which}{part.name}",
        receipts=[_receipt(receipt, part.time_zone) for receipt in part.counted],
        amount=format_money(part.amount),
        commission=words.commission_words(part.terms, part.amount),
        total=format_money(part.total),
        fiscal=words.FISCAL.get(part.fiscal_mode, ""),
        button=f"Оплатить {format_money(part.total)}\u00a0₽",
        seen=fingerprint(part),
    )


def _receipt(receipt: CartReceipt, zone: str) -> CheckReceipt:
    return CheckReceipt(
        key=str(receipt.receipt_id),
        title=receipt.title,
        account=account_line(receipt),
        rows=[CheckRow(words.row_label(receipt, row), format_money(row.amount)) for row in receipt.rows if row.amount],
        amount=format_money(receipt.amount),
        notes=words.receipt_notes(receipt, zone),
    )

"""The cart's cards as ready strings: receipts with their sums, by organization. No Reflex here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from lk_reflex.core.clock import local_date
from lk_reflex.core.money import format_money
from lk_reflex.domain.payments.cart.contents import CartPart, CartReceipt, CartRow
from lk_reflex.domain.payments.payee import Payee
from lk_reflex.ui.resident.cart import words


@dataclass(frozen=True)
class SumRow:
    """One sum. `text` is what its field begins with; `turn` grows where the server puts another text there."""

    key: str
    field_id: str
    label: str
    hint: str
    text: str
    edits: bool
    turn: str


@dataclass(frozen=True)
class ReceiptCard:
    """One receipt; `notes` say what has changed, or why it isn't counted."""

    key: str
    title: str
    account: str
    due: str
    rows: list[SumRow]
    amount: str
    notes: list[str]
    superseded: bool


@dataclass(frozen=True)
class Detail:
    """One line of the bank details."""

    name: str
    value: str


@dataclass(frozen=True)
class OrganizationCard:
    """What one organization gets; `fault` says why it can't be paid as it stands."""

    key: str
    name: str
    receipts: list[ReceiptCard]
    details: list[Detail]
    commission: str
    amount: str
    total: str
    fault: str
    counts: bool


def field_id(row_key: str) -> str:
    """The id of a row's field."""
    return f"sum-{row_key}"


def organization_card(part: CartPart, turns: Mapping[str, int], now: datetime) -> OrganizationCard:
    """An organization's part of the cart."""
    return OrganizationCard(
        key=str(part.organization_id),
        name=part.name,
        receipts=[_receipt(receipt, part.time_zone, turns, now) for receipt in part.receipts],
        details=_details(part.payee, part.counted),
        commission=words.commission_words(part.terms, part.amount),
        amount=format_money(part.amount),
        total=format_money(part.total),
        fault=words.over_ceiling(part) if part.over_ceiling else "",
        counts=part.amount > 0,
    )


def account_line(receipt: CartReceipt) -> str:
    """Whose receipt it is."""
    return f"Лицевой счет: {receipt.account}, {receipt.address}"


def _receipt(receipt: CartReceipt, zone: str, turns: Mapping[str, int], now: datetime) -> ReceiptCard:
    edits = receipt.takes_payments and not receipt.superseded
    return ReceiptCard(
        key=str(receipt.receipt_id),
        title=receipt.title,
        account=account_line(receipt),
        due=words.due_words(receipt.due_on, local_date(now, zone)),
        rows=[_row(receipt, row, edits, turns.get(row.key, 0)) for row in receipt.rows],
        amount=format_money(receipt.amount),
        notes=words.receipt_notes(receipt, zone),
        superseded=receipt.superseded,
    )


def _row(receipt: CartReceipt, row: CartRow, edits: bool, turn: int) -> SumRow:
    return SumRow(
        key=row.key,
        field_id=field_id(row.key),
        label=words.row_label(receipt, row),
        hint=words.row_hint(row),
        text=format_money(row.amount),
        edits=edits,
        turn=f"{row.key}-{turn}",
    )


def _details(payee: Payee, receipts: tuple[CartReceipt, ...]) -> list[Detail]:
    accounts = ", ".join(dict.fromkeys(receipt.account for receipt in receipts))
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

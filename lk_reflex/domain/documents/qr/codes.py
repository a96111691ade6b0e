"""What both QR codes of a receipt hold: the payment, and the way into the cabinet."""

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from lk_reflex.domain.documents.facts import Paper
from lk_reflex.domain.documents.qr.bank_details import bank_fault
from lk_reflex.domain.documents.qr.payment_qr import PaymentOrder, payment_string

NOTHING_DUE = "Платить по этой квитанции ничего не нужно."
#: The longest part of a deep link that the cabinet takes.
_LONGEST_PART = 50


@dataclass(frozen=True, slots=True)
class PaymentCode:
    """The payment string, or the sentence why there is none: just one of them is not empty."""

    text: str
    reason: str = ""


def payment_code(paper: Paper) -> PaymentCode:
    """The code that pays a receipt; none where nothing is due or the bank details can't be trusted."""
    if paper.amount == 0:
        return PaymentCode("", NOTHING_DUE)
    fault = bank_fault(paper.payee)
    return PaymentCode("", fault) if fault else PaymentCode(payment_string(order_of(paper, paper.amount)))


def order_of(paper: Paper, amount: int) -> PaymentOrder:
    """The payment of so many kopecks for a receipt."""
    payee, dwelling = paper.payee, paper.dwelling
    return PaymentOrder(
        name=payee.called,
        bank_account=payee.bank_account,
        bank=payee.bank,
        bic=payee.bic,
        correspondent_account=payee.correspondent_account,
        amount=amount,
        purpose=f"{paper.title}, л/с {dwelling.number}",
        inn=payee.inn,
        kpp=payee.kpp,
        surname=dwelling.surname,
        first_name=dwelling.first_name,
        patronymic=dwelling.patronymic,
        account=dwelling.number,
        address=dwelling.address,
        month=paper.month,
        document_number=paper.document_number,
        category=paper.kind,
    )


def linking_address(paper: Paper, site: str) -> str:
    """The address that opens the linking form with account, house and flat filled in; it holds no secret."""
    dwelling = paper.dwelling
    parts = {"account": dwelling.number, "house": dwelling.house, "flat": dwelling.flat}
    given = {key: text[:_LONGEST_PART] for key, text in parts.items() if text}
    return f"{site}/accounts?{urlencode(given, quote_via=quote)}"

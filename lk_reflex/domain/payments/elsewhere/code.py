"""The QR code by which a receipt is paid in the bank's own application, with the sum that the person means to pay."""

from dataclasses import dataclass

from lk_reflex.core.db import Reader
from lk_reflex.core.errors import NotFound
from lk_reflex.core.money import format_money
from lk_reflex.domain.documents.paper import paper_of
from lk_reflex.domain.documents.qr.bank_details import bank_fault
from lk_reflex.domain.documents.qr.codes import NOTHING_DUE, order_of
from lk_reflex.domain.documents.qr.payment_qr import SCREEN_BYTES, payment_string
from lk_reflex.domain.identity.access import Actor
from lk_reflex.domain.payments.elsewhere.sums import sums_due, sums_in_cart

NOT_IN_CART = "Этой квитанции нет в корзине"


@dataclass(frozen=True, slots=True)
class PayCode:
    """The payment string of one receipt, or the sentence why there is none. `amount` in kopecks."""

    receipt_id: int
    title: str
    organization: str
    account: str
    amount: int
    text: str
    reason: str

    @property
    def file_name(self) -> str:
        """«Код для оплаты 1234567899 539,20.png», with nothing that a file system refuses."""
        number = "".join(char for char in self.account if char.isalnum() or char == "-")
        return f"Код для оплаты {number} {format_money(self.amount)}.png"


def pay_code(db: Reader, actor: Actor, receipt_id: int, *, in_cart: bool) -> PayCode:
    """The code of what the person's cart has of a receipt, else of what is due of it without an advance.

    Whoever sees the account may have it, as they may have the printed receipt. Raises NotFound.
    """
    paper = paper_of(db, actor, receipt_id)
    sums = sums_in_cart(db, actor, receipt_id) if in_cart else sums_due(db, actor, receipt_id)
    if sums is None:
        raise NotFound(NOT_IN_CART)
    reason = NOTHING_DUE if sums.amount == 0 else bank_fault(paper.payee)
    text = "" if reason else payment_string(order_of(paper, sums.amount), longest=SCREEN_BYTES)
    return PayCode(receipt_id, paper.title, paper.payee.called, paper.dwelling.number, sums.amount, text, reason)

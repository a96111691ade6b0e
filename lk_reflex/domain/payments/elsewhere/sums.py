"""How much of a receipt would be paid outside the cart: as the person's cart has it, or what is due of it now."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlmodel import col

from lk_reflex.core.db import Reader
from lk_reflex.domain.billing.tables import BalanceLine, Receipt
from lk_reflex.domain.identity.access import Actor, owned
from lk_reflex.domain.payments.cart.contents import CartReceipt, cart_contents
from lk_reflex.domain.payments.cart.offer import offered
from lk_reflex.domain.payments.tables import MAIN, PENALTY, OrderLine, PostingLine


@dataclass(frozen=True, slots=True)
class Piece:
    """One sum, in kopecks: for which service, main sum, penalty or advance."""

    service: str
    part: str
    amount: int


@dataclass(frozen=True, slots=True)
class Sums:
    """What would be paid of one receipt; `receipt_due` is what all of it asks for, `pieces` are those above 0."""

    receipt_due: int
    pieces: tuple[Piece, ...]

    @property
    def amount(self) -> int:
        """The whole sum, in kopecks."""
        return sum(piece.amount for piece in self.pieces)


_BALANCE = (
    select(col(BalanceLine.service), col(BalanceLine.total), col(BalanceLine.penalty_total))
    .join(Receipt, col(Receipt.id) == col(BalanceLine.receipt_id))
    .where(col(BalanceLine.receipt_id) == bindparam("receipt_id"), owned(Receipt.account_id))
    .order_by(col(BalanceLine.id))
)
#: What was paid here for a receipt, net of refunds, while it asked for what it asks for now: not in its figures yet.
_PAID = (
    select(col(OrderLine.service), col(OrderLine.part), func.sum(col(PostingLine.amount)).label("amount"))
    .join(PostingLine, col(PostingLine.order_line_id) == col(OrderLine.id))
    .where(col(OrderLine.receipt_id) == bindparam("receipt_id"), col(OrderLine.receipt_due) == bindparam("due"))
    .group_by(col(OrderLine.service), col(OrderLine.part))
)


def sums_in_cart(db: Reader, actor: Actor, receipt_id: int) -> Sums | None:
    """As the person has edited them in the cart; None where the receipt isn't in it, or can't be paid from it."""
    for part in cart_contents(db, actor):
        for receipt in part.receipts:
            if receipt.receipt_id == receipt_id and not receipt.superseded:
                return _of_cart(receipt)
    return None


def sums_due(db: Reader, actor: Actor, receipt_id: int) -> Sums:
    """What is still due of a receipt, without an advance; nothing where the receipt isn't the person's to see."""
    rows = db.rows(_BALANCE, receipt_id=receipt_id, **actor.owning)
    asked = [piece for row in rows for piece in _asked(row)]
    due = sum(piece.amount for piece in asked)
    paid = {(one.service, one.part): int(one.amount) for one in db.rows(_PAID, receipt_id=receipt_id, due=due)}
    got = [paid.get((piece.service, piece.part), 0) for piece in asked]
    offers = offered([piece.amount for piece in asked], got)
    pieces = (Piece(piece.service, piece.part, offer) for piece, offer in zip(asked, offers, strict=True))
    return Sums(due, tuple(piece for piece in pieces if piece.amount))


def _asked(row: Any) -> tuple[Piece, Piece]:
    return Piece(row.service, MAIN, row.total), Piece(row.service, PENALTY, row.penalty_total)


def _of_cart(receipt: CartReceipt) -> Sums:
    pieces = tuple(Piece(row.service, row.part, row.amount) for row in receipt.rows if row.amount)
    return Sums(receipt.due, pieces)

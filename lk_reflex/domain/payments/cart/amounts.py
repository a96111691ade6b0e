"""Sums that people type over the offered ones: how they are read, and where they are kept. Kopecks."""

import re
from collections.abc import Mapping

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col

from lk_reflex.core.db import Writer
from lk_reflex.core.money import parse_money
from lk_reflex.domain.identity.access import Actor
from lk_reflex.domain.payments.cart.contents import CartReceipt, CartRow, cart_contents
from lk_reflex.domain.payments.commission import at_once
from lk_reflex.domain.payments.tables import CartAmount, CartLine

NOT_MONEY = "Введите сумму цифрами, например 1234,50."
NEGATIVE = "Сумма не бывает меньше нуля. Чтобы не платить за эту строку, введите 0."
KOPECKS = "В сумме может быть только две цифры копеек, например 1234,50."
MARKS = "Отделяйте копейки одной запятой или точкой, без других знаков: 1234,50."

#: Too many digits; kopecks in more than two digits; several marks between digits.
_LONG = re.compile(r"[0-9]{1,40}([.,][0-9]{1,2})?")
_FINE = re.compile(r"-?[0-9]{1,40}[.,][0-9]{3,40}")
_MARKED = re.compile(r"[0-9][0-9 .,\u00a0]{0,40}")

#: In the order of ids, as a payment that empties carts locks them.
_LOCK = (
    select(col(CartLine.id))
    .where(col(CartLine.user_id) == bindparam("of_user"))
    .order_by(col(CartLine.id))
    .with_for_update()
)
_FORGET = delete(CartAmount).where(
    col(CartAmount.cart_line_id) == bindparam("of_line"),
    col(CartAmount.service) == bindparam("of_service"),
    col(CartAmount.part) == bindparam("of_part"),
)
_FORGET_ALL = delete(CartAmount).where(col(CartAmount.cart_line_id) == bindparam("of_line"))
_AGREE = (
    update(CartLine)
    .where(col(CartLine.id) == bindparam("of_line"), col(CartLine.user_id) == bindparam("of_user"))
    .values(due_seen=bindparam("now_due"))
)


def parse_amount(text: str, ceiling: int) -> int:
    """Kopecks from «1 234,5», «1234.50», «539,20 руб.»; 0 leaves a line out.

    Raises ValueError with the sentence that tells how to mend it.
    """
    bare = text.strip().removesuffix("₽").removesuffix("руб.").removesuffix("руб").strip()
    try:
        amount = parse_money(bare)
    except ValueError:
        raise ValueError(_remedy(bare, ceiling)) from None
    if amount < 0 or (bare[:1] in ("-", "\u2212") and amount == 0):
        raise ValueError(NEGATIVE)
    if amount > ceiling:
        raise ValueError(too_much(ceiling))
    return amount


def too_much(ceiling: int) -> str:
    """Why a sum is refused, with the organization's limit."""
    return f"{at_once(ceiling)} Введите сумму меньше."


def type_amounts(db: Writer, actor: Actor, typed: Mapping[str, str]) -> dict[str, str]:
    """Keep what was typed, by the keys of the cart's rows; returns the sentences of those that can't be read.

    The good ones are kept whatever the others are. An empty text, or the offered sum itself, goes back to what is
    offered. Keys of rows that aren't in the person's cart (any more) are passed over.
    """
    db.rows(_LOCK, of_user=actor.user_id)
    faults: dict[str, str] = {}
    for part in cart_contents(db, actor):
        for receipt in part.receipts:
            rows = [row for row in receipt.rows if row.key in typed]
            if rows and receipt.was is not None:
                _agree(db, actor, receipt)
            for row in rows:
                try:
                    _keep(db, receipt, row, _amount(typed[row.key], row, part.terms.ceiling))
                except ValueError as fault:
                    faults[row.key] = str(fault)
    return faults


def agree(db: Writer, actor: Actor, seen: Mapping[int, int]) -> None:
    """Note that the person has seen what receipts ask for now: `seen` maps receipts to those sums."""
    db.rows(_LOCK, of_user=actor.user_id)
    for part in cart_contents(db, actor):
        for receipt in part.receipts:
            if receipt.was is not None and seen.get(receipt.receipt_id) == receipt.due:
                _agree(db, actor, receipt)


def _agree(db: Writer, actor: Actor, receipt: CartReceipt) -> None:
    db.change(_FORGET_ALL, of_line=receipt.line_id)
    db.change(_AGREE, of_line=receipt.line_id, of_user=actor.user_id, now_due=receipt.due)


def _amount(text: str, row: CartRow, ceiling: int) -> int:
    return parse_amount(text, ceiling) if text.strip() else row.offered


def _keep(db: Writer, receipt: CartReceipt, row: CartRow, amount: int) -> None:
    if amount == row.offered:
        db.change(_FORGET, of_line=receipt.line_id, of_service=row.service, of_part=row.part)
        return
    insert = postgresql.insert if db.connection.dialect.name == "postgresql" else sqlite.insert
    line = insert(CartAmount).values(cart_line_id=receipt.line_id, service=row.service, part=row.part, amount=amount)
    db.change(
        line.on_conflict_do_update(
            index_elements=["cart_line_id", "service", "part"], set_={"amount": line.excluded.amount}
        )
    )


def _remedy(text: str, ceiling: int) -> str:
    """The sentence for a text that isn't a sum."""
    if _LONG.fullmatch(text):
        return too_much(ceiling)
    if _FINE.fullmatch(text):
        return KOPECKS
    return MARKS if _MARKED.fullmatch(text) else NOT_MONEY

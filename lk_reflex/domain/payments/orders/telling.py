"""Telling a payer what became of the money: one letter, one line of the feed, a signal to open tabs."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, select
from sqlmodel import col

from lk_reflex.core import signals
from lk_reflex.core.db import Writer
from lk_reflex.domain.identity.tables import AccountLink
from lk_reflex.domain.mail.outbox import queue
from lk_reflex.domain.notifications.feed import tell
from lk_reflex.domain.payments.orders.letters import (
    PAID_KIND,
    REFUND_KIND,
    back_letter,
    back_title,
    paid_letter,
    paid_title,
    reason,
    remarks,
)
from lk_reflex.domain.payments.orders.makers import BACK, PAID, maker_of, stir_link, tell_maker
from lk_reflex.domain.payments.orders.present import grouped, result_path
from lk_reflex.domain.payments.tables import CartAmount, CartLine, OrderLine

#: The feed's kind of lines about payments.
FEED_KIND = "payment"
_OF_ORDER = select(col(OrderLine.receipt_id)).where(col(OrderLine.order_id) == bindparam("of"))
#: By those who have the accounts, since the carts are kept by person; an account that is left takes its lines along.
_HAVING = (
    select(col(AccountLink.user_id))
    .join(OrderLine, col(OrderLine.account_id) == col(AccountLink.account_id))
    .where(col(OrderLine.order_id) == bindparam("of"))
)
_LYING = select(col(CartLine.id), col(CartLine.user_id)).where(
    col(CartLine.user_id).in_(_HAVING), col(CartLine.receipt_id).in_(_OF_ORDER)
)
#: In the order of ids, as whoever types locks them: a sum being typed is either in before, or after and on purpose.
_LOCK = _LYING.order_by(col(CartLine.id)).with_for_update()
_EMPTY = delete(CartLine).where(
    col(CartLine.user_id) == bindparam("of_user"),
    col(CartLine.receipt_id).in_(_OF_ORDER),
)
_UNTYPE = delete(CartAmount).where(col(CartAmount.cart_line_id).in_(_LYING.with_only_columns(col(CartLine.id))))


def stir_order(db: Writer, order: Any, *, now: datetime) -> None:
    """Have the payer's open result pages look anew, or the pages of the link that was paid by."""
    if order.user_id is not None:
        signals.stir(db, order.user_id, signals.ORDER, now=now, subject=order.number)
    elif order.link_id is not None:
        stir_link(db, order.link_id, now=now)


def empty_cart(db: Writer, order: Any, *, now: datetime) -> None:
    """Take what was paid out of the cart of its payer, or of whoever shared the link, also where something remains due.

    In others' carts the receipts stay, with what is left to pay: what was typed before would be asked for again.
    """
    lying = db.rows(_LOCK, of=order.id)
    if not lying:
        return
    payer = order.user_id if order.user_id is not None else maker_of(db, order.link_id)
    if payer is not None:
        db.change(_EMPTY, of_user=payer, of=order.id)
    db.change(_UNTYPE, of=order.id)
    for user_id in sorted({line.user_id for line in lying}):
        signals.stir(db, user_id, signals.CART, now=now)


def tell_paid(
    db: Writer, order: Any, *, card: str, paid_at: datetime, flags: list[str], remaining: int, site: str, now: datetime
) -> None:
    """Once an order, by the databases' unique keys."""
    once, notes = f"paid:{order.id}", remarks(flags, remaining)
    if order.email:
        letter = paid_letter(db, order, card=card, paid_at=paid_at, notes=notes, site=site)
        queue(db, order.email, letter, kind=PAID_KIND, now=now, once_key=once)
    if order.user_id is None and order.link_id is not None:
        tell_maker(db, order.link_id, order.amount, PAID, kind=FEED_KIND, once_key=once, now=now)
    _feed(db, order, paid_title(order), " ".join((_about(order), *notes)), once, now)


def tell_back(
    db: Writer, order: Any, amount: int, *, card: str, running: int, why: str, site: str, now: datetime
) -> None:  # fmt: skip
    """Once a refund at the bank; `running` is what has gone back in all, `why` the organization's words, if any."""
    once = f"refund:{order.id}:{running}"
    if order.email:
        letter = back_letter(order, amount, card=card, left=order.total - running, why=why, site=site)
        queue(db, order.email, letter, kind=REFUND_KIND, now=now, once_key=once)
    if order.user_id is None and order.link_id is not None:
        tell_maker(db, order.link_id, amount, BACK, kind=FEED_KIND, once_key=once, now=now)
    _feed(db, order, back_title(amount), " ".join((_about(order), *reason(why))), once, now)


def _about(order: Any) -> str:
    return f"{order.short_name or order.organization}, платёж {grouped(order.number)}."


def _feed(db: Writer, order: Any, title: str, body: str, once: str, now: datetime) -> None:
    if order.user_id is None:
        return
    link = result_path(order.number)
    tell(db, order.user_id, title, body, kind=FEED_KIND, now=now, link=link, once_key=once)
    signals.stir(db, order.user_id, signals.FEED, now=now)

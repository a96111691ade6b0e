"""Whose link an order was paid by: the maker is told, and the open pages of the link turn by themselves."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlmodel import col

from lk_reflex.core import signals
from lk_reflex.core.db import Writer
from lk_reflex.core.money import format_roubles
from lk_reflex.domain.billing.present import receipt_title
from lk_reflex.domain.billing.tables import Receipt
from lk_reflex.domain.notifications.feed import tell
from lk_reflex.domain.payments.tables import PayLink

PAID, BACK = "По вашей ссылке оплатили: {}", "По вашей ссылке возвращено: {}"
PAYMENTS = "/payments"

_MAKER = (
    select(
        col(PayLink.user_id), col(PayLink.key), col(Receipt.account_id), col(Receipt.kind), col(Receipt.month)
    )
    .join(Receipt, col(Receipt.id) == col(PayLink.receipt_id))
    .where(col(PayLink.id) == bindparam("link_id"))
)  # fmt: skip


def maker_of(db: Writer, link_id: int | None) -> int | None:
    """Whose link it is; None where it is gone with its maker."""
    maker = _maker(db, link_id) if link_id is not None else None
    return maker.user_id if maker is not None else None


def stir_link(db: Writer, link_id: int, *, now: datetime) -> None:
    """Have the pages of a link look anew: its key, which its address begins with, is the signal's subject."""
    maker = _maker(db, link_id)
    if maker is not None:
        signals.stir(db, maker.user_id, signals.ORDER, now=now, subject=maker.key)


def tell_maker(db: Writer, link_id: int, amount: int, title: str, *, kind: str, once_key: str, now: datetime) -> None:
    """A line in the feed of whoever shared the link; `amount` in kopecks goes into `title` (PAID, BACK)."""
    maker = _maker(db, link_id)
    if maker is None:
        return
    tell(
        db, maker.user_id, title.format(format_roubles(amount)), f"{receipt_title(maker.kind, maker.month)}.",
        kind=kind, now=now, link=PAYMENTS, account_id=maker.account_id, once_key=once_key,
    )  # fmt: skip
    signals.stir(db, maker.user_id, signals.FEED, now=now)


def _maker(db: Writer, link_id: int) -> Any:
    return db.first(_MAKER, link_id=link_id)

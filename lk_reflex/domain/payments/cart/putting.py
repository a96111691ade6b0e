"""Корзина: which receipts a person means to pay; it outlives the session and is the same on every device."""

from datetime import datetime

from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col

from lk_reflex.core.clock import format_date, local_date
from lk_reflex.core.db import Reader, Writer
from lk_reflex.core.errors import Conflict, NotFound, Refused
from lk_reflex.core.money import format_roubles
from lk_reflex.core.signals import CART, stir
from lk_reflex.domain.accounts.tables import Account, Organization
from lk_reflex.domain.billing.tables import BalanceLine, Receipt
from lk_reflex.domain.identity.access import Actor, owned
from lk_reflex.domain.payments.cart.queries import PAID_OF_RECEIPT, SUPERSEDING
from lk_reflex.domain.payments.commission import NO_PAYMENTS
from lk_reflex.domain.payments.tables import MAIN, PENALTY, CartAmount, CartLine

NO_RECEIPT = "Такой квитанции нет среди ваших лицевых счетов"
NO_RIGHT = "Вы только смотрите этот лицевой счет: оплачивает его тот, кто открыл вам доступ"
NOTHING_DUE = "По этой квитанции платить нечего"
SUPERSEDED = "Уже пришла новая квитанция: долг по этой вошёл в неё. Обновите страницу."

_PAYABLE = (
    select(
        func.coalesce(func.sum(col(BalanceLine.total) + col(BalanceLine.penalty_total)), 0).label("due"),
        col(Receipt.advance),
        col(Receipt.advance_penalty),
        col(Organization.takes_payments),
        col(Organization.time_zone),
        SUPERSEDING.label("superseded"),
        owned(Receipt.account_id, "pay").label("may_pay"),
    )
    .select_from(Receipt)
    .join(Account, col(Account.id) == col(Receipt.account_id))
    .join(Organization, col(Organization.id) == col(Account.organization_id))
    .outerjoin(BalanceLine, col(BalanceLine.receipt_id) == col(Receipt.id))
    .where(col(Receipt.id) == bindparam("receipt_id"), owned(Receipt.account_id))
    .group_by(col(Receipt.id), col(Organization.id))
)
_REMOVE = delete(CartLine).where(
    col(CartLine.user_id) == bindparam("of_user"), col(CartLine.receipt_id) == bindparam("of_receipt")
)
#: Sums typed over figures that the receipt has no longer.
_FORGET_TYPED = delete(CartAmount).where(
    col(CartAmount.cart_line_id).in_(
        select(col(CartLine.id)).where(
            col(CartLine.user_id) == bindparam("of_user"),
            col(CartLine.receipt_id) == bindparam("of_receipt"),
            col(CartLine.due_seen) != bindparam("now_due"),
        )
    )
)
_MINE = (
    select(col(CartLine.receipt_id), col(CartLine.with_advance))
    .join(Receipt, col(Receipt.id) == col(CartLine.receipt_id))
    .where(col(CartLine.user_id) == bindparam("user_id"), owned(Receipt.account_id, "pay"))
)


def put_into_cart(db: Writer, actor: Actor, receipt_id: int, *, with_advance: bool, now: datetime) -> None:
    """Add a receipt; a repeat is quiet, and the other variant (with or without the advance) takes its place.

    Raises NotFound for a receipt that isn't the person's, Refused where the person may see and not pay, the
    organization takes no payments, or nothing is left to pay, Conflict where a newer receipt of the kind has come.
    """
    row = db.first(_PAYABLE, receipt_id=receipt_id, **actor.owning)
    if row is None:
        raise NotFound(NO_RECEIPT)
    if not row.may_pay:
        raise Refused(NO_RIGHT)
    if not row.takes_payments:
        raise Refused(NO_PAYMENTS)
    if row.superseded:
        raise Conflict(SUPERSEDED)
    due = int(row.due)
    asked = due + (row.advance + row.advance_penalty if with_advance else 0)
    if asked <= 0:
        raise Refused(NOTHING_DUE)
    _refuse_paid(db, actor, receipt_id, due, asked, with_advance=with_advance, zone=row.time_zone)
    db.change(_FORGET_TYPED, of_user=actor.user_id, of_receipt=receipt_id, now_due=due)
    _upsert(db, actor.user_id, receipt_id, with_advance, due, now)
    stir(db, actor.user_id, CART, now=now)


def remove_from_cart(db: Writer, actor: Actor, receipt_id: int) -> None:
    """Take a receipt out; quiet where it isn't in."""
    db.change(_REMOVE, of_user=actor.user_id, of_receipt=receipt_id)
    stir(db, actor.user_id, CART, now=actor.at)


def cart_variants(db: Reader, actor: Actor) -> dict[int, bool]:
    """The receipts in the cart and whether each is with its advance; without those of accounts unlinked since."""
    return {row.receipt_id: row.with_advance for row in db.rows(_MINE, **actor.owning)}


def paid_words(paid: int, paid_at: datetime, zone: str) -> str:
    """«По этой квитанции уже оплачено здесь 23.11.2026: 539,20 руб.», as the organization's calendar has it."""
    day = format_date(local_date(paid_at, zone))
    return f"По этой квитанции уже оплачено здесь {day}: {format_roubles(paid)}"


def _refuse_paid(
    db: Reader, actor: Actor, receipt_id: int, due: int, asked: int, *, with_advance: bool, zone: str
) -> None:
    """Raise Refused where all that is asked was paid here, and billing hasn't counted it in the receipt yet."""
    found = [
        one
        for one in db.rows(PAID_OF_RECEIPT, receipt_id=receipt_id, **actor.owning)
        if one.receipt_due == due and (with_advance or one.part in (MAIN, PENALTY))
    ]
    paid = sum(int(one.amount) for one in found)
    if paid >= asked:
        raise Refused(paid_words(paid, max(one.paid_at for one in found), zone))


def _upsert(db: Writer, user_id: int, receipt_id: int, with_advance: bool, due: int, now: datetime) -> None:
    # One statement, so that two tabs can't stumble over the unique key.
    insert = postgresql.insert if db.connection.dialect.name == "postgresql" else sqlite.insert
    line = insert(CartLine).values(
        user_id=user_id, receipt_id=receipt_id, with_advance=with_advance, added_at=now, due_seen=due
    )
    db.change(
        line.on_conflict_do_update(
            index_elements=["user_id", "receipt_id"],
            set_={"with_advance": line.excluded.with_advance, "due_seen": line.excluded.due_seen},
        )
    )

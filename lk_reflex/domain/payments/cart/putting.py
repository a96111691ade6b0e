"""Корзина: which receipts a person means to pay; it outlives the session and is the same on every device."""

from datetime import datetime

from sqlalchemy import bindparam, delete, exists, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased
from sqlmodel import col

from lk_reflex.core.db import Reader, Writer
from lk_reflex.core.errors import Conflict, NotFound, Refused
from lk_reflex.domain.accounts.tables import Account, Organization
from lk_reflex.domain.billing.tables import BalanceLine, Receipt
from lk_reflex.domain.identity.access import Actor, owned
from lk_reflex.domain.payments.tables import CartLine

NO_RECEIPT = "Такой квитанции нет среди ваших лицевых счетов"
NO_PAYMENTS = "Организация не принимает оплату через личный кабинет"
NO_RIGHT = "Вы только смотрите этот лицевой счет: оплачивает его тот, кто открыл вам доступ"
NOTHING_DUE = "По этой квитанции платить нечего"
SUPERSEDED = "Уже пришла новая квитанция: долг по этой вошёл в неё. Обновите страницу."

Newer = aliased(Receipt, name="newer")
#: Whether a later receipt of the same kind has come; its sum holds this one's debt.
SUPERSEDING = exists().where(
    col(Newer.account_id) == col(Receipt.account_id),
    col(Newer.kind) == col(Receipt.kind),
    col(Newer.month) > col(Receipt.month),
)
_PAYABLE = (
    select(
        func.coalesce(func.sum(col(BalanceLine.total) + col(BalanceLine.penalty_total)), 0).label("due"),
        col(Receipt.advance),
        col(Receipt.advance_penalty),
        col(Organization.takes_payments),
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
_MINE = (
    select(col(CartLine.receipt_id), col(CartLine.with_advance))
    .join(Receipt, col(Receipt.id) == col(CartLine.receipt_id))
    .where(col(CartLine.user_id) == bindparam("user_id"), owned(Receipt.account_id, "pay"))
)


def put_into_cart(db: Writer, actor: Actor, receipt_id: int, *, with_advance: bool, now: datetime) -> None:
    """Add a receipt; a repeat is quiet, and the other variant (with or without the advance) takes its place.

    Raises NotFound for a receipt that isn't the person's, Refused where the person may see and not pay, the
    organization takes no payments or the sum isn't positive, Conflict where a newer receipt of the kind has come.
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
    if row.due + (row.advance + row.advance_penalty if with_advance else 0) <= 0:
        raise Refused(NOTHING_DUE)
    _upsert(db, actor.user_id, receipt_id, with_advance, now)


def remove_from_cart(db: Writer, actor: Actor, receipt_id: int) -> None:
    """Take a receipt out; quiet where it isn't in."""
    db.change(_REMOVE, of_user=actor.user_id, of_receipt=receipt_id)


def cart_variants(db: Reader, actor: Actor) -> dict[int, bool]:
    """The receipts in the cart and whether each is with its advance; without those of accounts unlinked since."""
    return {row.receipt_id: row.with_advance for row in db.rows(_MINE, **actor.owning)}


def _upsert(db: Writer, user_id: int, receipt_id: int, with_advance: bool, now: datetime) -> None:
    # One statement, so that two tabs can't stumble over the unique key.
    insert = postgresql.insert if db.connection.dialect.name == "postgresql" else sqlite.insert
    line = insert(CartLine).values(user_id=user_id, receipt_id=receipt_id, with_advance=with_advance, added_at=now)
    db.change(
        line.on_conflict_do_update(
            index_elements=["user_id", "receipt_id"], set_={"with_advance": line.excluded.with_advance}
        )
    )

"""«Поделиться ссылкой на оплату»: made by whoever may pay for the account, and taken back by its maker alone."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, select, update
from sqlmodel import col

from lk_reflex.core.db import Writer
from lk_reflex.core.errors import Conflict, NotFound, Refused
from lk_reflex.domain.accounts.tables import Account, Organization
from lk_reflex.domain.audit.log import note
from lk_reflex.domain.billing.tables import Receipt
from lk_reflex.domain.identity.access import Actor, owned
from lk_reflex.domain.payments.cart.putting import NO_RECEIPT, NO_RIGHT, NOTHING_DUE, SUPERSEDED
from lk_reflex.domain.payments.cart.queries import SUPERSEDING
from lk_reflex.domain.payments.commission import NO_PAYMENTS, at_once
from lk_reflex.domain.payments.elsewhere.code import NOT_IN_CART
from lk_reflex.domain.payments.elsewhere.sums import Sums, sums_due, sums_in_cart
from lk_reflex.domain.payments.links.behind import terms as terms_of
from lk_reflex.domain.payments.links.mine import my_links
from lk_reflex.domain.payments.links.tokens import new_key
from lk_reflex.domain.payments.tables import PayLink, PayLinkLine

#: As long as a receipt usually is the newest one.
LIVES = timedelta(days=30)
#: So many links of one person may be alive at once: enough for a family, not for a list to be sent round.
MOST = 20
TOO_MANY = f"У вас уже {MOST} действующих ссылок на оплату. Отзовите те, что больше не нужны."
NO_LINK = "Такой ссылки среди ваших нет"

_ABOUT = (
    select(
        col(Receipt.account_id),
        col(Organization.takes_payments),
        col(Organization.commission_by),
        col(Organization.commission_rate),
        col(Organization.commission_minimum),
        col(Organization.payment_ceiling),
        SUPERSEDING.label("superseded"),
        owned(Receipt.account_id, "pay").label("may_pay"),
    )
    .select_from(Receipt)
    .join(Account, col(Account.id) == col(Receipt.account_id))
    .join(Organization, col(Organization.id) == col(Account.organization_id))
    .where(col(Receipt.id) == bindparam("receipt_id"), owned(Receipt.account_id))
)
_ALIVE = (
    col(PayLink.user_id) == bindparam("of_user"),
    col(PayLink.revoked_at).is_(None),
    col(PayLink.expires_at) > bindparam("now"),
)
_COUNT = select(func.count()).select_from(PayLink).where(*_ALIVE)
_OWN = select(col(PayLink.id)).where(
    col(PayLink.id) == bindparam("of_link"), col(PayLink.user_id) == bindparam("of_user")
)
_REVOKE = (
    update(PayLink)
    .where(
        col(PayLink.id) == bindparam("of_link"),
        col(PayLink.user_id) == bindparam("of_user"),
        col(PayLink.revoked_at).is_(None),
    )
    .values(revoked_at=bindparam("now"))
)


def make_link(db: Writer, actor: Actor, receipt_id: int, *, in_cart: bool, now: datetime) -> str:
    """A link for what the person's cart has of a receipt, else for what is due of it; returns its key.

    A repeat gives the same link while its sums are still to be paid. Raises NotFound for a receipt that isn't the
    person's or not in the cart, Refused where the person may only look, nothing is due, the organization takes no
    payments, the sum is over its ceiling or there are too many links, Conflict where a newer receipt has come.
    """
    about = _checked(db.first(_ABOUT, receipt_id=receipt_id, **actor.owning))
    sums = sums_in_cart(db, actor, receipt_id) if in_cart else sums_due(db, actor, receipt_id)
    if sums is None:
        raise NotFound(NOT_IN_CART)
    _check_sum(about, sums)
    for link in my_links(db, actor, now=now):
        if link.payable and link.receipt_id == receipt_id and link.pieces == frozenset(sums.pieces):
            return link.key
    if int(db.value(_COUNT, of_user=actor.user_id, now=now) or 0) >= MOST:
        raise Refused(TOO_MANY)
    return _kept(db, actor, receipt_id, sums, about.account_id, now)


def revoke_link(db: Writer, actor: Actor, link_id: int, *, now: datetime) -> None:
    """End a link of one's own; a repeat is quiet. Raises NotFound. What is paid by it just now `close_behind` ends."""
    if db.change(_REVOKE, of_link=link_id, of_user=actor.user_id, now=now):
        note(db, "pay-link-revoked", now=now, actor_id=actor.user_id, user_id=actor.user_id, link=link_id)
    elif db.first(_OWN, of_link=link_id, of_user=actor.user_id) is None:
        raise NotFound(NO_LINK)


def _checked(about: Any) -> Any:
    if about is None:
        raise NotFound(NO_RECEIPT)
    if not about.may_pay:
        raise Refused(NO_RIGHT)
    if not about.takes_payments:
        raise Refused(NO_PAYMENTS)
    if about.superseded:
        raise Conflict(SUPERSEDED)
    return about


def _check_sum(about: Any, sums: Sums) -> None:
    if sums.amount <= 0:
        raise Refused(NOTHING_DUE)
    terms = terms_of(about)
    if terms.too_little_for(sums.amount):
        raise Refused(f"{at_once(terms.ceiling)} вместе с комиссией. Уменьшите сумму в корзине.")


def _kept(db: Writer, actor: Actor, receipt_id: int, sums: Sums, account_id: int, now: datetime) -> str:
    link = PayLink(
        key=new_key(), user_id=actor.user_id, receipt_id=receipt_id, receipt_due=sums.receipt_due, created_at=now,
        expires_at=now + LIVES,
    )  # fmt: skip
    db.add(link)
    assert link.id
    for piece in sums.pieces:
        db.add(PayLinkLine(link_id=link.id, service=piece.service, part=piece.part, amount=piece.amount))
    note(
        db, "pay-link-made", now=now, actor_id=actor.user_id, user_id=actor.user_id, account_id=account_id,
        link=link.id,
    )  # fmt: skip
    return link.key

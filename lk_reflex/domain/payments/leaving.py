"""Ending access to an account: what lay in the carts of those who may no longer pay goes with it."""

from datetime import datetime

from sqlalchemy import bindparam, delete, select
from sqlmodel import col

from lk_reflex.core.db import Writer
from lk_reflex.domain.accounts.grants import revoke_grant
from lk_reflex.domain.accounts.unlinking import unlink_account
from lk_reflex.domain.billing.tables import Receipt
from lk_reflex.domain.identity.access import Actor
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.identity.tables import AccountLink
from lk_reflex.domain.payments.tables import CartLine

#: Links that let pay have no end that matters here: an ended one hides its lines by the cart's own queries.
_STRAY = delete(CartLine).where(
    col(CartLine.receipt_id).in_(select(col(Receipt.id)).where(col(Receipt.account_id) == bindparam("of_account"))),
    col(CartLine.user_id).not_in(
        select(col(AccountLink.user_id)).where(
            col(AccountLink.account_id) == bindparam("of_account"), col(AccountLink.may_pay).is_(True)
        )
    ),
)


def leave_account(db: Writer, actor: Actor, account_id: int, *, client: Client, now: datetime) -> int:
    """Unlink an account and take its receipts out of the carts; returns how many relatives' accesses have ended.

    Raises NotFound for an account that isn't linked.
    """
    ended = unlink_account(db, actor, account_id, client=client, now=now)
    db.change(_STRAY, of_account=account_id)
    return ended


def take_back(db: Writer, actor: Actor, grant_id: int, *, client: Client, site: str, now: datetime) -> None:
    """Revoke an access and empty what the relative meant to pay by it. Raises NotFound."""
    account_id = revoke_grant(db, actor, grant_id, client=client, site=site, now=now)
    db.change(_STRAY, of_account=account_id)

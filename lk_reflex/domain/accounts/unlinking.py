"""Unlinking: a person sees an account no more, and nobody sees it by what that person gave."""

from datetime import datetime

from sqlalchemy import bindparam, delete, select, update
from sqlmodel import col

from lk_reflex.core.db import Writer
from lk_reflex.core.errors import NotFound
from lk_reflex.domain.accounts.access_tables import AccountGrant
from lk_reflex.domain.accounts.grants import end_grants_given
from lk_reflex.domain.accounts.holding import hold
from lk_reflex.domain.accounts.linked import NOT_LINKED
from lk_reflex.domain.audit.log import note
from lk_reflex.domain.identity.access import Actor
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.identity.tables import AccountLink, User

_DROP = delete(AccountLink).where(
    col(AccountLink.user_id) == bindparam("of_user"), col(AccountLink.account_id) == bindparam("of_account")
)
_GRANT = select(col(AccountLink.grant_id)).where(
    col(AccountLink.user_id) == bindparam("user"), col(AccountLink.account_id) == bindparam("account")
)
#: What the person was given for the account: left for good, so that no later sign-up brings it back.
_LEAVE = (
    update(AccountGrant)
    .where(
        col(AccountGrant.account_id) == bindparam("of_account"),
        col(AccountGrant.email_key).in_(
            select(col(User.email_key)).where(col(User.id) == bindparam("of_user")).scalar_subquery()
        ),
        col(AccountGrant.revoked_at).is_(None),
    )
    .values(revoked_at=bindparam("now"))
)
_LEAVE_ONE = (
    update(AccountGrant)
    .where(col(AccountGrant.id) == bindparam("grant"), col(AccountGrant.revoked_at).is_(None))
    .values(revoked_at=bindparam("now"))
)


def unlink_account(db: Writer, actor: Actor, account_id: int, *, client: Client, now: datetime) -> int:
    """End the person's access at once, and all access that the person gave; returns how many of those there were.

    Whoever was given access leaves it. Raises NotFound for an account that isn't linked.
    """
    hold(db, account_id)
    ended = _unlink(db, actor.user_id, account_id, now=now)
    if ended is None:
        raise NotFound(NOT_LINKED)
    note(
        db, "account-unlinked", now=now, actor_id=actor.user_id, user_id=actor.user_id, account_id=account_id,
        address=client.address, grants_ended=ended,
    )  # fmt: skip
    return ended


def _unlink(db: Writer, user_id: int, account_id: int, *, now: datetime) -> int | None:
    """How many grants of the person's have ended with the link; None where there is no link."""
    grant = db.value(_GRANT, user=user_id, account=account_id)
    if db.change(_DROP, of_user=user_id, of_account=account_id) != 1:
        return None
    if grant is not None:
        db.change(_LEAVE_ONE, grant=grant, now=now)
    db.change(_LEAVE, of_user=user_id, of_account=account_id, now=now)
    return end_grants_given(db, user_id, account_id, now=now)

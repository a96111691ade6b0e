"""What a person sees of the accesses that others gave: by whom, what for, and until when."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlmodel import col

from lk_reflex.core.db import Reader
from lk_reflex.domain.accounts.access_tables import AccountGrant
from lk_reflex.domain.identity.access import Actor, lasting
from lk_reflex.domain.identity.tables import AccountLink, User
from lk_reflex.domain.mail.masks import masked_email


@dataclass(frozen=True, slots=True)
class Granted:
    """An account seen by somebody's leave; `giver` is masked."""

    giver: str
    may_send: bool
    may_pay: bool
    ends_at: datetime | None


_GRANTED = (
    select(
        col(AccountLink.account_id),
        col(User.email),
        col(AccountLink.may_send),
        col(AccountLink.may_pay),
        col(AccountLink.ends_at),
    )
    .join(AccountGrant, col(AccountGrant.id) == col(AccountLink.grant_id))
    .join(User, col(User.id) == col(AccountGrant.granted_by))
    .where(col(AccountLink.user_id) == bindparam("user_id"), lasting())
)


def granted_accounts(db: Reader, actor: Actor) -> dict[int, Granted]:
    """The accounts that the person sees by others' leave; those of the person's own aren't among them."""
    rows = db.rows(_GRANTED, **actor.owning)
    return {
        row.account_id: Granted(masked_email(row.email), bool(row.may_send), bool(row.may_pay), row.ends_at)
        for row in rows
    }

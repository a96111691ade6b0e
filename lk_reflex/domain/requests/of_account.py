"""An account's requests as staff see them in its file: sent ones, newest first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, select
from sqlmodel import col

from lk_reflex.core.db import Reader
from lk_reflex.domain.accounts.overseen import OverseenAccount
from lk_reflex.domain.requests.machine import Status
from lk_reflex.domain.requests.tables import Request

MOST: Final = 50
_OF_ACCOUNT = (
    select(col(Request.number), col(Request.kind), col(Request.status), col(Request.sent_at))
    .where(
        col(Request.account_id) == bindparam("account_id"),
        # One that was made for this account and sent to another organization is the other's affair.
        col(Request.organization_id) == bindparam("organization_id"),
        # A draft is nobody's but its person's.
        col(Request.status) != Status.DRAFT,
    )
    .order_by(col(Request.id).desc())
    .limit(MOST)
)


@dataclass(frozen=True, slots=True)
class RequestOfAccount:
    """One request; `kind` as in `kinds`, `status` as in `machine`."""

    number: str
    kind: str
    status: Status
    sent_at: datetime | None


def requests_for_staff(db: Reader, account: OverseenAccount) -> tuple[RequestOfAccount, ...]:
    """The newest ones; drafts aren't among them."""
    rows = db.rows(_OF_ACCOUNT, account_id=account.account_id, organization_id=account.organization_id)
    return tuple(RequestOfAccount(row.number, row.kind, Status(row.status), row.sent_at) for row in rows)

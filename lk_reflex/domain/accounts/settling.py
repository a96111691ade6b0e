"""How grants become links and stop being them; one place, so that two grants for one person never tread on each other.

A link earned by surname (without `grant_id`) is stronger than any grant and is never touched from here.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, delete, or_, select, update
from sqlmodel import col

from lk_reflex.core.db import Writer
from lk_reflex.core.schema import UtcTime
from lk_reflex.domain.accounts.access_tables import AccountGrant
from lk_reflex.domain.identity.tables import AccountLink, User


def living(at: str) -> tuple[ColumnElement[bool], ...]:
    """The conditions that a grant is neither taken back nor over at the moment bound as `at`."""
    over = or_(col(AccountGrant.ends_at).is_(None), col(AccountGrant.ends_at) > bindparam(at, type_=UtcTime()))
    return col(AccountGrant.revoked_at).is_(None), over


#: The widest first: whoever is given access twice has the better one.
_BEST = (
    select(col(AccountGrant.id), col(AccountGrant.may_send), col(AccountGrant.may_pay), col(AccountGrant.ends_at))
    .where(
        col(AccountGrant.email_key) == bindparam("email_key"),
        col(AccountGrant.account_id) == bindparam("account"),
        *living("at"),
    )
    .order_by(
        col(AccountGrant.may_pay).desc(),
        col(AccountGrant.may_send).desc(),
        col(AccountGrant.ends_at).desc().nulls_first(),
        col(AccountGrant.id),
    )
    .limit(1)
)
_EMAIL_KEY = select(col(User.email_key)).where(col(User.id) == bindparam("user"))
_LINK = select(col(AccountLink.id), col(AccountLink.grant_id)).where(
    col(AccountLink.user_id) == bindparam("user"), col(AccountLink.account_id) == bindparam("account")
)
_HELD_BY = select(col(AccountLink.user_id), col(AccountLink.account_id)).where(
    col(AccountLink.grant_id) == bindparam("grant")
)
_NARROW = (
    update(AccountLink)
    .where(col(AccountLink.id) == bindparam("link"))
    .values(
        grant_id=bindparam("new_grant"), may_send=bindparam("new_send"), may_pay=bindparam("new_pay"),
        ends_at=bindparam("new_end", type_=UtcTime()),
    )
)  # fmt: skip
_UNLINK = delete(AccountLink).where(col(AccountLink.id) == bindparam("link"))
_REVOKE = (
    update(AccountGrant)
    .where(
        col(AccountGrant.id) == bindparam("grant"),
        col(AccountGrant.granted_by) == bindparam("giver"),
        col(AccountGrant.revoked_at).is_(None),
    )
    .values(revoked_at=bindparam("now"))
)


def end_grant(db: Writer, giver: int, grant_id: int, *, now: datetime) -> bool:
    """Take one back; whoever saw the account by it sees it no more, unless somebody else has given access, too."""
    if db.change(_REVOKE, grant=grant_id, giver=giver, now=now) != 1:
        return False
    for row in db.rows(_HELD_BY, grant=grant_id):
        settle(db, row.user_id, row.account_id, now=now)
    return True


def settle(db: Writer, user_id: int, account_id: int, *, now: datetime) -> bool:
    """Bring a user's link into line with the grants that live; returns whether a link is there that wasn't.

    The account is held by the caller (`holding.hold`), so that two of these never meet.
    """
    link = db.first(_LINK, user=user_id, account=account_id)
    if link is not None and link.grant_id is None:
        return False
    email_key = db.value(_EMAIL_KEY, user=user_id)
    best = db.first(_BEST, email_key=email_key, account=account_id, at=now)
    if best is None:
        if link is not None:
            db.change(_UNLINK, link=link.id)
        return False
    if link is not None:
        db.change(
            _NARROW, link=link.id, new_grant=best.id, new_send=best.may_send, new_pay=best.may_pay, new_end=best.ends_at
        )
        return False
    db.add(
        AccountLink(
            user_id=user_id, account_id=account_id, linked_at=now, grant_id=best.id, may_send=best.may_send,
            may_pay=best.may_pay, ends_at=best.ends_at,
        )
    )  # fmt: skip
    return True

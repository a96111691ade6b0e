"""Who is acting, and the only answers to «may» and «which accounts»."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, String, and_, bindparam, or_, select
from sqlmodel import col

from lk_reflex.core.db import Reader
from lk_reflex.core.schema import UtcTime
from lk_reflex.domain.identity.tables import AccountLink, StaffDuty, User, UserSession

RESIDENT, OPERATOR, ADMIN = "resident", "operator", "admin"
ROLES = (RESIDENT, OPERATOR, ADMIN)
#: What a link to an account may allow beside seeing it.
Right = Literal["send", "pay"]


@dataclass(frozen=True, slots=True)
class Actor:
    """The signed-in person of one call, read anew from the session's row each time."""

    user_id: int
    role: str
    email: str
    session_id: int
    seen_at: datetime
    #: The account that all sections show; None where none is linked.
    chosen_account_id: int | None
    #: The moment of the call: whose access has ended by then sees nothing.
    at: datetime

    @property
    def owning(self) -> dict[str, Any]:
        """The parameters of every query that holds `owned`."""
        return {"user_id": self.user_id, "owned_at": self.at}

    @property
    def overseeing(self) -> dict[str, Any]:
        """The parameters of every query that holds `overseen`."""
        return {"overseer": self.user_id, "overseer_role": self.role}

    def is_staff(self) -> bool:
        """Whether the person works here."""
        return self.role in (OPERATOR, ADMIN)


#: The chosen account first. A link never chosen sorts last on both databases; then the oldest link.
CHOSEN_FIRST = (
    col(AccountLink.chosen_at).desc().nulls_last(),
    col(AccountLink.linked_at),
    col(AccountLink.id),
)


def lasting(at: str = "owned_at") -> ColumnElement[bool]:
    """The condition that a link hasn't come to its end at the moment bound as `at`."""
    return or_(col(AccountLink.ends_at).is_(None), col(AccountLink.ends_at) > bindparam(at, type_=UtcTime()))


_CHOSEN = (
    select(col(AccountLink.account_id))
    .where(col(AccountLink.user_id) == col(User.id), lasting("now"))
    .order_by(*CHOSEN_FIRST)
    .limit(1)
    .scalar_subquery()
)
_BY_TOKEN = (
    select(
        col(User.id),
        col(User.role),
        col(User.email),
        col(UserSession.id).label("session_id"),
        col(UserSession.seen_at),
        _CHOSEN.label("chosen_account_id"),
    )
    .join(User, col(User.id) == col(UserSession.user_id))
    .where(
        col(UserSession.token_hash) == bindparam("token_hash"),
        col(UserSession.ended_at).is_(None),
        col(UserSession.expires_at) > bindparam("now"),
        col(UserSession.seen_at) > bindparam("idle_since"),
        col(User.blocked_at).is_(None),
    )
)


def actor_of(db: Reader, token_hash: str, *, now: datetime, idle_since: datetime) -> Actor | None:
    """The person behind a session's token, or None where it has ended, gone idle, or the person is blocked."""
    row = db.first(_BY_TOKEN, token_hash=token_hash, now=now, idle_since=idle_since)
    return None if row is None else Actor(*row, at=now)


def owned(account_id: Any, right: Right | None = None) -> ColumnElement[bool]:
    """The condition that puts ownership into a query: `account_id` is linked to the actor, with that right.

    The query is run with `**actor.owning`.
    """
    link = select(col(AccountLink.id)).where(
        col(AccountLink.account_id) == account_id, col(AccountLink.user_id) == bindparam("user_id"), lasting()
    )
    if right is not None:
        link = link.where({"send": col(AccountLink.may_send), "pay": col(AccountLink.may_pay)}[right].is_(True))
    return link.exists()


def overseen(organization_id: Any) -> ColumnElement[bool]:
    """The condition that puts a duty into a staff query: the actor works for that organization, or administers all.

    The query is run with `**actor.overseeing`; for whoever isn't staff it finds nothing.
    """
    duty = select(col(StaffDuty.user_id)).where(
        col(StaffDuty.organization_id) == organization_id, col(StaffDuty.user_id) == bindparam("overseer")
    )
    role = bindparam("overseer_role", type_=String())
    return or_(role == ADMIN, and_(role == OPERATOR, duty.exists()))

"""Who works for an organization, and what colleagues call them."""

from dataclasses import dataclass

from sqlalchemy import bindparam, or_, select
from sqlmodel import col

from lk_reflex.core.db import Reader
from lk_reflex.domain.identity.access import ADMIN, OPERATOR, Actor
from lk_reflex.domain.identity.tables import StaffDuty, User


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who may take a request on."""

    user_id: int
    name: str


#: By the duties, which are few, and not by the role, which all logins have. An administrator without a duty of this
#: organization isn't asked by others to work for it.
_COLLEAGUES = (
    select(col(User.id), col(User.staff_name), col(User.email))
    .join(StaffDuty, col(StaffDuty.user_id) == col(User.id))
    .where(
        col(StaffDuty.organization_id) == bindparam("organization_id"),
        or_(col(User.role) == OPERATOR, col(User.role) == ADMIN),
        col(User.blocked_at).is_(None),
        col(User.deleted_at).is_(None),
    )
    .order_by(col(User.staff_name), col(User.email))
)
_ME = select(col(User.id), col(User.staff_name), col(User.email)).where(col(User.id) == bindparam("me"))


def colleagues(db: Reader, actor: Actor, organization_id: int) -> tuple[Colleague, ...]:
    """Who may take a request of this organization on: the actor first, whose right to it the caller has proven."""
    others = db.rows(_COLLEAGUES, organization_id=organization_id)
    rows = [*db.rows(_ME, me=actor.user_id), *(row for row in others if row.id != actor.user_id)]
    return tuple(Colleague(row.id, called(row.staff_name, row.email)) for row in rows)


def called(staff_name: str | None, email: str | None) -> str:
    """What colleagues call somebody of the staff; a login that is gone has left no name."""
    return staff_name or email or "бывший сотрудник"

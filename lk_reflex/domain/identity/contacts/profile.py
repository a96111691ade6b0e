"""What the settings page shows of a login."""

from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlmodel import col

from lk_reflex.core.db import Reader
from lk_reflex.domain.identity.access import Actor
from lk_reflex.domain.identity.tables import User


@dataclass(frozen=True, slots=True)
class Profile:
    """A login's own data; `phone` is E.164 or empty. Who came from Госуслуги may have no password."""

    email: str
    phone: str
    phone_confirmed: bool
    has_password: bool


_PROFILE = select(
    col(User.email),
    col(User.phone),
    col(User.phone_confirmed_at),
    col(User.password_hash).is_not(None).label("has_password"),
).where(col(User.id) == bindparam("user"))


def profile_of(db: Reader, actor: Actor) -> Profile:
    """The person's own login."""
    row = db.first(_PROFILE, user=actor.user_id)
    assert row is not None
    return Profile(row.email, row.phone or "", row.phone_confirmed_at is not None, bool(row.has_password))

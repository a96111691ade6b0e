"""The people of a demonstration. Nothing here is ever called in production."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlmodel import col

from lk_reflex.core.db import Reader, Writer
from lk_reflex.core.text import email_key
from lk_reflex.domain.identity.access import ADMIN, OPERATOR, RESIDENT
from lk_reflex.domain.identity.tables import AccountLink, StaffDuty, User
from lk_reflex.domain.identity.users import put_user

DEMO_PASSWORD = "demo-cabinet-2026"  # noqa: S105  printed on the banner of every demonstration


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """A login of the demonstration and who it stands for."""

    email: str
    who: str
    role: str = RESIDENT
    staff_name: str = ""
    #: A confirmed phone, E.164: forms come filled in with it.
    phone: str = ""


DEMO_PEOPLE: Sequence[DemoPerson] = (
    DemoPerson("anna@example.org", "Квартира 1010 и ещё два лицевых счета", phone="+79123456789"),
    DemoPerson("boris@example.org", "Та же квартира 1010"),
    DemoPerson("vera@example.org", "Лицевые счета не привязаны"),
    DemoPerson("operator@example.org", "Оператор", OPERATOR, "Иванова О. П."),
    DemoPerson("operator2@example.org", "Второй оператор", OPERATOR, "Смирнов А. В."),
    DemoPerson("admin@example.org", "Администратор", ADMIN, "Громова Е. Н."),
)
#: Any of them: a visitor may have renamed or deleted some, and a second filling would trip over the rest.
_ANYONE = select(col(User.id)).where(col(User.email_key).in_([person.email for person in DEMO_PEOPLE])).limit(1)

_SOMEBODY = select(col(User.id)).limit(1)


def anybody_exists(db: Reader) -> bool:
    """Whether there is any login: a database that somebody uses is no place for a demonstration."""
    return db.first(_SOMEBODY) is not None


def is_demo_login(email: str) -> bool:
    """Whether a demonstration has such a login: production opens over no database with one."""
    return email_key(email) in {person.email for person in DEMO_PEOPLE}


def demo_people_exist(db: Reader) -> bool:
    """Whether the demonstration's logins have been made already."""
    return db.first(_ANYONE) is not None


def make_demo_people(
    db: Writer, accounts: Mapping[str, Sequence[int]], organizations: Sequence[int], password_hash: str, *,
    now: datetime,
) -> None:  # fmt: skip
    """Make all demo logins; `accounts` maps an e-mail to the ids of the accounts that are linked to it.

    The first account of each person becomes the chosen one. Operators work for all `organizations`.
    """
    for person in DEMO_PEOPLE:
        user_id = put_user(db, person.email, person.role, password_hash, now=now)
        for place, account_id in enumerate(accounts.get(person.email, ())):
            chosen_at = now if place == 0 else None
            db.add(AccountLink(user_id=user_id, account_id=account_id, linked_at=now, chosen_at=chosen_at))
        if person.phone:
            db.change(update(User).where(col(User.id) == user_id).values(phone=person.phone, phone_confirmed_at=now))
        if person.staff_name:
            db.change(update(User).where(col(User.id) == user_id).values(staff_name=person.staff_name))
        if person.role == OPERATOR:
            for organization_id in organizations:
                db.add(StaffDuty(user_id=user_id, organization_id=organization_id))

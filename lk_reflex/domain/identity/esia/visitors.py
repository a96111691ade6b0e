"""People whom Госуслуги vouched for and whom we don't know: half an hour to bind a login or to make one."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlmodel import col

from lk_reflex.core.db import Reader, Writer
from lk_reflex.core.errors import Refused
from lk_reflex.domain.identity.cookies import cookie_value
from lk_reflex.domain.identity.esia.bindings import facts_of
from lk_reflex.domain.identity.esia.tables import EsiaVisitor
from lk_reflex.domain.identity.tokens import new_token, token_hash
from lk_reflex.domain.identity.users import user_id_of
from lk_reflex.integrations.esia.port import Person

VISITOR_COOKIE = "lk_visitor"
LIFE = timedelta(minutes=30)
GONE = "Время входа через Госуслуги истекло. Нажмите «Вход через Госуслуги» ещё раз."

_FIND = select(col(EsiaVisitor.id), col(EsiaVisitor.person), col(EsiaVisitor.target)).where(
    col(EsiaVisitor.token_hash) == bindparam("hashed"),
    col(EsiaVisitor.used_at).is_(None),
    col(EsiaVisitor.expires_at) > bindparam("now"),
)
_USE = (
    update(EsiaVisitor)
    .where(col(EsiaVisitor.id) == bindparam("visitor"), col(EsiaVisitor.used_at).is_(None))
    .values(used_at=bindparam("now"))
)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who stands at the door, and where they were going."""

    id: int
    person: Person
    target: str

    @property
    def facts(self) -> dict[str, object]:
        """What a binding keeps of the person."""
        return facts_of(self.person)

    @property
    def sure_email(self) -> str:
        """The e-mail whose mailbox Госуслуги have seen the person open; empty where there is none."""
        return self.person.email.strip() if self.person.email_verified else ""


def keep_visitor(db: Writer, person: Person, target: str, *, now: datetime) -> str:
    """Let the person in as far as the page of choice; returns the cookie's value."""
    token = new_token()
    db.add(
        EsiaVisitor(
            token_hash=token_hash(token), person=asdict(person), target=target, created_at=now, expires_at=now + LIFE
        )
    )
    return token


def visitor_of(db: Reader, cookies: str, *, now: datetime) -> Visitor | None:
    """The visitor whose cookie is in this header, or None."""
    token = cookie_value(cookies, VISITOR_COOKIE)
    row = db.first(_FIND, hashed=token_hash(token), now=now) if token else None
    if row is None:
        return None
    kept: Any = row.person
    return Visitor(row.id, Person(**kept), row.target)


def use_visitor(db: Writer, visitor: Visitor, *, now: datetime) -> None:
    """The choice is made. Raises Refused where it has been made already."""
    if not db.change(_USE, visitor=visitor.id, now=now):
        raise Refused(GONE)


def email_known(db: Reader, visitor: Visitor) -> bool:
    """Whether the person's own, confirmed e-mail has a login: nobody but the mailbox's owner is told."""
    return bool(visitor.sure_email) and user_id_of(db, visitor.sure_email) is not None

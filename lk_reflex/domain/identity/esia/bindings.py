"""Bindings to Госуслуги: one identity there for one login here, made and undone by its owner alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from lk_reflex.core.db import Reader, Writer
from lk_reflex.core.errors import Refused
from lk_reflex.core.text import surname_key
from lk_reflex.domain.audit.log import note
from lk_reflex.domain.identity.access import Actor
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.identity.esia.letters import bound_letter, unbound_letter
from lk_reflex.domain.identity.esia.tables import EsiaBinding
from lk_reflex.domain.identity.tables import User
from lk_reflex.domain.mail.outbox import queue
from lk_reflex.integrations.esia.port import Person

TAKEN = (
    "Этот профиль Госуслуг уже привязан к другой учётной записи личного кабинета. Войдите через Госуслуги в неё и "
    "отвяжите профиль в настройках, затем повторите привязку здесь."
)
OTHER = (
    "К этой учётной записи уже привязан другой профиль Госуслуг. Войдите с паролем, отвяжите его в настройках и "
    "привяжите новый."
)
NO_PASSWORD = "Сначала задайте пароль: без него и без Госуслуг вы не сможете войти в личный кабинет."  # noqa: S105


@dataclass(frozen=True, slots=True)
class Binding:
    """A login's identity at Госуслуги. `trusted` is a confirmed one (подтверждённая учётная запись).

    `surname_key` is made by `core.text.surname_key`; `name` is what a person recognises it by: «СЕРГЕЙ
    ВЛАДИМИРОВИЧ З.».
    """

    name: str
    surname_key: str
    trusted: bool
    bound_at: datetime

    def confirms(self, surname_key: str) -> bool:
        """Whether Госуслуги vouch that the person bears this surname."""
        return self.trusted and bool(surname_key) and self.surname_key == surname_key


_OF_USER = select(
    col(EsiaBinding.oid),
    col(EsiaBinding.name),
    col(EsiaBinding.surname_key),
    col(EsiaBinding.trusted),
    col(EsiaBinding.bound_at),
).where(col(EsiaBinding.user_id) == bindparam("user"))
_BY_OID = select(col(EsiaBinding.user_id)).where(col(EsiaBinding.oid) == bindparam("oid"))
_REFRESH = (
    update(EsiaBinding)
    .where(col(EsiaBinding.oid) == bindparam("of_oid"))
    .values(surname_key=bindparam("new_surname"), name=bindparam("new_name"), trusted=bindparam("new_trusted"))
)
_HAS_PASSWORD = select(col(User.id)).where(col(User.id) == bindparam("user"), col(User.password_hash).is_not(None))
_EMAIL = select(col(User.email)).where(col(User.id) == bindparam("user"))
_UNBIND = delete(EsiaBinding).where(col(EsiaBinding.user_id) == bindparam("of_user"))


def binding_of(db: Reader, user_id: int) -> Binding | None:
    """The login's binding, or None."""
    row = db.first(_OF_USER, user=user_id)
    return None if row is None else Binding(row.name, row.surname_key, row.trusted, row.bound_at)


def user_of(db: Reader, oid: str) -> int | None:
    """Whose login the identity is bound to, or None."""
    return db.value(_BY_OID, oid=oid)


def facts_of(person: Person) -> dict[str, object]:
    """What we keep of a person: `Registration.esia` and `EsiaBinding` hold the same."""
    return {
        "oid": person.oid,
        "surname_key": surname_key(person.surname),
        "name": person.short_name,
        "trusted": person.trusted,
    }


def bind(db: Writer, user_id: int, facts: Mapping[str, object], *, site: str, now: datetime, address: str = "") -> None:
    """Bind the login to the identity of `facts`, and write to its owner; quiet where that is so already.

    Raises Refused where the identity is another login's, or the login has another identity.
    """
    oid = str(facts["oid"])
    owner = user_of(db, oid)
    if owner == user_id:
        refresh(db, facts)
        return
    if owner is not None:
        raise Refused(TAKEN)
    if binding_of(db, user_id) is not None:
        raise Refused(OTHER)
    _add(db, user_id, facts, now=now)
    email = db.value(_EMAIL, user=user_id)
    assert email is not None
    queue(db, email, bound_letter(site, str(facts["name"])), kind="esia-bound", now=now)
    note(db, "esia-bound", now=now, actor_id=user_id, user_id=user_id, address=address)


def _add(db: Writer, user_id: int, facts: Mapping[str, object], *, now: datetime) -> None:
    binding = EsiaBinding(
        user_id=user_id,
        oid=str(facts["oid"]),
        surname_key=str(facts["surname_key"]),
        name=str(facts["name"]),
        trusted=bool(facts["trusted"]),
        bound_at=now,
    )
    try:
        db.add(binding)
    except IntegrityError as fault:  # somebody else was quicker, between our look and our row
        raise Refused(TAKEN) from fault


def refresh(db: Writer, facts: Mapping[str, object]) -> None:
    """Note what Госуслуги tell today: people marry, and confirm their identity later."""
    db.change(
        _REFRESH,
        of_oid=str(facts["oid"]),
        new_surname=str(facts["surname_key"]),
        new_name=str(facts["name"]),
        new_trusted=bool(facts["trusted"]),
    )


def unbind(db: Writer, actor: Actor, *, client: Client, site: str, now: datetime) -> None:
    """Take the binding away, and write to the owner; quiet where there is none.

    Raises Refused before a password exists.
    """
    if db.first(_HAS_PASSWORD, user=actor.user_id) is None:
        raise Refused(NO_PASSWORD)
    if drop_binding(db, actor.user_id):
        queue(db, actor.email, unbound_letter(site), kind="esia-unbound", now=now)
        note(db, "esia-unbound", now=now, actor_id=actor.user_id, user_id=actor.user_id, address=client.address)


def drop_binding(db: Writer, user_id: int) -> bool:
    """Take the binding away as part of something else, which tells the owner; whether there was one."""
    return db.change(_UNBIND, of_user=user_id) > 0

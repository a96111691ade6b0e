"""Entering by Госуслуги: a bound identity at once, an unknown one by a password once or with a login of its own."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlmodel import col

from lk_reflex.core.db import Writer
from lk_reflex.core.errors import Invalid, Refused
from lk_reflex.core.text import email_key
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.identity.contacts.phones import parse_mobile
from lk_reflex.domain.identity.esia import bindings as esia
from lk_reflex.domain.identity.esia.visitors import Visitor, use_visitor
from lk_reflex.domain.identity.registering.consents import REQUIRED
from lk_reflex.domain.identity.registering.emails import clean_email, email_fault
from lk_reflex.domain.identity.registering.logins import create_login
from lk_reflex.domain.identity.registering.registration import queue_registration
from lk_reflex.domain.identity.signing_in.entering import enter
from lk_reflex.domain.identity.signing_in.known_device import known_mark, new_mark
from lk_reflex.domain.identity.signing_in.sign_in import NOT_ACTIVATED, SignedIn
from lk_reflex.domain.identity.tables import User
from lk_reflex.domain.identity.users import user_id_of
from lk_reflex.integrations.esia.port import Person

BLOCKED = "Вход в эту учётную запись закрыт. Обратитесь в вашу управляющую (ресурсоснабжающую) компанию."
KNOWN = "У вашего адреса уже есть учётная запись. Войдите в неё один раз с паролем: профиль Госуслуг привяжется к ней"
AGREE = {
    "terms": "Чтобы создать учётную запись, примите условия пользовательского соглашения",
    "consent": "Чтобы создать учётную запись, дайте согласие на обработку персональных данных",
}

_USER = select(
    col(User.password_hash), col(User.activated_at), col(User.blocked_at), col(User.deleted_at)
).where(col(User.id) == bindparam("user"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Door:
    """Where and how somebody comes in: the client, what its browser brings of earlier sign-ins, our key and address."""

    client: Client
    marks: str
    key: bytes
    site: str
    time_zone: str


@dataclass(frozen=True, slots=True)
class Wish:
    """The form «Создать учётную запись» as sent: the e-mail as typed and the names of what was ticked."""

    email: str
    agreed: frozenset[str]


def recognise(db: Writer, person: Person) -> int | None:
    """Whose login the person's identity opens, or None where nobody's; what we know of them is made new.

    Raises Refused where that login is closed.
    """
    user_id = esia.user_of(db, person.oid)
    if user_id is None:
        return None
    user = db.first(_USER, user=user_id)
    if user is None or user.blocked_at is not None or user.deleted_at is not None:
        raise Refused(BLOCKED)
    if user.activated_at is None:
        raise Refused(NOT_ACTIVATED)
    esia.refresh(db, esia.facts_of(person))
    return user_id


def bind_visitor(db: Writer, visitor: Visitor, user_id: int, *, client: Client, site: str, now: datetime) -> None:
    """Bind a visitor to the login whose password they have just given. Raises Refused as `esia.bind` does."""
    use_visitor(db, visitor, now=now)
    esia.bind(db, user_id, visitor.facts, site=site, now=now, address=client.address)


def create(db: Writer, visitor: Visitor, wish: Wish, *, client: Client, site: str, now: datetime) -> int | None:
    """Make the visitor's login and return its id; None where a letter must be answered first.

    At once for the e-mail that Госуслуги have confirmed, and with that very address: one that is only alike to us may
    be another mailbox to a mail server. Any other gets an activation letter, whoever has it, so
    that nothing is learnt here of other people's addresses. Raises Invalid with a sentence per field, Refused where
    too many letters were asked for or the identity has got a login meanwhile.
    """
    email = clean_email(wish.email)
    _check(email, wish)
    sure = email_key(email) == email_key(visitor.sure_email) and not email_fault(visitor.sure_email)
    if sure and user_id_of(db, email) is not None:
        raise Invalid({"email": KNOWN})
    if esia.user_of(db, visitor.person.oid) is not None:
        raise Refused(esia.TAKEN)
    use_visitor(db, visitor, now=now)
    phone = _phone(visitor.person.mobile)
    if not sure:
        queue_registration(
            db, email=email, password_hash=None, phone=phone, consents=REQUIRED, esia=visitor.facts,
            client=client, site=site, now=now,
        )  # fmt: skip
        return None
    return create_login(
        db, email=visitor.sure_email, password_hash=None, phone=phone, consents=REQUIRED, esia=visitor.facts,
        address=client.address, now=now,
    )  # fmt: skip


def let_in(db: Writer, user_id: int, door: Door, *, now: datetime) -> SignedIn:
    """Open a session for whoever has just been recognised; word goes to the owner where the browser is new."""
    kept = db.first(_USER, user=user_id)
    assert kept is not None
    known = bool(known_mark(door.marks, user_id, kept.password_hash, key=door.key, now=now))
    cookie = enter(
        db, user_id, client=door.client, known=known, way="esia", site=door.site, time_zone=door.time_zone, now=now
    )
    return SignedIn(user_id, cookie, new_mark(user_id, kept.password_hash, key=door.key, now=now))


def _check(email: str, wish: Wish) -> None:
    faults = {name: sentence for name, sentence in AGREE.items() if name not in wish.agreed}
    if fault := email_fault(email):
        faults = {"email": fault, **faults}
    if faults:
        raise Invalid(faults)


def _phone(mobile: str) -> str | None:
    try:
        return parse_mobile(mobile)
    except ValueError:
        return None

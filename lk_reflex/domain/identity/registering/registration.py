"""Registration: a form waits until the link in the mail is opened, and only then a login comes to be.

Whether an address has a login already is told to its mailbox alone: the page, the work and the time are the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from lk_reflex.core.clock import DEFAULT_ZONE
from lk_reflex.core.db import Database, Reader, Writer
from lk_reflex.core.errors import Invalid, Refused
from lk_reflex.core.text import email_key
from lk_reflex.domain.identity import attempts
from lk_reflex.domain.identity.attempts import Limit
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.identity.contacts.phones import parse_mobile
from lk_reflex.domain.identity.entry_tables import Registration
from lk_reflex.domain.identity.passwords.hashing import hash_password
from lk_reflex.domain.identity.registering.application import Application, application_faults
from lk_reflex.domain.identity.registering.captcha import check_captcha
from lk_reflex.domain.identity.registering.consents import REQUIRED
from lk_reflex.domain.identity.registering.emails import clean_email
from lk_reflex.domain.identity.registering.logins import create_login
from lk_reflex.domain.identity.registering.waiting import Waiting, opened, take, waiting_forms
from lk_reflex.domain.identity.registering.welcome import activation_letter, known_letter, several_letter
from lk_reflex.domain.identity.tokens import new_token, token_hash
from lk_reflex.domain.identity.users import user_id_of
from lk_reflex.domain.mail.outbox import queue

LIFE = timedelta(hours=72)
HOUR = timedelta(hours=1)
#: Letters asked for by one client, to one address, and by all together.
BY_CLIENT = Limit("register:client", 30, window=HOUR, longest=HOUR, first=timedelta(minutes=1))
BY_EMAIL = Limit("register:email", 4, window=HOUR, longest=HOUR, first=timedelta(minutes=2))
IN_ALL = Limit("register", 1000, window=HOUR, longest=timedelta(minutes=5))

TOO_MANY = "Слишком много писем для активации за короткое время."
WRONG_CODE = "Код не совпал с картинкой. Введите код с новой картинки"
DEAD = "Ссылка не действует: она устарела, уже использована или скопирована не полностью."


@dataclass(frozen=True, slots=True)
class Sent:
    """Where a letter went, and the number of the form behind it."""

    email: str
    form_id: int


def register(database: Database, form: Application, client: Client, *, key: bytes, site: str, now: datetime) -> Sent:
    """Take a filled form and have the letter sent.

    Slow by design (bcrypt), and therefore outside any transaction. Raises Invalid with a sentence per field, Refused
    where too many letters were asked for.
    """
    faults = application_faults(form)
    if faults:
        raise Invalid(faults)
    email = clean_email(form.email)
    database.read(_refuse_while_waiting, email, client, now=now)
    if not database.write(check_captcha, form.captcha_token, form.captcha, key=key, now=now):
        raise Invalid({"captcha": WRONG_CODE})
    hashed, phone = hash_password(form.password, key), parse_mobile(form.phone)
    form_id = database.write(
        queue_registration, email=email, password_hash=hashed, phone=phone, consents=REQUIRED, esia=None,
        client=client, site=site, now=now,
    )  # fmt: skip
    return Sent(email, form_id)


def queue_registration(
    db: Writer, *, email: str, password_hash: str | None, phone: str | None, consents: Mapping[str, str],
    esia: Mapping[str, object] | None, client: Client, site: str, now: datetime,
) -> int:  # fmt: skip
    """Keep a form until its link is opened, and send the link; to an address with a login, word of that instead.

    Returns the form's number, for `resend`. Raises Refused where too many letters were asked for.
    """
    _count(db, email, client, now=now)
    form = Waiting(
        0, email, password_hash, phone, dict(consents), dict(esia) if esia else None, client.address[:64], now
    )  # fmt: skip
    return _send(db, form, site=site, now=now)


def resend(
    db: Writer, email: str, *, client: Client, site: str, now: datetime, form_id: int = 0,
    time_zone: str = DEFAULT_ZONE,
) -> None:  # fmt: skip
    """Send the link of a waiting form once more (each link works), or word that there is a login.

    It is the form of that number, or else the one that waits for the address. Where different ones wait, some
    stranger's may be among them, and the letter says so instead. To an address with neither nothing is sent, and
    whoever asked isn't told. Raises Refused where too many letters were asked for.
    """
    _count(db, email, client, now=now)
    forms = waiting_forms(db, email, now=now, form_id=form_id)
    known = user_id_of(db, email) is not None
    if len(forms) > 1 and forms[0].form_id != form_id and not known:
        filled = [form.created_at for form in forms]
        queue(db, email, several_letter(email, site, filled, time_zone), kind="activate", now=now)
    elif forms:
        _send(db, forms[0], site=site, now=now)
    else:
        # Of an address that is nothing to us, nothing is kept.
        queue(db, email if known else "", known_letter(email, site), kind="activate", now=now, void=not known)


def activate(db: Writer, token: str, *, client: Client, now: datetime) -> int:
    """Make the login that the form behind the link asked for; returns its id. Works once.

    Raises Refused for a link that doesn't work (any more), and where the address has got a login in the meantime.
    """
    form = opened(db, token, now=now)
    if form is None or not take(db, token, now=now):
        raise Refused(DEAD)
    return create_login(
        db, email=form.email, password_hash=form.password_hash, phone=form.phone, consents=form.consents,
        esia=form.esia, address=form.address or client.address, now=now, agreed_at=form.created_at,
    )  # fmt: skip


def _send(db: Writer, form: Waiting, *, site: str, now: datetime) -> int:
    """The same rows for an address with a login: a form whose link nobody gets, and a letter.

    The form waits like any other, so that its password gets the same answer at the door.
    """
    token, known = new_token(), user_id_of(db, form.email) is not None
    row = Registration(
        token_hash=token_hash(token), email=form.email, email_key=email_key(form.email),
        password_hash=form.password_hash, phone=form.phone, consents=form.consents, esia=form.esia,
        address=form.address, created_at=form.created_at, expires_at=now + LIFE,
    )  # fmt: skip
    db.add(row)
    letter = known_letter(form.email, site) if known else activation_letter(form.email, site, token)
    queue(db, form.email, letter, kind="activate", now=now)
    assert row.id is not None
    return row.id


def _limits(email: str, client: Client) -> tuple[tuple[Limit, str], ...]:
    return (BY_CLIENT, client.network), (BY_EMAIL, email_key(email)), (IN_ALL, "")


def _refuse_while_waiting(db: Reader, email: str, client: Client, *, now: datetime) -> None:
    attempts.refuse_while_waiting(db, _limits(email, client), TOO_MANY, now=now)


def _count(db: Writer, email: str, client: Client, *, now: datetime) -> None:
    _refuse_while_waiting(db, email, client, now=now)
    attempts.note_misses(db, _limits(email, client), now=now)

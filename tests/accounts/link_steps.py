"""What the tests of linking share: a newcomer without accounts, and the letters and log entries that come of it."""

from sqlalchemy import select

from lk_reflex.core.errors import Invalid, Refused
from lk_reflex.domain.accounts.linking import link_by_surname
from lk_reflex.domain.accounts.look_up import Place, look_up
from lk_reflex.domain.audit.tables import AuditEntry
from lk_reflex.domain.identity.access import Actor
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.identity.sessions import identify, open_session
from lk_reflex.domain.identity.tokens import token_hash
from lk_reflex.domain.identity.users import put_user
from lk_reflex.domain.mail.tables import OutgoingMail
from tests.cast import NO_PASSWORD, NOW

HOME = Client("203.0.113.5", "Firefox")
ELSEWHERE = Client("198.51.100.7")
SITE = "https://lk.example.org"
FLAT = Place("1234567899", "10", "1010")
HOUSE = Place("2000000001", "7", "")
MAIL = select(*OutgoingMail.__table__.columns).order_by(OutgoingMail.__table__.c.id)
LOG = select(*AuditEntry.__table__.columns).order_by(AuditEntry.__table__.c.id)


def newcomer(db, email="vera@example.org", *, now=NOW) -> Actor:
    """Somebody with a login and nothing else."""
    user = db.write(put_user, email, "resident", NO_PASSWORD, now=now)
    return again(db, user, now=now)


def again(db, user_id: int, *, now) -> Actor:
    """The same person at another moment."""
    cookie = db.write(open_session, user_id, client=HOME, now=now)
    actor = db.read(identify, token_hash(cookie), now=now)
    assert actor is not None
    return actor


def find(db, actor, place=FLAT, *, client=HOME, now=NOW):
    return look_up(db, actor, place, client=client, now=now)


def link(db, actor, account, surname="Здетовецкий", *, place=FLAT, client=HOME, now=NOW):
    return link_by_surname(db, actor, place, account, surname, client=client, site=SITE, now=now)


def pause(db, account, *, now=NOW) -> str:
    """Five strangers guess the surname; returns what the last one is told."""
    said = ""
    for number in range(5):
        guesser = newcomer(db, f"guess{number}@example.org", now=now)
        try:
            link(db, guesser, account, f"Иванов-{'абвгд'[number]}", now=now)
        except (Invalid, Refused) as fault:
            said = fault.message
    return said


def letters(db):
    return db.read(lambda reader: reader.rows(MAIL))


def recipients(db):
    return [(letter.kind, letter.recipient) for letter in letters(db)]


def log(db):
    return [entry.action for entry in db.read(lambda reader: reader.rows(LOG))]

"""What the tests of a signed-in person's own settings need: passwords, letters, codes."""

import re

from sqlalchemy import select, update
from sqlmodel import col

from lk_reflex.domain.audit.tables import AuditEntry
from lk_reflex.domain.identity.passwords import hashing as passwords
from lk_reflex.domain.identity.tables import User
from lk_reflex.domain.mail.tables import OutgoingMail
from tests.identity.conftest import KEY

PASSWORD = "пароль владельца"


def give_password(db, person, password=PASSWORD):
    alter(db, person, password_hash=passwords.hash_password(password, KEY, cost=4))


def alter(db, person, **values):
    db.write(lambda w: w.change(update(User).where(col(User.id) == person.actor.user_id).values(**values)))


def user(db, person):
    return db.read(
        lambda r: r.connection.execute(select(User.__table__).where(col(User.id) == person.actor.user_id))
    ).one()


def letters(db, recipient=None):
    """(recipient, kind, text) of all letters, the oldest first."""
    query = select(col(OutgoingMail.recipient), col(OutgoingMail.kind), col(OutgoingMail.plain)).order_by(
        OutgoingMail.id
    )
    rows = db.read(lambda r: r.connection.execute(query).all())
    return [tuple(row) for row in rows if recipient in (None, row.recipient)]


def token_in(letter):
    return re.search(r"/(?:confirm-email|activate|reset)/([\w-]+)", letter[2]).group(1)


def deeds(db):
    return list(
        db.read(lambda r: r.connection.execute(select(col(AuditEntry.action)).order_by(AuditEntry.id)).scalars())
    )

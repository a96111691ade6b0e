"""What lies in the outbox."""

import re

from sqlalchemy import select
from sqlmodel import col

from lk_reflex.domain.mail.tables import OutgoingMail

TABLE = OutgoingMail.__table__


def letters(db, kind):
    """The letters of a kind, void ones as well, the oldest first."""
    with db.engine.connect() as connection:
        return connection.execute(select(TABLE).where(col(OutgoingMail.kind) == kind).order_by(TABLE.c.id)).all()


def links(db, kind):
    """The tokens in the links of the letters that are really sent."""
    return [
        match[1]
        for letter in letters(db, kind)
        if letter.settled_at is None and (match := re.search(r"://\S+/\w[\w-]*/([\w-]+)\s", letter.plain))
    ]

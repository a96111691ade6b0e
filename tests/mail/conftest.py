"""An outbox with letters in it, a clock that tests move, and a mailer that does what it is told."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from sqlalchemy import select

from lk_reflex.domain.mail.letter import Letter, Link
from lk_reflex.domain.mail.outbox import queue
from lk_reflex.domain.mail.tables import OutgoingMail
from lk_reflex.integrations.mail.port import MailFault, Message
from tests.cast import NOW

LETTER = Letter("Активация", ("Откройте ссылку.",), Link("Активировать", "https://lk.example.org/activate/tajna"))


@dataclass
class Clock:
    """Stands still until it is moved."""

    now: object = NOW

    def __call__(self):
        return self.now

    def pass_by(self, **time):
        self.now += timedelta(**time)


@dataclass
class Told:
    """Takes letters, except where a fault stands for the recipient (or for everybody, as «*»)."""

    faults: dict[str, MailFault | Exception] = field(default_factory=dict)
    taken: list[Message] = field(default_factory=list)
    on_send: object = None

    def send(self, message):
        if self.on_send:
            self.on_send(message)
        fault = self.faults.get(message.recipient) or self.faults.get("*")
        if fault:
            raise fault
        self.taken.append(message)

    def close(self): ...

    def check(self): ...


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def mailer():
    return Told()


def put(db, *recipients, now=NOW, letter=LETTER, **options):
    """Queue the letter for each of them, in one transaction."""
    with db.transaction() as writer:
        for recipient in recipients:
            queue(writer, recipient, letter, kind="activate", now=now, **options)


def outbox(db) -> dict[str, OutgoingMail]:
    """What became of the letters, by recipient."""
    with db.engine.connect() as connection:
        rows = connection.execute(select(OutgoingMail.__table__).order_by(OutgoingMail.__table__.c.id))
        return {row.recipient: row for row in rows}

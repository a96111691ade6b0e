"""Orders for tests: made, looked at, and their books checked."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlmodel import select

from lk_reflex.core.db import Database
from lk_reflex.core.signals import Signal
from lk_reflex.domain.mail.tables import OutgoingMail
from lk_reflex.domain.notifications.tables import Notification
from lk_reflex.domain.payments.orders.journal import Cause
from lk_reflex.domain.payments.orders.looking import Looked, look
from lk_reflex.domain.payments.orders.machine import Status, may_move
from lk_reflex.domain.payments.orders.placing import Wanted, place
from lk_reflex.domain.payments.orders.starting import Started, start
from lk_reflex.domain.payments.tables import Order, OrderEvent, OrderLine, Posting, PostingLine
from tests.cast import NOW, Cast
from tests.payments.bank import MemoryBank, MemoryBanks

SITE = "https://lk.example.org"
LIVES = timedelta(minutes=20)
#: February 2018 of the manual: two services, 539,20.
SUMS = (("МУП ПОВВ:ХВС(КОПЕЙСК)", 34130), ("МУП ПОВВ:ВО(КОПЕЙСК)", 19790))
DUE = 53920


class World:
    """A cabinet and its bank, with a clock that stands still until it is moved."""

    def __init__(self, database: Database, cast: Cast, receipt: int, bank: MemoryBank | None = None) -> None:
        self.database, self.cast, self.receipt = database, cast, receipt
        self.bank = bank or MemoryBank()
        self.banks = MemoryBanks(self.bank)
        self.now = NOW
        self.keys = 0

    def clock(self) -> datetime:
        return self.now

    def later(self, **delta: float) -> None:
        self.now += timedelta(**delta)

    def wanted(
        self, sums: Sequence[tuple[str, int]] = SUMS, *, due: int = DUE, part: str = "main"
    ) -> tuple[Wanted, ...]:
        account = self.cast.flat
        return tuple(Wanted(account, self.receipt, service, part, amount, due) for service, amount in sums)

    def placed(self, *lines: Wanted, key: str = "", user: int | None = 0, link: int | None = None) -> str:
        self.keys += 1
        return self.database.write(
            place, organization_id=self.cast.organization, lines=lines or self.wanted(),
            user_id=self.cast.owner.actor.user_id if user == 0 else user, link_id=link, email="owner@example.org",
            once_key=key or f"form-{self.keys}", gateway="rbs", lives=LIVES, now=self.now,
        ).number  # fmt: skip

    def start(self, number: str) -> Started:
        return start(self.database, self.banks, number, site=SITE, clock=self.clock)

    def started(self, *lines: Wanted) -> str:
        return self.start(self.placed(*lines)).number

    def look(self, number: str, cause: Cause = Cause.CALLBACK, **more: Any) -> Looked:
        return look(self.database, self.banks, number, cause=cause, clock=self.clock, site=SITE, **more)

    def paid(self, *lines: Wanted) -> str:
        number = self.started(*lines)
        self.bank.pay(number)
        assert self.look(number).status is Status.PAID
        return number

    # What the books have.

    def order(self, number: str) -> Order:
        return self._all(select(Order).where(Order.number == number))[0]

    def status(self, number: str) -> Status:
        return Status(self.order(number).status)

    def moves(self, number: str) -> list[tuple[str, str, str]]:
        events = self._all(
            select(OrderEvent).where(OrderEvent.order_id == self.order(number).id).order_by(OrderEvent.id)
        )
        return [(event.was, event.became, event.cause) for event in events]

    def postings(self, number: str) -> list[Posting]:
        return self._all(select(Posting).where(Posting.order_id == self.order(number).id).order_by(Posting.id))

    def shares(self, number: str) -> list[list[int]]:
        """By posting, the commission and then the lines' shares in the order of the lines."""
        lines = self._all(
            select(OrderLine.id).where(OrderLine.order_id == self.order(number).id).order_by(OrderLine.id)
        )
        made = []
        for posting in self.postings(number):
            rows = self._all(select(PostingLine).where(PostingLine.posting_id == posting.id).order_by(PostingLine.id))
            by_line = {row.order_line_id: row.amount for row in rows}
            made.append([posting.commission, *(by_line.get(line, 0) for line in lines)])
        return made

    def mail(self, kind: str = "payment") -> list[OutgoingMail]:
        return self._all(select(OutgoingMail).where(OutgoingMail.kind == kind).order_by(OutgoingMail.id))

    def feed(self) -> list[Notification]:
        return self._all(select(Notification).order_by(Notification.id))

    def signals(self) -> list[tuple[int, str, str]]:
        return [(row.user_id, row.topic, row.subject) for row in self._all(select(Signal).order_by(Signal.id))]

    def check(self) -> None:
        """What must be true at every moment, whatever has happened."""
        check_books(self.database)

    def _all(self, statement: Any) -> list[Any]:
        with self.database.transaction() as db:
            found = list(db.session.exec(statement).all())
            db.session.expunge_all()
            return found


def check_books(database: Database) -> None:
    """The ledger against the orders, the journal against the statuses, the letters against the payments."""
    with database.engine.connect() as connection:
        rows = connection.execute(text(_BOOKS)).all()
        events = connection.execute(text("SELECT order_id, was, became FROM order_events ORDER BY order_id, id")).all()
    journals: dict[int, list[tuple[str, str]]] = {}
    for order_id, was, became in events:
        journals.setdefault(order_id, []).append((was, became))
    for row in rows:
        told = f"order {row.number} ({row.status})"
        assert row.posted == row.captured - row.refunded, told
        assert row.posted == row.posted_commission + row.posted_lines, told
        assert row.total == row.amount + row.commission == row.commission + row.lines, told
        paid = row.status in (Status.PAID, Status.REFUNDED)
        assert row.payments == row.letters == row.lines_of_feed == (1 if paid else 0), told
        assert row.captured == (row.total if paid else 0), told
        assert (row.refunded == row.captured) == (row.status == Status.REFUNDED) or not paid, told
        assert row.wrong_sums == 0 and row.overdrawn == 0, told
        _check_journal(journals[row.id], row.status)


def _check_journal(journal: list[tuple[str, str]], status: str) -> None:
    became = ""
    for was, becomes in journal:
        assert was == became, journal
        assert was == becomes or (was == "" and becomes == "new") or may_move(Status(was), Status(becomes)), journal
        became = becomes
    assert became == status, journal


_BOOKS = """
SELECT o.id, o.number, o.status, o.amount, o.commission, o.total, o.captured, o.refunded,
  (SELECT COALESCE(SUM(l.amount), 0) FROM order_lines l WHERE l.order_id = o.id) AS lines,
  (SELECT COALESCE(SUM(p.amount), 0) FROM postings p WHERE p.order_id = o.id) AS posted,
  (SELECT COALESCE(SUM(p.commission), 0) FROM postings p WHERE p.order_id = o.id) AS posted_commission,
  (SELECT COALESCE(SUM(pl.amount), 0) FROM posting_lines pl JOIN postings p ON p.id = pl.posting_id
    WHERE p.order_id = o.id) AS posted_lines,
  (SELECT COUNT(*) FROM postings p WHERE p.order_id = o.id AND p.amount > 0) AS payments,
  (SELECT COUNT(*) FROM outgoing_mail m WHERE m.once_key = 'paid:' || o.id) AS letters,
  (SELECT COUNT(*) FROM notifications n WHERE n.once_key = 'paid:' || o.id) AS lines_of_feed,
  (SELECT COUNT(*) FROM postings p WHERE p.order_id = o.id AND p.amount <> p.commission +
    (SELECT COALESCE(SUM(pl.amount), 0) FROM posting_lines pl WHERE pl.posting_id = p.id)) AS wrong_sums,
  (SELECT COUNT(*) FROM order_lines l WHERE l.order_id = o.id AND
    (SELECT COALESCE(SUM(pl.amount), 0) FROM posting_lines pl WHERE pl.order_line_id = l.id)
      NOT BETWEEN 0 AND l.amount) AS overdrawn
FROM orders o
"""

"""An installation of real processes over one database, its payers, and its books compared with the bank's."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import func, select, update

from lk_reflex.core.clock import utc_now
from lk_reflex.core.db import Database
from lk_reflex.core.months import Month
from lk_reflex.domain.accounts.tables import Organization
from lk_reflex.domain.identity.access import Actor
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.identity.cookies import SESSION_COOKIE
from lk_reflex.domain.identity.sessions import identify, open_session
from lk_reflex.domain.identity.tokens import token_hash
from lk_reflex.domain.mail.tables import OutgoingMail
from lk_reflex.domain.payments.cart.contents import cart_contents, fingerprint
from lk_reflex.domain.payments.cart.putting import put_into_cart
from lk_reflex.domain.payments.orders.letters import PAID_KIND, REFUND_KIND
from lk_reflex.domain.payments.tables import Order, OrderEvent, Posting, PostingLine, Refund
from lk_reflex.standins.mailbox.store import Mailbox
from tests.bank import ROOT, BankServer, free_port
from tests.billing.paper import receipt
from tests.cast import Person, make_account, person

PAY = "/api/cart/pay"
INNS = {"rbs": "7421000300", "json": "7421000301"}
ORDERS, EVENTS, POSTINGS = Order.__table__, OrderEvent.__table__, Posting.__table__
MAIL, REFUNDS = OutgoingMail.__table__, Refund.__table__
_numbers = count(1)


class Nursery:
    """Where processes come from."""

    def __init__(self) -> None:
        words = [sys.executable, "-m", "tests.payments.scenarios.nursery"]
        self._process = subprocess.Popen(words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, **order: Any) -> Any:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def close(self) -> None:
        with self._process:
            assert self._process.stdin
            self._process.stdin.close()
            self._process.wait(20)


@dataclass
class Child:
    """A process of the installation."""

    nursery: Nursery
    number: int
    log: Path

    def code(self) -> int | None:
        """How it ended, None while it runs."""
        return self.nursery.ask(do="poll", process=self.number)

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.number, signal.SIGKILL)
        until(lambda: self.code() is not None)

    def must_die(self) -> None:
        """A failpoint kills it; raises where it never comes to that."""
        until(lambda: self.code() is not None, say=lambda: f"it lives on:\n{self.log.read_text()[-2000:]}")
        assert self.code() == -signal.SIGKILL, self.log.read_text()[-2000:]


@dataclass(frozen=True)
class Payer:
    """Somebody with one receipt in the cart."""

    actor: Actor
    cookie: str
    email: str
    organization: int
    account: int
    receipt: int
    wire: str


@dataclass
class Town:
    """`bank` speaks both wires: one organization over each."""

    database: Database
    folder: Path
    nursery: Nursery
    bank: BankServer
    web_port: int = field(default_factory=free_port)
    children: dict[str, Child] = field(default_factory=dict)
    organizations: dict[str, int] = field(default_factory=dict)

    @property
    def web(self) -> str:
        return f"http://127.0.0.1:{self.web_port}"

    def settle_in(self) -> None:
        """Two organizations, the file of their gateways, and all processes."""
        tables = []
        with self.database.transaction() as db:
            for wire, inn in INNS.items():
                made = Organization(inn=inn, name=f"ООО «{wire}»", takes_payments=True, commission_rate=70,
                                    commission_minimum=100)  # fmt: skip
                db.add(made)
                self.organizations[wire] = made.id or 0
                gateway = self.bank.gateway(wire, inn, timeout=2.0)
                values = {name: getattr(gateway, name) for name in gateway.__slots__}
                said = {name: value for name, value in values.items() if value not in ("", None, False)}
                lines = [f"{name} = {json.dumps(value)}" for name, value in said.items()]
                tables.append("\n".join([f'["{inn}"]', *lines]))
        (self.folder / "banks.toml").write_text("\n\n".join(tables))
        for role in ("bank", "web", "worker"):
            self.start(role)

    def start(self, role: str, failpoint: str = "") -> Child:
        """Begin a process, in place of its predecessor; with a failpoint it dies there."""
        if role in self.children:
            self.children[role].kill()
        bank = [str(self.bank.port), str(self.bank.folder), *self.bank.words]
        words: list[Any] = {"web": [self.web_port], "bank": bank, "worker": []}[role]
        child = self.children[role] = self.spawn(role, *words, failpoint=failpoint)
        if role != "worker":
            port = self.bank.port if role == "bank" else self.web_port
            until(lambda: listens(port), say=lambda: child.log.read_text()[-2000:])
        return child

    def spawn(self, role: str, *words: Any, failpoint: str = "") -> Child:
        """A process that isn't kept."""
        environment = {
            "LK_DATA_DIR": str(self.folder), "LK_BANKS": str(self.folder / "banks.toml"),
            "LK_DATABASE_URL": self.database.engine.url.render_as_string(hide_password=False),
            "LK_PUBLIC_URL": self.web, "LK_FAILPOINT": failpoint,
        }  # fmt: skip
        log = self.folder / f"{role}.log"
        log.touch()
        number = self.nursery.ask(do="start", role=role, words=words, environment=environment, log=str(log))
        return Child(self.nursery, number, log)

    def close(self) -> None:
        for child in self.children.values():
            child.kill()

    # People

    def payer(self, wire: str = "rbs", roubles: str = "539,20") -> Payer:
        """A new person with a flat and a receipt in the cart."""
        number, organization = next(_numbers), self.organizations[wire]
        email = f"payer{number}@example.org"
        with self.database.transaction() as db:
            account = make_account(db, organization, f"{7_000_000_000 + number}", flat=str(number))
            resident = person(db, email, "resident", account)
        made = receipt(self.database, account, "Объединённая", Month(2026, 10), [
            ("Холодная вода", "0", "0", roubles, roubles, "0", "0", "12,34", "12,34"),
            ("Содержание", "0", "0", "1,01", "1,01"),
        ])  # fmt: skip
        cookie, actor = self.signed_in(resident)
        self.database.write(put_into_cart, actor, made, with_advance=False, now=utc_now())
        return Payer(actor, cookie, email, organization, account, made, wire)

    def admin(self) -> str:
        """An administrator's session."""
        with self.database.transaction() as db:
            admin = person(db, f"admin{next(_numbers)}@example.org", "admin")
        return self.signed_in(admin)[0]

    def signed_in(self, who: Person) -> tuple[str, Actor]:
        """A session begun now: the cast's own are of another day."""
        now, client = utc_now(), Client("127.0.0.1", "тест")
        cookie = self.database.write(open_session, who.actor.user_id, client=client, now=now)
        actor = self.database.read(identify, token_hash(cookie), now=now)
        assert actor is not None
        return cookie, actor

    def press(self, payer: Payer, form: str = "form") -> httpx.Response | None:
        """«Оплатить» on the check page as it is now; None where the line breaks."""
        return self.send(payer, self.form(payer, form))

    def form(self, payer: Payer, form: str = "form") -> dict[str, str]:
        """What the check page posts."""
        parts = self.database.read(cart_contents, payer.actor)
        seen = fingerprint(parts[0]) if parts else "x" * 32
        return {"organization": str(payer.organization), "form": form, "seen": seen}

    def send(self, payer: Payer, given: dict[str, str]) -> httpx.Response | None:
        """Post the form."""
        try:
            return httpx.post(f"{self.web}{PAY}", data=given, headers={"cookie": f"{SESSION_COOKIE}={payer.cookie}"},
                              trust_env=False, timeout=30)  # fmt: skip
        except httpx.HTTPError:
            return None

    def result(self, payer: Payer, number: str) -> httpx.Response | None:
        """Come back from the bank, by the address that it leads to."""
        try:
            return httpx.get(f"{self.web}/api/orders/{number}/return", trust_env=False, timeout=30,
                             headers={"cookie": f"{SESSION_COOKIE}={payer.cookie}"})  # fmt: skip
        except httpx.HTTPError:
            return None

    # What the books have

    def orders(self, payer: Payer) -> list[Any]:
        return self._rows(select(ORDERS).where(ORDERS.c.user_id == payer.actor.user_id).order_by(ORDERS.c.id))

    def order(self, payer: Payer) -> Any:
        """The only one."""
        (found,) = self.orders(payer)
        return found

    def refund(self, payer: Payer) -> Any:
        (found,) = self._rows(select(REFUNDS).where(REFUNDS.c.order_id == self.order(payer).id))
        return found

    def hasten(self, payer: Payer) -> None:
        """As if the pause until the next look were over."""
        mine = ORDERS.c.user_id == payer.actor.user_id
        with self.database.engine.begin() as connection:
            due = (mine, ORDERS.c.next_look_at > utc_now())
            connection.execute(update(ORDERS).where(*due).values(next_look_at=utc_now() - timedelta(seconds=1)))

    def forget_turns(self, payer: Payer) -> None:
        """As if the time were over for which whoever died keeps others off."""
        mine, past = ORDERS.c.user_id == payer.actor.user_id, utc_now() - timedelta(minutes=10)
        with self.database.engine.begin() as connection:
            connection.execute(update(ORDERS).where(mine).values(looking_until=None))
            for name in ("called_at", "asked_at"):
                late = (REFUNDS.c[name] > past, REFUNDS.c.settled_at.is_(None))
                connection.execute(update(REFUNDS).where(*late).values({name: past}))

    def comes_to(self, payer: Payer, status: str, *, hasten: bool = True) -> None:
        """Until the order stands so."""

        def there() -> bool:
            if hasten:
                self.hasten(payer)
            return self.order(payer).status == status

        until(there, say=lambda: f"{self.order(payer).status}\n{self.journal(payer)}\n{self.logs()}")

    def journal(self, payer: Payer) -> list[tuple[str, str]]:
        """(was, became) of each line that changed the status."""
        query = select(EVENTS).where(EVENTS.c.order_id == self.order(payer).id).order_by(EVENTS.c.id)
        return [(row.was, row.became) for row in self._rows(query) if row.was != row.became]

    def letters(self, payer: Payer) -> Counter[str]:
        """Kinds of letters to the payer."""
        return Counter(row.kind for row in self._rows(select(MAIL).where(MAIL.c.recipient == payer.email)))

    def delivered(self, payer: Payer) -> int:
        """How many have arrived."""
        return len(Mailbox(self.folder / "demo" / "mail").letters(payer.email))

    def logs(self) -> str:
        return "\n".join(f"{role}: {child.log.read_text()[-1500:]}" for role, child in self.children.items())

    def check(self, payer: Payer, *, captured: int | None = None, refunds: int = 0) -> None:
        """One order of this payer against the bank's own file: one charge, one posting, one letter, one line a move."""
        order, ledger = self.order(payer), self.bank.ledger
        charges = ledger.charges(order.number)
        expected = order.total if captured is None else captured
        assert charges == ([expected] if expected else []), self.logs()
        postings = self._rows(select(POSTINGS).where(POSTINGS.c.order_id == order.id).order_by(POSTINGS.c.id))
        amounts = [row.amount for row in postings]
        assert sum(amounts) == ledger.captured(order.number) - ledger.refunded(order.number)
        assert [amount for amount in amounts if amount > 0] == charges
        assert len([amount for amount in amounts if amount < 0]) == refunds
        assert (order.captured, order.refunded) == (ledger.captured(order.number), ledger.refunded(order.number))
        journal = Counter(self.journal(payer))
        assert max(journal.values()) == 1, journal
        letters = self.letters(payer)
        assert (letters[PAID_KIND], letters[REFUND_KIND]) == (len(charges), refunds)
        for row in postings:
            lines = self._rows(
                select(PostingLine.__table__)
                .where(PostingLine.__table__.c.posting_id == row.id)
                .order_by(PostingLine.id)
            )
            assert row.amount == row.commission + sum(line.amount for line in lines)

    def balance(self) -> tuple[int, int]:
        """Σ of all postings, and what the bank has taken less what it has given back."""
        ledger = self.bank.ledger
        with self.database.engine.connect() as connection:
            posted = connection.scalar(select(func.coalesce(func.sum(POSTINGS.c.amount), 0)))
        return int(posted), ledger.captured() - ledger.refunded()

    def _rows(self, query: Any) -> list[Any]:
        with self.database.engine.connect() as connection:
            return list(connection.execute(query).all())


def until(condition: Callable[[], bool], within: float = 60, say: Callable[[], str] = str) -> None:
    """Poll; raises with what `say` tells."""
    deadline = time.monotonic() + within
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"it didn't come to that: {say()}")
        time.sleep(0.03)


def listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True

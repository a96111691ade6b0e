"""What the bank does, each in one transaction: change the order, write the journal, queue the callbacks."""

import secrets
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from lk_reflex.core.clock import utc_now
from lk_reflex.core.failpoints import failpoint
from lk_reflex.standins.bank import machine
from lk_reflex.standins.bank.callbacks import Caller
from lk_reflex.standins.bank.cards import Typed
from lk_reflex.standins.bank.machine import Change, Impossible, Notice
from lk_reflex.standins.bank.model import RUB, Order, Refund
from lk_reflex.standins.bank.notices import body_of
from lk_reflex.standins.bank.setup import Setup
from lk_reflex.standins.bank.store import Books, Store

Step = Callable[[Order, float], Change]


class Unknown(Exception):
    """No such order."""


@dataclass(frozen=True, slots=True)
class Seen:
    """An order with what was given back."""

    order: Order
    refunds: tuple[Refund, ...]


class Desk:
    """One set of books and who calls back from them."""

    def __init__(self, setup: Setup, clock: Callable[[], datetime] = utc_now) -> None:
        self.setup, self.store, self._clock = setup, Store(setup.file), clock
        self.caller = Caller(setup, self.store, self.sweep, clock)

    def now(self) -> float:
        """Seconds since 1970."""
        return self._clock().timestamp()

    def register(self, order: Order) -> Order:
        """A new order. Raises NumberTaken."""
        with self.store.change() as books:
            books.add(order)
        failpoint("bank-registered")
        return order

    def seen(self, *, merchant: str | None = None, bank_id: str = "", number: str = "") -> Seen:
        """An order by the bank's id or the shop's number; of any shop where none is named. Raises Unknown."""
        with self.store.change() as books:
            order = self._current(books, merchant, bank_id, number)
            return Seen(order, tuple(books.refunds(order.bank_id)))

    def newest(self, count: int) -> list[Order]:
        """The last orders of all shops."""
        self.sweep()
        with self.store.change() as books:
            return books.newest(count)

    def of_shop(self, merchant: str, since: float, until: float) -> list[Order]:
        """A shop's orders that were made between the two, the newest first."""
        self.sweep()
        with self.store.change() as books:
            return books.of_shop(merchant, since, until)

    def pay(self, bank_id: str, typed: Typed) -> Order:
        """A card is typed. Raises Unknown, Impossible."""
        way, approval = typed.way, f"{secrets.randbelow(10**6):06d}"
        assert way is not None
        return self._step(
            bank_id, lambda order, now: machine.try_card(order, way, typed.pan, typed.expiry, approval, now=now)
        )

    def prove(self, bank_id: str, code: str) -> Order:
        """The code of the 3-D Secure step. Raises Unknown, Impossible."""
        approval = f"{secrets.randbelow(10**6):06d}"
        return self._step(bank_id, lambda order, now: machine.try_code(order, code, approval, now=now))

    def leave_code(self, bank_id: str) -> Order:
        """The payer doesn't want to. Raises Unknown, Impossible."""
        return self._step(bank_id, lambda order, now: machine.leave_code(order, now=now))

    def capture(self, bank_id: str, merchant: str | None = None) -> Order:
        """Take what is held. Raises Unknown, Impossible."""
        return self._step(bank_id, lambda order, now: machine.capture(order, now=now), merchant)

    def reverse(self, bank_id: str, merchant: str | None = None) -> Order:
        """Undo a hold. Raises Unknown, Impossible."""
        return self._step(bank_id, lambda order, _now: machine.reverse(order), merchant)

    def decline(self, bank_id: str, merchant: str | None = None) -> Order:
        """Close an unpaid order. Raises Unknown, Impossible."""
        return self._step(bank_id, lambda order, now: machine.decline(order, now=now), merchant)

    def refund(self, bank_id: str, amount: int, merchant: str | None = None) -> Refund:
        """Give money back. Raises Unknown, Impossible."""
        with self.store.change() as books:
            refund = self.refund_in(books, bank_id, amount, merchant)
        self._told()
        failpoint("bank-refunded")
        return refund

    def refund_in(self, books: Books, bank_id: str, amount: int, merchant: str | None) -> Refund:
        """The same within a transaction that does more."""
        order, now = self._current(books, merchant, bank_id), self.now()
        change = machine.refund(order, amount)
        refund = Refund(str(uuid.uuid4()), order.bank_id, amount, now)
        books.add_refund(refund)
        self._keep(books, change, now, refund)
        return refund

    def step_in(self, books: Books, bank_id: str, step: Step, merchant: str | None) -> Order:
        """One event of an order within a transaction. Raises Unknown, Impossible."""
        now = self.now()
        change = step(self._current(books, merchant, bank_id), now)
        self._keep(books, change, now)
        return change.order

    def tell_again(self, bank_id: str) -> None:
        """The last callback once more, or one about how the order is. Raises Unknown, Impossible where it is new."""
        with self.store.change() as books:
            order, now = self._current(books, None, bank_id), self.now()
            row = books.sql.execute("SELECT body FROM calls WHERE bank_id = ? ORDER BY id DESC", (bank_id,)).fetchone()
            if row is None and not order.deposited:
                raise Impossible
            body = row[0] if row else body_of(order, Notice("deposited"), None, now=now)
            books.sql.execute("INSERT INTO calls (bank_id, body, due) VALUES (?, ?, ?)", (bank_id, body, now))
        self._told()

    def end_session(self, bank_id: str) -> None:
        """As if the time for paying were over. Raises Unknown, Impossible."""
        with self.store.change() as books:
            order, now = self._current(books, None, bank_id), self.now()
            if not machine.is_open(order, now):
                raise Impossible
            books.sql.execute("UPDATE orders SET expires = ? WHERE bank_id = ?", (now, bank_id))
            self._current(books, None, bank_id)
        self._told()

    def sweep(self) -> None:
        """Close what is past its time."""
        with self.store.change() as books:
            for order in books.ended(self.now()):
                self._current(books, None, order.bank_id)

    def _step(self, bank_id: str, step: Step, merchant: str | None = None) -> Order:
        with self.store.change() as books:
            before = self._current(books, merchant, bank_id)
            order = self.step_in(books, bank_id, step, merchant)
        self._told()
        if order.deposited > before.deposited:
            failpoint("bank-charged")
        return order

    def _current(self, books: Books, merchant: str | None, bank_id: str, number: str = "") -> Order:
        """As it is by now: a session whose time is over is closed on the way."""
        order = books.order(bank_id) if bank_id else books.numbered(merchant or "", number)
        if order is None or merchant not in (None, order.merchant):
            raise Unknown
        change = machine.expire(order, now=self.now())
        if change is None:
            return order
        self._keep(books, change, self.now())
        return change.order

    def _keep(self, books: Books, change: Change, now: float, refund: Refund | None = None) -> None:
        order = change.order
        books.put(order)
        if change.entry:
            books.enter(order.bank_id, *change.entry, now)
        for notice in change.notices if self.setup.callback else ():
            body, due = body_of(order, notice, refund, now=now), now + notice.lates * self.setup.late
            books.sql.execute("INSERT INTO calls (bank_id, body, due) VALUES (?, ?, ?)", (order.bank_id, body, due))

    def _told(self) -> None:
        self.caller.wake()


def drafted(fields: Mapping[str, str], *, merchant: str, wire: str, amount: int, lives: float, now: float) -> Order:
    """An order to be registered, with an id of the bank's own. `extra` is an object of JSON; `lives` in seconds."""
    return Order(
        bank_id=str(uuid.uuid4()),
        merchant=merchant,
        wire=wire,
        number=fields["number"],
        amount=amount,
        currency=RUB,
        description=fields["description"],
        return_url=fields["return_url"],
        fail_url=fields["fail_url"],
        email=fields.get("email", ""),
        extra=fields["extra"] or "{}",
        created=now,
        expires=now + lives,
    )

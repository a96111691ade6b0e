"""What lies in the cart, by organization, checked against the newest receipts each time it is opened."""

from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from itertools import groupby
from operator import attrgetter
from typing import Any

from lk_reflex.core.db import Reader
from lk_reflex.core.months import Month
from lk_reflex.domain.accounts.linked import address_line
from lk_reflex.domain.billing.due import due_date
from lk_reflex.domain.billing.present import receipt_title
from lk_reflex.domain.identity.access import Actor
from lk_reflex.domain.payments.cart.offer import offered
from lk_reflex.domain.payments.cart.queries import CONTENTS, PAID, TYPED
from lk_reflex.domain.payments.commission import Terms
from lk_reflex.domain.payments.orders.placing import Wanted
from lk_reflex.domain.payments.payee import Payee
from lk_reflex.domain.payments.tables import ADVANCE, ADVANCE_PENALTY, MAIN, PENALTY

#: Receipt, service and part: what a sum belongs to.
Place = tuple[int, str, str]


@dataclass(frozen=True, slots=True)
class CartRow:
    """One sum of a receipt, in kopecks. `asked` is billing's, negative where overpaid; `paid` was paid here since.

    `amount` is what would be paid: the sum typed where there is one (`edited`), else what is offered.
    """

    key: str
    service: str
    part: str
    asked: int
    paid: int
    offered: int
    amount: int
    edited: bool


@dataclass(frozen=True, slots=True)
class CartReceipt:
    """One receipt in the cart; `due` is what all of it asks for without the advance, negative where overpaid, to be
    paid by `due_on`.

    `was`: what it asked for when it was put in, if that was another sum: what had been typed over those figures holds
    no longer. `superseded`: a newer receipt of the kind has come, which holds this one's debt.
    """

    line_id: int
    receipt_id: int
    account_id: int
    title: str
    account: str
    address: str
    next_month: Month
    with_advance: bool
    rows: tuple[CartRow, ...]
    due: int
    due_on: date
    was: int | None
    paid_at: datetime | None
    takes_payments: bool
    superseded: bool

    @property
    def amount(self) -> int:
        """What would be paid of it."""
        return sum(row.amount for row in self.rows)

    @property
    def paid(self) -> int:
        """What was paid here already and isn't in its figures yet."""
        return sum(row.paid for row in self.rows)

    @property
    def counts(self) -> bool:
        """Whether it belongs into what is to be paid now."""
        return self.takes_payments and not self.superseded and self.amount > 0


@dataclass(frozen=True, slots=True)
class CartPart:
    """What one organization gets: payments are made per organization. Kopecks. `name` is its short one."""

    organization_id: int
    name: str
    payee: Payee
    terms: Terms
    fiscal_mode: str
    time_zone: str
    receipts: tuple[CartReceipt, ...]

    @property
    def counted(self) -> tuple[CartReceipt, ...]:
        """The receipts of which something is to be paid now."""
        return tuple(receipt for receipt in self.receipts if receipt.counts)

    @property
    def amount(self) -> int:
        """The sum of the lines."""
        return sum(receipt.amount for receipt in self.counted)

    @property
    def commission(self) -> int:
        """What the payer pays on top."""
        return self.terms.commission_on(self.amount)

    @property
    def total(self) -> int:
        """What the bank is asked to take."""
        return self.amount + self.commission

    @property
    def over_ceiling(self) -> bool:
        """Whether it is more than the organization takes in one payment."""
        return self.total > self.terms.ceiling

    @property
    def payable(self) -> bool:
        """Whether it may be paid as it stands."""
        return self.amount > 0 and not self.over_ceiling


def cart_contents(db: Reader, actor: Actor) -> tuple[CartPart, ...]:
    """The person's cart in the order of adding; without receipts of accounts that the person may not pay."""
    rows = db.rows(CONTENTS, **actor.owning)
    if not rows:
        return ()
    paid = {(one.receipt_id, one.service, one.part, one.receipt_due): one for one in db.rows(PAID, **actor.owning)}
    typed = {(one.receipt_id, one.service, one.part): one.amount for one in db.rows(TYPED, **actor.owning)}
    return tuple(_part(list(group), paid, typed) for _, group in groupby(rows, attrgetter("organization_id")))


def wanted(part: CartPart) -> tuple[Wanted, ...]:
    """The lines of an order for all that is to be paid to the organization; those of 0 are left out."""
    return tuple(
        Wanted(
            account_id=receipt.account_id,
            receipt_id=receipt.receipt_id,
            service=row.service,
            part=row.part,
            amount=row.amount,
            receipt_due=receipt.due,
        )
        for receipt in part.counted
        for row in receipt.rows
        if row.amount
    )


def fingerprint(part: CartPart) -> str:
    """What a person saw before «Оплатить», in 32 characters: the same lines and sums, the same print."""
    seen = (part.organization_id, part.amount, part.commission, sorted(map(repr, wanted(part))))
    return sha256(repr(seen).encode()).hexdigest()[:32]


def _part(rows: list[Any], paid: dict[Any, Any], typed: dict[Place, int]) -> CartPart:
    row = rows[0]
    return CartPart(
        organization_id=row.organization_id,
        name=row.short_name or row.name,
        payee=Payee(*row[1:9]),
        terms=Terms(row.commission_by, row.commission_rate, row.commission_minimum, row.payment_ceiling),
        fiscal_mode=row.fiscal_mode,
        time_zone=row.time_zone,
        receipts=tuple(_receipt(list(group), paid, typed) for _, group in groupby(rows, attrgetter("receipt_id"))),
    )


def _receipt(rows: list[Any], paid: dict[Any, Any], typed: dict[Place, int]) -> CartReceipt:
    row = rows[0]
    due = sum(one.total + one.penalty_total for one in rows if one.service is not None)
    pieces = _pieces(rows)
    found = [paid.get((row.receipt_id, service, part, due)) for _, service, part, _ in pieces]
    was = row.due_seen if row.due_seen not in (None, due) else None
    got = [int(one.amount) if one else 0 for one in found]
    return CartReceipt(
        line_id=row.line_id,
        receipt_id=row.receipt_id,
        account_id=row.account_id,
        title=receipt_title(row.kind, row.month),
        account=row.number,
        address=address_line(row.street, row.house, row.flat),
        next_month=row.month.shift(1),
        with_advance=bool(row.with_advance),
        rows=_rows(row.receipt_id, pieces, got, typed if was is None else {}),
        due=due,
        due_on=due_date(row.month, row.due_day),
        was=was,
        paid_at=max((one.paid_at for one in found if one and one.amount > 0), default=None),
        takes_payments=bool(row.takes_payments),
        superseded=bool(row.superseded),
    )


def _pieces(rows: list[Any]) -> list[tuple[str, str, str, int]]:
    """Key, service, part and what the receipt asks: main sums first, then the penalties, then the advance."""
    row, lines = rows[0], [one for one in rows if one.service is not None]
    main = [(f"r{row.receipt_id}-m{one.balance_id}", one.service, MAIN, one.total) for one in lines]
    penalties = [
        (f"r{row.receipt_id}-p{one.balance_id}", one.service, PENALTY, one.penalty_total)
        for one in lines
        if one.penalty_total
    ]
    advance = [
        (f"r{row.receipt_id}-a", "", ADVANCE, row.advance),
        (f"r{row.receipt_id}-ap", "", ADVANCE_PENALTY, row.advance_penalty),
    ]
    return [*main, *penalties, *(piece for piece in advance if row.with_advance and piece[3])]


def _rows(
    receipt_id: int, pieces: list[tuple[str, str, str, int]], paid: list[int], typed: dict[Place, int]
) -> tuple[CartRow, ...]:
    offers = offered([asked for *_, asked in pieces], paid)
    made = []
    for (key, service, part, asked), got, offer in zip(pieces, paid, offers, strict=True):
        amount = typed.get((receipt_id, service, part), offer)
        made.append(CartRow(key, service, part, asked, got, offer, amount, amount != offer))
    return tuple(made)

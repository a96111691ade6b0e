"""Who comes to the city with what: residents and guests with readings, writers of appeals, payers with a full cart."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import cycle

from sqlalchemy import select, text

from benchmarks.city.neighbours import neighbours
from benchmarks.city.visits import Neighbour
from lk_reflex.core.clock import utc_now
from lk_reflex.core.db import Database
from lk_reflex.core.errors import DomainError
from lk_reflex.domain.identity.access import RESIDENT
from lk_reflex.domain.identity.users import put_user
from lk_reflex.domain.payments.cart.contents import cart_contents, fingerprint
from lk_reflex.domain.payments.cart.putting import put_into_cart
from lk_reflex.domain.payments.orders.placing import key_of
from lk_reflex.domain.payments.tables import Order
from lk_reflex.domain.requests.dictionaries import TOPIC, choices
from lk_reflex.domain.requests.drafts import open_draft
from lk_reflex.domain.requests.kinds import Kind
from tests.cast import NO_PASSWORD
from tests.city.people import Resident, Residents
from tests.city.town import City

SENDERS, GUESTS, WRITERS = 6, 24, 8
_ORDERS = Order.__table__  # type: ignore[attr-defined]
_RECEIPTS = text("SELECT id FROM receipts WHERE account_id = :account ORDER BY month DESC, id")
_ORGANIZATION = text("SELECT organization_id FROM accounts WHERE id = :account")


@dataclass
class Meters:
    """What each meter shows: a unit more than billing knows, which is nothing to be asked about."""

    neighbour: Neighbour

    def rows(self) -> list[tuple[str, str]]:
        return list(self.neighbour.rows.items())


@dataclass
class Sender(Meters):
    """A resident."""

    cookie: str = ""


@dataclass
class Guest(Meters):
    """Somebody without a login."""

    @property
    def number(self) -> str:
        return self.neighbour.number

    @property
    def house(self) -> str:
        return self.neighbour.house

    @property
    def flat(self) -> str:
        return self.neighbour.flat


@dataclass
class Writer:
    """Files appeals, each from a draft of its own."""

    database: Database
    resident: Resident
    organization: int
    topic: str

    @property
    def cookie(self) -> str:
        return self.resident.cookie

    def draft(self) -> str:
        """A new one's number."""
        return self.database.write(
            open_draft, self.resident.actor, Kind.APPEAL, organization_id=self.organization,
            account_id=self.resident.account, now=utc_now(),
        )  # fmt: skip


@dataclass
class Payer:
    """Has one receipt in the cart, and will press once."""

    database: Database
    resident: Resident
    organization: int
    seen: str

    @property
    def cookie(self) -> str:
        return self.resident.cookie

    @property
    def form(self) -> str:
        """By what the press is found among the orders."""
        return key_of("form", organization_id=self.organization, user_id=self.resident.actor.user_id)

    def pressed(self) -> dict[str, str]:
        """What the check page posts."""
        return {"organization": str(self.organization), "form": "form", "seen": self.seen}

    def bank_page(self) -> str:
        """Where the bank asks for the card."""
        with self.database.engine.connect() as connection:
            return str(
                connection.execute(select(_ORDERS.c.form_url).where(_ORDERS.c.once_key == self.form)).scalar_one()
            )


@dataclass
class Stock:
    """All who come; the payers and the readers of letters come once each."""

    senders: Iterator[Sender]
    guests: Iterator[Guest]
    writers: Iterator[Writer]
    payers: Iterator[Payer]
    forgetful: Iterator[str]


def stock_of(city: City, residents: Residents, *, once: int) -> Stock:
    """Make them, `once` of those who come once."""
    base = city.database
    known = {one.account: one for one in neighbours(base, date.today() + timedelta(90), logins=100_000)}  # noqa: DTZ011
    senders = [_sender(residents(), known) for _ in range(SENDERS)]
    guests = [Guest(known[residents.account()]) for _ in range(GUESTS)]
    writers = [_writer(base, residents()) for _ in range(WRITERS)]
    payers = [payer for _ in range(once) if (payer := _payer(base, residents()))]
    forgetful = [f"zabyl{number}@example.org" for number in range(once)]
    for email in forgetful:
        base.write(put_user, email, RESIDENT, NO_PASSWORD, now=utc_now())
    return Stock(cycle(senders), cycle(guests), cycle(writers), iter(payers), iter(forgetful))


def _sender(resident: Resident, known: dict[int, Neighbour]) -> Sender:
    return Sender(known[resident.account], cookie=resident.cookie)


def _writer(base: Database, resident: Resident) -> Writer:
    organization = _organization(base, resident)
    return Writer(base, resident, organization, base.read(choices, TOPIC, organization)[0].title)


def _payer(base: Database, resident: Resident) -> Payer | None:
    """Nobody where nothing of theirs asks for money."""
    with base.engine.connect() as connection:
        receipts = connection.execute(_RECEIPTS, {"account": resident.account}).scalars().all()
    for receipt in receipts:
        try:
            base.write(put_into_cart, resident.actor, receipt, with_advance=False, now=utc_now())
        except DomainError:
            continue
        (part,) = base.read(cart_contents, resident.actor)
        return Payer(base, resident, _organization(base, resident), fingerprint(part))
    return None


def _organization(base: Database, resident: Resident) -> int:
    with base.engine.connect() as connection:
        return connection.execute(_ORGANIZATION, {"account": resident.account}).scalar_one()

"""The port: what the cabinet asks of a bank's payment gateway, whatever its wire. Money in kopecks, currency RUB.

Every call may come to nothing in two ways that must not be mixed: `Rejected` (the bank answered no, nothing was done)
and `Silent` (nobody knows whether it was done: ask by the order's number before anything else).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

RUB = "643"


class BankFault(Exception):
    """Base of what a gateway may answer or fail to; `str()` is for the log and names no secret."""


class Silent(BankFault):
    """No answer, or one that can't be read: the outcome is unknown."""


class Rejected(BankFault):
    """The bank says no; nothing has been done. `code` and `words` are the bank's own."""

    def __init__(self, code: str, words: str = "") -> None:
        super().__init__(f"{code} {words}".strip())
        self.code, self.words = code, words


class NumberTaken(Rejected):
    """An order of this number exists at the bank already: look it up, never register a second."""


class Forged(BankFault):
    """A callback whose checksum doesn't hold, or that can't be read."""


@dataclass(frozen=True, slots=True)
class Request:
    """An order to be registered. `number` is ours: ≤ 32 characters, unique for ever. `lives` in seconds."""

    number: str
    amount: int
    return_url: str
    fail_url: str
    description: str
    lives: int
    email: str = ""
    #: What the payer's statement and the bank's own register may show: account, period.
    extra: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Registered:
    """The bank has the order: its own id, and the page where the payer types the card."""

    bank_id: str
    form_url: str


class Stage(StrEnum):
    """What has become of an order at the bank."""

    REGISTERED = "registered"  # nothing paid yet; the payer may still come
    HELD = "held"  # the sum is blocked, not taken
    PAID = "paid"
    REVERSED = "reversed"  # a hold undone
    REFUNDED = "refunded"  # wholly or in part: the amounts say
    AUTHORISING = "authorising"  # at the issuer's ACS (3-D Secure): pending, no error
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class BankState:
    """An order as the bank has it at the moment of the question. Kopecks.

    `amount` and `currency` are what was registered, `captured` and `refunded` what was taken and given back so far.
    `retries`: a declined payer may try another card inside the same order. `form_url` where the gateway repeats it.
    """

    number: str
    bank_id: str
    stage: Stage
    amount: int
    currency: str = RUB
    captured: int = 0
    refunded: int = 0
    code: str = ""
    card: str = ""
    paid_at: datetime | None = None
    retries: bool = False
    form_url: str = ""


@dataclass(frozen=True, slots=True)
class Hint:
    """What a callback claims. Only a reason to ask the bank: nothing in it counts by itself.

    `number` or `bank_id` may be empty, not both. `signed`: its checksum was verified.
    """

    number: str
    bank_id: str
    operation: str
    succeeded: bool
    signed: bool


class Bank(Protocol):
    """One organization's account at a gateway. Every method raises Silent or Rejected; all block on the network."""

    #: «rbs», «json»: what the order remembers of where it went.
    kind: str
    #: Whether a refund that is told again under its key is done once.
    knows_repeats: bool

    def register(self, request: Request) -> Registered:
        """Make the order known; raises NumberTaken where it is."""
        ...

    def state(self, number: str, bank_id: str = "") -> BankState | None:
        """The order by our number (and the bank's id where we know it); None where the bank has no such order."""
        ...

    def refund(self, number: str, bank_id: str, amount: int, *, key: str) -> None:
        """Give so much back. `key` names this refund for gateways that know repeats; others must be looked up first."""
        ...

    def reverse(self, number: str, bank_id: str) -> None:
        """Undo a hold."""
        ...

    def decline(self, number: str, bank_id: str) -> None:
        """Close an order that isn't paid; Rejected where it is, or can't be closed any more."""
        ...


class Hints(Protocol):
    """How a gateway's callbacks are read."""

    def hint(self, fields: Mapping[str, str], body: bytes) -> Hint:
        """What a callback claims; raises Forged. `fields`: of the address or the form; `body`: raw, for JSON."""
        ...


class Banks(Protocol):
    """The gateways of all organizations, by ИНН. Every method raises Unavailable where there is none."""

    def of(self, inn: str) -> Bank:
        """The organization's account at its gateway."""
        ...

    def hints(self, inn: str) -> Hints:
        """How its callbacks are read."""
        ...

    def kind(self, inn: str) -> str:
        """Which wire it is: `Bank.kind`."""
        ...

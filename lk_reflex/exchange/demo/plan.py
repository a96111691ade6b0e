"""What is decided of a dwelling before its months are counted."""

from dataclasses import dataclass
from datetime import date

from lk_reflex.core.months import Month
from lk_reflex.exchange.demo.people import Person
from lk_reflex.exchange.demo.places import House
from lk_reflex.exchange.demo.tariffs import Service

#: How a person pays: all at once, rounded sums, hardly ever, or ahead.
PROMPT, ROUNDED, DEBTOR, AHEAD = "prompt", "rounded", "debtor", "ahead"


@dataclass(frozen=True)
class MeterPlan:
    """A meter. `usage` by scale, in thousandths a month; `steady` takes exactly that, `idle` nothing at all.

    `last`: what its newest months take instead, in percent of the usage: a leak is (180, 290), a standstill (0, 0, 0).
    """

    code: str
    serial: str
    name: str
    resource: str
    place: str
    installed: date
    verification: date
    usage: tuple[int, ...]
    steady: bool = False
    idle: bool = False
    digits: int = 5
    decimals: int = 3
    installed_known: bool = True
    #: Readings of every month since the installation, not only of the months asked for.
    whole_history: bool = False
    last: tuple[int, ...] = ()


@dataclass(frozen=True)
class Dwelling:
    """An account with all that its months are counted from. `area` in thousandths of m²."""

    inn: str
    number: str
    house: House
    flat: str
    person: Person
    area: int
    residents: int
    receipts: tuple[tuple[str, tuple[Service, ...]], ...]
    meters: tuple[MeterPlan, ...] = ()
    payer: str = PROMPT
    closed: Month | None = None
    advance: bool = False
    #: Before this month nothing is made up: the manual's own receipts stand there.
    not_before: Month | None = None


@dataclass(frozen=True)
class Span:
    """The months to make, and the last month that has readings."""

    start: Month
    until: Month
    last_reading: Month

    def months(self, closed: Month | None, not_before: Month | None = None) -> list[Month]:
        """The months of one dwelling."""
        first = max(self.start, not_before) if not_before else self.start
        last = min(self.until, closed) if closed else self.until
        return [first.shift(step) for step in range(last.ordinal - first.ordinal + 1)]

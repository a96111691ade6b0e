"""What a new reading will cost at the present tariff: an estimate from the tariffs of the newest accruals."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlalchemy import bindparam, func, literal_column, select
from sqlmodel import col

from lk_reflex.core.db import Reader
from lk_reflex.core.months import Month
from lk_reflex.core.text import fold
from lk_reflex.domain.billing.service_words import COLD, DRAIN, HOT, POWER, Subject, resource_of, subject_of
from lk_reflex.domain.billing.tables import PLACES, Accrual, Receipt
from lk_reflex.domain.identity.access import Actor, owned

#: An older tariff has been replaced since, as likely as not: they change in July, and heat rests in summer.
MONTHS = 3
#: From millionths of a rouble by thousandths of a unit to kopecks.
_TO_KOPECKS = Fraction(100, 10**PLACES * 10**3)
_RECALCULATION = "перерас"
#: Water that is drawn is drained, too, and billing charges it by the same volume.
_DRAINED = (COLD, HOT)


@dataclass(frozen=True, slots=True)
class Line:
    """A tariff as billing charged it: `tariff` in millionths of a rouble a unit, `volume` in millionths."""

    service: str
    unit: str
    tariff: int
    volume: int | None
    month: Month


@dataclass(frozen=True, slots=True)
class Price:
    """Millionths of a rouble for a unit; `drained` where the drainage of the same water is in it."""

    tariff: Fraction
    drained: bool = False

    def cost(self, volume: int) -> int:
        """Kopecks for a volume in thousandths, rounded half up."""
        exact = self.tariff * volume * _TO_KOPECKS
        return int((exact * 2 + 1) // 2)


@dataclass(frozen=True, slots=True)
class Prices:
    """An account's present prices by resource and zone (0 for all zones)."""

    by_subject: Mapping[tuple[str, int], Price]

    def of(self, resource: str, scale: int, scales: int) -> Price | None:
        """The price of one scale (1-3) of a meter with so many; None where billing's tariffs don't tell it."""
        known = resource_of(resource)
        if known is None:
            return None
        zoned = {zone for of, zone in self.by_subject if of == known and zone}
        if not zoned:
            return self.by_subject.get((known, 0))
        # Some zones alone, or beside a general tariff, leave open which of them holds.
        if known != POWER or (known, 0) in self.by_subject or zoned != set(range(1, scales + 1)):
            return None
        return self.by_subject.get((known, scale))


NO_PRICES = Prices({})

_NEWEST = (
    select(func.max(col(Receipt.month)))
    .where(col(Receipt.account_id) == bindparam("account_id"), owned(Receipt.account_id))
    .scalar_subquery()
)
_TARIFFS = (
    select(
        col(Accrual.service),
        col(Accrual.unit),
        col(Accrual.tariff),
        col(Accrual.volume),
        col(Receipt.month),
        col(Accrual.operation),
    )
    .join(Receipt, col(Receipt.id) == col(Accrual.receipt_id))
    .where(
        col(Receipt.account_id) == bindparam("account_id"),
        owned(Receipt.account_id),
        col(Receipt.month) > _NEWEST - literal_column(str(MONTHS)),
        col(Accrual.tariff) > 0,
    )
)


def present_prices(db: Reader, actor: Actor, account_id: int) -> Prices:
    """From the last three months of accruals; nothing for an account that isn't the actor's."""
    rows = db.rows(_TARIFFS, account_id=account_id, **actor.owning)
    return prices_of(_lines(rows))


def _lines(rows: Iterable[Any]) -> Iterable[Line]:
    """Recalculations are at the tariffs of past months."""
    for row in rows:
        if not fold(row.operation).startswith(_RECALCULATION):
            yield Line(row.service, row.unit, row.tariff, row.volume, row.month)


def prices_of(lines: Iterable[Line]) -> Prices:
    """Of each resource the tariffs of its newest month; none where two of them contradict each other."""
    by_resource: dict[str, dict[Month, list[tuple[Subject, Line]]]] = defaultdict(lambda: defaultdict(list))
    for line in lines:
        subject = subject_of(line.service, line.unit)
        if subject is not None:
            by_resource[subject.resource][line.month].append((subject, line))
    newest = {resource: months[max(months)] for resource, months in by_resource.items()}
    found = {
        (resource, zone): price
        for resource, charged in newest.items()
        for zone in {subject.zone for subject, _ in charged}
        if (price := _price([(subject, line) for subject, line in charged if subject.zone == zone])) is not None
    }
    return Prices({key: _with_drainage(key[0], price, found, newest) for key, price in found.items() if price})


def _with_drainage(resource: str, price: Price, found: Mapping[tuple[str, int], Price], charged: Any) -> Price:
    drain = found.get((DRAIN, 0)) if resource in _DRAINED and DRAIN in charged else None
    return Price(price.tariff + drain.tariff, drained=True) if drain else price


def _price(charged: list[tuple[Subject, Line]]) -> Price | None:
    """One tariff; for hot water of two components that of the water and the heat in each m³ of it."""
    plain = {line.tariff for subject, line in charged if not subject.warming}
    warming = [line for subject, line in charged if subject.warming]
    if len(plain) != 1:
        return None
    tariff = Fraction(plain.pop())
    if not warming:
        return None if any(subject.part for subject, _ in charged) else Price(tariff)
    heat = {line.tariff for line in warming}
    water = sum(line.volume or 0 for subject, line in charged if not subject.warming)
    spent = sum(line.volume or 0 for line in warming)
    # How much heat a m³ takes is billing's own figure: what it charged last.
    if len(heat) != 1 or water <= 0 or spent <= 0:
        return None
    return Price(tariff + heat.pop() * Fraction(spent, water))

"""The parts of a change that are whole sums of billing's own: operations, new and gone services, and the rest."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING

from lk_reflex.core.text import fold
from lk_reflex.domain.billing.accruals import AccrualLine
from lk_reflex.domain.billing.explaining.explain_service import ServiceMonth
from lk_reflex.domain.billing.operations import is_recalculation
from lk_reflex.domain.billing.tables import PLACES

if TYPE_CHECKING:
    from lk_reflex.domain.billing.explaining.explain_split import Split

#: Tariff × volume, both in millionths, as kopecks.
PRODUCT = 10 ** (2 * PLACES - 2)


class Kind(StrEnum):
    """Why a sum changed, in the order in which totals name the reasons."""

    TARIFF = "tariff"
    VOLUME = "volume"
    NORM = "norm"
    RECALCULATION = "recalculation"
    OPERATION = "operation"
    NEW = "new"
    GONE = "gone"
    REST = "rest"


class Reason(StrEnum):
    """What a volume, a norm or the rest is about, where the kind alone doesn't tell."""

    NONE = ""
    BY_NORM = "by norm"
    TO_NORM = "norm instead of meter"
    FROM_NORM = "meter instead of norm"
    AVERAGE = "average of several tariffs"
    UNIT = "counted in another unit"
    NO_DETAILS = "no accruals given"
    NO_FIGURES = "no tariff or volume given"
    NOT_A_PRODUCT = "charge isn't tariff × volume"
    SUMS_DIFFER = "accruals don't add up to what was charged"
    ROUNDING = "a kopeck or two"


@dataclass(frozen=True, slots=True)
class Part:
    """One reason and what it did, in kopecks.

    `was` and `now` are tariffs, volumes or norms in millionths, or, for an operation, its sums in kopecks; None where
    one figure would not be the truth. `word` is the operation's name. `line` is the accrual that a sentence may quote,
    `earlier` tells that it is the earlier month's.
    """

    kind: Kind
    amount: int
    was: int | None = None
    now: int | None = None
    unit: str = ""
    reason: Reason = Reason.NONE
    word: str = ""
    line: AccrualLine | None = None
    earlier: bool = False


def product(line: AccrualLine) -> Fraction | None:
    """Tariff × volume in kopecks, unrounded; None where either is missing."""
    if line.tariff is None or line.volume is None:
        return None
    return Fraction(line.tariff * line.volume, PRODUCT)


def operation_parts(was: Sequence[AccrualLine], now: Sequence[AccrualLine]) -> list[Part]:
    """A part for each operation beside the charge, by its name; equal sums in both months are no reason."""
    names = {fold(line.operation): line.operation for line in (*was, *now)}
    parts = (_operation(key, word, was, now) for key, word in names.items())
    return [part for part in parts if part.amount]


def _operation(key: str, word: str, was: Sequence[AccrualLine], now: Sequence[AccrualLine]) -> Part:
    earlier = [line for line in was if fold(line.operation) == key]
    later = [line for line in now if fold(line.operation) == key]
    before, after = (sum(line.amount for line in lines) for lines in (earlier, later))
    told = later or earlier
    kind = Kind.RECALCULATION if is_recalculation(word) else Kind.OPERATION
    only = told[0] if len(told) == 1 else None
    return Part(kind, after - before, before, after, word=word, line=only, earlier=not later)


def whole_parts(was: ServiceMonth, now: ServiceMonth, amount: int) -> list[Part]:
    """The one part of a service that is charged for in only one of the months."""
    return [Part(Kind.NEW if now.present else Kind.GONE, amount)] if amount else []


def rest_of(was: ServiceMonth, now: ServiceMonth, amount: int, found: "Split") -> list[Part]:
    """What billing's own figures don't explain, and why they don't."""
    if not amount:
        return []
    if abs(amount) <= found.tolerance:
        return [Part(Kind.REST, amount, reason=Reason.ROUNDING)]
    if found.unit_was != found.unit_now:
        return [Part(Kind.REST, amount, unit=found.unit_now, word=found.unit_was, reason=Reason.UNIT)]
    if not was.charges or not now.charges:
        return [Part(Kind.REST, amount, reason=Reason.NO_DETAILS)]
    for lines, earlier in ((now.charges, False), (was.charges, True)):
        if len(lines) == 1 and _isnt_product(lines[0]):
            return [Part(Kind.REST, amount, reason=Reason.NOT_A_PRODUCT, line=lines[0], earlier=earlier)]
    if any(_unaccounted(one) for one in (was, now)):
        return [Part(Kind.REST, amount, reason=Reason.SUMS_DIFFER)]
    return [Part(Kind.REST, amount, reason=Reason.NOT_A_PRODUCT if found.split else Reason.NO_FIGURES)]


def _isnt_product(line: AccrualLine) -> bool:
    exact = product(line)
    return exact is not None and abs(line.amount - exact) > 1


def _unaccounted(one: ServiceMonth) -> int:
    return one.charged - sum(line.amount for line in (*one.charges, *one.operations))

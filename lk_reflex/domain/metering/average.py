"""Six months' average consumption from the readings of one scale."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from lk_reflex.core.months import Month
from lk_reflex.domain.metering.typed import capacity

MONTHS = 6
#: Readings further apart tell nothing of the last six months.
LONGEST_GAP = 12


@dataclass(frozen=True, slots=True)
class Known:
    """A reading that counts: the day it was taken and its value in thousandths."""

    taken_on: date
    value: int


def volume_between(earlier: int, later: int, digits: int) -> int:
    """Consumption between two values of a dial, in thousandths; negative where billing corrected a value down.

    A dial that went past its last digit counts on, as long as that makes less than a third of what it can hold.
    """
    volume = later - earlier
    rolled_over = volume + capacity(digits)
    return rolled_over if volume < 0 and rolled_over * 3 < capacity(digits) else volume


def monthly_average(history: Sequence[Known], digits: int) -> int | None:
    """Thousandths a month over the six months up to the newest reading, rounded half up; oldest reading first.

    It is reckoned from the last reading at least six months older, or from the oldest of the last twelve months.
    None where all of these lie in one month.
    """
    if not history:
        return None
    ages = [Month.of(history[-1].taken_on).ordinal - Month.of(known.taken_on).ordinal for known in history]
    recent = [place for place, age in enumerate(ages) if age <= LONGEST_GAP]
    start = next((place for place in reversed(recent) if ages[place] >= MONTHS), recent[0])
    months = ages[start]
    if months == 0:
        return None
    total = sum(volume_between(a.value, b.value, digits) for a, b in pairwise(history[start:]))
    return (max(total, 0) * 2 + months) // (months * 2)

"""Six months' average consumption from the readings of one scale."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

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
    start, months = len(history) - 1, 0
    for place in range(len(history) - 2, -1, -1):
        age = _months_between(history[place].taken_on, history[-1].taken_on)
        if age > LONGEST_GAP:
            break
        start, months = place, age
        if age >= MONTHS:
            break
    if months == 0:
        return None
    total = sum(volume_between(a.value, b.value, digits) for a, b in pairwise(history[start:]))
    return (max(total, 0) * 2 + months) // (months * 2)


def _months_between(earlier: date, later: date) -> int:
    """Calendar months, whatever the days; plain numbers, since histories are long and pages many."""
    return (later.year - earlier.year) * 12 + later.month - earlier.month

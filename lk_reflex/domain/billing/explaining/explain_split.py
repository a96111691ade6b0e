"""Splits the change of a service's charges into tariff, volume and norm, exactly; rounding comes last.

The tariff's part is counted at the old volume, the volume's part at the new tariff: (t₁−t₀)·v₀ + t₁·(v₁−v₀) is the
whole change of the product, with nothing left between them. Where the norm changed, the volume's part is cut once
more: what the new norm alone would have made of the old volume is the norm's. A service of several lines (tariff
zones, steps of a social norm) is paired line by line; where the lines can't be paired, by the average tariff.
Where only the tariff or only the volume is given, the old sum is scaled by it. Where one of the months had no
volume, no tariff did anything: the whole change is the volume's, at the tariff of the month that had one.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import groupby

from lk_reflex.core.text import fold
from lk_reflex.domain.billing.accruals import AccrualLine
from lk_reflex.domain.billing.explaining.explain_parts import PRODUCT, Kind, Part, Reason, product

#: A line's sum is rounded to the kopeck, in both months: so much is nobody's reason.
_ROUNDING = 2
Lines = Sequence[AccrualLine]
Pair = tuple[AccrualLine | None, AccrualLine | None]


@dataclass(slots=True)
class Split:
    """The exact parts so far, what may be said of them, and by how many kopecks roundings may part them."""

    amounts: dict[Kind, Fraction] = field(default_factory=lambda: defaultdict(Fraction))
    figures: dict[Kind, list[tuple[int | None, int | None, str, Reason]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    tolerance: int = _ROUNDING
    unit_was: str = ""
    unit_now: str = ""
    split: bool = False

    def add(self, kind: Kind, amount: Fraction, was: int | None, now: int | None, unit: str, reason: Reason) -> None:
        """One exact contribution in kopecks, with the figures that a sentence may name."""
        self.split = True
        self.amounts[kind] += amount
        # A zone that used as much as before belongs to the volume in all; a tariff that stayed is none of the reasons.
        if amount or kind is Kind.VOLUME:
            self.figures[kind].append((was, now, unit, reason))

    def rounded(self, change: int) -> list[Part]:
        """The parts in whole kopecks. A remainder of roundings goes to the largest, unless that would turn its sign."""
        sums = {kind: round(amount) for kind, amount in self.amounts.items() if round(amount)}
        left = change - sum(sums.values())
        if sums and left and abs(left) <= self.tolerance:
            largest = max(sums, key=lambda kind: abs(sums[kind]))
            if sums[largest] * (sums[largest] + left) > 0:
                sums[largest] += left
        return [self._part(kind, amount) for kind, amount in sums.items()]

    def _part(self, kind: Kind, amount: int) -> Part:
        """With its figures where they are one truth: the same for all lines, or volumes that may be added up."""
        told = self.figures[kind]
        units, reasons = {unit for *_, unit, _ in told}, {reason for *_, reason in told}
        unit = units.pop() if len(units) == 1 else ""
        reason = reasons.pop() if len(reasons) == 1 else Reason.NONE
        if kind is Kind.VOLUME or reason in (Reason.TO_NORM, Reason.FROM_NORM):
            was, now = _total(was for was, *_ in told), _total(now for _, now, *_ in told)
        else:
            pairs = {(was, now) for was, now, *_ in told}
            was, now = pairs.pop() if len(pairs) == 1 else (None, None)
        return Part(kind, amount, was, now, unit, reason)


def split(was: Lines, now: Lines) -> Split:
    """The exact parts of the change from one month's charges to the other's."""
    found = Split(tolerance=_ROUNDING + max(len(was), len(now), 1) - 1)
    earlier, later = _by_unit(was), _by_unit(now)
    if earlier and later and earlier.keys() != later.keys():
        found.unit_was, found.unit_now = (", ".join(one.unit for one in _firsts(lines)) for lines in (earlier, later))
        return found
    for unit in earlier.keys() & later.keys():
        _group(found, earlier[unit], later[unit])
    return found


def _by_unit(lines: Lines) -> dict[str, list[AccrualLine]]:
    ordered = sorted(lines, key=lambda line: fold(line.unit))
    return {unit: list(group) for unit, group in groupby(ordered, lambda line: fold(line.unit))}


def _firsts(groups: dict[str, list[AccrualLine]]) -> Iterable[AccrualLine]:
    return (lines[0] for lines in groups.values())


def _group(found: Split, was: Lines, now: Lines) -> None:
    pairs = _pairs(was, now)
    if pairs is None:
        _by_average(found, was, now)
        return
    for earlier, later in pairs:
        if earlier is None or later is None:
            _step(found, earlier, later)
        else:
            _pair(found, earlier, later)


def _pairs(was: Lines, now: Lines) -> list[Pair] | None:
    """Lines of the same tariff belong together; what is left by its order, or, where one side has none, to nothing."""
    left, right, pairs = list(was), list(now), []
    for line in was:
        same = next((other for other in right if other.tariff == line.tariff), None)
        if same is not None:
            pairs.append((line, same))
            left.remove(line)
            right.remove(same)
    if len(left) == len(right):
        return [*pairs, *zip(left, right, strict=True)]
    if left and right:
        return None
    return [*pairs, *((line, None) for line in left), *((None, line) for line in right)]


def _step(found: Split, was: AccrualLine | None, now: AccrualLine | None) -> None:
    """A line that only one month has, like what goes beyond a social norm: volume from nothing, or to nothing."""
    line, sign = (now, 1) if was is None else (was, -1)
    exact = product(line) if line else None
    if line is not None and exact is not None:
        volume = line.volume or 0
        figures = (0, volume) if sign > 0 else (volume, 0)
        found.add(Kind.VOLUME, sign * exact, *figures, line.unit, Reason.NONE)


def _pair(found: Split, was: AccrualLine, now: AccrualLine) -> None:
    if was.volume is not None and now.volume is not None and not (was.volume and now.volume):
        _nothing(found, was, now, was.volume, now.volume)
    elif was.tariff is not None and now.tariff is not None:
        if was.volume is not None and now.volume is not None:
            _full(found, was, now, was.tariff, now.tariff, was.volume, now.volume)
        elif was.volume is None and now.volume is None and was.tariff:
            _tariff_alone(found, was, now, was.tariff, now.tariff)
    elif was.tariff is None and now.tariff is None and was.volume and now.volume is not None:
        _volume(found, was, now, was.volume, now.volume, Fraction(was.amount, was.volume).__mul__)


def _nothing(found: Split, was: AccrualLine, now: AccrualLine, v0: int, v1: int) -> None:
    """From no volume or to none. Billing may leave out the tariff of the month without one."""
    used = was if v0 else now
    if used.tariff is not None:
        _volume(found, was, now, v0, v1, Fraction(used.tariff, PRODUCT).__mul__)
    elif used.volume:
        _volume(found, was, now, v0, v1, Fraction(used.amount, used.volume).__mul__)


def _full(found: Split, was: AccrualLine, now: AccrualLine, t0: int, t1: int, v0: int, v1: int) -> None:
    found.add(Kind.TARIFF, Fraction((t1 - t0) * v0, PRODUCT), t0, t1, now.unit, Reason.NONE)
    _volume(found, was, now, v0, v1, Fraction(t1, PRODUCT).__mul__)


def _tariff_alone(found: Split, was: AccrualLine, now: AccrualLine, t0: int, t1: int) -> None:
    """No volumes: the old sum grows as the tariff did, and then as the norm did."""
    grown = Fraction(was.amount * t1, t0)
    found.add(Kind.TARIFF, grown - was.amount, t0, t1, now.unit, Reason.NONE)
    if was.norm and now.norm is not None:
        found.add(Kind.NORM, grown * Fraction(now.norm - was.norm, was.norm), was.norm, now.norm, now.unit, Reason.NONE)


def _volume(
    found: Split,
    was: AccrualLine,
    now: AccrualLine,
    v0: int,
    v1: int,
    worth: Callable[[int | Fraction], Fraction],
) -> None:
    """The volume's part and the norm's; `worth` is what a millionth costs, in kopecks."""
    n0, n1 = was.norm, now.norm
    if n0 is None and n1 is None:
        found.add(Kind.VOLUME, worth(v1 - v0), v0, v1, now.unit, Reason.NONE)
    elif n0 is None or n1 is None:
        reason = Reason.TO_NORM if n0 is None else Reason.FROM_NORM
        found.add(Kind.NORM, worth(v1 - v0), v0, v1, now.unit, reason)
    elif n0 == n1 or not n0 or not (v0 and v1):
        found.add(Kind.VOLUME, worth(v1 - v0), v0, v1, now.unit, Reason.BY_NORM)
    else:
        expected = Fraction(v0 * n1, n0)
        found.add(Kind.NORM, worth(expected - v0), n0, n1, now.unit, Reason.NONE)
        found.add(Kind.VOLUME, worth(v1 - expected), None, None, now.unit, Reason.BY_NORM)


def _by_average(found: Split, was: Lines, now: Lines) -> None:
    """Lines that can't be paired: the average tariff, and the volume in all."""
    worths = [[Fraction() if line.volume == 0 else product(line) for line in lines] for lines in (was, now)]
    if any(worth is None for one in worths for worth in one):
        return
    p0, p1 = (sum((worth for worth in one if worth is not None), Fraction()) for one in worths)
    v0, v1 = (sum(line.volume or 0 for line in lines) for lines in (was, now))
    unit = now[0].unit
    if not any(line.volume for line in was) or not any(line.volume for line in now):
        found.add(Kind.VOLUME, p1 - p0, v0, v1, unit, Reason.NONE)
        return
    if not v0 or not v1:
        return
    average = p1 / v1
    t0, t1 = round(p0 / v0 * PRODUCT), round(average * PRODUCT)
    found.add(Kind.TARIFF, average * v0 - p0, t0, t1, unit, Reason.AVERAGE)
    found.add(Kind.VOLUME, average * (v1 - v0), v0, v1, unit, Reason.NONE)


def _total(figures: Iterable[int | None]) -> int | None:
    known = list(figures)
    return None if any(figure is None for figure in known) else sum(figure for figure in known if figure is not None)

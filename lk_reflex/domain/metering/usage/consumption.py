"""How much meters counted month by month: for the charts, and for the hints of `hints`. Pure: readings in, months out.

A reading closes the month in which it was taken, as receipts count it. A volume that covers several months is spread
evenly over them and marked: as one bar it would be a peak that never was, as one bar and gaps a leak and a standstill.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from lk_reflex.core.months import Month
from lk_reflex.domain.metering.average import Known, volume_between

#: A year and its first month once more, so that the newest month stands beside the same one of the year before.
SHOWN = 13
#: And as many months before those as their comparison takes.
KEPT = SHOWN + 12
#: A reading taken in the first days of a month that follows an unread one closes the unread one: sent late, not twice.
LATE_DAYS = 5


@dataclass(frozen=True, slots=True)
class MonthVolume:
    """One month, in thousandths; `volume` is None where nothing is known, negative where billing corrected it down.

    `spread`: over how many months the volume was spread evenly (1: it was read for this month alone).
    `scales`: the parts by tariff zone. `whole`: whether all meters that counted then are in it.
    """

    month: Month
    volume: int | None = None
    spread: int = 1
    scales: tuple[int | None, ...] = ()
    whole: bool = True


class Share(NamedTuple):
    """A scale's part in one month."""

    volume: int
    spread: int


#: By a month's ordinal: histories are long and pages many, and whole numbers are cheap.
Shares = dict[int, Share]


def scale_volumes(history: Sequence[Known], digits: int) -> Shares:
    """The volumes of one scale by month, exact to the thousandth in their sum; the history is oldest first."""
    found: Shares = {}
    for (earlier, before), (later, closes) in pairwise(_closings(history)):
        volume = volume_between(earlier.value, later.value, digits)
        count = max(closes - before, 1)
        for step in range(count):
            month = closes + step + 1 - count
            share = volume * (step + 1) // count - volume * step // count
            known = found.get(month)
            found[month] = Share(known.volume + share, max(known.spread, count)) if known else Share(share, count)
    return found


def _closings(history: Sequence[Known]) -> list[tuple[Known, int]]:
    """Each reading with the month that it closes."""
    found: list[tuple[Known, int]] = []
    for known in history:
        month = _ordinal(known)
        if found and known.taken_on.day <= LATE_DAYS and found[-1][1] < month - 1:
            month -= 1
        found.append((known, month))
    return found


def _ordinal(known: Known) -> int:
    return known.taken_on.year * 12 + known.taken_on.month - 1


def meter_months(histories: Sequence[Sequence[Known]], digits: int, *, keep: int = KEPT) -> tuple[MonthVolume, ...]:
    """A meter's months up to its newest one, oldest first, without gaps; empty while no scale has two readings.

    A month in which one of the zones has no figure is not whole.
    """
    scales = [scale_volumes(_newest(history, keep), digits) for history in histories]
    return tuple(_meter_month(month, scales) for month in _span(scales, keep))


def _newest(history: Sequence[Known], keep: int) -> Sequence[Known]:
    """The readings of the months that are kept, and the one before them that they count from."""
    first = _ordinal(history[-1]) - keep if history else 0
    return history[max(sum(_ordinal(known) < first for known in history) - 1, 0) :]


def _meter_month(month: int, scales: Sequence[Shares]) -> MonthVolume:
    shares = [scale.get(month) for scale in scales]
    known = [share for share in shares if share is not None]
    return MonthVolume(
        Month.from_ordinal(month),
        sum(share.volume for share in known) if known else None,
        max((share.spread for share in known), default=1),
        tuple(None if share is None else share.volume for share in shares),
        len(known) == len(shares),
    )


def added_up(meters: Sequence[tuple[Sequence[MonthVolume], bool]], *, keep: int = KEPT) -> tuple[MonthVolume, ...]:
    """Several meters of one resource together. With each meter's months: whether it is still in use.

    A month is whole where every meter has a figure that had begun by then and hadn't been taken off.
    """
    if len(meters) == 1:
        return tuple(meters[0][0])
    by_month = [{one.month.ordinal: one for one in months} for months, _ in meters]
    return tuple(_together(month, meters, by_month) for month in _span(by_month, keep))


def _together(
    ordinal: int, meters: Sequence[tuple[Sequence[MonthVolume], bool]], by_month: Sequence[dict[int, MonthVolume]]
) -> MonthVolume:
    month = Month.from_ordinal(ordinal)
    found = [known[ordinal] for known in by_month if ordinal in known and known[ordinal].volume is not None]
    due = sum(_counting(months, used, month) for months, used in meters)
    return MonthVolume(
        month,
        sum(one.volume or 0 for one in found) if found else None,
        max((one.spread for one in found), default=1),
        whole=len(found) >= due and all(one.whole for one in found),
    )


def _counting(months: Sequence[MonthVolume], used: bool, month: Month) -> bool:
    return bool(months) and months[0].month <= month and (used or month <= months[-1].month)


def year_before(months: Iterable[MonthVolume]) -> dict[Month, int]:
    """By month, the whole volume of the same month a year earlier, where it is known."""
    return {one.month.shift(12): one.volume for one in months if one.volume is not None and one.whole}


def _span(parts: Sequence[Mapping[int, object]], keep: int) -> range:
    known = [month for part in parts for month in part]
    return range(max(min(known), max(known) + 1 - keep), max(known) + 1) if known else range(0)

"""What is to be paid and by when: pure rules over the newest receipts of an account."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from lk_reflex.core.months import Month
from lk_reflex.domain.billing.summary import KindSummary

#: ЖК РФ, ст. 155 ч. 1: the 15th since this day, the 10th before it, unless a contract says otherwise.
LAW_CHANGED = date(2026, 3, 1)
DAY_NOW, DAY_BEFORE = 15, 10
#: ЖК РФ, ст. 155 ч. 14: no penalty for the first thirty days after the due date.
FREE_DAYS = 30
#: Kinds whose newest receipt is this many months behind the account's newest still count: a kind may be billed
#: late. An older one (a contract that ended years ago) is shown as it is, but isn't part of what to pay now.
MONTHS_ALIVE = 3


@dataclass(frozen=True, slots=True)
class Bill:
    """The headline, in kopecks: `amount` to pay for `month` by `due_on`, `overpaid` where receipts are negative.

    `counted` are the receipts in it, `stale` the positive ones of kinds that are billed no more, and `stale_amount`
    their sum.
    """

    month: Month
    amount: int
    overpaid: int
    due_on: date
    issued_on: date
    counted: tuple[KindSummary, ...]
    stale: tuple[KindSummary, ...]
    stale_amount: int

    @property
    def dues(self) -> dict[int, int]:
        """What each receipt of the headline asks for, in kopecks by receipt; negative for an overpayment."""
        return {one.receipt_id: one.due for one in self.counted}


def due_date(month: Month, due_day: int) -> date:
    """The last day to pay for a month: `due_day` of the next one (its last day if the month is shorter)."""
    due = month.shift(1).day(due_day)
    return month.shift(1).day(DAY_BEFORE) if due_day == DAY_NOW and due < LAW_CHANGED else due


def bill_of(summaries: Sequence[KindSummary], due_day: int) -> Bill | None:
    """Sum up the newest receipts; None where there are none. An overpaid kind doesn't pay another kind's debt."""
    if not summaries:
        return None
    month = max(summary.month for summary in summaries)
    alive = tuple(s for s in summaries if s.month > month.shift(-MONTHS_ALIVE))
    stale = tuple(s for s in summaries if s not in alive and s.due > 0)
    return Bill(
        month,
        sum(max(s.due, 0) for s in alive),
        sum(max(-s.due, 0) for s in alive),
        due_date(month, due_day),
        max(s.issued_on for s in alive),
        alive,
        stale,
        sum(s.due for s in stale),
    )

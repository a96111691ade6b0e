"""Thirteen months of charges as bars and as rows of a table."""

from collections.abc import Sequence
from dataclasses import dataclass

from lk_reflex.core.money import format_money, format_roubles
from lk_reflex.core.months import Month
from lk_reflex.domain.billing.summary import MonthCharge
from lk_reflex.ui.shared.bars import Bar, lay_out

#: So many labels stand side by side at 360 px.
ROOMY = 8


@dataclass(frozen=True)
class MonthRow:
    """One month of the table under the chart."""

    month: str
    charged: str


def year_bars(charges: Sequence[MonthCharge]) -> list[Bar]:
    """A bar a month from the first to the last, a gap where billing gave nothing; none for a single month."""
    if len(charges) < 2:
        return []
    known = {one.month: one.charged for one in charges}
    months = [charges[0].month.shift(step) for step in range(_span(charges))]
    return lay_out(
        [float(known.get(month, 0)) for month in months],
        _labels(months),
        [f"{month.title}: {format_roubles(known[month]) if month in known else 'нет данных'}" for month in months],
    )


def year_rows(charges: Sequence[MonthCharge]) -> list[MonthRow]:
    """The same figures, newest first."""
    return [MonthRow(one.month.title, format_money(one.charged)) for one in reversed(charges)]


def _labels(months: Sequence[Month]) -> list[str]:
    """«окт»; where there are many, every other one, back from the newest: on a phone they would touch."""
    step = 1 if len(months) <= ROOMY else 2
    return [month.name[:3] if (len(months) - 1 - place) % step == 0 else "" for place, month in enumerate(months)]


def _span(charges: Sequence[MonthCharge]) -> int:
    first, last = charges[0].month, charges[-1].month
    return _months_between(first, last) + 1


def _months_between(first: Month, last: Month) -> int:
    return last.ordinal - first.ordinal

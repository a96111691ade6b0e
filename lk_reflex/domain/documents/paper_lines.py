"""Accruals as the model form of a payment document has them: a service and its recalculations on one line.

The form: приказ Минстроя России 43/пр of 26.01.2018, sections 3 and 5. Pure.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from lk_reflex.domain.billing.operations import is_recalculation
from lk_reflex.domain.documents.facts import Recalculation, ServiceLine


def service_lines(accruals: Sequence[Any]) -> tuple[ServiceLine, ...]:
    """A line for each charge in billing's order; a service's recalculations stand at its first line, or alone."""
    lines: list[ServiceLine] = []
    first: dict[str, int] = {}
    for row in sorted(accruals, key=lambda row: is_recalculation(row.operation)):
        again = is_recalculation(row.operation)
        if again and row.service in first:
            place = first[row.service]
            lines[place] = replace(lines[place], recalculated=lines[place].recalculated + row.amount)
            continue
        first.setdefault(row.service, len(lines))
        charged, recalculated = (0, row.amount) if again else (row.amount, 0)
        lines.append(
            ServiceLine(
                row.service, row.operation, row.unit, row.tariff, row.norm, row.volume, row.period_from, row.period_to,
                charged, recalculated,
            )
        )  # fmt: skip
    order = _order(accruals)
    return tuple(sorted(lines, key=lambda line: order[line.service]))


def recalculations_of(accruals: Sequence[Any]) -> tuple[Recalculation, ...]:
    """Every recalculation with the months that it is for, in billing's order."""
    return tuple(
        Recalculation(row.service, row.operation, row.period_from, row.period_to, row.months, row.amount)
        for row in accruals
        if is_recalculation(row.operation)
    )


def _order(accruals: Sequence[Any]) -> dict[str, int]:
    places: dict[str, int] = {}
    for row in accruals:
        places.setdefault(row.service, len(places))
    return places

"""«Почему изменилась сумма?»: why a month's charges differ from another's. Pure: figures in, parts out.

The change of each service is split into what the tariff did, the volume, the norm, recalculations and other
operations; a service that is new or gone is one part of its own. What billing's own figures don't explain is the
rest («прочее»). In kopecks, and the parts always add up to the change.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lk_reflex.core.months import Month
from lk_reflex.domain.billing.accruals import AccrualLine
from lk_reflex.domain.billing.explaining.explain_parts import (
    Kind,
    Part,
    operation_parts,
    rest_of,
    whole_parts,
)
from lk_reflex.domain.billing.explaining.explain_service import ServiceMonth, service_months
from lk_reflex.domain.billing.explaining.explain_split import split
from lk_reflex.domain.billing.explaining.owing import NOTHING, Owing, owing


@dataclass(frozen=True, slots=True)
class ReceiptFigures:
    """One receipt: «Начислено» by service as /charges shows it (kopecks), and the accruals as they came.

    `penalty` is the month's own. `total` and `penalty_total` are to be paid; None where billing gave no balance.
    """

    kind: str
    charged: tuple[tuple[str, int], ...] = ()
    accruals: tuple[AccrualLine, ...] = ()
    penalty: int = 0
    total: int | None = None
    penalty_total: int = 0


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """All receipts of one account and month."""

    month: Month
    receipts: tuple[ReceiptFigures, ...] = ()


@dataclass(frozen=True, slots=True)
class ServiceChange:
    """One service in both months, in kopecks; `moved_to` names the kind of receipt that it has newly come to."""

    service: str
    was: int
    now: int
    parts: tuple[Part, ...]
    moved_to: str = ""

    @property
    def change(self) -> int:
        """The difference: the sum of the parts."""
        return self.now - self.was


@dataclass(frozen=True, slots=True)
class Explanation:
    """Two months compared: services by the size of their change. Penalties are apart, as everywhere.

    `absent` are the kinds of receipts that the later month lacks, with services that are gone for it; `owing` is what
    its receipts ask for beside its charges.
    """

    before: Month
    after: Month
    services: tuple[ServiceChange, ...]
    absent: tuple[str, ...] = ()
    penalty_was: int = 0
    penalty_now: int = 0
    owing: Owing = NOTHING

    @property
    def was(self) -> int:
        """What the earlier month was charged."""
        return sum(service.was for service in self.services)

    @property
    def now(self) -> int:
        """What the later month was charged."""
        return sum(service.now for service in self.services)

    @property
    def change(self) -> int:
        """The difference in all."""
        return self.now - self.was

    @property
    def changed(self) -> tuple[ServiceChange, ...]:
        """Services that have something to tell, even where their parts cancel out."""
        return tuple(service for service in self.services if service.parts)

    @property
    def unchanged(self) -> tuple[ServiceChange, ...]:
        """Services that cost the same as before for the same reasons; those that cost nothing are left out."""
        return tuple(service for service in self.services if not service.parts and service.now)


def explain(before: MonthFigures, after: MonthFigures) -> Explanation:
    """Why `after` was charged otherwise than `before`."""
    earlier, later = service_months(before.receipts), service_months(after.receipts)
    nothing = ServiceMonth()
    changes = [_change(earlier.get(key, nothing), later.get(key, nothing)) for key in {**later, **earlier}]
    return Explanation(
        before.month,
        after.month,
        tuple(sorted(changes, key=_weight)),
        _absent(before, after, earlier, later),
        sum(receipt.penalty for receipt in before.receipts),
        sum(receipt.penalty for receipt in after.receipts),
        owing(after.receipts),
    )


def alone_by_kind(explanation: Explanation) -> dict[Kind, str]:
    """The name of the only service that a kind of reason is about; kinds of several services are left out."""
    names: dict[Kind, set[str]] = {}
    for service in explanation.services:
        for part in service.parts:
            names.setdefault(part.kind, set()).add(service.service)
    return {kind: min(found) for kind, found in names.items() if len(found) == 1}


def by_kind(explanations: Iterable[Explanation]) -> dict[Kind, int]:
    """What each kind of reason did over all services of all these comparisons, in kopecks; zeros are left out."""
    sums = dict.fromkeys(Kind, 0)
    for explanation in explanations:
        for service in explanation.services:
            for part in service.parts:
                sums[part.kind] += part.amount
    return {kind: amount for kind, amount in sums.items() if amount}


def _change(was: ServiceMonth, now: ServiceMonth) -> ServiceChange:
    return ServiceChange(now.name or was.name, was.charged, now.charged, tuple(_parts(was, now)), _moved(was, now))


def _parts(was: ServiceMonth, now: ServiceMonth) -> Sequence[Part]:
    change = now.charged - was.charged
    operations = operation_parts(was.operations, now.operations)
    left = change - sum(part.amount for part in operations)
    if was.present != now.present:
        return _sorted([*whole_parts(was, now, left), *operations])
    found = split(was.charges, now.charges)
    reasons = found.rounded(left)
    rest = rest_of(was, now, left - sum(part.amount for part in reasons), found)
    return _sorted([*reasons, *operations, *rest])


def _sorted(parts: list[Part]) -> list[Part]:
    """The weightiest reason first, the unexplained rest last."""
    return sorted(parts, key=lambda part: (part.kind is Kind.REST, -abs(part.amount)))


def _moved(was: ServiceMonth, now: ServiceMonth) -> str:
    if not was.kinds or not now.kinds or was.kinds & now.kinds:
        return ""
    return min(now.kinds)


def _weight(service: ServiceChange) -> tuple[int, int, str]:
    return -abs(service.change), -len(service.parts), service.service


def _absent(
    before: MonthFigures, after: MonthFigures, earlier: dict[str, ServiceMonth], later: dict[str, ServiceMonth]
) -> tuple[str, ...]:
    """Kinds of receipts that are missing, unless all their services have merely moved to another one."""
    lost: set[str] = set().union(*(one.kinds for key, one in earlier.items() if key not in later))
    return tuple(sorted(lost & (_kinds(before) - _kinds(after))))


def _kinds(month: MonthFigures) -> set[str]:
    return {receipt.kind for receipt in month.receipts}

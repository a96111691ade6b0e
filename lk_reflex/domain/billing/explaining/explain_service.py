"""One service of one month, gathered over all receipts in which it stands."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from lk_reflex.core.text import fold
from lk_reflex.domain.billing.accruals import AccrualLine
from lk_reflex.domain.billing.operations import RECALCULATIONS

_BENEFITS = ("льгот", "субсид", "скидк", "компенс", "пени", "пеня", "штраф")


class _Receipt(Protocol):
    @property
    def kind(self) -> str: ...
    @property
    def charged(self) -> Sequence[tuple[str, int]]: ...
    @property
    def accruals(self) -> Sequence[AccrualLine]: ...


@dataclass(slots=True)
class ServiceMonth:
    """What a service was charged (kopecks), its charges proper, and its other operations (recalculations, benefits)."""

    name: str = ""
    charged: int = 0
    kinds: set[str] = field(default_factory=set)
    charges: list[AccrualLine] = field(default_factory=list)
    operations: list[AccrualLine] = field(default_factory=list)

    @property
    def present(self) -> bool:
        """Whether it was charged for in that month: a line left over from a debt or a lone recalculation isn't it."""
        return bool(self.charges) or (not self.operations and self.charged != 0)


def service_months(receipts: Iterable[_Receipt]) -> dict[str, ServiceMonth]:
    """The services of a month by their folded name, whichever kind of receipt they stand in."""
    found: dict[str, ServiceMonth] = {}
    for receipt in receipts:
        charged = _charged(receipt)
        for service, amount in charged:
            one = found.setdefault(fold(service), ServiceMonth())
            one.name, one.charged = service, one.charged + amount
            one.kinds.add(receipt.kind)
        known = {fold(service) for service, _ in charged}
        for line in receipt.accruals:
            if (key := fold(line.service)) in known:
                (found[key].charges if is_charge(line) else found[key].operations).append(line)
    return found


def _charged(receipt: _Receipt) -> Sequence[tuple[str, int]]:
    """The balance lines; or the accruals where these say the same sum by services of other names.

    An accrual whose service has no balance line in a receipt that doesn't add up is part of no sum that people see.
    """
    by_accruals: dict[str, int] = {}
    for line in receipt.accruals:
        by_accruals[line.service] = by_accruals.get(line.service, 0) + line.amount
    lines = {fold(service) for service, _ in receipt.charged}
    agree = sum(by_accruals.values()) == sum(amount for _, amount in receipt.charged)
    named_otherwise = not {fold(service) for service in by_accruals} <= lines
    if by_accruals and named_otherwise and (agree or not receipt.charged):
        return list(by_accruals.items())
    return receipt.charged


def is_charge(line: AccrualLine) -> bool:
    """Whether a line is the month's own charge. Billing may name it as it likes; a tariff and a volume tell it too."""
    plain = fold(line.operation)
    if not plain or plain.startswith("начисл"):
        return True
    if plain.startswith((*RECALCULATIONS, *_BENEFITS)):
        return False
    return line.tariff is not None and line.volume is not None

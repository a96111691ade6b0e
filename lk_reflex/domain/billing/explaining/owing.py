"""What a month's receipts ask for beside the month's charge: the way from the charge to the sum to pay."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol


class _Receipt(Protocol):
    @property
    def kind(self) -> str: ...
    @property
    def charged(self) -> Sequence[tuple[str, int]]: ...
    @property
    def total(self) -> int | None: ...
    @property
    def penalty_total(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Owing:
    """Kopecks: what is charged, less `covered`, plus `debt` and `penalty`, less `overpaid`, is the sum to pay.

    `covered` are the receipts that an overpayment pays, with their charges: what is left of it pays no other receipt.
    """

    debt: int = 0
    overpaid: int = 0
    penalty: int = 0
    covered: tuple[tuple[str, int], ...] = ()
    #: Whether any receipt is to be paid at all.
    due: bool = False


NOTHING = Owing()


def owing(receipts: Iterable[_Receipt]) -> Owing:
    """The receipts of one month; those of which billing gave no balance say nothing."""
    debt = overpaid = penalty = 0
    covered, due = [], False
    for one in receipts:
        charged = sum(amount for _, amount in one.charged)
        if one.total is None:
            continue
        if one.total + one.penalty_total <= 0:
            covered += [(one.kind, charged)] if charged > 0 else []
            continue
        before, due = one.total - charged, True
        debt += max(before, 0)
        penalty += max(one.penalty_total, 0)
        overpaid += max(-before, 0) + max(-one.penalty_total, 0)
    return Owing(debt, overpaid, penalty, tuple(covered), due)

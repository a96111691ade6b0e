"""The four figures that billing gives for a service, for a receipt and for their penalties."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sums:
    """Kopecks as they came: `debt` is net of `paid` (total = debt + charged), `paid` only informs."""

    debt: int = 0
    paid: int = 0
    charged: int = 0
    total: int = 0

    def __bool__(self) -> bool:
        """Whether there is anything but zeros to show."""
        return bool(self.debt or self.paid or self.charged or self.total)


def add_up(parts: Iterable[Sums]) -> Sums:
    """ИТОГО: each figure is the sum of the lines' figures, never recomputed from the others."""
    debt = paid = charged = total = 0
    for part in parts:
        debt += part.debt
        paid += part.paid
        charged += part.charged
        total += part.total
    return Sums(debt, paid, charged, total)

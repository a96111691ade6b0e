"""The four figures that billing gives for a service, for a receipt and for their penalties."""

from collections.abc import Sequence
from typing import NamedTuple


class Sums(NamedTuple):
    """Kopecks as they came: `debt` is net of `paid` (total = debt + charged), `paid` only informs.

    A named tuple, since a month has dozens of them and a frozen dataclass takes four times as long to make.
    """

    debt: int = 0
    paid: int = 0
    charged: int = 0
    total: int = 0

    def __bool__(self) -> bool:
        """Whether there is anything but zeros to show."""
        return any(self)


def add_up(parts: Sequence[Sums]) -> Sums:
    """ИТОГО: each figure is the sum of the lines' figures, never recomputed from the others."""
    return Sums(*map(sum, zip(*parts, strict=True))) if parts else Sums()

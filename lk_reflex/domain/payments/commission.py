"""The commission of a payment: how much, and who bears it. Pure; kopecks, rates in hundredths of a percent."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from lk_reflex.domain.accounts.tables import PAYER


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms an organization takes payments: `ceiling` bounds a whole payment, its commission included."""

    by: str
    rate: int
    minimum: int
    ceiling: int

    def commission_on(self, amount: int) -> int:
        """What the payer pays on top of the sum; nothing where the organization bears it."""
        return commission(amount, self.rate, self.minimum) if self.by == PAYER else 0


def commission(amount: int, rate: int, minimum: int) -> int:
    """The rate's share of a sum, rounded half up to the kopeck, at least the minimum; nothing of nothing."""
    if amount <= 0:
        return 0
    share = (Decimal(amount) * rate / 10_000).quantize(Decimal(1), ROUND_HALF_UP)
    return max(int(share), minimum)

"""On what terms payments are taken: commission and ceiling. Pure; kopecks, rates in hundredths of a percent."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from lk_reflex.core.money import format_roubles
from lk_reflex.domain.accounts.tables import PAYER

NO_PAYMENTS = "Организация не принимает оплату через личный кабинет"


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

    def too_little_for(self, amount: int) -> bool:
        """Whether the ceiling is below a sum with its commission."""
        return amount + self.commission_on(amount) > self.ceiling


def commission(amount: int, rate: int, minimum: int) -> int:
    """The rate's share of a sum, rounded half up to the kopeck, at least the minimum; nothing of nothing."""
    if amount <= 0:
        return 0
    share = (Decimal(amount) * rate / 10_000).quantize(Decimal(1), ROUND_HALF_UP)
    return max(int(share), minimum)


def at_once(ceiling: int) -> str:
    """«За один раз можно заплатить не больше 15 000,00 руб.»: how every refusal of a larger sum begins."""
    return f"За один раз можно заплатить не больше {format_roubles(ceiling)}"

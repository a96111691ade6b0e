"""Chains the months of one receipt kind: what was due, what was paid of it, what is charged. Money in kopecks."""

from dataclasses import dataclass, field
from random import Random

from lk_reflex.exchange.demo.plan import AHEAD, DEBTOR, PROMPT, ROUNDED

_HUNDRED_ROUBLES = 100_00


@dataclass
class Line:
    """A service's balance: `total = debt + charged`, `paid` negative as in the manual; penalties alike."""

    debt: int = 0
    paid: int = 0
    charged: int = 0
    total: int = 0
    penalty_debt: int = 0
    penalty_paid: int = 0
    penalty_charged: int = 0
    penalty_total: int = 0


@dataclass
class Ledger:
    """The lines of a receipt kind from month to month."""

    payer: str
    lines: dict[str, Line] = field(default_factory=dict)

    def turn(self, charged: dict[str, int], random: Random) -> int:
        """Go on to the next month with these charges; returns what was paid since, positive."""
        before = self.lines
        shares, penalties = self._payment(before, random)
        self.lines = {}
        for service in [*before, *(name for name in charged if name not in before)]:
            line = _next(before.get(service, Line()), shares.get(service, 0), service in penalties)
            line.charged = charged.get(service, 0)
            line.total = line.debt + line.charged
            if service in charged or line.total or line.paid:
                self.lines[service] = line
        return -sum(line.paid + line.penalty_paid for line in self.lines.values())

    def _payment(self, before: dict[str, Line], random: Random) -> tuple[dict[str, int], set[str]]:
        """How much goes to each service, and for which services the penalty is paid as well."""
        due = sum(line.total for line in before.values())
        chance = random.random()
        if self.payer == AHEAD:
            charged = sum(line.charged for line in before.values())
            return _spread(before, max(0, due + 2 * charged)), set()
        if due <= 0 or (self.payer == DEBTOR and chance > 0.12) or (self.payer != DEBTOR and chance > 0.93):
            return {}, set()
        if self.payer == PROMPT:
            return {service: line.total for service, line in before.items()}, set(before)
        part = due if self.payer == ROUNDED else due // 2
        return _spread(before, part // _HUNDRED_ROUBLES * _HUNDRED_ROUBLES), set()


def _next(before: Line, share: int, with_penalty: bool) -> Line:
    penalty_paid = -before.penalty_total if with_penalty else 0
    debt, penalty_debt = before.total - share, before.penalty_total + penalty_paid
    # A day's penalty is 1/300 to 1/130 of the rate; a month of it is about half a percent of what is overdue.
    penalty = max(0, debt) // 200
    return Line(
        debt=debt, paid=-share, penalty_debt=penalty_debt, penalty_paid=penalty_paid,
        penalty_charged=penalty, penalty_total=penalty_debt + penalty,
    )  # fmt: skip


def _spread(before: dict[str, Line], amount: int) -> dict[str, int]:
    """Share a payment among services, to the kopeck."""
    weights = {service: max(0, line.total) for service, line in before.items()}
    if not sum(weights.values()):
        weights = {service: max(0, line.charged) for service, line in before.items()}
    whole = sum(weights.values())
    if not whole or not amount:
        return {}
    shares = {service: amount * weight // whole for service, weight in weights.items()}
    heaviest = max(weights, key=lambda service: weights[service])
    shares[heaviest] += amount - sum(shares.values())
    return shares

"""Months in figures for tests of the explanations: roubles and volumes as a receipt has them."""

from lk_reflex.core.exact import parse_scaled
from lk_reflex.core.money import parse_money
from lk_reflex.core.months import Month
from lk_reflex.domain.billing.accruals import AccrualLine
from lk_reflex.domain.billing.explaining.explain import Explanation, MonthFigures, ReceiptFigures, explain
from lk_reflex.domain.billing.tables import PLACES

AUGUST, SEPTEMBER = Month(2019, 8), Month(2019, 9)
UNITED, WATER = "Объединённая", "ХВС и ВО"


def line(
    service: str, amount: str, tariff: str = "", unit: str = "", volume: str = "", norm: str = "", *,
    operation: str = "начисление", period: tuple[Month | None, Month | None, int | None] = (None, None, None),
) -> AccrualLine:  # fmt: skip
    def exact(text: str) -> int | None:
        return parse_scaled(text, PLACES) if text else None

    return AccrualLine(
        service, operation, exact(tariff), unit, exact(norm), exact(volume), *period, parse_money(amount)
    )


def receipt(
    *lines: AccrualLine, kind: str = UNITED, charged: dict[str, str] | None = None, penalty: str = "0"
) -> ReceiptFigures:
    """«Начислено» is the accruals' sum, unless it is given."""
    sums: dict[str, int] = {}
    for one in lines:
        sums[one.service] = sums.get(one.service, 0) + one.amount
    told = {service: parse_money(text) for service, text in charged.items()} if charged is not None else sums
    return ReceiptFigures(kind, tuple(told.items()), lines, parse_money(penalty))


def month(*receipts: ReceiptFigures, of: Month = SEPTEMBER) -> MonthFigures:
    return MonthFigures(of, receipts)


def compared(before: ReceiptFigures, after: ReceiptFigures) -> Explanation:
    """August and September 2019, one receipt each."""
    return explain(month(before, of=AUGUST), month(after))


def adds_up(explanation: Explanation) -> bool:
    """Every service's parts make its change, and the services make the whole one."""
    services = all(sum(part.amount for part in one.parts) == one.now - one.was for one in explanation.services)
    return services and sum(one.change for one in explanation.services) == explanation.now - explanation.was

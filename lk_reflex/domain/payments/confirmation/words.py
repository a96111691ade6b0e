"""The sentences of a confirmation, and what its file is called."""

from datetime import datetime
from typing import Final

from lk_reflex.core.clock import format_date, local_time
from lk_reflex.domain.accounts.tables import EXEMPT, OWN_TILL, TRANSFER
from lk_reflex.domain.payments.orders.own import OwnOrder

TITLE: Final = "Подтверждение оплаты"
#: 54-ФЗ: whatever the organization does about tills, this paper isn't theirs.
NO_TILL: Final = {
    TRANSFER: "Не является кассовым чеком. Деньги переведены на расчетный счет организации через банк.",
    OWN_TILL: "Не является кассовым чеком. Кассовый чек выдаёт организация.",
    EXEMPT: "Не является кассовым чеком. Организация освобождена от применения контрольно-кассовой техники.",
}
COMMISSION: Final = "Комиссия банка"


def no_till(order: OwnOrder) -> str:
    """That this is no fiscal receipt, and who gives one."""
    return NO_TILL.get(order.fiscal_mode, NO_TILL[TRANSFER])


def moment_words(moment: datetime, time_zone: str) -> str:
    """«23.11.2026, 10:05» by the organization's clock."""
    local = local_time(moment, time_zone)
    return f"{format_date(local.date())}, {local:%H:%M}"


def file_name(order: OwnOrder) -> str:
    """«Подтверждение оплаты 26112312345678.pdf»."""
    return f"{TITLE} {order.number}.pdf"

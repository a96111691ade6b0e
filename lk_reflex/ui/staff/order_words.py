"""Russian words for what orders keep by short English names, as staff read them. No Reflex here."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from lk_reflex.core.clock import format_date, local_time
from lk_reflex.core.exact import NBSP
from lk_reflex.domain.payments.orders import rules
from lk_reflex.domain.payments.orders.machine import Status

#: A status as a tag: its word and its colour.
STATUSES: Final[Mapping[str, tuple[str, str]]] = {
    Status.NEW: ("Создан", "info"),
    Status.WAITING: ("Ждёт оплаты", "info"),
    Status.CHECKING: ("Проверяется", "due"),
    Status.PAID: ("Оплачен", "good"),
    Status.REFUNDED: ("Возвращён", "info"),
    Status.DECLINED: ("Отклонён банком", "bad"),
    Status.REVERSED: ("Удержание снято", "info"),
    Status.EXPIRED: ("Не оплачен", "info"),
    Status.FAILED: ("Не принят банком", "bad"),
}
#: What staff should look at: a tag, and what to do about it.
FLAGS: Final[Mapping[str, tuple[str, str]]] = {
    rules.BILLING: (
        "В биллинге другая сумма",
        "Биллинг учёл по этому заказу не то, что мы передали: обе суммы в журнале. В истории оплат жителя стоит сумма "
        "биллинга. Выясните у биллинга, какая верна.",
    ),
    rules.CONTRADICTION: (
        "Банк отказался от оплаты",
        "Банк сначала сообщил об оплате, а теперь говорит, что платёж отклонён. Деньги в учёте остались: проверьте "
        "платёж в кабинете банка.",
    ),
    rules.LATE: (
        "Оплачен с опозданием",
        "Деньги пришли, когда время на оплату уже вышло. Платёж принят и уйдёт в биллинг: проверьте, не заплатил ли "
        "человек ещё раз.",
    ),
    rules.SECOND: (
        "Повторная оплата",
        "По этим квитанциям уже был платёж. Новый принят как аванс: верните деньги, если плательщик попросит.",
    ),
    rules.SILENCE: (
        "Банк не ответил на возврат",
        "Банк не сказал, вернул ли он деньги. Спросите в банке и решите ниже: повторить возврат или закрыть его.",
    ),
    rules.BEYOND: (
        "Возвращено больше, чем просили",
        "Банк вернул плательщику больше, чем запрошено здесь: возможно, возврат сделан дважды. Проверьте платёж в "
        "кабинете банка.",
    ),
    rules.AMOUNT: (
        "Сумма не сходится",
        "Сумма, валюта или возвраты у банка не те, что у нас. Разница не проведена: проверьте платёж в кабинете банка.",
    ),
}
OTHER_FLAG: Final = ("Нужно посмотреть", "Проверьте этот заказ.")
#: Refunds that an administrator asked for.
REFUNDS: Final[Mapping[str, tuple[str, str]]] = {
    "asked": ("Выполняется", "due"),
    "accepted": ("Банк принял", "due"),
    "unanswered": ("Банк не ответил: сверьте с банком", "due"),
    "repeat": ("Выполняется", "due"),
    "done": ("Выполнен", "good"),
    "refused": ("Отказано", "bad"),
    "dropped": ("Не возвращено", "bad"),
}


def status_word(status: str) -> str:
    """The word of a status."""
    return STATUSES.get(status, (status, "info"))[0]


def moment(at: datetime | None, time_zone: str) -> str:
    """«20.11.2026 15:03» by the organization's clock, never broken; an empty string for no moment."""
    if at is None:
        return ""
    local = local_time(at, time_zone)
    return f"{format_date(local.date())}{NBSP}{local:%H:%M}"

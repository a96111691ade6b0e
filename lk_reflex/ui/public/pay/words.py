"""What a shared link says of its state, in sentences for a stranger who pays for somebody. Pure."""

from dataclasses import dataclass

from lk_reflex.core.clock import format_date, local_time
from lk_reflex.core.money import format_roubles
from lk_reflex.domain.payments.links.behind import Behind
from lk_reflex.domain.payments.links.state import LinkState
from lk_reflex.domain.payments.orders.machine import Status
from lk_reflex.domain.payments.orders.present import grouped
from lk_reflex.domain.payments.orders.reasons import reason_words
from lk_reflex.domain.payments.orders.said import (
    BACK_TERM,
    BY_ITSELF,
    CHECKING_TITLE,
    NOT_PAID_TITLE,
    NOT_TAKEN,
    ONCE,
    PAID_TITLE,
    PATIENCE,
    REFUNDED_TITLE,
    UNSAID,
)
from lk_reflex.ui import paths

PAY = paths.TITLES[paths.PAY]
ASK = "Попросите того, кто прислал ссылку, прислать новую."
OVER = "Ссылка больше не действует"
#: Whose fault it is that nobody can pay by a link any more; a stranger needs no more than what to do.
_OVER = {
    LinkState.EXPIRED: f"Её срок вышел. {ASK}",
    LinkState.REVOKED: f"Её отозвал тот, кто прислал. {ASK}",
    LinkState.CHANGED: f"Сумма в квитанции изменилась, или пришла новая квитанция. {ASK}",
    LinkState.COVERED: "Это уже оплачено другим платежом. Платить второй раз не нужно.",
    LinkState.CLOSED: f"По ней больше нельзя заплатить. {ASK}",
}
UNKNOWN = f"Проверьте, целиком ли скопирован адрес. Если целиком, ссылка удалена. {ASK}"


@dataclass(frozen=True)
class Told:
    """The heading, the colour of the note below it («» for none), its sentence and what follows."""

    title: str
    kind: str = ""
    lead: str = ""
    notes: tuple[str, ...] = ()


def told(found: Behind | None) -> Told:
    """What the page says of a link; None is one that doesn't exist."""
    if found is None:
        return Told(OVER, "due", UNKNOWN)
    if found.state in _OVER:
        return Told(OVER, "due", _OVER[found.state])
    if found.state is LinkState.PAID:
        return Told(PAID_TITLE, "good", _paid(found), _numbered(found))
    if found.state is LinkState.REFUNDED:
        gone = f"Организация вернула деньги на карту. {BACK_TERM}"
        return Told(REFUNDED_TITLE, "info", gone, (f"Платить по этой ссылке больше нельзя. {ASK}", *_numbered(found)))
    if found.state is LinkState.CHECKING:
        return Told(CHECKING_TITLE, "due", UNSAID, (ONCE, BY_ITSELF))
    if found.state is LinkState.WAITING:
        lead = "По этой ссылке уже начали платить, банк ждёт оплаты. Деньги пока не списаны."
        return Told(PAY, "due", lead, (PATIENCE,))
    if found.state is LinkState.FAILED:
        return Told(NOT_PAID_TITLE, "bad", f"{_why(found)} {NOT_TAKEN}", ("Можно попробовать ещё раз.",))
    return Told(PAY)


def until(found: Behind) -> str:
    """«23.12.2026»."""
    return format_date(local_time(found.expires_at, found.time_zone).date())


def _paid(found: Behind) -> str:
    last = found.last
    if last is None or last.paid_at is None:
        return "Платёж принят банком."
    local = local_time(last.paid_at, found.time_zone)
    return f"Платёж {format_roubles(last.total)} принят банком {format_date(local.date())} в {local:%H:%M}."


def _numbered(found: Behind) -> tuple[str, ...]:
    if not found.last:
        return ()
    return (f"Номер платежа: {grouped(found.last.number)}. Чтобы сохранить подтверждение, распечатайте эту страницу.",)


def _why(found: Behind) -> str:
    last = found.last
    if last is None:
        return ""
    return reason_words("expired" if last.status == Status.EXPIRED and not last.reason else last.reason)

"""What became of a payment, in sentences: what happened, what to do, what comes next. Pure: an order in, words out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lk_reflex.core.clock import format_date, local_time
from lk_reflex.core.money import format_money, format_roubles
from lk_reflex.domain.payments.confirmation.words import COMMISSION, moment_words
from lk_reflex.domain.payments.orders.looking import Looked
from lk_reflex.domain.payments.orders.machine import OPEN, Status
from lk_reflex.domain.payments.orders.own import OwnOrder, PaidLine
from lk_reflex.domain.payments.orders.present import grouped, masked_card
from lk_reflex.domain.payments.orders.reasons import reason_words
from lk_reflex.domain.payments.orders.rules import AMOUNT, SECOND
from lk_reflex.domain.payments.orders.said import (
    AS_ADVANCE,
    BACK_TERM,
    BY_ITSELF,
    CHECKING_TITLE,
    NOT_PAID_TITLE,
    NOT_TAKEN,
    ONCE,
    PAID_TITLE,
    PATIENCE,
    REFUNDED_TITLE,
    UNFINISHED,
    UNSAID,
)

PARTLY, WAITING = "Оплачено, часть возвращена", "Ждём оплату"
#: What is promised to whoever closes the page; a login may have no address to write to.
LETTER = "Её можно закрыть: если платёж пройдёт, придёт письмо."
FEED = "Её можно закрыть: если платёж пройдёт, об этом скажут «Уведомления»."
ON_ITS_WAY = "Организация получит платёж с ближайшим реестром. Пока она его не учла, квитанция показывает прежнюю сумму"
NOT_AGAIN = "второй раз платить её не нужно."
IN_HISTORY = "В «Истории оплат» этот платёж уже есть."


@dataclass(frozen=True)
class Fact:
    """A label and its value."""

    label: str
    value: str


@dataclass(frozen=True)
class LineRow:
    """One sum of a receipt."""

    key: str
    service: str
    amount: str


@dataclass(frozen=True)
class ReceiptPart:
    """What of the order is one receipt's."""

    key: str
    title: str
    account: str
    rows: list[LineRow]
    amount: str


@dataclass(frozen=True)
class Told:
    """What the page says of a state; `kind` colours it."""

    title: str
    kind: str
    lead: str
    notes: tuple[str, ...]


def told(order: OwnOrder, now: datetime, left: int = 0) -> Told:
    """The state of an order for its payer. `left`: what its receipts still ask for, kopecks."""
    if order.status is Status.REFUNDED:
        return Told(REFUNDED_TITLE, "info", _given_back(order), (BACK_TERM,))
    if order.status is Status.PAID:
        return _told_paid(order, left)
    if order.status in OPEN:
        return _told_open(order, now)
    if order.status is Status.REVERSED:
        held = "Банк отменил платёж и снял блокировку с денег: они снова доступны на карте или скоро будут."
        return Told(NOT_PAID_TITLE, "bad", held, (BACK_TERM,))
    return Told(NOT_PAID_TITLE, "bad", f"{reason_words(order.reason)} {NOT_TAKEN}", ("Квитанции остались в корзине.",))


def facts(order: OwnOrder) -> list[Fact]:
    """What identifies the payment, as people name it on the phone."""
    accounts = ", ".join(dict.fromkeys(f"{line.account} ({line.address})" for line in order.lines))
    moment = order.paid_at or order.created_at
    found = [
        Fact("Организация", order.payee.name),
        Fact("Лицевой счет", accounts),
        Fact("Дата и время" if order.paid else "Начат", moment_words(moment, order.time_zone)),
        Fact("Номер платежа", grouped(order.number)),
        Fact("Карта", masked_card(order.card)),
        Fact("Телефон организации", order.payee.phone),
    ]
    return [fact for fact in found if fact.value]


def receipt_parts(order: OwnOrder) -> list[ReceiptPart]:
    """The sums under their receipts, in the order of paying."""
    grouped_lines: dict[tuple[str, str, str], list[PaidLine]] = {}
    for line in order.lines:
        grouped_lines.setdefault((line.receipt, line.account, line.address), []).append(line)
    return [
        ReceiptPart(
            str(at),
            title,
            f"Лицевой счет: {account}, {address}",
            [LineRow(str(place), line.called, format_money(line.amount)) for place, line in enumerate(lines)],
            format_money(sum(line.amount for line in lines)),
        )
        for at, ((title, account, address), lines) in enumerate(grouped_lines.items())
    ]


def sums(order: OwnOrder) -> list[Fact]:
    """How the headline comes about; nothing where it is one receipt's sum as it stands."""
    if not order.commission and len({(line.receipt, line.account) for line in order.lines}) < 2:
        return []
    found = [Fact("По квитанциям", format_roubles(order.amount))]
    if order.commission:
        found.append(Fact(COMMISSION, format_roubles(order.commission)))
    return [*found, Fact("Всего", format_roubles(order.total))]


def rest_words(names: Sequence[str], amount: int) -> str:
    """What else lies in the cart: each organization is paid on its own."""
    if not names:
        return ""
    left = "Остался ещё один платёж" if len(names) == 1 else f"Осталось платежей: {len(names)}"
    return f"{left}: {', '.join(names)}. К оплате {format_roubles(amount)}"


def checked_words(now: datetime, time_zone: str, looked: Looked) -> str:
    """What came of asking the bank once more, where it is the old answer or none."""
    moment = f"{local_time(now, time_zone):%H:%M:%S}"
    if looked.answered:
        return f"Проверили в {moment}: банк пока отвечает то же самое."
    if looked.silent:
        return f"Проверили в {moment}: банк пока не ответил. Мы спросим его ещё раз сами."
    return f"Мы уже спрашиваем об этом банк. {BY_ITSELF}"


def remainder_words(left: int) -> str:
    """What the payment leaves to be paid of its own receipts; kopecks."""
    return f"Оплачено не всё: по квитанциям этого платежа осталось {format_roubles(left)}" if left else ""


def _told_paid(order: OwnOrder, left: int) -> Told:
    notes = [f"{ON_ITS_WAY}." if left else f"{ON_ITS_WAY}: {NOT_AGAIN}", IN_HISTORY]
    if order.email:
        notes.append(f"Подтверждение отправлено на {order.email}.")
    if order.flag == SECOND:
        notes.insert(0, AS_ADVANCE)
    if order.refunded:
        return Told(PARTLY, "info", _given_back(order), (*notes, BACK_TERM))
    return Told(PAID_TITLE, "good", f"Платёж {format_roubles(order.captured)} принят банком.", tuple(notes))


def _told_open(order: OwnOrder, now: datetime) -> Told:
    patience = (ONCE, f"{BY_ITSELF} {LETTER if order.email else FEED}")
    if order.flag == AMOUNT:
        odd = "Банк назвал другую сумму, чем мы просили. Сотрудники организации это видят и разберутся."
        return Told(CHECKING_TITLE, "due", odd, patience)
    if order.payable_at(now):
        till = local_time(order.expires_at, order.time_zone)
        day = f"{format_date(till.date())}, " if till.date() != local_time(now, order.time_zone).date() else ""
        lead = f"Банк ждёт оплаты до {day}{till:%H:%M}. Пока деньги не списаны."
        return Told(WAITING, "due", lead, (PATIENCE,))
    return Told(CHECKING_TITLE, "due", UNFINISHED if order.status is Status.CHECKING else UNSAID, patience)


def _given_back(order: OwnOrder) -> str:
    if order.refunded >= order.captured:
        return f"Организация вернула всю сумму: {format_roubles(order.refunded)}"
    return f"Из {format_roubles(order.captured)} организация вернула {format_roubles(order.refunded)}"

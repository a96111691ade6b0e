"""What the overview says in sentences: how much, and by when. Pure: figures in, words out."""

from collections.abc import Sequence
from datetime import date

from lk_reflex.core.clock import format_date
from lk_reflex.core.money import format_roubles
from lk_reflex.core.months import Month, day_in_words
from lk_reflex.domain.billing.due import FREE_DAYS, Bill
from lk_reflex.domain.billing.posted import PaidSince
from lk_reflex.domain.metering.units import plural
from lk_reflex.domain.payments.paid import Pending


def bill_title(bill: Bill, today: date, left: int) -> str:
    """«К оплате за октябрь»; the year too, where it isn't this one. `left`: what isn't paid here yet, kopecks."""
    what = "Переплата" if bill.amount == 0 and bill.overpaid else "К оплате"
    if 0 < left < bill.amount:
        what = "Осталось оплатить"
    return f"{what} за {_month(bill.month, today)}"


def due_sentence(bill: Bill, today: date, left: int) -> str:
    """By when to pay and how the days stand, or why nothing is to be paid."""
    if bill.amount == 0:
        return "Платить не нужно: переплата уйдёт в следующие квитанции." if bill.overpaid else "Платить не нужно."
    if left == 0:
        return "Платить не нужно: всё оплачено."
    day = day_in_words(bill.due_on) + (f" {bill.due_on.year}" if bill.due_on.year != today.year else "")
    left = (bill.due_on - today).days
    if left > 0:
        return f"Оплатите до {day} включительно: {_remaining(left)}."
    if left == 0:
        return f"Сегодня, {day}, последний день оплаты."
    if -left <= FREE_DAYS:
        gone = plural(-left, "день", "дня", "дней")
        return f"Срок оплаты, {day}, прошёл {gone} назад. Пени не начисляются первые {FREE_DAYS} дней просрочки."
    return f"Срок оплаты, {day}, прошёл. За просрочку дольше {FREE_DAYS} дней начисляются пени."


NOT_HERE = "Организация не принимает оплату в личном кабинете: заплатите по реквизитам из квитанции."


ONLY_SEEN = "Вы только смотрите этот лицевой счет: оплачивает его тот, кто открыл вам доступ."


def bill_notes(
    bill: Bill, paid: PaidSince | None, *, left: int, takes_payments: bool, may_pay: bool = True
) -> list[str]:
    """What else belongs to the sum: what was paid here, old debt, penalties, what was paid since, other receipts."""
    owing = [one for one in bill.counted if one.due > 0]
    debt = sum(max(one.main.debt, 0) for one in owing)
    penalty = sum(max(one.penalty.total, 0) for one in owing)
    notes, within = [], "В этой сумме"
    if left < bill.amount:
        within = "В начисленном"
        notes.append(
            f"По квитанциям {format_roubles(bill.amount)} "
            f"Оплачено в личном кабинете {format_roubles(bill.amount - left)}"
        )
    if debt and left:
        notes.append(f"{within} долг за прошлые месяцы: {format_roubles(debt)}")
    if penalty and left:
        notes.append(f"{within} пени: {format_roubles(penalty)}")
    if bill.amount and bill.overpaid:
        notes.append(f"По другой квитанции переплата {format_roubles(bill.overpaid)} Из суммы она не вычтена.")
    if bill.stale:
        titles = ", ".join(one.title for one in bill.stale)
        notes.append(f"Кроме того, {format_roubles(bill.stale_amount)} по старым квитанциям, они ниже: {titles}.")
    if paid is not None and paid.amount > 0:
        notes.append(
            f"После выпуска квитанции поступило {format_roubles(paid.amount)} "
            f"Последняя оплата {format_date(paid.latest)}; в сумме выше эти деньги ещё не учтены."
        )
    if left and not (takes_payments and may_pay):
        notes.append(NOT_HERE if not takes_payments else ONLY_SEEN)
    return notes


def pending_amount(pending: Sequence[Pending]) -> int:
    """What was paid here and isn't in billing's figures yet, less what went back; kopecks."""
    return max(0, sum(share.amount for share in pending))


def pending_note(pending: Sequence[Pending], *, deducted: int = 0, left: int = 0) -> str:
    """«Оплачено 23.11.2026: 539,20 руб., ещё не учтено.»; nobody shall pay the same twice.

    `deducted`: how much of it the headline has less than the receipts, `left`: what that is then; kopecks.
    """
    amount = pending_amount(pending)
    if not amount:
        return ""
    latest = max(share.accepted_on for share in pending if share.amount > 0)
    said = f"Оплачено {format_date(latest)}: {format_roubles(amount)}, ещё не учтено."
    if deducted and not left:
        return f"{said} Организация учтёт эти деньги, когда получит реестр; второй раз платить не нужно."
    if deducted == amount:
        return f"{said} Из суммы выше эти деньги уже вычтены."
    if deducted:
        return f"{said} Из суммы выше уже вычтено {format_roubles(deducted)}"
    return f"{said} Организация вычтет эти деньги, когда получит реестр; второй раз платить их не нужно."


def _month(month: Month, today: date) -> str:
    return month.name if month.year == today.year else f"{month.name} {month.year}"


def _remaining(days: int) -> str:
    left = plural(days, "день", "дня", "дней")
    return f"{'остался' if left.endswith('день') else 'осталось'} {left}"

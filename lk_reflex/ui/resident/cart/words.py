"""What the cart says in sentences: marks, the commission, who gives a fiscal receipt. Pure: figures in, words out."""

from datetime import date

from lk_reflex.core.clock import format_date
from lk_reflex.core.money import format_money, format_roubles
from lk_reflex.domain.accounts.tables import EXEMPT, ORGANIZATION, OWN_TILL, TRANSFER
from lk_reflex.domain.payments.cart.contents import CartPart, CartReceipt, CartRow
from lk_reflex.domain.payments.cart.putting import paid_words
from lk_reflex.domain.payments.commission import Terms, at_once
from lk_reflex.domain.payments.orders.present import line_called
from lk_reflex.domain.payments.tables import ADVANCE, ADVANCE_PENALTY, PENALTY

SUPERSEDED = "Пришла новая квитанция: долг по этой вошёл в неё."
NO_PAYMENTS = "Организация больше не принимает оплату через личный кабинет."
DEDUCTED = "Эта сумма уже вычтена."
MORE = "Сейчас введено больше, чем осталось заплатить: лишнее зачтётся авансом."
PAID = "По этой квитанции платить уже нечего."
ALL_ZERO = "Все суммы равны нулю. Введите сумму больше нуля хотя бы в одной строке."
NOT_BY_CARD = "Сейчас в корзине нет квитанций, которые можно оплатить."
REPLACED_BY_NOTHING = "Старая квитанция убрана из корзины, новая не добавлена."
FISCAL = {
    TRANSFER: "Кассовый чек при таком переводе не выдаётся. Оплату подтвердят письмо и документ в личном кабинете.",
    OWN_TILL: "Кассовый чек пришлёт организация, которой вы платите.",
    EXEMPT: "Организация освобождена от выдачи кассовых чеков. Оплату подтвердят письмо и документ в личном кабинете.",
}


def row_label(receipt: CartReceipt, row: CartRow) -> str:
    """What a sum pays for: as the paid payment calls it, but an advance with its month."""
    advance = f"Предварительно начислено за {receipt.next_month.upper}"
    return {ADVANCE: advance, ADVANCE_PENALTY: line_called(advance, PENALTY)}.get(
        row.part, line_called(row.service, row.part)
    )


def row_hint(row: CartRow) -> str:
    """Why the sum isn't the receipt's own."""
    if row.asked < 0:
        return f"Переплата {format_money(-row.asked)}"
    said = f"По квитанции {format_money(row.asked)}" if row.asked != row.amount else ""
    return f"{said}, к оплате предлагалось {format_money(row.offered)}" if _otherwise(row) else said


def receipt_notes(receipt: CartReceipt, zone: str) -> list[str]:
    """What has changed since the receipt was put in, or been paid."""
    if receipt.superseded:
        return [SUPERSEDED]
    if not receipt.takes_payments:
        return [NO_PAYMENTS]
    notes = []
    if receipt.was is not None:
        was, now = format_roubles(receipt.was), format_roubles(receipt.due)
        notes.append(f"Сумма по квитанции изменилась: было {was}, стало {now} Проверьте суммы ниже.")
    if receipt.paid_at is not None and receipt.paid > 0:
        notes.append(f"{paid_words(receipt.paid, receipt.paid_at, zone)} {_deducted(receipt)}".strip())
    if not receipt.amount and not any(row.offered for row in receipt.rows):
        notes.append(PAID)
    elif any(row.asked < 0 for row in receipt.rows):
        notes.append("Переплата по одним услугам вычтена из сумм по другим.")
    return notes


def due_words(due_on: date, today: date) -> str:
    """By when to pay; nothing of fines, which billing counts."""
    if today <= due_on:
        return f"Оплатить до {format_date(due_on)}."
    return f"Срок оплаты прошёл {format_date(due_on)}."


def commission_words(terms: Terms, amount: int) -> str:
    """After «Информация о комиссии:»: rate, minimum and sum, or who bears it."""
    if terms.by == ORGANIZATION:
        return "её платит организация, к вашей сумме ничего не прибавится."
    if not terms.rate and not terms.minimum:
        return "не берётся."
    terms_said = f"{format_money(terms.rate)}\u00a0% от суммы"
    if terms.minimum:
        terms_said += f", но не меньше {format_roubles(terms.minimum)}"
    return f"{terms_said}; с этого платежа {format_roubles(terms.commission_on(amount))}"


def over_ceiling(part: CartPart) -> str:
    """Why an organization's part can't be paid as it stands."""
    wanted = format_roubles(part.total)
    here = f"вместе с комиссией здесь {wanted}" if part.commission else f"здесь {wanted}"
    return f"{at_once(part.terms.ceiling)}, а {here} Уменьшите суммы."


def _deducted(receipt: CartReceipt) -> str:
    """Of the offers what was paid is deducted; of sums typed since it isn't."""
    if receipt.amount > sum(row.offered for row in receipt.rows):
        return MORE
    return "" if any(row.edited for row in receipt.rows) else DEDUCTED


def _otherwise(row: CartRow) -> bool:
    return row.edited and row.offered not in (row.asked, row.amount)

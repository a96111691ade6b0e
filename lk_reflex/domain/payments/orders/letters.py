"""The letters about a payment: that it was taken, and that some of it went back."""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from typing import Any, Final

from sqlalchemy import bindparam, select
from sqlmodel import col

from lk_reflex.core.clock import format_date, local_time
from lk_reflex.core.db import Reader
from lk_reflex.core.money import format_money, format_roubles
from lk_reflex.domain.accounts.linked import address_line
from lk_reflex.domain.accounts.tables import Account, Building
from lk_reflex.domain.billing.present import receipt_title
from lk_reflex.domain.billing.tables import Receipt
from lk_reflex.domain.mail.letter import Facts, Letter, Link
from lk_reflex.domain.mail.masks import masked_number
from lk_reflex.domain.payments.orders.present import grouped, line_called, masked_card, result_path
from lk_reflex.domain.payments.orders.rules import LATE, SECOND
from lk_reflex.domain.payments.orders.said import AS_ADVANCE, BACK_TERM
from lk_reflex.domain.payments.tables import OrderLine

PAID_KIND, REFUND_KIND = "payment", "payment-refunded"
LATE_WORDS: Final = "Деньги пришли после того, как время на оплату вышло. Платёж принят, делать ничего не нужно."
ON_ITS_WAY: Final = "Платёж виден в «Истории оплат» с пометкой «в обработке», пока организация не учтёт его у себя."
_LINES = (
    select(
        col(OrderLine.receipt_id),
        col(Account.number),
        col(Building.street),
        col(Building.house),
        col(Account.flat),
        col(Receipt.kind),
        col(Receipt.month),
        col(OrderLine.service),
        col(OrderLine.part),
        col(OrderLine.amount),
    )
    .select_from(OrderLine)
    .join(Account, col(Account.id) == col(OrderLine.account_id))
    .join(Building, col(Building.id) == col(Account.building_id))
    .join(Receipt, col(Receipt.id) == col(OrderLine.receipt_id))
    .where(col(OrderLine.order_id) == bindparam("order_id"))
    .order_by(col(OrderLine.receipt_id), col(OrderLine.id))
)


def paid_title(order: Any) -> str:
    """«Оплата принята: 539,20 руб.», with the commission: what left the card."""
    return f"Оплата принята: {format_roubles(order.total)}"


def back_title(amount: int) -> str:
    """«Возвращено: 100,00 руб.»."""
    return f"Возвращено: {format_roubles(amount)}"


def remarks(flags: Iterable[str], remaining: int) -> tuple[str, ...]:
    """What isn't as usual with a payment, in sentences."""
    said = [words for flag, words in ((SECOND, AS_ADVANCE), (LATE, LATE_WORDS)) if flag in flags]
    if remaining:
        said.append(f"По этим квитанциям осталось оплатить {format_roubles(remaining)}")
    return tuple(said)


def paid_letter(db: Reader, order: Any, *, card: str, paid_at: datetime, notes: tuple[str, ...], site: str) -> Letter:
    """To whoever paid. `order` is a row of `claiming`."""
    local = local_time(paid_at, order.time_zone)
    facts = [("Номер платежа", grouped(order.number)), ("Карта", masked_card(card))]
    if order.commission:
        facts += [("Комиссия", format_money(order.commission)), ("Всего с комиссией", format_money(order.total))]
    return Letter(
        paid_title(order),
        (f"Банк принял платёж для организации {_called(order)} {format_date(local.date())} в {local:%H:%M}.", *notes),
        _link(order, site),
        (ON_ITS_WAY,) if order.user_id else (),
        (*_receipts(db, order), Facts("Платёж", tuple(fact for fact in facts if fact[1]))),
    )


def reason(why: str) -> tuple[str, ...]:
    """«Причина: …» as a sentence, where the organization has said why it gives money back."""
    return (f"Причина: {why}" + ("" if why[-1] in ".!?…" else "."),) if why else ()


def back_letter(order: Any, amount: int, *, card: str, left: int, why: str, site: str) -> Letter:
    """That `amount` went back to the card; `left` of the payment stays with the organization."""
    stays = f"Оплаченными остаются {format_roubles(left)}" if left else "Платёж возвращён весь."
    return Letter(
        back_title(amount),
        (
            f"Банк вернул деньги за платёж {grouped(order.number)} для организации {_called(order)}.", *reason(why),
            stays, BACK_TERM,
        ),
        _link(order, site),
        (),
        (Facts("Возврат", tuple(fact for fact in (("Сумма", format_money(amount)), ("Карта", masked_card(card)))
                                if fact[1])),),
    )  # fmt: skip


def _called(order: Any) -> str:
    name = order.short_name or order.organization
    return name if "«" in name else f"«{name}»"


def _link(order: Any, site: str) -> Link | None:
    """The result page is its payer's alone; who paid by link has no cabinet."""
    return Link("Открыть платёж", f"{site}{result_path(order.number)}") if order.user_id else None


def _receipts(db: Reader, order: Any) -> list[Facts]:
    """Who paid by a link learns no more by the letter than by the link: the last digits of the account, and the sum."""
    found = []
    for _, rows in groupby(db.rows(_LINES, order_id=order.id), key=lambda row: row.receipt_id):
        lines = list(rows)
        first = lines[0]
        title = receipt_title(first.kind, first.month)
        if order.user_id is None:
            whole = (("Сумма", format_money(sum(row.amount for row in lines))),)
            found.append(Facts(f"{title}. Лицевой счет {masked_number(first.number)}", whole))
            continue
        where = address_line(first.street, first.house, first.flat)
        services = tuple((line_called(row.service, row.part), format_money(row.amount)) for row in lines)
        found.append(Facts(f"{title}. Лицевой счет {first.number}, {where}", services))
    return found

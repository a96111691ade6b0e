"""One order as ready strings for its page. No Reflex here."""

from dataclasses import dataclass
from datetime import datetime

from lk_reflex.core.clock import format_date
from lk_reflex.core.money import format_money, format_roubles
from lk_reflex.domain.mail.masks import masked_email
from lk_reflex.domain.payments.desk.order_view import OrderView
from lk_reflex.domain.payments.orders.machine import OPEN, Status
from lk_reflex.domain.payments.orders.present import grouped, line_called, masked_card
from lk_reflex.domain.payments.orders.reasons import reason_words
from lk_reflex.ui.staff.order_words import FLAGS, OTHER_FLAG, REFUNDS, STATUSES, moment
from lk_reflex.ui.staff.payment.journal_words import hint_word, what, who, why


@dataclass(frozen=True)
class Fact:
    """One line of facts."""

    label: str
    value: str


@dataclass(frozen=True)
class LineRow:
    """What the order pays for."""

    key: str
    account: str
    receipt: str
    service: str
    amount: str
    back: str


@dataclass(frozen=True)
class EventRow:
    """A line of the journal."""

    key: str
    at: str
    what: str
    why: str
    who: str


@dataclass(frozen=True)
class PostingRow:
    """A row of the ledger and where it went."""

    key: str
    at: str
    kind: str
    amount: str
    commission: str
    handed: str


@dataclass(frozen=True)
class RefundRow:
    """A refund that was asked for here."""

    key: str
    at: str
    amount: str
    word: str
    kind: str
    why: str
    by: str


@dataclass(frozen=True)
class HintRow:
    """What the bank called back about."""

    key: str
    what: str
    times: str
    first: str
    last: str


@dataclass(frozen=True)
class Shown:
    """What stands beside the tables. Empty strings and False where there is nothing of the kind."""

    number: str = ""
    status: str = ""
    kind: str = "info"
    flag: str = ""
    flag_how: str = ""
    reason: str = ""
    total: str = ""
    back: str = ""
    left: str = ""
    refundable: bool = False
    refunding: bool = False
    undecided: bool = False
    may_refund: bool = False
    undoable: bool = False
    open: bool = False


NOTHING = Shown()


def shown(view: OrderView) -> Shown:
    """The order's state in words, and what may be done with it."""
    word, kind = STATUSES[view.status]
    flag, how = FLAGS.get(view.flag, OTHER_FLAG) if view.flag else ("", "")
    return Shown(
        number=grouped(view.number),
        status=word,
        kind=kind,
        flag=flag,
        flag_how=how,
        reason=reason_words(view.reason) if view.reason else "",
        total=format_money(view.total),
        back=format_money(view.refunded),
        left=format_roubles(view.left) if view.left else "",
        refundable=view.status is Status.PAID and view.left > 0 and not view.refunding,
        refunding=view.refunding and not view.undecided,
        undecided=view.undecided,
        may_refund=view.may_refund,
        undoable=view.status is Status.CHECKING and view.may_refund,
        open=view.status in OPEN,
    )


def facts(view: OrderView) -> list[Fact]:
    """Who pays whom, how much, and what the bank calls it."""
    payer = masked_email(view.email) if view.email else "не указан"
    found = [
        ("Организация", view.organization),
        ("Плательщик", f"{payer}, по ссылке без входа" if view.by_link else payer),
        ("Создан", _at(view, view.created_at)),
        ("Оплатить можно до", _at(view, view.expires_at) if view.status in OPEN else ""),
        ("Оплачен", _at(view, view.paid_at)),
        ("За услуги", format_roubles(view.amount)),
        ("Комиссия", format_roubles(view.commission) if view.commission else "не берётся с плательщика"),
        ("Всего", format_roubles(view.total)),
        ("Банк списал", format_roubles(view.captured) if view.captured else ""),
        ("Банк вернул", format_roubles(view.refunded) if view.refunded else ""),
        ("Карта", masked_card(view.card)),
        ("Номер у банка", view.bank_id),
        ("Последняя проверка в банке", _at(view, view.looked_at) or "ещё не было"),
        ("Следующая проверка", _at(view, view.next_look_at) or "не назначена"),
    ]
    return [Fact(label, value) for label, value in found if value]


def line_rows(view: OrderView) -> list[LineRow]:
    """What for."""
    return [
        LineRow(
            str(place),
            f"{line.account}, {line.address}",
            line.receipt,
            line_called(line.service, line.part),
            format_money(line.amount),
            format_money(line.back) if line.back else "",
        )
        for place, line in enumerate(view.lines)
    ]


def event_rows(view: OrderView) -> list[EventRow]:
    """The journal, the newest first."""
    rows = [
        EventRow(str(place), _at(view, one.at), what(one), why(one), who(one)) for place, one in enumerate(view.journal)
    ]
    return rows[::-1]


def posting_rows(view: OrderView) -> list[PostingRow]:
    """Our ledger."""
    return [
        PostingRow(
            str(place),
            _at(view, one.created_at),
            "Платёж" if one.amount > 0 else "Возврат",
            format_money(one.amount),
            format_money(one.commission),
            f"реестр № {one.register}, {_at(view, one.handed_at)}" if one.handed_at else "ещё не передана",
        )
        for place, one in enumerate(view.postings)
    ]


def trace(view: OrderView) -> list[Fact]:
    """«Принято банком» → «передано в биллинг» → «учтено», with dates and sums."""
    if view.paid_at is None:
        return []
    handed = [one for one in view.postings if one.amount > 0 and one.handed_at]
    steps = [
        Fact("Принято банком", _at(view, view.paid_at)),
        Fact("Передано в биллинг", _at(view, handed[0].handed_at) if handed else "ещё не передано"),
    ]
    steps += [
        Fact("Учтено", f"{format_date(one.processed_on or one.accepted_on)}, лицевой счет {one.account}, "
                       f"{format_roubles(-one.amount)}")
        for one in view.accounted
    ]  # fmt: skip
    return steps if view.accounted else [*steps, Fact("Учтено", "биллинг ещё не подтвердил")]


def refund_rows(view: OrderView) -> list[RefundRow]:
    """The refunds that were asked for here, and what came of each."""
    rows = []
    for place, one in enumerate(view.refunds):
        word, kind = REFUNDS.get(one.status, (one.status, "info"))
        said = f"{one.explanation} ({one.refusal})" if one.refusal else one.explanation
        rows.append(RefundRow(str(place), _at(view, one.asked_at), format_money(one.amount), word, kind, said, one.by))
    return rows


def hint_rows(view: OrderView) -> list[HintRow]:
    """What the bank called back about, and how often."""
    return [
        HintRow(
            str(place),
            hint_word(one.operation) + ("" if one.succeeded else ", не удалось"),
            str(one.times),
            _at(view, one.first_at),
            _at(view, one.last_at),
        )
        for place, one in enumerate(view.hints)
    ]


def question(view: OrderView, amount: int) -> str:
    """What is asked before money goes out."""
    card = masked_card(view.card)
    rest = view.left - amount
    stays = f"Останется оплаченным {format_roubles(rest)}" if rest else "Заказ будет возвращён весь."
    where = f"на карту {card}" if card else "плательщику"
    return f"Вернуть {format_roubles(amount)} {where}? {stays} Отменить возврат будет нельзя."


def decision(view: OrderView, *, repeat: bool) -> str:
    """What is asked before a refund without the bank's answer goes there again or is closed."""
    amount = next((one.amount for one in view.refunds if one.settled_at is None), 0)
    if repeat:
        return (
            f"Отправить возврат {format_roubles(amount)} в банк ещё раз? Если банк всё же выполнит и первый, "
            "плательщик получит деньги дважды."
        )
    return f"Закрыть возврат {format_roubles(amount)}? Деньги останутся у организации."


def _at(view: OrderView, at: datetime | None) -> str:
    return moment(at, view.time_zone)

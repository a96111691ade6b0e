"""The bank's front page: the cards for trying out, the last orders, and what a clerk of the bank may do with them."""

from collections.abc import Mapping, Sequence
from html import escape

from lk_reflex.core.money import format_money, format_roubles
from lk_reflex.standins.bank.model import TIMED_OUT, Order, Status
from lk_reflex.standins.bank.page_parts import facts, fault_summary, moment, notice, page, test_cards, text_field

ABOUT = (
    "Сюда ведёт кнопка «Оплатить» в корзине. Здесь видны заказы, как их знает банк: можно вернуть деньги или ещё раз "
    "отправить уведомление, как сделал бы сотрудник банка."
)
NOTHING = "Заказов пока нет. Положите услуги в корзину и нажмите «Оплатить»."
NO_SUM = "Введите сумму возврата, например 100,50"
TOO_MUCH = "Сумма возврата больше того, что осталось: введите не больше {rest}"
IMPOSSIBLE = "С заказом это уже нельзя сделать: его состояние изменилось"
REFUND, AGAIN, CAPTURE, REVERSE, EXPIRE = "refund", "again", "capture", "reverse", "expire"
DONE = {
    REFUND: "Деньги возвращены",
    AGAIN: "Уведомление отправлено ещё раз",
    CAPTURE: "Деньги списаны",
    REVERSE: "Деньги разблокированы",
    EXPIRE: "Время на оплату закончено",
}
_TAGS = {
    Status.REGISTERED: ("ждёт оплаты", ""),
    Status.HELD: ("деньги заблокированы", "due"),
    Status.PAID: ("оплачен", "good"),
    Status.REVERSED: ("разблокирован", ""),
    Status.REFUNDED: ("деньги возвращены", "due"),
    Status.AUTHORISING: ("ждёт код из СМС", "due"),
    Status.DECLINED: ("отклонён", "bad"),
}


def front_page(
    orders: Sequence[Order],
    calls: Mapping[str, str],
    base: str,
    *,
    done: str = "",
    faults: Mapping[str, str] | None = None,
    typed: Mapping[str, str] | None = None,
) -> str:
    """`calls` tells of each order what has become of its callbacks; `faults` by the id of a field."""
    rows = "".join(_order(order, calls.get(order.bank_id, ""), base, faults or {}, typed or {}) for order in orders)
    listed = f'<ul class="letters">{rows}</ul>' if rows else f"<p>{escape(NOTHING)}</p>"
    return page(
        fault_summary(faults or {})
        + (notice(DONE[done], "good") if done in DONE else "")
        + f"<p>{escape(ABOUT)}</p><h2>Последние заказы</h2>{listed}{test_cards()}"
    )


def _order(order: Order, calls: str, base: str, faults: Mapping[str, str], typed: Mapping[str, str]) -> str:
    words, kind = _TAGS[Status(order.status)]
    if order.status == Status.DECLINED and order.code == TIMED_OUT:
        words = "время вышло"
    shown = facts({
        "За что": order.description,
        "Создан": moment(order.created),
        "Оплачен": moment(order.paid_at) if order.deposited else "",
        "Карта": order.pan,
        "Возвращено": format_roubles(order.refunded) if order.refunded else "",
        "Ответ банка": order.words if order.status == Status.DECLINED else "",
        "Уведомления": calls,
    })  # fmt: skip
    return (
        f'<li class="card" id="o{order.bank_id}"><h3 class="row">{escape(order.number)} '
        f'<span class="num">{escape(format_roubles(order.amount))}</span> <span class="tag {kind}">{words}</span></h3>'
        f"{shown}{_desk(order, base, faults, typed)}</li>"
    )


def _desk(order: Order, base: str, faults: Mapping[str, str], typed: Mapping[str, str]) -> str:
    """What can be done with it."""
    buttons = []
    if order.deposited:
        buttons.append((AGAIN, "Отправить уведомление ещё раз"))
    if order.status == Status.HELD:
        buttons += [(CAPTURE, "Списать деньги"), (REVERSE, "Разблокировать деньги")]
    if not order.closed and order.status in (Status.REGISTERED, Status.AUTHORISING, Status.DECLINED):
        buttons.append((EXPIRE, "Закончить время на оплату"))
    action = f"{escape(base)}/orders/{order.bank_id}"
    drawn = "".join(
        f'<button class="button quiet" name="do" value="{do}" aria-label="{name}: заказ {escape(order.number)}">'
        f"{name}</button>"
        for do, name in buttons
    )
    plain = f'<form class="row" method="post" action="{action}">{drawn}</form>' if drawn else ""
    return _refund(order, action, faults, typed) + plain


def _refund(order: Order, action: str, faults: Mapping[str, str], typed: Mapping[str, str]) -> str:
    if not order.rest:
        return ""
    name = f"amount-{order.bank_id}"
    fault = faults.get(name, "")
    field = text_field(
        name, "Сколько вернуть, руб.", typed.get(name, format_money(order.rest).replace("\u00a0", " ")),
        hint=f"Не больше {format_roubles(order.rest)}", fault=fault, more=' inputmode="decimal"',
    )  # fmt: skip
    return (
        f"<details{' open' if fault else ''}><summary>Вернуть деньги</summary>"
        f'<form class="fields" method="post" action="{action}" novalidate>{field}'
        f'<div class="row"><button class="button" name="do" value="{REFUND}" '
        f'aria-label="Вернуть деньги: заказ {escape(order.number)}">Вернуть деньги</button></div></form></details>'
    )

"""The page where the payer types a card, and what it says when there is nothing to type any more."""

from collections.abc import Mapping
from html import escape

from lk_reflex.core.money import format_roubles
from lk_reflex.standins.bank.model import TIMED_OUT, Order, Status
from lk_reflex.standins.bank.page_parts import about, fault_summary, notice, page, test_cards, text_field

NUMERIC = ' inputmode="numeric"'
BACK = "Вернуться в личный кабинет"
PAID = "Этот заказ уже оплачен. Второй раз платить не нужно."
HELD = "Деньги по этому заказу уже заблокированы на карте. Второй раз платить не нужно."
OVER = "Время на оплату вышло, деньги не списаны. Вернитесь в личный кабинет и начните оплату заново."
CLOSED = "Этот заказ закрыт, оплатить его нельзя. Вернитесь в личный кабинет и начните оплату заново."
RETURNED = "Оплата этого заказа отменена, деньги разблокированы."
TRY_ANOTHER = "Деньги не списаны. Попробуйте другую карту или вернитесь в личный кабинет."
WAITS = "Банк ждёт код из СМС по карте, которую вы ввели. Можно ввести код или другую карту."
SILENT = "Банк не ответил вовремя. Прошла ли оплата, покажет личный кабинет: не платите второй раз, пока не проверите."
LEAVING = "Возвращаем вас в личный кабинет. Если страница не открылась, нажмите кнопку."
GONE = "Такого заказа в банке нет. Вернитесь в личный кабинет и начните оплату заново."
_ENDED = {Status.PAID: PAID, Status.REFUNDED: PAID, Status.HELD: HELD, Status.REVERSED: RETURNED}


def card_page(
    order: Order, way: str, *, typed: Mapping[str, str] | None = None, faults: Mapping[str, str] | None = None
) -> str:
    """The form. `way` is the page's own path."""
    typed, faults = typed or {}, faults or {}
    return page(
        f"{fault_summary(faults)}{'' if faults else _last_try(order, way)}"
        f'<div class="card">{about(order)}</div>{_form(order, way, typed, faults)}{test_cards(way)}'
    )


def ended_page(order: Order, way: str) -> str:
    """Where nothing is to be typed: paid, held, over."""
    text = _ENDED.get(Status(order.status)) or (OVER if order.code == TIMED_OUT else CLOSED)
    kind = "good" if order.status in (Status.PAID, Status.HELD, Status.REFUNDED) else "due"
    return page(notice(text, kind) + f'<div class="card">{about(order)}</div>{_way_back(f"{way}/leave")}')


def silent_page(target: str) -> str:
    """The line broke."""
    return page(notice(SILENT, "due") + _way_back(target), "Банк не ответил")


def leaving_page(target: str) -> str:
    """Between the bank and the shop."""
    return page(f"<p>{LEAVING}</p>" + _way_back(target))


def gone_page() -> str:
    """No such order."""
    return page(notice(GONE, "due") + _way_back("/"))


def _form(order: Order, way: str, typed: Mapping[str, str], faults: Mapping[str, str]) -> str:
    def field(name: str, label: str, hint: str = "") -> str:
        return text_field(name, label, typed.get(name, ""), hint=hint, fault=faults.get(name, ""), more=NUMERIC)

    return f"""<form class="card fields" method="post" action="{escape(way)}" novalidate>
<h2>Данные карты</h2>
{field("number", "Номер карты", "Только из списка тестовых карт внизу страницы").replace("field short", "field")}
<div class="card-fields">{field("month", "Месяц", "Любой будущий")}{field("year", "Год", "Две цифры")}
{field("cvc", "Код с оборота", "Любые три цифры")}</div>
<div class="row"><button class="button">Оплатить {escape(format_roubles(order.amount))}</button>
<a class="button quiet" href="{escape(way)}/leave">Отменить</a></div>
</form>"""


def _last_try(order: Order, way: str) -> str:
    if order.status == Status.DECLINED:
        return notice(f"{order.words}. {TRY_ANOTHER}")
    if order.status == Status.AUTHORISING:
        return (
            f'<div class="notice due" role="status"><p>{WAITS}</p>'
            f'<p><a class="button quiet" href="{escape(way)}/code">Ввести код</a></p></div>'
        )
    return ""


def _way_back(target: str) -> str:
    return f'<p><a class="button" href="{escape(target)}">{BACK}</a></p>'

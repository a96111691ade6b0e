"""The 3-D Secure step: the issuer asks for the code that it has sent to the phone."""

from html import escape

from lk_reflex.core.money import format_roubles
from lk_reflex.standins.bank.machine import CODE, CODE_TRIES
from lk_reflex.standins.bank.model import Order
from lk_reflex.standins.bank.page_parts import facts, fault_summary, page, text_field

HEADING = "Подтверждение оплаты"
NO_CODE = "Введите код из СМС: четыре цифры"
SENT = "Банк, выпустивший карту, отправил код в СМС. В демонстрации СМС не приходит, код всегда один:"


def acs_page(order: Order, way: str, fault: str = "") -> str:
    """`way` is the page's own path."""
    faults = {"code": fault} if fault else {}
    shown = facts({"Карта": order.pan, "Сумма": format_roubles(order.amount), "Заказ": order.number})
    return page(
        f"""{fault_summary(faults)}<div class="card">{shown}</div>
<form class="card fields" method="post" action="{escape(way)}" novalidate>
<p>{SENT} <b>{CODE}</b></p>
{text_field("code", "Код из СМС", "", hint="Четыре цифры", fault=fault, more=' inputmode="numeric"')}
<div class="row"><button class="button" name="do" value="confirm">Подтвердить оплату</button>
<button class="button quiet" name="do" value="refuse">Отказаться</button></div>
</form>""",
        HEADING,
    )


def wrong_code(order: Order) -> str:
    """«Код не подошёл. Осталось попыток: 2»."""
    return f"Код не подошёл: проверьте цифры. Осталось попыток: {CODE_TRIES - order.tried}"

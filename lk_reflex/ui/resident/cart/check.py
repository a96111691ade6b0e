"""«Что и сколько»: all that will be paid, read only, and the one button that goes to the bank."""

import reflex as rx

from lk_reflex.ui import paths
from lk_reflex.ui.open_payments import open_payments
from lk_reflex.ui.resident.cart.checks import Check, CheckReceipt
from lk_reflex.ui.resident.cart.state import CartPageState
from lk_reflex.ui.shared import words
from lk_reflex.ui.shared.frame import joined
from lk_reflex.ui.shared.native import native_form
from lk_reflex.ui.shared.notices import action_link, card, notice, number
from lk_reflex.ui.shared.sending import sending
from lk_reflex.ui.shared.tables import Column, data_table

COMMISSION = "Информация о комиссии:\u00a0"
BANK = "Вы перейдёте на страницу банка. Данные карты вводятся только там: личный кабинет их не видит."
BACK = "После оплаты банк вернёт вас сюда, и кабинет сам узнает у банка, прошёл ли платёж."
WAITS = "Прошлый платёж этой организации ещё проверяется. Когда банк ответит, страница обновится сама."
ONE_EACH = "Каждой организации платят отдельно. После первого платежа страница результата предложит следующий."


def check_page() -> rx.Component:
    """The payments in their order; the button pays the first."""
    return rx.el.div(
        rx.cond(CartPageState.pay_fault != "", notice("bad", CartPageState.pay_fault)),
        open_payments(CartPageState.under_way),
        rx.cond(CartPageState.later.length() > 0, rx.el.p(ONE_EACH)),
        card(
            _what(CartPageState.check),
            rx.cond(CartPageState.check.waits, _wait(), _pay()),
            title=CartPageState.check.title,
            card_id="check",
        ),
        rx.foreach(CartPageState.later, lambda check: card(_what(check), title=check.title)),
        class_name="stack",
    )


def _what(check: Check) -> rx.Component:
    return rx.el.div(
        rx.el.div(rx.foreach(check.receipts, _receipt), class_name="receipts"),
        rx.el.p(rx.el.b(COMMISSION), check.commission),
        rx.el.p(rx.el.b("Итого к оплате:\u00a0"), number(check.total, "руб.")),
        class_name="stack",
    )


def _receipt(receipt: CheckReceipt) -> rx.Component:
    return rx.el.div(
        rx.foreach(receipt.notes, lambda note: notice("due", note)),
        data_table(
            (Column("Услуга", "label"), Column("Сумма (руб.)", "amount", numeric=True)),
            receipt.rows,
            caption=joined(receipt.title, ". ", receipt.account),
            row_key="label",
            foot=(f"{words.TOTAL}:", receipt.amount),
            turn="fits",
        ),
        rx.el.p(receipt.due, class_name="small"),
        class_name="stack",
        key=receipt.key,
    )


def _wait() -> rx.Component:
    return rx.el.div(
        notice("due", WAITS),
        rx.el.div(action_link("Вернуться в корзину", paths.CART, quiet=True), class_name="row"),
        class_name="stack",
    )


def _pay() -> rx.Component:
    press, check = sending("pay"), CartPageState.check
    return rx.el.div(
        rx.el.p(BANK),
        rx.el.p(BACK, " Подтверждение придёт на ", rx.el.b(CartPageState.email), "."),
        rx.cond(check.fiscal != "", rx.el.p(check.fiscal)),
        native_form(
            _hidden("organization", check.key),
            _hidden("form", CartPageState.form_key),
            _hidden("seen", check.seen),
            rx.el.button(
                rx.cond(press.now, words.WAIT, check.button),
                type="submit",
                class_name="button",
                custom_attrs={"aria-busy": rx.cond(press.now, "true", "false")},
            ),
            action_link("Изменить", paths.CART, quiet=True),
            action=paths.CART_PAY,
            on_submit=press.pressed,
            class_name="row",
        ),
        class_name="stack",
    )


def _hidden(name: str, value: rx.Var[str]) -> rx.Component:
    return rx.el.input(type="hidden", name=name, value=value, read_only=True)

"""Корзина: the manual's lines by receipt with sums that can be typed over, the commission, and the way to pay."""

import reflex as rx

from lk_reflex.ui import paths
from lk_reflex.ui.cabinet import freshness, section_page
from lk_reflex.ui.open_payments import open_payments
from lk_reflex.ui.resident.cart.cards import OrganizationCard, ReceiptCard, SumRow
from lk_reflex.ui.resident.cart.check import check_page
from lk_reflex.ui.resident.cart.elsewhere import pay_elsewhere
from lk_reflex.ui.resident.cart.state import CartPageState
from lk_reflex.ui.shared import words
from lk_reflex.ui.shared.forms import described, error_summary, field_error, submit
from lk_reflex.ui.shared.frame import joined
from lk_reflex.ui.shared.notices import action_link, big_sum, card, empty_state, notice, number, skeleton
from lk_reflex.ui.shared.sending import sending
from lk_reflex.ui.shared.tables import Column, data_table

HOW = "При необходимости отредактируйте суммы к оплате и нажмите кнопку «Оплатить». Если введёте 0, строка не войдёт."
COMMISSION = "Информация о комиссии:\u00a0"


def cart_page() -> rx.Component:
    """The person's cart over all accounts, and the page that is checked before paying."""
    return section_page(
        CartPageState.heading,
        rx.cond(
            CartPageState.checking,
            check_page(),
            rx.fragment(
                rx.cond(CartPageState.pay_fault != "", notice("bad", CartPageState.pay_fault)),
                open_payments(CartPageState.under_way),
                rx.cond(CartPageState.said != "", notice("due", CartPageState.said)),
                error_summary(CartPageState.faults),
                rx.cond(
                    CartPageState.parts.length() > 0,
                    rx.el.div(_form(), pay_elsewhere(), class_name="stack"),
                    rx.cond(CartPageState.loaded, _empty(), skeleton()),
                ),
            ),
        ),
        current=paths.CART,
        head_extra=rx.fragment(freshness(), _in_short()),
    )


def _in_short() -> rx.Component:
    """How much it is altogether, in sight before the long list of sums."""
    return rx.cond(
        ~CartPageState.checking & CartPageState.payable,
        rx.el.p("Итого к оплате: ", rx.el.b(number(CartPageState.total, "руб.")), class_name="muted"),
    )


def _empty() -> rx.Component:
    return empty_state(
        "В корзине пусто",
        rx.el.p("Квитанции добавляют в корзину на странице «Общая информация»."),
        rx.el.div(action_link("Перейти к общей информации", paths.OVERVIEW), class_name="row"),
    )


def _form() -> rx.Component:
    press = sending("cart", CartPageState.answers)
    return rx.el.form(
        rx.cond(CartPageState.payable, rx.el.p(HOW)),
        rx.foreach(CartPageState.parts, _part),
        card(
            rx.el.div(big_sum(CartPageState.total), custom_attrs={"aria-live": "polite"}),
            rx.el.p("На следующем шаге проверите, что и сколько, и перейдёте на страницу банка.", class_name="small"),
            rx.el.div(submit("Оплатить", busy=press.now), class_name="row"),
            title="Итого к оплате",
            card_id="total",
        ),
        on_submit=[press.pressed, CartPageState.to_check],
        no_validate=True,
        class_name="stack",
    )


def _part(part: OrganizationCard) -> rx.Component:
    return card(
        rx.el.div(rx.foreach(part.receipts, _receipt), class_name="receipts"),
        rx.cond(part.fault != "", notice("bad", part.fault)),
        rx.cond(
            part.counts,
            rx.el.div(
                rx.el.p(rx.el.b(COMMISSION), part.commission),
                rx.cond(
                    CartPageState.parts.length() > 1,
                    rx.el.p(rx.el.b("К оплате этой организации:\u00a0"), number(part.total, "руб.")),
                ),
            ),
        ),
        title=part.name,
    )


def _receipt(receipt: ReceiptCard) -> rx.Component:
    return rx.el.div(
        rx.foreach(receipt.notes, lambda note: notice("due", note)),
        data_table(
            (Column("Услуга", _label), Column("Сумма (руб.)", _sum, numeric=True)),
            receipt.rows,
            caption=joined(receipt.title, ". ", receipt.account),
            row_key="key",
            foot=(f"{words.TOTAL}:", receipt.amount),
            turn="fits",
        ),
        rx.el.p(receipt.due, class_name="small"),
        rx.el.div(
            rx.cond(
                receipt.superseded,
                _button("Заменить новой квитанцией", receipt, CartPageState.replace(receipt.key)),
            ),
            _button("Убрать", receipt, CartPageState.take_out(receipt.key)),
            class_name="row",
        ),
        class_name="stack",
        key=receipt.key,
    )


def _label(row: SumRow) -> rx.Component:
    return rx.el.div(
        rx.cond(row.edits, rx.el.label(row.label, html_for=row.field_id), rx.el.span(row.label)),
        rx.cond(row.hint != "", rx.el.p(row.hint, id=joined(row.field_id, "-hint"), class_name="hint")),
        field_error(row.field_id, CartPageState.errors[row.key]),
    )


def _sum(row: SumRow) -> rx.Component:
    """Not controlled: what is typed stays the person's until the server means another text (`turn`)."""
    tied = described(row.key, row.field_id, CartPageState.errors[row.key], row.hint)
    field = rx.el.input(
        **tied,
        key=row.turn,
        default_value=row.text,
        on_blur=lambda text: CartPageState.type_amount(row.key, text),
        input_mode="decimal",
        auto_complete="off",
        max_length=30,
    )
    return rx.cond(row.edits, rx.el.div(field, class_name="field amount"), rx.el.span(row.text))


def _button(title: str, receipt: ReceiptCard, on_click: rx.event.EventSpec) -> rx.Component:
    return rx.el.button(
        title,
        rx.el.span(": ", receipt.title, ". ", receipt.account, class_name="hidden"),
        type="button",
        on_click=on_click,
        class_name="button quiet",
    )

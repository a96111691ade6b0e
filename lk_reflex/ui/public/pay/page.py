"""Оплата по ссылке: whom to pay and how much, one button; or what has become of the payment."""

import reflex as rx

from lk_reflex.ui import paths
from lk_reflex.ui.door import door_page
from lk_reflex.ui.public.pay.state import PayLinkState
from lk_reflex.ui.shared.forms import error_summary, form_field, submit
from lk_reflex.ui.shared.frame import joined
from lk_reflex.ui.shared.native import native_form, native_link
from lk_reflex.ui.shared.notices import big_sum, card, notice, number, skeleton
from lk_reflex.ui.shared.sending import sending

ABOUT = "Вход в личный кабинет не нужен. Сумму менять нельзя: её назначил тот, кто прислал ссылку."
CARD = "Данные карты вводят на странице банка."
EMAIL = "Электронная почта для подтверждения (необязательно):"
EMAIL_HINT = "Пришлём на неё подтверждение оплаты, больше ничего."
PAY, GO_ON = "Оплатить", "Продолжить оплату"
CHECK = "Проверить ещё раз"
NO_COMMISSION = "Без комиссии."


def pay_page() -> rx.Component:
    """The link's state first, then what it is about, then the button."""
    return door_page(
        PayLinkState.heading,
        rx.cond(
            PayLinkState.loaded,
            rx.el.div(
                # Together: empty, they would leave a gap each.
                rx.el.div(rx.el.div(_told(), role="status"), error_summary(PayLinkState.faults)),
                rx.cond(PayLinkState.bill.title != "", _bill()),
                class_name="stack narrow",
            ),
            skeleton(),
        ),
    )


def _told() -> rx.Component:
    told = PayLinkState.told
    return rx.cond(
        told.kind != "",
        notice(
            told.kind,
            told.lead,
            rx.foreach(told.notes, lambda note: rx.el.p(note)),
            # The browser's own way: it works without the socket, too.
            rx.cond(
                PayLinkState.way != "",
                rx.el.div(native_link(CHECK, href=PayLinkState.way, class_name="button quiet"), class_name="row"),
            ),
        ),
    )


def _bill() -> rx.Component:
    bill = PayLinkState.bill
    return card(
        big_sum(bill.total),
        rx.el.dl(
            _fact("Организация", bill.organization),
            _fact("Лицевой счет", rx.el.span(bill.number, class_name="num")),
            _fact("За что", bill.title),
            rx.cond(
                bill.commission != "",
                rx.fragment(
                    _fact("Сумма", number(bill.amount, "руб.")),
                    _fact("Комиссия", number(bill.commission, "руб.")),
                    _fact("Всего с комиссией", number(bill.total, "руб.")),
                ),
                _fact("Комиссия", NO_COMMISSION),
            ),
            rx.cond(
                bill.phone != "",
                _fact(
                    "Телефон организации", native_link(bill.phone, href=joined("tel:", bill.phone), class_name="num")
                ),
            ),
            class_name="facts",
        ),
        rx.cond(PayLinkState.payable, _form()),
        title=bill.heading,
        card_id="bill",
    )


def _fact(label: str, value: rx.Component | rx.Var | str) -> rx.Component:
    return rx.el.div(rx.el.dt(label, ":"), rx.el.dd(value))


def _form() -> rx.Component:
    press = sending("pay")
    return native_form(
        rx.el.p(ABOUT, " ", CARD),
        rx.el.input(type="hidden", name="link", value=PayLinkState.carried, read_only=True),
        form_field(
            EMAIL,
            "email",
            error=PayLinkState.email_fault,
            hint=EMAIL_HINT,
            type="email",
            auto_complete="email",
            spell_check=False,
            default_value=PayLinkState.email,
            key=PayLinkState.email,
        ),
        rx.el.div(submit(_press_words(), busy=press.now), class_name="row", id="pay"),
        rx.el.p("Ссылка действует до ", rx.el.span(PayLinkState.bill.until, class_name="num"), ".", class_name="muted"),
        action=paths.PAY_BY_LINK,
        on_submit=press.pressed,
        no_validate=True,
        class_name="stack",
    )


def _press_words() -> rx.Var[str]:
    """With the sum, as the button that leads to the bank has it everywhere."""
    return joined(rx.cond(PayLinkState.again, GO_ON, PAY), " ", PayLinkState.bill.total, "\u00a0₽")

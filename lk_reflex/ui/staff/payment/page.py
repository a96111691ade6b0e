"""Заказ: the state of an order and what may be done with it; what for, where the money is, and the journal."""

from typing import Any

import reflex as rx

from lk_reflex.domain.payments.desk.deeds import NOTE
from lk_reflex.domain.payments.refunding.asking import AMOUNT, EXPLANATION
from lk_reflex.ui import paths
from lk_reflex.ui.cabinet import cabinet_frame
from lk_reflex.ui.shared.forms import described, error_summary, form_field, submit
from lk_reflex.ui.shared.layout import staff_page
from lk_reflex.ui.shared.notices import action_link, card, empty_state, notice, outcome_area, skeleton, tag
from lk_reflex.ui.shared.sending import sending
from lk_reflex.ui.shared.tables import Column, data_table
from lk_reflex.ui.staff.payment.rows import Fact, RefundRow
from lk_reflex.ui.staff.payment.state import CONFIRM_ID, DECIDE_ID, LOOK_ID, OUTCOME_ID, REFUND_ID, StaffOrderState

BACK = "Все платежи"
NO_ORDER, NO_ORDER_HOW = "Такого заказа нет", "Проверьте номер: в нём 14 цифр. Найти заказ можно и по другим данным."
ADMIN_ONLY = "Вернуть деньги может только администратор кабинета: передайте ему номер заказа."
REFUNDING = "Возврат выполняется. Следующий можно начать, когда банк ответит по этому."
UNDECIDED = "Банк не ответил: сверьте с банком"
UNDECIDED_HOW = (
    "Мы не знаем, вернул ли банк деньги, и сами больше не повторяем: плательщик мог бы получить их дважды. Спросите в "
    "банке или посмотрите в его кабинете. Если возврат там есть, ждите: он появится здесь сам."
)
REASON_HINT = "Увидит плательщик: в письме и в уведомлении"


def staff_order_page() -> rx.Component:
    """One order."""
    order = StaffOrderState.order
    return staff_page(
        StaffOrderState.heading,
        rx.el.p(rx.el.a(f"← {BACK}", href=paths.STAFF_PAYMENTS)),
        error_summary(StaffOrderState.faults),
        outcome_area(
            OUTCOME_ID,
            rx.cond(StaffOrderState.outcome != "", notice(StaffOrderState.outcome_kind, StaffOrderState.outcome)),
        ),
        rx.cond(
            StaffOrderState.loaded,
            rx.cond(
                order.number != "",
                rx.el.div(_standing(), _flagged(), _lines(), _ways(), _refunds(), _journal(), class_name="stack"),
                empty_state(
                    NO_ORDER,
                    rx.el.p(NO_ORDER_HOW),
                    rx.el.div(action_link("К поиску платежей", paths.STAFF_PAYMENTS), class_name="row"),
                ),
            ),
            skeleton(),
        ),
        frame=cabinet_frame(),
        current=paths.STAFF_PAYMENTS,
    )


def _standing() -> rx.Component:
    order = StaffOrderState.order
    again = rx.el.button(
        "Перепроверить в банке", type="button", id=LOOK_ID, on_click=StaffOrderState.look_again,
        class_name="button quiet",
    )  # fmt: skip
    undo = rx.el.button(
        "Отменить удержание…", type="button", id="undo", on_click=StaffOrderState.ask_to_undo,
        class_name="button quiet",
        custom_attrs={"aria-expanded": rx.cond(StaffOrderState.undoing, "true", "false")},
    )  # fmt: skip
    return card(
        rx.el.p(tag(order.status, order.kind), rx.cond(order.reason != "", rx.el.span(" ", order.reason))),
        _facts(StaffOrderState.facts),
        rx.el.div(again, rx.cond(order.undoable, undo), class_name="row"),
        rx.cond(StaffOrderState.undoing, _undo_question()),
        title="Состояние",
        card_id="standing",
    )


def _undo_question() -> rx.Component:
    question = "Отменить удержание? Деньги снова станут доступны плательщику, а заказ не будет оплачен."
    return _asked(question, "undo-yes", "Да, отменить удержание", StaffOrderState.undo, StaffOrderState.ask_to_undo)


def _asked(question: Any, yes_id: str, yes: Any, does: Any, leaves: Any) -> rx.Component:
    return rx.el.div(
        rx.el.p(rx.el.b(question), id=f"{yes_id}-question"),
        rx.el.div(
            rx.el.button(yes, type="button", id=yes_id, on_click=does, class_name="button",
                         custom_attrs={"aria-describedby": f"{yes_id}-question"}),
            rx.el.button("Отмена", type="button", on_click=leaves, class_name="button quiet"),
            class_name="row",
        ),
        class_name="inner stack",
    )  # fmt: skip


def _flagged() -> rx.Component:
    order = StaffOrderState.order
    attrs = described(NOTE, NOTE, StaffOrderState.note_error, "Останется в журнале заказа", required=True)
    form = rx.el.form(
        form_field(
            "Что выяснили:", NOTE, required=True, error=StaffOrderState.note_error, hint="Останется в журнале заказа",
            control=rx.el.textarea(**attrs, rows=2, max_length=500),
        ),
        rx.el.div(submit("Разобрано", quiet=True), class_name="row"),
        on_submit=StaffOrderState.settle_flag,
        no_validate=True,
        class_name="fields narrow",
    )  # fmt: skip
    return rx.cond(order.flag != "", card(notice("due", order.flag, rx.el.p(order.flag_how)), form,
                                          title="Требует внимания", card_id="flag"))  # fmt: skip


def _lines() -> rx.Component:
    foot = ("ИТОГО с комиссией:", "", "", StaffOrderState.order.total, StaffOrderState.order.back)
    table = data_table(LINES, StaffOrderState.lines, caption="За что", row_key="key", hide_caption=True, foot=foot)
    return card(table, title="За что", card_id="lines")


def _ways() -> rx.Component:
    postings = data_table(POSTINGS, StaffOrderState.postings, caption="Проводки", row_key="key")
    hints = data_table(HINTS, StaffOrderState.hints, caption="Сообщения банка", row_key="key", hide_caption=True)
    return rx.fragment(
        rx.cond(
            StaffOrderState.postings.length() > 0,
            card(_facts(StaffOrderState.trace), postings, title="Путь денег", card_id="way"),
        ),
        rx.cond(
            StaffOrderState.hints.length() > 0,
            card(
                rx.el.p("По каждому сообщению мы переспрашиваем банк: само по себе оно ничего не меняет.",
                        class_name="small"),
                hints, title="Сообщения банка", card_id="hints",
            ),
        ),
    )  # fmt: skip


def _refunds() -> rx.Component:
    order = StaffOrderState.order
    table = data_table(REFUNDS, StaffOrderState.refunds, caption="Возвраты", row_key="key", hide_caption=True)
    return rx.cond(
        order.refundable | (StaffOrderState.refunds.length() > 0),
        card(
            rx.cond(StaffOrderState.refunds.length() > 0, table),
            rx.cond(order.refunding, rx.el.p(REFUNDING)),
            rx.cond(order.undecided, _undecided()),
            rx.cond(order.refundable, rx.cond(order.may_refund, _refund_form(), rx.el.p(ADMIN_ONLY))),
            title="Возврат",
            card_id="refunds",
        ),
    )


def _undecided() -> rx.Component:
    """A refund to which the bank has said nothing: it goes there again only if a person says so."""
    press = sending("decide", StaffOrderState.answers)
    yes = rx.cond(StaffOrderState.repeating, "Да, повторить", "Да, не возвращено")
    buttons = rx.el.div(
        rx.el.button("Повторить…", type="button", on_click=StaffOrderState.ask_to_repeat, class_name="button quiet"),
        rx.el.button("Не возвращено…", type="button", on_click=StaffOrderState.ask_to_drop, class_name="button quiet"),
        class_name="row",
    )
    asked = _asked(StaffOrderState.decision, DECIDE_ID, yes, [press.pressed, StaffOrderState.decide],
                   StaffOrderState.undecide)  # fmt: skip
    return rx.el.div(
        notice("due", UNDECIDED, rx.el.p(UNDECIDED_HOW)),
        rx.cond(
            StaffOrderState.order.may_refund,
            rx.cond(StaffOrderState.decision != "", asked, buttons),
            rx.el.p(ADMIN_ONLY),
        ),
        id=REFUND_ID,
        tab_index=-1,
        class_name="stack",
    )


def _refund_form() -> rx.Component:
    press = sending("refund", StaffOrderState.answers)
    attrs = described(EXPLANATION, EXPLANATION, StaffOrderState.explanation_error, REASON_HINT, required=True)
    form = rx.el.form(
        rx.el.p("Можно вернуть: ", rx.el.b(StaffOrderState.order.left)),
        form_field(
            "Сумма возврата (руб.):", AMOUNT, required=True, error=StaffOrderState.amount_error, short=True,
            hint="Вся сумма или часть, например 1 234,50", input_mode="decimal", auto_complete="off",
            default_value=StaffOrderState.amount,
        ),
        form_field(
            "Причина:", EXPLANATION, required=True, error=StaffOrderState.explanation_error, hint=REASON_HINT,
            control=rx.el.textarea(**attrs, rows=2, max_length=500, default_value=StaffOrderState.explanation),
        ),
        rx.el.div(submit("Вернуть деньги…", busy=press.now), class_name="row"),
        on_submit=[press.pressed, StaffOrderState.ask_to_refund],
        no_validate=True,
        class_name="fields narrow",
        key=StaffOrderState.form.to_string(),
    )  # fmt: skip
    asked = _asked(StaffOrderState.question, CONFIRM_ID, "Да, вернуть", [press.pressed, StaffOrderState.refund],
                   StaffOrderState.keep_money)  # fmt: skip
    # The container stays while one takes the other's place, so that the focus always finds it.
    return rx.el.div(rx.cond(StaffOrderState.question != "", asked, form), id=REFUND_ID, tab_index=-1)


def _journal() -> rx.Component:
    table = data_table(JOURNAL, StaffOrderState.journal, caption="Журнал", row_key="key", hide_caption=True)
    return card(table, title="Журнал", card_id="journal")


def _facts(facts: rx.Var[list[Fact]]) -> rx.Component:
    return rx.el.dl(rx.foreach(facts, _fact), class_name="facts")


def _fact(fact: Fact) -> rx.Component:
    return rx.el.div(rx.el.dt(fact.label, ":"), rx.el.dd(fact.value))


def _fate(row: RefundRow) -> rx.Component:
    return tag(row.word, row.kind)


LINES = (
    Column("Услуга", "service"),
    Column("Лицевой счет", "account"),
    Column("Квитанция", "receipt"),
    Column("Сумма (руб.)", "amount", numeric=True),
    Column("Возвращено (руб.)", "back", numeric=True, hide_empty=True),
)
POSTINGS = (
    Column("Проводка", "kind"),
    Column("Когда", "at"),
    Column("Сумма (руб.)", "amount", numeric=True),
    Column("В том числе комиссия", "commission", numeric=True),
    Column("Передана в биллинг", "handed"),
)
REFUNDS = (
    Column("Когда", "at"),
    Column("Сумма (руб.)", "amount", numeric=True),
    Column("Состояние", _fate),
    Column("Причина", "why"),
    Column("Кто", "by"),
)
JOURNAL = (
    Column("Когда", "at"),
    Column("Что произошло", "what"),
    Column("Почему", "why"),
    Column("Кто", "who"),
)
HINTS = (
    Column("О чём", "what"),
    Column("Сколько раз", "times", numeric=True),
    Column("Впервые", "first"),
    Column("Последний раз", "last"),
)

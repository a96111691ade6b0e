"""A card for each linked account: how it stands, and what can be done with it."""

import reflex as rx

from lk_reflex.ui.resident.accounts import access_form
from lk_reflex.ui.resident.accounts.rows import AccountRow
from lk_reflex.ui.resident.accounts.state import AccountsState
from lk_reflex.ui.shared.notices import tag

ENDS = (
    "Доступ закончится сразу на всех ваших устройствах, квитанции этого лицевого счета уйдут из корзины. Закончится и "
    "доступ, который вы открыли близким. Начисления и показания никуда не денутся."
)
ENDS_GRANTED = "Вы перестанете видеть этот лицевой счет. Вернуть доступ сможет только тот, кто его открыл."


def cards() -> rx.Component:
    """The linked accounts, the chosen one first."""
    return rx.el.ul(rx.foreach(AccountsState.rows, _account), class_name="stack")


def _account(row: AccountRow) -> rx.Component:
    return rx.el.li(
        rx.el.h2(
            rx.el.span(row.number, class_name="num"), rx.cond(row.chosen, rx.fragment(" ", tag("Выбран", "good")))
        ),
        rx.el.p(row.address),
        rx.el.p(row.organization, class_name="muted"),
        rx.el.p(rx.el.b(row.due)),
        rx.cond(row.closed != "", rx.el.p(tag(row.closed, "due"))),
        rx.cond(row.granted != "", rx.el.p(row.granted, class_name="small")),
        rx.cond(AccountsState.asked == row.key, _question(row), _actions(row)),
        rx.cond(row.granted == "", access_form.access(row)),
        key=row.key,
        class_name="card",
    )


def _actions(row: AccountRow) -> rx.Component:
    return rx.el.div(
        rx.cond(row.chosen, rx.fragment(), _choose(row)),
        rx.cond((row.granted == "") & (AccountsState.giving != row.key), access_form.open_button(row)),
        rx.el.button(
            rx.cond(row.granted == "", "Отвязать", "Отказаться от доступа"),
            rx.el.span(" лицевой счет ", row.number, class_name="hidden"),
            type="button",
            on_click=AccountsState.ask(row.key),
            # Whoever answered «Оставить» is where the question was asked.
            auto_focus=AccountsState.kept == row.key,
            class_name="button quiet",
        ),
        class_name="row",
    )


def _choose(row: AccountRow) -> rx.Component:
    return rx.el.button(
        "Выбрать",
        rx.el.span(" лицевой счет ", row.number, class_name="hidden"),
        type="button",
        on_click=AccountsState.choose(row.key),
        class_name="button quiet",
    )


def _question(row: AccountRow) -> rx.Component:
    """Asked on the card itself; the harmless answer has the focus."""
    question_id = rx.Var.create("unlink-question-") + row.key
    return rx.el.div(
        rx.el.div(
            rx.el.p(
                rx.el.b(
                    rx.cond(row.granted == "", "Отвязать лицевой счет ", "Отказаться от доступа к лицевому счету "),
                    row.number,
                    "?",
                )
            ),
            rx.el.p(rx.cond(row.granted == "", ENDS, ENDS_GRANTED)),
            id=question_id,
        ),
        rx.el.div(
            rx.el.button(
                rx.cond(row.granted == "", "Да, отвязать", "Да, отказаться"),
                type="button",
                on_click=AccountsState.unlink(row.key),
                class_name="button",
                custom_attrs={"aria-describedby": question_id},
            ),
            rx.el.button(
                "Оставить",
                type="button",
                on_click=AccountsState.keep,
                auto_focus=True,
                class_name="button quiet",
                custom_attrs={"aria-describedby": question_id},
            ),
            class_name="row",
        ),
        class_name="notice due",
        role="group",
        custom_attrs={"aria-labelledby": question_id},
    )

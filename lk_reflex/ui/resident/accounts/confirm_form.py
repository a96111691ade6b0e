"""The second step of «Привязка лицевого счета»: whose account it is."""

import reflex as rx

from lk_reflex.ui.resident.accounts.rows import FoundRow
from lk_reflex.ui.resident.accounts.state import AccountsState
from lk_reflex.ui.shared.forms import field_error, form_field, required_note, submit
from lk_reflex.ui.shared.notices import card, notice

TITLE = "Привязка лицевого счета"
WHY = "Фамилия нужна для проверки: так посторонний не увидит ваши начисления."
MASTERS = "Фамилия собственника/нанимателя:"
CHOICE_ID = "account"


def confirm() -> rx.Component:
    """The address without a name, and the field for the surname."""
    several = AccountsState.found.length() > 1
    return card(
        rx.el.p("Шаг 2 из 2. Подтвердите, что это ваш лицевой счет.", class_name="muted"),
        rx.el.form(
            required_note(),
            rx.cond(several, _choice(), _found(AccountsState.found[0])),
            form_field(
                MASTERS,
                "surname",
                required=True,
                error=AccountsState.errors["surname"],
                hint="Только фамилия русскими буквами, как в квитанции, без имени и отчества",
                max_length=200,
                auto_complete="off",
                auto_capitalize="words",
                spell_check=False,
            ),
            rx.el.p(WHY, class_name="small muted"),
            rx.el.div(
                submit("+Привязать лицевой счет"),
                rx.el.button("Назад", type="button", on_click=AccountsState.back, class_name="button quiet"),
                cancel(),
                class_name="row",
            ),
            on_submit=AccountsState.link,
            reset_on_submit=False,
            no_validate=True,
            class_name="stack narrow",
        ),
        title=TITLE,
        card_id="linking-title",
    )


def cancel() -> rx.Component:
    """«Отмена» of both steps."""
    return rx.el.button("Отмена", type="button", on_click=AccountsState.close_linking, class_name="button quiet")


def _found(row: FoundRow) -> rx.Component:
    return rx.fragment(
        rx.el.dl(
            _fact("Лицевой счет:", row.number),
            _fact("Адрес:", row.address),
            _fact("Организация:", row.organization),
            class_name="facts",
        ),
        rx.cond(row.closed != "", notice("due", row.closed)),
    )


def _fact(label: str, value: rx.Var[str]) -> rx.Component:
    return rx.el.div(rx.el.dt(label), rx.el.dd(value))


def _choice() -> rx.Component:
    return rx.el.fieldset(
        rx.el.legend("Этот номер есть у нескольких организаций. Выберите свою: *"),
        rx.foreach(AccountsState.found, _option),
        field_error(CHOICE_ID, AccountsState.errors[CHOICE_ID]),
        id=CHOICE_ID,
        custom_attrs={"tabIndex": -1},
        class_name="field",
    )


def _option(row: FoundRow) -> rx.Component:
    own_id = rx.Var.create("organization-") + row.key
    return rx.el.div(
        rx.el.input(
            type="radio",
            name=CHOICE_ID,
            value=row.key,
            id=own_id,
            custom_attrs={"aria-describedby": f"{CHOICE_ID}-error"},
        ),
        rx.el.label(
            rx.el.b(row.organization),
            rx.el.br(),
            row.address,
            rx.cond(row.closed != "", rx.fragment(rx.el.br(), row.closed)),
            html_for=own_id,
        ),
        class_name="check",
        key=row.key,
    )

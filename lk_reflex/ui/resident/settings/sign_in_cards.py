"""The cards of how one signs in: e-mail, password, Госуслуги."""

import reflex as rx

from lk_reflex.domain.identity.passwords.rules import HINT
from lk_reflex.ui import paths
from lk_reflex.ui.resident.settings.parts import button, faults_of, field, form_of, row, secret, settings_card
from lk_reflex.ui.resident.settings.state import SettingsState
from lk_reflex.ui.resident.settings.words import EMAIL, GOSUSLUGI, PASSWORD
from lk_reflex.ui.shared.native import native_form, native_link
from lk_reflex.ui.shared.notices import notice, tag

PASSWORD_FIRST = "Сначала задайте пароль: логин меняют, подтвердив его паролем."  # noqa: S105
BIND_FIRST = "Сначала задайте пароль: Госуслуги привязывают, подтвердив это паролем."
BY_GOSUSLUGI = (
    "Вы входите через Госуслуги, пароля у вашей учётной записи нет. Мы пришлём на вашу почту ссылку, по которой "
    "его можно задать: так никто другой не сделает этого за вас."
)
ENDS_OTHERS = "После смены пароля сеансы на всех других устройствах завершатся."


def email_card() -> rx.Component:
    """«Логин/Email»."""
    return settings_card(
        EMAIL,
        rx.cond(SettingsState.pending_email != "", _pending()),
        faults_of(EMAIL),
        rx.cond(
            SettingsState.has_password,
            form_of(
                field(
                    EMAIL, "Логин/Email", "email", type="email", auto_complete="email", spell_check=False,
                    default_value=SettingsState.email,
                    hint="На новый адрес придёт письмо со ссылкой; пока её не откроют, действует прежний",
                ),
                secret(EMAIL, "Ваш пароль", "password"),
                row(button("Изменить", "логин", type="submit")),
                on_submit=SettingsState.change_email,
                number=SettingsState.email_form,
                name=EMAIL,
            ),
            rx.fragment(
                rx.el.p("Ваш логин: ", rx.el.b(SettingsState.email)),
                rx.el.p(PASSWORD_FIRST, " ", native_link("К паролю", href=f"#{PASSWORD}")),
            ),
        ),
    )  # fmt: skip


def _pending() -> rx.Component:
    return notice(
        "due",
        rx.Var.create("Ждём подтверждения адреса ") + SettingsState.pending_email + ".",
        rx.el.p(
            "Необходимо активировать новую почту: откройте ссылку из письма до ", SettingsState.pending_until,
            ". Пока входите с прежним логином.",
        ),
        row(button("Отменить смену логина", on_click=SettingsState.cancel_email)),
    )  # fmt: skip


def password_card() -> rx.Component:
    """«Пароль»."""
    return settings_card(
        PASSWORD,
        faults_of(PASSWORD),
        rx.cond(
            SettingsState.has_password,
            form_of(
                secret(PASSWORD, "Нынешний пароль", "current"),
                secret(PASSWORD, "Новый пароль", "new", new=True, hint=HINT),
                secret(PASSWORD, "Новый пароль еще раз", "again", new=True),
                rx.el.p(ENDS_OTHERS, class_name="small muted"),
                row(button("Изменить пароль", type="submit")),
                on_submit=SettingsState.change_password,
                number=SettingsState.password_form,
                name=PASSWORD,
            ),
            rx.fragment(rx.el.p(BY_GOSUSLUGI), row(button("Задать пароль", on_click=SettingsState.ask_password))),
        ),
    )


def gosuslugi_card() -> rx.Component:
    """«Вход через Госуслуги»; nothing where it isn't set up."""
    card = settings_card(GOSUSLUGI, faults_of(GOSUSLUGI), rx.cond(SettingsState.esia_bound, _bound(), _unbound()))
    return rx.cond(SettingsState.esia_on, card)


def _bound() -> rx.Component:
    return rx.fragment(
        rx.el.p(tag("Привязана", "good")),
        rx.el.dl(
            rx.el.div(rx.el.dt("Учетная запись Госуслуг:"), rx.el.dd(SettingsState.esia_name)),
            rx.el.div(rx.el.dt("Привязана:"), rx.el.dd(SettingsState.esia_since)),
            class_name="facts",
        ),
        rx.cond(
            SettingsState.esia_asking,
            _question(),
            row(button("Отвязать", "Госуслуги", on_click=SettingsState.ask_unbind(True))),
        ),
    )


def _question() -> rx.Component:
    return notice(
        "due",
        "Отвязать учетную запись Госуслуг?",
        rx.el.p("После этого вход останется только с логином и паролем. Привязать снова можно в любое время."),
        row(
            button("Да, отвязать", on_click=SettingsState.unbind),
            button("Нет, оставить", on_click=SettingsState.ask_unbind(False)),
        ),
    )


def _unbound() -> rx.Component:
    return rx.fragment(
        rx.el.p(
            "Привяжите учетную запись Госуслуг, чтобы входить без пароля. Если там подтверждена фамилия собственника "
            "или нанимателя, неверные попытки не приостановят привязку его лицевого счета."
        ),
        rx.cond(
            SettingsState.has_password,
            # The answer sets a cookie and leads to another site: the browser sends this form by itself.
            native_form(
                secret(GOSUSLUGI, "Ваш пароль", "password"),
                row(button("Привязать +", type="submit")),
                action=paths.ESIA_BIND,
                no_validate=True,
                class_name="stack",
            ),
            rx.el.p(BIND_FIRST, " ", native_link("К паролю", href=f"#{PASSWORD}")),
        ),
    )

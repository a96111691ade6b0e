"""Вход через Госуслуги, the first time: bind the login that one has, or make one."""

import reflex as rx

from lk_reflex.ui import paths
from lk_reflex.ui.door import door_page
from lk_reflex.ui.public.esia.state import EsiaState
from lk_reflex.ui.shared.forms import check_field, error_summary, form_field, required_note, submit
from lk_reflex.ui.shared.native import native_form, native_link
from lk_reflex.ui.shared.notices import action_link, card, empty_state, notice, skeleton
from lk_reflex.ui.shared.password import password_field

TITLE = paths.TITLES[paths.ESIA]
ONCE = (
    "Этот профиль Госуслуг ещё не привязан к учётной записи личного кабинета. Сделайте это один раз, и дальше "
    "Госуслуг для входа будет достаточно."
)
HAVE = "Введите логин и пароль личного кабинета. Профиль Госуслуг привяжется к этой учётной записи."
KNOWN = "У вашего адреса уже есть учётная запись: войдите в неё."
CREATE = "Пароль придумывать не нужно: вы будете входить через Госуслуги. Задать его можно позже, в настройках."
SURE_HINT = "Этот адрес подтверждён на Госуслугах. Если укажете другой, мы пришлём на него письмо со ссылкой"
LETTER_HINT = "На этот адрес придёт ссылка. Перейдите по ней, чтобы завершить создание учётной записи"
NEXT = (
    "Откройте письмо и перейдите по ссылке: она действует 72 часа. После этого входите через Госуслуги. Если письма "
    "нет, посмотрите в папке «Спам»."
)
OVER = "Время входа через Госуслуги истекло"
OVER_TEXT = "Нажмите «Вход через Госуслуги» ещё раз или войдите с логином и паролем."
NEW_TAB = " (откроется в новой вкладке)"


def esia_page() -> rx.Component:
    """The choice, or why there is none (any more)."""
    return door_page(
        TITLE,
        error_summary(EsiaState.faults),
        rx.cond(EsiaState.ready, rx.cond(EsiaState.present, _choice(), _nobody()), skeleton()),
    )


def _choice() -> rx.Component:
    return rx.fragment(
        rx.el.p("Вы вошли на Госуслугах: ", rx.el.b(EsiaState.name)),
        rx.el.p(ONCE, class_name="muted"),
        rx.el.div(_bind(), _create(), class_name="pair"),
        required_note(),
        rx.el.p("Это не вы? ", native_link("Выйти из Госуслуг", href=paths.ESIA_LEAVE), "."),
    )


def _bind() -> rx.Component:
    return card(
        rx.cond(EsiaState.known, notice("info", KNOWN)),
        rx.el.p(HAVE),
        native_form(
            form_field(
                "Логин (email):",
                "login",
                required=True,
                error=EsiaState.errors["login"],
                type="email",
                auto_complete="username",
                default_value=EsiaState.login,
                key=EsiaState.login,
                spell_check=False,
            ),
            password_field(
                "Пароль:",
                "password",
                error=EsiaState.errors["password"],
                auto_complete="current-password",
                beside=rx.el.a(paths.TITLES[paths.FORGOT], href=paths.FORGOT),
            ),
            rx.el.div(submit("Войти и привязать"), class_name="row"),
            action=paths.ESIA_CLAIM,
            no_validate=True,
            class_name="stack",
        ),
        title="У меня есть учётная запись",
        card_id="have",
    )


def _create() -> rx.Component:
    return card(
        rx.el.p(CREATE),
        native_form(
            form_field(
                "Логин (email):",
                "email",
                required=True,
                error=EsiaState.errors["email"],
                hint=rx.cond(EsiaState.sure, SURE_HINT, LETTER_HINT),
                type="email",
                auto_complete="email",
                default_value=EsiaState.email,
                key=EsiaState.email,
                spell_check=False,
            ),
            check_field(_terms(), "terms", error=EsiaState.errors["terms"], required=True),
            check_field(_consent(), "consent", error=EsiaState.errors["consent"], required=True),
            rx.el.div(submit("Создать учётную запись", quiet=True), class_name="row"),
            action=paths.ESIA_CREATE,
            no_validate=True,
            class_name="stack",
        ),
        title="Я здесь впервые",
        card_id="create",
    )


def _nobody() -> rx.Component:
    return rx.cond(
        EsiaState.sent_to != "",
        notice(
            "good",
            rx.Var.create("Мы отправили письмо на ") + EsiaState.sent_to + ".",
            rx.el.p(NEXT),
            rx.el.div(action_link("На главную", paths.HOME, quiet=True), class_name="row"),
        ),
        empty_state(
            OVER,
            rx.el.p(OVER_TEXT),
            rx.el.div(
                rx.cond(
                    EsiaState.connected,
                    native_link("Вход через Госуслуги", href=paths.ESIA_START, class_name="button"),
                ),
                action_link("На главную", paths.HOME, quiet=True),
                class_name="row",
            ),
        ),
    )


def _terms() -> rx.Component:
    return rx.fragment("Принимаю условия ", _document("пользовательского соглашения", paths.TERMS), " *")


def _consent() -> rx.Component:
    return rx.fragment("Даю ", _document("согласие на обработку персональных данных", paths.CONSENT), " *")


def _document(words: str, href: str) -> rx.Component:
    return native_link(words, rx.el.span(NEW_TAB, class_name="hidden"), href=href, target="_blank", rel="noopener")

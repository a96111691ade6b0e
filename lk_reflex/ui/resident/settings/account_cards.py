"""The cards of the login as a whole: devices, data and consents, deletion."""

import reflex as rx

from lk_reflex.ui import paths
from lk_reflex.ui.resident.settings.data import ConsentRow
from lk_reflex.ui.resident.settings.devices import DeviceRow
from lk_reflex.ui.resident.settings.parts import button, faults_of, form_of, row, secret, settings_card
from lk_reflex.ui.resident.settings.state import SettingsState
from lk_reflex.ui.resident.settings.words import DATA, DELETION, DEVICES, PASSWORD, field_id
from lk_reflex.ui.shared.forms import described, field_error
from lk_reflex.ui.shared.native import native_form, native_link
from lk_reflex.ui.shared.notices import tag

UNKNOWN_DEVICE = "Если какое-то устройство вам не знакомо, завершите его сеанс и смените пароль."
IN_THE_FILE = (
    "Один архив: учётная запись, согласия, лицевые счета и доступы, переданные вами показания, корзина, список "
    "писем на нынешний адрес, сеансы, журнал действий. Паролей в нём нет."
)
GOES = (
    "Сразу удалятся: логин и телефон, пароль, все сеансы, привязки лицевых счетов и Госуслуг, доступы, которые дали вы "
    "и дали вам, корзина, черновики заявок с их файлами, паспортные данные, настройки писем и телефоны."
)
STAYS = (
    "Останутся по закону, под номером без имени и адреса: переданные показания, сведения об оплатах (закон о "
    "бухгалтерском учёте), журнал действий и отметки о согласиях с их отзывом. Отправленные заявки с приложенными "
    "документами и перепиской останутся у организации, без вашего имени и телефона."
)
AFTER = (
    "Восстановить учётную запись будет нельзя. С тем же адресом можно зарегистрироваться снова, но прежних данных в "
    "новой учётной записи не будет. Начисления и долги в организации от этого не меняются."
)
SURE = "Я понимаю: восстановить учётную запись будет нельзя"


def devices_card() -> rx.Component:
    """«Устройства»."""
    return settings_card(
        DEVICES,
        rx.el.p("Здесь вы вошли в личный кабинет. ", UNKNOWN_DEVICE),
        rx.el.ul(rx.foreach(SettingsState.devices, _device), class_name="devices"),
        native_form(
            rx.el.input(type="hidden", name="everywhere", value="1"),
            rx.el.button("Выйти на всех устройствах", type="submit", class_name="button quiet"),
            action=paths.SIGN_OUT,
        ),
    )


def _device(device: DeviceRow) -> rx.Component:
    return rx.el.li(
        rx.el.p(rx.el.b(device.name), " ", rx.cond(device.here, tag("это устройство", "good"))),
        rx.el.dl(
            rx.el.div(rx.el.dt("Вход:"), rx.el.dd(device.since)),
            rx.el.div(rx.el.dt("Последнее действие:"), rx.el.dd(device.seen)),
            rx.el.div(rx.el.dt("Сетевой адрес:"), rx.el.dd(device.address)),
            class_name="facts",
        ),
        rx.cond(
            ~device.here,
            row(button("Завершить", device.name, on_click=SettingsState.end_device(device.key))),
        ),
        key=device.key,
    )


def data_card() -> rx.Component:
    """«Мои данные и согласия»."""
    return settings_card(
        DATA,
        rx.cond(
            SettingsState.consents.length() > 0,
            rx.el.ul(rx.foreach(SettingsState.consents, _consent), class_name="fields"),
            rx.el.p("Учётную запись завела организация: отметок о согласиях, данных здесь, нет."),
        ),
        rx.el.p(
            "Согласие на обработку персональных данных можно отозвать в любое время. Без него личный кабинет работать "
            "не может, поэтому отзыв согласия — это ",
            native_link("удаление учётной записи", href=f"#{DELETION}"),
            ".",
        ),
        rx.el.h3("Все мои данные"),
        rx.el.p(IN_THE_FILE),
        row(native_link("Скачать все мои данные", href=paths.MY_DATA, download=True, class_name="button quiet")),
    )


def _consent(consent: ConsentRow) -> rx.Component:
    return rx.el.li(
        rx.el.p(rx.el.a(consent.title, href=consent.path)),
        rx.el.p("Редакция от ", consent.version, ", принято ", consent.given, class_name="small muted"),
        key=consent.key,
    )


def deletion_card() -> rx.Component:
    """«Удаление учётной записи»."""
    return settings_card(
        DELETION,
        rx.el.p(GOES),
        rx.el.p(STAYS),
        rx.el.p(AFTER),
        faults_of(DELETION),
        rx.cond(
            SettingsState.has_password,
            form_of(
                secret(DELETION, "Ваш пароль", "password"),
                _sure(),
                row(button("Удалить учётную запись", type="submit", class_name="button danger")),
                on_submit=SettingsState.delete_login,
                number=SettingsState.password_form,
                name=DELETION,
            ),
            rx.el.p(
                "Чтобы удалить учётную запись, сначала задайте пароль: им подтверждают удаление. ",
                native_link("К паролю", href=f"#{PASSWORD}"),
            ),
        ),
    )


def _sure() -> rx.Component:
    own_id = field_id(DELETION, "sure")
    error = SettingsState.errors[own_id]
    return rx.el.div(
        rx.el.div(
            rx.el.input(type="checkbox", value="yes", **described("sure", own_id, error, required=True)),
            rx.el.label(SURE, html_for=own_id),
            class_name="check",
        ),
        field_error(own_id, error),
        class_name="field",
    )

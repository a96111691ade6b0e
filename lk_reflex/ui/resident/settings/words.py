"""The names of the cards of «Настройки», and the ids by which links and the focus find things."""

from typing import Final

SAID_ID: Final = "said"
EMAIL, PHONE, CODE, PASSWORD = "email", "phone", "code", "password"
GOSUSLUGI, MAIL, DEVICES, DATA, DELETION = "gosuslugi", "mail", "devices", "data", "deletion"
PUSH = "push"

#: A card's id → its heading, in the page's order.
CARDS: Final = {
    EMAIL: "Логин/Email",
    PHONE: "Сотовый телефон",
    PASSWORD: "Пароль",
    GOSUSLUGI: "Вход через Госуслуги",
    MAIL: "Уведомления по почте",
    PUSH: "Уведомления на телефон",
    DEVICES: "Устройства",
    DATA: "Мои данные и согласия",
    DELETION: "Удаление учётной записи",
}

#: The fields of each form; a field's id is «<card>-<name>», so that two passwords of one page are told apart.
FIELDS: Final = {
    EMAIL: ("email", "password"),
    PHONE: ("phone",),
    CODE: ("code",),
    PASSWORD: ("current", "new", "again"),
    GOSUSLUGI: ("password",),
    DELETION: ("password", "sure"),
}


def field_id(card: str, name: str) -> str:
    """«email-password»."""
    return f"{card}-{name}"


def summary_id(card: str) -> str:
    """Of the container of a form's faults."""
    return f"{card}-faults"


#: No field has a fault.
NO_FAULTS: Final = {field_id(card, name): "" for card, names in FIELDS.items() for name in names}

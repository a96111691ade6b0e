"""Addresses of the pages, and the one table from which every menu is drawn."""

from dataclasses import dataclass
from typing import Final

HOME: Final = "/"
REGISTER: Final = "/register"
ACTIVATE: Final = "/activate/[token]"
FORGOT: Final = "/forgot"
RESET: Final = "/reset/[token]"
CONFIRM_EMAIL: Final = "/confirm-email/[token]"
FAREWELL: Final = "/farewell"
TERMS: Final = "/terms"
PRIVACY: Final = "/privacy"
CONSENT: Final = "/consent"
HELP: Final = "/help"
ESIA: Final = "/esia"
CONTACTS: Final = "/help#contacts"
GUEST: Final = "/guest"
#: What a reminder's link opens; see `domain/accounts/reading_links.py`.
REMIND: Final = "/remind/[token]"
OVERVIEW: Final = "/overview"
CHARGES: Final = "/charges"
#: The overview at its chart of charges.
YEAR: Final = "/overview?show=year"
ACCRUALS: Final = "/accruals"
PAYMENTS: Final = "/payments"
READINGS: Final = "/readings"
METERS: Final = "/meters"
DOCUMENTS: Final = "/documents"
#: One receipt as a page; «token» is the name that every last part has, here the receipt's number.
DOCUMENT: Final = "/documents/[token]"
ACCOUNTS: Final = "/accounts"
#: «+ Привязать лицевой счет» of every other page; a receipt's QR code holds `?account=…&house=…&flat=…` instead.
LINKING: Final = "/accounts?link=new"
CART: Final = "/cart"
#: «что и сколько», right before «Оплатить».
CART_CHECK: Final = "/cart?check=1"
#: What became of one payment; «token» is the order's number.
CART_RESULT: Final = "/cart/result/[token]"
NOTIFICATIONS: Final = "/notifications"
SETTINGS: Final = "/settings"
#: The electronic services; «token» is the number of a request.
SERVICES: Final = "/services"
#: A service's regulation, and the form of one draft or of one request that is to be corrected.
SEALING: Final = "/services/sealing"
SEALING_FORM: Final = "/services/sealing/[token]"
EMERGENCY: Final = "/services/emergency"
EMERGENCY_FORM: Final = "/services/emergency/[token]"
APPEAL: Final = "/services/appeal"
APPEAL_FORM: Final = "/services/appeal/[token]"
#: What has become of a request: its fields, history and thread.
REQUEST: Final = "/services/requests/[token]"
#: What a shared pay link opens, without signing in; see `domain/payments/links/`.
PAY: Final = "/pay/[token]"
#: The operators' desk.
STAFF_READINGS: Final = "/staff/readings"
STAFF_PAYMENTS: Final = "/staff/payments"
#: One order; «token» is its number.
STAFF_PAYMENT: Final = "/staff/payments/[token]"
STAFF_TOTALS: Final = "/staff/totals"
#: The queue of requests, and one of them.
STAFF_REQUESTS: Final = "/staff/requests"
STAFF_REQUEST: Final = "/staff/requests/[token]"
#: Looking up an account; «token» is its id, as a resident's pages show it.
STAFF_ACCOUNTS: Final = "/staff/accounts"
STAFF_ACCOUNT: Final = "/staff/accounts/[token]"
#: The period's readings: doubtful ones, and one entered for a caller.
STAFF_PERIOD: Final = "/staff/period"
STAFF_ANNOUNCEMENTS: Final = "/staff/announcements"
#: The administrator's.
STAFF_ORGANIZATIONS: Final = "/staff/organizations"
STAFF_ORGANIZATION: Final = "/staff/organizations/[token]"
STAFF_DICTIONARIES: Final = "/staff/dictionaries"
STAFF_PEOPLE: Final = "/staff/people"
STAFF_EXCHANGE: Final = "/staff/exchange"
STAFF_AUDIT: Final = "/staff/audit"
#: The desk's menu, from the left; and what administrators alone have beside it.
DESK: Final = (
    STAFF_REQUESTS, STAFF_PERIOD, STAFF_READINGS, STAFF_ACCOUNTS, STAFF_ANNOUNCEMENTS, STAFF_PAYMENTS, STAFF_TOTALS,
)  # fmt: skip
ADMINISTRATION: Final = (STAFF_ORGANIZATIONS, STAFF_DICTIONARIES, STAFF_PEOPLE, STAFF_EXCHANGE, STAFF_AUDIT)
#: Where staff land after the sign-in.
DESK_HOME: Final = STAFF_REQUESTS

SIGN_IN: Final = "/api/sign-in"
SIGN_OUT: Final = "/api/sign-out"
VIEW: Final = "/api/view"
ESIA_START: Final = "/api/esia/start"
ESIA_CLAIM: Final = "/api/esia/bind"
ESIA_CREATE: Final = "/api/esia/create"
ESIA_LEAVE: Final = "/api/esia/leave"
RECEIPTS_PDF: Final = "/api/receipts.pdf"
FILES: Final = "/api/files"
MY_DATA: Final = "/api/my-data.zip"
ESIA_BIND: Final = "/api/esia/ask"
GUEST_ENTER: Final = "/api/guest"
GUEST_LEAVE: Final = "/api/guest/leave"
REMIND_OPEN: Final = "/api/remind"
CART_PAY: Final = "/api/cart/pay"
PAY_BY_LINK: Final = "/api/pay"

#: What stands in for the outside world in a demonstration; the banner leads there.
STAND_INS: Final = (
    ("Почта", "/demo/mail"),
    ("Телефон", "/demo/sms"),
    ("Приложение", "/demo/push"),
    ("Госуслуги", "/demo/esia"),
    ("Банк", "/demo/bank"),
)

_ACCOUNT: Final = "Лицевой счёт"
_METERS: Final = "Приборы учёта"
_PERSONAL: Final = "Личное"


def receipt_pdf(receipt_id: int) -> str:
    """The address of a receipt as PDF."""
    return f"/api/receipts/{receipt_id}.pdf"


def receipt_page(receipt_id: int) -> str:
    """The address of the same receipt as a page."""
    return f"{DOCUMENTS}/{receipt_id}"


def pay_link(token: str) -> str:
    """The page of a shared pay link."""
    return f"/pay/{token}"


def pay_code(receipt_id: int, amount: int, suffix: str, *, in_cart: bool) -> str:
    """The code by which a receipt is paid in the bank's application; `amount` in kopecks is what the page says."""
    return f"/api/qr/{receipt_id}.{suffix}?of={'cart' if in_cart else 'due'}&sum={amount}"


def order_bank(number: str) -> str:
    """The way to the bank's page of an order that waits for its payer."""
    return f"/api/orders/{number}/bank"


def order_return(number: str) -> str:
    """Where the bank leads its payer back to."""
    return f"/api/orders/{number}/return"


def pay_link_bank(number: str) -> str:
    """The way to the bank's page of a link's order."""
    return f"{PAY_BY_LINK}/{number}/bank"


def pay_link_return(number: str) -> str:
    """Where the bank leads the payer by a link back to."""
    return f"{PAY_BY_LINK}/{number}/return"


def staff_order(number: str) -> str:
    """The page of an order as staff see it."""
    return f"{STAFF_PAYMENTS}/{number}"


def staff_orders_of(organization_id: int, day: str) -> str:
    """The list of one organization's orders that were paid on one day, «20.11.2026»."""
    return f"{STAFF_PAYMENTS}?organization={organization_id}&paid={day}"


def request_page(number: str) -> str:
    """The page of one's own request."""
    return f"{SERVICES}/requests/{number}"


def request_form(kind: str, number: str) -> str:
    """The form of a draft, or of a request that is to be corrected; `kind` as `requests.kinds` has it."""
    return f"{SERVICES}/{kind}/{number}"


def staff_request(number: str) -> str:
    """The page of a request as staff see it."""
    return f"{STAFF_REQUESTS}/{number}"


def staff_organization(organization_id: int) -> str:
    """The page on which an organization is changed."""
    return f"{STAFF_ORGANIZATIONS}/{organization_id}"


def staff_passport(number: str) -> str:
    """Where the passport of a request is shown to staff; each viewing is logged."""
    return f"/api/staff/requests/{number}/passport"


def staff_account(account_id: int) -> str:
    """The page of an account as staff see it."""
    return f"{STAFF_ACCOUNTS}/{account_id}"


def order_pdf(number: str) -> str:
    """The confirmation of a payment."""
    return f"/api/orders/{number}.pdf"


@dataclass(frozen=True, slots=True)
class Section:
    """One line of the menus; names are the manual's, word for word.

    `bar` is the short name in the phone's bottom bar; sections without one stand behind «Ещё». What isn't there
    `always` an organization may do without, see `domain/accounts/switches.py`.
    """

    path: str
    title: str
    group: str
    bar: str = ""
    icon: str = ""
    always: bool = True


#: A new section is one line here. The bottom bar has room for four (the fifth place is «Ещё»).
SECTIONS: Final = (
    Section(OVERVIEW, "Общая информация", _ACCOUNT, bar="Обзор", icon="home"),
    Section(CHARGES, "Детализация по услугам", _ACCOUNT, always=False),
    Section(ACCRUALS, "Детализация начислений", _ACCOUNT, always=False),
    Section(PAYMENTS, "История оплат", _ACCOUNT, bar="Платежи", icon="card", always=False),
    Section(DOCUMENTS, "Документы", _ACCOUNT, always=False),
    Section(ACCOUNTS, "Выбор лицевого счета", _ACCOUNT),
    Section(READINGS, "Передать показания", _METERS, bar="Показания", icon="gauge", always=False),
    Section(METERS, "Информация об ИПУ", _METERS, always=False),
    Section(SERVICES, "Услуги", _PERSONAL, bar="Услуги", icon="request"),
    Section(NOTIFICATIONS, "Уведомления", _PERSONAL),
    Section(SETTINGS, "Настройки", _PERSONAL),
)

#: What each page is called: its heading, its line in the menus, the browser's title.
TITLES: Final = {
    HOME: "Личный кабинет абонента",
    REGISTER: "Регистрация",
    ACTIVATE: "Активация аккаунта",
    FORGOT: "Забыли пароль?",
    RESET: "Новый пароль",
    CONFIRM_EMAIL: "Подтверждение адреса",
    FAREWELL: "Учётная запись удалена",
    TERMS: "Пользовательское соглашение",
    PRIVACY: "Политика обработки персональных данных",
    CONSENT: "Согласие на обработку персональных данных",
    HELP: "Инструкция по использованию личного кабинета",
    ESIA: "Вход через Госуслуги",
    CART: "Корзина",
    CART_RESULT: "Результат оплаты",
    DOCUMENT: "Квитанция",
    GUEST: "Передать показания ИПУ",
    PAY: "Оплата по ссылке",
    REMIND: "Показания по ссылке из письма",
    STAFF_READINGS: "Просьбы исправить показания",
    STAFF_PAYMENTS: "Платежи",
    STAFF_PAYMENT: "Заказ",
    STAFF_TOTALS: "Сверка с банком",
    SEALING: "Ввод в эксплуатацию прибора учета воды",
    SEALING_FORM: "Заявка на опломбировку",
    EMERGENCY: "Сообщить об аварии",
    EMERGENCY_FORM: "Заявка на ремонт",
    APPEAL: "Написать обращение",
    APPEAL_FORM: "Обращение",
    REQUEST: "Заявка",
    STAFF_REQUESTS: "Заявки и обращения",
    STAFF_REQUEST: "Заявка",
    STAFF_ACCOUNTS: "Лицевые счета",
    STAFF_ACCOUNT: "Лицевой счет",
    STAFF_PERIOD: "Показания за период",
    STAFF_ANNOUNCEMENTS: "Объявления и отключения",
    STAFF_ORGANIZATIONS: "Организации",
    STAFF_ORGANIZATION: "Организация",
    STAFF_DICTIONARIES: "Справочники",
    STAFF_PEOPLE: "Сотрудники",
    STAFF_EXCHANGE: "Обмен с биллингом",
    STAFF_AUDIT: "Журнал действий",
    **{section.path: section.title for section in SECTIONS},
}

#: Left to right on a phone; the most frequent errand after the overview comes second.
BAR_ORDER: Final = (OVERVIEW, READINGS, PAYMENTS, SERVICES)


def groups() -> dict[str, list[Section]]:
    """The sections of the desktop menu by group, in the order of the table."""
    found: dict[str, list[Section]] = {}
    for section in SECTIONS:
        found.setdefault(section.group, []).append(section)
    return found


def bar() -> list[Section]:
    """The sections of the phone's bottom bar."""
    return sorted((s for s in SECTIONS if s.bar), key=lambda section: BAR_ORDER.index(section.path))


def behind_more() -> list[Section]:
    """The sections that a phone keeps behind «Ещё»."""
    return [section for section in SECTIONS if not section.bar]

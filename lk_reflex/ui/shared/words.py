"""Russian words that several pages share."""

from typing import Final

PRODUCT: Final = "Личный кабинет"
PRODUCT_FULL: Final = "Личный кабинет абонента"

DEMO_ABOUT: Final = "Данные вымышлены, письма и деньги никуда не уходят."
SKIP_TO_CONTENT: Final = "К содержанию"
SECTIONS: Final = "Разделы"
SECTIONS_PHONE: Final = "Разделы (телефон)"
PERSONAL: Final = "Личное"
STAFF: Final = "Сотрудникам"
ADMINISTRATION: Final = "Администрирование"
TO_DESK: Final = "Личный кабинет абонента: стол оператора"
TO_CABINET: Final = "Личный кабинет"
MORE: Final = "Ещё"
CART: Final = "Корзина"
UNREAD_BEHIND: Final = " новых уведомлений"
SIGN_OUT: Final = "Выйти"
TO_OVERVIEW: Final = "Личный кабинет абонента: общая информация"
TO_HOME: Final = "Личный кабинет абонента: на главную"

ACCOUNT: Final = "Лицевой счет:"
CHOOSE_ACCOUNT: Final = "Выбор лицевого счета"
NO_ACCOUNTS: Final = "К аккаунту не привязаны лицевые счета!"
LINK_ACCOUNT: Final = "+ Привязать лицевой счет"

VIEW: Final = "Вид страницы"
LARGE_TEXT: Final = "Крупный шрифт"
CONTRAST: Final = "Контраст"
SWITCHED_ON: Final = "включён"

MONTH: Final = "Месяц"
TOTAL: Final = "ИТОГО"
NO_VALUE: Final = "—"
NO_DATA: Final = "нет данных"
WAIT: Final = "Подождите…"
LOADING: Final = "Загружаем данные…"
SHOW: Final = "Показать"
HIDE: Final = "Скрыть"
CHART_PUT_OFF: Final = "Сейчас много обращений, поэтому график пока не построен: сначала мы принимаем показания."

ERROR: Final = "Ошибка"
FIX_ERRORS: Final = "Исправьте ошибки"
REQUIRED_NOTE: Final = "* — Поле обязательно для заполнения"
REQUIRED_FLAT_NOTE: Final = "** — Поле обязательно для заполнения в многоквартирных домах"
FLAT_HINT: Final = "Для частного дома оставьте пустым"

HELP: Final = "Помощь:"
DOCUMENTS: Final = "Инструкция и документы"
HELP_BY_DEFAULT: Final = "по вопросам использования обращайтесь в вашу управляющую (ресурсоснабжающую) компанию."
CONTACTS: Final = "Контакты организаций"
DEMO: Final = "Демонстрация"

#: True whether what was pressed is still on its way or lost with the connection: the same form is taken once only.
OFFLINE: Final = (
    "Нет связи с сервером. Восстанавливаем соединение… Введённое остаётся на странице: если после этого ответа не "
    "будет, нажмите кнопку ещё раз, дважды ничего не отправится."
)
#: Why a socket was refused, as the server says it to the page; and what the page says to the person.
MANY_TABS: Final = "many-tabs"
CROWDED: Final = "crowded"
FULL_HOUSE: Final = "full"
NO_STATES: Final = "no-states"
REFUSED_SOCKETS: Final = {
    MANY_TABS: (
        "Открыто слишком много вкладок личного кабинета. Закройте лишние, в том числе на других устройствах: эта "
        "вкладка подключится сама, введённое в ней останется."
    ),
    CROWDED: (
        "С вашего адреса в интернете открыто слишком много страниц кабинета. Закройте лишние вкладки или войдите в "
        "кабинет: у вошедших свой счёт. Эта вкладка подключится сама, когда место освободится."
    ),
    FULL_HOUSE: (
        "Сейчас в кабинете очень много посетителей. Не закрывайте страницу: она подключится сама, когда место "
        "освободится, введённое в ней останется."
    ),
    NO_STATES: (
        "Кабинет сейчас не может ответить: у нас сбой, мы его уже устраняем. Не закрывайте страницу: она подключится "
        "сама, введённое в ней останется. После этого нажмите кнопку ещё раз, дважды ничего не отправится."
    ),
}
NEW_VERSION: Final = (
    "Вышла новая версия личного кабинета. Обновите страницу: введённые показания и черновики заявок сохранятся, "
    "остальное начатое сначала отправьте."
)
REFRESH: Final = "Обновить"
BROKEN_TITLE: Final = "Не получилось показать страницу"
BROKEN_TEXT: Final = "Это наша ошибка. Обновите страницу; если не поможет, попробуйте позже."
RELOAD: Final = "Обновить страницу"
NOT_FOUND_TITLE: Final = "Страница не найдена"
NOT_FOUND_TEXT: Final = "Проверьте адрес страницы или перейдите на главную: возможно, ссылка устарела."
GO_HOME: Final = "На главную"


def page_title(heading: str) -> str:
    """The browser's title of a page: «Общая информация — Личный кабинет»; the home page's heading says it all."""
    return heading if heading == PRODUCT_FULL else f"{heading} — {PRODUCT}"


SECTION_OFF = "Этого раздела у вашей организации нет"
SECTION_OFF_HOW = "Она не ведёт его в личном кабинете. Позвоните ей: телефон внизу страницы."

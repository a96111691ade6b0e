"""The words of the application for sealing; labels and placeholders are the manual's."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Words:
    """What a field says of itself: label, placeholder, a sentence of help; its keyboard, what a browser may fill in."""

    label: str
    placeholder: str = ""
    hint: str = ""
    input_mode: str = ""
    auto_complete: str = "off"
    short: bool = False
    required: bool = True


OWN: Final = {
    "owner": Words("ФИО собственника", "Фамилия Имя Отчество", auto_complete="name"),
    "document": Words("Документ удостоверяющий личность", "Паспорт"),
    "phone": Words("Контактный телефон", "89123456789", "По нему позвонит оператор", "tel", "tel", short=True),
    "wished": Words(
        "Предлагаемая дата ввода ПУ в эксплуатацию",
        "15 рабочих дней с момента рассмотрения заявки",
        "Например 30.11.2026. Можно оставить пустым",
        required=False,
    ),
}
PASSPORT: Final = {
    "series": Words("Серия", "Серия", "Четыре цифры", "numeric", short=True),
    "number": Words("Номер", "Номер", "Шесть цифр", "numeric", short=True),
    "issued_on": Words("Дата выдачи", "ДД.ММ.ГГГГ", input_mode="numeric", short=True),
    "code": Words("Код подразделения", "740-054", input_mode="numeric", short=True),
    "issued_by": Words("Кем", "Отделом УФМС ..."),
}
METER: Final = {
    "application": Words("Тип заявки"),
    "type": Words("Тип прибора учета (ПУ)"),
    "serial": Words("Заводской номер ПУ", "58416745412", "Номер написан на самом приборе", short=True),
    "brand": Words("Марка (ПУ)"),
    "reading": Words("Показание ПУ на момент подачи заявки", "0", "В кубометрах", "decimal", short=True),
    "verification_due": Words(
        "Дата следующей поверки",
        "ДД.ММ.ГГГГ",
        "Написана в паспорте прибора или в акте о поверке",
        "numeric",
        short=True,
    ),
    "place": Words("Место установки"),
    "installer": Words(
        "Сведения об организации, осуществляющей монтаж ПУ", hint="Название, телефон; если ставили сами, напишите это"
    ),
}
LIST: Final = "Список счетчиков"
COPIES: Final = "Приложите копии документов:"
PASSPORT_COPY, ACT_COPY = "паспорт на ПУ *", "акт о прохождении поверки ПУ *"
NO_ACT: Final = "Для нового прибора акт о прохождении поверки не нужен."
ADD, REMOVE, KEEP, SEND = "+ Добавить счетчик", "Убрать счетчик", "Сохранить", "Отправить"
REMOVE_ASK: Final = "Убрать счетчик вместе со всем, что о нём введено, и с его файлами? Вернуть их будет нельзя."
REMOVE_YES, REMOVE_NO = "Да, убрать", "Оставить"
CHOOSE: Final = "Выберите"
CHANGE: Final = "Изменить"
FULL: Final = "В одной заявке не больше 20 счетчиков. Об остальных подайте ещё одну заявку."
CHECKING: Final = "Проверьте заявку"
CHECK_HOW: Final = "Посмотрите, всё ли верно. Пока вы не нажали «Отправить», заявка никуда не ушла."
#: What a correction is asked for.
CORRECT: Final = "Исправьте: "
ASKED: Final = "Оператор вернул заявку на исправление"
MARK: Final = "Оператор просит исправить это поле"
KEPT: Final = "Заявка сохранена в черновики"
KEPT_CORRECTION: Final = "Исправления сохранены"
KEPT_HOW: Final = (
    "Она лежит в разделе «Услуги», под заголовком «Черновики», с любого устройства. Мы её ещё не отправили."
)
KEPT_CORRECTION_HOW: Final = (
    "Заявка лежит в разделе «Услуги» со статусом «На исправление». Отправьте её, когда исправите."
)
OFFLINE: Final = "Не получилось сохранить. Введённое осталось на странице: нажмите «Сохранить» чуть позже"
AFTER: Final = (
    "После отправки вы увидите номер заявки и что будет дальше. Ответ придёт в уведомления и на "
    "почту: заявку рассматривают и исполняют за 15 рабочих дней."
)
MOST: Final = 20

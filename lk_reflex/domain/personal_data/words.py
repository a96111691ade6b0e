"""Russian words for what the log and the outbox keep by short English names."""

from collections.abc import Mapping
from typing import Final

DOCUMENTS: Final[Mapping[str, str]] = {
    "terms": "Пользовательское соглашение",
    "consent": "Согласие на обработку персональных данных",
    "privacy": "Политика обработки персональных данных",
}
LETTERS: Final[Mapping[str, str]] = {
    "activate": "Активация аккаунта",
    "reset": "Восстановление пароля",
    "password-changed": "Пароль изменён",
    "email-change": "Подтверждение нового адреса",
    "email-change-asked": "Запрошена смена логина",
    "email-changed": "Логин изменён",
    "phone-changed": "Изменён телефон",
    "new-device": "Вход с нового устройства",
    "readings": "Подтверждение передачи показаний",
    "readings-waiting": "Отложенные показания не переданы",
    "reading-answer": "Ответ организации на показания",
    "reading-correction": "Решение по просьбе исправить показание",
    "receipts": "Новая квитанция",
    "payment": "Оплата принята",
    "payment-refunded": "Возврат оплаты",
    "reminder": "Напоминание о показаниях",
    "verification": "Срок поверки счётчика",
    "farewell": "Учётная запись удалена",
    "esia-bound": "Привязаны Госуслуги",
    "esia-unbound": "Отвязаны Госуслуги",
    "guessing": "Попытки подобрать ваш пароль",
    "linked": "К вашему лицевому счету привязан ещё один личный кабинет",
    "link-paused": "Кто-то пытался привязать ваш лицевой счет",
    "access": "Вам открыт доступ к лицевому счету",
    "access-closed": "Доступ к лицевому счету закрыт",
    "access-watch": "К вашему лицевому счету открыт доступ",
}
DEEDS: Final[Mapping[str, str]] = {
    "registered": "Регистрация",
    "signed-in": "Вход",
    "sign-in": "Вход",
    "esia-sign-in": "Вход через Госуслуги",
    "signed-out": "Выход",
    "session-ended": "Завершён сеанс на другом устройстве",
    "sessions-ended": "Выход на всех устройствах",
    "reset-asked": "Запрошено восстановление пароля",
    "password-reset": "Пароль восстановлен по ссылке из письма",
    "password-changed": "Пароль изменён",
    "email-change-asked": "Запрошена смена логина",
    "email-change-cancelled": "Смена логина отменена",
    "email-changed": "Логин изменён",
    "phone-code": "Отправлен код на телефон",
    "phone-changed": "Изменён телефон",
    "esia-bound": "Привязаны Госуслуги",
    "esia-unbound": "Отвязаны Госуслуги",
    "data-taken": "Скачаны все данные",
    "login-deleted": "Учётная запись удалена",
    "account-linked": "Привязан лицевой счет",
    "account-unlinked": "Отвязан лицевой счет",
    "linking-refused": "Не получилось привязать лицевой счет",
    "linking-paused": "Привязка лицевого счета приостановлена",
    "access-given": "Дан доступ к лицевому счету",
    "access-revoked": "Отозван доступ к лицевому счету",
    "access-taken-up": "Получен доступ к лицевому счету",
    "password-guessing": "Попытки подобрать пароль",
    "sign-in-paused": "Вход приостановлен после неудачных попыток",
    "sign-in-flood": "Слишком много попыток входа",
    "guest-entered": "Вход без регистрации",
    "bank-callback-refused": "Отклонено поддельное уведомление банка",
    "correction-asked": "Просьба исправить показание",
    "correction-withdrawn": "Просьба исправить показание отозвана",
    "correction-accepted": "Показание исправлено по просьбе",
    "correction-declined": "Просьба исправить показание отклонена",
    "pay-link-made": "Создана ссылка на оплату",
    "pay-link-revoked": "Ссылка на оплату отозвана",
    "refund-asked": "Запрошен возврат платежа",
    "refund-repeated": "Возврат платежа отправлен в банк ещё раз",
    "refund-dropped": "Возврат платежа закрыт: деньги не возвращены",
    "hold-undone": "Отменено удержание платежа",
    "order-seen": "Сотрудник открыл платёж",
    "day-looked-up": "Сотрудник перепроверил платежи дня в банке",
    "day-taken": "Сотрудник скачал платежи дня",
    "reading-link-used": "Форма показаний открыта по ссылке из письма",
}
#: What became of a form that waited for its window.
FORMS: Final[Mapping[str, str]] = {
    "": "ждёт открытия приёма",
    "sent": "переданы",
    "refused": "не приняты",
    "withdrawn": "отменены",
    "replaced": "заменены другими",
}
#: What has become of an order.
ORDERS: Final[Mapping[str, str]] = {
    "new": "отправляется в банк",
    "waiting": "ждёт оплаты",
    "checking": "проверяется банком",
    "paid": "оплачен",
    "refunded": "деньги возвращены",
    "declined": "не оплачен",
    "reversed": "блокировка суммы снята",
    "expired": "отменён или не оплачен вовремя",
    "failed": "банк не принял",
}
#: Which part of a receipt's line was paid.
PARTS: Final[Mapping[str, str]] = {
    "main": "основная сумма",
    "penalty": "пени",
    "advance": "аванс",
    "advance-penalty": "пени в авансе",
}
OTHER_LETTER: Final = "Служебное письмо"
OTHER_DEED: Final = "Действие с учётной записью"

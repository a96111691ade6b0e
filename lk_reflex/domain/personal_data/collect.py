"""What is kept of a person, subject by subject; never what is somebody else's, nor hashes and tokens."""

from lk_reflex.core.crypt import Vault
from lk_reflex.core.db import Reader
from lk_reflex.core.exact import to_decimal
from lk_reflex.domain.accounts.linked import address_line
from lk_reflex.domain.identity.access import Actor
from lk_reflex.domain.identity.signing_in.user_agent import device_words
from lk_reflex.domain.mail.topics import choices
from lk_reflex.domain.metering.correcting.correction_list import CORRECTED, DECLINED, WAITS, WITHDRAWN, fate_of
from lk_reflex.domain.metering.sending.waiting import names_of
from lk_reflex.domain.metering.tables import PLACES
from lk_reflex.domain.notifications.phones import phones, topics_of
from lk_reflex.domain.personal_data import queries
from lk_reflex.domain.personal_data.paid import paid_sheets
from lk_reflex.domain.personal_data.requested import request_sheets
from lk_reflex.domain.personal_data.sheets import Sheet
from lk_reflex.domain.personal_data.words import DEEDS, DOCUMENTS, FORMS, LETTERS, OTHER_DEED, OTHER_LETTER

_DECISIONS = {WAITS: "ждёт", CORRECTED: "исправлено", DECLINED: "отклонено", WITHDRAWN: "отозвано"}


def collect(db: Reader, actor: Actor, vault: Vault) -> list[Sheet]:
    """Every subject, also the empty ones: «нет» is an answer as well."""
    return [
        _profile(db, actor),
        _consents(db, actor),
        _esia(db, actor),
        _links(db, actor),
        _given(db, actor),
        _sent(db, actor),
        _waiting(db, actor),
        _files(db, actor),
        _corrections(db, actor),
        _cart(db, actor),
        *paid_sheets(db, actor),
        *request_sheets(db, vault, actor),
        _notifications(db, actor),
        _visits(db, actor),
        _topics(db, actor),
        _push_topics(db, actor),
        _phones(db, actor),
        _letters(db, actor),
        _sessions(db, actor),
        _deeds(db, actor),
    ]


def _profile(db: Reader, actor: Actor) -> Sheet:
    columns = ("Номер", "Логин", "Телефон", "Телефон подтверждён", "Создана", "Активирована")
    return Sheet(
        "Учётная запись", columns, [(actor.user_id, *row) for row in db.rows(queries.PROFILE, user_id=actor.user_id)]
    )


def _consents(db: Reader, actor: Actor) -> Sheet:
    columns = ("Документ", "Редакция", "Принято", "Сетевой адрес", "Отозвано")
    rows = [
        (DOCUMENTS.get(row.document, row.document), row.version, row.given_at, row.address, row.withdrawn_at)
        for row in db.rows(queries.CONSENTS, user_id=actor.user_id)
    ]
    return Sheet("Соглашения и согласия", columns, rows)


def _esia(db: Reader, actor: Actor) -> Sheet:
    columns = ("Номер в Госуслугах", "Имя", "Подтверждённая", "Привязано")
    rows = [
        (row.oid, row.name, bool(row.trusted), row.bound_at) for row in db.rows(queries.ESIA, user_id=actor.user_id)
    ]
    return Sheet("Госуслуги", columns, rows)


def _links(db: Reader, actor: Actor) -> Sheet:
    columns = (
        "Лицевой счет", "Адрес", "Организация", "Привязан", "Передача показаний", "Оплата", "До", "По доступу владельца"
    )  # fmt: skip
    rows = [
        (
            row.number, address_line(row.street, row.house, row.flat), row.name, row.linked_at, bool(row.may_send),
            bool(row.may_pay), row.ends_at, row.grant_id is not None,
        )
        for row in db.rows(queries.LINKS, **actor.owning)
    ]  # fmt: skip
    return Sheet("Лицевые счета", columns, rows)


def _given(db: Reader, actor: Actor) -> Sheet:
    columns = ("Лицевой счет", "Кому", "Адрес почты", "Передача показаний", "Оплата", "Дан", "До", "Отозван")
    rows = [
        (
            row.number, row.name, row.email, bool(row.may_send), bool(row.may_pay), row.created_at, row.ends_at,
            row.revoked_at,
        )
        for row in db.rows(queries.GIVEN, user_id=actor.user_id)
    ]  # fmt: skip
    return Sheet("Доступ, который вы дали", columns, rows)


def _sent(db: Reader, actor: Actor) -> Sheet:
    columns = (
        "Лицевой счет", "Прибор учета", "Заводской номер", "Тарифная зона", "Период", "Дата снятия", "Показание",
        "Объем", "Передано", "Заменено",
    )  # fmt: skip
    rows = [
        (
            row.number, row.name, row.serial, row.scale, row.period.dotted, row.taken_on,
            to_decimal(row.value, PLACES), to_decimal(row.volume, PLACES), row.created_at, row.replaced_at,
        )
        for row in db.rows(queries.SENT, user_id=actor.user_id)
    ]  # fmt: skip
    return Sheet("Переданные показания", columns, rows)


def _corrections(db: Reader, actor: Actor) -> Sheet:
    columns = (
        "Лицевой счет", "Прибор учета", "Заводской номер", "Тарифная зона", "Верное показание", "Дата снятия",
        "Объяснение", "Отправлено", "Решено", "Решение", "Ответ",
    )  # fmt: skip
    rows = [
        (
            row.number, row.name, row.serial, row.scale, to_decimal(row.value, PLACES), row.taken_on, row.explanation,
            row.created_at, row.decided_at, _DECISIONS[fate_of(row)], row.comment,
        )
        for row in db.rows(queries.CORRECTIONS, user_id=actor.user_id)
    ]  # fmt: skip
    return Sheet("Просьбы исправить показания", columns, rows)


def _waiting(db: Reader, actor: Actor) -> Sheet:
    columns = ("Лицевой счет", "Показания", "Дата снятия", "Период", "Отложено", "Приём с", "Что стало")
    rows = []
    for row in db.rows(queries.WAITING, user_id=actor.user_id):
        names = names_of(db, row.account_id)
        typed = "; ".join(f"{names.get(key, key)}: {text}" for key, text in row.entries.items())
        became = FORMS.get(row.outcome, row.outcome)
        rows.append((row.number, typed, row.taken_on, row.period.dotted, row.created_at, row.opens_on, became))
    return Sheet("Отложенные показания", columns, rows)


def _files(db: Reader, actor: Actor) -> Sheet:
    rows = [tuple(row) for row in db.rows(queries.FILES, user_id=actor.user_id)]
    return Sheet("Фотографии", ("Лицевой счет", "Название", "Размер, байт", "Загружено", "Передано"), rows)


def _cart(db: Reader, actor: Actor) -> Sheet:
    columns = ("Лицевой счет", "Квитанция", "Месяц", "С авансом", "Добавлено")
    rows = [
        (row.number, row.kind, row.month.dotted, bool(row.with_advance), row.added_at)
        for row in db.rows(queries.CART, **actor.owning)
    ]
    return Sheet("Корзина", columns, rows)


def _notifications(db: Reader, actor: Actor) -> Sheet:
    """As the feed shows them: a line about an account that one sees no more tells of somebody else's."""
    columns = ("Когда", "О чём", "Подробности", "Лицевой счет", "Прочитано")
    rows = [
        (row.created_at, row.title, row.body, row.number or "", row.read_at)
        for row in db.rows(queries.NOTIFICATIONS, **actor.owning)
    ]
    return Sheet("Уведомления", columns, rows)


def _visits(db: Reader, actor: Actor) -> Sheet:
    """Kept for a day after their end."""
    columns = ("Лицевой счет", "Открыта", "Завершена", "Сетевой адрес")
    rows = [
        (row.number, row.created_at, row.ended_at, row.address)
        for row in db.rows(queries.VISITS, user_id=actor.user_id)
    ]
    return Sheet("Формы по ссылке из письма", columns, rows)


def _topics(db: Reader, actor: Actor) -> Sheet:
    rows = [(choice.topic.title, choice.wanted) for choice in choices(db, actor.user_id)]
    return Sheet("Уведомления по почте", ("О чём", "Отправлять"), rows)


def _push_topics(db: Reader, actor: Actor) -> Sheet:
    rows = [(choice.topic.title, choice.wanted) for choice in topics_of(db, actor)]
    return Sheet("Уведомления на телефон", ("О чём", "Присылать"), rows)


def _phones(db: Reader, actor: Actor) -> Sheet:
    rows = [(one.name, one.platform, one.bound_at) for one in phones(db, actor)]
    return Sheet("Телефоны для уведомлений", ("Название", "Система", "Привязан"), rows)


def _letters(db: Reader, actor: Actor) -> Sheet:
    rows = [
        (LETTERS.get(row.kind, OTHER_LETTER), row.created_at, row.sent_at)
        for row in db.rows(queries.LETTERS, email=actor.email)
    ]
    return Sheet("Письма", ("О чём", "Создано", "Отправлено"), rows)


def _sessions(db: Reader, actor: Actor) -> Sheet:
    rows = [
        (device_words(row.client), row.client, row.address, row.created_at, row.seen_at, row.ended_at)
        for row in db.rows(queries.SESSIONS, user_id=actor.user_id)
    ]
    columns = ("Устройство", "Браузер о себе", "Сетевой адрес", "Вход", "Последнее действие", "Завершён")
    return Sheet("Сеансы", columns, rows)


def _deeds(db: Reader, actor: Actor) -> Sheet:
    """Who else acted stays unnamed, and so does their network address."""
    rows = [
        (
            row.at,
            DEEDS.get(row.action, OTHER_DEED),
            "вы" if row.actor_id == actor.user_id else "",
            row.address if row.actor_id == actor.user_id else "",
        )
        for row in db.rows(queries.DEEDS, user_id=actor.user_id)
    ]
    return Sheet("Журнал действий", ("Когда", "Что", "Кто", "Сетевой адрес"), rows)

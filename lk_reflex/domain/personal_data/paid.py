"""What a person has paid here, as tables of their data."""

from lk_reflex.core.db import Reader
from lk_reflex.core.money import roubles
from lk_reflex.domain.identity.access import Actor
from lk_reflex.domain.personal_data import queries
from lk_reflex.domain.personal_data.sheets import Sheet
from lk_reflex.domain.personal_data.words import ORDERS, PARTS


def paid_sheets(db: Reader, actor: Actor) -> list[Sheet]:
    """Orders, what they paid for, what was given back, and links that let others pay."""
    return [_orders(db, actor), _lines(db, actor), _returned(db, actor), _links(db, actor)]


def _orders(db: Reader, actor: Actor) -> Sheet:
    columns = (
        "Номер платежа", "Создан", "Оплачен", "Организация", "Сумма", "Комиссия", "Всего", "Возвращено", "Состояние",
        "Карта", "Адрес почты",
    )  # fmt: skip
    rows = [
        (
            row.number, row.created_at, row.paid_at, row.name, roubles(row.amount), roubles(row.commission),
            roubles(row.total), roubles(row.refunded), ORDERS.get(row.status, row.status), row.card, row.email,
        )
        for row in db.rows(queries.ORDERS, user_id=actor.user_id)
    ]  # fmt: skip
    return Sheet("Платежи", columns, rows)


def _lines(db: Reader, actor: Actor) -> Sheet:
    columns = ("Номер платежа", "Лицевой счет", "Квитанция", "Месяц", "Услуга", "Часть", "Сумма")
    rows = [
        (
            row.order, row.number, row.kind, row.month.dotted, row.service, PARTS.get(row.part, row.part),
            roubles(row.amount),
        )
        for row in db.rows(queries.ORDER_LINES, user_id=actor.user_id)
    ]  # fmt: skip
    return Sheet("Платежи по услугам", columns, rows)


def _returned(db: Reader, actor: Actor) -> Sheet:
    rows = [
        (row.number, row.created_at, roubles(-row.amount)) for row in db.rows(queries.RETURNED, user_id=actor.user_id)
    ]
    return Sheet("Возвраты платежей", ("Номер платежа", "Когда", "Сумма"), rows)


def _links(db: Reader, actor: Actor) -> Sheet:
    columns = (
        "Лицевой счет", "Квитанция", "Месяц", "Услуга", "Часть", "Сумма", "Создана", "Действует до", "Отозвана"
    )  # fmt: skip
    rows = [
        (
            row.number, row.kind, row.month.dotted, row.service or "", PARTS.get(row.part, ""),
            roubles(row.amount or 0), row.created_at, row.expires_at, row.revoked_at,
        )
        for row in db.rows(queries.PAY_LINKS, user_id=actor.user_id)
    ]  # fmt: skip
    return Sheet("Ссылки на оплату", columns, rows)

"""Детализация по услугам as a table: a row a service of each receipt; and the same charges by month and service."""

from collections import defaultdict

from lk_reflex.core.db import Reader
from lk_reflex.core.months import Month
from lk_reflex.domain.billing.charges import ReceiptCharges, charges_of
from lk_reflex.domain.billing.months import months_of
from lk_reflex.domain.documents.sheets.model import Asked, Column, Sheet, Value, sheet_of
from lk_reflex.domain.identity.access import Actor

CHARGES = (
    Column("Месяц", "month"),
    Column("Квитанция", width=46),
    Column("Услуга", width=40),
    Column("Долг (+) / Переплата (-) (руб.)", "money"),
    Column("Оплачено (-) (руб.)", "money"),
    Column("Начислено (руб.)", "money"),
    Column("Итого к оплате (руб.)", "money"),
    Column("Пени: долг (+) / переплата (-) (руб.)", "money"),
    Column("Пени: оплачено (-) (руб.)", "money"),
    Column("Пени: начислено (руб.)", "money"),
    Column("Пени: итого к оплате (руб.)", "money"),
)


def charges_sheet(db: Reader, actor: Actor, asked: Asked) -> Sheet:
    """The months asked for, oldest first. Without the page's ИТОГО: whoever sums the column up would count it twice."""
    rows = [
        (month, receipt.title, line.service, *line.main, *line.penalty)
        for month, receipt in _receipts(db, actor, asked)
        for line in receipt.lines
    ]
    return sheet_of(asked, "Детализация по услугам", "детализация-по-услугам", CHARGES, rows, span=True)


def by_month_sheet(db: Reader, actor: Actor, asked: Asked) -> Sheet:
    """A row a month, a column a service: what was charged, and the month's sum. Services in the order they come."""
    charged: dict[Month, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for month, receipt in _receipts(db, actor, asked):
        for line in receipt.lines:
            charged[month][line.service] += line.main.charged
    services = list(dict.fromkeys(service for of_month in charged.values() for service in of_month))
    columns = (Column("Месяц", "month"), *(Column(name, "money") for name in services), Column("Всего (руб.)", "money"))
    rows: list[tuple[Value, ...]] = [
        (month, *(of_month.get(service) for service in services), sum(of_month.values()))
        for month, of_month in charged.items()
    ]
    return sheet_of(asked, "Начислено по месяцам", "начислено-по-месяцам", columns, rows, span=True)


def _receipts(db: Reader, actor: Actor, asked: Asked) -> list[tuple[Month, ReceiptCharges]]:
    account_id = asked.account.account_id
    months = asked.within(months_of(db, actor, account_id))
    return [(month, receipt) for month in months for receipt in charges_of(db, actor, account_id, month)]

"""«Почему изменилась сумма?» as a table: a row a service and month, a column a reason; the reasons add up."""

from typing import Final

from lk_reflex.core.db import Reader
from lk_reflex.core.months import Month
from lk_reflex.domain.billing.explaining.explain import ServiceChange
from lk_reflex.domain.billing.explaining.explain_parts import Kind
from lk_reflex.domain.billing.explaining.explained import explained
from lk_reflex.domain.billing.months import months_of
from lk_reflex.domain.documents.sheets.model import Asked, Column, Sheet, Value, sheet_of
from lk_reflex.domain.identity.access import Actor

_REASONS: Final = {
    Kind.TARIFF: "Тариф (руб.)",
    Kind.VOLUME: "Расход и объем (руб.)",
    Kind.NORM: "Норматив (руб.)",
    Kind.RECALCULATION: "Перерасчет (руб.)",
    Kind.OPERATION: "Льготы и другие операции (руб.)",
    Kind.NEW: "Новая услуга (руб.)",
    Kind.GONE: "Услуги больше нет (руб.)",
    Kind.REST: "Прочее (руб.)",
}
COLUMNS = (
    Column("Месяц", "month"),
    Column("По сравнению с", "month"),
    Column("Услуга", width=40),
    Column("Было (руб.)", "money"),
    Column("Стало (руб.)", "money"),
    Column("Изменение (руб.)", "money"),
    *(Column(header, "money") for header in _REASONS.values()),
)


def why_sheet(db: Reader, actor: Actor, asked: Asked) -> Sheet:
    """Each month asked for against the one before it, oldest first; months that have none before them are left out."""
    rows = [
        row
        for month in asked.within(months_of(db, actor, asked.account.account_id))
        for row in _month(db, actor, asked.account.account_id, month)
    ]
    return sheet_of(asked, "Почему изменилась сумма", "изменения", COLUMNS, rows, span=True)


def _month(db: Reader, actor: Actor, account_id: int, month: Month) -> list[tuple[Value, ...]]:
    found = explained(db, actor, account_id, month)
    if found is None or found.why is None:
        return []
    why = found.why
    return [(why.after, why.before, *_service(one)) for one in why.services if one.was or one.now or one.parts]


def _service(one: ServiceChange) -> tuple[Value, ...]:
    reasons = dict.fromkeys(_REASONS, 0)
    for part in one.parts:
        reasons[part.kind] += part.amount
    return one.service, one.was, one.now, one.change, *reasons.values()

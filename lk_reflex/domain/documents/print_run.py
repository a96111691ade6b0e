"""Which receipts a bulk print holds, in the order in which somebody carries them through the house."""

import re
from typing import Any

from sqlalchemy import bindparam, or_, select
from sqlmodel import col

from lk_reflex.core.db import Reader
from lk_reflex.core.errors import NotFound
from lk_reflex.core.months import Month
from lk_reflex.core.text import fold
from lk_reflex.domain.accounts.tables import Account, Building, Organization
from lk_reflex.domain.billing.tables import Receipt

_BUILDING = select(col(Building.id)).where(col(Building.code) == bindparam("code"))
_ORGANIZATION = select(col(Organization.id)).where(col(Organization.inn) == bindparam("inn"))
_FIGURES = re.compile(r"(\d+)")
#: An empty parameter asks for all of its kind.
_RECEIPTS = (
    select(
        col(Receipt.id),
        col(Building.city),
        col(Building.street),
        col(Building.house),
        col(Account.flat),
        col(Account.number),
        col(Organization.inn),
        col(Receipt.kind),
    )
    .join(Account, col(Account.id) == col(Receipt.account_id))
    .join(Building, col(Building.id) == col(Account.building_id))
    .join(Organization, col(Organization.id) == col(Account.organization_id))
    .where(
        col(Receipt.month) == bindparam("month"),
        or_(bindparam("any_building"), col(Building.code) == bindparam("code")),
        or_(bindparam("any_organization"), col(Organization.inn) == bindparam("inn")),
    )
)


def natural(text: str) -> tuple[tuple[int, int, str], ...]:
    """A key that puts «2» before «10» and «10» before «10А»; what has no number comes after what has."""
    parts = [part for part in _FIGURES.split(fold(text)) if part]
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts)


def receipts_to_print(db: Reader, month: Month, *, building: str = "", inn: str = "") -> list[int]:
    """The receipts of a month of a building, of an organization, or of both: by house, flat, account and kind.

    Raises NotFound where there is no such building or organization, or nothing to print.
    """
    if building and db.value(_BUILDING, code=building) is None:
        raise NotFound(f"Дома с кодом «{building}» нет.")
    if inn and db.value(_ORGANIZATION, inn=inn) is None:
        raise NotFound(f"Организации с ИНН «{inn}» нет.")
    asked = {"code": building, "any_building": not building, "inn": inn, "any_organization": not inn}
    rows = db.rows(_RECEIPTS, month=month, **asked)
    if not rows:
        raise NotFound(f"Квитанций за {month.title} здесь нет: печатать нечего.")
    return [row.id for row in sorted(rows, key=_place)]


def _place(row: Any) -> tuple[Any, ...]:
    house = (fold(row.city), fold(row.street), natural(row.house))
    return (*house, natural(row.flat), natural(row.number), row.inn, row.kind, row.id)

"""Dwellings that a «Город» register brings: «город,улица,дом,помещение» and a person's name."""

import hashlib
import re
from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlmodel import col

from lk_reflex.core.db import Reader
from lk_reflex.core.text import fold, house_key, surname_key
from lk_reflex.domain.accounts.tables import Building
from lk_reflex.exchange.layout import ACCOUNTS, BALANCES, BUILDINGS, RECEIPTS
from lk_reflex.exchange.registers.staging import Staging
from lk_reflex.exchange.sheet import Row

_BALANCE_HEADER = [cell.header for cell in BALANCES.columns]
_RECEIPT_HEADER = [cell.header for cell in RECEIPTS.columns[:5]]
_ACCOUNT_HEADER = ["ИНН", "Лицевой счет", "Код дома", "Квартира", "Фамилия", "Имя", "Отчество"]
#: Table → the columns that a register fills, in the order of their references.
HEADERS: dict[str, Row] = {
    "buildings": ["Код дома", "Город", "Улица", "Дом", "Многоквартирный"],
    "accounts": _ACCOUNT_HEADER,
    "receipts": _RECEIPT_HEADER,
    "balances": _BALANCE_HEADER,
}
_KINDS = {
    "ул": "ул", "улица": "ул", "пр": "пр", "пр-кт": "пр", "пр-т": "пр", "проспект": "пр", "пер": "пер",
    "переулок": "пер", "б-р": "б-р", "бульвар": "б-р", "ш": "ш", "шоссе": "ш", "пл": "пл", "площадь": "пл",
    "пр-д": "проезд", "проезд": "проезд", "наб": "наб", "набережная": "наб", "мкр": "мкр", "микрорайон": "мкр",
    "г": "", "город": "", "п": "", "пос": "", "поселок": "",
}  # fmt: skip
_WORDS = re.compile(r"[^\s.,]+")
_BY_HOUSE = select(col(Building.code), col(Building.city), col(Building.street)).where(
    col(Building.house_key) == bindparam("house")
)


@dataclass(frozen=True, slots=True)
class Dwelling:
    """A new account's place and person."""

    city: str
    street: str
    house: str
    flat: str
    person: tuple[str, str, str]


def read_dwelling(name: str, address: str) -> Dwelling:
    """Both cells of a register. Raises ValueError with a sentence."""
    parts = [part.strip() for part in address.split(",")]
    if len(parts) not in {3, 4} or not all(parts[1:3]):
        raise ValueError("новому лицевому счету нужен адрес «город,улица,дом,помещение»")
    plain = name.removeprefix("'").split()
    if not plain or not surname_key(plain[0]):
        raise ValueError("новому лицевому счету нужна фамилия: по ней его привяжут")
    city, street, house, flat = (*parts, "")[:4]
    first_name = plain[1] if len(plain) > 1 else ""
    dwelling = Dwelling(city, street, house, flat, (plain[0], first_name, " ".join(plain[2:])))
    for layout, values in (
        (BUILDINGS, {"Город": dwelling.city, "Улица": dwelling.street, "Дом": dwelling.house}),
        (ACCOUNTS, {"Квартира": dwelling.flat, **dict(zip(_ACCOUNT_HEADER[4:], dwelling.person, strict=True))}),
    ):
        for cell in layout.columns:
            if values.get(cell.header):
                cell.parse(values[cell.header])
    return dwelling


def street_key(street: str) -> tuple[str, str]:
    """What kind of street it is, if it says so, and its name: «ул. Ленина», «ЛЕНИНА УЛ» meet in one key."""
    words = _WORDS.findall(fold(street))
    kinds = [_KINDS[word] for word in words if word in _KINDS]
    return "".join(kinds[:1]), " ".join(sorted(word for word in words if word not in _KINDS))


class Places:
    """Finds the building of an address, or gives it a code of its own."""

    def __init__(self, db: Reader) -> None:
        self._db = db

    def stage(self, staged: Staging, line: int, inn: str, number: str, dwelling: Dwelling) -> None:
        """Add a new account, and its building where there is none."""
        code = self._known(dwelling)
        if code is None:
            code = _made_code(dwelling)
            apartments = "1" if dwelling.flat else "0"
            staged.make(
                "buildings", [code], line, [code, dwelling.city, dwelling.street, dwelling.house, apartments]
            )  # fmt: skip
        staged.make("accounts", [inn, number], line, [inn, number, code, dwelling.flat, *dwelling.person])

    def _known(self, dwelling: Dwelling) -> str | None:
        kind, name = street_key(dwelling.street)
        city = street_key(dwelling.city)[1]
        found = []
        for code, other_city, street in self._db.connection.execute(_BY_HOUSE, {"house": house_key(dwelling.house)}):
            other_kind, other_name = street_key(street)
            same_city = not other_city or not city or street_key(other_city)[1] == city
            if same_city and name == other_name and (kind == other_kind or not kind or not other_kind):
                found.append(code)
        return found[0] if len(found) == 1 else None


def _made_code(dwelling: Dwelling) -> str:
    """The same for the same house, however its cells are spelled."""
    place = (street_key(dwelling.city)[1], *street_key(dwelling.street), house_key(dwelling.house))
    return "город-" + hashlib.blake2s("|".join(place).encode(), digest_size=8).hexdigest()

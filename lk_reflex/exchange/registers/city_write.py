"""Writes a «Город» register: what our receipts of a month ask for, by account and service."""

import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from sqlalchemy import bindparam, func, select
from sqlmodel import col

from lk_reflex.core.db import Database, Reader
from lk_reflex.core.disk_faults import said
from lk_reflex.core.errors import Refused
from lk_reflex.core.money import format_money
from lk_reflex.core.months import Month
from lk_reflex.core.schema import MonthNumber
from lk_reflex.domain.accounts.tables import Account, Building
from lk_reflex.domain.billing.tables import BalanceLine, Receipt
from lk_reflex.exchange.out_file import replacing
from lk_reflex.exchange.registers.city_read import TYPE
from lk_reflex.exchange.registers.options import CityOptions
from lk_reflex.exchange.registers.profiles import Profile
from lk_reflex.exchange.registers.spelling import code, encoded, label, person, rubles

_OURS = (
    col(Account.organization_id) == bindparam("organization"),
    col(Receipt.kind) == bindparam("kind"),
)
_NEWEST = (
    select(func.max(col(Receipt.month), type_=MonthNumber))
    .join(Account, col(Account.id) == col(Receipt.account_id))
    .where(*_OURS)
)
_ROWS = (
    select(
        col(Account.surname), col(Account.first_name), col(Account.patronymic), col(Building.city),
        col(Building.street), col(Building.house), col(Account.flat), col(Account.number), col(BalanceLine.service),
        (col(BalanceLine.total) + col(BalanceLine.penalty_total)).label("due"),
    )
    .select_from(Receipt)
    .join(Account, col(Account.id) == col(Receipt.account_id))
    .join(Building, col(Building.id) == col(Account.building_id))
    .join(BalanceLine, col(BalanceLine.receipt_id) == col(Receipt.id))
    .where(*_OURS, col(Receipt.month) == bindparam("month"))
    .order_by(col(Account.number), col(Account.id), col(BalanceLine.id))
)  # fmt: skip
_EXACT = (2, 4)


@dataclass(slots=True)
class Written:
    """A register that lies in `file`."""

    month: Month
    file: Path
    rows: int = 0
    sum: int = 0
    skipped: int = 0

    @property
    def message(self) -> str:
        """What to tell the person."""
        left = f", переплат пропущено: {self.skipped}" if self.skipped else ""
        return (
            f"Реестр «Город» за {self.month.dotted}: строк {self.rows}, сумма {format_money(self.sum)}{left},"
            f" записано в {self.file}"
        )


def write_city(db: Database, profile: Profile, out: Path, month: Month | None = None) -> Written:
    """Write the register of a month, or of the newest one that has receipts of the profile's kind.

    Raises Refused where there is nothing to write, where a service has no code in the profile, and where overpayments
    aren't to be written by it.
    """
    options = profile.city
    # A connection of its own: rows are streamed, which PostgreSQL does inside a transaction only.
    with tempfile.TemporaryFile() as body, db.engine.connect() as connection:
        written = _write_rows(Reader(connection), profile, month, out, body)
        body.seek(0)
        head = (f"#FILESUM {rubles(written.sum, options.decimal)}", f"#TYPE {TYPE}", f"#SERVICE {options.service}")
        try:
            with replacing(out) as file:
                file.writelines(encoded([line], options.encoding, [0]) for line in head)
                shutil.copyfileobj(body, file)
        except OSError as fault:
            raise Refused(f"Не удалось записать файл {out}: {said(fault)}.") from fault
    return written


def _write_rows(db: Reader, profile: Profile, month: Month | None, out: Path, body: IO[bytes]) -> Written:
    options = profile.city
    asked: dict[str, Any] = {"organization": profile.organization_id, "kind": options.receipt_kind}
    month = month or db.connection.execute(_NEWEST, asked).scalar()
    if month is None:
        raise Refused(f"Квитанций вида «{options.receipt_kind}» у организации нет: реестр не записан.")
    written = Written(month, out)
    unknown: Counter[str] = Counter()
    for cells, due in _lines(db, options, asked | {"month": month}, unknown):
        if due < 0 and options.overpayments != "write":
            written.skipped += 1
            continue
        written.rows, written.sum = written.rows + 1, written.sum + _signed(due, options)
        body.write(encoded(cells, options.encoding, _EXACT))
    _check(written, options, unknown)
    return written


def _lines(
    db: Reader, options: CityOptions, asked: dict[str, Any], unknown: Counter[str]
) -> Iterator[tuple[list[str], int]]:
    codes = {name: short for short, name in options.services.items()}
    rows = db.connection.execution_options(yield_per=2_000).execute(_ROWS, asked)
    for surname, first_name, patronymic, city, street, house, flat, number, service, due in rows:
        if codes and service not in codes:
            unknown[service] += 1
            continue
        place = ",".join(label(part).replace(",", " ") for part in (city, street, house, flat))
        name = person(surname, first_name, patronymic, options.names)
        short = code(codes.get(service, service), "Услугу")
        yield [name, place, code(number, "Лицевой счет"), rubles(_signed(due, options), options.decimal), short], due


def _signed(due: int, options: CityOptions) -> int:
    return due if options.positive == "debt" else -due


def _check(written: Written, options: CityOptions, unknown: Counter[str]) -> None:
    if unknown:
        names = ", ".join(f"«{name}»" for name in sorted(unknown))
        raise Refused(f"В профиле нет кодов услуг: {names}. Реестр не записан.")
    if written.skipped and options.overpayments == "refuse":
        raise Refused(f"Есть переплаты, строк: {written.skipped}. По профилю реестр с ними не записывается.")
    if not written.rows:
        raise Refused(f"Квитанций вида «{options.receipt_kind}» за {written.month.dotted} нет: реестр не записан.")

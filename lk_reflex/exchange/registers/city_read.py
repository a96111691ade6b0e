"""Reads a «Город» register and makes a package of it: what is to be paid, by account and service."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlmodel import col

from lk_reflex.core.clock import format_date
from lk_reflex.core.db import Database, Reader
from lk_reflex.core.money import format_money, parse_money
from lk_reflex.core.months import Month
from lk_reflex.domain.accounts.tables import Account
from lk_reflex.domain.billing.tables import Accrual, BalanceLine, Receipt
from lk_reflex.exchange.cells import shown, sum_of_money
from lk_reflex.exchange.package import Package
from lk_reflex.exchange.registers.city_places import HEADERS, Places, read_dwelling
from lk_reflex.exchange.registers.lines import EMPTY, Line, read_lines
from lk_reflex.exchange.registers.options import CityOptions
from lk_reflex.exchange.registers.profiles import Profile
from lk_reflex.exchange.registers.staging import Staging, staging
from lk_reflex.exchange.report import FileTotals, Remark
from lk_reflex.exchange.sheet import Unreadable

TYPE = "7"
NO_CITY = "В файле нет указаний #FILESUM, #TYPE и #SERVICE: это не реестр «Город», или он обрезан. Реестр не загружен."
_CELLS = 5
_PORTION = 1_000
_GIVEN = "line INTEGER PRIMARY KEY, text, name, address, account, balance INT, service, UNIQUE (account, service)"
_ACCOUNTS = select(col(Account.number), col(Account.id)).where(
    col(Account.organization_id) == bindparam("organization"),
    col(Account.number).in_(bindparam("numbers", expanding=True)),
)
_RECEIPTS = select(col(Receipt.account_id), col(Receipt.id)).where(
    col(Receipt.account_id).in_(bindparam("accounts", expanding=True)),
    col(Receipt.kind) == bindparam("kind"),
    col(Receipt.month) == bindparam("month"),
)
_LINES = select(
    col(BalanceLine.receipt_id), col(BalanceLine.service),
    (col(BalanceLine.total) + col(BalanceLine.penalty_total)).label("due"),
).where(col(BalanceLine.receipt_id).in_(bindparam("receipts", expanding=True)))  # fmt: skip
_DETAILED = (
    select(col(Accrual.receipt_id), func.count())
    .where(col(Accrual.receipt_id).in_(bindparam("receipts", expanding=True)))
    .group_by(col(Accrual.receipt_id))
)


@contextmanager
def open_city(path: Path, *, db: Database, profile: Profile, month: Month) -> Iterator[Package]:
    """The package of a register's rows for a month of the profile's organization.

    Its control sum, type and service are checked first: where one of them doesn't hold, nothing is taken. Raises
    Unreadable for what is no register.
    """
    package = Package(path)
    with staging(package, _GIVEN) as staged:
        reading = _Reading(staged, profile.city)
        for line in read_lines(path, profile.city.encoding):
            reading.take(line)
        if not reading.head:
            raise Unreadable(NO_CITY if reading.rows else EMPTY)
        reading.end()
        if not package.refused:
            db.read(_match, staged, profile, month)
            staged.offer(HEADERS)
        package.left_out = lambda: reading.write_bad() if package.faults.count else []
        yield package


class _Reading:
    """One pass over the register: directives, then rows."""

    def __init__(self, staged: Staging, options: CityOptions) -> None:
        self.staged, self.options = staged, options
        self.head: dict[str, str] = {}
        self.sum = self.rows = self.unread = 0

    def take(self, line: Line) -> None:
        if line.text.startswith("#"):
            self._directive(line)
            return
        self.rows += 1
        try:
            self._row(line, line.cells())
        except _Bad as bad:
            self.staged.refuse(line.number, bad.column, bad.reason, line.text)
        except ValueError as fault:
            self.unread += 1
            self.staged.refuse(line.number, "", str(fault), line.text)

    def _directive(self, line: Line) -> None:
        name, _, value = line.text.rstrip("; ").partition(" ")
        known = name.upper() in {"#FILESUM", "#TYPE", "#SERVICE"}
        if not known or name.upper() in self.head:
            self._stop(line.number, f"{shown(name)}: такого указания в реестре «Город» нет, или оно повторяется")
        self.head[name.upper()] = value.strip()

    def _row(self, line: Line, cells: list[str]) -> None:
        if len(cells) != _CELLS:
            raise ValueError(f"ячеек {len(cells)}, а должно быть {_CELLS}: ФИО; адрес; ЛС; баланс; услуга")
        name, address, account, balance, service = cells
        try:
            amount = sum_of_money(balance)
        except ValueError as fault:
            self.unread += 1
            raise _Bad("баланс", str(fault)) from None
        self.sum += amount
        services = self.options.services
        if not account:
            raise _Bad("ЛС", "не заполнено")
        if services and service not in services:
            raise _Bad("услуга", f"кода {shown(service)} в профиле нет")
        owed = amount if self.options.positive == "debt" else -amount
        given = (line.number, line.text, name, address, account, owed, services.get(service, service))
        if not self.staged.db.execute("INSERT OR IGNORE INTO given VALUES (?, ?, ?, ?, ?, ?, ?)", given).rowcount:
            raise _Bad("ЛС", "эта услуга этого лицевого счета в реестре уже была")

    def end(self) -> None:
        """Check what the register says of itself."""
        head = self.head
        missing = ", ".join(name for name in ("#FILESUM", "#TYPE", "#SERVICE") if name not in head)
        if missing:
            self._stop(None, f"В реестре нет {missing}: это не реестр «Город», или он обрезан")
        if head.get("#TYPE", TYPE) != TYPE:
            self._stop(None, f"#TYPE {head['#TYPE']}: такой вид реестра не известен, загружается только {TYPE}")
        if head.get("#SERVICE", self.options.service) != self.options.service:
            self._stop(None, f"#SERVICE {head['#SERVICE']}, а профиль описывает реестр с кодом {self.options.service}")
        if "#FILESUM" in head:
            self._check_sum(head["#FILESUM"])
        if not self.rows:
            self._stop(None, "В реестре нет ни одной строки с лицевым счетом")
        good = 0 if self.staged.package.refused else self.rows - self.staged.package.faults.count
        self.staged.package.totals.append(FileTotals(self.staged.file, self.rows, max(good, 0), {"баланс": self.sum}))

    def _check_sum(self, text: str) -> None:
        try:
            told = parse_money(text)
        except ValueError:
            self._stop(None, f"#FILESUM {shown(text)}: не сумма в рублях и копейках")
            return
        if self.unread:
            self._stop(None, f"#FILESUM нельзя проверить: строк, баланс которых не читается, {self.unread}")
        elif told != self.sum:
            self._stop(None, f"#FILESUM {format_money(told)}, а балансы строк дают {format_money(self.sum)}")

    def _stop(self, line: int | None, reason: str) -> None:
        self.staged.package.faults.put_first(Remark(self.staged.file, line, "", f"{reason}. Реестр не загружен."))
        self.staged.package.refused = True

    def write_bad(self) -> list[str]:
        """A register of the lines left out, with a control sum of its own, to be corrected and given again."""
        total = 0
        for (text,) in self.staged.db.execute("SELECT text FROM bad"):
            total += sum_of_money(Line(0, text).cells()[3])
        head = (f"#FILESUM {total / 100:.2f}", f"#TYPE {TYPE}", f"#SERVICE {self.options.service}")
        return self.staged.write_bad(self.options.encoding, head)


class _Bad(Exception):
    """A row that can't be taken though its balance counts."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column, self.reason = column, reason


@dataclass(slots=True)
class _Known:
    """What the cabinet has of a portion's accounts."""

    accounts: dict[str, int]
    receipts: dict[int, int]
    due: dict[tuple[int, str], int]
    detailed: set[int]


def _match(db: Reader, staged: Staging, profile: Profile, month: Month) -> None:
    """Make the package's rows. A line that says what the cabinet has already makes none."""
    cursor = staged.db.execute("SELECT line, text, name, address, account, balance, service FROM given ORDER BY line")
    places = Places(db)
    while rows := cursor.fetchmany(_PORTION):
        known = _known(db, profile, month, {row[4] for row in rows})
        for row in rows:
            column, reason = _make(staged, profile, month, known, places, row)
            if reason:
                staged.refuse(row[0], column, reason, row[1])
                staged.package.totals[0].taken -= 1


def _known(db: Reader, profile: Profile, month: Month, numbers: set[str]) -> _Known:
    def pairs(query: Any, **params: Any) -> dict[Any, Any]:
        return dict(map(tuple, db.connection.execute(query, params)))

    accounts = pairs(_ACCOUNTS, organization=profile.organization_id, numbers=list(numbers))
    receipts = pairs(_RECEIPTS, accounts=list(accounts.values()), kind=profile.city.receipt_kind, month=month)
    asked = {"receipts": list(receipts.values())}
    due = {(row[0], row[1]): row[2] for row in db.connection.execute(_LINES, asked)}
    return _Known(accounts, receipts, due, set(pairs(_DETAILED, **asked)))


def _make(
    staged: Staging, profile: Profile, month: Month, known: _Known, places: Places, row: tuple[Any, ...]
) -> tuple[str, str]:
    """Stage what a row brings; returns the column and the reason where it can't."""
    line, _, name, address, number, owed, service = row
    options, account_id = profile.city, known.accounts.get(number)
    if account_id is None:
        if not options.new_accounts:
            return "ЛС", "такого лицевого счета у организации нет, а новых профиль не заводит"
        try:
            dwelling = read_dwelling(name, address)
        except ValueError as fault:
            return "ФИО" if not name else "адрес", str(fault)
        places.stage(staged, line, profile.inn, number, dwelling)
    receipt_id = known.receipts.get(account_id) if account_id is not None else None
    if receipt_id is not None and known.due.get((receipt_id, service)) == owed:
        staged.package.totals[0].known += 1
        return "", ""
    if receipt_id in known.detailed:
        return "баланс", "квитанция этого месяца загружена с начислениями, реестр её не меняет"
    key = [profile.inn, number, options.receipt_kind, month.dotted]
    if receipt_id is None:
        staged.make("receipts", key, line, [*key, format_date(month.day(options.issue_day))])
    debt, charged = (owed, 0) if options.balance == "debt" else (0, owed)
    sums = [_sum(debt), "0,00", _sum(charged), _sum(owed), "0,00", "0,00", "0,00", "0,00"]
    staged.make("balances", [*key, service], line, [*key, service, *sums])
    return "", ""


def _sum(kopecks: int) -> str:
    whole, rest = divmod(abs(kopecks), 100)
    return f"{'-' if kopecks < 0 else ''}{whole},{rest:02d}"

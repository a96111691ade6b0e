"""Small packages, whole and broken on purpose."""

import csv
from datetime import date
from pathlib import Path

from lk_reflex.core.months import Month
from lk_reflex.exchange.demo.generate import make_demo
from lk_reflex.exchange.layout import BY_NAME, LAYOUTS

TODAY = date(2026, 11, 20)
INN = "7421001010"
HEADERS = {layout.name: [cell.header for cell in layout.columns] for layout in LAYOUTS}


def demo(folder: Path, *, accounts: int = 8, months: int = 2, **options) -> Path:
    """A demo package in `folder`/demo; by default the cast and two more dwellings."""
    make_demo(folder / "demo", accounts=accounts, months=months, today=TODAY, until=Month(2026, 10), **options)
    return folder / "demo"


def write(folder: Path, name: str, rows: list[list[str]], *, headers=None, encoding="utf-8", end="\n") -> Path:
    """One CSV of a package."""
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.csv"
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=";", lineterminator=end).writerows([headers or HEADERS[name], *rows])
    return path


def read(path: Path, encoding: str = "utf-8-sig") -> list[list[str]]:
    """A CSV, header included."""
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.reader(file, delimiter=";"))


def organization(**cells: str) -> list[str]:
    return row("organizations", {"ИНН": INN, "Наименование": "МУП «ПОВВ»", **cells})


def row(name: str, cells: dict[str, str]) -> list[str]:
    """A row of a table from what matters in it."""
    assert cells.keys() <= {cell.header for cell in BY_NAME[name].columns}, cells
    return [cells.get(header, "") for header in HEADERS[name]]


def house() -> list[str]:
    return row("buildings", {"Код дома": "D1", "Улица": "УЛ. ЛЕНИНА", "Дом": "1А", "Многоквартирный": "1"})


def account(number: str = "100", **cells: str) -> list[str]:
    return row("accounts", {"ИНН": INN, "Лицевой счет": number, "Код дома": "D1", "Фамилия": "ИВАНОВ", **cells})


def receipt(number: str = "100", **cells: str) -> list[str]:
    given = {"ИНН": INN, "Лицевой счет": number, "Квитанция": "Объединённая", "Месяц": "09.2026"}
    return row("receipts", {**given, "Дата выпуска": "28.09.2026", **cells})


def balance(service: str = "ХВС", number: str = "100", **cells: str) -> list[str]:
    given = {"ИНН": INN, "Лицевой счет": number, "Квитанция": "Объединённая", "Месяц": "09.2026", "Услуга": service}
    sums = {"Долг": "1,00", "Оплачено": "0,00", "Начислено": "2,00", "Итого": "3,00"}
    return row("balances", {**given, **sums, **cells})


def accrual(line: int = 1, **cells: str) -> list[str]:
    given = {"ИНН": INN, "Лицевой счет": "100", "Квитанция": "Объединённая", "Месяц": "09.2026", "Услуга": "ХВС"}
    rest = {"№ строки": str(line), "Тип операции": "начисление", "Период с": "09.2026", "Сумма": "2,00"}
    return row("accruals", {**given, **rest, **cells})


def small(folder: Path) -> Path:
    """One organization, one house, one account, one receipt with a line and an accrual."""
    package = folder / "package"
    write(package, "organizations", [organization()])
    write(package, "buildings", [house()])
    write(package, "accounts", [account()])
    write(package, "receipts", [receipt()])
    write(package, "balances", [balance()])
    write(package, "accruals", [accrual()])
    return package

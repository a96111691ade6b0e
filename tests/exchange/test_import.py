"""Packages that are in order: what they bring, once and again."""

import shutil
import sqlite3
import zipfile
from datetime import date

import pytest
from openpyxl import Workbook
from sqlalchemy import select

from lk_reflex.core.errors import Conflict
from lk_reflex.core.months import Month
from lk_reflex.exchange.demo.cast import DEMO_ACCOUNTS, MANUAL
from lk_reflex.exchange.importer import import_package
from lk_reflex.exchange.lock import exclusive
from lk_reflex.tables import METADATA
from tests.exchange import packages

TABLES = METADATA.tables


def rows(db, table, *columns):
    with db.engine.connect() as connection:
        return connection.execute(select(*(TABLES[table].c[name] for name in columns)).order_by(*columns)).all()


def test_demo_package_goes_in_without_a_word(db, tmp_path, count):
    report = import_package(db, packages.demo(tmp_path))
    assert report.imported and not report.faults.listed and not report.warnings.listed and not report.notices
    assert [total.read for total in report.totals] == [total.taken for total in report.totals]
    assert count("accounts") == 8 and count("imports") == 1
    assert count("balance_lines") == next(t.taken for t in report.totals if t.file == "balances.csv") > 80


def test_again_changes_nothing(db, tmp_path, content):
    package = packages.demo(tmp_path)
    import_package(db, package)
    before = content()
    assert import_package(db, package).imported
    assert content() == before


def test_values_arrive_as_they_were_written(db, tmp_path):
    package = packages.small(tmp_path)
    cells = {"Площадь": "54.3", "Проживает": "2", "Квартира": "кв. 10 А", "Закрыт": "01.02.2026"}
    packages.write(package, "accounts", [packages.account("00 100", **cells)])
    for name in ("receipts", "balances", "accruals"):
        (package / f"{name}.csv").unlink()
    assert import_package(db, package).imported
    found = rows(db, "accounts", "number", "number_key", "flat_key", "surname_key", "area", "residents", "closed_on")
    assert found == [("00 100", "100", "10а", "иванов", 54300, 2, date(2026, 2, 1))]


def test_empty_cell_empties_and_absent_column_leaves(db, tmp_path):
    package = packages.small(tmp_path)
    packages.write(package, "accounts", [packages.account(Площадь="50", Имя="ИВАН")])
    import_package(db, package)
    packages.write(package, "accounts", [[packages.INN, "100", "D1", "ПЕТРОВ", ""]],
                   headers=["ИНН", "Лицевой счет", "Код дома", "Фамилия", "Имя"])  # fmt: skip
    import_package(db, package)
    assert rows(db, "accounts", "surname", "first_name", "area") == [("ПЕТРОВ", "", 50000)]


def test_an_organizations_terms_of_payment_come_from_billing(db, tmp_path):
    package, columns = tmp_path / "package", ("commission_by", "payment_ceiling", "fiscal_mode")
    given = {"Комиссию платит": "Организация", "Предел платежа": "5 000,50", "Чек": "касса"}
    packages.write(package, "organizations", [packages.organization(**given)])
    assert import_package(db, package).imported
    assert rows(db, "organizations", *columns) == [("organization", 500050, "own")]
    packages.write(package, "organizations", [packages.organization()])
    assert import_package(db, package).imported
    assert rows(db, "organizations", *columns) == [("payer", 10_000_000, "transfer")]


def test_columns_in_any_order_and_unknown_ones_noticed(db, tmp_path):
    package = packages.small(tmp_path)
    headers = packages.HEADERS["accounts"]
    packages.write(package, "accounts", [[*packages.account()[::-1], "?"]], headers=[*headers[::-1], "Собака"])
    report = import_package(db, package)
    assert report.imported and report.notices == ["accounts.csv: столбец «Собака» не известен и пропущен."]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_encodings(db, tmp_path, encoding, end):
    package = packages.small(tmp_path)
    packages.write(package, "balances", [packages.balance("Вывоз «ТКО»")], encoding=encoding, end=end)
    assert import_package(db, package).imported
    assert rows(db, "balance_lines", "service", "debt") == [("Вывоз «ТКО»", 100)]


@pytest.mark.parametrize("inner", ["", "package/"])
def test_zip(db, tmp_path, content, inner):
    package = packages.small(tmp_path)
    with zipfile.ZipFile(tmp_path / "p.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for file in package.iterdir():
            archive.write(file, inner + file.name)
    assert import_package(db, tmp_path / "p.zip").imported
    assert [len(found) for found in content().values()] == [1, 1, 1, 1, 1, 1, 0, 0, 0, 0]


@pytest.mark.parametrize("where", ["alone", "in a folder", "in a zip"])
def test_xlsx(db, tmp_path, where):
    book = Workbook()
    book.remove(book.active)
    typed = {
        "organizations": [7421001010, "МУП «ПОВВ»"],
        "buildings": ["D1", "УЛ. ЛЕНИНА", 1, True],
        "accounts": [7421001010, 100.0, "D1", "ИВАНОВ", 0.1 + 0.2],
        "receipts": [7421001010, 100, "Объединённая", "09.2026", date(2026, 9, 28)],
        "balances": [7421001010, 100, "Объединённая", date(2026, 9, 1), "ХВС", 2779.92, 0, 513.16, 3293.08],
    }
    for name, row in typed.items():
        sheet = book.create_sheet(name)
        required = [cell.header for cell in packages.BY_NAME[name].columns if cell.required]
        sheet.append(required + ["Площадь"] * (name == "accounts"))
        sheet.append(row)
        sheet.append([None] * len(row))
    folder = tmp_path / "folder"
    folder.mkdir()
    book.save(folder / "book.xlsx")
    path = {"alone": folder / "book.xlsx", "in a folder": folder, "in a zip": tmp_path / "p.zip"}[where]
    if where == "in a zip":
        shutil.make_archive(str(tmp_path / "p"), "zip", folder)
    report = import_package(db, path)
    assert report.imported, report.text()
    assert rows(db, "balance_lines", "debt", "charged", "total") == [(277992, 51316, 329308)]
    assert rows(db, "accounts", "number", "area") == [("100", 300)]
    assert rows(db, "receipts", "month", "issued_on") == [(Month(2026, 9), date(2026, 9, 28))]


def test_the_manual_s_figures(db, tmp_path):
    import_package(db, packages.demo(tmp_path, accounts=1, months=1))
    september = Month(2019, 9)
    with db.engine.connect() as connection:
        lines, receipts, accounts = TABLES["balance_lines"], TABLES["receipts"], TABLES["accounts"]
        own = accounts.c.number == MANUAL[1]
        joined = receipts.join(accounts, receipts.c.account_id == accounts.c.id)
        found = connection.execute(
            select(lines.c.service, lines.c.debt, lines.c.paid, lines.c.charged, lines.c.total)
            .select_from(joined.join(lines, lines.c.receipt_id == receipts.c.id))
            .where(own, receipts.c.month == september)
        ).all()
        issued = connection.scalars(select(receipts.c.issued_on).select_from(joined).where(own)).all()
        paid = TABLES["posted_payments"]
        city = connection.execute(
            select(paid.c.accepted_on, paid.c.amount).where(paid.c.kind == 'оплата "Город"')
        ).all()
        meters = connection.scalars(
            select(TABLES["meters"].c.code).join(accounts, TABLES["meters"].c.account_id == accounts.c.id).where(own)
        ).all()
    assert found == [("Коммерческий найм жилья", 277992, 0, 51316, 329308)]
    assert {date(2018, 2, 28), date(2019, 8, 30), date(2019, 9, 28)} <= set(issued)
    assert (date(2012, 11, 8), -108236) in city and (date(2012, 7, 6), -94466) in city
    assert set(meters) == {"757260", "757243", "34230774", "26616450"}


def test_the_cast_is_there(db, tmp_path):
    import_package(db, packages.demo(tmp_path, accounts=1, months=1))
    numbers = {number for (number,) in rows(db, "accounts", "number")}
    assert {number for accounts in DEMO_ACCOUNTS.values() for _, number in accounts} <= numbers


def test_second_import_is_refused(db, tmp_path):
    package = packages.small(tmp_path)
    with exclusive(db, "import", "занято"), pytest.raises(Conflict, match="Другая загрузка"):
        import_package(db, package)
    assert import_package(db, package).imported


def test_control_totals_end_the_report(db, tmp_path):
    package = packages.small(tmp_path)
    packages.write(package, "balances", [packages.balance(), packages.balance("ГВС", Долг="-1 000,50", Итого="-998,5")])
    report = import_package(db, package)
    totals = next(total for total in report.totals if total.file == "balances.csv")
    assert (totals.read, totals.taken, totals.sums["Долг"], totals.sums["Итого"]) == (2, 2, -99950, -99550)
    assert "balances.csv: строк 2, принято 2; Σ Долг -999,50" in report.text().replace("\u00a0", " ")
    assert report.text().splitlines()[-1].startswith("  accruals.csv: строк 1, принято 1")
    with db.engine.connect() as connection:
        (kept,) = connection.scalars(select(TABLES["imports"].c.totals)).all()
    assert kept["files"][4]["sums"]["Долг"] == -99950


def test_dry_run_only_reports(db, tmp_path, count):
    report = import_package(db, packages.small(tmp_path), dry_run=True)
    assert not report.imported and not report.faults.count and report.rows == 6
    assert "ошибок нет" in report.verdict() and not count("accounts") and not count("imports")


def test_readers_keep_reading(db, tmp_path, count):
    seen = []

    class Look:
        def step(self, *_):
            seen.append(count("accounts"))

        def end(self): ...

    import_package(db, packages.small(tmp_path), progress=Look())
    assert seen and set(seen) == {0} and count("accounts") == 1


def test_lock_of_sqlite_is_free_after_its_holder_died(db, tmp_path):
    if db.engine.dialect.name != "sqlite":
        pytest.skip("a server frees the locks of a lost connection itself")
    holder = sqlite3.connect(f"{db.engine.url.database}.import-lock", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    with pytest.raises(Conflict):
        import_package(db, packages.small(tmp_path))
    holder.close()
    assert import_package(db, tmp_path / "package").imported

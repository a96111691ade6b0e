"""Packages that are broken: each says what is wrong and where, and the database stays as it was."""

import io
import os
import signal
import subprocess
import sys
import time
import zipfile

import pytest

from lk_reflex.core.errors import Conflict
from lk_reflex.exchange import archive
from lk_reflex.exchange.importer import import_package
from lk_reflex.exchange.progress import Silent
from tests.exchange import packages


def refused(db, path, count, **options):
    """Import, check that nothing came of it, and give the remarks as (file, line, column, reason)."""
    report = import_package(db, path, **options)
    assert not report.imported and report.faults.count and not count("organizations") and not count("imports")
    return [(fault.file, fault.line, fault.column, fault.reason) for fault in report.faults.listed]


def only(db, path, count):
    (fault,) = refused(db, path, count)
    return fault


def test_bad_number_on_line_77(db, tmp_path, count):
    package = packages.small(tmp_path)
    rows = [packages.balance(f"Услуга {n}") for n in range(200)]
    rows[75] = packages.balance("Услуга 75", Долг="12,3x")
    packages.write(package, "balances", rows)
    fault = only(db, package, count)
    assert fault == ("balances.csv", 77, "Долг", "«12,3x»: не сумма в рублях и копейках")


def test_lines_are_those_of_the_file_after_broken_ones(db, tmp_path, count):
    package = packages.small(tmp_path)
    rows = [packages.balance(f"Услуга\nв две {n}") for n in range(10)] + [[]]
    packages.write(package, "balances", [*rows, packages.balance(Итого="")])
    assert only(db, package, count)[:3] == ("balances.csv", 23, "Итого")


CELLS = [
    ("accounts", "Площадь", "1e5"), ("accounts", "Площадь", "12,3456"), ("accounts", "Площадь", "-1"),
    ("accounts", "Проживает", "2,5"), ("accounts", "Закрыт", "31.02.2026"), ("accounts", "Фамилия", "И" * 201),
    ("accounts", "Фамилия", "  "), ("accounts", "Имя", "ИВАН\u202e"), ("organizations", "ИНН", "742100101"),
    ("organizations", "БИК", "04750177"), ("organizations", "Комиссия, %", "100,01"),
    ("organizations", "Комиссия, %", "0,001"), ("organizations", "Комиссию платит", "банк"),
    ("organizations", "Предел платежа", "0,99"), ("organizations", "Предел платежа", "-1"),
    ("organizations", "Чек", "да"), ("organizations", "Показания с (день)", "32"),
    ("buildings", "Многоквартирный", "да"), ("buildings", "Широта", "91"), ("receipts", "Месяц", "13.2026"),
    ("receipts", "Месяц", "2026"), ("receipts", "Дата выпуска", "28 сентября"), ("balances", "Начислено", "1.234,50"),
    ("balances", "Начислено", "NaN"), ("balances", "Начислено", "١٢"), ("balances", "Начислено", "100000000,00"),
    ("balances", "Начислено", "1,234"), ("balances", "Долг пени", "_1"), ("accruals", "№ строки", "1.0"),
    ("accruals", "Тариф", "1,2345678"), ("accruals", "Период по", "x"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "header", "text"), CELLS)
def test_cells_that_no_one_means(db, tmp_path, count, name, header, text):
    package = packages.small(tmp_path)
    rows = packages.read(package / f"{name}.csv")
    rows[1][rows[0].index(header)] = text
    packages.write(package, name, rows[1:])
    assert refused(db, package, count)[0][:3] == (f"{name}.csv", 2, header)


def test_missing_column_refuses_the_file(db, tmp_path, count):
    package = packages.small(tmp_path)
    headers = [header for header in packages.HEADERS["balances"] if header not in {"Долг", "Итого"}]
    packages.write(package, "balances", [], headers=headers)
    assert only(db, package, count) == ("balances.csv", 1, "", "Нет обязательных столбцов: Долг, Итого.")


def test_unknown_references_name_the_level_that_is_missing(db, tmp_path, count):
    package = packages.small(tmp_path)
    lines = [packages.balance("1", "100"), packages.balance("2", "999"), packages.balance("3", ИНН="1234567890")]
    packages.write(package, "balances", [*lines, packages.balance("4", Месяц="01.2020")])
    faults = [(line, column) for _, line, column, _ in refused(db, package, count)]
    assert faults == [(3, "Лицевой счет"), (4, "ИНН"), (5, "Месяц")]


@pytest.mark.parametrize("between", [0, 6_000])
def test_duplicate_key(db, tmp_path, count, between):
    """Within one portion, and so far apart that two portions hold them."""
    package = packages.small(tmp_path)
    rows = [packages.balance(f"Услуга {n}") for n in range(between)]
    packages.write(package, "balances", [packages.balance(), *rows, packages.balance(), packages.balance()])
    faults = refused(db, package, count)
    assert [(line, column) for _, line, column, _ in faults] == [(between + 3, "Услуга"), (between + 4, "Услуга")]
    assert "повтор ключа" in faults[0][3]


@pytest.mark.parametrize(
    ("content", "line", "sentence"),
    [
        (lambda text: text.encode("utf-16"), 1, "UTF-16"),
        (lambda text: text.encode("cp866"), 1, "ни одного известного столбца"),
        (lambda text: text.encode() + "Я".encode("cp1251"), 2, "байты"),
        (lambda text: text.encode() + b"a;\0;b\n", 3, "нулевые байты"),
        (lambda text: text.encode() + b'"abc;1\n2;3\n', 3, "кавычка"),
        (lambda text: text.encode()[:-13], 2, "ячеек"),
        (lambda text: b"", 1, "ни одного известного столбца"),
        (lambda text: text.replace(";", ",").encode(), 1, "разделитель"),
        (lambda text: text.replace("Имя", "Фамилия", 1).encode(), 1, "повторяется"),
        (lambda text: text.encode() + b"1" * (3 << 20), 3, "длинная"),
    ],
)
def test_files_that_are_no_tables(db, tmp_path, count, content, line, sentence):
    package = packages.small(tmp_path)
    for name in ("receipts", "balances", "accruals"):
        (package / f"{name}.csv").unlink()
    path = package / "accounts.csv"
    path.write_bytes(content(path.read_text()))
    fault = only(db, package, count)
    assert fault[0] == "accounts.csv" and fault[1] == line and sentence in fault[3]


def zipped(path, package):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as box:
        for file in package.iterdir():
            box.write(file, file.name)
    return path


def test_truncated_zip(db, tmp_path, count):
    path = zipped(tmp_path / "p.zip", packages.small(tmp_path))
    path.write_bytes(path.read_bytes()[:-30])
    assert "обрезан" in only(db, path, count)[3]


def test_zip_with_damaged_bytes(db, tmp_path, count):
    package = packages.demo(tmp_path)
    path = zipped(tmp_path / "p.zip", package)
    with zipfile.ZipFile(path) as box:
        place = box.getinfo("balances.csv").header_offset + 3_000
    content = bytearray(path.read_bytes())
    content[place : place + 200] = b"\x55" * 200
    path.write_bytes(content)
    assert "повреждён" in refused(db, path, count)[-1][3]


def test_zip_bombs_are_refused_before_unpacking(db, tmp_path, count, monkeypatch):
    def bomb(size):
        with zipfile.ZipFile(tmp_path / "b.zip", "w", zipfile.ZIP_DEFLATED) as box:
            box.writestr("accounts.csv", b"0" * size)
        return tmp_path / "b.zip"

    monkeypatch.setattr(zipfile.ZipExtFile, "read", lambda *_: pytest.fail("unpacked"))
    assert "бомба" in only(db, bomb(20 << 20), count)[3]
    monkeypatch.setattr(archive.check, "__defaults__", (1 << 20,))
    assert "распаковывается" in only(db, bomb(2 << 20), count)[3]


def test_zip_that_lies_about_its_size(db, tmp_path, count):
    package = packages.demo(tmp_path)
    path = zipped(tmp_path / "p.zip", package)
    real = (package / "balances.csv").stat().st_size
    lie = path.read_bytes().replace(real.to_bytes(4, "little"), (4096).to_bytes(4, "little"))
    path.write_bytes(lie)
    assert "повреждён" in refused(db, path, count)[-1][3]


@pytest.mark.parametrize("name", ["p.zip", "p.xlsx", "p.txt"])
def test_not_a_package(db, tmp_path, count, name):
    (tmp_path / name).write_bytes(b"PK\x03\x04 no" if name == "p.zip" else b"no")
    assert only(db, tmp_path / name, count)[3].rstrip(".")
    assert "Нет такого" in only(db, tmp_path / "absent", count)[3]
    (tmp_path / "empty").mkdir()
    assert "не пакет обмена" in only(db, tmp_path / "empty", count)[3]


def test_truncated_xlsx(db, tmp_path, count):
    from openpyxl import Workbook

    book = Workbook()
    book.active.title = "accounts"
    whole = io.BytesIO()
    book.save(whole)
    (tmp_path / "p.xlsx").write_bytes(whole.getvalue()[:-100])
    assert "p.xlsx" in only(db, tmp_path / "p.xlsx", count)[3]


def test_thousand_faults_are_listed_and_all_are_counted(db, tmp_path):
    package = packages.small(tmp_path)
    packages.write(package, "balances", [packages.balance(str(n), Долг="?") for n in range(1_500)])
    report = import_package(db, package)
    assert (report.faults.count, len(report.faults.listed)) == (1_500, 1_000)
    assert "показаны первые 1000" in report.text()


def test_skip_bad_rows_takes_the_good_and_keeps_the_bad(db, tmp_path, count):
    package = packages.small(tmp_path)
    bad, twice = packages.balance("Плохая", Долг="?"), packages.balance()
    packages.write(package, "balances", [packages.balance(), bad, twice, packages.balance("Ещё")])
    before = sorted(package.iterdir())
    report = import_package(db, package, skip_bad_rows=True)
    assert report.imported and report.faults.count == 2 and count("balance_lines") == 2
    kept = packages.read(tmp_path / "package-bad" / "balances.csv")
    assert kept[0] == [*packages.HEADERS["balances"], "Причина"]
    assert [row[:-1] for row in kept[1:]] == [bad, twice]
    assert kept[1][-1].startswith("Долг: «?»") and "повтор" in kept[2][-1]
    assert sorted(package.iterdir()) == before
    corrected = [row[:8] + ["5,00", "0,00", "1,00", "6,00"][:0] + row[8:] for row in kept[1:2]]
    corrected[0][kept[0].index("Долг")] = "1,00"
    packages.write(tmp_path / "package-bad", "balances", corrected, headers=kept[0])
    assert import_package(db, tmp_path / "package-bad").imported and count("balance_lines") == 3


def test_warnings_have_lines_and_stop_nothing(db, tmp_path):
    package = packages.small(tmp_path)
    packages.write(package, "balances", [packages.balance(), packages.balance("ГВС", Итого="3,01")])
    account = {"Расчетный счет": "40702810900000000009", "БИК": "047501779"}
    packages.write(package, "organizations", [packages.organization(**account)])
    report = import_package(db, package)
    found = [(warning.file, warning.line, warning.column) for warning in report.warnings.listed]
    assert report.imported and found == [
        ("organizations.csv", 2, "Расчетный счет"), ("balances.csv", 3, "Итого"), ("accruals.csv", 2, ""),
    ]  # fmt: skip
    assert "2,00" in report.warnings.listed[2].reason and "4,00" in report.warnings.listed[2].reason


def test_ctrl_c_leaves_everything_as_it_was(db, tmp_path, content):
    import_package(db, packages.small(tmp_path))
    before = content()

    class Stop(Silent):
        def step(self, file, rows, done, total):
            if file == "balances.csv":
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_package(db, packages.demo(tmp_path), progress=Stop())
    assert content() == before
    assert import_package(db, packages.demo(tmp_path)).imported


KILLED = """
import sys, time
from pathlib import Path
from lk_reflex.core.db import Database
from lk_reflex.exchange.importer import import_package
from lk_reflex.exchange.progress import Silent
class Wait(Silent):
    def step(self, file, rows, done, total):
        if file == "balances.csv":
            print("now", flush=True)
            time.sleep(60)
import_package(Database(sys.argv[1]), Path(sys.argv[2]), progress=Wait())
"""


def test_kill_9_in_the_middle(db, tmp_path, content):
    import_package(db, packages.small(tmp_path))
    before, package = content(), packages.demo(tmp_path)
    url = db.engine.url.render_as_string(hide_password=False)
    process = subprocess.Popen([sys.executable, "-c", KILLED, url, str(package)], stdout=subprocess.PIPE, text=True)
    with process:
        assert process.stdout.readline() == "now\n"
        os.kill(process.pid, signal.SIGKILL)
    assert content() == before
    for _ in range(600):  # a server notices the lost client in a moment
        try:
            assert import_package(db, package).imported
            return
        except Conflict:
            time.sleep(0.1)
    pytest.fail("the lock outlived its holder")

"""The «Город» register, in and out: control sum, codes, new accounts, and nothing changed by the same once more."""

import os
import signal
import subprocess
import sys

import pytest
from sqlalchemy import select

from lk_reflex.core.errors import Refused
from lk_reflex.core.months import Month
from lk_reflex.exchange.importer import import_package
from lk_reflex.tables import METADATA
from tests.exchange import packages, registers
from tests.exchange.registers import faults, lines, take

OCTOBER = Month(2026, 10)
TABLES = METADATA.tables
HOME = "ЗДЕТОВЕЦКИЙ СЕРГЕЙ ВЛАДИМИРОВИЧ;Челябинск,УЛ. КЫШТЫМСКАЯ,10,1010;1234567899"
OTHER = ";;2000000001"


def register(tmp_path, *rows, total=None, head=("#TYPE 7", "#SERVICE 77"), encoding="cp1251", end="\r\n"):
    if total is None:
        total = sum(round(float(row.split(";")[3].replace(",", ".")) * 100) for row in rows) / 100
    path = tmp_path / "город.txt"
    text = end.join([f"#FILESUM {total}", *head, *rows]) + end
    path.write_bytes(text.encode(encoding))
    return path


def balances(db):
    line, receipt, account = TABLES["balance_lines"], TABLES["receipts"], TABLES["accounts"]
    query = (
        select(
            account.c.number, receipt.c.kind, receipt.c.month, line.c.service, line.c.debt, line.c.charged, line.c.total
        )
        .select_from(line.join(receipt, line.c.receipt_id == receipt.c.id).join(account))
        .order_by(account.c.number, line.c.service)
    )
    with db.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(query)]


def test_rows_become_receipts_of_the_month(db, cast, tmp_path):
    registers.city(db, services={"1": "Отопление", "2": "ХВС"})
    report = take(db, register(tmp_path, f"{HOME};1234,5;1", f"{HOME};-10.05;2;;", f"{OTHER};0;1"), OCTOBER)
    assert report.imported, report.text()
    assert balances(db) == [
        ("1234567899", "Город", OCTOBER, "Отопление", 123450, 0, 123450),
        ("1234567899", "Город", OCTOBER, "ХВС", -1005, 0, -1005),
        ("2000000001", "Город", OCTOBER, "Отопление", 0, 0, 0),
    ]
    assert report.text().replace("\u00a0", " ").splitlines()[-1] == "  город.txt: строк 3, принято 3; Σ баланс 1 224,45"
    with db.engine.connect() as connection:
        issued = connection.scalars(select(TABLES["receipts"].c.issued_on)).all()
    assert {str(day) for day in issued} == {"2026-10-31"}


def test_signs_and_columns_as_the_profile_says(db, cast, tmp_path):
    registers.city(db, positive="overpayment", balance="charged", issue_day=5)
    assert take(db, register(tmp_path, f"{HOME};-12,30;Вода"), OCTOBER).imported
    assert balances(db)[0][3:] == ("Вода", 0, 1230, 1230)


@pytest.mark.parametrize("encoding", ["cp1251", "utf-8", "utf-8-sig"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_of_any_making(db, cast, tmp_path, encoding, end):
    registers.city(db)
    row = '"ООО ""Ёж"";1";;2000000001;5;Вода'
    path = register(tmp_path, row, total="5,00", encoding=encoding, end=end)
    assert take(db, path, OCTOBER).imported and balances(db)[0][3] == "Вода"


def test_again_changes_nothing_and_another_balance_does(db, cast, tmp_path, content):
    registers.city(db)
    path = register(tmp_path, f"{HOME};10;Вода", f"{OTHER};20;Вода")
    take(db, path, OCTOBER)
    before = content()
    again = take(db, path, OCTOBER)
    assert again.imported and content() == before
    assert "Загружено строк: 0, без изменений: 2. Номер" in again.verdict() and "без изменений 2" in again.text()
    assert take(db, register(tmp_path, f"{HOME};7;Вода", f"{OTHER};20;Вода"), OCTOBER).imported
    assert [row[-1] for row in balances(db)] == [700, 2000]


BROKEN = [
    ({"total": "11"}, [f"{HOME};10;1"], [(None, "")], "балансы строк дают 10,00"),
    ({"total": "1x"}, [f"{HOME};10;1"], [(None, "")], "не сумма"),
    ({"head": ("#TYPE 6", "#SERVICE 77")}, [f"{HOME};10;1"], [(None, "")], "#TYPE 6"),
    ({"head": ("#TYPE 7", "#SERVICE 78")}, [f"{HOME};10;1"], [(None, "")], "#SERVICE 78"),
    ({"head": ("#TYPE 7",)}, [f"{HOME};10;1"], [(None, "")], "нет #SERVICE"),
    ({"head": ("#TYPE 7", "#SERVICE 77", "#NOTE 1")}, [f"{HOME};10;1"], [(4, "")], "#NOTE"),
    ({"head": ("#TYPE 7", "#TYPE 7", "#SERVICE 77")}, [f"{HOME};10;1"], [(3, "")], "повторяется"),
    ({}, [f"{HOME};10;9"], [(4, "услуга")], "кода «9»"),
    ({}, [f"{HOME};10;1", ";;999;5;1"], [(5, "ЛС")], "новых профиль не заводит"),
    ({}, [";;;10;1"], [(4, "ЛС")], "не заполнено"),
    ({}, [f"{HOME};10;1", f"{HOME};11;1"], [(5, "ЛС")], "уже была"),
    ({"total": "10"}, [f"{HOME};10;1", f"{OTHER};1e3;1"], [(None, ""), (5, "баланс")], "не сумма"),
    ({"total": "10"}, [f"{HOME};10;1", f"{OTHER};;1"], [(None, ""), (5, "баланс")], "не сумма"),
    ({"total": "10"}, [f"{HOME};10;1", "2000000001;5;1"], [(None, ""), (5, "")], "ячеек 3"),
    ({"total": "10"}, [f"{HOME};10;1", f"{HOME};10;1;лишнее"], [(None, ""), (5, "")], "ячеек 6"),
    ({"total": "10"}, [f"{HOME};10;1", '"a;b;c;5;1'], [(None, ""), (5, "")], "кавычка"),
]


@pytest.mark.parametrize(("making", "rows", "places", "word"), BROKEN)
def test_broken(db, cast, tmp_path, count, making, rows, places, word):
    registers.city(db, services={"1": "Отопление"})
    report = take(db, register(tmp_path, *rows, **making), OCTOBER)
    assert not report.imported and faults(report) == places and not count("receipts") and not count("imports")
    assert word in report.faults.listed[-1].reason


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (lambda text: text.encode("cp866"), "DOS"),
        (lambda text: text.encode("utf-16"), "UTF-16"),
        (lambda text: text.encode("cp1251") + b"\x00", "нулевые байты"),
        (lambda text: text.encode("cp1251") + b"\x98\r\n", "Недопустимые"),
        (lambda text: text.encode("cp1251") + b"1" * (10 << 20), "длинная"),
        (lambda text: text.encode("cp1251")[:-30], "#FILESUM"),
        (lambda text: text.partition("#SERVICE 77\r\n")[2].encode("cp1251"), "это не реестр «Город»"),
        (lambda text: b"", "нет ни одной строки"),
        (lambda text: b"\r\n;;;\r\n", "нет ни одной строки"),
        (lambda text: b"#FILESUM 0\r\n#TYPE 7\r\n#SERVICE 77\r\n", "нет ни одной строки с лицевым счетом"),
        (lambda text: b"PK\x03\x04" + b"\x00" * 30, "нулевые байты"),
    ],
)
def test_what_is_no_register(db, cast, tmp_path, count, content, word):
    registers.city(db)
    path = register(tmp_path, f"{HOME};10;Вода", f"{HOME};2000,55;Отопление")
    path.write_bytes(content(path.read_bytes().decode("cp1251")))
    report = take(db, path, OCTOBER)
    assert not report.imported and word in report.text() and not count("receipts")


def test_of_a_refused_register_nothing_is_taken_and_the_reason_stands_first(db, cast, tmp_path):
    registers.city(db)
    said = take(db, register(tmp_path, f"{HOME};10;Вода", ";;999;5;Вода", total="99"), OCTOBER).text().splitlines()
    assert "#FILESUM 99,00" in said[2] and said[-1].startswith("  город.txt: строк 2, принято 0;")


def test_faults_are_told_in_the_order_of_lines(db, cast, tmp_path):
    registers.city(db, services={"1": "Вода"})
    rows = [";;999;10;1", f"{HOME};10;9", ";;998;10;1", f"{OTHER};10;8"]
    said = take(db, register(tmp_path, *rows), OCTOBER).text().splitlines()
    assert [line.partition(",")[2].partition(",")[0] for line in said[2:6]] == [f" строка {n}" for n in (4, 5, 6, 7)]


def test_dry_run(db, cast, tmp_path, count):
    registers.city(db)
    report = take(db, register(tmp_path, f"{HOME};10;Вода"), OCTOBER, dry_run=True)
    assert not report.imported and not report.faults.count and not count("receipts")


def test_bad_rows_come_back_corrected(db, cast, tmp_path):
    registers.city(db)
    rows = [f"{HOME};10;Вода", ";;999;5,50;Вода", ";;2000000002;-1;Вода"]
    report = take(db, register(tmp_path, *rows), OCTOBER, skip_bad_rows=True)
    assert report.imported and len(balances(db)) == 1
    left = tmp_path / "город-bad" / "город.txt"
    kept = lines(left)
    assert kept[:3] == ["#FILESUM 4.50", "#TYPE 7", "#SERVICE 77"] and "Причина: ЛС: " in kept[3]
    left.write_bytes(
        "\r\n".join(["#FILESUM 5.50", *kept[1:3], kept[3].replace("999", "2000000001"), ""]).encode("cp1251")
    )
    assert take(db, left, OCTOBER).imported and [row[-1] for row in balances(db)] == [1000, 550]


NEW = "ЁЖИКОВ ИВАН ПЕТРОВИЧ;Челябинск,Кыштымская ул,10,7;777;50;Вода"


def test_new_accounts_where_the_profile_allows(db, cast, tmp_path, content):
    registers.city(db, new_accounts=True)
    private = "'=ПЕТРОВА;Копейск,Садовая,9;778;1;Вода"
    path = register(tmp_path, NEW, private, NEW.replace(";50;Вода", ";2;Газ"))
    report = take(db, path, OCTOBER)
    assert report.imported, report.text()
    account, house = TABLES["accounts"], TABLES["buildings"]
    columns = (account.c.surname, account.c.first_name, account.c.patronymic, account.c.flat, account.c.surname_key)
    query = select(*columns, house.c.city, house.c.street, house.c.house, house.c.apartments, house.c.code)
    with db.engine.connect() as connection:
        found = connection.execute(
            query.join(house).where(account.c.number.in_(["777", "778"])).order_by(account.c.number)
        )
        first, second = map(tuple, found)
    assert first[:5] == ("ЁЖИКОВ", "ИВАН", "ПЕТРОВИЧ", "7", "ежиков")
    assert first[6:9] == ("УЛ. КЫШТЫМСКАЯ", "10", True)  # the house that was there
    assert second[:4] == ("=ПЕТРОВА", "", "", "") and second[5:9] == ("Копейск", "Садовая", "9", False)
    before = content()
    assert take(db, path, OCTOBER).imported and content() == before


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (";Челябинск,Ленина,1,2;779;5;Вода", "ФИО"),
        ("ИВАНОВ;Челябинск, Ленина 1-2;779;5;Вода", "адрес"),
        ("ИВАНОВ;Челябинск,,1,2;779;5;Вода", "адрес"),
        (f"{'И' * 201};Челябинск,Ленина,1,2;779;5;Вода", "адрес"),
    ],
)
def test_new_accounts_need_a_name_and_a_place(db, cast, tmp_path, row, column):
    registers.city(db, new_accounts=True)
    report = take(db, register(tmp_path, row), OCTOBER)
    assert not report.imported and faults(report) == [(4, column)]


def test_the_month_is_told_or_the_profile_s(db, cast, tmp_path):
    registers.city(db)
    with pytest.raises(Refused, match="--month"):
        take(db, register(tmp_path, f"{HOME};10;Вода"))
    for rule, month in (("current", Month(2026, 11)), ("previous", OCTOBER)):
        registers.city(db, month=rule)
        assert take(db, register(tmp_path, f"{HOME};10;{rule}")).imported
        assert month in {row[2] for row in balances(db)}


def whole_package(db, tmp_path):
    """A package with a receipt of ХВС 3,00 with accruals, an overpaid account and one without accruals."""
    package = packages.small(tmp_path)
    packages.write(
        package, "accounts", [packages.account(), packages.account("200", Имя="ОЛЬГА"), packages.account("300")]
    )
    packages.write(package, "receipts", [packages.receipt(), packages.receipt("200"), packages.receipt("300")])
    rows = [
        packages.balance(),
        packages.balance("ГВС", "200", Долг="-5,00", Итого="-3,00"),
        packages.balance("ХВС", "300"),
    ]
    packages.write(package, "balances", rows)
    assert import_package(db, package).imported


def test_written_and_read_is_no_change(db, tmp_path, content):
    whole_package(db, tmp_path)
    options = {"receipt_kind": "Объединённая", "services": {"1": "ХВС", "2": "ГВС"}, "overpayments": "write"}
    registers.city(db, packages.INN, **options)
    message = registers.write(db, "charges", tmp_path / "r.txt")
    assert "09.2026" in message and "строк 3, сумма 3,00" in message
    assert lines(tmp_path / "r.txt") == [
        "#FILESUM 3.00", "#TYPE 7", "#SERVICE 77",
        ";,УЛ. ЛЕНИНА,1А,;100;3.00;1", ";,УЛ. ЛЕНИНА,1А,;200;-3.00;2", ";,УЛ. ЛЕНИНА,1А,;300;3.00;1",
    ]  # fmt: skip
    before = content()
    report = take(db, tmp_path / "r.txt", Month(2026, 9))
    assert report.imported and content() == before


def test_a_receipt_with_accruals_isn_t_overwritten(db, tmp_path, content):
    whole_package(db, tmp_path)
    registers.city(db, packages.INN, receipt_kind="Объединённая")
    before = content()
    report = take(db, register(tmp_path, ";;100;4,00;ХВС"), Month(2026, 9))
    assert not report.imported and faults(report) == [(4, "баланс")] and content() == before
    assert take(db, register(tmp_path, ";;300;4,00;ХВС"), Month(2026, 9)).imported


def test_overpayments_names_and_codes(db, tmp_path):
    whole_package(db, tmp_path)
    registers.city(db, packages.INN, receipt_kind="Объединённая", names="full", decimal=",")
    assert "переплат пропущено: 1" in registers.write(db, "charges", tmp_path / "r.txt")
    assert lines(tmp_path / "r.txt")[0] == "#FILESUM 6,00" and lines(tmp_path / "r.txt")[3].startswith("ИВАНОВ;")
    registers.city(db, packages.INN, receipt_kind="Объединённая", names="initials", overpayments="write")
    registers.write(db, "charges", tmp_path / "r.txt")
    assert lines(tmp_path / "r.txt")[4].startswith("ИВАНОВ О.;")
    for options, word in (
        ({"overpayments": "refuse"}, "переплаты"),
        ({"services": {"1": "ХВС"}}, "«ГВС»"),
        ({"receipt_kind": "Нет"}, "Нет"),
    ):  # fmt: skip
        registers.city(db, packages.INN, **{"receipt_kind": "Объединённая", **options})
        (tmp_path / "r.txt").write_text("прежний")
        with pytest.raises(Refused, match=word):
            registers.write(db, "charges", tmp_path / "r.txt")
        assert (tmp_path / "r.txt").read_text() == "прежний"


def test_no_cell_breaks_out_and_no_formula_gets_in(db, tmp_path):
    package = packages.small(tmp_path)
    packages.write(package, "accounts", [packages.account(Фамилия='=cmd|"; \n1', Квартира="7,8")])
    assert import_package(db, package).imported
    registers.city(db, packages.INN, receipt_kind="Объединённая", names="full")
    registers.write(db, "charges", tmp_path / "r.txt")
    assert lines(tmp_path / "r.txt")[3:] == ["'=cmd| 1;,УЛ. ЛЕНИНА,1А,7 8;100;3.00;ХВС"]


KILLED = """
import sys, time
from pathlib import Path
from lk_reflex.core.db import Database
from lk_reflex.core.months import Month
from lk_reflex.exchange.progress import Silent
from lk_reflex.exchange.registers.desk import take_register
class Wait(Silent):
    def step(self, file, rows, done, total):
        print("now", flush=True)
        time.sleep(60)
take_register(Database(sys.argv[1]), Path(sys.argv[2]), "П", Month(2026, 10), progress=Wait())
"""


def test_kill_9_in_the_middle(db, cast, tmp_path, content):
    registers.city(db)
    path = register(tmp_path, f"{HOME};10;Вода", f"{OTHER};20;Вода")
    before, url = content(), db.engine.url.render_as_string(hide_password=False)
    process = subprocess.Popen([sys.executable, "-c", KILLED, url, str(path)], stdout=subprocess.PIPE, text=True)
    with process:
        assert process.stdout.readline() == "now\n"
        os.kill(process.pid, signal.SIGKILL)
    assert content() == before

"""The whole way by the command line: profiles, registers out and in, readings to billing and its answers back."""

from contextlib import contextmanager

import pytest
import typer
from sqlalchemy import select
from typer.testing import CliRunner

from lk_reflex.core.clock import format_date, local_date, utc_now
from lk_reflex.domain.metering.history import history
from lk_reflex.exchange import commands
from lk_reflex.tables import METADATA
from tests.exchange import packages
from tests.exchange.sendings import INN, add_meter

BANK = f'name = "Урал"\nregister = "bank"\norganization = "{INN}"\n[options]\nbank = "«Урал»"\n'
CITY = (
    f'name = "Город"\nregister = "city"\norganization = "{INN}"\n'
    '[options]\nservice = "77"\nreceipt_kind = "Город"\nservices = { "1" = "Вода" }\n'
)


@pytest.fixture
def lk(db, cast, monkeypatch):
    """Runs a command over the test's database; gives its exit code and what it said."""

    @contextmanager
    def same():
        yield db

    monkeypatch.setattr(commands, "_database", same)
    app = typer.Typer()
    app.command("import")(commands.import_)
    app.command("export")(commands.export)
    app.command("put")(commands.profile_put)
    app.command("list")(commands.profile_list)
    app.command("show")(commands.profile_show)

    def run(*given):
        done = CliRunner().invoke(app, [str(one) for one in given])
        return done.exit_code, done.output

    return run


def written(tmp_path, name, text):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_readings_of_a_bank_go_all_the_way(db, cast, lk, tmp_path):
    meter = add_meter(db, cast)
    assert lk("put", written(tmp_path, "b.toml", BANK)) == (0, f"Профиль «Урал» сохранён: реестр банка, ИНН {INN}.\n")
    assert "показаний 0" in lk("export", "readings", "--profile", "Урал", "--out", tmp_path / "to.csv")[1]
    empty = (tmp_path / "to.csv").read_bytes().decode("cp1251")
    assert "9;М-1-с;ХВС;;;;" in empty
    back, today = tmp_path / "from.csv", format_date(local_date(utc_now()))
    back.write_bytes(empty.replace("9;М-1-с;ХВС;;;;", f"9;М-1-с;ХВС;;2,5;{today};").encode("cp1251"))
    code, said = lk("import", back, "--profile", "Урал", "--dry-run")
    assert code == 0 and "База не изменена" in said
    code, said = lk("import", back, "--profile", "Урал")
    assert code == 0 and "Загружено строк: 1.\n" in said and "None" not in said, said
    assert lk("export", "readings", "--out", tmp_path / "1.csv")[0] == 0
    given = packages.read(tmp_path / "1.csv")[1]
    answer = packages.row("reading_answers", {
        "ИНН": given[0], "Код ПУ": given[2], "Зона": given[3], "Дата снятия": given[4], "Показание": given[5],
        "Результат": "Не принято", "Причина": "Прибор не поверен",
    })  # fmt: skip
    packages.write(tmp_path / "answers", "reading_answers", [answer])
    assert lk("import", tmp_path / "answers")[0] == 0
    newest = db.read(history, cast.owner.actor, cast.flat, meter)[0]
    assert newest.source == "Банк «Урал»" and newest.value == 2_500
    assert "Не принято" in newest.fate and "Прибор не поверен" in newest.fate


def test_charges_by_a_city_register(db, cast, lk, tmp_path):
    lk("put", written(tmp_path, "c.toml", CITY))
    rows = "#FILESUM 12,50\r\n#TYPE 7\r\n#SERVICE 77\r\nА Б;;1234567899;12,50;1\r\n"
    register = written(tmp_path, "r.txt", rows)
    assert lk("import", register, "--profile", "Город")[0] == 2
    code, said = lk("import", register, "--profile", "Город", "--month", "2026-10")
    assert code == 0 and "Σ баланс 12,50" in said, said
    broken = written(tmp_path, "b.txt", rows.replace("#FILESUM 12", "#FILESUM 13"))
    code, said = lk("import", broken, "--profile", "Город", "--month", "10.2026")
    assert code == 1 and "#FILESUM 13,50, а балансы строк дают 12,50. Реестр не загружен." in said
    assert lk("export", "charges", "--profile", "Город", "--out", tmp_path / "out.txt")[0] == 0
    assert "1234567899;12.50;1" in (tmp_path / "out.txt").read_bytes().decode("cp1251")
    with db.engine.connect() as connection:
        assert connection.scalar(select(METADATA.tables["balance_lines"].c.total)) == 1250


def test_profiles_are_listed_and_shown(lk, tmp_path):
    assert lk("list") == (0, "Профилей нет. Сохраните первый: profile put ФАЙЛ.\n")
    lk("put", written(tmp_path, "c.toml", CITY))
    assert lk("list") == (0, f"Город: реестр «Город», МУП «ПОВВ» (ИНН {INN})\n")
    assert 'services = { "1" = "Вода" }' in lk("show", "Город")[1]
    assert lk("show", "Нет")[0] == 2
    code, said = lk("put", written(tmp_path, "d.toml", CITY.replace("service =", "servise =")))
    assert code == 2
    assert said.splitlines() == ["options.service: не заполнено.", "options.servise: такого параметра нет."]


def test_a_folder_is_no_register(lk, tmp_path):
    lk("put", written(tmp_path, "b.toml", BANK))
    code, said = lk("import", tmp_path, "--profile", "Урал")
    assert code == 2 and said.startswith("Это папка, а нужен файл")


@pytest.mark.parametrize(
    ("given", "word"),
    [
        (("import", "нет.txt", "--month", "2026-10"), "--profile"),
        (("import", "нет.txt", "--profile", "Нет"), "Профиля «Нет» нет"),
        (("export", "charges", "--out", "x.txt"), "--profile"),
        (("export", "readings", "--out", "x.txt", "--month", "2026-10"), "--profile"),
        (("export", "readings", "--out", "x.txt", "--profile", "Нет", "--number", "1"), "не нумеруются"),
        (("import", "нет.txt", "--profile", "Нет", "--month", "осень"), "не месяц"),
    ],
)
def test_a_sentence_for_what_can_t_be_done(lk, given, word):
    code, said = lk(*given)
    assert code == 2 and word in said

"""The register of payments: every kopeck handed to billing once, by number, refunds as negative lines."""

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from openpyxl import load_workbook
from sqlalchemy import text

from lk_reflex.core.errors import NotFound, Refused
from lk_reflex.core.months import Month
from lk_reflex.domain.payments.tables import ADVANCE, ADVANCE_PENALTY, PENALTY
from lk_reflex.exchange import exporter
from lk_reflex.exchange.exporter import export
from tests.billing.paper import receipt
from tests.exchange import packages
from tests.payments.books import Line, paid, post, refunded

HEADER = ["ИНН", "Лицевой счет", "Квитанция", "Месяц", "Услуга", "Сумма", "Номер заказа", "Дата приема", "Комиссия"]
NUMBER = "26112012345678"
#: Late on the 20th in UTC, early on the 21st where people are.
AT = datetime(2026, 11, 20, 20, 30, 5, tzinfo=UTC)


@pytest.fixture
def bill(db, cast):
    return receipt(db, cast.flat, "Объединённая", Month(2026, 10))


@pytest.fixture
def order(db, cast, bill):
    """Of every part something, with a commission."""
    lines = [
        Line(cast.flat, bill, 400_00, "МУП ПОВВ:ХВС"),
        Line(cast.flat, bill, 1_05, "МУП ПОВВ:ХВС", PENALTY),
        Line(cast.flat, bill, 50_00, "", ADVANCE),
        Line(cast.flat, bill, 1, "", ADVANCE_PENALTY),
    ]
    return paid(db, cast.organization, lines, number=NUMBER, commission=9_02, at=AT)


def written(path):
    head, *rows = packages.read(path)
    assert head == HEADER
    return rows


def added(rows, place):
    return sum(Decimal(row[place].replace(",", ".")) for row in rows)


def ledger(db):
    with db.engine.connect() as connection:
        return Decimal(connection.scalar(text("SELECT COALESCE(SUM(amount), 0) FROM postings"))).scaleb(-2)


@pytest.mark.usefixtures("order")
def test_each_line_is_told_with_its_part_and_the_commission_once(db, tmp_path):
    done = export(db, "payments", tmp_path / "1.csv")
    start = ["7421000200", "1234567899", "Объединённая", "10.2026"]
    assert written(tmp_path / "1.csv") == [
        [*start, "МУП ПОВВ:ХВС", "400,00", NUMBER, "21.11.2026", "9,02"],
        [*start, "МУП ПОВВ:ХВС, пени", "1,05", NUMBER, "21.11.2026", "0,00"],
        [*start, "Аванс", "50,00", NUMBER, "21.11.2026", "0,00"],
        [*start, "Аванс, пени", "0,01", NUMBER, "21.11.2026", "0,00"],
    ]
    assert (done.number, done.rows, done.repeated) == (1, 4, False)
    said = done.message.replace("\u00a0", " ")
    assert said.endswith("1.csv. Сумма 451,06, комиссия 9,02, всего 460,08 руб.")


def test_nothing_is_handed_over_twice(db, cast, bill, order, tmp_path):
    export(db, "payments", tmp_path / "1.csv")
    assert export(db, "payments", tmp_path / "none.csv") is None
    assert not (tmp_path / "none.csv").exists()
    paid(db, cast.organization, [Line(cast.flat, bill, 7_00)], number="26112100000001")
    second = export(db, "payments", tmp_path / "2.csv")
    assert (second.number, second.rows) == (2, 1)
    assert [row[6] for row in written(tmp_path / "2.csv")] == ["26112100000001"]


def test_refunds_are_negative_lines_of_their_own_day(db, order, tmp_path):
    export(db, "payments", tmp_path / "1.csv")
    refunded(db, order, 100_00, at=datetime(2026, 12, 1, 10, 0, tzinfo=UTC))
    refunded(db, order, 360_08, at=datetime(2026, 12, 2, 10, 0, tzinfo=UTC))
    done = export(db, "payments", tmp_path / "2.csv")
    rows = written(tmp_path / "2.csv")
    assert {row[7] for row in rows} == {"01.12.2026", "02.12.2026"}
    assert all(row[5].startswith("-") or row[5] == "0,00" for row in rows)
    assert added(rows, 5) == Decimal("-451.06")
    assert added(rows, 8) == Decimal("-9.02")
    assert done.message.replace("\u00a0", " ").endswith(
        "Сумма -451,06, комиссия -9,02, всего -460,08 руб., в том числе возвраты -460,08"
    )


def test_all_registers_together_are_the_ledger(db, cast, bill, order, tmp_path):
    export(db, "payments", tmp_path / "1.csv")
    refunded(db, order, 33_33)
    paid(db, cast.organization, [Line(cast.flat, bill, 7_00)], number="26112100000001", commission=1)
    export(db, "payments", tmp_path / "2.csv")
    refunded(db, order, 11)
    export(db, "payments", tmp_path / "3.csv")
    rows = [row for number in (1, 2, 3) for row in written(tmp_path / f"{number}.csv")]
    assert added(rows, 5) + added(rows, 8) == ledger(db) == Decimal("433.65")


def test_a_refund_of_nothing_but_commission_is_not_lost(db, order, tmp_path):
    export(db, "payments", tmp_path / "1.csv")
    with db.transaction() as writer:
        post(writer, order, f"refund:{order}:2", [0, 0, 0, 0], -2, AT)
    done = export(db, "payments", tmp_path / "2.csv")
    (row,) = written(tmp_path / "2.csv")
    assert (row[4], row[5], row[8]) == ("МУП ПОВВ:ХВС", "0,00", "-0,02")
    assert done.rows == 1


def test_commission_of_a_refund_that_spares_the_first_line(db, order, tmp_path):
    """The column adds up wherever the refund's own lines are."""
    export(db, "payments", tmp_path / "1.csv")
    with db.transaction() as writer:
        post(writer, order, f"refund:{order}:52", [0, 0, -50, 0], -2, AT)
    export(db, "payments", tmp_path / "2.csv")
    rows = written(tmp_path / "2.csv")
    assert [(row[4], row[5], row[8]) for row in rows] == [("МУП ПОВВ:ХВС", "0,00", "-0,02"), ("Аванс", "-0,50", "0,00")]


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_a_number_repeats_to_the_byte(db, cast, bill, order, tmp_path, suffix):
    export(db, "payments", tmp_path / f"1.{suffix}")
    paid(db, cast.organization, [Line(cast.flat, bill, 7_00)], number="26112100000001")
    refunded(db, order, 10_00)
    again = export(db, "payments", tmp_path / f"2.{suffix}", number=1)
    assert (again.number, again.rows, again.repeated) == (1, 4, True)
    assert (tmp_path / f"1.{suffix}").read_bytes() == (tmp_path / f"2.{suffix}").read_bytes()
    with pytest.raises(NotFound, match="payments с номером 2"):
        export(db, "payments", tmp_path / "3.csv", number=2)


@pytest.mark.usefixtures("order")
def test_kinds_are_numbered_apart(db, tmp_path):
    assert export(db, "readings", tmp_path / "r.csv") is None
    assert export(db, "payments", tmp_path / "p.csv").number == 1
    with pytest.raises(NotFound):
        export(db, "readings", tmp_path / "r.csv", number=1)


@pytest.mark.usefixtures("order")
def test_xlsx_has_sums_as_numbers_and_the_order_as_text(db, tmp_path):
    export(db, "payments", tmp_path / "1.xlsx")
    sheet = load_workbook(tmp_path / "1.xlsx").active
    assert sheet.title == "payments"
    assert [cell.value for cell in sheet[2]][4:] == ["МУП ПОВВ:ХВС", 400, NUMBER, "21.11.2026", 9.02]


def test_a_services_name_is_no_formula(db, cast, bill, tmp_path):
    paid(db, cast.organization, [Line(cast.flat, bill, 1_00, "=1+1"), Line(cast.flat, bill, 1, "@x", PENALTY)],
         number=NUMBER)  # fmt: skip
    export(db, "payments", tmp_path / "1.csv")
    assert [row[4] for row in written(tmp_path / "1.csv")] == ["'=1+1", "'@x, пени"]


def test_what_does_not_add_up_is_not_handed_over(db, order, tmp_path):
    with db.transaction() as writer:
        writer.change(text("UPDATE postings SET amount = amount + 1"))
    with pytest.raises(Refused, match="не сходится"):
        export(db, "payments", tmp_path / "1.csv")
    with db.engine.connect() as connection:
        assert connection.scalar(text("SELECT COUNT(*) FROM postings WHERE export_id IS NOT NULL")) == 0
        assert connection.scalar(text("SELECT COUNT(*) FROM exports")) == 0


@pytest.mark.parametrize("step", ["write_table", "_complete"])
def test_a_crash_after_the_claim_is_made_good_under_the_same_number(db, order, tmp_path, monkeypatch, step):
    class Crash(BaseException): ...

    def crash(*_):
        raise Crash

    with monkeypatch.context() as patch, pytest.raises(Crash):
        patch.setattr(exporter, step, crash)
        export(db, "payments", tmp_path / "1.csv")
    refunded(db, order, 10_00)
    again = export(db, "payments", tmp_path / "1.csv")
    assert (again.number, again.rows, again.repeated) == (1, 4, True)
    assert export(db, "payments", tmp_path / "2.csv").number == 2


@pytest.mark.usefixtures("order")
@pytest.mark.parametrize("place", ["export-claimed", "export-written"])
def test_kill_9_during_the_command_loses_and_doubles_nothing(db, tmp_path, place):
    out = tmp_path / "register.csv"
    killed = _command(db, out, tmp_path, LK_FAILPOINT=place)
    assert killed.returncode == -signal.SIGKILL
    assert out.exists() == (place == "export-written")
    again = _command(db, out, tmp_path)
    assert again.returncode == 0, again.stderr
    assert "Выгрузка № 1: строк 4, повторно" in again.stdout
    assert "всего 460,08 руб." in again.stdout
    assert added(written(out), 5) + added(written(out), 8) == ledger(db)
    assert "Новых платежей для выгрузки нет" in _command(db, tmp_path / "none.csv", tmp_path).stdout


def _command(db, out, data, **env):
    url = db.engine.url.render_as_string(hide_password=False)
    given = {**os.environ, "LK_DATABASE_URL": url, "LK_DATA_DIR": str(data), "LK_MODE": "preview", **env}
    command = [sys.executable, "-m", "lk_reflex", "export", "payments", "--out", str(out)]
    return subprocess.run(command, env=given, capture_output=True, text=True, timeout=60, check=False)

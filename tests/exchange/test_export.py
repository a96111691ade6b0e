"""Readings handed to billing: once, by number, whole or not at all."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from openpyxl import load_workbook

from lk_reflex.core.errors import Conflict, NotFound, Refused
from lk_reflex.core.months import Month
from lk_reflex.domain.metering.tables import Meter, SentReading, Submission
from lk_reflex.exchange import export_kinds, exporter
from lk_reflex.exchange.exporter import export
from lk_reflex.exchange.lock import exclusive
from lk_reflex.exchange.out_file import safe_text
from tests.exchange import packages

SENT = datetime(2026, 11, 19, 19, 30, 5, tzinfo=UTC)


@pytest.fixture
def send(db, cast):
    """Send a reading of the flat's meter; the first call makes the meter."""
    meters, sent = [], []

    def one(value=12_345, *, code="М-1", volume=2_000, source="Личный кабинет", replaced=None):
        sent.append(value)
        with db.transaction() as writer:
            if not meters:
                about = {"code": code, "serial": "1", "name": "ХВС", "resource": "ХВС"}
                meters.append(Meter(organization_id=cast.organization, account_id=cast.flat, **about))
                writer.add(meters[0])
                meters[0] = meters[0].id
            submission = Submission(key=f"k{value}", account_id=cast.flat, source=source, created_at=SENT)
            writer.add(submission)
            about = {
                "period": Month(2026, 11).shift(-len(sent)),
                "taken_on": date(2026, 11, 19),
                "value": value,
                "volume": volume,
            }
            writer.add(SentReading(submission_id=submission.id, meter_id=meters[0], replaced_at=replaced, **about))

    return one


def test_each_reading_is_taken_once(db, send, tmp_path):
    send(1_000)
    send(2_000, replaced=SENT)
    first = export(db, "readings", tmp_path / "1.csv")
    assert (first.number, first.rows, first.repeated) == (1, 1, False)
    assert export(db, "readings", tmp_path / "none.csv") is None and not (tmp_path / "none.csv").exists()
    send(3_000)
    assert export(db, "readings", tmp_path / "2.csv").number == 2
    assert [row[5] for row in packages.read(tmp_path / "2.csv")[1:]] == ["3,000"]


def test_columns(db, send, tmp_path):
    send(12_345_678, volume=-1_005)
    export(db, "readings", tmp_path / "1.csv")
    assert packages.read(tmp_path / "1.csv") == [
        ["ИНН", "Лицевой счет", "Код ПУ", "Зона", "Дата снятия", "Показание", "Объем", "Источник", "Передано"],
        ["7421000200", "1234567899", "М-1", "1", "19.11.2026", "12345,678", "-1,005", "Личный кабинет",
         "20.11.2026 00:30:05"],
    ]  # fmt: skip
    assert (tmp_path / "1.csv").read_bytes().startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_a_number_repeats_to_the_byte(db, send, tmp_path, suffix):
    for value in range(1_000, 1_005):
        send(value)
    export(db, "readings", tmp_path / f"1.{suffix}")
    send(9_000)
    again = export(db, "readings", tmp_path / f"2.{suffix}", number=1)
    assert (again.number, again.rows, again.repeated) == (1, 5, True)
    assert (tmp_path / f"1.{suffix}").read_bytes() == (tmp_path / f"2.{suffix}").read_bytes()
    with pytest.raises(NotFound):
        export(db, "readings", tmp_path / "3.csv", number=2)


def test_xlsx_has_numbers_as_numbers(db, send, tmp_path):
    send(12_345, volume=-500, source="=1+1")
    export(db, "readings", tmp_path / "1.xlsx")
    sheet = load_workbook(tmp_path / "1.xlsx").active
    row = [cell.value for cell in sheet[2]]
    assert row == ["7421000200", "1234567899", "М-1", 1, "19.11.2026", 12.345, -0.5, "'=1+1", "20.11.2026 00:30:05"]


@pytest.mark.parametrize("text", ["=1+1", "+7", "-x", "@SUM(A1)", "\tx", "\rx"])
def test_formulas_are_neutralised(db, send, tmp_path, text):
    assert safe_text(text) == f"'{text}" and safe_text("a=b-1") == "a=b-1" and safe_text("") == ""
    send(1_000, code=text, source=text, volume=-7)
    export(db, "readings", tmp_path / "1.csv")
    row = packages.read(tmp_path / "1.csv")[1]
    assert (row[2], row[7], row[6]) == (f"'{text}", f"'{text}", "-0,007")


@pytest.mark.parametrize("step", ["write_table", "_complete"])
def test_crash_after_the_claim_is_made_good_under_the_same_number(db, send, tmp_path, monkeypatch, step):
    class Crash(BaseException): ...

    def crash(*_):
        raise Crash

    send(1_000)
    with monkeypatch.context() as patch, pytest.raises(Crash):
        patch.setattr(exporter, step, crash)
        export(db, "readings", tmp_path / "1.csv")
    send(2_000)
    again = export(db, "readings", tmp_path / "1.csv")
    assert (again.number, again.rows, again.repeated) == (1, 1, True)
    assert [row[5] for row in packages.read(tmp_path / "1.csv")[1:]] == ["1,000"]
    assert export(db, "readings", tmp_path / "2.csv").number == 2


def test_nobody_else_on_the_machine_reads_what_billing_gets(db, send, tmp_path):
    send(1_000)
    (tmp_path / "1.csv").write_text("прежний")
    (tmp_path / "1.csv").chmod(0o644)
    export(db, "readings", tmp_path / "1.csv")
    assert (tmp_path / "1.csv").stat().st_mode & 0o777 == 0o600


def test_crash_while_writing_leaves_the_old_file_whole(db, send, tmp_path, monkeypatch):
    (tmp_path / "1.csv").write_text("прежний")
    send(1_000)

    def half(*_):
        yield ("1",) * 9
        raise RuntimeError("power")

    monkeypatch.setitem(export_kinds.KINDS, "readings", replace(export_kinds.KINDS["readings"], rows=half))
    with pytest.raises(RuntimeError):
        export(db, "readings", tmp_path / "1.csv")
    assert [file.name for file in tmp_path.glob("*1.csv*")] == ["1.csv"]
    assert (tmp_path / "1.csv").read_text() == "прежний"


def test_refusals(db, send, tmp_path):
    for kind, word in (("charges", "charges"), ("cats", "cats")):
        with pytest.raises(Refused, match=word):
            export(db, kind, tmp_path / "1.csv")
    with pytest.raises(Refused, match="папки"):
        export(db, "readings", tmp_path / "no" / "1.csv")
    with exclusive(db, "export", ""), pytest.raises(Conflict, match="Другая выгрузка"):
        export(db, "readings", tmp_path / "1.csv")
    assert not (tmp_path / "1.csv").exists()


@pytest.mark.parametrize("name", ["x.txt", "x", "x.xls"])
def test_a_name_of_another_kind_claims_nothing(db, send, tmp_path, count, name):
    send(1)
    with pytest.raises(Refused, match=r"\.csv или \.xlsx"):
        export(db, "readings", tmp_path / name)
    assert not count("exports") and not (tmp_path / name).exists()

"""Billing's answers to exported readings: which reading they reach, and what is only worth a warning."""

from datetime import date

import pytest
from sqlalchemy import select, update

from lk_reflex.domain.metering.history import history
from lk_reflex.exchange.exporter import export
from lk_reflex.exchange.importer import import_package
from lk_reflex.tables import METADATA
from tests.cast import NOW
from tests.exchange import packages
from tests.exchange.sendings import INN, add_meter, send_reading

ANSWERS = METADATA.tables["reading_answers"]


def row(result="Учтено", *, code="М-1", day="19.11.2026", **cells):
    return packages.row(
        "reading_answers", {"ИНН": INN, "Код ПУ": code, "Дата снятия": day, "Результат": result, **cells}
    )


def answered(db):
    columns = (ANSWERS.c.sent_reading_id, ANSWERS.c.accounted, ANSWERS.c.reason, ANSWERS.c.answered_at)
    with db.engine.connect() as connection:
        return [tuple(found) for found in connection.execute(select(*columns).order_by(ANSWERS.c.sent_reading_id))]


@pytest.fixture
def exported(db, cast, tmp_path):
    """Two exported readings of one meter, the second two days later and by hand of the next month's period."""
    meter = add_meter(db, cast)
    first = send_reading(db, cast, meter, 5_000, day=date(2026, 10, 20))
    second = send_reading(db, cast, meter, 7_250)
    export(db, "readings", tmp_path / "1.csv")
    return first, second


def take(db, tmp_path, *rows, **options):
    package = tmp_path / "answers"
    packages.write(package, "reading_answers", list(rows))
    return import_package(db, package, **options)


def test_answers_reach_their_readings(db, exported, tmp_path):
    refused = row("не ПРИНЯТО", Причина="Прибор не поверен", Показание="7,25", Зона="1")
    report = take(db, tmp_path, row(day="20.10.2026"), refused)
    assert report.imported and not report.warnings.count, report.text()
    assert [found[:3] for found in answered(db)] == [
        (exported[0], True, ""), (exported[1], False, "Прибор не поверен"),
    ]  # fmt: skip
    assert report.text().splitlines()[-1] == "  reading_answers.csv: строк 2, принято 2"


def test_again_changes_nothing_and_a_new_mind_does(db, exported, tmp_path):
    take(db, tmp_path, row("Не принято", Причина="Опечатка"))
    before = answered(db)
    again = take(db, tmp_path, row("Не принято", Причина="Опечатка"))
    assert again.imported and answered(db) == before and "строк: 0, без изменений: 1." in again.verdict()
    assert take(db, tmp_path, row()).imported
    assert [found[:3] for found in answered(db)] == [(exported[1], True, "")]


WARNED = [
    (row(code="М-9"), "Код ПУ"),
    (row(day="18.11.2026"), "Дата снятия"),
    (row(Зона="2"), "Дата снятия"),
    (row(Показание="7,251"), "Показание"),
    (packages.row("reading_answers", {"ИНН": "1234567890", "Код ПУ": "М-1", "Дата снятия": "19.11.2026",
                                      "Результат": "Учтено"}), "ИНН"),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "column"), WARNED)
def test_what_matches_nothing_is_a_warning_with_its_line(db, exported, tmp_path, answer, column):
    report = take(db, tmp_path, answer, row(day="20.10.2026"))
    found = [(remark.line, remark.column) for remark in report.warnings.listed]
    assert report.imported and found == [(2, column)] and len(answered(db)) == 1
    assert report.text().splitlines()[-1] == "  reading_answers.csv: строк 2, принято 1"


def test_a_late_answer_to_what_was_corrected_is_warned_of(db, exported, cast, tmp_path):
    """One meter, one day, two exported values: which one is meant has to be said, and the first is over."""
    sent, meters = METADATA.tables["sent_readings"], METADATA.tables["meters"]
    with db.engine.begin() as connection:
        connection.execute(update(sent).where(sent.c.id == exported[1]).values(replaced_at=NOW))
        meter = connection.scalar(select(meters.c.id).where(meters.c.code == "М-1"))
    corrected = send_reading(db, cast, meter, 7_100)
    export(db, "readings", tmp_path / "2.csv")
    report = take(db, tmp_path, row("Не принято", Причина="Опечатка"), row(Показание="7,25"), row(Показание="7,1"))
    assert [(one.line, one.column) for one in report.warnings.listed] == [(2, "Показание"), (3, "Показание")]
    unclear, replaced = (one.reason for one in report.warnings.listed)
    assert "укажите в ответе" in unclear and "заменено другим" in replaced
    assert [found[:3] for found in answered(db)] == [(corrected, True, "")]


def test_readings_that_billing_never_got_have_no_answer(db, exported, cast, tmp_path):
    send_reading(db, cast, add_meter(db, cast, "М-2"), 9_000)
    report = take(db, tmp_path, row(code="М-2"))
    assert report.imported and "не выгружено" in report.warnings.listed[0].reason and not answered(db)


@pytest.mark.parametrize(
    ("rows", "line", "column"),
    [
        ([row("Не принято")], 2, "Причина"),
        ([row("Не принято", Причина="  ")], 2, "Причина"),
        ([row("Принято")], 2, "Результат"),
        ([row("")], 2, "Результат"),
        ([row(day="вчера")], 2, "Дата снятия"),
        ([row(Показание="-1")], 2, "Показание"),
        ([row(Зона="4")], 2, "Зона"),
        ([row(), row("Не принято", Причина="Опечатка")], 3, "Дата снятия"),
    ],
)
def test_faults_refuse_the_package(db, exported, tmp_path, rows, line, column):
    report = take(db, tmp_path, row(day="20.10.2026"), *rows)
    assert not report.imported and not answered(db)
    assert [(remark.line, remark.column) for remark in report.faults.listed] == [(line + 1, column)]


def test_bad_rows_are_left_out_beside_warned_ones(db, exported, tmp_path):
    rows = [row(code="М-9"), row("Не принято"), row(), row(day="01.01.2020"), row()]
    report = take(db, tmp_path, *rows, skip_bad_rows=True)
    assert report.imported and [found[:2] for found in answered(db)] == [(exported[1], True)]
    assert [remark.line for remark in report.warnings.listed] == [2, 5]
    assert [remark.line for remark in report.faults.listed] == [3, 6]
    kept = packages.read(tmp_path / "answers-bad" / "reading_answers.csv")
    assert [found[-1].split(":")[0] for found in kept[1:]] == ["Причина", "Дата снятия"]


def test_dry_run(db, exported, tmp_path):
    report = take(db, tmp_path, row(), dry_run=True)
    assert not report.imported and not report.faults.count and not answered(db)


def test_fias(db, tmp_path):
    package = packages.small(tmp_path)
    packages.write(package, "accounts", [packages.account(ФИАС="a1b2c3d4-0000-4000-8000-000000000001")])
    assert import_package(db, package).imported
    with db.engine.connect() as connection:
        found = connection.scalar(select(METADATA.tables["accounts"].c.fias))
    assert found == "a1b2c3d4-0000-4000-8000-000000000001"


def test_the_whole_way_of_a_reading(db, cast, exported, tmp_path):
    """What the export wrote is what billing answers with, and the person's history says what became of it."""
    _, given = packages.read(tmp_path / "1.csv")[1:]
    cells = {"Код ПУ": given[2], "Зона": given[3], "day": given[4], "Показание": given[5]}
    code, day = cells.pop("Код ПУ"), cells.pop("day")
    assert take(db, tmp_path, row("Не принято", code=code, day=day, Причина="Прибор не поверен", **cells)).imported
    meter = METADATA.tables["meters"]
    with db.engine.connect() as connection:
        meter_id = connection.scalar(select(meter.c.id).where(meter.c.code == "М-1"))
    newest = db.read(history, cast.owner.actor, cast.flat, meter_id)[0]
    assert "Не принято" in newest.fate and "Прибор не поверен" in newest.fate

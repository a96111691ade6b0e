"""The register of requests: what has ended, once, by number, meter by meter; no formula, no passport, no phone."""

from datetime import UTC, datetime

import pytest

from lk_reflex.domain.requests.kinds import Kind
from lk_reflex.domain.requests.machine import Status
from lk_reflex.exchange.exporter import export
from tests.exchange import packages
from tests.requests.lives import lead, make_request, step
from tests.requests.sealing.applications import PASSPORT, add_another, filled, press, request_id_of

#: Late on the 20th in UTC, early on the 21st where people are.
AT = datetime(2026, 11, 20, 20, 30, 5, tzinfo=UTC)
HEADER = [
    "ИНН", "Лицевой счет", "Номер заявки", "Вид", "Адрес", "Отправлено", "Завершено", "Статус", "Комментарий", "Тема",
    "Описание", "№ п/п", "Тип заявки", "Тип ПУ", "Заводской номер", "Марка", "Показание", "Дата следующей поверки",
    "Место установки", "Монтаж",
]  # fmt: skip


def written(path):
    head, *rows = packages.read(path)
    assert head == HEADER
    return rows


@pytest.fixture
def done(db, cast):
    """A sealing application with two meters that was done; its number."""
    number = filled(db, cast.owner, reading="86,2", installer="=HYPERLINK(1)")
    add_another(db, cast.owner, number, serial="-777")
    press(db, cast.owner, number)
    request = request_id_of(db, number)
    for becomes in (Status.ACCEPTED, Status.WORKING):
        step(db, request, becomes)
    step(db, request, Status.DONE, now=AT, comment="+7 пломб")
    return number


def test_a_sealing_application_makes_a_row_of_each_meter(db, done, tmp_path):
    made = export(db, "requests", tmp_path / "1.csv")
    assert (made.number, made.rows, made.repeated, made.sums) == (1, 2, False, ". Заявок 1")
    start = [
        "7421000200", "1234567899", done, "Заявка на опломбировку", "УЛ. КЫШТЫМСКАЯ, 10 - 1010", "20.11.2026 15:00",
        "21.11.2026 01:30", "Выполнено", "'+7 пломб", "", "",
    ]  # fmt: skip
    first, second = written(tmp_path / "1.csv")
    assert first[:11] == second[:11] == start
    assert (first[11], first[14], first[16], first[17], first[19]) == (
        "1", "58416745412", "86,200", "20.11.2030", "'=HYPERLINK(1)"
    )  # fmt: skip
    assert (second[11], second[14]) == ("2", "'-777")


def test_nobodys_name_phone_or_passport_is_in_it(db, done, tmp_path):
    export(db, "requests", tmp_path / "1.csv")
    text = (tmp_path / "1.csv").read_text("utf-8-sig")
    for secret in (*PASSPORT.values(), "7501", "Здетовецкий", "9123456789"):
        assert secret not in text


@pytest.mark.parametrize("status", list(Status))
def test_only_what_has_ended_is_handed_over(db, cast, tmp_path, status):
    form = {"topic": "@тема", "text": "\tтекст", "phone": "1"}
    request = make_request(db, cast.organization, cast.owner.actor.user_id, form=form, sent_form=form)
    lead(db, request, status)
    made = export(db, "requests", tmp_path / "1.csv")
    if status not in (Status.DONE, Status.REFUSED):
        assert made is None
        return
    (row,) = written(tmp_path / "1.csv")
    assert (row[1], row[3], row[9], row[10], set(row[11:])) == ("", "Обращение", "'@тема", "'\tтекст", {""})


def test_nothing_is_handed_over_twice_and_a_batch_is_written_again_to_the_byte(db, cast, done, tmp_path):
    export(db, "requests", tmp_path / "1.csv")
    assert export(db, "requests", tmp_path / "none.csv") is None
    other = make_request(db, cast.organization, cast.owner.actor.user_id, kind=Kind.EMERGENCY)
    lead(db, other, Status.REFUSED)
    second = export(db, "requests", tmp_path / "2.csv")
    assert (second.number, second.rows) == (2, 1)
    again = export(db, "requests", tmp_path / "again.csv", number=1)
    assert again.repeated
    assert (tmp_path / "again.csv").read_bytes() == (tmp_path / "1.csv").read_bytes()


def test_a_workbook_has_the_readings_as_numbers(db, done, tmp_path):
    assert export(db, "requests", tmp_path / "1.xlsx").rows == 2
    assert (tmp_path / "1.xlsx").stat().st_size > 1000

"""Tables to be taken away: the figures of the pages, for whoever sees the pages, and safe in a spreadsheet."""

import csv
import io
from datetime import date
from urllib.parse import unquote

import pytest
from openpyxl import load_workbook

from lk_reflex.api.papers import downloads
from lk_reflex.core.clock import utc_now
from lk_reflex.core.months import Month
from lk_reflex.domain.identity import attempts
from lk_reflex.domain.identity.cookies import SESSION_COOKIE
from lk_reflex.domain.identity.sessions import end_all_sessions
from lk_reflex.domain.payments.sheets import ALL_TABLES as TABLES
from tests.api.conftest import as_person
from tests.billing.paper import accrual, february_2018, payment, receipt, september_2019
from tests.metering.dials import bill, make_meter
from tests.payments.books import Line, paid

RENT = "Коммерческий найм жилья"
WHOSE = ("1234567899", "КЫШТЫМСКАЯ", "ЗДЕТОВЕЦКИЙ", RENT)


@pytest.fixture
def papers(db, cast):
    february_2018(db, cast.flat)
    september_2019(db, cast.flat)
    payment(db, cast.organization, cast.flat, date(2019, 9, 3), "-485,28", processed_on=date(2019, 9, 5))


def rows_of(answer) -> list[list[str]]:
    assert answer.status_code == 200, answer.text
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""), delimiter=";"))


def book_of(answer):
    assert answer.status_code == 200, answer.text
    return load_workbook(io.BytesIO(answer.content)).active


def name_of(answer) -> str:
    return unquote(answer.headers["content-disposition"].partition("filename*=UTF-8''")[2])


@pytest.mark.usefixtures("papers")
def test_charges_of_a_month_are_the_pages(web, cast):
    as_person(web, cast.owner)
    answer = web.get("/api/tables/charges.csv?month=2019-09")
    assert rows_of(answer) == [
        ["Лицевой счет", "Месяц", "Квитанция", "Услуга", "Долг (+) / Переплата (-) (руб.)", "Оплачено (-) (руб.)",
         "Начислено (руб.)", "Итого к оплате (руб.)", "Пени: долг (+) / переплата (-) (руб.)",
         "Пени: оплачено (-) (руб.)", "Пени: начислено (руб.)", "Пени: итого к оплате (руб.)"],
        ["1234567899", "09.2019", "Квитанция Объединённая за СЕНТЯБРЬ 2019", RENT,
         "2779,92", "0,00", "513,16", "3293,08", "0,00", "0,00", "0,00", "0,00"],
    ]  # fmt: skip
    assert name_of(answer) == "детализация-по-услугам-1234567899-2019-09.csv"
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-disposition"].startswith('attachment; filename="charges.csv"')


@pytest.mark.usefixtures("papers")
@pytest.mark.parametrize(
    ("query", "months", "name"),
    [
        ("", ["02.2018", "02.2018", "09.2019"], ""),
        ("month=Сентябрь%202019", ["09.2019"], "-2019-09"),
        ("month=сентябрь%C2%A02019", ["09.2019"], "-2019-09"),
        ("from=2018-02&to=2019-08", ["02.2018", "02.2018"], "-2018-02-2019-08"),
        ("from=2018-03", ["09.2019"], "-с-2018-03"),
        ("month=2020-01", [], "-2020-01"),
    ],
)
def test_a_month_a_period_or_all(web, cast, query, months, name):
    as_person(web, cast.owner)
    answer = web.get(f"/api/tables/charges.csv?{query}")
    assert [row[1] for row in rows_of(answer)[1:]] == months
    assert name_of(answer) == f"детализация-по-услугам-1234567899{name}.csv"


@pytest.mark.usefixtures("papers")
@pytest.mark.parametrize("month", ["2019-13", "2019-9", "Чегобрь 2019", "2019", "x" * 5000, "Май ²", "%00", "1899-01"])
def test_a_month_that_is_none_is_said(web, cast, month):
    as_person(web, cast.owner)
    answer = web.get(f"/api/tables/charges.csv?month={month}")
    assert answer.status_code == 400
    assert "Такого месяца нет" in answer.text


@pytest.mark.usefixtures("papers")
def test_accruals_have_their_figures_apart_from_the_units(web, cast):
    as_person(web, cast.owner)
    sheet = book_of(web.get("/api/tables/accruals.xlsx?month=2019-09"))
    assert sheet.title == "Детализация начислений"
    first, second = ([cell.value for cell in row] for row in sheet.iter_rows(min_row=2))
    assert first[3:9] == [RENT, "начисление", 13.2, None, 16.2, "м2"]
    assert [cell.date() for cell in second[9:11]] == [date(2018, 8, 1), date(2019, 8, 1)]
    assert second[11:] == [13, 277.94]
    assert sheet.freeze_panes == "A2"


@pytest.mark.usefixtures("papers")
def test_payments_keep_billings_sign_and_are_numbers_and_days(web, cast):
    as_person(web, cast.owner)
    (row,) = book_of(web.get("/api/tables/payments.xlsx")).iter_rows(min_row=2, values_only=True)
    assert row[:2] == ("1234567899", 'оплата "Город"')
    assert (row[2].date(), row[3].date(), row[4]) == (date(2019, 9, 3), date(2019, 9, 5), -485.28)
    assert row[5:] == ("учтено", "")


@pytest.mark.usefixtures("papers")
def test_payments_have_those_that_billing_does_not_know_yet(db, web, cast):
    newest = receipt(db, cast.flat, "Объединённая", Month(2026, 10))
    paid(db, cast.organization, [Line(cast.flat, newest, 500_00)], number="26112012345678")
    as_person(web, cast.owner)
    rows = rows_of(web.get("/api/tables/payments.csv"))
    assert rows[0][1:] == [
        "Вид оплаты", "Дата приема", "Дата обработки", "Сумма (руб.)", "Состояние", "Номер платежа",
    ]  # fmt: skip
    assert rows[1][1:] == [
        'оплата "Личный кабинет"', "20.11.2026", "", "-500,00", "в обработке", "26112012345678",
    ]  # fmt: skip
    payment(db, cast.organization, cast.flat, date(2026, 11, 22), "-500,00", order_number="26112012345678")
    assert [row[5:] for row in rows_of(web.get("/api/tables/payments.csv"))[1:]] == [
        ["учтено", "26112012345678"], ["учтено", ""],
    ]  # fmt: skip


@pytest.mark.usefixtures("papers")
def test_charges_by_month_and_service(web, cast):
    as_person(web, cast.owner)
    assert rows_of(web.get("/api/tables/charges-by-month.csv")) == [
        ["Лицевой счет", "Месяц", "МУП ПОВВ:ХВС(КОПЕЙСК)", "МУП ПОВВ:ВО(КОПЕЙСК)", RENT, "Всего (руб.)"],
        ["1234567899", "02.2018", "341,30", "197,90", "", "539,20"],
        ["1234567899", "09.2019", "", "", "513,16", "513,16"],
    ]


def test_why_a_month_differs_adds_up_to_the_kopeck(web, db, cast):
    for month, volume, charged in ((Month(2026, 9), "3", "30,00"), (Month(2026, 10), "4,5", "49,55")):
        made = receipt(db, cast.flat, "Объединённая", month, [("ХВС", "0", "0", charged, charged)])
        accrual(
            db, made, 1, "ХВС", "начисление", charged, tariff="10" if volume == "3" else "11", volume=volume, unit="м3"
        )
    as_person(web, cast.owner)
    header, row = book_of(web.get("/api/tables/why.xlsx")).iter_rows(values_only=True)
    found = dict(zip(header, row, strict=True))
    assert (found["Месяц"].date(), found["По сравнению с"].date()) == (date(2026, 10, 1), date(2026, 9, 1))
    assert (found["Было (руб.)"], found["Стало (руб.)"], found["Изменение (руб.)"]) == (30, 49.55, 19.55)
    assert (found["Тариф (руб.)"], found["Расход и объем (руб.)"], found["Прочее (руб.)"]) == (3, 16.5, 0.05)
    assert round(sum(row[7:]), 2) == 19.55


def test_consumption_by_month(web, db, cast):
    mine = make_meter(db, cast.flat, "ХВС", serial="0034")
    bill(db, mine, ("20.08.2026", "1"), ("20.09.2026", "4,5"), ("20.10.2026", "10"))
    as_person(web, cast.owner)
    assert [row[1:7] for row in rows_of(web.get("/api/tables/consumption.csv"))[1:]] == [
        ["0034", "ХВС", "С/У", "09.2026", "3,500", "м³"], ["0034", "ХВС", "С/У", "10.2026", "5,500", "м³"],
    ]  # fmt: skip


@pytest.mark.usefixtures("papers")
def test_documents_newest_first(web, cast):
    as_person(web, cast.owner)
    assert [row[1:4] for row in rows_of(web.get("/api/tables/documents.csv"))] == [
        ["Наименование документа", "Дата выпуска", "Месяц"],
        ["Квитанция Объединённая за СЕНТЯБРЬ 2019", "28.09.2019", "09.2019"],
        ["Квитанция ХВС и ВО за ФЕВРАЛЬ 2018", "28.02.2018", "02.2018"],
    ]


def test_meters_and_their_readings(web, db, cast):
    mine = make_meter(db, cast.flat, "ХВС", serial="0034230774")
    other = make_meter(db, cast.flat, "ГВС", serial="77")
    bill(db, mine, ("20.10.2026", "86,210"))
    bill(db, other, ("20.10.2026", "5"))
    as_person(web, cast.owner)
    rows = rows_of(web.get("/api/tables/meters.csv"))
    assert {row[1] for row in rows[1:]} == {"0034230774", "77"}
    assert [row[9] for row in rows_of(web.get(f"/api/tables/readings.csv?meter={mine}"))] == ["Единица", "м³"]
    sheet = book_of(web.get("/api/tables/readings.xlsx"))
    found = {row[1]: row[8] for row in sheet.iter_rows(min_row=2, values_only=True)}
    assert found == {"0034230774": 86.21, "77": 5}


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_an_account_without_data_gives_the_header_alone(web, cast, name, suffix):
    as_person(web, cast.stranger)
    answer = web.get(f"/api/tables/{name}.{suffix}")
    lines = rows_of(answer) if suffix == "csv" else list(book_of(answer).iter_rows(values_only=True))
    assert len(lines) == 1
    assert lines[0][0] == "Лицевой счет"


@pytest.mark.usefixtures("papers")
@pytest.mark.parametrize("name", TABLES)
def test_nobody_takes_what_is_anothers(web, db, cast, name):
    """Scenario 25, and whose account it is."""
    for person, status in ((cast.stranger, 404), (cast.operator, 404), (None, 403)):
        as_person(web, person)
        answer = web.get(f"/api/tables/{name}.csv?account={cast.flat}")
        assert answer.status_code == status
        assert not [secret for secret in WHOSE if secret in answer.text]
        assert answer.headers["cache-control"] == "no-store"
    as_person(web, cast.owner)
    assert web.get(f"/api/tables/{name}.csv?account={cast.flat}").status_code == 200
    db.write(end_all_sessions, cast.owner.actor.user_id, now=utc_now())
    answer = web.get(f"/api/tables/{name}.csv?account={cast.flat}")
    assert (answer.status_code, "Войдите в личный кабинет" in answer.text) == (403, True)


@pytest.mark.usefixtures("papers")
@pytest.mark.parametrize(
    "path",
    [
        "cats.csv", "charges.pdf", "charges.", "charges.csv?account=99999", "charges.csv?account=0",
        "meters.csv?account=x", "charges.csv?account=1%20OR%201", "charges.csv?account=٣",
        "charges.csv?account=" + "9" * 50,
        "readings.csv?meter=99999", "readings.csv?meter=-1",
    ],
)  # fmt: skip
def test_what_is_not_there_is_not_found(web, cast, path):
    as_person(web, cast.owner)
    answer = web.get(f"/api/tables/{path}")
    assert answer.status_code == 404
    assert "не найден" in answer.text


def test_a_meter_of_another_account_is_not_found(web, db, cast):
    mine = make_meter(db, cast.flat)
    as_person(web, cast.stranger)
    assert web.get(f"/api/tables/readings.csv?meter={mine}").status_code == 404


FORMULAS = ["=1+1", "+7", "-х", "@SUM(A1)", "\tх", "\rх", '=HYPERLINK("http://зло","нажми")']


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_no_formula_gets_in_and_negative_sums_stay_numbers(web, db, cast, suffix):
    """Scenario 28."""
    lines = [(text, "-5,00", "0", "-1,25", "-6,25") for text in FORMULAS]
    made = receipt(db, cast.flat, "=1", Month(2026, 10), lines)
    for place, text in enumerate(FORMULAS):
        accrual(db, made, place, text, text, "-1,25", tariff="-2", unit=text, volume="-0,5")
        payment(db, cast.organization, cast.flat, date(2026, 10, 1 + place), "-7", kind=text)
        mine = make_meter(db, cast.flat, text, serial=text, place=text)
        bill(db, mine, ("20.10.2026", "1"), source=text)
    as_person(web, cast.owner)
    # The workbook's XML knows one kind of line end alone.
    safe = {f"'{text}" if suffix == "csv" else f"'{text}".replace("\r", "\n") for text in FORMULAS}
    for name in TABLES:
        answer = web.get(f"/api/tables/{name}.{suffix}")
        table = rows_of(answer) if suffix == "csv" else list(book_of(answer).iter_rows(values_only=True))
        cells = {cell for line in table for cell in line if isinstance(cell, str)}
        assert safe <= cells or name in ("documents", "why", "consumption")
        assert not [cell for cell in cells if cell.startswith(("=", "+", "@", "\t", "\r", "\n", "-х"))]
        assert name != "charges" or list(table[1][4:8]) == (
            ["-5,00", "0,00", "-1,25", "-6,25"] if suffix == "csv" else [-5, 0, -1.25, -6.25]
        )


def test_without_an_account_there_is_nothing_to_take(web, cast):
    as_person(web, cast.operator)
    assert web.get("/api/tables/charges.csv").status_code == 404


@pytest.mark.usefixtures("papers")
def test_after_very_many_the_page_says_when_to_come_again(web, db, cast, monkeypatch):
    as_person(web, cast.owner)
    subject = str(cast.owner.actor.user_id)
    for _ in range(downloads.FILES.free):
        db.write(attempts.note_miss, downloads.FILES, subject, now=utc_now())
    answer = web.get("/api/tables/charges.csv")
    assert answer.status_code == 429
    assert "Попробуйте снова через" in answer.text
    as_person(web, cast.relative)
    assert web.get("/api/tables/charges.csv").status_code == 200


def test_only_a_get_is_answered(web, cast):
    as_person(web, cast.owner)
    assert web.post("/api/tables/charges.csv", headers={"origin": "http://lk.test"}).status_code == 405


def test_the_session_is_the_only_key(web, cast):
    web.cookies.set(SESSION_COOKIE, "guessed")
    assert web.get("/api/tables/charges.csv").status_code == 403

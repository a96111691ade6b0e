"""Tables as files: what a spreadsheet makes of them, whatever stands in a cell."""

import csv
import io
from datetime import date

import pytest
from openpyxl import load_workbook

from lk_reflex.core.spreadsheet import safe_text, write_csv, write_xlsx

HEADER = ("Услуга", "Сумма", "Объем", "День", "Месяц")
KINDS = {1: "money", 2: "number", 3: "date", 4: "month"}
ROW = ("ХВС", "-1234,50", "16,2", "28.09.2019", "09.2019")


def book(rows, header=HEADER, kinds=KINDS):
    file = io.BytesIO()
    write_xlsx(file, header, rows, kinds, name="Лист <&\"'>"[:20])
    file.seek(0)
    return load_workbook(file).active


def test_a_workbook_has_real_numbers_and_dates_under_a_frozen_header():
    sheet = book([ROW, ("ВО", "", "", "", "")])
    assert [cell.value for cell in sheet[1]] == list(HEADER)
    assert [cell.value for cell in sheet[2]][:3] == ["ХВС", -1234.5, 16.2]
    assert [cell.value.date() for cell in sheet[2][3:]] == [date(2019, 9, 28), date(2019, 9, 1)]
    assert [cell.value for cell in sheet[3]] == ["ВО", None, None, None, None]
    assert [cell.number_format for cell in sheet[2]][1:] == ["#,##0.00", "General", r"dd\.mm\.yyyy", r"mm\.yyyy"]
    assert sheet.freeze_panes == "A2"
    assert sheet["A1"].font.b and sheet.column_dimensions["A"].width == 24
    assert sheet.title == "Лист <&\"'>"


def test_csv_is_what_a_russian_spreadsheet_opens():
    file = io.BytesIO()
    write_csv(file, HEADER, [ROW, ('а"б;в\r\nг', "0,01", "", "", "")])
    assert file.getvalue().startswith(b"\xef\xbb\xbf")
    read = list(csv.reader(io.StringIO(file.getvalue().decode("utf-8-sig"), newline=""), delimiter=";"))
    assert read == [list(HEADER), list(ROW), ['а"б;в\r\nг', "0,01", "", "", ""]]


@pytest.mark.parametrize("text", ["\x00", "а\x0bб", "\ufffe", "\x1b[31m", "<script>&amp;</t>", "😀 \u202eабв", "  х  "])
def test_whatever_stands_in_a_name_the_workbook_opens(text):
    shown = book([(text, *ROW[1:])])["A2"].value
    assert shown == "".join(char if char.isprintable() or char in "\u202e" else "\ufffd" for char in text)


def test_a_day_before_the_calendar_of_spreadsheets_is_a_text():
    assert book([("", "", "", "28.02.1900", "01.1900")])["D2"].value == "28.02.1900"
    assert book([("", "", "", "01.03.1900", "")])["D2"].value.date() == date(1900, 3, 1)


@pytest.mark.parametrize(
    "text",
    [
        "=1+1", "+7", "-х", "@SUM(A1)", "\tх", "\rх", "\n=1", " =1", "\u00a0=1", "\ufeff=1", "\u200b=1",
        " \u200d\u2003-1", "\u2028@A1", "\x00+1", "＝1+1", "＋7", "－1", "＠A1", " ＝1",
    ],
)  # fmt: skip
def test_a_formula_becomes_a_text(text):
    assert safe_text(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "а=б", "1-2", "'=1", "ХВС", " ХВС", "\u00a0", "\u200bа-б", "«=1»"])
def test_other_texts_stay(text):
    assert safe_text(text) == text


def test_the_same_rows_make_the_same_bytes():
    one, two = io.BytesIO(), io.BytesIO()
    for file in (one, two):
        write_xlsx(file, HEADER, [ROW], KINDS, name="Начисления")
    assert one.getvalue() == two.getvalue()

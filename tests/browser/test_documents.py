"""Документы in a browser: for printing, several in one file, as a page, on paper; and tables as files."""

import io
import re

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Locator, Page, expect
from pypdf import PdfReader

from lk_reflex.exchange.demo.cast import MANUAL
from tests.browser.conftest import LOADED, Open
from tests.browser.look import DESKTOP, PHONE, shot
from tests.browser.people import Person, Town


@pytest.fixture(scope="module")
def resident(town: Town) -> Person:
    return town.person(MANUAL)


def _pdf(page: Page, link: Locator) -> PdfReader:
    answer = page.request.get(link.get_attribute("href") or "")
    assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
    return PdfReader(io.BytesIO(answer.body()))


def test_the_printer_opens_the_receipt_of_its_row_in_a_new_tab(open_page: Open, resident) -> None:
    page = open_page("/documents", resident)
    row = page.get_by_role("row").nth(1)
    title = row.get_by_role("rowheader").get_by_role("link").inner_text()
    assert re.fullmatch("Квитанция .+ за [А-Я]+ [0-9]{4}", title)
    expect(row).to_contain_text("Новая")
    printer = row.get_by_role("link", name="Печать")
    expect(printer).to_have_accessible_name(f"Печать: {title}")
    assert printer.get_attribute("target") == "_blank"
    with page.context.expect_page():
        printer.click()
    assert page.url.endswith("/documents")
    assert title.split(" за ")[1].casefold() in _pdf(page, printer).pages[0].extract_text().casefold()


def test_a_receipt_as_a_page_says_what_its_pdf_says(open_page: Open, resident) -> None:
    page = open_page("/documents", resident)
    title = page.get_by_role("row").nth(1).get_by_role("rowheader").get_by_role("link")
    name = title.inner_text()
    title.click()
    page.wait_for_function(LOADED)
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    printed = " ".join(
        one.extract_text() for one in _pdf(page, page.get_by_role("link", name="Открыть для печати")).pages
    ).replace("\u00a0", " ")
    main = page.get_by_role("main").inner_text().replace("\u00a0", " ")
    figures = set(re.findall(r"(?<![\d,])-?\d{1,3}(?: \d{3})*,\d{2}(?!\d)", main))
    assert len(figures) > 5
    assert not {figure for figure in figures if figure not in printed}
    for picture in page.get_by_role("main").get_by_role("img").all():
        assert picture.evaluate("one => one.complete && one.naturalWidth > 30")
        assert "рядом" in (picture.get_attribute("alt") or "")


def test_months_go_into_one_file_whichever_is_named_first(open_page: Open, resident) -> None:
    page = open_page("/documents", resident, width=PHONE)
    first, last = page.get_by_label("С месяца"), page.get_by_label("По месяц")
    newest = last.input_value()
    first.select_option(newest)
    with page.context.expect_event("response", lambda answer: "/api/receipts.pdf" in answer.url) as answer:
        page.get_by_role("button", name="Открыть квитанции").click()
    assert answer.value.status == 200
    assert f"from={newest}&to={newest}" in answer.value.url
    last.select_option(index=1)
    with page.context.expect_event("response", lambda answer: "/api/receipts.pdf" in answer.url) as answer:
        page.get_by_role("button", name="Открыть квитанции").click()
    assert answer.value.status == 200


def test_the_table_of_the_month_shown_is_saved_under_a_russian_name(open_page: Open, resident) -> None:
    page = open_page("/charges", resident)
    link = page.get_by_role("link", name=re.compile("^XLSX Детализация по услугам$"))
    expect(link).to_have_attribute("href", re.compile("month=.+"))
    newest = link.get_attribute("href") or ""
    page.get_by_role("navigation", name="Месяц").get_by_role("link").first.click()
    page.wait_for_function("() => location.search.includes('month')")
    month = page.url.partition("month=")[2]
    expect(link).not_to_have_attribute("href", newest)
    with page.expect_download() as saved:
        link.click()
    assert saved.value.suggested_filename == f"детализация-по-услугам-1234567899-{month}.xlsx"
    sheet = load_workbook(io.BytesIO(saved.value.path().read_bytes())).active
    assert sheet.max_row > 1
    shown = page.get_by_role("main").locator("tfoot td").last.inner_text().replace("\u00a0", "").replace(",", ".")
    totals: dict[str, float] = {}
    for row in sheet.iter_rows(min_row=2, values_only=True):
        totals[row[2]] = totals.get(row[2], 0) + row[7]
    assert round(list(totals.values())[-1], 2) == float(shown)


def test_on_paper_a_receipt_is_black_on_white_without_the_cabinet_around(open_page: Open, resident) -> None:
    page = open_page("/documents", resident, color_scheme="dark")
    page.get_by_role("row").nth(1).get_by_role("rowheader").get_by_role("link").click()
    expect(page.get_by_role("heading", name="О квитанции")).to_be_visible()
    page.emulate_media(media="print", color_scheme="dark")
    page.set_viewport_size({"width": 718, "height": 1000})  # A4 less usual margins
    shot(page, "document-printed")
    for name in ("Разделы", "Личное", "Месяц"):
        expect(page.get_by_role("navigation", name=name)).to_have_count(0)
    expect(page.get_by_role("link", name="Открыть для печати")).to_be_hidden()
    colours = page.evaluate(
        "() => [getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor]"
    )
    assert colours == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]
    assert page.get_by_role("img", name="Код для оплаты").bounding_box()["width"] >= 200
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_signed_out_tab_gets_a_page_and_no_file(open_page: Open, town: Town, watcher) -> None:
    """Scenario 25."""
    person = town.person(MANUAL)
    page = open_page("/documents", person, width=DESKTOP)
    href = page.get_by_role("link", name="Печать").first.get_attribute("href") or ""
    page.context.clear_cookies()
    watcher.forgiven.append("403")
    page.goto(href)
    expect(page.get_by_role("heading", name="Войдите в личный кабинет")).to_be_visible()

"""Документы and one receipt as a page: what stands there, whose it is, and that it is the paper's own figures."""

import base64
import io
from datetime import date

import pytest
from PIL import Image
from pypdf import PdfReader

from lk_reflex.core.months import Month
from lk_reflex.domain.documents.paper import paper_of
from lk_reflex.domain.documents.pdf.receipt_pdf import render
from lk_reflex.ui import paths
from lk_reflex.ui.account import AccountState
from lk_reflex.ui.resident.document.state import DocumentState
from lk_reflex.ui.resident.documents import page as documents_page
from lk_reflex.ui.resident.documents.state import DocumentRow, DocumentsState, MonthChoice
from tests.billing.paper import february_2018, receipt, september_2019
from tests.metering.dials import bill, make_meter
from tests.ui.plain import plain

SECTION = "/documents"


async def test_the_list_is_the_manuals_newest_first_and_by_year(tabs, db, cast):
    assert [column.header for column in documents_page.COLUMNS[:2]] == ["Наименование документа", "Дата выпуска"]
    february_2018(db, cast.flat)
    first = receipt(db, cast.flat, "Объединённая", Month(2019, 8), issued_on=date(2019, 8, 30))
    september = september_2019(db, cast.flat)
    tab = tabs(cast.owner.cookie)
    await tab.open(SECTION)
    seen = tab.seen(DocumentsState)
    (year,) = plain(seen["newest"])
    assert year.title == "2019 год"
    assert year.rows == [
        DocumentRow(str(september), "Квитанция Объединённая за СЕНТЯБРЬ 2019", "28.09.2019", False,
                    f"/documents/{september}", f"/api/receipts/{september}.pdf"),
        DocumentRow(str(first), "Квитанция Объединённая за АВГУСТ 2019", "30.08.2019", False,
                    f"/documents/{first}", f"/api/receipts/{first}.pdf"),
    ]  # fmt: skip
    assert [earlier.title for earlier in plain(seen["earlier"])] == ["2018 год"]
    assert plain(seen["months"]) == [
        MonthChoice("2019-09", "Сентябрь 2019"), MonthChoice("2019-08", "Август 2019"),
        MonthChoice("2018-02", "Февраль 2018"),
    ]  # fmt: skip
    assert (seen["first"], seen["last"]) == ("2018-02", "2019-09")
    assert tab.seen(AccountState)["key"] == str(cast.flat)


@pytest.mark.parametrize(
    ("issued", "new"), [(date(2026, 11, 20), True), (date(2026, 10, 21), True), (date(2026, 10, 20), False)]
)
async def test_the_newest_receipt_is_new_for_a_month(tabs, db, cast, issued, new):
    receipt(db, cast.flat, "Объединённая", Month(2026, 9), issued_on=date(2026, 11, 1))
    receipt(db, cast.flat, "Объединённая", Month(2026, 10), issued_on=issued)
    tab = tabs(cast.owner.cookie)
    await tab.open(SECTION)
    (year,) = plain(tab.seen(DocumentsState)["newest"])
    assert [row.is_new for row in year.rows] == [new, False]


@pytest.mark.parametrize(
    ("kinds", "months", "fits", "first"),
    [
        (1, 3, "Поместятся все ваши квитанции: их 3.", "2026-08"),
        (3, 13, "В один файл помещается 36 квитанций. За месяц у вас бывает до 3, поэтому выбирайте не больше "
         "12 месяцев подряд.", "2025-11"),
        (4, 12, "В один файл помещается 36 квитанций. За месяц у вас бывает до 4, поэтому выбирайте не больше "
         "9 месяцев подряд.", "2026-02"),
    ],
)  # fmt: skip
async def test_how_many_months_fit_is_said_beforehand(tabs, db, cast, kinds, months, fits, first):
    for back in range(months):
        for kind in range(kinds):
            receipt(db, cast.flat, f"Вид {kind}", Month(2026, 10).shift(-back))
    tab = tabs(cast.owner.cookie)
    await tab.open(SECTION)
    seen = tab.seen(DocumentsState)
    assert (seen["fits"], seen["first"], seen["last"]) == (fits, first, "2026-10")


async def test_without_receipts_and_without_an_account_there_is_an_empty_list(tabs, cast):
    for person in (cast.stranger, cast.operator):
        tab = tabs(person.cookie)
        await tab.open(SECTION)
        assert tab.seen(DocumentsState)["loaded"]
        assert not tab.seen(DocumentsState).get("newest")


def _figures(state: dict) -> set[str]:
    rows = [*state["services"], *state["balance"], *state["recalculations"], *state["meters"]]
    return {str(value) for row in plain(rows) for name, value in vars_of(row).items() if name != "key"}


def vars_of(row) -> dict:
    return {name: getattr(row, name) for name in row.__dataclass_fields__}


async def test_the_page_says_what_the_pdf_says(tabs, db, cast):
    made = september_2019(db, cast.flat)
    meter = make_meter(db, cast.flat)
    bill(db, meter, ("21.08.2019", "80,000"), ("21.09.2019", "84,120"))
    tab = tabs(cast.owner.cookie)
    await tab.open(f"/documents/{made}")
    seen = tab.seen(DocumentState)
    shown = plain(seen["receipt"])
    assert (shown.title, shown.amount) == ("Квитанция Объединённая за СЕНТЯБРЬ 2019", "3 293,08")
    assert shown.due == "К оплате до 10.10.2019, срок прошёл"
    assert "В том числе долг за прошлые месяцы: 2 779,92 руб." in shown.notes
    assert (shown.charged, shown.recalculated, shown.accrued) == ("235,22", "277,94", "513,16")
    pdf = PdfReader(io.BytesIO(render([db.read(paper_of, cast.owner.actor, made)], "http://localhost")))
    printed = " ".join("\n".join(page.extract_text() for page in pdf.pages).replace("\u00a0", " ").split())
    for figure in ("2 779,92", "513,16", "3 293,08", "235,22", "277,94", "84,120", "80,000", "4,120"):
        assert figure in printed
        assert any(figure in text.replace("\u00a0", " ") for text in {*_figures(seen), shown.amount})
    assert {fact.label: fact.value for fact in plain(seen["about"])}["Плательщик"] == "ЗДЕТОВЕЦКИЙ СЕРГЕЙ ВЛАДИМИРОВИЧ"
    assert not seen.get("penalty")


async def test_penalties_have_a_table_of_their_own_and_an_overpayment_asks_for_nothing(tabs, db, cast):
    line = ("ХВС", "-100,00", "0", "10,00", "-90,00", "1,00", "0", "0,50", "1,50")
    made = receipt(db, cast.flat, "Объединённая", Month(2026, 10), [line, ("ВО", "0", "0", "0", "0")])
    tab = tabs(cast.owner.cookie)
    await tab.open(f"/documents/{made}")
    seen = tab.seen(DocumentState)
    shown = plain(seen["receipt"])
    assert (shown.due, shown.amount, shown.code) == ("Платить не нужно", "0,00", "")
    assert shown.no_code
    assert any("Переплата: 88,50" in note.replace("\u00a0", " ") for note in shown.notes)
    assert [(row.service, row.total) for row in plain(seen["penalty"])] == [("ХВС", "1,50")]
    assert plain(seen["penalty_total"]).total == "1,50"


@pytest.mark.parametrize(
    ("month", "due"), [(10, "К оплате до 15.11.2026, срок прошёл"), (11, "К оплате до 15.12.2026")]
)
async def test_the_head_says_whether_the_day_of_payment_is_over(tabs, db, cast, month, due):
    made = receipt(db, cast.flat, "ХВС", Month(2026, month), [("ХВС", "-40,00", "0", "100,00", "60,00")])
    tab = tabs(cast.owner.cookie)
    await tab.open(f"/documents/{made}")
    shown = plain(tab.seen(DocumentState)["receipt"])
    assert (shown.due, shown.notes) == (due, ("Переплата за прошлые месяцы уже вычтена: 40,00 руб.",))


async def test_both_codes_are_pictures_that_lead_where_the_words_do(tabs, db, cast):
    made = september_2019(db, cast.flat)
    tab = tabs(cast.owner.cookie)
    await tab.open(f"/documents/{made}")
    shown = plain(tab.seen(DocumentState)["receipt"])
    assert shown.linking == "/accounts?account=1234567899&house=10&flat=1010"
    picture = Image.open(io.BytesIO(base64.b64decode(shown.way.removeprefix("data:image/png;base64,"))))
    assert picture.width == picture.height
    assert {picture.getpixel((x, y)) for x in range(picture.width) for y in range(4)} == {255}
    assert picture.getpixel((4, 4)) == 0


@pytest.mark.parametrize("address", ["/documents/999999", "/documents/x", "/documents/-1", "/documents/" + "9" * 60])
async def test_what_is_not_there_is_not_found(tabs, db, cast, address):
    september_2019(db, cast.flat)
    tab = tabs(cast.owner.cookie)
    await tab.open(address)
    assert tab.seen(DocumentState)["loaded"]
    assert plain(tab.seen(DocumentState)["receipt"]).title == ""


async def test_anothers_receipt_is_not_found_even_after_ones_own(tabs, db, cast):
    mine = receipt(db, cast.house, "Объединённая", Month(2026, 10), [("ХВС", "0", "0", "1", "1")])
    foreign = september_2019(db, cast.flat)
    tab = tabs(cast.stranger.cookie)
    await tab.open(f"/documents/{mine}")
    assert plain(tab.seen(DocumentState)["receipt"]).title
    delta, _ = await tab.follow(f"/documents/{foreign}")
    assert plain(tab.seen(DocumentState)["receipt"]).title == ""
    assert "2 779" not in repr(delta).replace("\u00a0", " ")


async def test_without_a_session_the_way_is_home(tabs, db, cast):
    made = september_2019(db, cast.flat)
    for address in (SECTION, f"/documents/{made}"):
        _, events = await tabs().open(address)
        assert ("_redirect", "/") in [(name, payload.get("path")) for name, payload in events]


def test_documents_stand_in_the_menu():
    assert paths.DOCUMENTS in {section.path for section in paths.SECTIONS}
    assert paths.TITLES[paths.DOCUMENTS] == "Документы"

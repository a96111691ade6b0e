"""The printed receipt, read as others read it: its text by a PDF reader, its codes by a camera's decoder."""

import io
from dataclasses import replace
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from lk_reflex.core.money import format_money
from lk_reflex.domain.billing.sums import Sums
from lk_reflex.domain.documents.facts import BalanceRow, Recalculation
from lk_reflex.domain.documents.pdf.pdf_blocks import gap, pages
from lk_reflex.domain.documents.pdf.pdf_codes import MODULE, module_for
from lk_reflex.domain.documents.pdf.pdf_tables import online_block
from lk_reflex.domain.documents.pdf.receipt_pdf import _blocks, render
from lk_reflex.domain.documents.qr.codes import NOTHING_DUE, linking_address, payment_code
from lk_reflex.domain.documents.qr.payment_reader import read_payment
from lk_reflex.domain.documents.qr.qr_symbol import symbol
from tests.documents.sheets_of_paper import MANUAL, RENT, SITE, Printed, with_balance, with_services


def plain(text: str) -> str:
    return " ".join(text.split())


def printed(*papers, **options) -> Printed:
    return Printed(render(papers, SITE, **options))


def test_the_manuals_receipt_says_all_that_its_pages_say():
    text = printed(MANUAL).text
    for part in (
        "Квитанция Объединённая за СЕНТЯБРЬ 2019", "№ 1234567899-0919", "28.09.2019", "К оплате 3 293,08 руб.",
        "до 10.10.2019", "ЗДЕТОВЕЦКИЙ СЕРГЕЙ ВЛАДИМИРОВИЧ", "Челябинск, УЛ. КЫШТЫМСКАЯ, 10 - 1010", "16,2 м²", "1 чел.",
        "1234567899", "74АБ567899-01", "40702810900000000008", "ПАО «ЧЕЛЯБИНВЕСТБАНК»", "047501779",
        "30101810400000000779", "7421001010 / 742101001", "+7 (351) 214-00-14", RENT, "13,20", "16,2", "235,22",
        "277,94", "513,16", "2 779,92", "Август 2018 - Август 2019 (k=13)", "216,000 (17.08.2019)",
        "222,000 (20.09.2019)", "6,000 м³", "01.07.2022", "Страница 1 из 1",
    ):  # fmt: skip
        assert part in text, part


def test_both_codes_are_read_off_the_page_at_150_dpi():
    pay, link = printed(MANUAL).codes()
    read = read_payment(pay)
    assert (read.amount, read.values["PersAcc"], read.period) == (329308, "1234567899", MANUAL.month)
    assert not read.missing and read.values["TechCode"] == "02"
    address = urlsplit(link.decode())
    assert f"{address.scheme}://{address.netloc}{address.path}" == f"{SITE}/accounts"
    assert parse_qs(address.query) == {"account": ["1234567899"], "house": ["10"], "flat": ["1010"]}


def test_a_house_with_a_cyrillic_letter_and_without_flats_fits_the_link():
    paper = replace(MANUAL, dwelling=replace(MANUAL.dwelling, house="10А/1", flat="", street="УЛ. ЛИНЕЙНАЯ"))
    link = printed(paper).codes()[1].decode()
    assert link == linking_address(paper, SITE) and link.isascii()
    assert parse_qs(urlsplit(link).query) == {"account": ["1234567899"], "house": ["10А/1"]}


def test_the_same_facts_make_the_same_bytes():
    assert render([MANUAL, with_services(40)], SITE) == render([MANUAL, with_services(40)], SITE)


def test_a_reader_finds_title_language_embedded_fonts_and_bookmarks():
    later = replace(MANUAL, month=MANUAL.month.shift(1))
    made = printed(MANUAL, later)
    reader = PdfReader(io.BytesIO(made.data), strict=True)
    assert reader.metadata and reader.metadata.title == "Квитанции: Сентябрь 2019 — Октябрь 2019"
    assert reader.trailer["/Root"]["/Lang"] == "ru-RU"
    assert reader.trailer["/Root"]["/ViewerPreferences"]["/DisplayDocTitle"].value
    assert [item.title for item in reader.outline] == [
        "Квитанция Объединённая за СЕНТЯБРЬ 2019", "Квитанция Объединённая за ОКТЯБРЬ 2019"
    ]  # fmt: skip
    assert [reader.get_destination_page_number(item) for item in reader.outline] == [0, 1]
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            assert "/FontFile2" in font.get_object()["/FontDescriptor"].get_object()


def test_a_single_receipt_is_titled_by_itself_unless_told_otherwise():
    def title(made):
        return PdfReader(io.BytesIO(made.data)).metadata.title

    assert title(printed(MANUAL)) == "Квитанция Объединённая за СЕНТЯБРЬ 2019, лицевой счет 1234567899"
    assert title(printed(MANUAL, title="За год")) == "За год"


def test_receipts_of_several_accounts_are_told_apart_in_the_bookmarks():
    other = replace(MANUAL, dwelling=replace(MANUAL.dwelling, account_id=8, number="55", flat="11"))
    outline = PdfReader(io.BytesIO(printed(MANUAL, other).data)).outline
    assert [item.title.split(":")[0] for item in outline] == [
        "УЛ. КЫШТЫМСКАЯ, 10 - 1010, л/с 1234567899", "УЛ. КЫШТЫМСКАЯ, 10 - 11, л/с 55"
    ]  # fmt: skip


def test_forty_services_go_over_pages_with_the_header_repeated_and_no_line_lost():
    paper = with_services(40)
    pages = printed(paper).pages
    assert len(pages) >= 3
    for number, page in enumerate(pages, 1):
        assert f"Страница {number} из {len(pages)}" in page
    whole = " ".join(pages)
    for line in paper.balance:
        assert whole.count(f"{line.service} ") + whole.count(plain(line.service)) >= 2
        assert format_money(line.main.total) in whole
    assert sum("Перерасчет (руб.)" in page for page in pages) == 2
    assert sum("Итого к оплате (руб.)" in page for page in pages) >= 2
    # Both codes are on it, whatever page the second came to.
    codes = [code for place in range(len(pages)) for code in printed(paper).codes(place)]
    assert len(codes) == 2 and read_payment(codes[0]).amount == paper.amount


def test_no_sheet_is_printed_for_the_way_online_alone():
    """The receipts whose last sheet would hold that box and nothing else: it is made smaller, and fits."""
    saved = 0
    for count in range(5, 20):
        paper = with_services(count)
        usual = len(pages([*_blocks(paper), gap(8), online_block(paper, SITE)]))
        made = printed(paper)
        if len(made.pages) < usual:
            saved += 1
            # It is all there, and its code is read as well as ever.
            assert made.codes(len(made.pages) - 1)[-1].decode() == linking_address(paper, SITE), count
            assert "Адрес кабинета" in made.pages[-1] and "Услуга" in made.pages[-1]
    assert saved


def test_units_and_places_are_those_of_the_other_sections():
    power = replace(MANUAL.meters[0], unit="кВт·ч", decimals=2, previous=1_532_400, current=1_600_000, volume=67_600)
    made = printed(replace(MANUAL, meters=(power,)))
    assert "м²" in made.text.split("Раздел 3")[1] and "м2" not in made.text
    for figure in ("1 532,40 (", "1 600,00 (", "67,60 кВт·ч"):
        assert figure in made.text, figure
    assert "м³" in printed(with_services(2)).text and "м3" not in printed(with_services(2)).text


def test_where_nobody_lives_nothing_is_said_of_it_but_that_the_account_is_closed():
    made = printed(replace(MANUAL, dwelling=replace(MANUAL.dwelling, residents=0, closed_on=date(2019, 9, 15))))
    assert "Проживает" not in made.text and "Лицевой счет закрыт 15.09.2019" in made.text
    assert "закрыт" not in printed(MANUAL).text


def test_an_overpaid_receipt_asks_for_nothing():
    made = printed(with_balance(BalanceRow(RENT, Sums(-842400, -527922, 691865, -150535), Sums())))
    assert "Переплата 1 505,35 руб." in made.text and "-1 505,35" in made.text
    assert plain(f"{NOTHING_DUE} Переплата уйдёт в следующие квитанции.") in made.text
    assert "Оплата по коду" not in made.text and "до 10.10.2019" not in made.text
    assert [code[:8] for code in made.codes()] == [b"https://"]


def test_a_paid_receipt_asks_for_nothing():
    made = printed(with_balance(BalanceRow(RENT, Sums(-51316, -51316, 51316, 0), Sums())))
    assert "К оплате 0,00 руб." in made.text and plain(NOTHING_DUE) in made.text
    assert len(made.codes()) == 1


def test_penalties_are_shown_beside_each_service_and_paid_with_the_rest():
    penalty = Sums(154376, -100, 14357, 168733)
    made = printed(with_balance(BalanceRow(RENT, Sums(277992, 0, 51316, 329308), penalty)))
    for figure in penalty:
        assert format_money(figure).replace("\u00a0", " ") in made.text
    assert read_payment(made.codes()[0]).amount == 329308 + 168733
    assert "К оплате 4 980,41 руб." in made.text


def test_the_advance_stands_apart_from_what_is_due():
    made = printed(replace(MANUAL, advance=802724, advance_penalty=100))
    assert "Предварительно начислено за ОКТЯБРЬ 2019 8 027,24 1,00 8 028,24" in made.text
    assert "11 320,32 1,00 11 321,32" in made.text
    assert read_payment(made.codes()[0]).amount == 329308


def test_broken_bank_details_leave_the_code_out_and_say_so():
    made = printed(replace(MANUAL, payee=replace(MANUAL.payee, bank_account="40702810900000000007")))
    assert "Код для оплаты не напечатан: в банковских реквизитах организации ошибка." in made.text
    assert "К оплате 3 293,08 руб." in made.text and len(made.codes()) == 1


def test_nothing_but_balance_is_a_receipt_too():
    bare = replace(MANUAL, services=(), recalculations=(), meters=(), document_number="", charged=0, recalculated=0)
    text = printed(bare).text
    assert "Раздел 3" not in text and "Раздел 4" not in text and "Раздел 5" not in text and "№" not in text
    assert "2 779,92" in text
    assert "Состояние расчетов" not in printed(replace(bare, balance=())).text


def test_a_meter_that_was_not_read_has_a_dash():
    (meter,) = MANUAL.meters
    unread = replace(meter, scale="Т2", current=None, current_on=None, volume=None, verification_due=None)
    assert "ХВС С/У, Т2 26616450 216,000 (17.08.2019) — — —" in printed(replace(MANUAL, meters=(unread,))).text


def test_what_is_long_is_broken_into_lines_and_nothing_leaves_the_paper():
    long = "Плата за содержание и текущий ремонт общего имущества собственников помещений " * 4
    word = "Ц" * 150
    paper = replace(
        MANUAL,
        kind=long[:200],
        payee=replace(MANUAL.payee, name=long, short_name="", address=long, bank=long, phone=word),
        dwelling=replace(MANUAL.dwelling, surname=word, street=long, number="9" * 60),
        services=(replace(MANUAL.services[0], service=long, unit="условная единица"),),
        recalculations=(Recalculation(word, long, MANUAL.month, None, None, -100),),
        meters=(replace(MANUAL.meters[0], name=long, serial=word),),
        balance=(
            BalanceRow(long, Sums(9_999_999_999, -9_999_999_999, 9_999_999_999, 9_999_999_999), Sums(1, 1, 1, 1)),
        ),
    )
    data = render([paper], SITE)
    document = pypdfium2.PdfDocument(data)
    for place in range(len(document)):
        page = document[place]
        letters = page.get_textpage()
        boxes = [letters.get_charbox(index) for index in range(letters.count_chars())]
        assert all(left > 20 and right < 575 and low > 20 and high < 842 for left, low, right, high in boxes if right)
        letters.close()
        page.close()
    document.close()
    assert Printed(data).text.replace(" ", "").count(word) >= 2
    assert "99 999 999,99" in Printed(data).text


@settings(max_examples=40, deadline=None)
@given(text=st.text(max_size=120), kopecks=st.integers(-(10**10), 10**10))
def test_no_text_and_no_sum_breaks_the_printer(text, kopecks):
    paper = with_balance(
        BalanceRow(text, Sums(kopecks, -kopecks, kopecks, kopecks), Sums(0, 0, 0, -kopecks)),
        kind=text,
        dwelling=replace(MANUAL.dwelling, surname=text, house=text or "1", number=text),
        payee=replace(MANUAL.payee, name=text, short_name=text, address=text),
        services=(replace(MANUAL.services[0], service=text, unit=text, tariff=-kopecks, norm=kopecks, volume=0),),
    )
    assert render([paper], SITE, title=text).startswith(b"%PDF-")


def test_scripts_and_markup_are_text():
    made = printed(replace(MANUAL, dwelling=replace(MANUAL.dwelling, surname="<b>&amp;</b><script>(\\)")))
    assert "<b>&amp;</b><script>(\\)" in made.text


def test_nothing_to_print_is_an_error():
    with pytest.raises(ValueError):
        render([], SITE)


@pytest.mark.parametrize("length", [1, 60, 106, 213, 412, 504])
def test_a_printed_module_is_never_under_half_a_millimetre(length):
    made = symbol(b"\xd0" * length)
    assert module_for(made, 25 * 72 / 25.4) >= MODULE
    assert made.side(MODULE) <= 46.6 * 72 / 25.4


def test_the_page_and_the_code_never_disagree_about_the_sum():
    for total in (1, 99, 100, 329308, 9_999_999_999):
        paper = with_balance(BalanceRow(RENT, Sums(0, 0, total, total), Sums()))
        assert read_payment(payment_code(paper).text).amount == total == paper.amount

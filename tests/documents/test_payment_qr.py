"""The payment string by ГОСТ Р 56042-2014, written by one module and read by another that knows nothing of it."""

from dataclasses import fields, replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lk_reflex.core.months import Month
from lk_reflex.domain.documents.qr.payment_qr import (
    LONGEST_BYTES,
    MANDATORY_BYTES,
    SCREEN_BYTES,
    SEPARATORS,
    PaymentOrder,
    payment_bytes,
    payment_string,
)
from lk_reflex.domain.documents.qr.payment_reader import MANDATORY, period_of, read_payment

WHALES = PaymentOrder(
    name="ООО «Три кита»",
    bank_account="40702810138250123017",
    bank='ОАО "БАНК"',
    bic="044525225",
    correspondent_account="30101810400000000225",
    tech_code="",
)
#: Both examples of the standard, as they were printed.
FIRST = (
    'ST00012|Name=ООО «Три кита»|PersonalAcc=40702810138250123017|BankName=ОАО "БАНК"|BIC=044525225'
    "|CorrespAcc=30101810400000000225"
)
SECOND = (
    'ST00012#Name=ООО «Три кита»#PersonalAcc=40702810138250123017#BankName=ОАО | "БАНК"#BIC=044525225'
    "#CorrespAcc=30101810400000000225#"
)
RECEIPT = replace(
    WHALES, amount=329308, purpose="Квитанция Объединённая за СЕНТЯБРЬ 2019, л/с 1234567899", inn="7421001010",
    kpp="742101001", surname="ЗДЕТОВЕЦКИЙ", first_name="СЕРГЕЙ", patronymic="ВЛАДИМИРОВИЧ", account="1234567899",
    address="УЛ. КЫШТЫМСКАЯ, 10 - 1010", month=Month(2019, 9), document_number="1234567899-0919",
    category="Объединённая", tech_code="02",
)  # fmt: skip


def test_the_standards_first_example_is_written_and_read():
    assert payment_string(WHALES) == FIRST
    assert read_payment(FIRST).values["Name"] == "ООО «Три кита»"
    assert not read_payment(FIRST).missing


def test_the_standards_second_example_is_written_and_read_though_it_ends_in_a_separator():
    order = replace(WHALES, bank='ОАО | "БАНК"')
    assert payment_string(order) + "#" == SECOND
    assert read_payment(SECOND) == read_payment(payment_bytes(order))
    assert read_payment(SECOND).values["BankName"] == 'ОАО | "БАНК"'


def test_a_receipt_says_what_is_due_for_whom_and_for_which_month():
    assert payment_string(RECEIPT) == (
        FIRST + "|Sum=329308|Purpose=Квитанция Объединённая за СЕНТЯБРЬ 2019, л/с 1234567899|PayeeINN=7421001010"
        "|KPP=742101001|LastName=ЗДЕТОВЕЦКИЙ|FirstName=СЕРГЕЙ|MiddleName=ВЛАДИМИРОВИЧ|PersAcc=1234567899"
        "|PaymPeriod=092019|QuittId=1234567899-0919|Category=Объединённая|TechCode=02"
    )
    read = read_payment(payment_bytes(RECEIPT))
    assert (read.amount, read.period) == (329308, Month(2019, 9))


@pytest.mark.parametrize("amount", [0, -1, -48528])
def test_no_sum_where_nothing_is_due(amount):
    text = payment_string(replace(RECEIPT, amount=amount))
    assert "Sum" not in text and read_payment(text).amount is None


def test_no_key_has_an_empty_value():
    bare = payment_string(WHALES)
    assert bare.count("=") == len(MANDATORY) and "=|" not in bare and not bare.endswith("=")


def test_a_treasury_account_has_a_nought_for_its_correspondent():
    assert payment_string(replace(WHALES, correspondent_account="")).endswith("|CorrespAcc=0")


def test_the_separator_is_the_first_that_no_value_contains():
    for place in range(1, len(SEPARATORS)):
        text = payment_string(replace(WHALES, purpose=f"x{SEPARATORS[:place]}x"))
        assert text[7] == SEPARATORS[place]
        assert read_payment(text).values["Purpose"] == f"x{SEPARATORS[:place]}x"


def test_where_every_separator_is_taken_the_values_give_way():
    read = read_payment(payment_string(replace(WHALES, purpose=f"дом {SEPARATORS}", bank="А|Б")))
    assert read.values["Purpose"] == f"дом {SEPARATORS}".replace("|", "/")
    assert read.values["BankName"] == "А/Б" and not read.missing


def test_fields_keep_the_lengths_of_the_standard():
    read = read_payment(payment_string(replace(WHALES, bank="Б" * 60, purpose="P" * 400)))
    assert (len(read.values["BankName"]), len(read.values["Purpose"])) == (45, 160)


def test_mandatory_requisites_take_300_bytes_at_most_and_the_name_gives_way():
    order = replace(RECEIPT, name="Муниципальное унитарное предприятие " * 8, bank="Ы" * 45)
    head = payment_bytes(order).split(b"|Sum=")[0]
    assert MANDATORY_BYTES - 2 <= len(head) <= MANDATORY_BYTES
    assert read_payment(payment_bytes(order)).amount == 329308


def test_a_code_stays_small_enough_to_be_printed_and_keeps_what_a_payment_needs():
    order = replace(RECEIPT, name="М" * 160, address="А" * 160, surname="Ф" * 160, purpose="Ц" * 160)
    assert len(payment_bytes(order)) <= LONGEST_BYTES
    values = read_payment(payment_bytes(order)).values
    assert values["Purpose"].startswith("ЦЦЦЦЦЦЦЦЦЦ")
    assert {"Sum", "PayeeINN", "KPP", "PersAcc", "PaymPeriod", "TechCode"} <= values.keys()


WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cf", "Zl", "Zp")), max_size=70)
FIGURES = st.text("0123456789", min_size=1, max_size=20)


@given(
    st.builds(
        PaymentOrder,
        name=WORDS.filter(str.strip), bank_account=FIGURES, bank=WORDS.filter(str.strip), bic=FIGURES,
        correspondent_account=FIGURES, amount=st.integers(-(10**6), 10**10), purpose=WORDS, surname=WORDS,
        first_name=WORDS, account=WORDS, address=WORDS, category=WORDS, document_number=WORDS,
        month=st.none() | st.builds(Month, st.integers(1900, 2200), st.integers(1, 12)),
    )
)  # fmt: skip
def test_whatever_is_written_is_read(order):
    data = payment_bytes(order)
    read = read_payment(data)
    assert len(data) <= max(LONGEST_BYTES, MANDATORY_BYTES + 330)
    assert read.amount == (order.amount if order.amount > 0 else None)
    assert read.period == order.month
    assert not read.missing
    written = {field.name: getattr(order, field.name) for field in fields(order)}
    for key, name in (("PersAcc", "account"), ("Purpose", "purpose"), ("LastName", "surname")):
        if key in read.values and "|" not in written[name]:
            whole = " ".join(written[name].split())[:160].rstrip()
            assert whole.startswith(read.values[key]) if key == "Purpose" else whole == read.values[key]


@given(st.text(max_size=200))
def test_no_text_breaks_the_reader(text):
    for code in (text, f"ST00012|{text}", f"ST00011{text}".encode("utf-8", "replace"), text.encode("utf-8", "replace")):
        try:
            read_payment(code)
        except ValueError:
            assert not code[:8].strip() or not str(code).startswith("ST00012|")


@pytest.mark.parametrize(("digit", "encoding"), [("1", "cp1251"), ("2", "utf-8"), ("3", "koi8-r")])
def test_all_three_encodings_are_read(digit, encoding):
    code = f"ST0001{digit}|Name=МУП ПОВВ|Sum=100".encode(encoding)
    assert dict(read_payment(code).values) == {"Name": "МУП ПОВВ", "Sum": "100"}


@pytest.mark.parametrize(
    ("code", "values"),
    [
        ("ST00012|NAME=А|persacc=1|SuM=5", {"Name": "А", "PersAcc": "1", "Sum": "5"}),
        ("ST00012|Name=А|||Sum=5||", {"Name": "А", "Sum": "5"}),
        ("ST00012|Purpose=a=b=c|Sum=5", {"Purpose": "a=b=c", "Sum": "5"}),
        ("ST00012|мусор|=5|Name=|Sum= 5 ", {"Sum": "5"}),
        ("ST00012|Sum=5|sum=7", {"Sum": "5"}),
        ("ST00012|own_key=1", {"own_key": "1"}),
        ("\ufeffST00012|Sum=5\r\n", {"Sum": "5"}),
        ("ST00012^Sum=5^", {"Sum": "5"}),
    ],
)
def test_the_reader_forgives(code, values):
    assert dict(read_payment(code).values) == values


@pytest.mark.parametrize(
    "code", ["", "ST00012", "ST00014|Sum=5", "https://example.org", b"\xff\xfe\x00", "st00012|Sum=5"]
)
def test_other_codes_are_no_payments(code):
    with pytest.raises(ValueError):
        read_payment(code)


@pytest.mark.parametrize("text", ["092019", "09.2019", "201909", "2019.09", "09/2019", "2019-09"])
def test_a_period_is_read_in_every_form(text):
    assert period_of(text) == Month(2019, 9)


@pytest.mark.parametrize("text", ["", "132019", "сентябрь", "0920191", "٠٩٢٠١٩", "000000"])
def test_what_is_no_period_is_none(text):
    assert period_of(text) is None


@pytest.mark.parametrize("text", ["", "1,50", "1.50", "-5", "٣", "1e5", "9" * 19])
def test_only_whole_kopecks_are_a_sum(text):
    assert read_payment(f"ST00012|Sum={text}|Name=А").amount is None


@given(st.text(max_size=160), st.text(max_size=160))
@example("0𐀀" * 7 + "𐀀" * 40, "")
def test_on_a_screen_the_sum_and_the_account_stay_whatever_else_has_to_go(name, purpose):
    order = replace(RECEIPT, name=f"М{name}", purpose=purpose)
    text = payment_string(order, longest=SCREEN_BYTES)
    assert len(text.encode()) <= SCREEN_BYTES
    read = read_payment(text)
    assert (read.amount, read.period, read.values["PersAcc"]) == (329308, Month(2019, 9), "1234567899")
    assert not read.missing

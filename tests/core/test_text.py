import pytest
from hypothesis import given
from hypothesis import strategies as st

from lk_reflex.core.text import account_key, email_key, fold, house_key


@pytest.mark.parametrize(
    "typed",
    ["10 А", "10а", "10А", "10-А", "10–а", "10 «А»", "10 A", "10a", "010а", " 10  а ", "д. 10А", "дом 10 а", "№ 10А",
     "№10а", "N 10А", "дом № 10-А", "д10а", "кв.10а", "кв. 10 А", "квартира 10А", "КВ10А", "10\u00a0А", "10\u200bА"],
)  # fmt: skip
def test_one_house_with_a_letter_has_one_key_however_it_is_typed(typed):
    assert house_key(typed) == house_key("10А") == "10а"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("10/1", "101"),
        ("10-1", "101"),
        ("10 1", "101"),
        ("10/1", "1/01"),
        ("10А", "10Б"),
        ("10", "100"),
        ("10к1", "10/1"),
        ("10к1", "101"),
        ("10к1", "10"),
        ("10", "1"),
        ("0", ""),
        ("0", "10"),
        ("Д", ""),
        ("Д", "К"),
        ("10й", "10и"),
    ],
)
def test_different_places_have_different_keys(one, other):
    assert house_key(one) != house_key(other)


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("10/1", "10/1"),
        ("10 / 1", "10/1"),
        ("10-1", "10/1"),
        ("007", "7"),
        ("0", "0"),
        ("000", "0"),
        ("", ""),
        ("  ", ""),
        ("-", ""),
        ("Д", "д"),
        ("кв. 1010", "1010"),
        ("10Ё", "10е"),
        ("10 корпус 1", "10к1"),
        ("10 корп. 1", "10к1"),
        ("10 к. 1", "10к1"),
        ("10К1", "10к1"),
        ("д. 10, корп. 1", "10к1"),
        ("10 литер А", "10а"),
        ("10 лит. А", "10а"),
        ("\ufeff10\u00adА\x00", "10а"),
        ("\x00кв. 10", "10"),
        ("１０", "10"),
    ],
)
def test_keys_of_houses_and_flats(typed, key):
    assert house_key(typed) == key


@pytest.mark.parametrize(
    "typed",
    ["Семёнов", "СЕМЕНОВ", "семенов", " Семёнов ", "Семе\u0308нов", "Семе\u0301нов", "Ｓемёнов".replace("Ｓ", "С")],
)
def test_a_surname_meets_itself_over_case_marks_and_spaces(typed):
    assert fold(typed) == "семенов"


@pytest.mark.parametrize(
    "typed", ["Петров-Водкин", "ПЕТРОВ–ВОДКИН", "петров—водкин", "Петров\u2011Водкин", "Петров\u2212Водкин"]
)
def test_any_dash_in_a_double_surname_is_one(typed):
    assert fold(typed) == "петров-водкин"


@pytest.mark.parametrize(
    ("one", "other"),
    [("Майоров", "Маиоров"), ("Иванов", "Иванова"), ("Иванов", "Иванoв"), ("Иванов", "Иванов И.И."), ("Ким", "К и м")],
)
def test_folding_never_lets_another_surname_pass(one, other):
    assert fold(one) != fold(other)


def test_short_i_is_a_letter_whether_composed_or_not():
    assert fold("Андреи\u0306") == fold("Андрей") == "андрей"


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=30))
def test_folding_a_folded_text_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet="0123456789АаБбЙйЁё /-.«»", max_size=12))
def test_a_house_key_does_not_depend_on_case_or_outer_spaces(text):
    assert house_key(text) == house_key(text.upper()) == house_key(f"  {text.lower()} ")


@given(st.integers(1, 9999), st.sampled_from("абвгежий"), st.sampled_from(["", " ", "-", " - ", "\u00a0", "–", "."]))
def test_a_letter_belongs_to_its_number_over_any_gap(number, letter, gap):
    assert house_key(f"{number}{gap}{letter.upper()}") == f"{number}{letter}".replace("ё", "е")


@pytest.mark.parametrize(
    "typed",
    ["anna@example.org", "ANNA@Example.ORG", "  anna@example.org\n", "\u00a0Anna@example.org", "ａnna@example.org"],
)
def test_an_e_mail_is_one_over_case_and_outer_spaces(typed):
    assert email_key(typed) == "anna@example.org"


def test_a_nul_in_an_e_mail_is_kept_out_of_the_database_and_equals_nobody():
    assert "\x00" not in email_key("anna\x00@example.org")
    assert email_key("anna\x00@example.org") != email_key("anna@example.org")


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("1234567899", "1234567899"),
        ("0001234567899", "1234567899"),
        ("123 456-7899", "1234567899"),
        (" 1234567899\u200b", "1234567899"),
        ("12/а", "12А"),
        ("12a", "12А"),
        ("АВ-12", "АВ12"),
        ("AB 12", "АВ12"),
        ("№ 1234567899", "1234567899"),
        ("ЛС 1234567899", "1234567899"),
        ("л/с № 001234567899", "1234567899"),
        ("Л/С1234567899", "1234567899"),
        ("Лицевой счёт: 1234567899", "1234567899"),
        ("\ufeff123\u00ad4567\u200b899\x00", "1234567899"),
        ("１２３４５６７８９９", "1234567899"),
        ("١٢٣", "123"),
        ("Л12", "Л12"),
        ("ЛС", "ЛС"),
        ("", ""),
        ("%_'\\", ""),
    ],
)
def test_an_account_number_is_one_over_spaces_dashes_and_leading_zeros(typed, key):
    assert account_key(typed) == key


@pytest.mark.parametrize(
    "typed",
    ["anna@example.org\u200b", "\ufeffanna@example.org", "an\u00adna@\u2060example.org", "\u200e ANNA@example.org"],
)
def test_marks_without_width_do_not_make_another_e_mail(typed):
    assert email_key(typed) == "anna@example.org"


@pytest.mark.parametrize("typed", ["anna@example.org\0", "anna@example.org\ud800"])
def test_what_no_database_takes_is_no_e_mail_of_anybody(typed):
    assert email_key(typed) == "anna@example.org\ufffd"

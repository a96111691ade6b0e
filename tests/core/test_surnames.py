"""Surnames as people type them: equal where meant, never by likeness, and what can't be one is said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lk_reflex.core.text import LONGEST_SURNAME, NO_SURNAME, in_latin, surname_fault, surname_key


@pytest.mark.parametrize(
    "typed",
    [
        "ЗДЕТОВЕЦКИЙ", "здетовецкий ", "  Здетовецкий", "Здетовецкий\u00a0", "здетовецки\u0438\u0306",
        "Здето\u00adвецкий",
        "\ufeffЗдетовецкий\u200b", "Здетове\u0301цкий", "ЗДЕТОВЕЦКИЙ С.В.", "Здетовецкий С. В.", "Здетовецкий С В",
        "С.В. Здетовецкий", "Здетовецкий С", "здетовецкий.", "Здетовецкий\x00", "\u202aЗдетовецкий\u202c",
    ],
)  # fmt: skip
def test_one_surname_has_one_key_however_it_is_typed(typed):
    assert surname_key(typed) == "здетовецкий"
    assert surname_fault(typed) is None


@pytest.mark.parametrize("typed", ["Семёнов", "СЕМЕНОВ", "Семе\u0308нов", "Семе\u0301нов", "семЕнов"])
def test_yo_and_stresses_make_no_difference(typed):
    assert surname_key(typed) == "семенов"
    assert surname_fault(typed) is None


@pytest.mark.parametrize(
    "typed",
    ["Петров-Водкин", "ПЕТРОВ–ВОДКИН", "петров—водкин", "Петров\u2011Водкин", "Петров\u2212Водкин", "Петров - Водкин",
     "Петров Водкин", "петров--водкин", "-Петров-Водкин-", "Петров-Водкин К.С."],
)  # fmt: skip
def test_a_double_surname_is_one_over_every_dash_and_space(typed):
    assert surname_key(typed) == "петров-водкин"
    assert surname_fault(typed) is None


@pytest.mark.parametrize("typed", ["О'Коннор", "О’Коннор", "ОКоннор", "Оʼконнор", "О`Коннор"])
def test_apostrophes_make_no_difference(typed):
    assert surname_key(typed) == "оконнор"
    assert surname_fault(typed) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ЗДЕТОВЕЦКИЙ", "ЗДЕТОВЕЦКАЯ"),
        ("Иванов", "Иванова"),
        ("Иванов", "Иваново"),
        ("Майоров", "Маиоров"),
        ("Ким", "К и м"),
        ("Ким", "Кан"),
        ("Петров-Водкин", "ПетровВодкин"),
        ("Петров-Водкин", "Петров"),
        ("Петров-Водкин", "Водкин-Петров"),
        ("Иванов", "Иванов Пётр"),
        ("Иванов", "%"),
        ("Иванов", "Иван_в"),
        ("Ли", "Л"),
        ("О", "И"),
    ],
)
def test_another_surname_never_passes(one, other):
    assert surname_key(one) != surname_key(other)


def test_a_surname_of_one_letter_is_no_initial():
    assert surname_key("О") == "о"
    assert surname_key("О И") == "о-и"


@pytest.mark.parametrize(
    ("typed", "named"),
    [("Здетовецкий".replace("о", "o"), "«o»"), ("ЗДЕТОВЕЦКИЙ".replace("Е", "E"), "«E»"), ("Иванoвa", "«o», «a»")],
)
def test_latin_letters_among_ours_are_pointed_out_one_by_one(typed, named):
    assert surname_fault(typed) == f"В фамилии есть латинские буквы: {named}. Замените их русскими"
    assert not in_latin(typed)


@pytest.mark.parametrize("typed", ["Zdetovetskiy", "PETROB", "Pplfnjdtwrbq", "Müller", "Ｉvanov"])
def test_a_wholly_latin_word_asks_for_the_other_keyboard(typed):
    assert "Переключите клавиатуру на русский язык" in (surname_fault(typed) or "") or "«Ｉ»" in (
        surname_fault(typed) or ""
    )


@pytest.mark.parametrize(
    ("typed", "named"),
    [("Иванов😀", "«😀»"), ("Иванов1", "«1»"), ("Иванов<b>", "латинские"), ("Ив%нов", "«%»"), ("Иван_в", "«_»"),
     ("Ивανов", "«α», «ν»"), ("😀", "«😀»"), ("伊万诺夫", "«伊»")],
)  # fmt: skip
def test_what_stands_in_no_surname_is_named(typed, named):
    assert named in (surname_fault(typed) or "")


@pytest.mark.parametrize("typed", ["", "   ", "-", " — ", ".", "'", "\u200b", "\x00", "\u00ad"])
def test_nothing_typed_is_said(typed):
    assert surname_fault(typed) == NO_SURNAME


def test_too_long_a_surname_is_said():
    assert surname_fault("а" * LONGEST_SURNAME) is None
    assert "слишком длинная" in (surname_fault("а" * (LONGEST_SURNAME + 1)) or "")


@pytest.mark.parametrize(("typed", "latin"), [("Smith", True), ("O'Neill-Brown", True), ("Müller J.", True),
    ("Иванов", False), ("Ивaнов", False), ("Smith Иванов", False), ("Smith1", False), ("", False)])  # fmt: skip
def test_a_foreigners_surname_is_told_from_a_slip_of_the_keyboard(typed, latin):
    assert in_latin(typed) is latin


def test_letters_of_our_neighbours_are_letters():
    assert surname_fault("Ғабдуллин Әхмәтҗанов Бойчукі") is None


def test_a_clerks_latin_letter_in_the_billing_is_the_one_it_looks_like():
    assert surname_key("ИВАНOВ") == surname_key("ИВАНОВ")
    assert surname_key("SMITH") == "smith"


@given(st.text(max_size=40))
def test_any_text_at_all_is_judged(typed):
    fault = surname_fault(typed)
    assert fault is None or fault[0].isupper()
    assert not {"\x00", " ", "А"} & set(surname_key(typed))


@given(st.lists(st.text(alphabet="абвёйЖЩ", min_size=2, max_size=6), min_size=1, max_size=3), st.sampled_from(" -–—"))
def test_a_key_is_its_own_key_whatever_joins_the_words(words, joint):
    key = surname_key(joint.join(words))
    assert surname_key(key) == key == surname_key("-".join(words).upper())
    assert surname_fault(joint.join(words)) is None

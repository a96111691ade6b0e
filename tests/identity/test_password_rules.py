import pytest
from hypothesis import given
from hypothesis import strategies as st

from lk_reflex.domain.identity.passwords.rules import COMMON, EMPTY, SAME_AS_EMAIL, password_fault

EMAIL = "Anna.Petrova@Example.org"


@pytest.mark.parametrize(
    "password",
    [
        "фиалка 7 утра",
        "длинный пароль жильца",
        "demo-cabinet-2026",
        "🔑🗝🔒🔓🛡🚪🏠🪟",
        "   полночь",
        "correct horse battery",
        "x7\x00Ж9qq-",
        "x" * 9 + "й",
        "\ud800 половина знака",
        "z" * 100_000,
        "anna.petrova@example.org1",
        "petrova!@",
    ],
)
def test_any_characters_of_any_length_may_be_a_password(password):
    assert password_fault(password, EMAIL) is None


@pytest.mark.parametrize("password", ["a", "1234567", "пароль", "йцукен", "🔑" * 7])
def test_a_short_password_is_told_how_long_it_must_be(password):
    assert password_fault(password, EMAIL) == "Пароль слишком короткий: нужно не меньше 8 знаков"


def test_no_password_is_told_what_to_do():
    assert password_fault("", EMAIL) == EMPTY


@pytest.mark.parametrize(
    "password",
    [
        "password",
        "PASSWORD",
        "ｐａｓｓｗｏｒｄ",
        "12345678",
        "1q2w3e4r",
        "Qwertyuiop",
        "йцукенгш",
        "Йцукенгшщз",
        "зфыыцщкв",
        "1й2ц3у4к",
        "фывапролдж",
        "пароль123",
        "ПАРОЛЬ123",
        "Пароль2024",
        "gfhjkm123",
        "Наташа1985",
        "yfnfif1985",
        "парольпароль",
        "Артём1985",
        "артем1985",
        "яяяяяяяя",
        " " * 8,
        "\u200b" * 9,
    ],
)
def test_what_everybody_tries_first_is_refused_in_any_case_and_layout(password):
    assert password_fault(password, EMAIL) == COMMON


@pytest.mark.parametrize(
    "password", ["anna.petrova", "Anna.Petrova", "ANNA.PETROVA@EXAMPLE.ORG", "anna.petrova@example.org\u200b"]
)
def test_the_e_mail_and_its_name_are_no_secret(password):
    assert password_fault(password, EMAIL) == SAME_AS_EMAIL


def test_another_persons_name_is_not_ones_own():
    assert password_fault("anna.petrova", "boris@example.org") is None


@given(st.text(st.characters(codec=None)), st.text())
def test_whatever_is_typed_gets_a_sentence_or_passes(password, email):
    fault = password_fault(password, email)
    assert fault is None or fault[0].isupper()

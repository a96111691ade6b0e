"""E-mail addresses as people type and paste them."""

import pytest

from lk_reflex.domain.identity.registering.emails import (
    EMPTY,
    FORMAT,
    LATIN,
    LONG,
    clean_email,
    email_fault,
    likely_slip,
)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("anna@example.org", "anna@example.org"),
        ("  Anna@Example.org\u00a0\n", "Anna@Example.org"),
        ("anna @mail.ru", "anna@mail.ru"),
        ("\u200banna@mail.ru\ufeff", "anna@mail.ru"),
        ("mailto:anna@mail.ru", "anna@mail.ru"),
        ("<anna@mail.ru>", "anna@mail.ru"),
        ("ａｎｎａ＠mail.ru", "anna@mail.ru"),
    ],
)
def test_what_gets_in_by_pasting_is_taken_off(typed, meant):
    assert clean_email(typed) == meant
    assert email_fault(meant) is None


@pytest.mark.parametrize("email", ["a.b+c@mail.ru", "o'neil@example.org", "anna@почта.рф", "a@sub.domain.example.org"])
def test_what_is_an_address(email):
    assert email_fault(email) is None


@pytest.mark.parametrize(
    ("email", "sentence"),
    [
        ("", EMPTY),
        ("анна@mail.ru", LATIN),
        ("аnna@mail.ru", LATIN),  # the first letter is Cyrillic
        ("иван@почта.рф", LATIN),
        ("anna", FORMAT),
        ("anna@", FORMAT),
        ("@mail.ru", FORMAT),
        ("anna@mail", FORMAT),
        ("anna@mail,ru", FORMAT),
        ("anna@@mail.ru", FORMAT),
        ("anna@localhost", FORMAT),
        ("anna@[127.0.0.1]", FORMAT),
        ("anna@mail.ru\0", FORMAT),
        ("anna@mail.ru\r\nBcc: all@example.org", FORMAT),
        ("a" * 250 + "@mail.ru", LONG),
    ],
)
def test_what_is_not_an_address(email, sentence):
    assert email_fault(email) == sentence


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("anna@mail.ry", "anna@mail.ru"),
        ("anna@mial.ru", "anna@mail.ru"),
        ("anna@MAIL.RY", "anna@mail.ru"),
        ("anna@gmail.con", "anna@gmail.com"),
        ("anna@gmial.com", "anna@gmail.com"),
        ("anna@gmail.ru", "anna@gmail.com"),
        ("anna@yandex.r", "anna@yandex.ru"),
        ("anna@yandexx.ru", "anna@yandex.ru"),
    ],
)
def test_a_slip_of_the_finger_is_pointed_out(typed, meant):
    assert likely_slip(typed) == meant


@pytest.mark.parametrize(
    "email",
    ["anna@mail.ru", "anna@ya.ru", "anna@bk.ru", "anna@list.ru", "anna@email.ru", "anna@yandex.by", "anna@example.org",
     "anna@mvd.ru", "anna", ""],
)  # fmt: skip
def test_an_address_that_looks_right_is_not_doubted(email):
    assert likely_slip(email) == ""

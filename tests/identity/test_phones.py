"""Phone numbers as people write them."""

import pytest

from lk_reflex.domain.identity.contacts.phones import format_phone, masked_phone, parse_mobile


@pytest.mark.parametrize(
    "typed",
    [
        "+79123456789",
        "+7 (912) 345-67-89",
        "8 912 345 67 89",
        "89123456789",
        "9123456789",
        "7 912 345 67 89",
        "8\u00a0(912)\u00a0345–67–89",
        "+7.912.345.67.89",
        "  8-912-345-67-89 ",
        "８９１２３４５６７８９",
        "\u202a+7 912 345-67-89\u202c",
    ],
)
def test_the_same_number_however_written(typed: str) -> None:
    assert parse_mobile(typed) == "+79123456789"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "912",
        "+7 912 345-67-8",
        "+7 912 345-67-890",
        "8 343 222-33-44",  # a landline: no SMS reaches it
        "+375 29 123-45-67",
        "+7 701 234-56-78",  # +7, but Kazakhstan
        "89123456789 доб. 5",
        "89123456789;ext=5",
        "позвоните мне",
        "9" * 10_000,
        "\0",
        "tel:../../etc",
    ],
)
def test_what_is_no_russian_mobile_number(typed: str) -> None:
    with pytest.raises(ValueError):
        parse_mobile(typed)


def test_how_a_number_is_shown() -> None:
    assert format_phone("+79123456789") == "+7 912 345-67-89"
    assert format_phone(None) == format_phone("") == ""
    assert format_phone("старая запись") == "старая запись"
    assert masked_phone("+79123456789") == "+7 912 •••-••-89"
    assert masked_phone(None) == ""

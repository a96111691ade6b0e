"""Number, house and flat together name an account, however they are typed; any of them wrong names none."""

import pytest

from lk_reflex.domain.accounts.find import find_accounts
from lk_reflex.domain.accounts.tables import Organization
from tests.cast import make_account


def found(db, number, house, flat):
    return [account.account_id for account in db.read(find_accounts, number, house, flat)]


@pytest.mark.parametrize(
    "typed",
    [
        ("1234567899", "10", "1010"),
        (" 1234 567-899 ", "д. 10", "кв. 1010"),
        ("0001234567899", "дом №10", "№ 1010"),
        ("1234567899", "010", "1010 "),
    ],
)
def test_what_a_person_means_is_found(db, cast, typed):
    assert found(db, *typed) == [cast.flat]


@pytest.mark.parametrize(
    "typed",
    [
        ("1234567890", "10", "1010"),
        ("1234567899", "11", "1010"),
        ("1234567899", "10", "1011"),
        ("1234567899", "10", ""),
        ("1234567899", "", "1010"),
        ("", "10", "1010"),
        ("%", "%", "%"),
        ("123456789_", "10", "1010"),
        ("1234567899' OR 1=1 --", "10", "1010"),
        ("\0", "\0", "\0"),
        ("2000000001", "10", "1010"),
        ("2000000001", "7", "1"),
        ("9" * 10_000, "10" * 5_000, "x" * 10_000),
    ],
)
def test_anything_else_finds_nothing(db, cast, typed):
    assert found(db, *typed) == []


def test_a_private_house_has_no_flat(db, cast):
    assert found(db, "2000000001", "7", "") == found(db, "2000000001", "7", " - ") == [cast.house]


def test_what_is_found_names_the_place_and_not_the_person(db, cast):
    (account,) = db.read(find_accounts, "1234567899", "10", "1010")
    assert (account.number, account.address, account.organization) == (
        "1234567899", "УЛ. КЫШТЫМСКАЯ, 10 - 1010", "ПОВВ",
    )  # fmt: skip
    assert "ЗДЕТОВЕЦКИЙ" not in repr(account)


def test_organizations_that_number_alike_are_all_found(db, cast):
    with db.transaction() as writer:
        heat = Organization(inn="7421000300", name="АО «Тепло»")
        writer.add(heat)
        other = make_account(writer, heat.id or 0, "1234567899", flat="1010", street="УЛ. МИРА")
    assert found(db, "1234567899", "10", "1010") == [cast.flat, other]

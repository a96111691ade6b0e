"""Number, house and flat together find an account; whatever is wrong is answered in the same words (scenario 21)."""

from datetime import date, timedelta

import pytest
from sqlalchemy import update
from sqlmodel import col

from lk_reflex.core.errors import Invalid, NotFound, Refused
from lk_reflex.domain.accounts import link_limits
from lk_reflex.domain.accounts.look_up import NO_HOUSE, NO_NUMBER, NO_SUCH, Place
from lk_reflex.domain.accounts.tables import Account, Building, Organization
from lk_reflex.domain.identity.client import Client
from tests.accounts.link_steps import ELSEWHERE, FLAT, HOME, HOUSE, find, newcomer
from tests.cast import NOW, make_account


@pytest.fixture
def vera(db, cast):
    return newcomer(db)


def refused(db, actor, place, **how):
    with pytest.raises(NotFound) as fault:
        find(db, actor, place, **how)
    return fault.value.message


@pytest.mark.parametrize(
    "place",
    [
        FLAT,
        Place("001234567899", " 10 ", "кв. 1010"),
        Place("№ 1234 567-899", "д.10", "1010"),
        Place("л/с 1234567899", "дом 10", "№1010"),
        Place("\ufeff1234567899\x00", "10\u200b", "10\u00ad10"),
    ],
)
def test_what_stands_on_the_receipt_finds_the_account_however_it_is_typed(db, cast, vera, place):
    (found,) = find(db, vera, place)
    assert (found.account_id, found.number) == (cast.flat, "1234567899")
    assert (found.address, found.organization) == ("УЛ. КЫШТЫМСКАЯ, 10 - 1010", "ПОВВ")
    assert (found.linked, found.closed_on) == (False, None)
    assert "ЗДЕТОВЕЦК" not in repr(found).upper()


@pytest.mark.parametrize("flat", ["", "  ", "-", "кв."])
def test_a_private_house_needs_no_flat(db, cast, vera, flat):
    (found,) = find(db, vera, Place(HOUSE.number, HOUSE.house, flat))
    assert found.account_id == cast.house


@pytest.mark.parametrize(
    "place",
    [
        Place("1234567898", "10", "1010"),
        Place("1234567899", "11", "1010"),
        Place("1234567899", "10", "1011"),
        Place("1234567899", "10", ""),
        Place("1234567899", "7", ""),
        Place("2000000001", "10", "1010"),
        Place("2000000001", "7", "1"),
        Place("%", "%", "%"),
        Place("1234567899", "10", "10_0"),
        Place("' OR 1=1 --", "10", "1010"),
        Place("1" * 10_000, "1" * 10_000, "1" * 10_000),
    ],
)
def test_a_wrong_number_house_or_flat_are_answered_alike_with_the_way_to_a_person(db, cast, vera, place):
    if place.number == "%":
        with pytest.raises(Invalid):
            find(db, vera, place)
        return
    assert refused(db, vera, place) == NO_SUCH
    assert "обратитесь в вашу управляющую (ресурсоснабжающую) компанию" in NO_SUCH


def test_empty_fields_are_named_and_cost_no_try(db, cast, vera):
    for _ in range(20):
        with pytest.raises(Invalid) as fault:
            find(db, vera, Place(" ", "\u200b", ""))
    assert fault.value.fields == {"number": NO_NUMBER, "house": NO_HOUSE}
    assert find(db, vera)


def test_one_number_of_two_organizations_offers_both(db, cast, vera):
    with db.transaction() as writer:
        other = Organization(inn="7430002027", name="ООО УК «Южный дом»", short_name="Южный дом")
        writer.add(other)
        twin = make_account(writer, other.id, "1234567899", flat="1010", street="УЛ. ЛИНЕЙНАЯ")
    found = find(db, vera)
    assert [(one.account_id, one.organization) for one in found] == [(cast.flat, "ПОВВ"), (twin, "Южный дом")]


def test_ones_own_account_and_a_closed_one_are_told(db, cast):
    with db.transaction() as writer:
        writer.change(update(Account).where(col(Account.id) == cast.flat).values(closed_on=date(2026, 8, 1)))
    (found,) = find(db, cast.owner.actor)
    assert found.linked
    assert found.closed_on == date(2026, 8, 1)


def pauses(db, actor, place, **how):
    with pytest.raises(Refused) as fault:
        find(db, actor, place, **how)
    return fault.value.message


def wrong(number: int) -> Place:
    return Place(str(9_000_000_000 + number), "10", "1010")


def test_ten_wrong_tries_of_a_person_make_a_pause_whatever_the_number_and_the_network(db, cast, vera):
    for number in range(link_limits.FIND_USER.free):
        refused(db, vera, wrong(number), client=Client(f"198.51.100.{number}"))
    said = pauses(db, vera, FLAT)
    assert said == f"{link_limits.PAUSE} Попробуйте снова через минуту."
    assert find(db, cast.stranger.actor, FLAT, client=ELSEWHERE)
    assert find(db, vera, now=NOW + timedelta(minutes=1))


@pytest.mark.parametrize("number", ["1234567899", "9999999999"])
def test_one_number_pauses_for_everybody_whether_it_exists_or_not(db, cast, number):
    for place in range(link_limits.FIND_NUMBER.free):
        person = newcomer(db, f"guest{place}@example.org")
        refused(db, person, Place(number, str(100 + place), ""), client=Client(f"198.51.100.{place}"))
    other = newcomer(db)
    assert "Попробуйте снова" in pauses(db, other, Place(f"0{number}", "10", "1010"), client=ELSEWHERE)
    assert find(db, other, HOUSE)


def test_one_network_pauses_for_all_its_people(db, cast, monkeypatch):
    monkeypatch.setattr(link_limits, "FIND_CLIENT", link_limits.Limit("link-find:client", 3))
    for number in range(3):
        refused(db, newcomer(db, f"guest{number}@example.org"), wrong(number), client=Client(f"2001:db8::{number}"))
    other = newcomer(db)
    assert "Попробуйте снова" in pauses(db, other, FLAT, client=Client("2001:db8::ffff"))
    assert find(db, other, FLAT, client=HOME)


def test_all_together_pause_for_a_moment_only(db, cast, monkeypatch):
    monkeypatch.setattr(link_limits, "FIND_ALL", link_limits.Limit("link-find:all", 3, longest=timedelta(minutes=1)))
    for number in range(3):
        refused(db, newcomer(db, f"guest{number}@example.org"), wrong(number), client=Client(f"198.51.100.{number}"))
    other = newcomer(db)
    assert "Попробуйте снова через минуту" in pauses(db, other, FLAT)
    assert find(db, other, FLAT, now=NOW + timedelta(minutes=1))


def test_a_find_counts_as_no_miss(db, cast, vera):
    for _ in range(2 * link_limits.FIND_USER.free):
        assert find(db, vera)


def test_the_house_of_another_building_with_that_number_is_not_enough(db, cast, vera):
    with db.transaction() as writer:
        writer.change(update(Building).where(col(Building.house) == "7").values(house_key="10"))
    assert refused(db, vera, HOUSE) == NO_SUCH

"""Доступ для близкого through the real processor: given on the card, seen by the relative, ended in open tabs."""

import pytest

from lk_reflex.core.months import Month
from lk_reflex.domain.identity.sessions import open_session
from lk_reflex.ui.account import AccountState
from lk_reflex.ui.resident.accounts.access import GIVEN
from lk_reflex.ui.resident.accounts.listing import SAID_ID
from lk_reflex.ui.resident.accounts.state import AccountsState
from lk_reflex.ui.resident.cart.state import CartPageState
from lk_reflex.ui.resident.overview.state import OverviewState
from lk_reflex.ui.resident.readings.state import ReadingsState
from lk_reflex.ui.session import SessionState
from tests.accounts.link_steps import HOME, letters, newcomer
from tests.billing.paper import receipt
from tests.cast import NOW
from tests.metering.dials import make_meter, monthly

MAMA = {"email": "vera@example.org", "name": "Мама", "ends_on": "31.12.2026", "may_send": "yes"}


@pytest.fixture
def vera(db, cast, tabs):
    return tabs(db.write(open_session, newcomer(db).user_id, client=HOME, now=NOW))


@pytest.fixture
def owner(cast, tabs):
    return tabs(cast.owner.cookie)


def shown(tab):
    return tab.seen(AccountsState)


async def give(tab, cast, **fields):
    await tab.open("/accounts")
    await tab.send(AccountsState.open_access, key=str(cast.flat))
    return await tab.send(AccountsState.give, form={**MAMA, **fields})


async def test_a_relative_is_given_access_and_told_by_a_letter(owner, vera, db, cast):
    events = (await give(owner, cast))[1]
    assert [payload["ref"] for name, payload in events if name == "_set_focus"] == [f"ref_{SAID_ID}"]
    assert (shown(owner)["said"].title, shown(owner)["said"].text) == ("Доступ для vera@example.org открыт.", GIVEN)
    (grant,) = shown(owner)["rows"][0].grants
    assert (grant.who, grant.until) == ("Мама, vera@example.org", "Действует до 31.12.2026 включительно")
    assert grant.rights == "Может видеть начисления, показания и квитанции, передавать показания"
    assert shown(owner)["giving"] == ""
    await vera.open("/accounts")
    (row,) = shown(vera)["rows"]
    assert row.number == "1234567899"
    assert row.granted == (
        "Доступ открыл o•••@example.org: видеть начисления, показания и квитанции, передавать показания; "
        "до 31.12.2026 включительно."
    )


async def test_the_answer_is_the_same_for_an_address_without_a_login(owner, vera, cast):
    await give(owner, cast, email="vera@example.org")
    known = shown(owner)["said"]
    await give(owner, cast, email="nobody@example.org")
    assert shown(owner)["said"].text == known.text
    first, second = shown(owner)["rows"][0].grants
    assert (first.rights, first.until) == (second.rights, second.until)


@pytest.mark.parametrize(
    ("fields", "at"),
    [
        ({"email": ""}, ["email"]),
        ({"email": "не адрес", "ends_on": "вчера"}, ["email", "ends_on"]),
        ({"email": "owner@example.org"}, ["email"]),
        ({"email": None, "name": "М" * 900}, ["email", "name"]),
    ],
)
async def test_faults_go_to_their_fields_and_the_form_stays(owner, db, cast, fields, at):
    await give(owner, cast, **fields)
    assert [fault.field_id for fault in shown(owner)["faults"]] == at
    assert shown(owner)["giving"] == str(cast.flat)
    assert letters(db) == []


async def test_taking_back_ends_it_in_the_relatives_open_tab(owner, vera, cast):
    await give(owner, cast)
    await vera.open("/overview")
    assert vera.seen(AccountState)["number"] == "1234567899"
    await owner.send(AccountsState.revoke, grant=shown(owner)["rows"][0].grants[0].key)
    assert shown(owner)["rows"][0].grants == []
    assert shown(owner)["said"].title == "Доступ закрыт."
    await vera.follow("/readings")
    assert vera.seen(AccountState)["number"] == ""


async def test_the_second_press_finds_the_access_closed_already(owner, db, cast):
    await give(owner, cast)
    key = shown(owner)["rows"][0].grants[0].key
    for _ in range(2):
        await owner.send(AccountsState.revoke, grant=key)
        assert shown(owner)["said"].title == "Доступ закрыт."
        assert not owner.seen(SessionState)["fault"]
    assert [letter.kind for letter in letters(db)].count("access-closed") == 1


async def test_a_relative_can_neither_give_further_nor_take_back(owner, vera, db, cast):
    await give(owner, cast)
    key = shown(owner)["rows"][0].grants[0].key
    sent = len(letters(db))
    await give(vera, cast, email="galina@example.org")
    assert "не привязан" in vera.seen(SessionState)["fault"]
    await vera.send(AccountsState.revoke, grant=key)
    assert len(letters(db)) == sent
    await owner.open("/accounts")
    assert [grant.key for grant in shown(owner)["rows"][0].grants] == [key]


async def test_a_relative_leaves(owner, vera, cast):
    await give(owner, cast)
    await vera.open("/accounts")
    await vera.send(AccountsState.unlink, key=str(cast.flat))
    assert shown(vera)["rows"] == []
    await owner.open("/accounts")
    assert shown(owner)["rows"][0].grants == []


async def test_the_second_press_gives_nothing_twice(owner, db, cast):
    await give(owner, cast)
    sent = len(letters(db))
    await owner.send(AccountsState.give, form=MAMA)
    assert len(letters(db)) == sent


async def test_one_form_at_a_time(owner, cast):
    await owner.open("/accounts?link=new")
    await owner.send(AccountsState.open_access, key=str(cast.flat))
    assert (shown(owner)["step"], shown(owner)["giving"]) == ("", str(cast.flat))
    await owner.send(AccountsState.open_linking)
    assert shown(owner)["giving"] == ""


async def test_pages_say_what_the_access_does_not_cover(owner, vera, db, cast):
    receipt(db, cast.flat, "Объединённая", Month(2026, 10), [("ХВС", "0", "0", "100,00", "100,00")])
    monthly(db, make_meter(db, cast.flat), "118", "6")
    await give(owner, cast, may_send=None)
    await vera.open("/overview")
    assert not vera.seen(OverviewState)["bill"].payable
    assert "оплачивает его тот, кто открыл вам доступ" in vera.seen(OverviewState)["bill"].notes[-1]
    assert not vera.seen(OverviewState)["takes_payments"]
    await vera.send(OverviewState.pay)
    await vera.follow("/cart")
    assert vera.seen(CartPageState)["parts"] == []
    await vera.follow("/readings")
    assert "передаёт их тот, кто открыл вам доступ" in vera.seen(ReadingsState)["refusal"]
    assert not vera.seen(ReadingsState)["accepts"]

"""Привязка лицевого счета through the real processor: its steps, what they keep, and what comes of them."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from lk_reflex.domain.accounts.linked import link_account
from lk_reflex.domain.accounts.look_up import NO_SUCH
from lk_reflex.domain.identity.tables import AccountLink
from lk_reflex.ui.account import AccountState
from lk_reflex.ui.public.home.guest_card import guest_card
from lk_reflex.ui.resident.accounts import linking, linking_form
from lk_reflex.ui.resident.accounts.linking import CONFIRM, FIND, LINKING_ID, Typed
from lk_reflex.ui.resident.accounts.listing import SAID_ID
from lk_reflex.ui.resident.accounts.state import AccountsState
from lk_reflex.ui.session import SessionState
from lk_reflex.ui.shared import words
from lk_reflex.ui.shared.forms import SUMMARY_ID
from tests.accounts.link_steps import HOUSE, newcomer, pause
from tests.cast import NOW, make_account

FLAT = {"number": "1234567899", "house": "10", "flat": "1010"}
LINKS = select(*AccountLink.__table__.columns)


@pytest.fixture
def vera(db, cast):
    return newcomer(db)


@pytest.fixture
def tab(tabs, db, vera):
    from lk_reflex.domain.identity.sessions import open_session
    from tests.accounts.link_steps import HOME

    return tabs(db.write(open_session, vera.user_id, client=HOME, now=NOW))


def shown(tab):
    return tab.seen(AccountsState)


def focus(outcome):
    return [payload["ref"] for name, payload in outcome[1] if name == "_set_focus"]


def linked(db):
    return db.read(lambda reader: reader.rows(LINKS))


async def find(tab, **typed):
    return await tab.send(AccountsState.find, form={**FLAT, **typed})


async def link(tab, surname, **more):
    return await tab.send(AccountsState.link, form={"surname": surname, **more})


async def test_from_nothing_to_the_linked_account(tab, db, cast):
    await tab.open("/accounts")
    assert (shown(tab)["rows"], shown(tab)["step"]) == ([], "")
    assert f"ref_{LINKING_ID}" in focus(await tab.send(AccountsState.open_linking))[0]
    assert shown(tab)["step"] == FIND
    await find(tab, flat="кв. 1010")
    (found,) = shown(tab)["found"]
    assert (shown(tab)["step"], found.address, found.organization) == (CONFIRM, "УЛ. КЫШТЫМСКАЯ, 10 - 1010", "ПОВВ")
    outcome = await link(tab, "здетовецкий ")
    assert SAID_ID in focus(outcome)[0]
    assert shown(tab)["said"].title == "Лицевой счет 1234567899 привязан."
    assert shown(tab)["said"].overview
    assert [(row.number, row.chosen) for row in shown(tab)["rows"]] == [("1234567899", True)]
    assert (shown(tab)["step"], tab.seen(AccountState)["number"]) == ("", "1234567899")


async def test_the_owners_name_is_told_nowhere(tab, cast):
    await tab.open("/accounts")
    told = repr(await find(tab)) + repr(tab.vars)
    assert "ЗДЕТОВЕЦ" not in told.upper()


async def test_what_is_wrong_is_not_told_apart_and_what_was_typed_stays(tab, cast):
    await tab.open("/accounts?link=new")
    form_id = shown(tab)["form_id"]
    for typed in ({"number": "1"}, {"house": "11"}, {"flat": "1"}, {"flat": ""}):
        outcome = await find(tab, **typed)
        assert SUMMARY_ID.replace("-", "_") in focus(outcome)[0]
        assert shown(tab)["errors"]["number"] == NO_SUCH
        assert [(fault.field_id, fault.message) for fault in shown(tab)["faults"]] == [("number", NO_SUCH)]
        assert (shown(tab)["step"], shown(tab)["form_id"]) == (FIND, form_id)


async def test_empty_fields_are_named(tab, cast):
    await tab.open("/accounts?link=new")
    await find(tab, number="", house=" ")
    assert [fault.field_id for fault in shown(tab)["faults"]] == ["number", "house"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Здетoвецкий", "латинские буквы: «o»"),
        ("Здетовецкая", "не совпадает"),
        ("", "Введите фамилию"),
        (None, "Введите"),
    ],
)
async def test_a_surname_that_does_not_pass_says_why_and_the_step_stays(tab, db, cast, typed, said):
    await tab.open("/accounts?link=new")
    await find(tab)
    before = linked(db)
    await link(tab, typed)
    assert said in shown(tab)["errors"]["surname"]
    assert shown(tab)["step"] == CONFIRM
    assert linked(db) == before


async def test_back_brings_the_typed_values_into_a_fresh_form(tab, cast):
    await tab.open("/accounts?link=new")
    form_id = shown(tab)["form_id"]
    await find(tab)
    await link(tab, "")
    await tab.send(AccountsState.back)
    assert shown(tab)["typed"] == Typed("1234567899", "10", "1010")
    assert (shown(tab)["step"], shown(tab)["faults"]) == (FIND, [])
    assert shown(tab)["form_id"] != form_id


async def test_cancel_forgets_what_was_typed(tab, cast):
    await tab.open("/accounts?link=new")
    await find(tab)
    await tab.send(AccountsState.close_linking)
    assert (shown(tab)["step"], shown(tab)["typed"], shown(tab)["found"]) == ("", Typed(), [])


async def test_a_receipts_code_fills_the_form_in_and_changes_nothing(tab, db, cast):
    before = linked(db)
    await tab.open("/accounts?account=1234567899&house=10%D0%90&flat=1010")
    assert (shown(tab)["step"], shown(tab)["typed"]) == (FIND, Typed("1234567899", "10А", "1010"))
    assert linked(db) == before


async def test_a_lost_connection_does_not_begin_the_form_anew(tab, cast):
    await tab.open("/accounts?account=1234567899&house=10&flat=1010")
    await find(tab)
    await tab.open("/accounts?account=1234567899&house=10&flat=1010")
    assert shown(tab)["step"] == CONFIRM


async def test_after_linking_the_same_address_opens_no_form(tab, cast):
    await tab.open("/accounts?account=1234567899&house=10&flat=1010")
    await find(tab)
    await link(tab, "Здетовецкий")
    await tab.open("/accounts?account=1234567899&house=10&flat=1010")
    assert shown(tab)["step"] == ""


async def test_coming_from_another_page_begins_anew(tab, cast):
    await tab.open("/accounts?link=new")
    await find(tab)
    await tab.follow("/overview")
    await tab.follow("/accounts")
    assert shown(tab)["step"] == ""
    await tab.follow("/overview")
    await tab.follow("/accounts?link=new")
    assert (shown(tab)["step"], shown(tab)["typed"]) == (FIND, Typed())


async def test_an_address_of_any_length_is_cut(tab, cast):
    await tab.open(f"/accounts?account={'9' * 5000}&house=%00%ff&flat=<script>")
    assert len(shown(tab)["typed"].number) == linking.LONGEST


async def test_an_account_linked_already_is_said_kindly(tab, cast, tabs):
    owner = tabs(cast.owner.cookie)
    await owner.open("/accounts?link=new")
    outcome = await owner.send(AccountsState.find, form=FLAT)
    assert SAID_ID in focus(outcome)[0]
    said = shown(owner)["said"]
    assert (said.title, said.kind) == ("Лицевой счет 1234567899 уже привязан к вашему личному кабинету.", "info")
    assert shown(owner)["step"] == ""


async def test_of_several_organizations_one_is_to_be_chosen(tab, db, cast):
    with db.transaction() as writer:
        twin = make_account(writer, cast.organization, "01234567899", flat="1010", street="УЛ. ЛИНЕЙНАЯ")
    await tab.open("/accounts?link=new")
    await find(tab)
    assert [row.key for row in shown(tab)["found"]] == [str(cast.flat), str(twin)]
    for account in (None, "", "0", str(cast.house), "x"):
        await link(tab, "Здетовецкий", account=account)
        assert shown(tab)["errors"]["account"] == linking.PICK
    await link(tab, "Здетовецкий", account=str(twin))
    assert [row.number for row in shown(tab)["rows"]] == ["01234567899"]


async def test_a_foreign_key_in_the_form_links_nothing(tab, db, cast):
    await tab.open("/accounts?link=new")
    await find(tab)
    await link(tab, "Здетовецкий", account=str(cast.house))
    assert [row.number for row in shown(tab)["rows"]] == ["1234567899"]


async def test_without_the_first_step_the_second_does_nothing(tab, db, cast):
    await tab.open("/accounts")
    before = linked(db)
    await link(tab, "Здетовецкий", account=str(cast.flat))
    assert linked(db) == before


async def test_a_pause_is_said_with_the_way_to_a_person(tab, db, cast):
    pause(db, cast.flat)
    await tab.open("/accounts?link=new")
    await find(tab)
    await link(tab, "Здетовецкий")
    assert "приостановлена на сутки" in shown(tab)["errors"]["surname"]
    assert "обратитесь в организацию: ПОВВ" in shown(tab)["faults"][0].message
    assert shown(tab)["rows"] == []


async def test_a_second_account_stays_unchosen_and_says_how_to_choose_it(tab, db, cast, vera):
    db.write(link_account, vera.user_id, cast.house, now=NOW - timedelta(hours=1))
    await tab.open("/accounts?link=new")
    await find(tab)
    await link(tab, "Здетовецкий")
    assert "нажмите «Выбрать»" in shown(tab)["said"].text
    assert not shown(tab)["said"].overview
    assert tab.seen(AccountState)["number"] == HOUSE.number


async def test_unlinking_is_asked_once_more_and_ends_access_in_open_tabs(tabs, db, cast):
    first, other = tabs(cast.owner.cookie), tabs(cast.owner.cookie)
    await other.open("/overview")
    await first.open("/accounts")
    await first.send(AccountsState.ask, key=str(cast.flat))
    assert shown(first)["asked"] == str(cast.flat)
    await first.send(AccountsState.keep)
    assert (shown(first)["asked"], shown(first)["kept"]) == ("", str(cast.flat))
    assert len(shown(first)["rows"]) == 1
    await first.send(AccountsState.ask, key=str(cast.flat))
    outcome = await first.send(AccountsState.unlink, key=str(cast.flat))
    assert SAID_ID in focus(outcome)[0]
    assert shown(first)["said"].title == "Лицевой счет 1234567899 отвязан."
    assert (shown(first)["rows"], first.seen(AccountState)["number"]) == ([], "")
    await other.follow("/charges")
    assert other.seen(AccountState)["number"] == ""


async def test_anothers_account_is_not_unlinked(tab, db, cast):
    await tab.open("/accounts")
    before = linked(db)
    for key in (str(cast.flat), "0", "-1", None, {}):
        await tab.send(AccountsState.unlink, key=key)
        assert "не привязан" in tab.seen(SessionState)["fault"]
    assert linked(db) == before


@pytest.mark.parametrize("form", [guest_card, linking_form.linking])
def test_the_flat_of_a_private_house_is_said_to_stay_empty_in_both_forms(form):
    assert json.dumps(words.FLAT_HINT) in str(form())

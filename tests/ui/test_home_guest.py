"""The guest's form of the home page: what a refusal left, the picture's code, and what became of a visit."""

import json
from urllib.parse import quote

import pytest

from lk_reflex.domain.accounts.find import NOT_FOUND
from lk_reflex.domain.identity.cookies import FLASH_COOKIE
from lk_reflex.domain.identity.registering.captcha import PICTURES, TOO_MANY, digits_of, new_captcha
from lk_reflex.settings import get_settings
from lk_reflex.ui.public.home.state import HomeState
from tests.cast import NOW


@pytest.fixture
def refused(tabs):
    """The home page as a refused guest finds it."""

    async def open_(note, address="/?fault=1"):
        tab = tabs()
        tab.cookies[FLASH_COOKIE] = quote(json.dumps(note, ensure_ascii=False))
        _, events = await tab.open(address)
        return tab, events

    return open_


def note(**more):
    typed = {"form": "guest", "number": "123", "house": "10 А", "flat": "5", "captcha_token": "", "faults": {}}
    return {**typed, **more}


async def test_what_was_typed_stands_in_the_fields_and_the_fault_above(refused):
    tab, events = await refused(note(faults={"": NOT_FOUND}))
    seen = tab.seen(HomeState)
    assert (seen["number"], seen["house"], seen["flat"]) == ("123", "10 А", "5")
    assert [(fault.field_id, fault.message) for fault in seen["faults"]] == [("number", NOT_FOUND)]
    assert seen.get("captcha_token", "") == ""
    assert "error_summary" in str(events)


async def test_faults_of_fields_stand_at_their_fields(refused):
    tab, _ = await refused(note(faults={"number": "Номер?", "house": "Дом?", "captcha": "Код?"}))
    seen = tab.seen(HomeState)
    assert (seen["number_error"], seen["house_error"], seen["captcha_error"]) == ("Номер?", "Дом?", "Код?")
    assert [fault.field_id for fault in seen["faults"]] == ["number", "house", "captcha"]


async def test_the_code_is_shown_and_changed_for_another_that_works(refused, db):
    token = db.write(new_captcha, now=NOW)
    tab, _ = await refused(note(captcha_token=token))
    assert tab.seen(HomeState)["captcha_token"] == token
    await tab.send(HomeState.another_code)
    other = tab.seen(HomeState)["captcha_token"]
    assert other not in ("", token)
    assert len(digits_of(other, get_settings().key())) == 5


async def test_changing_it_all_the_time_is_stopped_with_a_sentence(refused, db):
    tab, _ = await refused(note(captcha_token=db.write(new_captcha, now=NOW)))
    for _ in range(PICTURES.free + 1):
        await tab.send(HomeState.another_code)
    assert tab.seen(HomeState)["captcha_error"].startswith(TOO_MANY)


async def test_no_code_is_made_where_none_is_asked_for(tabs):
    tab = tabs()
    await tab.open("/")
    await tab.send(HomeState.another_code)
    assert tab.seen(HomeState).get("captcha_token", "") == ""


async def test_an_old_note_is_not_shown_on_the_next_visit(refused):
    tab, _ = await refused(note(faults={"": NOT_FOUND}), "/")
    assert tab.seen(HomeState).get("faults", []) == []
    assert tab.seen(HomeState).get("number", "") == ""


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/?guest=over", "вы закончили её или прошло 30 минут. Чтобы"),
        ("/?guest=kept", "вы закончили её или прошло 30 минут. Введите данные ещё раз: набранные показания появятся"),
        ("/?guest=done", "Вы завершили"),
        ("/?guest=%3Cscript%3E", ""),
        ("/", ""),
    ],
)
async def test_what_became_of_a_visit_is_said(tabs, address, said):
    tab = tabs()
    await tab.open(address)
    told = tab.seen(HomeState).get("done", "")
    assert said in told
    assert bool(told) == bool(said)

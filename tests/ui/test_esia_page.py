"""The page of choice after Госуслуги: what the visitor's own browser is shown, and nobody else's."""

import json
from dataclasses import replace
from urllib.parse import quote

import pytest

from lk_reflex.domain.identity.esia.visitors import LIFE, keep_visitor, use_visitor, visitor_of
from lk_reflex.integrations.esia.port import Person
from lk_reflex.settings import Settings
from lk_reflex.ui.public.esia.state import EsiaState
from lk_reflex.ui.public.home.state import HomeState
from lk_reflex.ui.shared.forms import SUMMARY_ID
from tests.cast import NOW

MARIA = Person("1000500001", "Иванова", "Мария", "Петровна", True, "maria@example.net", True, "+7(912)3450001")


@pytest.fixture
def visit(tabs, db):
    """Opens the page in the browser of somebody whom Госуслуги vouched for."""

    async def open_page(person=MARIA, address="/esia", now=NOW, **note):
        token = db.write(keep_visitor, person, "", now=now)
        flash = f"; lk_flash={quote(json.dumps(note, ensure_ascii=False))}" if note else ""
        tab = tabs(f"none; lk_visitor={token}{flash}")
        _, events = await tab.open(address)
        return tab.seen(EsiaState), events, tab

    return open_page


async def test_a_visitor_reads_who_they_are_and_finds_their_e_mail(visit):
    seen, _, _ = await visit()
    assert (seen["present"], seen["name"], seen["ready"]) == (True, "Мария Петровна И.", True)
    assert (seen["email"], seen["sure"], seen["login"], seen["known"]) == ("maria@example.net", True, "", False)
    assert seen["faults"] == []


async def test_the_page_knows_neither_number_nor_phone_of_the_person(visit):
    _, _, tab = await visit()
    text = json.dumps(tab.vars, ensure_ascii=False, default=str)
    for part in (MARIA.oid, "3450001", "Иванова"):
        assert part not in text


@pytest.mark.parametrize(
    ("email", "verified", "known", "login", "offered"),
    [
        ("owner@example.org", True, True, "owner@example.org", ""),
        ("owner@example.org", False, False, "", "owner@example.org"),
        ("", False, False, "", ""),
    ],
)
async def test_only_a_confirmed_e_mail_is_said_to_have_a_login(visit, cast, email, verified, known, login, offered):
    seen, _, _ = await visit(replace(MARIA, email=email, email_verified=verified))
    assert (seen["known"], seen["login"], seen["email"], seen["sure"]) == (known, login, offered, False)


async def test_without_the_cookie_or_too_late_there_is_nobody(visit, tabs, db):
    tab = tabs()
    await tab.open("/esia")
    assert not tab.seen(EsiaState)["present"]
    assert tab.seen(EsiaState)["ready"]
    seen, _, _ = await visit(now=NOW - LIFE)
    assert not seen["present"]
    assert seen["name"] == seen["email"] == ""


async def test_a_visit_that_has_been_used_shows_nobody(tabs, db):
    token = db.write(keep_visitor, MARIA, "", now=NOW)
    db.write(use_visitor, db.read(visitor_of, f"lk_visitor={token}", now=NOW), now=NOW)
    tab = tabs(f"none; lk_visitor={token}")
    await tab.open("/esia")
    assert not tab.seen(EsiaState)["present"]


async def test_who_is_signed_in_already_is_led_inside(tabs, cast):
    tab = tabs(cast.owner.cookie)
    await tab.open("/esia")
    assert not tab.seen(EsiaState).get("ready")
    _, events = await tab.follow("/esia")
    assert [payload["path"] for name, payload in events if name == "_redirect"] == ["/overview"]


async def test_a_live_visitor_chooses_even_while_signed_in(tabs, db, cast):
    token = db.write(keep_visitor, MARIA, "", now=NOW)
    tab = tabs(f"{cast.owner.cookie}; lk_visitor={token}")
    await tab.open("/esia")
    assert (tab.seen(EsiaState)["ready"], tab.seen(EsiaState)["present"]) == (True, True)


async def test_what_was_wrong_stands_at_its_field_and_what_was_typed_stays(visit):
    faults = {"email": "Введите адрес", "terms": "Примите условия"}
    seen, _, tab = await visit(address="/esia?fault=1", faults=faults, email="maria@", login="")
    assert (seen["email"], seen["errors"]["email"], seen["errors"]["login"]) == ("maria@", "Введите адрес", "")
    assert [fault.field_id for fault in seen["faults"]] == ["email", "terms"]
    _, events = await tab.follow("/esia?fault=1")
    assert any(SUMMARY_ID.replace("-", "_") in str(payload) for _, payload in events)


async def test_a_refused_sign_in_leads_to_the_login(visit):
    seen, _, _ = await visit(address="/esia?fault=1", faults={"": "Неверный логин или пароль."}, login="a@b.ru")
    assert [(fault.field_id, fault.message) for fault in seen["faults"]] == [("login", "Неверный логин или пароль.")]
    assert seen["login"] == "a@b.ru"


@pytest.mark.parametrize("flash", ["", "x", "%7B%7D", "[]", quote('{"faults": []}'), quote('{"faults": {"x": {}}}')])
async def test_a_note_that_is_not_ours_does_no_harm(tabs, db, flash):
    token = db.write(keep_visitor, MARIA, "", now=NOW)
    tab = tabs(f"none; lk_visitor={token}; lk_flash={flash}")
    await tab.open("/esia?fault=1")
    assert tab.seen(EsiaState)["present"]


async def test_after_the_letter_the_address_is_said(tabs):
    note = quote(json.dumps({"email": "oleg@example.net", "faults": {}}))
    tab = tabs(f"none; lk_flash={note}")
    await tab.open("/esia?sent=1")
    assert tab.seen(EsiaState)["sent_to"] == "oleg@example.net"
    await tab.open("/esia")
    assert tab.seen(EsiaState)["sent_to"] == ""


async def test_the_home_page_leads_to_gosuslugi_with_its_aim(tabs):
    tab = tabs()
    await tab.open("/?next=%2Fcharges%3Fmonth%3D2019-09")
    href = tab.seen(HomeState)["esia_href"]
    assert href.startswith("/api/esia/start?next=")
    assert "month%3D2019-09" in href or "month%253D2019-09" in href


async def test_the_button_is_gone_where_gosuslugi_are_not_set_up(tabs, monkeypatch):
    monkeypatch.setattr(Settings, "esia_on", False)
    tab = tabs()
    await tab.open("/")
    assert tab.seen(HomeState)["esia_href"] == ""
    await tab.open("/esia")
    assert tab.seen(EsiaState)["connected"] is False

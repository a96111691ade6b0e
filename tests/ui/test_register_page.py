"""Регистрация through the real processor: faults at their fields, the code, the letter, impatience, odd arguments."""

import re
from dataclasses import replace

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from lk_reflex.domain.identity.entry_tables import Captcha, Registration
from lk_reflex.domain.identity.passwords.hashing import hash_password
from lk_reflex.domain.identity.registering import captcha, registration
from lk_reflex.domain.identity.registering.application import EMPTY_CODE, NO_CONSENT, NO_TERMS
from lk_reflex.domain.identity.registering.captcha import PICTURES, digits_of
from lk_reflex.domain.identity.registering.registration import WRONG_CODE
from lk_reflex.domain.mail.tables import OutgoingMail
from lk_reflex.settings import get_settings
from lk_reflex.ui.public.register.state import FIELDS, ONCE_MORE, SENT_ID, RegisterState
from lk_reflex.ui.session import SessionState
from lk_reflex.ui.shared.forms import SUMMARY_ID

SUBMIT, ANOTHER_CODE, AGAIN, ANOTHER = (
    RegisterState.submit, RegisterState.another_code, RegisterState.send_again, RegisterState.another_address,
)  # fmt: skip
PASSWORD = "три слова и кот"
MAIL = select(col(OutgoingMail.recipient), col(OutgoingMail.subject), col(OutgoingMail.plain)).order_by(
    col(OutgoingMail.id)
)


@pytest.fixture(autouse=True)
def cheap_bcrypt(monkeypatch):
    monkeypatch.setattr(registration, "hash_password", lambda password, key: hash_password(password, key, cost=4))


@pytest.fixture
async def tab(tabs, cast):
    opened = tabs()
    await opened.open("/register")
    return opened


def seen(tab, name):
    return tab.seen(RegisterState).get(name)


def code(tab) -> str:
    return digits_of(seen(tab, "captcha_token"), get_settings().key())


def filled(tab, **changes) -> dict[str, str]:
    form = {
        "email": "novyi@example.org", "password": PASSWORD, "again": PASSWORD, "phone": "8 912 345-67-89",
        "captcha": code(tab) if seen(tab, "captcha_token") else "", "captcha_token": seen(tab, "captcha_token"),
        "terms": "yes", "consent": "yes",
    }  # fmt: skip
    return {name: text for name, text in {**form, **changes}.items() if text is not None}


async def press(tab, **changes):
    return await tab.send(SUBMIT, form=filled(tab, **changes))


def focused(events) -> str:
    return next((payload["ref"] for name, payload in events if name == "_set_focus"), "").replace("_", "-")


def letters(db) -> list[tuple[str, str, str]]:
    return [tuple(row) for row in db.read(lambda reader: reader.rows(MAIL))]


def count(db, table) -> int:
    return db.read(lambda reader: reader.value(select(func.count()).select_from(table)))


async def test_the_page_opens_with_a_code_and_without_faults(tab, db):
    assert seen(tab, "captcha_token")
    assert count(db, Captcha) == 1
    assert not seen(tab, "sent_to")
    assert tab.seen(SessionState)["fault"] == ""


async def test_a_lost_connection_keeps_the_code(tab, db):
    before = seen(tab, "captcha_token")
    await tab.open("/register")
    assert seen(tab, "captcha_token") == before
    assert count(db, Captcha) == 1


async def test_another_code_is_another_code(tab):
    before = seen(tab, "captcha_token")
    await tab.send(ANOTHER_CODE)
    assert seen(tab, "captcha_token") not in ("", before)


async def test_who_changes_the_code_without_end_is_told_to_wait(tab, monkeypatch):
    monkeypatch.setattr(captcha, "PICTURES", replace(PICTURES, free=5))
    for _ in range(5):
        await tab.send(ANOTHER_CODE)
    assert "слишком часто запрашивают код" in tab.seen(SessionState)["fault"]
    assert seen(tab, "captcha_token")


async def test_a_filled_form_sends_a_letter_and_says_where_to(tab, db):
    _, events = await press(tab)
    assert seen(tab, "sent_to") == "novyi@example.org"
    ((recipient, _, plain),) = letters(db)
    assert recipient == "novyi@example.org"
    assert re.search(rf"{re.escape(get_settings().site)}/activate/\S{{43}}\n", plain)
    assert focused(events).endswith(SENT_ID)


async def test_a_known_address_gets_the_very_same_page(tab, tabs, db):
    await press(tab, email="owner@example.org")
    other = tabs()
    await other.open("/register")
    await press(other, email="nobody@example.org")
    mine, theirs = ({**each.seen(RegisterState)} for each in (tab, other))
    assert mine.pop("sent_to") == "owner@example.org"
    assert theirs.pop("sent_to") == "nobody@example.org"
    assert mine == theirs
    assert [subject for _, subject, _ in letters(db)] == [
        "Регистрация в личном кабинете: у вас уже есть логин", "Активация аккаунта в личном кабинете",
    ]  # fmt: skip


async def test_every_fault_stands_at_its_field_and_in_the_summary_in_the_forms_order(tab, db):
    _, events = await tab.send(SUBMIT, form={})
    faults = seen(tab, "faults")
    assert [fault.field_id for fault in faults] == list(FIELDS)
    assert {fault.field_id: fault.message for fault in faults} == seen(tab, "errors")
    assert seen(tab, "errors")["captcha"] == EMPTY_CODE
    assert focused(events).endswith(SUMMARY_ID)
    assert count(db, OutgoingMail) == 0


@pytest.mark.parametrize(("missing", "sentence"), [("terms", NO_TERMS), ("consent", NO_CONSENT)])
async def test_neither_tick_stands_for_the_other(tab, db, missing, sentence):
    await press(tab, **{missing: None})
    assert [fault.message for fault in seen(tab, "faults")] == [sentence]
    assert count(db, OutgoingMail) == 0


async def test_a_fault_elsewhere_keeps_the_picture_and_its_code(tab):
    before = seen(tab, "captcha_token")
    await press(tab, phone="911")
    assert seen(tab, "captcha_token") == before
    await press(tab)
    assert seen(tab, "sent_to")
    assert not seen(tab, "faults")


async def test_a_wrong_code_brings_another_picture(tab, db):
    before = seen(tab, "captcha_token")
    await press(tab, captcha="123")
    assert [fault.message for fault in seen(tab, "faults")] == [WRONG_CODE]
    assert seen(tab, "captcha_token") not in ("", before)
    await press(tab)
    assert len(letters(db)) == 1


async def test_an_address_that_looks_mistyped_is_asked_about_once(tab, db):
    await press(tab, email="novyi@mail.ry")
    assert [fault.field_id for fault in seen(tab, "faults")] == ["email"]
    assert "novyi@mail.ru?" in seen(tab, "errors")["email"]
    await press(tab, email="novyi@mail.ry")
    assert seen(tab, "sent_to") == "novyi@mail.ry"
    assert [recipient for recipient, _, _ in letters(db)] == ["novyi@mail.ry"]


async def test_an_impatient_second_press_sends_nothing_more(tab, db):
    form = filled(tab)
    await tab.send(SUBMIT, form=form)
    await tab.send(SUBMIT, form=form)
    assert len(letters(db)) == 1
    assert seen(tab, "sent_to")
    assert not seen(tab, "faults")


async def test_the_letter_can_be_sent_again_until_it_is_too_much(tab, db):
    await press(tab)
    for number in range(3):
        await tab.send(AGAIN)
        assert seen(tab, "said") == ONCE_MORE
        assert len(letters(db)) == 2 + number
    await tab.send(AGAIN)
    assert "Слишком много писем" in seen(tab, "said")
    assert len(letters(db)) == 4


async def test_nobody_has_letters_sent_without_a_form(tab, db):
    await tab.send(AGAIN)
    assert count(db, OutgoingMail) == 0


async def test_after_a_reload_the_page_still_says_where_the_letter_went(tab):
    await press(tab)
    await tab.open("/register")
    assert seen(tab, "sent_to") == "novyi@example.org"


async def test_who_comes_by_the_link_finds_an_empty_form(tab):
    await press(tab)
    await tab.follow("/")
    await tab.follow("/register")
    assert seen(tab, "sent_to") == ""
    assert seen(tab, "captcha_token")


async def test_another_address_begins_anew(tab, db):
    await press(tab)
    await tab.send(ANOTHER)
    assert seen(tab, "sent_to") == ""
    await press(tab, email="vtoroi@example.org")
    assert [recipient for recipient, _, _ in letters(db)] == ["novyi@example.org", "vtoroi@example.org"]


async def test_passwords_never_reach_the_screen(tab):
    await press(tab, phone="?")
    await press(tab)
    assert PASSWORD not in repr(tab.vars)


@pytest.mark.parametrize(
    "form",
    [None, [], "text", {"email": ["a@b.ru"]}, {"email": {"a": 1}, "password": 7, "phone": None, "terms": [1]},
     {"email": "\ud800@mail.ru", "password": "\ud800" * 9, "captcha": "\ud800", "captcha_token": "\ud800"}],
)  # fmt: skip
async def test_a_form_of_odd_values_is_an_empty_form(tab, db, form):
    await tab.send(SUBMIT, form=form)
    assert seen(tab, "faults")
    assert tab.seen(SessionState)["fault"] == ""
    assert count(db, Registration) == 0


async def test_half_a_character_in_a_password_harms_nobody(tab, db):
    await press(tab, password="\ud800 три слова", again="\ud800 три слова")
    assert seen(tab, "sent_to")
    assert len(letters(db)) == 1

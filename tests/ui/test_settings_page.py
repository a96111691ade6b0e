"""Настройки through the real processor: each card's presses, what they say, and what they change."""

import json
import re
from urllib.parse import quote

import pytest
from sqlalchemy import delete, select
from sqlmodel import col

from lk_reflex.core.crypt import Vault, new_key
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.identity.cookies import FLASH_COOKIE
from lk_reflex.domain.identity.entry_tables import Consent
from lk_reflex.domain.identity.esia.bindings import bind
from lk_reflex.domain.identity.passwords import hashing as passwords
from lk_reflex.domain.identity.passwords.asked_again import NO_PASSWORD, WRONG
from lk_reflex.domain.identity.registering import consents
from lk_reflex.domain.identity.sessions import identify, open_session
from lk_reflex.domain.identity.tables import AccountLink
from lk_reflex.domain.identity.tokens import token_hash
from lk_reflex.domain.mail.topics import TOPICS, wants
from lk_reflex.domain.push.devices import bind as bind_device
from lk_reflex.domain.push.devices import devices_of
from lk_reflex.integrations.sms.port import SmsFailed
from lk_reflex.settings import get_settings
from lk_reflex.ui.resident.settings.state import SettingsState
from lk_reflex.ui.resident.settings.words import NO_FAULTS
from tests.cast import NOW
from tests.identity.people import alter, letters, token_in, user

PASSWORD = "пароль владельца"
NEW = "new@example.org"


def form(**fields):
    return {"form": {"__reflex_form_data__": [[name, value] for name, value in fields.items()]}}


@pytest.fixture
def owner(db, cast, monkeypatch):
    cheap = passwords.hash_password
    monkeypatch.setattr(
        "lk_reflex.domain.identity.passwords.change.hash_password", lambda text, key: cheap(text, key, cost=4)
    )
    alter(db, cast.owner, password_hash=cheap(PASSWORD, get_settings().key(), cost=4))
    return cast.owner


@pytest.fixture
def gateway(monkeypatch):
    """A gateway that keeps what it is given; `fails` makes it fail."""

    class Gateway:
        sent = []
        fails = False

        def send(self, phone, text):
            if self.fails:
                raise SmsFailed("no")
            self.sent.append((phone, text))

        @property
        def code(self):
            return re.match(r"\d{6}", self.sent[-1][1]).group()

    made = Gateway()
    made.sent = []
    monkeypatch.setattr("lk_reflex.ui.resident.settings.phone.sms", lambda: made)
    return made


@pytest.fixture
async def tab(tabs, owner):
    opened = tabs(owner.cookie)
    await opened.open("/settings")
    return opened


def seen(tab):
    return tab.seen(SettingsState)


def focus(events):
    return [str(payload) for name, payload in events if name == "_set_focus"]


async def test_everything_is_shown_without_an_account(tabs, db, cast, owner):
    db.write(lambda w: w.change(delete(AccountLink).where(col(AccountLink.user_id) == owner.actor.user_id)))
    db.write(consents.give, owner.actor.user_id, {"terms": "2026-11-01"}, address="10.1.1.1", now=NOW)
    tab = tabs(owner.cookie)
    await tab.open("/settings")
    shown = seen(tab)
    assert (shown["loaded"], shown["email"], shown["has_password"]) == (True, "owner@example.org", True)
    assert [row.key for row in shown["topics"]] == [topic.key for topic in TOPICS]
    assert [(row.version, row.path) for row in shown["consents"]] == [("01.11.2026", "/terms")]
    assert [row.here for row in shown["devices"]] == [True]


async def test_no_secret_travels_to_the_browser(tab, owner):
    told = repr(seen(tab))
    assert owner.cookie not in told
    assert token_hash(owner.cookie) not in told
    assert "$2b$" not in told


async def test_a_new_address_is_asked_for_and_cancelled(db, tab):
    _, events = await tab.send(SettingsState.change_email, **form(email=f" {NEW} ", password=PASSWORD))
    assert seen(tab)["said"].startswith("Необходимо активировать новую почту")
    assert seen(tab)["pending_email"] == NEW
    assert seen(tab)["pending_until"] == "23.11.2026, 15:00"
    assert "said" in focus(events)[0]
    assert letters(db, NEW)[0][2].count("/confirm-email/") == 1
    await tab.send(SettingsState.cancel_email)
    assert seen(tab)["pending_email"] == ""
    assert "отменена" in seen(tab)["said"]


async def test_a_taken_address_gets_the_very_same_screen(tab):
    await tab.send(SettingsState.change_email, **form(email="relative@example.org", password=PASSWORD))
    taken = dict(seen(tab))
    await tab.send(SettingsState.change_email, **form(email="relativ2@example.org", password=PASSWORD))
    free = {key: str(value).replace("relativ2", "relative") for key, value in seen(tab).items()}
    assert {**{key: str(value) for key, value in taken.items()}, "email_form": ""} == {**free, "email_form": ""}


async def test_faults_stand_at_their_fields_and_in_their_own_forms_summary(tab):
    _, events = await tab.send(SettingsState.change_email, **form(email="кто", password="не тот"))
    shown = seen(tab)
    assert shown["faulty"] == "email"
    assert [fault.field_id for fault in shown["faults"]] == ["email-email"]
    assert shown["errors"]["email-email"] == shown["faults"][0].message
    assert set(shown["errors"]) == set(NO_FAULTS)
    assert "email_faults" in focus(events)[0]
    await tab.send(SettingsState.change_email, **form(email=NEW, password="не тот"))
    assert seen(tab)["errors"]["email-password"] == WRONG
    await tab.send(SettingsState.change_email, **form(email=NEW, password=PASSWORD))
    assert seen(tab)["errors"] == NO_FAULTS
    assert seen(tab)["faults"] == []


async def test_a_phone_is_confirmed_by_its_code(db, tab, owner, gateway):
    await tab.send(SettingsState.change_phone, **form(phone="8 912 345-67-89"))
    assert gateway.sent[0][0] == "+79123456789"
    assert (seen(tab)["phone"], seen(tab)["phone_waiting"]) == ("", "+7 912 345-67-89")
    wrong = f"{(int(gateway.code) + 1) % 10**6:06}"
    await tab.send(SettingsState.confirm_phone, **form(code=wrong))
    assert seen(tab)["faulty"] == "code"
    await tab.send(SettingsState.confirm_phone, **form(code=f"{gateway.code[:3]} {gateway.code[3:]}"))
    assert (seen(tab)["phone"], seen(tab)["phone_confirmed"], seen(tab)["phone_waiting"]) == (
        "+7 912 345-67-89", True, "",
    )  # fmt: skip
    assert user(db, owner).phone == "+79123456789"
    assert gateway.code not in repr(tab.vars)
    await tab.send(SettingsState.change_phone, **form(phone="9123456789"))
    assert seen(tab)["errors"]["phone-phone"].startswith("Этот номер уже указан")


async def test_second_presses_at_the_phone_are_answered_as_the_first(db, tab, gateway):
    for phone in ("8 912 345-67-89", "9123456789"):
        await tab.send(SettingsState.change_phone, **form(phone=phone))
        assert seen(tab)["said"].startswith("Мы отправили СМС с кодом на +7 912 345-67-89.")
        assert seen(tab)["said_kind"] == "good"
    assert len(gateway.sent) == 1
    for _ in range(2):
        _, events = await tab.send(SettingsState.confirm_phone, **form(code=gateway.code))
        assert (seen(tab)["said"], seen(tab)["said_kind"]) == (
            "Телефон изменён и подтверждён: +7 912 345-67-89.", "good",
        )  # fmt: skip
        assert "said" in focus(events)[0], "the form whose faults would take the focus has gone"
    assert len(letters(db, "owner@example.org")) == 1


async def test_another_code_waits_for_its_pause_and_giving_up_leaves_the_phone(tab, gateway):
    await tab.send(SettingsState.change_phone, **form(phone="9123456789"))
    await tab.send(SettingsState.resend_code)
    assert seen(tab)["said"] == "Код отправлен только что. Новый можно запросить через 60 с."
    assert seen(tab)["said_kind"] == "bad"
    assert len(gateway.sent) == 1
    await tab.send(SettingsState.give_up_phone)
    assert (seen(tab)["phone"], seen(tab)["phone_waiting"]) == ("", "")
    await tab.send(SettingsState.confirm_phone, **form(code=gateway.code))
    assert seen(tab)["phone"] == ""


async def test_a_gateway_that_fails_is_said_and_the_next_try_is_free(tab, gateway):
    gateway.fails = True
    await tab.send(SettingsState.change_phone, **form(phone="9123456789"))
    assert "Не получилось отправить СМС" in seen(tab)["said"]
    assert seen(tab)["phone_waiting"] == ""
    gateway.fails = False
    await tab.send(SettingsState.change_phone, **form(phone="9123456789"))
    assert seen(tab)["phone_waiting"] == "+7 912 345-67-89"


async def test_without_a_gateway_the_phone_is_kept_and_marked(tab, monkeypatch):
    monkeypatch.setattr("lk_reflex.ui.resident.settings.phone.sms", lambda: None)
    await tab.send(SettingsState.change_phone, **form(phone="9123456789"))
    assert (seen(tab)["phone"], seen(tab)["phone_confirmed"]) == ("+7 912 345-67-89", False)
    assert "не подтверждён" in seen(tab)["said"]
    assert seen(tab)["sms_on"] is False


async def test_a_new_password_ends_the_other_sessions_and_not_this_one(db, tabs, tab, owner):
    other = tabs(db.write(open_session, owner.actor.user_id, client=Client("10.0.0.9"), now=NOW))
    await other.open("/settings")
    await tab.send(SettingsState.change_password, **form(current=PASSWORD, new="длинная новая фраза", again="длинная"))
    assert seen(tab)["errors"]["password-again"].startswith("Пароли не совпадают")
    await tab.send(
        SettingsState.change_password, **form(current=PASSWORD, new="длинная новая фраза", again="длинная новая фраза")
    )
    assert seen(tab)["said"] == "Пароль изменён. Завершено сеансов на других устройствах: 1."
    assert [row.here for row in seen(tab)["devices"]] == [True]
    _, events = await other.send(SettingsState.cancel_email)
    assert [payload["path"] for name, payload in events if name == "_redirect"] == ["/"]
    assert "длинная" not in repr(tab.vars)


async def test_who_has_no_password_gets_a_link_and_no_form(db, tab, owner):
    alter(db, owner, password_hash=None)
    await tab.open("/settings")
    assert seen(tab)["has_password"] is False
    await tab.send(
        SettingsState.change_password, **form(current="", new="длинная новая фраза", again="длинная новая фраза")
    )
    assert seen(tab)["said"] == NO_PASSWORD
    assert user(db, owner).password_hash is None
    await tab.send(SettingsState.ask_password)
    assert "отправили письмо" in seen(tab)["said"]
    assert token_in(letters(db, "owner@example.org")[-1])
    for handler in (SettingsState.change_email, SettingsState.delete_login):
        await tab.send(handler, **form(email=NEW, password="x", sure="yes"))
        assert seen(tab)["said"] == NO_PASSWORD


async def test_a_password_that_is_there_is_not_set_by_mail_from_here(db, tab):
    await tab.send(SettingsState.ask_password)
    assert "уже есть пароль" in seen(tab)["said"]
    assert letters(db) == []


async def test_gosuslugi_are_unbound_after_a_question(db, tab, owner):
    facts = {"oid": "1000", "surname_key": "здетовецкий", "name": "СЕРГЕЙ З.", "trusted": True}
    db.write(bind, owner.actor.user_id, facts, site="", now=NOW)
    await tab.open("/settings?esia=bound")
    assert (seen(tab)["esia_bound"], seen(tab)["esia_name"], seen(tab)["esia_since"]) == (
        True, "СЕРГЕЙ З.", "20.11.2026",
    )  # fmt: skip
    assert "привязана" in seen(tab)["said"]
    await tab.send(SettingsState.ask_unbind, asking=True)
    assert seen(tab)["esia_asking"] is True
    await tab.send(SettingsState.unbind)
    assert (seen(tab)["esia_bound"], seen(tab)["esia_asking"]) == (False, False)


async def test_a_refused_password_of_the_binding_is_said(tabs, owner):
    note = quote(json.dumps({"faults": {"password": WRONG}}))
    opened = tabs(owner.cookie)
    opened.cookies[FLASH_COOKIE] = note
    await opened.open("/settings?fault=esia")
    assert (seen(opened)["said"], seen(opened)["said_kind"]) == (WRONG, "bad")


async def test_gosuslugi_stay_where_there_is_no_password(db, tab, owner):
    facts = {"oid": "1000", "surname_key": "здетовецкий", "name": "СЕРГЕЙ З.", "trusted": True}
    db.write(bind, owner.actor.user_id, facts, site="", now=NOW)
    alter(db, owner, password_hash=None)
    await tab.open("/settings")
    await tab.send(SettingsState.unbind)
    assert seen(tab)["said"].startswith("Сначала задайте пароль")
    await tab.open("/settings")
    assert seen(tab)["esia_bound"] is True


async def test_without_gosuslugi_nothing_tells_of_them(tab, monkeypatch):
    assert seen(tab)["esia_on"] is True
    monkeypatch.setattr(type(get_settings()), "esia_on", False)
    await tab.open("/settings")
    assert seen(tab)["esia_on"] is False


async def test_an_address_alone_makes_the_page_say_nothing(tab):
    await tab.open("/settings?esia=bound&fault=nothing")
    assert seen(tab)["said"] == ""


async def test_a_tick_is_kept_at_once_and_a_repeat_is_the_same(db, tab, owner):
    for _ in range(2):
        await tab.send(SettingsState.choose_topic, key="readings", was=True)
    assert [row.wanted for row in seen(tab)["topics"] if row.key == "readings"] == [False]
    assert seen(tab)["topics_said"] == "Сохранено: «Подтверждение передачи показаний» — не отправлять."
    assert not db.read(wants, owner.actor.user_id, "readings")


async def test_an_ended_devices_next_event_is_refused(db, tabs, tab, owner):
    """Scenario 25."""
    other = tabs(db.write(open_session, owner.actor.user_id, client=Client("10.0.0.9", "Firefox"), now=NOW))
    await other.open("/charges")
    await tab.open("/settings")
    row = next(row for row in seen(tab)["devices"] if not row.here)
    assert (row.name, row.address) == ("Firefox", "10.0.0.9")
    await tab.send(SettingsState.end_device, key=row.key)
    assert [row.here for row in seen(tab)["devices"]] == [True]
    delta, events = await other.follow("/charges")
    assert [payload["path"] for name, payload in events if name == "_redirect"] == ["/"]
    assert "receipts" not in repr(delta)


async def test_nobody_elses_device_is_ended(db, cast, tab):
    await tab.send(SettingsState.end_device, key=str(cast.relative.actor.session_id))
    assert seen(tab)["said"] == "Этот сеанс уже завершён"
    assert db.read(identify, token_hash(cast.relative.cookie), now=NOW)


async def test_a_login_is_deleted_and_nothing_of_it_stays_in_the_tab(db, tab, owner):
    await tab.send(SettingsState.delete_login, **form(password=PASSWORD))
    assert [fault.field_id for fault in seen(tab)["faults"]] == ["deletion-sure"]
    assert user(db, owner).deleted_at is None
    for _ in range(2):  # an impatient finger
        _, events = await tab.send(SettingsState.delete_login, **form(password=PASSWORD, sure="yes"))
        assert [payload["path"] for name, payload in events if name == "_redirect"] == ["/farewell"]
    assert user(db, owner).deleted_at
    assert "owner@example.org" not in repr(tab.vars)
    await tab.follow("/farewell")
    _, events = await tab.follow("/settings")
    assert [payload["path"] for name, payload in events if name == "_redirect"] == ["/"]


async def test_withdrawn_consents_are_not_shown(db, tab, owner):
    db.write(consents.give, owner.actor.user_id, {"consent": "2026-11-01"}, address="", now=NOW)
    db.write(consents.withdraw_all, owner.actor.user_id, now=NOW)
    await tab.open("/settings")
    assert seen(tab)["consents"] == []
    assert db.read(lambda r: r.connection.execute(select(Consent.__table__).order_by(Consent.id)).all())


@pytest.mark.parametrize("poison", [None, [], {}, 1, {"email": ["x"], "password": {}}, "x"])
async def test_forms_of_any_shape_are_answered(tab, poison):
    for handler in (
        SettingsState.change_email, SettingsState.change_phone, SettingsState.confirm_phone,
        SettingsState.change_password, SettingsState.delete_login,
    ):  # fmt: skip
        await tab.send(handler, form=poison)
        assert seen(tab)["faults"]


async def test_phones_are_shown_chosen_for_and_unbound_by_their_person_alone(db, cast, tabs, tab, owner):
    vault = Vault([new_key()])
    mine = db.write(bind_device, owner.actor.user_id, "token-of-the-owner", "ios", "Мой iPhone", vault=vault, now=NOW)[
        0
    ]
    other = db.write(bind_device, cast.relative.actor.user_id, "token-of-another", "ios", "", vault=vault, now=NOW)[0]
    await tab.open("/settings")
    assert [(row.name, row.platform, row.since) for row in seen(tab)["phones"]] == [
        ("Мой iPhone", "iOS", "20.11.2026, 15:00")
    ]
    assert "token-of-the-owner" not in repr(seen(tab))
    for _ in range(2):
        await tab.send(SettingsState.choose_push, key="request", was=True)
    assert seen(tab)["push_said"] == "Сохранено: «Заявки и обращения» — не присылать."
    assert [row.title for row in seen(tab)["push_topics"] if not row.wanted] == ["Заявки и обращения"]
    await tab.send(SettingsState.unbind_phone, key=str(other))
    assert seen(tab)["said_kind"] == "bad" and len(seen(tab)["phones"]) == 1
    await tab.send(SettingsState.unbind_phone, key=str(mine))
    assert seen(tab)["said"].startswith("Телефон отвязан") and seen(tab)["phones"] == []
    assert len(db.read(devices_of, cast.relative.actor.user_id)) == 1


async def test_where_nobody_delivers_there_is_no_card_of_phones(tabs, owner, monkeypatch):
    monkeypatch.setattr("lk_reflex.ui.resident.settings.push.push_gateway", lambda: None)
    tab = tabs(owner.cookie)
    await tab.open("/settings")
    assert seen(tab).get("push_on", False) is False and seen(tab).get("push_topics", []) == []

"""«Забыли пароль?» and the page behind its link, through the real processor. Scenarios 17, 18 and 25."""

import json
from urllib.parse import quote

import pytest
from sqlalchemy import select
from sqlmodel import col

from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.identity.cookies import FLASH_COOKIE
from lk_reflex.domain.identity.entry_tables import OneTimeToken
from lk_reflex.domain.identity.passwords import hashing as passwords
from lk_reflex.domain.identity.passwords.change import change_password
from lk_reflex.domain.identity.passwords.hashing import hash_password
from lk_reflex.domain.identity.passwords.reset import STALE, reset_password
from lk_reflex.domain.identity.registering.consents import REQUIRED
from lk_reflex.domain.identity.registering.registration import queue_registration
from lk_reflex.domain.identity.signing_in.sign_in import sign_in
from lk_reflex.domain.identity.tables import User
from lk_reflex.settings import get_settings
from lk_reflex.ui.public.forgot.state import ForgotState
from lk_reflex.ui.public.home.state import HomeState
from lk_reflex.ui.public.reset.state import ResetState
from lk_reflex.ui.resident.charges.state import ChargesState
from tests.attack import fingerprint
from tests.cast import NOW
from tests.identity.letters import letters, links

OWNER, NOBODY = "owner@example.org", "nobody@example.org"
NEW = "совсем другой пароль"
HOME = Client("10.0.0.1")


@pytest.fixture(autouse=True)
def cheap(monkeypatch):
    """bcrypt at its lowest cost."""
    monkeypatch.setattr(passwords.hash_password, "__kwdefaults__", {"cost": 4})


async def ask(tab, email):
    await tab.open("/forgot")
    return await tab.send(ForgotState.ask, form={"__reflex_form_data__": [["email", email]]})


async def save(tab, password=NEW):
    return await tab.send(ResetState.save, form={"__reflex_form_data__": [["password", password]]})


@pytest.fixture
async def token(tabs, db, cast):
    """The token of the owner's letter."""
    await ask(tabs(), OWNER)
    return links(db, "reset")[0]


async def test_a_known_and_an_unknown_address_get_the_same_answer(tabs, cast):
    answers = []
    for email in (OWNER, NOBODY):
        tab = tabs()
        delta, events = await ask(tab, email)
        answers.append(repr((delta, events)).replace(email, "…"))
        assert tab.seen(ForgotState)["sent_to"] == email
    assert answers[0] == answers[1]


@pytest.mark.parametrize(
    "email", ["", "не адрес", "owner@", "owner@example", "владелец@example.org", "x" * 300 + "@example.org"]
)
async def test_what_is_no_address_is_told_at_its_field_and_nothing_is_sent(tabs, db, cast, email):
    tab = tabs()
    _, events = await ask(tab, email)
    seen = tab.seen(ForgotState)
    assert seen["email_error"] and seen["sent_to"] == ""
    assert [fault.message for fault in seen["faults"]] == [seen["email_error"]]
    assert events[0][0] == "_set_focus"
    assert letters(db, "reset") == []


async def test_too_many_letters_are_refused_at_the_field(tabs, cast):
    tab = tabs()
    for number in range(11):
        await ask(tab, f"guess{number}@example.org")
    assert "Попробуйте снова через минуту" in tab.seen(ForgotState)["email_error"]


async def test_the_answer_outlives_a_reload_and_a_link_brings_the_form_back(tabs, cast):
    tab = tabs()
    await ask(tab, OWNER)
    await tab.open("/forgot")
    assert tab.seen(ForgotState)["sent_to"] == OWNER
    await tab.follow("/help")
    await tab.follow("/forgot")
    assert tab.seen(ForgotState)["sent_to"] == ""


async def test_the_link_gives_a_new_password_and_the_page_says_so_after_a_reload_too(tabs, db, token):
    tab = tabs()
    await tab.open(f"/reset/{token}")
    assert tab.seen(ResetState)["works"] is True
    delta, _ = await save(tab)
    assert NEW not in repr(tab.vars) + repr(delta)
    await tab.open(f"/reset/{token}")
    seen = tab.seen(ResetState)
    assert (seen["done"], seen["works"], seen["reason"]) == (True, False, "")
    assert sign_in(db, OWNER, NEW, HOME, key=get_settings().key(), now=NOW)


async def test_opening_the_link_changes_nothing(tabs, db, token):
    before = fingerprint(db.engine)
    for _ in range(3):
        await tabs().open(f"/reset/{token}")
    assert fingerprint(db.engine) == before


async def test_a_refused_password_is_told_and_the_form_stays(tabs, token):
    tab = tabs()
    await tab.open(f"/reset/{token}")
    _, events = await save(tab, "пароль123")
    seen = tab.seen(ResetState)
    assert seen["works"] is True and [fault.field_id for fault in seen["faults"]] == ["password"]
    assert seen["password_error"] == seen["faults"][0].message
    assert events[0][0] == "_set_focus"


@pytest.mark.parametrize(
    "spoil", [lambda token: token[:-1], lambda token: token + "x", lambda token: "%00", lambda token: "x" * 3000]
)
async def test_an_altered_link_gets_the_neutral_page(tabs, token, spoil):
    tab = tabs()
    await tab.open(f"/reset/{spoil(token)}")
    seen = tab.seen(ResetState)
    assert (seen["loaded"], seen["works"], seen["done"], seen["reason"]) == (True, False, False, STALE)


async def test_a_link_used_elsewhere_meanwhile_gets_the_neutral_page_at_the_press(tabs, db, token):
    tab = tabs()
    await tab.open(f"/reset/{token}")
    reset_password(db, token, "пароль из другого окна", key=b"k" * 32, site="", client=HOME, now=NOW)
    await save(tab)
    seen = tab.seen(ResetState)
    assert (seen["works"], seen["done"], seen["reason"]) == (False, False, STALE)


async def test_two_quick_presses_end_well(tabs, token):
    tab = tabs()
    await tab.open(f"/reset/{token}")
    await save(tab)
    await save(tab)
    assert (tab.seen(ResetState)["done"], tab.seen(ResetState)["reason"]) == (True, "")


async def test_a_new_password_by_mail_closes_the_open_tab(tabs, cast, token):
    tab = tabs(cast.owner.cookie)
    await tab.open("/charges")
    other = tabs()
    await other.open(f"/reset/{token}")
    await save(other)
    assert await _sent_home(tab)


async def test_a_password_changed_elsewhere_closes_the_other_tab_and_not_its_own(tabs, db, cast):
    from lk_reflex.domain.identity.sessions import identify, open_session
    from lk_reflex.domain.identity.tokens import token_hash

    user, key = cast.owner.actor.user_id, get_settings().key()
    db.write(lambda writer: writer.change(User.__table__.update().values(password_hash=hash_password("нынешний", key))))
    phone = db.write(open_session, user, client=HOME, now=NOW)
    here, there = tabs(cast.owner.cookie), tabs(phone)
    await here.open("/charges")
    await there.open("/charges")
    actor = db.read(identify, token_hash(phone), now=NOW)
    change_password(db, actor, "нынешний", NEW, key=key, site="", client=HOME, now=NOW)
    assert await _sent_home(here)
    assert not await _sent_home(there)


async def test_a_blocked_person_s_tab_is_closed_at_the_next_event(tabs, db, cast):
    tab = tabs(cast.owner.cookie)
    await tab.open("/charges")
    db.write(lambda writer: writer.change(User.__table__.update().values(blocked_at=NOW)))
    assert await _sent_home(tab)


async def test_who_waits_for_the_activation_may_have_the_letter_once_more(tabs, db, cast):
    db.write(
        queue_registration, email="new@example.org", password_hash="x", phone="+79001234567", consents=REQUIRED,
        esia=None, client=HOME, site="", now=NOW,
    )  # fmt: skip
    tab = _refused(tabs(), {"login": "new@example.org", "faults": {"": "ещё не активирована"}, "waits": True})
    await tab.open("/?fault=1")
    assert tab.seen(HomeState)["waits"] is True
    await tab.send(HomeState.resend)
    assert tab.seen(HomeState)["done"] == "Мы отправили письмо ещё раз на new@example.org."
    assert len(letters(db, "activate")) == 2
    for _ in range(5):
        await tab.send(HomeState.resend)
    assert "Попробуйте снова" in tab.seen(HomeState)["faults"][0].message


@pytest.mark.parametrize(
    "note", [{"login": OWNER, "faults": {"": "x"}}, {"login": OWNER, "faults": {"": "x"}, "waits": "yes"}]
)
async def test_without_the_right_password_nothing_is_offered_or_sent(tabs, db, cast, note):
    tab = _refused(tabs(), note)
    await tab.open("/?fault=1")
    await tab.send(HomeState.resend)
    assert not tab.seen(HomeState).get("waits")
    assert letters(db, "activate") == []


async def test_no_link_is_kept_that_could_be_read_out_of_the_database(db, token):
    with db.engine.connect() as connection:
        kept = connection.execute(select(col(OneTimeToken.token_hash), col(OneTimeToken.email))).all()
    assert token not in repr(kept) and OWNER not in repr(kept)


def _refused(tab, note):
    tab.cookies = {FLASH_COOKIE: quote(json.dumps(note, ensure_ascii=False))}
    return tab


async def _sent_home(tab):
    _, events = await tab.send(ChargesState.load)
    return [payload["path"] for name, payload in events if name == "_redirect"] == ["/"]

"""Активация аккаунта through the real processor: looks change nothing, a press makes a login, dead links help on."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from lk_reflex.domain.accounts.access_tables import AccountGrant
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.identity.registering.consents import REQUIRED
from lk_reflex.domain.identity.registering.registration import DEAD, LIFE, queue_registration
from lk_reflex.domain.identity.tables import AccountLink, User
from lk_reflex.domain.mail.tables import OutgoingMail
from lk_reflex.ui.public.activate.state import ACTIVATED, ACTIVE, NO_EMAIL, OUTCOME_ID, ActivateState
from lk_reflex.ui.public.home.state import DONE, HomeState
from lk_reflex.ui.session import SessionState
from lk_reflex.ui.shared.forms import SUMMARY_ID
from tests.cast import NOW

EMAIL = "novyi@example.org"
MAIL = select(col(OutgoingMail.plain), col(OutgoingMail.settled_at)).order_by(col(OutgoingMail.id))


def apply(db, email=EMAIL, now=NOW) -> str:
    """A registration waits; returns the path in its letter."""
    db.write(
        queue_registration, email=email, password_hash="!", phone="+79123456789", consents=REQUIRED, esia=None,
        client=Client("10.0.0.1"), site="http://lk.test", now=now,
    )  # fmt: skip
    found = re.search(r"http://lk\.test(/activate/\S+)", letters(db)[-1].plain)
    assert found
    return found[1]


def letters(db):
    return db.read(lambda reader: reader.rows(MAIL))


def logins(db, email=EMAIL) -> int:
    query = select(func.count()).select_from(User).where(col(User.email) == email)
    return db.read(lambda reader: reader.value(query))


def went_to(events) -> list[str]:
    return [payload["path"] for name, payload in events if name == "_redirect"]


def focused(events) -> str:
    return next((payload["ref"] for name, payload in events if name == "_set_focus"), "").replace("_", "-")


def seen(tab, name):
    return tab.seen(ActivateState).get(name)


async def test_opening_and_reloading_the_page_changes_nothing(tabs, db, cast):
    path = apply(db)
    tab = tabs()
    for _ in range(3):
        await tab.open(path)
        assert (seen(tab, "login"), seen(tab, "reason")) == (EMAIL, "")
        assert seen(tab, "filled") == "20.11.2026 в 15:00"
        assert seen(tab, "phone") == "+7 912 •••-••-89"
    assert logins(db) == 0


async def test_one_press_makes_the_login_and_leads_to_the_sign_in(tabs, db, cast):
    tab = tabs()
    await tab.open(apply(db))
    _, events = await tab.send(ActivateState.activate)
    assert went_to(events) == [ACTIVATED]
    assert logins(db) == 1
    await tab.follow(ACTIVATED)
    assert tab.seen(HomeState)["done"] == DONE["activated"]


async def test_a_second_press_of_an_impatient_finger_goes_the_same_way(tabs, db, cast):
    tab = tabs()
    await tab.open(apply(db))
    for _ in range(3):
        _, events = await tab.send(ActivateState.activate)
        assert went_to(events) == [ACTIVATED]
    assert logins(db) == 1


async def test_a_used_link_is_dead_everywhere_else(tabs, db, cast):
    path = apply(db)
    tab, other = tabs(), tabs()
    await tab.open(path)
    await other.open(path)
    await tab.send(ActivateState.activate)
    _, events = await other.send(ActivateState.activate)
    assert (went_to(events), seen(other, "login"), seen(other, "reason")) == ([], "", DEAD)
    assert focused(events).endswith(OUTCOME_ID)
    await other.open(path)
    assert seen(other, "reason") == DEAD


@pytest.mark.parametrize(
    "alter", [lambda path: path[:-1], lambda path: path + "x", lambda _: "/activate/x" + "y" * 5000]
)
async def test_an_altered_link_is_dead_and_tells_nothing(tabs, db, cast, alter):
    tab = tabs()
    await tab.open(alter(apply(db)))
    assert (seen(tab, "login"), seen(tab, "reason")) == ("", DEAD)
    _, events = await tab.send(ActivateState.activate)
    assert went_to(events) == []
    assert EMAIL not in repr(tab.vars)
    assert logins(db) == 0


async def test_an_old_link_is_dead(tabs, db, cast):
    tab = tabs()
    await tab.open(apply(db, now=NOW - LIFE))
    assert seen(tab, "reason") == DEAD


async def test_the_second_of_two_links_says_that_the_login_is_there(tabs, db, cast):
    first, second = apply(db), apply(db)
    tab, late = tabs(), tabs()
    await late.open(second)
    assert (seen(late, "login"), seen(late, "active")) == (EMAIL, False)
    await tab.open(first)
    await tab.send(ActivateState.activate)
    await tab.open(second)
    assert (seen(tab, "login"), seen(tab, "active"), seen(tab, "reason")) == ("", True, ACTIVE)
    _, events = await late.send(ActivateState.activate)
    assert went_to(events) == []
    assert focused(events).endswith(OUTCOME_ID)
    assert (seen(late, "login"), seen(late, "active"), seen(late, "reason")) == ("", True, ACTIVE)
    assert logins(db) == 1


async def test_a_dead_link_doesnt_tell_of_a_login(tabs, db, cast):
    late = apply(db, now=NOW - LIFE)
    tab = tabs()
    await tab.open(apply(db))
    await tab.send(ActivateState.activate)
    for path in (late, "/activate/guess"):
        await tab.open(path)
        assert (seen(tab, "active"), seen(tab, "reason")) == (False, DEAD)


async def test_what_was_granted_to_the_address_is_there_at_once(tabs, db, cast):
    giver = cast.owner.actor.user_id
    grant = AccountGrant(account_id=cast.flat, granted_by=giver, email=EMAIL, email_key=EMAIL, created_at=NOW)
    db.write(lambda writer: writer.add(grant))
    tab = tabs()
    await tab.open(apply(db))
    await tab.send(ActivateState.activate)
    query = (
        select(col(AccountLink.account_id)).join(User, col(User.id) == col(AccountLink.user_id))
        .where(col(User.email) == EMAIL).order_by(AccountLink.id)
    )  # fmt: skip
    assert [row.account_id for row in db.read(lambda reader: reader.rows(query))] == [cast.flat]


async def test_a_new_link_is_sent_and_works(tabs, db, cast):
    old = apply(db, now=NOW - LIFE - timedelta(hours=1))
    tab = tabs()
    await tab.open(old)
    _, events = await tab.send(ActivateState.send_new, form={"email": f" {EMAIL} "})
    assert focused(events).endswith(OUTCOME_ID)
    found = re.search(r"/activate/\S+", letters(db)[-1].plain)
    assert found
    await tab.open(found[0])
    await tab.send(ActivateState.activate)
    assert logins(db) == 1


async def test_the_answer_is_the_same_whatever_the_address_is_to_us(tabs, db, cast):
    apply(db, now=NOW - LIFE)
    told = []
    for email in (EMAIL, "owner@example.org", "nobody@example.org"):
        tab = tabs()
        await tab.open("/activate/gone")
        delta, events = await tab.send(ActivateState.send_new, form={"email": email})
        assert seen(tab, "sent_to") == email
        told.append(repr((delta, events)).replace(email, ""))
    assert len(set(told)) == 1
    assert [letter.settled_at is None for letter in letters(db)[1:]] == [True, True, False]


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({}, NO_EMAIL),
        (None, NO_EMAIL),
        ({"email": 7}, NO_EMAIL),
        ({"email": "anna"}, "целиком"),
        ({"email": "ы@я.рф"}, "латин"),
    ],
    ids=str,
)
async def test_a_fault_in_the_address_is_said_at_its_field(tabs, db, cast, form, sentence):
    tab = tabs()
    await tab.open("/activate/gone")
    _, events = await tab.send(ActivateState.send_new, form=form)
    assert sentence in seen(tab, "email_error")
    assert [fault.field_id for fault in seen(tab, "faults")] == ["email"]
    assert focused(events).endswith(SUMMARY_ID)
    assert letters(db) == []


async def test_too_many_letters_are_refused_in_words(tabs, db, cast):
    tab = tabs()
    await tab.open("/activate/gone")
    for _ in range(4):
        await tab.send(ActivateState.send_new, form={"email": EMAIL})
        assert seen(tab, "email_error") in ("", None)
    await tab.send(ActivateState.send_new, form={"email": EMAIL})
    assert "Попробуйте снова через" in seen(tab, "email_error")
    assert seen(tab, "sent_to") == ""
    assert len(letters(db)) == 4
    assert tab.seen(SessionState)["fault"] == ""


async def test_a_login_of_gosuslugi_names_the_profile_before_the_press(tabs, db):
    """Whoever owns the address must see that somebody else would get in by it."""
    facts = {"oid": "1", "surname_key": "смирнов", "name": "Олег Игоревич С.", "trusted": False}
    db.write(
        queue_registration, email=EMAIL, password_hash=None, phone=None, consents=REQUIRED, esia=facts,
        client=Client("10.0.0.1"), site="http://lk.test", now=NOW,
    )  # fmt: skip
    tab = tabs()
    await tab.open(re.search(r"http://lk\.test(/activate/\S+)", letters(db)[-1].plain)[1])
    assert (seen(tab, "profile"), seen(tab, "phone")) == ("Олег Игоревич С.", "")
    _, events = await tab.send(ActivateState.activate)
    assert went_to(events) == ["/?done=esia"]
    await tab.follow("/?done=esia")
    assert "Госуслуги" in tab.seen(HomeState)["done"]

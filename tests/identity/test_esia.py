"""Госуслуги: who is bound to whom, tries that work once, and what becomes of somebody unknown."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlmodel import col

from lk_reflex.core.errors import Invalid, Refused
from lk_reflex.core.text import fold
from lk_reflex.domain.audit.tables import AuditEntry
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.identity.entry_tables import Consent, Registration
from lk_reflex.domain.identity.esia import bindings as esia
from lk_reflex.domain.identity.esia.entry import BLOCKED, KNOWN, Door, Wish, bind_visitor, create, let_in, recognise
from lk_reflex.domain.identity.esia.tables import EsiaBinding, EsiaTry, EsiaVisitor
from lk_reflex.domain.identity.esia.tries import BEGUN, LIFE, PAUSE, STALE, Try, begin, come_back, purpose_of
from lk_reflex.domain.identity.esia.visitors import GONE, email_known, keep_visitor, use_visitor, visitor_of
from lk_reflex.domain.identity.esia.visitors import LIFE as VISIT
from lk_reflex.domain.identity.registering.consents import REQUIRED
from lk_reflex.domain.identity.registering.registration import activate
from lk_reflex.domain.identity.sessions import identify
from lk_reflex.domain.identity.signing_in.sign_in import NOT_ACTIVATED
from lk_reflex.domain.identity.tables import User
from lk_reflex.domain.identity.tokens import token_hash
from lk_reflex.domain.mail.tables import OutgoingMail
from lk_reflex.integrations.esia.port import Person
from tests.cast import NOW

HOME, ELSEWHERE = Client("10.0.0.1", "Firefox"), Client("203.0.113.5")
MARIA = Person("1000500001", "Иванова", "Мария", "Петровна", True, "maria@example.net", True, "+7(912)3450001")
SITE = "https://lk.example.org"
DOOR = Door(HOME, "", b"k" * 32, SITE, "Asia/Yekaterinburg")
AGREED = frozenset(REQUIRED)


def facts(person=MARIA, **changes):
    return esia.facts_of(replace(person, **changes))


def bind(db, user, person=MARIA, **changes):
    db.write(esia.bind, user, facts(person, **changes), site=SITE, now=NOW)


def visitor(db, person=MARIA, target="", now=NOW):
    token = db.write(keep_visitor, person, target, now=now)
    found = db.read(visitor_of, f"lk_visitor={token}", now=now)
    assert found is not None
    return found


def make(db, who, email=None, agreed=AGREED, now=NOW):
    wish = Wish(who.person.email if email is None else email, agreed)
    return db.write(create, who, wish, client=HOME, site=SITE, now=now)


def count(db, table) -> int:
    return db.read(lambda reader: reader.value(select(func.count()).select_from(table)))


def alter(db, user, **values):
    db.write(lambda writer: writer.change(update(User).where(col(User.id) == user).values(**values)))


def actions(db) -> list[str]:
    return [
        row.action
        for row in db.read(lambda reader: reader.rows(select(col(AuditEntry.action)).order_by(AuditEntry.id)))
    ]


def letters(db) -> list:
    columns = col(OutgoingMail.recipient), col(OutgoingMail.plain), col(OutgoingMail.kind)
    rows = select(*columns).order_by(col(OutgoingMail.id))
    return db.read(lambda reader: reader.rows(rows))


# Bindings


def test_a_binding_is_found_by_its_login_and_by_the_identity(db, cast):
    bind(db, cast.owner.actor.user_id)
    found = db.read(esia.binding_of, cast.owner.actor.user_id)
    assert (found.name, found.surname_key, found.trusted) == ("Мария Петровна И.", fold("ИВАНОВА"), True)
    assert found.bound_at == NOW
    assert db.read(esia.user_of, MARIA.oid) == cast.owner.actor.user_id
    assert db.read(esia.binding_of, cast.stranger.actor.user_id) is None
    assert db.read(esia.user_of, "1") is None
    assert actions(db) == ["esia-bound"]


def test_an_identity_of_another_login_is_refused_with_an_explanation(db, cast):
    bind(db, cast.owner.actor.user_id)
    with pytest.raises(Refused) as refused:
        bind(db, cast.stranger.actor.user_id)
    assert refused.value.message == esia.TAKEN
    assert db.read(esia.user_of, MARIA.oid) == cast.owner.actor.user_id
    assert db.read(esia.binding_of, cast.stranger.actor.user_id) is None


def test_a_login_has_one_identity(db, cast):
    bind(db, cast.owner.actor.user_id)
    with pytest.raises(Refused) as refused:
        bind(db, cast.owner.actor.user_id, oid="2")
    assert refused.value.message == esia.OTHER
    assert db.read(esia.user_of, "2") is None


def test_binding_anew_is_quiet_and_takes_what_is_new(db, cast):
    bind(db, cast.owner.actor.user_id, trusted=False)
    bind(db, cast.owner.actor.user_id, surname="Петрова")
    found = db.read(esia.binding_of, cast.owner.actor.user_id)
    assert (found.surname_key, found.trusted) == (fold("Петрова"), True)
    assert actions(db) == ["esia-bound"]
    assert count(db, EsiaBinding) == 1


def test_two_logins_that_bind_one_identity_at_once_end_as_one_binding(db, cast):
    def try_it(user):
        try:
            bind(db, user)
        except Refused:
            return False
        return True

    users = [person.actor.user_id for person in (cast.owner, cast.stranger, cast.relative, cast.operator)]
    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(try_it, users)) == [False, False, False, True]
    assert count(db, EsiaBinding) == 1


@pytest.mark.parametrize(
    ("surname", "trusted", "asked", "confirms"),
    [
        ("Здетовецкий", True, "ЗДЕТОВЕЦКИЙ", True),
        ("ЗДЕТОВЕЦКИЙ", True, "здетовецкий", True),
        ("Королёв", True, "КОРОЛЕВ", True),
        ("Здетовецкий", False, "ЗДЕТОВЕЦКИЙ", False),
        ("Здетовецкая", True, "ЗДЕТОВЕЦКИЙ", False),
        ("", True, "", False),
    ],
)
def test_only_a_confirmed_identity_of_that_very_surname_vouches_for_it(db, cast, surname, trusted, asked, confirms):
    bind(db, cast.owner.actor.user_id, surname=surname, trusted=trusted)
    assert db.read(esia.binding_of, cast.owner.actor.user_id).confirms(fold(asked)) is confirms


def test_unbinding_waits_for_a_password(db, cast):
    actor = cast.owner.actor
    bind(db, actor.user_id)
    alter(db, actor.user_id, password_hash=None)
    with pytest.raises(Refused) as refused:
        db.write(esia.unbind, actor, client=HOME, site=SITE, now=NOW)
    assert refused.value.message == esia.NO_PASSWORD
    assert db.read(esia.binding_of, actor.user_id) is not None
    alter(db, actor.user_id, password_hash="kept")
    db.write(esia.unbind, actor, client=HOME, site=SITE, now=NOW)
    assert db.read(esia.binding_of, actor.user_id) is None
    db.write(esia.unbind, actor, client=HOME, site=SITE, now=NOW)
    assert actions(db) == ["esia-bound", "esia-unbound"]


def test_the_owner_learns_of_each_new_binding_and_of_its_end(db, cast):
    """Whoever borrows an open session could bind their own identity, and would come in by it for good."""
    actor = cast.owner.actor
    alter(db, actor.user_id, password_hash="kept")
    bind(db, actor.user_id)
    bind(db, actor.user_id)
    (bound,) = letters(db)
    assert (bound.recipient, bound.kind) == ("owner@example.org", "esia-bound")
    assert "Мария Петровна И." in bound.plain
    assert f"{SITE}/forgot" in bound.plain
    db.write(esia.unbind, actor, client=HOME, site=SITE, now=NOW)
    db.write(esia.unbind, actor, client=HOME, site=SITE, now=NOW)
    assert [(letter.recipient, letter.kind) for letter in letters(db)] == [
        ("owner@example.org", "esia-bound"), ("owner@example.org", "esia-unbound"),
    ]  # fmt: skip


def test_unbinding_touches_nobody_elses(db, cast):
    bind(db, cast.owner.actor.user_id)
    bind(db, cast.stranger.actor.user_id, oid="2")
    db.write(esia.unbind, cast.owner.actor, client=HOME, site=SITE, now=NOW)
    assert db.read(esia.user_of, "2") == cast.stranger.actor.user_id


# Tries


def test_a_try_works_once_in_its_own_browser(db):
    begun = db.write(begin, "browser", target="/charges", client=HOME, now=NOW)
    assert db.write(come_back, begun.state, "browser", now=NOW) == Try("sign-in", begun.nonce, "/charges", None)
    with pytest.raises(Refused) as refused:
        db.write(come_back, begun.state, "browser", now=NOW)
    assert refused.value.message == STALE


@pytest.mark.parametrize("browser", ["", "another", "Browser", "browser "])
def test_another_browser_gets_nowhere_and_uses_nothing_up(db, browser):
    begun = db.write(begin, "browser", target="", client=HOME, now=NOW)
    with pytest.raises(Refused):
        db.write(come_back, begun.state, browser, now=NOW)
    assert db.write(come_back, begun.state, "browser", now=NOW)


@pytest.mark.parametrize("state", ["", "x", "00000000-0000-4000-8000-000000000000", "\0", "%", "ж" * 1000])
def test_a_made_up_state_gets_nowhere(db, state):
    db.write(begin, "browser", target="", client=HOME, now=NOW)
    assert db.read(purpose_of, state) == "sign-in"
    with pytest.raises(Refused):
        db.write(come_back, state, "browser", now=NOW)


def test_a_try_ends_after_ten_minutes(db):
    begun = db.write(begin, "browser", target="", client=HOME, now=NOW)
    with pytest.raises(Refused):
        db.write(come_back, begun.state, "browser", now=NOW + LIFE)
    assert db.write(come_back, begun.state, "browser", now=NOW + LIFE - timedelta(seconds=1))


def test_a_state_that_comes_back_four_times_at_once_works_once(db):
    begun = db.write(begin, "browser", target="", client=HOME, now=NOW)

    def back(_):
        try:
            return db.write(come_back, begun.state, "browser", now=NOW) is not None
        except Refused:
            return False

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(back, range(4))) == [False, False, False, True]


def test_a_binding_try_remembers_whose_it_is(db, cast):
    user = cast.owner.actor.user_id
    begun = db.write(begin, "browser", target="", user_id=user, client=HOME, now=NOW)
    assert db.read(purpose_of, begun.state) == "bind"
    assert db.write(come_back, begun.state, "browser", now=NOW).user_id == user


def test_neither_state_nor_browser_is_kept_as_it_is(db):
    begun = db.write(begin, "browser", target="", client=HOME, now=NOW)
    kept = db.read(lambda reader: reader.first(select(col(EsiaTry.state_hash), col(EsiaTry.browser_hash))))
    assert begun.state not in tuple(kept)
    assert "browser" not in tuple(kept)


def test_one_client_begins_so_many_tries_and_others_are_not_held_up(db):
    for _ in range(BEGUN.free):
        db.write(begin, "browser", target="", client=HOME, now=NOW)
    with pytest.raises(Refused) as refused:
        db.write(begin, "browser", target="", client=HOME, now=NOW)
    assert refused.value.message == f"{PAUSE} Попробуйте снова через минуту."
    assert db.write(begin, "browser", target="", client=ELSEWHERE, now=NOW)


# Visitors


def test_a_visitor_is_known_by_the_cookie_for_half_an_hour(db):
    token = db.write(keep_visitor, MARIA, "/charges", now=NOW)
    found = db.read(visitor_of, f"a=b; lk_visitor={token}", now=NOW + VISIT - timedelta(seconds=1))
    assert (found.person, found.target) == (MARIA, "/charges")
    assert db.read(visitor_of, f"lk_visitor={token}", now=NOW + VISIT) is None
    for cookies in ("", "lk_visitor=", "lk_visitor=x", f"lk_session={token}"):
        assert db.read(visitor_of, cookies, now=NOW) is None


def test_a_visit_is_used_once(db):
    who = visitor(db)
    db.write(use_visitor, who, now=NOW)
    with pytest.raises(Refused) as refused:
        db.write(use_visitor, who, now=NOW)
    assert refused.value.message == GONE


@pytest.mark.parametrize(
    ("email", "verified", "known"),
    [
        ("owner@example.org", True, True),
        ("OWNER@example.org", True, True),
        ("owner@example.org", False, False),
        ("nobody@example.org", True, False),
        ("", False, False),
    ],
)
def test_only_the_owner_of_a_mailbox_is_told_that_it_has_a_login(db, cast, email, verified, known):
    assert db.read(email_known, visitor(db, replace(MARIA, email=email, email_verified=verified))) is known


# Entering


def test_a_bound_identity_is_recognised_and_its_facts_made_new(db, cast):
    user = cast.owner.actor.user_id
    bind(db, user, trusted=False)
    assert db.write(recognise, MARIA) == user
    assert db.read(esia.binding_of, user).trusted
    assert db.write(recognise, replace(MARIA, oid="2")) is None


def test_the_same_e_mail_alone_opens_nothing(db, cast):
    for verified in (True, False):
        assert db.write(recognise, replace(MARIA, email="owner@example.org", email_verified=verified)) is None


@pytest.mark.parametrize(
    ("values", "sentence"),
    [({"blocked_at": NOW}, BLOCKED), ({"deleted_at": NOW}, BLOCKED), ({"activated_at": None}, NOT_ACTIVATED)],
)
def test_a_closed_login_stays_closed(db, cast, values, sentence):
    bind(db, cast.owner.actor.user_id)
    alter(db, cast.owner.actor.user_id, **values)
    with pytest.raises(Refused) as refused:
        db.write(recognise, MARIA)
    assert refused.value.message == sentence


def test_a_new_browser_is_told_of_and_a_known_one_is_not(db, cast):
    user = cast.owner.actor.user_id
    entered = db.write(let_in, user, DOOR, now=NOW)
    assert db.read(identify, token_hash(entered.cookie), now=NOW).user_id == user
    assert letters(db) == []  # who comes for the first time knows
    entered = db.write(let_in, user, DOOR, now=NOW)
    assert [letter.kind for letter in letters(db)] == ["new-device"]
    db.write(let_in, user, replace(DOOR, marks=entered.mark), now=NOW)
    assert len(letters(db)) == 1
    assert actions(db).count("signed-in") == 3


def test_a_visitor_binds_the_login_whose_password_was_given(db, cast):
    who = visitor(db)
    db.write(bind_visitor, who, cast.owner.actor.user_id, client=HOME, site=SITE, now=NOW)
    assert db.read(esia.user_of, MARIA.oid) == cast.owner.actor.user_id
    with pytest.raises(Refused):
        db.write(bind_visitor, who, cast.stranger.actor.user_id, client=HOME, site=SITE, now=NOW)


def test_a_refused_binding_leaves_the_visitor_the_other_way(db, cast):
    bind(db, cast.owner.actor.user_id, oid="2")
    who = visitor(db)
    with pytest.raises(Refused):
        db.write(bind_visitor, who, cast.owner.actor.user_id, client=HOME, site=SITE, now=NOW)
    assert make(db, who) is not None


# A login of one's own


def test_a_confirmed_e_mail_makes_a_login_at_once(db):
    user = make(db, visitor(db))
    row = db.read(lambda reader: reader.first(select(
        col(User.email), col(User.password_hash), col(User.phone), col(User.activated_at), col(User.role)
    )))  # fmt: skip
    assert tuple(row) == ("maria@example.net", None, "+79123450001", NOW, "resident")
    found = db.read(esia.binding_of, user)
    assert (found.surname_key, found.trusted, found.name) == (fold("Иванова"), True, "Мария Петровна И.")
    given = db.read(
        lambda reader: reader.rows(select(col(Consent.document), col(Consent.version)).order_by(Consent.id))
    )
    assert {row.document: row.version for row in given} == dict(REQUIRED)
    assert letters(db) == []


@pytest.mark.parametrize("typed", [" Maria@Example.NET ", "MARIA@EXAMPLE.NET", "mailto:maria@example.net"])
def test_the_confirmed_e_mail_is_known_however_it_is_typed(db, typed):
    user = make(db, visitor(db), email=typed)
    kept = db.read(lambda reader: reader.value(select(col(User.email)).where(col(User.id) == user)))
    assert kept == MARIA.email  # and not what was typed: a mail server may tell them apart


@pytest.mark.parametrize(
    "person",
    [
        replace(MARIA, email_verified=False),
        replace(MARIA, email="", email_verified=False),
        MARIA,
        replace(MARIA, email="ｍaria.other@example.net"),
    ],
    ids=["unconfirmed", "without", "another", "alike"],
)
def test_any_other_e_mail_is_answered_by_a_letter_whose_link_binds(db, person):
    email = "maria.other@example.net"
    assert make(db, visitor(db, person), email=email) is None
    assert (count(db, User), count(db, EsiaBinding)) == (0, 0)
    (letter,) = letters(db)
    assert letter.recipient == email
    token = letter.plain.split("/activate/")[1].split()[0]
    user = db.write(activate, token, client=HOME, now=NOW)
    assert db.read(esia.user_of, MARIA.oid) == user


def test_a_foreign_e_mail_looks_like_any_other_and_its_owner_is_told(db, cast):
    """Nobody binds a login by naming its address, and nobody learns that it exists."""
    who = visitor(db, replace(MARIA, email="owner@example.org", email_verified=False))
    assert make(db, who) is None
    (letter,) = letters(db)
    assert letter.recipient == "owner@example.org"
    assert "/activate/" not in letter.plain
    assert db.read(esia.user_of, MARIA.oid) is None


def test_ones_own_e_mail_with_a_login_asks_for_its_password(db, cast):
    who = visitor(db, replace(MARIA, email="Owner@example.org"))
    with pytest.raises(Invalid) as invalid:
        make(db, who)
    assert invalid.value.fields == {"email": KNOWN}
    assert letters(db) == []
    assert db.read(esia.user_of, MARIA.oid) is None
    db.write(bind_visitor, who, cast.owner.actor.user_id, client=HOME, site=SITE, now=NOW)  # the visit isn't used up


@pytest.mark.parametrize(
    ("email", "agreed", "fields"),
    [
        ("", AGREED, {"email"}),
        ("maria", AGREED, {"email"}),
        ("maria@example.net", frozenset(), {"terms", "consent"}),
        ("maria@example.net", frozenset({"terms"}), {"consent"}),
        ("", frozenset(), {"email", "terms", "consent"}),
    ],
)
def test_what_is_missing_is_named_and_nothing_is_made(db, email, agreed, fields):
    who = visitor(db)
    with pytest.raises(Invalid) as invalid:
        make(db, who, email=email, agreed=agreed)
    assert set(invalid.value.fields) == fields
    assert (count(db, User), count(db, Registration)) == (0, 0)
    assert make(db, who) is not None


def test_a_visit_makes_one_login(db):
    who = visitor(db)
    make(db, who)
    with pytest.raises((Refused, Invalid)):
        make(db, who)
    with pytest.raises(Refused):
        make(db, who, email="second@example.net")
    assert count(db, User) == 1
    assert letters(db) == []


def test_an_identity_that_got_a_login_meanwhile_makes_no_second(db, cast):
    first, second = visitor(db), visitor(db)
    make(db, first)
    with pytest.raises(Refused) as refused:
        make(db, second, email="second@example.net")
    assert refused.value.message == esia.TAKEN
    assert letters(db) == []


@pytest.mark.parametrize("mobile", ["", "+7(351)2345678", "слова", "+1 202 555 0100"])
def test_a_number_that_is_no_mobile_of_ours_is_left_out(db, mobile):
    make(db, visitor(db, replace(MARIA, mobile=mobile)))
    assert db.read(lambda reader: reader.value(select(col(User.phone)))) is None


def test_an_open_visit_holds_what_the_page_needs_and_no_more(db):
    visitor(db)
    kept = db.read(lambda reader: reader.value(select(col(EsiaVisitor.person))))
    kept = json.loads(kept) if isinstance(kept, str) else kept
    assert set(kept) == {
        "oid", "surname", "first_name", "patronymic", "trusted", "email", "email_verified", "mobile"
    }  # fmt: skip


def test_nothing_of_the_person_gets_into_the_log(db):
    make(db, visitor(db))
    rows = db.read(
        lambda reader: reader.rows(select(col(AuditEntry.action), col(AuditEntry.detail)).order_by(AuditEntry.id))
    )
    text = repr([tuple(row) for row in rows]).lower()
    for part in (MARIA.oid, "иванов", "мария", "example.net", "3450001"):
        assert part not in text

"""The staff: invited by mail, seen and changed by administrators alone, and never without an administrator."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from lk_reflex.core.errors import Conflict, Invalid, NotFound, Refused
from lk_reflex.domain.administration import people
from lk_reflex.domain.administration.people import add_colleague, change_colleague, colleagues, let_in, shut_out
from lk_reflex.domain.audit.tables import AuditEntry
from lk_reflex.domain.identity.access import ADMIN, OPERATOR
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.identity.passwords.reset import link_works, reset_password
from lk_reflex.domain.identity.sessions import identify
from lk_reflex.domain.identity.signing_in.entering import enter
from lk_reflex.domain.identity.tables import UserSession
from lk_reflex.domain.identity.tokens import token_hash
from lk_reflex.domain.mail.tables import OutgoingMail
from lk_reflex.jobs.cleaning import clean
from tests.cast import NOW

SITE = "https://lk.example.org"
HERE = Client("127.0.0.1", "тест")


@pytest.fixture
def invite(db, cast):
    def add(email="New@Example.org", name="Новикова А. А.", role=OPERATOR, duties=None):
        given = [cast.organization] if duties is None else duties
        return db.write(add_colleague, cast.admin.actor, email, name, role, given, site=SITE, now=NOW)

    return add


def person(db, cast, user_id):
    return next(one for one in db.read(colleagues, cast.admin.actor) if one.user_id == user_id)


def links(db):
    letters = db.read(lambda reader: reader.rows(select(OutgoingMail.plain).order_by(OutgoingMail.id)))
    return [re.search(r"/reset/(\S+)", letter.plain)[1] for letter in letters]


def test_a_colleague_sets_a_password_by_the_link_of_the_letter(db, cast, invite):
    made = person(db, cast, invite())
    assert (made.email, made.name, made.waiting, made.duties) == (
        "New@example.org", "Новикова А. А.", True, frozenset({cast.organization}),
    )  # fmt: skip
    (token,) = links(db)
    later = NOW + timedelta(hours=71)
    assert db.read(link_works, token, now=later)
    assert not db.read(link_works, token, now=NOW + timedelta(hours=73))
    reset_password(db, token, "длинный и новый пароль", key=b"k" * 32, site=SITE, client=HERE, now=later)
    assert not person(db, cast, made.user_id).waiting
    with pytest.raises(Conflict):
        db.write(people.invite_again, cast.admin.actor, made.user_id, site=SITE, now=later)


def test_when_somebody_was_here_is_known_long_after_the_session_has_gone(db, cast, invite):
    made = invite()
    assert person(db, cast, made).seen_at is None
    db.write(enter, made, client=HERE, known=True, way="password", site=SITE, time_zone="UTC", now=NOW)
    later = NOW + timedelta(days=200)
    while clean(db, now=later):
        pass
    assert db.read(lambda reader: reader.rows(select(UserSession.id).where(UserSession.user_id == made))) == []
    assert person(db, cast, made).seen_at == NOW


def test_a_second_invitation_ends_the_first(db, cast, invite):
    made = invite()
    db.write(people.invite_again, cast.admin.actor, made, site=SITE, now=NOW + timedelta(hours=1))
    first, second = links(db)
    assert not db.read(link_works, first, now=NOW + timedelta(hours=2))
    assert db.read(link_works, second, now=NOW + timedelta(hours=2))


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"email": "не адрес"}, {"email": people.NO_EMAIL}),
        ({"email": "operator@example.org"}, {"email": people.KNOWN}),
        ({"email": "OWNER@example.org"}, {"email": people.A_RESIDENT}),
        ({"name": " \u200b"}, {"staff_name": people.NO_NAME}),
        ({"name": "я" * 81}, {"staff_name": people.NO_NAME}),
        ({"role": "resident"}, {"role": people.NO_ROLE}),
        ({"duties": []}, {"duties": people.NO_DUTY}),
        ({"duties": [999]}, {"duties": people.NO_DUTY}),
    ],
)
def test_what_is_missing_is_said_at_its_field(db, cast, invite, given, fault):
    with pytest.raises(Invalid) as refused:
        invite(**given)
    assert refused.value.fields == fault
    assert links(db) == []


def test_an_administrator_needs_no_duties(db, cast, invite):
    made = person(db, cast, invite(role=ADMIN, duties=[]))
    assert (made.role, made.duties) == (ADMIN, frozenset())


def test_another_role_signs_out_and_another_name_does_not(db, cast):
    boss, operator = cast.admin.actor, cast.operator.actor.user_id
    cookie = token_hash(cast.operator.cookie)
    db.write(change_colleague, boss, operator, "Петрова", OPERATOR, [cast.organization], now=NOW)
    assert db.read(identify, cookie, now=NOW) is not None
    db.write(change_colleague, boss, operator, "Петрова", ADMIN, [], now=NOW)
    assert db.read(identify, cookie, now=NOW) is None
    assert (person(db, cast, operator).role, person(db, cast, operator).duties) == (ADMIN, frozenset())


def test_who_is_shut_out_is_out_at_once_and_can_come_back(db, cast):
    boss, operator = cast.admin.actor, cast.operator.actor.user_id
    db.write(shut_out, boss, operator, now=NOW)
    assert db.read(identify, token_hash(cast.operator.cookie), now=NOW) is None
    assert person(db, cast, operator).blocked
    db.write(let_in, boss, operator, now=NOW)
    assert not person(db, cast, operator).blocked
    deeds = [
        row.action for row in db.read(lambda reader: reader.rows(select(AuditEntry.action).order_by(AuditEntry.id)))
    ]
    assert deeds == ["staff-blocked", "staff-unblocked"]


def test_nobody_takes_the_rights_from_themselves_or_from_the_last_administrator(db, cast, invite):
    boss = cast.admin.actor
    for attempt in (
        lambda: db.write(shut_out, boss, boss.user_id, now=NOW),
        lambda: db.write(change_colleague, boss, boss.user_id, "x", OPERATOR, [cast.organization], now=NOW),
    ):
        with pytest.raises(Conflict, match=people.ONESELF):
            attempt()
    db.write(change_colleague, boss, boss.user_id, "Громова", ADMIN, [], now=NOW)
    assert person(db, cast, boss.user_id).name == "Громова"


def test_an_operator_of_the_command_line_begins_with_all_organizations_and_keeps_what_was_changed(db, cast):
    outsider, operator = cast.outsider.actor.user_id, cast.operator.actor.user_id
    for user_id in (outsider, operator, cast.owner.actor.user_id, cast.admin.actor.user_id):
        db.write(people.give_first_duties, user_id)
    assert person(db, cast, outsider).duties == person(db, cast, operator).duties == {cast.organization}
    assert person(db, cast, cast.admin.actor.user_id).duties == frozenset()


def test_residents_are_none_of_the_staff(db, cast):
    boss = cast.admin.actor
    assert {one.email for one in db.read(colleagues, boss)} == {
        f"{name}@example.org" for name in ("operator", "colleague", "outsider", "admin")
    }
    for attempt in (shut_out, let_in):
        with pytest.raises(NotFound):
            db.write(attempt, boss, cast.owner.actor.user_id, now=NOW)


def test_nobody_but_an_administrator_does_it(db, cast, invite):
    for one in (cast.operator, cast.owner):
        with pytest.raises(Refused):
            db.read(colleagues, one.actor)
        with pytest.raises(Refused):
            db.write(add_colleague, one.actor, "x@example.org", "x", ADMIN, [], site=SITE, now=NOW)
        with pytest.raises(NotFound):
            db.write(shut_out, one.actor, cast.admin.actor.user_id, now=NOW)

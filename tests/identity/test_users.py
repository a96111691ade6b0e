from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlmodel import col

from lk_reflex.core.errors import Invalid
from lk_reflex.domain.identity.entry_tables import OneTimeToken
from lk_reflex.domain.identity.esia.bindings import bind, binding_of
from lk_reflex.domain.identity.sessions import identify
from lk_reflex.domain.identity.tables import User
from lk_reflex.domain.identity.tokens import token_hash
from lk_reflex.domain.identity.users import check_new_user, put_user, user_id_of
from tests.cast import NOW
from tests.identity.letters import letters

SITE = "https://lk.example.org"
USERS = select(func.count()).select_from(User)


@pytest.mark.parametrize(
    ("email", "role", "password", "fields"),
    [
        ("a@example.org", "operator", "фиалка 7 утра", set()),
        (" a@example.org ", "admin", "кочерга-8", set()),
        ("", "operator", "фиалка 7 утра", {"email"}),
        ("a@", "operator", "фиалка 7 утра", {"email"}),
        ("a b@example.org", "operator", "фиалка 7 утра", {"email"}),
        ("a@example.org\x00", "operator", "фиалка 7 утра", {"email"}),
        ("a@example.org", "root", "фиалка 7 утра", {"role"}),
        ("a@example.org", "", "фиалка 7 утра", {"role"}),
        ("a@example.org", "operator", "1234567", {"password"}),
        ("a@example.org", "operator", "12345678", {"password"}),
        ("dezhurnaya@example.org", "operator", "Dezhurnaya", {"password"}),
        ("", "", "", {"email", "role", "password"}),
    ],
)
def test_each_field_of_a_new_login_is_checked(email, role, password, fields):
    found = {}
    try:
        check_new_user(email, role, password)
    except Invalid as invalid:
        found = invalid.fields
    assert set(found) == fields
    assert all(found.values())


def test_a_new_login_is_active_and_found_whatever_the_case(db):
    user = db.write(put_user, " Petrova@Example.org ", "operator", "hash", now=NOW)
    assert db.read(user_id_of, "petrova@EXAMPLE.org ") == user
    row = db.read(lambda reader: reader.first(select(col(User.email), col(User.activated_at), col(User.role))))
    assert tuple(row) == ("Petrova@Example.org", NOW, "operator")


def test_putting_a_login_again_gives_it_the_new_role_and_password(db):
    first = db.write(put_user, "petrova@example.org", "resident", "old", now=NOW)
    assert db.write(put_user, "PETROVA@example.org", "admin", "new", now=NOW) == first
    row = db.read(lambda reader: reader.first(select(col(User.role), col(User.password_hash))))
    assert tuple(row) == ("admin", "new")
    assert db.read(lambda reader: reader.value(USERS)) == 1


def test_a_new_password_signs_the_person_out_everywhere_and_nobody_else(db, cast):
    db.write(put_user, "operator@example.org", "operator", "new", now=NOW)
    assert db.read(identify, token_hash(cast.operator.cookie), now=NOW) is None
    assert db.read(identify, token_hash(cast.owner.cookie), now=NOW) is not None


def test_nothing_that_opened_the_residents_login_opens_the_colleagues(db, cast):
    owner, relative = cast.owner.actor.user_id, cast.relative.actor.user_id
    facts = {"oid": "1000", "surname_key": "", "name": "СЕРГЕЙ З.", "trusted": True}
    db.write(bind, owner, facts, site=SITE, now=NOW)
    db.write(bind, relative, {**facts, "oid": "2000"}, site=SITE, now=NOW)
    for user in (owner, relative):
        for purpose in ("reset", "email"):
            times = {"created_at": NOW, "expires_at": NOW + timedelta(hours=1)}
            token = OneTimeToken(token_hash=f"{user} {purpose}", purpose=purpose, user_id=user, email="", **times)
            db.write(lambda writer, row=token: writer.add(row))
    db.write(put_user, "owner@example.org", "operator", "new", site=SITE, now=NOW)
    waiting = select(col(OneTimeToken.user_id)).where(col(OneTimeToken.used_at).is_(None))
    assert [row.user_id for row in db.read(lambda reader: reader.rows(waiting))] == [relative, relative]
    assert (db.read(binding_of, owner), bool(db.read(binding_of, relative))) == (None, True)
    (letter,) = letters(db, "password-changed")
    assert letter.recipient == "owner@example.org"
    assert f"{SITE}/forgot" in letter.plain
    assert "отвязаны" in letter.plain


def test_a_new_login_gets_no_letter_of_a_change(db):
    db.write(put_user, "petrova@example.org", "operator", "new", site=SITE, now=NOW)
    assert letters(db, "password-changed") == []


def test_a_login_that_waited_for_activation_is_active_afterwards(db):
    user = db.write(put_user, "petrova@example.org", "resident", "old", now=NOW)
    db.write(lambda writer: writer.change(update(User).where(col(User.id) == user).values(activated_at=None)))
    db.write(put_user, "petrova@example.org", "operator", "new", now=NOW)
    assert db.read(lambda reader: reader.value(select(col(User.activated_at)))) == NOW


def test_nobody_has_an_unknown_e_mail(db, cast):
    for email in ("", "%", "owner@example.or_", "owner@example.org\x00"):
        assert db.read(user_id_of, email) is None

"""A new password from a signed-in person."""

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from lk_reflex.core.errors import Conflict, Invalid, Refused
from lk_reflex.domain.audit.tables import AuditEntry
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.identity.passwords import change as password_change
from lk_reflex.domain.identity.passwords.change import MEANWHILE, SAME, change_password
from lk_reflex.domain.identity.passwords.rules import COMMON
from lk_reflex.domain.identity.sessions import identify, open_session
from lk_reflex.domain.identity.signing_in.sign_in import sign_in
from lk_reflex.domain.identity.tables import User
from lk_reflex.domain.identity.tokens import token_hash
from tests.cast import NOW
from tests.identity.conftest import KEY
from tests.identity.letters import letters

PASSWORD, NEW = "пароль владельца", "совсем другой пароль"
EMAIL = "owner@example.org"
SITE = "https://lk.example.org"
HOME = Client("10.0.0.1", "Firefox")


@pytest.fixture
def owner(db, cast, cheap, hashed):
    """The owner, with a password and another session elsewhere; returns the person."""
    alter(db, cast.owner.actor.user_id, password_hash=hashed(PASSWORD))
    return cast.owner


def alter(db, user, **values):
    db.write(lambda writer: writer.change(update(User).where(col(User.id) == user).values(**values)))


def change(db, actor, current=PASSWORD, new=NEW):
    return change_password(db, actor, current, new, key=KEY, site=SITE, client=HOME, now=NOW)


def fields(db, actor, **how):
    with pytest.raises(Invalid) as invalid:
        change(db, actor, **how)
    return invalid.value.fields


def alive(db, cookie):
    return db.read(identify, token_hash(cookie), now=NOW) is not None


def test_the_new_password_opens_and_the_old_one_does_not(db, owner):
    change(db, owner.actor)
    assert sign_in(db, EMAIL, NEW, HOME, key=KEY, now=NOW)
    with pytest.raises(Refused):
        sign_in(db, EMAIL, PASSWORD, HOME, key=KEY, now=NOW)


def test_every_other_session_ends_and_this_one_goes_on(db, cast, owner):
    phone = db.write(open_session, owner.actor.user_id, client=HOME, now=NOW)
    assert change(db, owner.actor) == 1
    assert [alive(db, cookie) for cookie in (owner.cookie, phone, cast.relative.cookie)] == [True, False, True]


def test_it_is_in_the_log_and_the_mailbox(db, owner):
    change(db, owner.actor)
    with db.engine.connect() as connection:
        (entry,) = connection.execute(select(AuditEntry.__table__)).all()
    assert (entry.action, entry.actor_id, entry.detail) == (
        "password-changed",
        owner.actor.user_id,
        {"sessions_ended": 0},
    )
    (letter,) = letters(db, "password-changed")
    assert (letter.recipient, letter.subject) == (EMAIL, "Пароль изменён")


def test_faults_of_both_fields_are_told_together(db, owner):
    assert fields(db, owner.actor, current="не тот", new="пароль123") == {
        "current": fields(db, owner.actor, current="не тот")["current"],
        "new": COMMON,
    }
    assert set(fields(db, owner.actor, current="", new="")) == {"current", "new"}
    assert fields(db, owner.actor, new=PASSWORD) == {"new": SAME}
    assert not letters(db, "password-changed")


def test_a_borrowed_session_cannot_try_passwords_without_end(db, owner):
    for _ in range(5):
        assert set(fields(db, owner.actor, current="не тот")) == {"current"}
    with pytest.raises(Refused):
        change(db, owner.actor)


def test_who_has_no_password_yet_needs_none(db, owner):
    alter(db, owner.actor.user_id, password_hash=None)
    change(db, owner.actor, current="")
    assert sign_in(db, EMAIL, NEW, HOME, key=KEY, now=NOW)


@pytest.mark.parametrize("had", [True, False])
def test_of_two_changes_at_once_the_second_is_told(db, owner, hashed, monkeypatch, had):
    if not had:
        alter(db, owner.actor.user_id, password_hash=None)
    real = password_change.hash_password

    def meanwhile(*given):
        alter(db, owner.actor.user_id, password_hash=hashed("пароль из другого окна"))
        return real(*given)

    monkeypatch.setattr(password_change, "hash_password", meanwhile)
    with pytest.raises(Conflict) as conflict:
        change(db, owner.actor)
    assert conflict.value.message == MEANWHILE
    assert not letters(db, "password-changed")

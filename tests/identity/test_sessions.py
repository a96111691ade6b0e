from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from lk_reflex.core.db import Database
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.identity.cookies import SESSION_COOKIE, cookie_value, session_hash
from lk_reflex.domain.identity.sessions import (
    ABSOLUTE,
    IDLE,
    end_all_sessions,
    end_session,
    identify,
    open_session,
    renew,
    token_hash,
)
from lk_reflex.domain.identity.tables import User, UserSession
from tests.cast import NOW, Cast

SECOND = timedelta(seconds=1)


def who(db: Database, cookie: str, now=NOW):
    return db.read(identify, token_hash(cookie), now=now)


def another(db: Database, person) -> str:
    return db.write(open_session, person.actor.user_id, client=Client("127.0.0.1", "телефон"), now=NOW)


def test_a_session_knows_its_person(db, cast: Cast):
    actor = who(db, cast.owner.cookie)
    assert (actor.email, actor.role, actor.is_staff()) == ("owner@example.org", "resident", False)
    assert who(db, cast.operator.cookie).is_staff()
    assert actor != who(db, cast.relative.cookie)


@pytest.mark.parametrize("cookie", ["", "guess", "'; --", "%", "x" * 5000, "é", "\x00"])
def test_a_guessed_cookie_is_nobodys(db, cast, cookie):
    assert who(db, cookie) is None


def test_only_the_hash_is_kept(db, cast):
    with db.engine.connect() as connection:
        kept = [str(row) for row in connection.execute(select(*UserSession.__table__.columns))]
    assert kept
    assert cast.owner.cookie not in " ".join(kept)
    assert token_hash(cast.owner.cookie) in " ".join(kept)
    assert who(db, token_hash(cast.owner.cookie)) is None


def test_no_two_sessions_share_a_cookie_and_none_can_be_guessed(db, cast):
    cookies = {another(db, cast.owner) for _ in range(20)}
    assert len(cookies) == 20
    assert min(map(len, cookies)) >= 43


@pytest.mark.parametrize(
    ("later", "known"),
    [(IDLE - SECOND, True), (IDLE, False), (IDLE + SECOND, False), (timedelta(hours=-1), True)],
)
def test_a_session_nobody_uses_ends_after_thirty_days(db, cast, later, known):
    assert timedelta(days=30) == IDLE
    assert (who(db, cast.owner.cookie, NOW + later) is not None) is known


@pytest.mark.parametrize(("later", "known"), [(ABSOLUTE - SECOND, True), (ABSOLUTE, False)])
def test_a_session_in_daily_use_ends_after_ninety_days(db, cast, later, known):
    assert timedelta(days=90) == ABSOLUTE
    for day in range(0, 91, 10):
        if (actor := who(db, cast.owner.cookie, NOW + timedelta(days=day))) is not None:
            db.write(renew, actor, now=NOW + timedelta(days=day))
    assert (who(db, cast.owner.cookie, NOW + later) is not None) is known


def test_renewing_gives_another_thirty_days(db, cast):
    db.write(renew, cast.owner.actor, now=NOW + timedelta(days=20))
    assert who(db, cast.owner.cookie, NOW + timedelta(days=49)) is not None
    assert who(db, cast.relative.cookie, NOW + timedelta(days=49)) is None


def test_signing_out_ends_this_session_alone(db, cast):
    phone = another(db, cast.owner)
    db.write(end_session, token_hash(cast.owner.cookie), now=NOW)
    assert who(db, cast.owner.cookie) is None
    assert who(db, phone) is not None
    assert who(db, cast.relative.cookie) is not None


def test_an_ended_session_is_not_revived_by_a_late_renewal_and_keeps_its_first_end(db, cast):
    hashed = token_hash(cast.owner.cookie)
    db.write(end_session, hashed, now=NOW)
    db.write(renew, cast.owner.actor, now=NOW + SECOND)
    db.write(end_session, hashed, now=NOW + SECOND)
    assert who(db, cast.owner.cookie, NOW + SECOND) is None
    ended = select(col(UserSession.ended_at)).where(col(UserSession.token_hash) == hashed)
    assert db.read(lambda reader: reader.value(ended)) == NOW


def test_signing_out_everywhere_ends_the_persons_sessions_and_nobody_elses(db, cast):
    phone = another(db, cast.owner)
    assert db.write(end_all_sessions, cast.owner.actor.user_id, now=NOW) == 2
    assert who(db, phone) is who(db, cast.owner.cookie) is None
    assert who(db, cast.relative.cookie) is not None
    assert db.write(end_all_sessions, cast.owner.actor.user_id, now=NOW) == 0


def test_a_blocked_person_is_nobody_at_the_next_call(db, cast):
    block = update(User).where(col(User.id) == cast.owner.actor.user_id).values(blocked_at=NOW)
    db.write(lambda writer: writer.change(block))
    assert who(db, cast.owner.cookie) is None
    assert who(db, cast.relative.cookie) is not None


def test_a_changed_role_counts_at_the_next_call(db, cast):
    demote = update(User).where(col(User.id) == cast.operator.actor.user_id).values(role="resident")
    db.write(lambda writer: writer.change(demote))
    assert not who(db, cast.operator.cookie).is_staff()


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("lk_session=abc", "abc"),
        ("a=1; lk_session=abc; b=2", "abc"),
        ("a=1;lk_session=abc", "abc"),
        ("lk_session=first; lk_session=second", "first"),
        ("lk_session=a=b", "a=b"),
        ("lk_session=", ""),
        ("xlk_session=abc", ""),
        ("LK_SESSION=abc", ""),
        ("lk_session", ""),
        ("", ""),
        (";;; =;", ""),
    ],
)
def test_the_cookie_is_found_in_its_header(header, value):
    assert cookie_value(header, SESSION_COOKIE) == value
    assert session_hash(header) == (token_hash(value) if value else "")

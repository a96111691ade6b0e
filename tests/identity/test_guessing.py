"""Scenario 20: passwords are guessed at one login, from one client and from many; and the owner comes."""

from datetime import timedelta

import bcrypt
import pytest
from sqlalchemy import select, update
from sqlmodel import col

from lk_reflex.core.errors import Refused
from lk_reflex.domain.audit.tables import AuditEntry
from lk_reflex.domain.identity.attempts import Limit
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.identity.passwords.reset import ask_reset, reset_password
from lk_reflex.domain.identity.signing_in import door_limits
from lk_reflex.domain.identity.signing_in.sign_in import WRONG, sign_in
from lk_reflex.domain.identity.tables import User
from lk_reflex.domain.identity.users import put_user
from lk_reflex.domain.mail.tables import OutgoingMail
from tests.cast import NOW
from tests.identity.conftest import KEY
from tests.identity.letters import letters, links

PASSWORD, NEW = "пароль Анны", "совсем другой пароль"
ANNA, NOBODY = "anna@example.org", "nobody@example.org"
SITE = "https://lk.example.org"
HOME, MINUTE = Client("10.0.0.1", "Firefox"), timedelta(minutes=1)


@pytest.fixture
def anna(db, cheap, hashed):
    return db.write(put_user, ANNA, "resident", hashed(PASSWORD), now=NOW)


def enter(db, email=ANNA, password=PASSWORD, client=HOME, now=NOW, marks=""):
    return sign_in(db, email, password, client, key=KEY, now=now, marks=marks, site=SITE)


def miss(db, client=HOME, email=ANNA, **how):
    with pytest.raises(Refused) as refused:
        enter(db, email=email, password="not it", client=client, **how)
    return refused.value.message


def storm(db, count, email=ANNA, now=NOW):
    """So many misses within the minute, each from a client of its own; returns what was said."""
    return [miss(db, Client(f"203.0.{number // 250}.{number % 250}"), email, now=now) for number in range(count)]


def audit(db, action):
    statement = (
        select(col(AuditEntry.user_id), col(AuditEntry.address))
        .where(col(AuditEntry.action) == action)
        .order_by(AuditEntry.id)
    )
    with db.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(statement.order_by(col(AuditEntry.id)))]


def test_a_known_browser_enters_while_strangers_hammer_from_everywhere(db, anna):
    mark = enter(db).mark
    storm(db, 40)
    assert "Слишком много" not in miss(db, Client("10.9.9.9"))  # a slip of the finger elsewhere
    assert "Слишком много" in miss(db, Client("10.9.9.9"))
    assert enter(db, client=Client("10.9.9.9"), marks=mark).user_id == anna


def test_a_known_browser_enters_although_a_neighbour_behind_the_same_address_guesses(db, anna):
    mark = enter(db).mark
    for _ in range(5):
        miss(db)
    assert "Слишком много" in miss(db)
    assert enter(db, marks=mark)


def test_a_stolen_mark_is_no_key_and_has_pauses_of_its_own(db, anna):
    mark = enter(db).mark
    thief = Client("203.0.113.9")
    assert [miss(db, thief, marks=mark) for _ in range(5)] == [WRONG] * 5
    assert "Слишком много" in miss(db, thief, marks=mark)


def test_a_mark_of_ones_own_opens_no_other_login(db, anna, hashed):
    db.write(put_user, "boris@example.org", "resident", hashed("пароль Бориса"), now=NOW)
    mark = enter(db, email="boris@example.org", password="пароль Бориса").mark
    for _ in range(5):
        miss(db, marks=mark)
    assert "Слишком много" in miss(db, marks=mark)


def test_a_new_password_makes_every_mark_worthless(db, anna):
    mark = enter(db).mark
    renew_password(db)
    storm(db, 40)
    miss(db, Client("10.9.9.9"), marks=mark)
    with pytest.raises(Refused):
        enter(db, password=NEW, marks=mark, client=Client("10.9.9.9"))


def test_fifteen_misses_in_a_day_are_told_to_the_owner_and_the_log_once(db, anna):
    storm(db, 14)
    assert not letters(db, "guessing")
    storm(db, 10, now=NOW + timedelta(hours=1))
    (letter,) = letters(db, "guessing")
    assert (letter.recipient, letter.settled_at) == (ANNA, None)
    assert f"{SITE}/forgot" in letter.plain
    assert [entry[0] for entry in audit(db, "password-guessing")] == [anna]
    storm(db, 20, now=NOW + timedelta(hours=2))
    assert len(letters(db, "guessing")) == 1
    storm(db, 20, now=NOW + timedelta(hours=26))
    assert len(letters(db, "guessing")) == 2


def test_for_an_unknown_or_blocked_address_the_same_rows_are_written_and_nothing_is_sent(db, anna):
    storm(db, 16, NOBODY)
    (void,) = letters(db, "guessing")
    assert (void.recipient, void.plain) == ("", "") and void.settled_at is not None
    assert [entry[0] for entry in audit(db, "password-guessing")] == [None]
    db.write(lambda writer: writer.change(update(User).values(blocked_at=NOW)))
    storm(db, 16)
    assert all(letter.settled_at is not None for letter in letters(db, "guessing"))


def test_a_refusal_by_pause_is_in_the_log_once_and_not_for_each_knock(db, anna):
    for _ in range(5):
        miss(db)
    assert audit(db, "sign-in-paused") == []
    for _ in range(7):
        miss(db)
    assert audit(db, "sign-in-paused") == [(anna, HOME.address)]


def test_the_way_out_is_a_new_password_and_the_owner_is_not_held_up_any_more(db, anna):
    for _ in range(6):
        miss(db)
    storm(db, 40)
    with pytest.raises(Refused):
        enter(db)
    renew_password(db)
    assert enter(db, password=NEW)


def test_a_wave_over_many_addresses_leaves_newcomers_fewer_tries_and_nobody_out(db, anna, monkeypatch):
    monkeypatch.setattr(door_limits, "IN_ALL", Limit("sign-in", 12))
    for number in range(12):
        miss(db, Client(f"203.0.113.{number}"), f"guess{number}@example.org")
    assert len(audit(db, "sign-in-flood")) == 1
    attacker = Client("198.51.100.7")
    assert [miss(db, attacker) for _ in range(2)] == [WRONG] * 2
    assert "Слишком много" in miss(db, attacker)
    assert enter(db, client=Client("10.0.0.7"))


def test_the_days_count_is_not_wiped_out_by_the_owners_own_sign_in(db, anna):
    storm(db, 10)
    enter(db)
    storm(db, 6, now=NOW + timedelta(hours=1))
    assert len(letters(db, "guessing")) == 1


@pytest.mark.parametrize("email", [ANNA, NOBODY])
def test_a_pause_costs_no_bcrypt_and_an_ordinary_miss_exactly_one(db, anna, monkeypatch, email):
    checked = []
    real = bcrypt.checkpw
    monkeypatch.setattr(bcrypt, "checkpw", lambda *given: checked.append(given) or real(*given))
    for _ in range(8):
        miss(db, email=email)
    assert len(checked) == 5


def test_known_and_unknown_addresses_leave_as_many_rows(db, anna):
    counted = []
    for email in (ANNA, NOBODY):
        before = _rows(db)
        storm(db, 17, email)
        for _ in range(7):
            miss(db, email=email)
        counted.append([after - was for after, was in zip(_rows(db), before, strict=True)])
        db.write(door_limits.forget_owner, 0, email, HOME)
    assert counted[0] == counted[1]


def _rows(db):
    from lk_reflex.domain.identity.tables import Attempt

    with db.engine.connect() as connection:
        return [len(connection.execute(select(table.id)).all()) for table in (Attempt, AuditEntry, OutgoingMail)]


def renew_password(db):
    db.write(ask_reset, ANNA, client=HOME, site=SITE, now=NOW)
    reset_password(db, links(db, "reset")[-1], NEW, key=KEY, site=SITE, client=HOME, now=NOW)

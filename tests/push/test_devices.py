"""Phones: bound and unbound, each one person's, their tokens unreadable in the database."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from lk_reflex.core.crypt import Vault, new_key
from lk_reflex.core.errors import Invalid, NotFound
from lk_reflex.domain.notifications.feed import tell
from lk_reflex.domain.push.devices import (
    MOST,
    bind,
    devices_of,
    renew_tokens,
    token_hash,
    unbind,
    unbind_token,
)
from lk_reflex.domain.push.tables import PushDevice, PushMessage
from lk_reflex.domain.push.topics import LOOK, TOPICS, choices, choose
from tests.cast import NOW

KEY = new_key()
VAULT = Vault([KEY])
TOKEN = "fcm:APA91bHun4MxP5egoKMwt2KZFBaFUH-1RYqx"
_TOKENS = select(col(PushDevice.token), col(PushDevice.token_hash), col(PushDevice.user_id)).order_by(
    col(PushDevice.id)
)
_MESSAGES = select(col(PushMessage.device_id), col(PushMessage.payload)).order_by(col(PushMessage.id))


@pytest.fixture
def put(db, cast):
    def give(person=None, token=TOKEN, platform="android", name="Телефон", now=NOW):
        user_id = (person or cast.owner).actor.user_id
        return db.write(bind, user_id, token, platform, name, vault=VAULT, now=now)

    return give


def phones(db, person):
    return db.read(devices_of, person.actor.user_id)


def messages(db):
    return db.read(lambda r: r.rows(_MESSAGES))


def test_a_phone_is_bound_once_and_found_again(db, cast, put):
    first, new = put(name="  Pixel\u200b  8 ")
    again, anew = put(platform="rustore", name="")
    assert (first, new, anew) == (again, True, False)
    assert [(one.device_id, one.name, one.platform) for one in phones(db, cast.owner)] == [
        (first, "Android (RuStore)", "Android (RuStore)")
    ]
    assert phones(db, cast.relative) == ()


def test_the_database_holds_no_token_in_the_clear(db, cast, put):
    put()
    (row,) = db.read(lambda r: r.rows(_TOKENS))
    assert TOKEN not in f"{row.token} {row.token_hash}"
    assert VAULT.open(row.token) == TOKEN and row.token_hash == token_hash(TOKEN)


def test_a_phone_is_its_last_persons_and_tells_them_nothing_of_the_former(db, cast, put):
    put(cast.owner)
    db.write(tell, cast.owner.actor.user_id, "Новость", kind="payment", now=NOW)
    put(cast.stranger)
    assert phones(db, cast.owner) == () and len(phones(db, cast.stranger)) == 1
    assert messages(db) == []


def test_the_oldest_gives_way_to_one_too_many(db, cast, put):
    for n in range(MOST + 2):
        put(token=f"{TOKEN}{n:02}", name=f"№ {n}", now=NOW + timedelta(minutes=n))
    names = [one.name for one in phones(db, cast.owner)]
    assert names == [f"№ {n}" for n in range(MOST + 1, 1, -1)]


@pytest.mark.parametrize(
    "token", ["", "short", "с кириллицей и пробелом, длинный", "x" * 2049, "abc def ghi jkl mno", "\n" * 20]
)
def test_what_is_no_token_is_refused(db, cast, put, token):
    with pytest.raises(Invalid) as fault:
        put(token=token)
    assert set(fault.value.fields) == {"token"}


@pytest.mark.parametrize("platform", ["", "windows", "Android"])
def test_unknown_platforms_are_refused(db, cast, put, platform):
    with pytest.raises(Invalid):
        put(platform=platform)


def test_one_unbinds_ones_own_alone(db, cast, put):
    device, _ = put()
    with pytest.raises(NotFound):
        db.write(unbind, cast.relative.actor.user_id, device)
    assert not db.write(unbind_token, cast.relative.actor.user_id, TOKEN)
    assert len(phones(db, cast.owner)) == 1
    db.write(unbind, cast.owner.actor.user_id, device)
    with pytest.raises(NotFound):
        db.write(unbind, cast.owner.actor.user_id, device)
    put()
    assert db.write(unbind_token, cast.owner.actor.user_id, TOKEN)
    assert not db.write(unbind_token, cast.owner.actor.user_id, TOKEN)
    assert phones(db, cast.owner) == ()


def test_keys_are_changed_and_what_no_key_opens_is_left(db, cast, put):
    put()
    put(token=f"{TOKEN}-2")
    with db.transaction() as writer:
        lost = writer.session.get(PushDevice, 2)
        assert lost is not None
        lost.token = Vault([new_key()]).seal("lost")
        foreign = lost.token
    newer = Vault([new_key(), KEY])
    last = db.write(renew_tokens, newer)
    assert last and db.write(renew_tokens, newer, after=last) is None
    one, two = (row.token for row in db.read(lambda r: r.rows(_TOKENS)))
    assert newer.key_of(one) == newer.key_ids[0] and newer.open(one) == TOKEN
    assert two == foreign


@pytest.mark.parametrize("topic", [topic.key for topic in TOPICS])
def test_a_line_of_the_feed_reaches_every_phone_by_its_topic_without_the_lines_own_words(db, cast, put, topic):
    put()
    put(token=f"{TOKEN}-2")
    db.write(tell, cast.owner.actor.user_id, "УЛ. КЫШТЫМСКАЯ, 10 - 1010", "Долг 100 руб.", kind=topic, now=NOW,
             account_id=cast.flat)  # fmt: skip
    rows = messages(db)
    assert [row.device_id for row in rows] == [1, 2]
    assert rows[0].payload["body"] == LOOK and rows[0].payload["kind"] == topic
    assert "КЫШТЫМСКАЯ" not in str(rows[0].payload) and "Долг" not in str(rows[0].payload)


def test_a_line_of_another_kind_or_told_twice_makes_none(db, cast, put):
    put()
    for kind, once in (("unheard-of", None), ("payment", "one"), ("payment", "one")):
        db.write(tell, cast.owner.actor.user_id, "Новость", kind=kind, now=NOW, once_key=once)
    assert len(messages(db)) == 1


def test_a_topic_that_was_switched_off_is_silent_for_that_person_alone(db, cast, put):
    put(cast.owner)
    put(cast.relative, token=f"{TOKEN}-2")
    db.write(choose, cast.owner.actor.user_id, "payment", False, now=NOW)
    assert [c.wanted for c in db.read(choices, cast.owner.actor.user_id) if c.topic.key == "payment"] == [False]
    for person in (cast.owner, cast.relative):
        db.write(tell, person.actor.user_id, "Новость", kind="payment", now=NOW)
    assert [row.device_id for row in messages(db)] == [2]
    db.write(choose, cast.owner.actor.user_id, "payment", True, now=NOW)
    db.write(tell, cast.owner.actor.user_id, "Новость", kind="payment", now=NOW)
    assert [row.device_id for row in messages(db)] == [2, 1]
    with pytest.raises(NotFound):
        db.write(choose, cast.owner.actor.user_id, "weather", True, now=NOW)

"""Changing the keys of what is kept encrypted, under people who type, and what `check` tells of it."""

import pytest
from sqlalchemy import select
from sqlmodel import col

from lk_reflex.core.crypt import Vault, key_id
from lk_reflex.domain.push.devices import bind
from lk_reflex.domain.push.tables import PushDevice
from lk_reflex.domain.requests.passports import rotating
from lk_reflex.domain.requests.passports.own import masked, put
from lk_reflex.domain.requests.passports.rotating import count_keys
from lk_reflex.domain.requests.tables import Request
from lk_reflex.launch import keys
from lk_reflex.settings import Settings
from tests.cast import NOW
from tests.requests.sealing.applications import PASSPORT, VAULT, filled

OLD, NEW = "dGVz" * 10 + "dGU=", "bmV3" * 10 + "bmU="  # the old one is the applications' own
BOTH = Vault([NEW, OLD])


@pytest.fixture
def three(db, cast):
    return [filled(db, person) for person in (cast.owner, cast.relative, cast.stranger)]


def rotated(db, vault=BOTH) -> list[str]:
    said: list[str] = []
    keys.rotate(db, vault, say=said.append)
    return said


def test_everything_comes_under_the_newest_key_and_nothing_under_the_old_one(db, cast, three, monkeypatch):
    monkeypatch.setattr(rotating, "_NEXT", rotating._NEXT.limit(2))
    db.write(bind, cast.owner.actor.user_id, "t" * 40, "android", "", vault=VAULT, now=NOW)
    assert db.read(count_keys, BOTH) == {key_id(OLD): 3}
    said = rotated(db)
    assert db.read(count_keys, BOTH) == {key_id(NEW): 3}
    only_new = Vault([NEW])
    for person, number in zip((cast.owner, cast.relative, cast.stranger), three, strict=True):
        assert db.read(masked, only_new, person.actor, number).given == set(PASSPORT)
    token = db.read(lambda reader: reader.value(select(col(PushDevice.token))))
    assert only_new.open(token) == "t" * 40
    assert not any(secret in "".join(said) for secret in (OLD, NEW, "246813"))
    assert rotated(db)[-1] == said[-1]


def test_stopped_midway_it_goes_on_and_people_who_type_lose_nothing(db, cast, three):
    step = rotating.renew_passports

    class Killed(Exception):
        pass

    with pytest.raises(Killed), db.transaction() as writer:
        step(writer, BOTH)
        raise Killed
    assert db.read(count_keys, BOTH) == {key_id(OLD): 3}
    db.write(put, BOTH, cast.owner.actor, three[0], {"series": "9999"}, now=NOW)
    assert db.read(count_keys, BOTH) == {key_id(NEW): 1, key_id(OLD): 2}
    rotated(db)
    assert db.read(count_keys, BOTH) == {key_id(NEW): 3}
    assert db.read(masked, Vault([NEW]), cast.owner.actor, three[0]).given == set(PASSPORT)


def test_what_no_key_opens_is_left_as_it_is_and_told(db, cast, three, monkeypatch):
    lost = db.read(lambda reader: reader.rows(select(col(Request.passport))))
    rotated(db, Vault([NEW]))
    assert db.read(lambda reader: reader.rows(select(col(Request.passport)))) == lost
    monkeypatch.setattr(keys, "database", lambda: db)
    lines, good = keys.key_lines(Settings(data_keys=NEW))  # pyright: ignore[reportCallIssue]
    assert not good
    assert lines == [
        f"Ключ данных {key_id(NEW)} (им шифруется новое): паспортов 0",
        "Паспорта, которые не открывает ни один ключ: 3. Верните прежний ключ в LK_DATA_KEYS",
    ]


def test_check_tells_how_much_stands_under_which_key(db, cast, three, monkeypatch):
    monkeypatch.setattr(keys, "database", lambda: db)
    lines, good = keys.key_lines(Settings(data_keys=f"{NEW},{OLD}"))  # pyright: ignore[reportCallIssue]
    assert good
    assert lines == [
        f"Ключ данных {key_id(NEW)} (им шифруется новое): паспортов 0",
        f"Ключ данных {key_id(OLD)}: паспортов 3",
    ]

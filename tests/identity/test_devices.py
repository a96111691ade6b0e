"""Devices in words, and ending one of them."""

from datetime import timedelta

import pytest

from lk_reflex.core.errors import NotFound
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.identity.sessions import IDLE, end_all_sessions, identify, open_session
from lk_reflex.domain.identity.signing_in.devices import devices_of, end_device
from lk_reflex.domain.identity.signing_in.user_agent import UNKNOWN, device_words
from lk_reflex.domain.identity.tokens import token_hash
from tests.cast import NOW
from tests.identity.people import deeds

PHONE = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36"
)
HOME = Client("10.0.0.1", PHONE)


def devices(db, person, now=NOW):
    return db.read(devices_of, person.actor, now=now)


def signed_in(db, person, client=HOME, now=NOW):
    return db.write(open_session, person.actor.user_id, client=client, now=now)


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (PHONE, "Телефон, Android, Chrome"),
        (PHONE.replace(" Mobile", ""), "Планшет, Android, Chrome"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/124.0 YaBrowser/24.6 Safari/537.36",
         "Компьютер, Windows, Яндекс Браузер"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0",
         "Компьютер, Windows, Edge"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0", "Компьютер, Linux, Firefox"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605 Version/17.5 Mobile/15E Safari/604.1",
         "Телефон, iPhone, Safari"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/17.5 Safari/605.1.15",
         "Компьютер, macOS, Safari"),
        ("curl/8.0", UNKNOWN),
        ("", UNKNOWN),
        ("<script>alert(1)</script>", UNKNOWN),
    ],
)  # fmt: skip
def test_a_browsers_words_as_a_person_would_say_them(told, said):
    assert device_words(told) == said


def test_this_device_stands_first_then_the_last_used(db, cast):
    for hours, address in ((1, "10.0.0.1"), (2, "10.0.0.2")):
        signed_in(db, cast.owner, Client(address, PHONE), NOW + timedelta(hours=hours))
    found = devices(db, cast.owner, NOW + timedelta(hours=3))
    assert [(one.address, one.here) for one in found] == [
        ("127.0.0.1", True), ("10.0.0.2", False), ("10.0.0.1", False),
    ]  # fmt: skip
    assert found[1].name == "Телефон, Android, Chrome"


def test_ended_and_idle_sessions_are_not_shown(db, cast):
    db.write(end_all_sessions, cast.relative.actor.user_id, now=NOW)
    assert devices(db, cast.relative) == []
    assert devices(db, cast.owner, NOW + IDLE) == []


def test_an_ended_device_is_signed_out_at_once_and_the_others_are_not(db, cast):
    cookie = signed_in(db, cast.owner)
    other = next(one for one in devices(db, cast.owner) if not one.here)
    db.write(end_device, cast.owner.actor, other.session_id, client=HOME, now=NOW)
    assert db.read(identify, token_hash(cookie), now=NOW) is None
    assert db.read(identify, token_hash(cast.owner.cookie), now=NOW)
    assert [one.here for one in devices(db, cast.owner)] == [True]
    assert deeds(db) == ["session-ended"]


def test_nobody_elses_device_can_be_ended(db, cast):
    foreign = devices(db, cast.relative)[0].session_id
    for session_id in (foreign, 0, -1, 10**12):
        with pytest.raises(NotFound):
            db.write(end_device, cast.owner.actor, session_id, client=HOME, now=NOW)
    assert devices(db, cast.relative)


def test_ending_twice_is_told(db, cast):
    signed_in(db, cast.owner)
    other = next(one for one in devices(db, cast.owner) if not one.here)
    db.write(end_device, cast.owner.actor, other.session_id, client=HOME, now=NOW)
    with pytest.raises(NotFound):
        db.write(end_device, cast.owner.actor, other.session_id, client=HOME, now=NOW)

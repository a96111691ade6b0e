"""Push messages on their way: once each, after pauses that grow, never by two workers, and phones that are gone."""

import logging
import threading
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select
from sqlmodel import col

from lk_reflex.core.crypt import Vault, new_key
from lk_reflex.core.errors import Unavailable
from lk_reflex.domain.notifications.feed import tell
from lk_reflex.domain.push.delivery import (
    KEPT,
    LEASE,
    WORTHLESS_AFTER,
    forget_old_messages,
    pause_after,
    take,
)
from lk_reflex.domain.push.devices import bind, devices_of
from lk_reflex.domain.push.tables import PushMessage
from lk_reflex.integrations.push.http import HttpPush
from lk_reflex.integrations.push.port import Away, Gone, PushNote, Unfit
from lk_reflex.jobs.push import Pushes
from tests.cast import NOW
from tests.mail.conftest import Clock

VAULT = Vault([new_key()])
TOKEN = "phone-of-the-owner-1"
_ROWS = select(
    col(PushMessage.id), col(PushMessage.sent_at), col(PushMessage.next_try_at), col(PushMessage.tries)
).order_by(col(PushMessage.id))


class Gateway:
    """Takes everything, or answers as it was told."""

    def __init__(self):
        self.notes: list[PushNote] = []
        self.fault: Exception | None = None

    def send(self, note: PushNote) -> None:
        self.notes.append(note)
        if self.fault:
            raise self.fault


@pytest.fixture
def gateway():
    return Gateway()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def pushes(db, gateway, clock):
    return Pushes(db, gateway, lambda: VAULT, clock=clock)


@pytest.fixture
def news(db, cast, clock):
    """The owner has a phone, and something has happened."""
    db.write(bind, cast.owner.actor.user_id, TOKEN, "ios", "", vault=VAULT, now=NOW)

    def happen(count=1):
        for _ in range(count):
            db.write(tell, cast.owner.actor.user_id, "Новость", kind="payment", now=clock())

    return happen


def rows(db):
    return db.read(lambda r: r.rows(_ROWS))


def test_a_message_goes_once_with_its_words_and_the_badge(db, news, pushes, gateway):
    news(2)
    assert pushes.send_due() and not pushes.send_due()
    one, two = gateway.notes
    assert (one.token, one.platform, one.kind, one.number, one.badge) == (TOKEN, "ios", "payment", "", 2)
    assert one.title == "Новости о вашем платеже" and one.identity != two.identity
    assert all(row.sent_at is not None and row.next_try_at is None for row in rows(db))


def test_while_the_gateway_is_away_all_wait_and_the_same_message_goes_with_the_same_id(
    db, news, pushes, gateway, clock
):
    news(3)
    gateway.fault = Away("status 503")
    tries = []
    for _ in range(6):
        with pytest.raises(Unavailable):
            pushes.send_due()
        tries.append(gateway.notes[-1].identity)
        clock.now += timedelta(hours=2)
    assert len(gateway.notes) == 6, "one a round: the others aren't tried in vain"
    gateway.fault = None
    while pushes.send_due():
        pass
    assert {note.identity for note in gateway.notes[6:]} == {"lk-1", "lk-2", "lk-3"}
    assert len(gateway.notes) == 9 and set(tries) <= {"lk-1", "lk-2", "lk-3"}


def test_the_pauses_grow_up_to_an_hour():
    middle = [pause_after(tries, lambda: 0.5).total_seconds() for tries in range(12)]
    assert middle[:4] == [30, 60, 120, 240] and middle[-1] == 3600
    assert pause_after(0, lambda: 0.0) < pause_after(0, lambda: 1.0)


def test_what_nobody_could_be_told_for_a_day_is_given_up(db, news, pushes, gateway, clock):
    news()
    gateway.fault = Away("ConnectError")
    for _ in range(60):
        try:
            if not pushes.send_due():
                clock.now += timedelta(minutes=30)
        except Unavailable:
            clock.now += timedelta(minutes=30)
    (row,) = rows(db)
    assert row.next_try_at is None and row.sent_at is None
    assert clock.now > NOW + WORTHLESS_AFTER


def test_a_phone_that_is_gone_is_forgotten_with_what_waits_for_it(db, cast, news, pushes, gateway):
    news(3)
    gateway.fault = Gone("status 410")
    pushes.send_due()
    assert db.read(devices_of, cast.owner.actor.user_id) == () and rows(db) == []
    assert not pushes.send_due()


def test_what_will_never_be_taken_is_tried_once_and_keeps_the_phone(db, cast, news, pushes, gateway):
    news()
    gateway.fault = Unfit("status 400")
    pushes.send_due()
    assert not pushes.send_due() and len(gateway.notes) == 1
    assert len(db.read(devices_of, cast.owner.actor.user_id)) == 1


def test_a_token_that_no_key_opens_costs_the_phone_and_holds_up_nobody(db, cast, news, gateway, clock):
    news()
    assert Pushes(db, gateway, lambda: Vault([new_key()]), clock=clock).send_due()
    assert gateway.notes == [] and db.read(devices_of, cast.owner.actor.user_id) == ()


def test_a_worker_that_dies_with_messages_in_hand_leaves_them_to_the_next(db, news, pushes, gateway, clock):
    news(2)
    assert len(db.write(take, now=clock(), count=10)) == 2
    assert not pushes.send_due(), "they are in another's hands"
    clock.now += LEASE + timedelta(seconds=1)
    pushes.send_due()
    assert len(gateway.notes) == 2


def test_two_workers_at_once_send_each_message_once(db, news, gateway, clock):
    news(40)

    def work():
        mine = Pushes(db, gateway, lambda: VAULT, clock=clock)
        while mine.send_due():
            pass

    workers = [threading.Thread(target=work) for _ in range(3)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    assert sorted(note.identity for note in gateway.notes) == sorted(f"lk-{n}" for n in range(1, 41))


def test_an_ending_worker_gives_back_what_it_has_not_sent(db, news, gateway, clock):
    news(2)
    assert not Pushes(db, gateway, lambda: VAULT, clock=clock, ending=lambda: True).send_due()
    assert gateway.notes == []
    assert Pushes(db, gateway, lambda: VAULT, clock=clock).send_due()
    assert len(gateway.notes) == 2


def test_the_log_has_no_token_and_no_words(db, news, pushes, gateway, caplog):
    news()
    gateway.fault = Away("status 503")
    with caplog.at_level(logging.DEBUG), pytest.raises(Unavailable):
        pushes.send_due()
    assert "waits" in caplog.text
    assert TOKEN not in caplog.text and "платеж" not in caplog.text
    assert TOKEN not in repr(gateway.notes[0])


def test_what_was_settled_long_ago_is_forgotten_and_what_waits_is_kept(db, news, pushes, gateway, clock):
    news(2)
    pushes.send_due()
    news()
    assert db.write(forget_old_messages, now=NOW + KEPT - timedelta(days=1)) == 0
    assert db.write(forget_old_messages, now=NOW + KEPT + timedelta(days=1)) == 2
    assert [row.next_try_at is not None for row in rows(db)] == [True]


def test_a_gateway_at_a_wrong_address_costs_nobody_a_phone(db, cast, news, clock, caplog):
    """A bare 404: a proxy's word, or an address mistyped in the settings."""
    news()
    client = httpx.Client(transport=httpx.MockTransport(lambda _request: httpx.Response(404, text="Not Found")))
    pushes = Pushes(db, HttpPush("https://push.test/sned", "", client), lambda: VAULT, clock=clock)
    with pytest.raises(Unavailable):
        pushes.send_due()
    assert len(db.read(devices_of, cast.owner.actor.user_id)) == 1 and "waits: status 404" in caplog.text
    (row,) = rows(db)
    assert row.next_try_at is not None and row.sent_at is None

"""Signals: each heard once by every listener, whatever order they become visible in, and swept away."""

from datetime import timedelta

from lk_reflex.core.signals import CART, FEED, KEPT, Ear, Heard, Signal, forget_old_signals, stir
from tests.cast import NOW


def say(db, user_id: int, topic: str, subject: str = "", *, now=NOW) -> None:
    db.write(stir, user_id, topic, now=now, subject=subject)


def test_what_was_said_before_the_ear_listened_is_not_told(db):
    say(db, 1, CART)
    assert db.read(Ear().listen) == []


def test_every_ear_hears_each_signal_once_and_repeats_as_one(db):
    first, second = Ear(), Ear()
    assert db.read(first.listen) == db.read(second.listen) == []
    for _ in range(3):
        say(db, 1, CART)
    say(db, 2, FEED, "x")
    assert db.read(first.listen) == [Heard(1, CART, ""), Heard(2, FEED, "x")]
    assert db.read(first.listen) == []
    assert db.read(second.listen) == [Heard(1, CART, ""), Heard(2, FEED, "x")]


def test_a_signal_that_was_committed_late_is_heard_though_its_number_is_smaller(db):
    ear = Ear()
    say(db, 1, CART)
    db.read(ear.listen)
    with db.transaction() as writer:
        writer.add(Signal(id=12, user_id=3, topic=FEED, at=NOW))
    assert db.read(ear.listen) == [Heard(3, FEED, "")]
    with db.transaction() as writer:
        writer.add(Signal(id=11, user_id=2, topic=CART, at=NOW))
    assert db.read(ear.listen) == [Heard(2, CART, "")]


def test_old_signals_are_swept_but_never_the_last_whose_number_would_be_given_anew(db):
    ear = Ear()
    for user in (1, 2, 3):
        say(db, user, CART, now=NOW - KEPT - timedelta(minutes=1))
    db.read(ear.listen)
    assert db.write(forget_old_signals, now=NOW) == 2
    say(db, 4, CART)
    assert db.read(ear.listen) == [Heard(4, CART, "")]

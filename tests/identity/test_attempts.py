from datetime import timedelta

import pytest
from sqlalchemy import func, select

from lk_reflex.domain.identity.attempts import KEPT, QUARTER, Limit, forget_misses, note_miss, wait_for, waiting
from lk_reflex.domain.identity.tables import Attempt
from tests.cast import NOW

FIVE = Limit("test", 5)
SHORT = Limit("short", 2, timedelta(minutes=1))
ALL = select(func.count()).select_from(Attempt)


def miss(db, limit, subject, times, now=NOW):
    for _ in range(times):
        db.write(note_miss, limit, subject, now=now)


def wait(db, limit, subject, now=NOW):
    return db.read(wait_for, limit, subject, now=now)


@pytest.mark.parametrize(
    ("misses", "seconds"),
    [(0, 0), (4, 0), (5, 30), (6, 60), (7, 120), (8, 240), (9, 480), (10, 900), (11, 900), (40, 900)],
)
def test_each_further_miss_doubles_the_pause_up_to_the_longest(db, misses, seconds):
    miss(db, FIVE, "anna", misses)
    assert wait(db, FIVE, "anna") == timedelta(seconds=seconds)


def test_a_limit_has_its_own_longest_pause(db):
    miss(db, SHORT, "anna", 30)
    assert wait(db, SHORT, "anna") == timedelta(minutes=1)


def test_the_pause_runs_out_and_the_next_one_is_longer(db):
    miss(db, FIVE, "anna", 5)
    assert wait(db, FIVE, "anna", NOW + timedelta(seconds=10)) == timedelta(seconds=20)
    later = NOW + timedelta(seconds=30)
    assert wait(db, FIVE, "anna", later) == timedelta(0)
    miss(db, FIVE, "anna", 1, later)
    assert wait(db, FIVE, "anna", later) == timedelta(seconds=60)


def test_misses_older_than_the_window_are_forgiven(db):
    miss(db, FIVE, "anna", 20)
    assert wait(db, FIVE, "anna", NOW + QUARTER) == timedelta(0)


def test_a_clock_set_back_makes_nobody_wait_longer_than_the_clock(db):
    miss(db, FIVE, "anna", 5, NOW + timedelta(hours=1))
    assert wait(db, FIVE, "anna", NOW) <= timedelta(hours=1, seconds=30)


def test_subjects_and_kinds_are_counted_apart(db):
    miss(db, FIVE, "anna", 9)
    assert wait(db, FIVE, "boris") == timedelta(0)
    assert wait(db, Limit("other", 5), "anna") == timedelta(0)


def test_the_right_answer_forgets_this_subject_alone(db):
    miss(db, FIVE, "anna", 9)
    miss(db, FIVE, "boris", 9)
    db.write(forget_misses, FIVE, "anna")
    assert wait(db, FIVE, "anna") == timedelta(0)
    assert wait(db, FIVE, "boris") > timedelta(0)


def test_old_misses_are_thrown_away(db):
    miss(db, FIVE, "anna", 9)
    miss(db, FIVE, "boris", 1, NOW + KEPT * 2)
    assert db.read(lambda reader: reader.value(ALL)) == 1


@pytest.mark.parametrize("subject", ["", "x" * 10_000, "\x00", "%_'\\", "анна@почта.рф"])
def test_whatever_was_typed_can_be_counted_and_is_not_kept(db, subject):
    miss(db, FIVE, subject, 5)
    assert wait(db, FIVE, subject) > timedelta(0)
    with db.engine.connect() as connection:
        kept = " ".join(str(row) for row in connection.execute(select(*Attempt.__table__.columns)))
    assert not subject.strip() or subject not in kept


@pytest.mark.parametrize(("seconds", "words"), [(20, "минуту"), (1440, "24 мин"), (7200, "2 ч")])
def test_a_refusal_ends_with_one_dot(seconds, words):
    assert waiting("Часто.", timedelta(seconds=seconds)).message == f"Часто. Попробуйте снова через {words}."

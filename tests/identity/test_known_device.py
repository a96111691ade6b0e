"""The mark of a browser that the owner has used before."""

from datetime import timedelta

import pytest

from lk_reflex.domain.identity.signing_in.known_device import LIFE, known_mark, new_mark, with_mark
from tests.cast import NOW
from tests.identity.conftest import KEY

HASH = "$2b$12$one"
MARK = new_mark(7, HASH, key=KEY, now=NOW)


def holds(marks=MARK, user=7, hashed=HASH, key=KEY, now=NOW):
    return known_mark(marks, user, hashed, key=key, now=now)


def test_a_mark_is_known_to_its_owner_for_a_year_and_more():
    assert holds() == MARK
    assert holds(now=NOW + timedelta(days=365)) == MARK
    assert holds(now=NOW + LIFE) == ""


@pytest.mark.parametrize(
    "other",
    [{"user": 8}, {"hashed": "$2b$12$two"}, {"hashed": None}, {"key": b"x" * 32}, {"now": NOW - timedelta(days=1)}],
)
def test_it_is_nothing_to_another_person_after_another_password_or_under_another_key(other):
    assert holds(**other) == ""


@pytest.mark.parametrize(
    "marks",
    ["", ".", "x", MARK[:-1], MARK + "x", "8" + MARK[1:], MARK.replace("7-", "7-9", 1), "7--" + MARK[-24:], "7-" * 50,
     "7-999999999999-" + MARK[-24:], "9" * 400 + "-1-" + MARK[-24:], "٧" + MARK[1:], "\x00", "x." * 5000],
)  # fmt: skip
def test_an_altered_mark_is_no_mark(marks):
    assert holds(marks) == ""


def test_one_browser_knows_several_people_and_each_once():
    marks = ""
    for user in range(1, 9):
        marks = with_mark(marks, new_mark(user, HASH, key=KEY, now=NOW))
    assert [bool(holds(marks, user)) for user in range(1, 9)] == [False] * 3 + [True] * 5
    later = new_mark(5, "$2b$12$two", key=KEY, now=NOW)
    marks = with_mark(marks + ".rubbish", later)
    assert holds(marks, 5, "$2b$12$two") == later
    assert marks.count("5-") == 1 and "rubbish" not in marks
    assert len(marks) < 400


def test_a_login_without_a_password_may_have_a_mark():
    assert holds(new_mark(7, None, key=KEY, now=NOW), hashed=None)

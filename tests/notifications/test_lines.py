"""The feed: one's own lines, newest first, read once; nothing of an account that one sees no more."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select, update
from sqlmodel import col

from lk_reflex.core import pruning
from lk_reflex.core.errors import NotFound
from lk_reflex.domain.identity.tables import AccountLink
from lk_reflex.domain.notifications import lines
from lk_reflex.domain.notifications.cleaning import KEPT, forget_old_lines
from lk_reflex.domain.notifications.feed import tell
from lk_reflex.domain.notifications.lines import feed, mark_all_read, mark_read, newest_unread, unread_count
from lk_reflex.domain.notifications.tables import Notification
from lk_reflex.domain.payments import counters as header
from lk_reflex.domain.payments.counters import counters
from tests.billing.plans import plan, scans
from tests.cast import NOW

MINUTE = timedelta(minutes=1)


@pytest.fixture
def told(db, cast):
    """Three lines to the owner (the second about the flat), one about the flat to the relative."""
    with db.transaction() as writer:
        for number, (person, account) in enumerate(
            [(cast.owner, None), (cast.owner, cast.flat), (cast.owner, None), (cast.relative, cast.flat)]
        ):
            tell(
                writer, person.actor.user_id, f"Строка {number}", kind="readings", now=NOW + number * MINUTE,
                account_id=account,
            )  # fmt: skip


def titles(db, person, **options):
    return [line.title for line in db.read(feed, person.actor, **options).lines]


def unread(db, person):
    assert db.read(unread_count, person.actor) == db.read(counters, person.actor).unread
    return db.read(unread_count, person.actor)


def test_ones_own_newest_first(db, cast, told):
    assert titles(db, cast.owner) == ["Строка 2", "Строка 1", "Строка 0"]
    assert titles(db, cast.relative) == ["Строка 3"]
    assert titles(db, cast.stranger) == []
    assert [unread(db, person) for person in (cast.owner, cast.relative, cast.stranger)] == [3, 1, 0]


def test_older_ones_follow_in_portions(db, cast, told):
    first = db.read(feed, cast.owner.actor, count=2)
    assert ([line.title for line in first.lines], first.more) == (["Строка 2", "Строка 1"], True)
    rest = db.read(feed, cast.owner.actor, before=first.lines[-1].line_id, count=2)
    assert ([line.title for line in rest.lines], rest.more) == (["Строка 0"], False)


def test_reading_counts_once_and_keeps_its_moment(db, cast, told):
    line = db.read(newest_unread, cast.owner.actor)
    assert line.title == "Строка 2"
    for later in (NOW, NOW + MINUTE):
        db.write(mark_read, cast.owner.actor, line.line_id, now=later)
    assert unread(db, cast.owner) == 2
    assert db.read(newest_unread, cast.owner.actor).title == "Строка 1"
    with db.transaction() as writer:
        assert writer.session.get_one(Notification, line.line_id).read_at == NOW


@pytest.mark.parametrize("person", ["relative", "stranger"])
def test_nobody_reads_anothers_line(db, cast, told, person):
    line = db.read(newest_unread, cast.owner.actor)
    with pytest.raises(NotFound):
        db.write(mark_read, getattr(cast, person).actor, line.line_id, now=NOW)
    db.write(mark_all_read, getattr(cast, person).actor, up_to=2**40, now=NOW)
    assert unread(db, cast.owner) == 3


def test_all_are_read_as_far_as_they_were_seen(db, cast, told):
    seen = db.read(feed, cast.owner.actor).lines[0].line_id
    with db.transaction() as writer:
        tell(writer, cast.owner.actor.user_id, "Пришла потом", kind="readings", now=NOW)
    assert db.write(mark_all_read, cast.owner.actor, up_to=seen, now=NOW) == 3
    assert db.read(newest_unread, cast.owner.actor).title == "Пришла потом"
    assert unread(db, cast.owner) == 1


ENDINGS = {
    "unlinked": delete(AccountLink),
    "ended": update(AccountLink).values(ends_at=NOW),
}


@pytest.mark.parametrize("how", ENDINGS)
def test_a_line_about_an_account_is_hidden_with_it_and_isnt_marked_behind_the_back(db, cast, told, how):
    hidden = next(line.line_id for line in db.read(feed, cast.owner.actor).lines if line.account_id)
    with db.transaction() as writer:
        writer.change(ENDINGS[how].where(col(AccountLink.user_id) == cast.owner.actor.user_id))
    assert titles(db, cast.owner) == ["Строка 2", "Строка 0"]
    assert unread(db, cast.owner) == 2
    with pytest.raises(NotFound):
        db.write(mark_read, cast.owner.actor, hidden, now=NOW)
    assert db.write(mark_all_read, cast.owner.actor, up_to=2**40, now=NOW) == 2
    assert db.read(newest_unread, cast.owner.actor) is None
    with db.transaction() as writer:
        assert writer.session.get_one(Notification, hidden).read_at is None
    assert titles(db, cast.relative) == ["Строка 3"]


def test_lines_go_after_a_year_in_portions(db, cast, monkeypatch):
    with db.transaction() as writer:
        for age in (KEPT + MINUTE, KEPT, KEPT - MINUTE):
            tell(writer, cast.owner.actor.user_id, "a", kind="readings", now=NOW - age)
    assert db.write(forget_old_lines, now=NOW) == 1
    assert db.write(forget_old_lines, now=NOW) == 0
    with db.transaction() as writer:
        assert writer.connection.scalar(select(func.count()).select_from(Notification)) == 2
    assert pruning.PORTION > 1


QUERIES = {
    "feed": (lines._LINES, {"before": 9, "count": 2}),
    "newest": (lines._NEWEST, {}),
    "count": (lines._COUNT, {}),
    "one": (lines._ONE, {"line_id": 1}),
    "header": (header._COUNTERS, {}),
}


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
@pytest.mark.parametrize("name", QUERIES)
def test_every_query_goes_by_an_index(db, name):
    query, params = QUERIES[name]
    steps = plan(db, query, user_id=1, owned_at=NOW, **params)
    assert [step for step in scans(steps) if step != "SCAN CONSTANT ROW"] == []

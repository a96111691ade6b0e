"""Scenario 38, and every pair of statuses: what isn't in the table doesn't happen, and nobody overwrites anybody."""

import threading
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlmodel import col

from lk_reflex.core.errors import Conflict, Refused
from lk_reflex.core.signals import EVERY_DESK, QUEUE, REQUEST, Ear, Heard
from lk_reflex.domain.requests.history import Author
from lk_reflex.domain.requests.kinds import Kind
from lk_reflex.domain.requests.machine import ENDED, Status
from lk_reflex.domain.requests.moving import CHANGED, move
from lk_reflex.domain.requests.tables import RequestEvent
from tests.cast import NOW
from tests.requests.lives import (
    SITE,
    counted,
    lead,
    make_request,
    recounted,
    row_of,
    step,
    version_of,
)

#: As product.md §9 has them, written out once more: the test's own table.
ALLOWED = {
    ("draft", "sent", "resident"),
    ("sent", "accepted", "operator"),
    ("accepted", "working", "operator"),
    ("accepted", "correcting", "operator"),
    ("accepted", "refused", "operator"),
    ("working", "done", "operator"),
    ("working", "refused", "operator"),
    ("correcting", "sent", "resident"),
}
_EVENTS = (
    select(col(RequestEvent.was), col(RequestEvent.became), col(RequestEvent.author), col(RequestEvent.actor_id),
           col(RequestEvent.comment), col(RequestEvent.fields), col(RequestEvent.at))
    .order_by(col(RequestEvent.id))
)  # fmt: skip


@pytest.mark.parametrize("was", list(Status))
@pytest.mark.parametrize("becomes", list(Status))
@pytest.mark.parametrize("author", [Author.RESIDENT, Author.OPERATOR])
def test_every_pair_of_statuses_by_either_side(db, cast, was, becomes, author):
    request_id = make_request(db, cast.organization, cast.owner.actor.user_id)
    lead(db, request_id, was)
    before, lines = row_of(db, request_id), len(db.read(lambda r: r.rows(_EVENTS)))

    def moved():
        db.write(move, request_id, becomes, version=before.version, author=author, site=SITE, now=NOW, comment="Так")

    if (was.value, becomes.value, author.value) in ALLOWED:
        moved()
        assert row_of(db, request_id).status == becomes.value
        assert len(db.read(lambda r: r.rows(_EVENTS))) == lines + 1
    else:
        with pytest.raises(Refused, match="нельзя перевести"):
            moved()
        assert row_of(db, request_id) == before
        assert len(db.read(lambda r: r.rows(_EVENTS))) == lines
    assert db.read(counted) == db.read(recounted)


def test_a_move_is_written_with_its_author_comment_fields_and_time(db, cast):
    request_id = make_request(db, cast.organization, cast.owner.actor.user_id, kind=Kind.SEALING)
    lead(db, request_id, Status.ACCEPTED)
    later = NOW + timedelta(hours=3)
    step(
        db, request_id, Status.CORRECTING, now=later, comment="Серийный номер не читается",
        fields=("m1.serial", "phone"), actor_id=cast.operator.actor.user_id,
    )  # fmt: skip
    last = db.read(lambda r: r.rows(_EVENTS))[-1]
    assert (last.was, last.became, last.author, last.at) == ("accepted", "correcting", "operator", later)
    assert (last.actor_id, last.comment) == (cast.operator.actor.user_id, "Серийный номер не читается")
    assert list(last.fields) == ["m1.serial", "phone"]
    row = row_of(db, request_id)
    assert (row.to_correct, row.comment, row.updated_at) == (["m1.serial", "phone"], last.comment, later)
    assert row.ended_at is None


def test_sending_anew_takes_the_marks_off_and_leaves_the_operators_words(db, cast):
    request_id = make_request(db, cast.organization, cast.owner.actor.user_id)
    lead(db, request_id, Status.ACCEPTED)
    step(db, request_id, Status.CORRECTING, comment="Нет подписи", fields=("phone",))
    step(db, request_id, Status.SENT)
    row = row_of(db, request_id)
    assert (row.to_correct, row.comment) == ([], "Нет подписи")


@pytest.mark.parametrize("end", sorted(ENDED))
def test_the_end_is_timed(db, cast, end):
    request_id = make_request(db, cast.organization, cast.owner.actor.user_id)
    lead(db, request_id, end, now=NOW + timedelta(days=2))
    assert row_of(db, request_id).ended_at == NOW + timedelta(days=2)


@pytest.mark.parametrize("off", [-1, 1, 1000])
def test_whoever_has_seen_another_version_changes_nothing(db, cast, off):
    request_id = make_request(db, cast.organization, cast.owner.actor.user_id)
    lead(db, request_id, Status.SENT)
    before = row_of(db, request_id)
    with pytest.raises(Conflict, match=CHANGED):
        db.write(
            move, request_id, Status.ACCEPTED, version=before.version + off, author=Author.OPERATOR, site=SITE, now=NOW
        )
    assert row_of(db, request_id) == before
    with pytest.raises(Conflict):
        db.write(move, 10**9, Status.ACCEPTED, version=1, author=Author.OPERATOR, site=SITE, now=NOW)


def test_two_operators_at_once_one_wins_and_the_other_is_told(db, cast):
    """Each on a thread and a connection of its own, as two processes would."""
    for round_ in range(5):
        request_id = make_request(db, cast.organization, cast.owner.actor.user_id, number=f"26112000001{round_}")
        lead(db, request_id, Status.ACCEPTED)
        version, start = version_of(db, request_id), threading.Barrier(2)
        fates: dict[Status, str] = {}

        def decide(becomes, request_id=request_id, version=version, start=start, fates=fates):
            start.wait()
            try:
                db.write(
                    move, request_id, becomes, version=version, author=Author.OPERATOR, site=SITE, now=NOW,
                    comment=becomes.value,
                )  # fmt: skip
                fates[becomes] = "won"
            except Conflict as fault:
                fates[becomes] = fault.message

        both = [threading.Thread(target=decide, args=(becomes,)) for becomes in (Status.WORKING, Status.REFUSED)]
        for one in both:
            one.start()
        for one in both:
            one.join()
        assert sorted(fates.values()) == sorted(["won", CHANGED])
        row = row_of(db, request_id)
        assert fates[Status(row.status)] == "won" and row.version == version + 1 and row.comment == row.status
    assert db.read(counted) == db.read(recounted)


def test_moves_of_many_requests_in_opposite_directions_hold_up_nobody(db, cast):
    """Counters are rows that all moves share: taken in one sequence, whoever goes which way."""
    ids = [make_request(db, cast.organization, cast.owner.actor.user_id, number=f"26112000{n:04}") for n in range(8)]
    for place, request_id in enumerate(ids):
        lead(db, request_id, Status.CORRECTING if place % 2 else Status.ACCEPTED)
    faults = []

    def go(request_id, becomes):
        try:
            step(db, request_id, becomes)
        except Exception as fault:  # noqa: BLE001  whatever it is, the test tells it
            faults.append(fault)

    threads = [
        threading.Thread(target=go, args=(one, Status.SENT if place % 2 else Status.CORRECTING))
        for place, one in enumerate(ids)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert faults == []
    assert db.read(counted) == db.read(recounted)


def test_the_tabs_of_the_person_and_of_every_desk_hear_of_it(db, cast):
    request_id = make_request(db, cast.organization, cast.owner.actor.user_id)
    ear = Ear()
    db.read(ear.listen)
    step(db, request_id, Status.SENT)
    heard = db.read(ear.listen)
    assert Heard(cast.owner.actor.user_id, REQUEST, "261120000001") in heard
    assert Heard(EVERY_DESK, QUEUE, "261120000001") in heard
    assert {one.user_id for one in heard} == {cast.owner.actor.user_id, EVERY_DESK}


def test_a_request_whose_login_is_gone_is_worked_off_all_the_same(db, cast):
    request_id = make_request(db, cast.organization, None)
    lead(db, request_id, Status.DONE)
    assert row_of(db, request_id).status == "done"


@pytest.fixture
def many(db, cast):
    """Requests of three kinds, to be moved about in one world by a whole Hypothesis run."""
    kinds = list(Kind)
    return [
        make_request(db, cast.organization, cast.owner.actor.user_id, kind=kinds[n % 3], number=f"26112100{n:04}")
        for n in range(6)
    ]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=st.lists(st.tuples(st.integers(0, 5), st.sampled_from(list(Status)), st.integers(-1, 0)), max_size=12))
def test_the_counters_equal_a_recount_whatever_is_tried(db, many, moves):
    for place, becomes, stale in moves:
        request_id = many[place]
        author = Author.RESIDENT if becomes is Status.SENT else Author.OPERATOR
        version = version_of(db, request_id) + stale
        try:
            db.write(move, request_id, becomes, version=version, author=author, site=SITE, now=NOW, comment="Так")
        except (Conflict, Refused):
            continue
    assert db.read(counted) == db.read(recounted)

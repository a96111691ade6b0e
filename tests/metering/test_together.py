"""Two devices at the same instant, in real threads on both databases."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlmodel import select

from lk_reflex.core.errors import DomainError
from lk_reflex.domain.metering.sending.entries import Entry
from lk_reflex.domain.metering.sending.submit import submit
from lk_reflex.domain.metering.tables import SentReading
from tests.cast import NOW
from tests.metering.dials import make_meter, monthly


@pytest.fixture
def cold(db, cast):
    meter = make_meter(db, cast.flat)
    monthly(db, meter, "118", "6")
    return meter


def at_once(db, calls):
    """Start all calls together; returns results and refusals in the calls' order."""
    start = Barrier(len(calls))

    def run(call):
        start.wait()
        try:
            return db.write(submit, *call, now=NOW)
        except DomainError as refusal:
            return refusal

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(run, calls))


def sent(db):
    with db.transaction() as writer:
        rows = writer.session.exec(select(SentReading).order_by(SentReading.id)).all()
        return [(row.value, row.volume, row.replaced_at is not None) for row in rows]


def test_one_form_sent_five_times_is_one_record(db, cast, cold):
    call = (cast.owner.actor, cast.flat, {f"m{cold}-1": Entry("124")}, "", "one-and-the-same", ())
    results = at_once(db, [call] * 5)
    assert len({result.submission_id for result in results}) == 1
    assert sent(db) == [(124_000, 6_000, False)]


def test_two_devices_with_different_readings_stand_in_line(db, cast, cold):
    calls = [
        (person.actor, cast.flat, {f"m{cold}-1": Entry(value)}, "", f"form-of-{value}", ())
        for person, value in ((cast.owner, "124"), (cast.relative, "125"))
    ]
    first, second = at_once(db, calls)
    assert first.submission_id != second.submission_id
    rows = sent(db)
    # Both are judged from 118,000, the later one replaces the earlier, and none is lost.
    assert sorted(row[:2] for row in rows) == [(124_000, 6_000), (125_000, 7_000)]
    assert [row[2] for row in rows] == [True, False]


def test_one_key_for_two_accounts_is_taken_once(db, cast, cold):
    garden = make_meter(db, cast.house)
    monthly(db, garden, "10", "1")
    results = at_once(
        db,
        [
            (cast.owner.actor, cast.flat, {f"m{cold}-1": Entry("124")}, "", "the-very-same", ()),
            (cast.stranger.actor, cast.house, {f"m{garden}-1": Entry("11")}, "", "the-very-same", ()),
        ],
    )
    assert sorted(type(result).__name__ for result in results) == ["NotFound", "Taken"]
    assert len(sent(db)) == 1

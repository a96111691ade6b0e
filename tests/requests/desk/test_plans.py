"""No statement of the queue walks a table that grows, nor sorts more than a page's worth."""

from itertools import product

import pytest

from lk_reflex.domain.requests.desk import listing, searching
from lk_reflex.domain.requests.desk.partitions import Cursor, Desk, Shape, parameters, statement
from lk_reflex.domain.requests.desk.wanted import Sort, Wanted, Whose
from lk_reflex.domain.requests.kinds import Kind
from lk_reflex.domain.requests.machine import Status
from tests.billing.plans import plan
from tests.cast import NOW, TODAY

WALKS = ("SCAN requests", "SCAN request_words", "SCAN request_counts")
PARTS = [(Desk(1, "", "Asia/Yekaterinburg"), kind, Status.SENT) for kind in Kind]


def walks(steps: list[str]) -> list[str]:
    """The steps that walk a table of requests, or their index, whole."""
    return [step for step in steps if step.startswith(WALKS)]


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
@pytest.mark.parametrize("order", list(Sort))
@pytest.mark.parametrize("whose", [None, *Whose])
def test_each_part_of_the_queue_is_read_off_an_index(db, cast, order, whose):
    for dated, paged in product((False, True), repeat=2):
        shape = Shape(order, whose, dated=dated and order is not Sort.TERM, overdue=order is Sort.TERM, paged=paged)
        wanted = Wanted(first=TODAY if shape.dated else None, overdue=shape.overdue, whose=whose, sort=order)
        given = parameters(cast.operator.actor, wanted, PARTS, Cursor(1, NOW, TODAY) if paged else None, 51)
        steps = plan(db, statement(shape, len(PARTS)), **given)
        assert walks(steps) == []
        reads = [step for step in steps if " requests USING" in step]
        assert len(reads) == len(PARTS)
        assert all("organization_id=? AND kind=? AND status=?" in step for step in reads), reads


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
@pytest.mark.parametrize("source", ["rare", "word", "all"])
def test_a_search_begins_with_the_words(db, cast, source):
    wanted = Wanted(search="иванов мира")
    shape = searching._shape(wanted, source, 2)
    given = {**searching._ranges(list(wanted.words)), "after": 2**62, "count": 51, "word": "иванов"}
    steps = plan(db, searching.statement(shape), **given, **cast.operator.actor.overseeing)
    assert walks([step for step in steps if source != "all"]) == []
    assert any("request_words" in step and "request_id=? AND word>?" in step for step in steps), steps


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_words_are_counted_and_stepped_through_by_their_index(db, cast):
    for query in (searching._FREQUENCY, searching._DISTINCT):
        steps = plan(db, query, begins="ива", ends="ива\U0010ffff")
        assert walks(steps) == []


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_counters_are_read_and_not_counted(db, cast):
    steps = plan(db, listing._COUNTS, **cast.operator.actor.overseeing)
    assert not [step for step in steps if " requests" in step]

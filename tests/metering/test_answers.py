"""Billing's answers find the exported reading they are meant for; what they change, and what they can't."""

from datetime import date, timedelta

import pytest
from sqlalchemy import update
from sqlmodel import col, select

from lk_reflex.domain.metering.answering.answers import Answer, Outcome, take_answers
from lk_reflex.domain.metering.tables import ReadingAnswer
from tests.cast import NOW, TODAY
from tests.metering.dials import make_meter, put_sent

LATER = NOW + timedelta(days=1)


@pytest.fixture
def meter(db, cast):
    return make_meter(db, cast.flat)


def put(db, cast, meter, value=120_000, *, exported=True, **facts):
    return put_sent(db, cast, meter, value, exported=exported, **facts)


def take(db, *answers, import_id=1, now=NOW):
    return db.write(take_answers, answers, import_id=import_id, now=now)


def answers(db) -> list[tuple]:
    with db.transaction() as writer:
        rows = writer.session.exec(select(ReadingAnswer).order_by(ReadingAnswer.sent_reading_id)).all()
        return [(row.sent_reading_id, row.accounted, row.reason, row.told_at is not None) for row in rows]


def test_an_answer_goes_to_the_reading_of_its_meter_scale_and_day(db, cast, meter):
    sent = put(db, cast, meter)
    assert take(db, Answer(meter, 1, TODAY, 120_000, accounted=True)) == [Outcome.TAKEN]
    assert answers(db) == [(sent, True, "", True)]


def test_a_refusal_waits_to_be_told_and_keeps_its_reason(db, cast, meter):
    sent = put(db, cast, meter)
    take(db, Answer(meter, 1, TODAY, None, accounted=False, reason=" Показание меньше контрольного "))
    assert answers(db) == [(sent, False, "Показание меньше контрольного", False)]


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ({"scale": 2}, Outcome.UNKNOWN),
        ({"taken_on": date(2026, 11, 19)}, Outcome.UNKNOWN),
        ({"meter_id": 999_999}, Outcome.UNKNOWN),
        ({"value": 121_000}, Outcome.OTHER_VALUE),
        ({"accounted": False}, Outcome.NO_REASON),
        ({"accounted": False, "reason": "  "}, Outcome.NO_REASON),
    ],
)
def test_what_fits_no_reading_is_told_apart_and_not_stored(db, cast, meter, answer, outcome):
    put(db, cast, meter)
    right = {"meter_id": meter, "scale": 1, "taken_on": TODAY, "value": 120_000, "accounted": True}
    assert take(db, Answer(**{**right, **answer})) == [outcome]
    assert answers(db) == []


def test_only_an_exported_reading_has_an_answer(db, cast, meter):
    put(db, cast, meter, exported=False)
    assert take(db, Answer(meter, 1, TODAY, 120_000, accounted=True)) == [Outcome.NOT_EXPORTED]


def test_of_two_exported_for_a_day_an_answer_names_the_value(db, cast, meter):
    put(db, cast, meter, 120_000, replaced_at=NOW)
    second = put(db, cast, meter, 121_000)
    assert take(db, Answer(meter, 1, TODAY, None, accounted=False, reason="Ошибка")) == [Outcome.AMBIGUOUS]
    assert answers(db) == []
    assert take(db, Answer(meter, 1, TODAY, 121_000, accounted=True)) == [Outcome.TAKEN]
    assert [row[:2] for row in answers(db)] == [(second, True)]


def test_the_same_value_sent_again_for_a_day_leaves_no_doubt(db, cast, meter):
    put(db, cast, meter, 120_000, replaced_at=NOW)
    second = put(db, cast, meter, 120_000)
    assert take(db, Answer(meter, 1, TODAY, None, accounted=True)) == [Outcome.TAKEN]
    assert [row[0] for row in answers(db)] == [second]


@pytest.mark.parametrize("value", [None, 120_000])
def test_what_was_replaced_is_answered_no_more(db, cast, meter, value):
    """The correction waits for its export, or has gone out; either way the old reading's answer lands nowhere."""
    put(db, cast, meter, 120_000, replaced_at=NOW)
    put(db, cast, meter, 121_000, exported=value is not None)
    assert take(db, Answer(meter, 1, TODAY, value, accounted=True)) == [Outcome.REPLACED]
    assert answers(db) == []


def test_a_second_answer_in_one_import_is_a_repeat(db, cast, meter):
    put(db, cast, meter)
    yes, no = Answer(meter, 1, TODAY, None, True), Answer(meter, 1, TODAY, None, False, "Ошибка")
    assert take(db, yes, no) == [Outcome.TAKEN, Outcome.REPEATED]
    assert take(db, no) == [Outcome.REPEATED]  # in a later portion of it
    assert [row[1] for row in answers(db)] == [True]


def tell(db):
    with db.transaction() as writer:
        writer.change(update(ReadingAnswer).where(col(ReadingAnswer.told_at).is_(None)).values(told_at=NOW))


NO, OTHER, YES = (False, "Ошибка"), (False, "Другая причина"), (True, "")


@pytest.mark.parametrize(
    ("first", "told", "second", "waits"),
    [
        (NO, True, NO, False),
        (NO, False, NO, True),
        (NO, True, OTHER, True),
        (NO, True, YES, True),
        (NO, False, YES, False),
        (YES, False, NO, True),
        (YES, False, YES, False),
    ],
)
def test_billing_may_change_its_mind_and_only_what_is_news_is_told(db, cast, meter, first, told, second, waits):
    put(db, cast, meter)
    take(db, Answer(meter, 1, TODAY, None, *first))
    if told:
        tell(db)
    assert take(db, Answer(meter, 1, TODAY, None, *second), import_id=2, now=LATER) == [
        Outcome.SAME if first == second else Outcome.TAKEN
    ]
    ((_sent, accounted, reason, is_told),) = answers(db)
    assert ((accounted, reason), not is_told) == (second, waits)


def test_a_hundred_answers_are_taken_in_one_go_in_their_order(db, cast):
    meters = [make_meter(db, cast.flat, f"ХВС {n}", serial=str(n)) for n in range(100)]
    for meter in meters[::2]:
        put(db, cast, meter)
    found = take(db, *(Answer(meter, 1, TODAY, 120_000, accounted=True) for meter in meters))
    assert found == [Outcome.TAKEN, Outcome.UNKNOWN] * 50

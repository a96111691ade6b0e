"""A reading that billing refused counts for nothing, and another may be sent for its period."""

import pytest
from sqlmodel import select

from lk_reflex.core.errors import Invalid
from lk_reflex.domain.accounts.guest import open_visit
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.identity.tokens import token_hash
from lk_reflex.domain.metering.history import history
from lk_reflex.domain.metering.meters import meters_of
from lk_reflex.domain.metering.sending.entries import Entry
from lk_reflex.domain.metering.sending.submit import submit
from lk_reflex.domain.metering.tables import SentReading
from tests.cast import NOW
from tests.metering.dials import KEY, OCTOBER, answer_sent, bill, make_meter, monthly, put_sent
from tests.metering.test_submit import change

REASON = "Показание меньше контрольного"


@pytest.fixture
def cold(db, cast):
    """A cold-water meter: 6,000 a month, 118,000 on 21.10.2026."""
    meter = make_meter(db, cast.flat)
    monthly(db, meter, "118", "6")
    return meter


def scale(db, cast, meter):
    found = db.read(meters_of, cast.owner.actor, cast.flat, now=NOW)
    return next(one for one in found.meters if one.meter_id == meter).scales[0]


def send(db, cast, meter, text, yes=(), key=KEY):
    return db.write(submit, cast.owner.actor, cast.flat, {f"m{meter}-1": Entry(text)}, "", key, yes, now=NOW)


def test_it_is_no_last_reading_and_no_part_of_the_average(db, cast, cold):
    put = put_sent(db, cast, cold, 150_000)
    assert (scale(db, cast, cold).last, scale(db, cast, cold).average) != (118_000, 6_000)
    answer_sent(db, put, refused=REASON)
    found = scale(db, cast, cold)
    assert (found.last, found.average, found.given) == (118_000, 6_000, False)
    assert (found.sent.refused, found.sent.reason) == (True, REASON)


def test_an_accounted_one_still_counts(db, cast, cold):
    answer_sent(db, put_sent(db, cast, cold, 124_000))
    found = scale(db, cast, cold)
    assert (found.last, found.given, found.sent.accounted) == (124_000, True, True)


def test_another_takes_its_place_though_it_was_exported_and_may_be_lower(db, cast, cold):
    put = put_sent(db, cast, cold, 150_000)
    with pytest.raises(Invalid) as refused:
        send(db, cast, cold, "124")
    assert "нажмите «Исправить»" in refused.value.fields[f"m{cold}-1"]
    answer_sent(db, put, refused=REASON)
    taken = send(db, cast, cold, "124")
    assert taken.readings[0].volume == 6_000
    with db.transaction() as writer:
        rows = writer.session.exec(select(SentReading).order_by(SentReading.id)).all()
        assert [(row.value, row.replaced_at is None, row.export_id is None) for row in rows] == [
            (150_000, False, False),
            (124_000, True, True),
        ]


def test_a_guest_may_send_anew_what_was_refused_even_where_a_resident_had_sent(db, cast, cold):
    from lk_reflex.domain.accounts.guest import guest_of
    from lk_reflex.domain.metering.sending.submit import submit_as_guest

    answer_sent(db, put_sent(db, cast, cold, 150_000), refused=REASON)
    ticket = db.write(open_visit, cast.flat, client=Client("203.0.113.5"), now=NOW)
    visitor = db.read(guest_of, token_hash(ticket), now=NOW)
    db.write(submit_as_guest, visitor, {f"m{cold}-1": Entry("124")}, "", KEY, now=NOW)
    assert scale(db, cast, cold).last == 124_000


class TestHistory:
    def fates(self, db, cast, meter):
        return [(line.value, line.fate) for line in db.read(history, cast.owner.actor, cast.flat, meter)]

    def test_without_an_answer_it_was_sent(self, db, cast):
        meter = make_meter(db, cast.flat)
        put_sent(db, cast, meter, 120_000)
        assert self.fates(db, cast, meter) == [(120_000, "Передано")]

    def test_billings_answer_is_its_fate(self, db, cast):
        meter, other = make_meter(db, cast.flat), make_meter(db, cast.flat, "ГВС")
        answer_sent(db, put_sent(db, cast, meter, 120_000))
        answer_sent(db, put_sent(db, cast, other, 130_000), refused=REASON)
        assert self.fates(db, cast, meter) == [(120_000, "Учтено")]
        assert self.fates(db, cast, other) == [(130_000, f"Не принято: {REASON}")]

    def test_billings_own_reading_says_the_same_without_an_answer(self, db, cast):
        meter = make_meter(db, cast.flat)
        put_sent(db, cast, meter, 120_000)
        bill(db, meter, ("20.11.2026", "120"))
        assert self.fates(db, cast, meter) == [(120_000, "Учтено")]

    def test_a_refused_one_is_never_taken_for_billings_own(self, db, cast):
        meter = make_meter(db, cast.flat)
        answer_sent(db, put_sent(db, cast, meter, 120_000), refused=REASON)
        bill(db, meter, ("20.11.2026", "120"))
        assert sorted(self.fates(db, cast, meter)) == [(120_000, ""), (120_000, f"Не принято: {REASON}")]

    def test_a_refused_one_that_was_replaced_tells_both(self, db, cast):
        meter = make_meter(db, cast.flat)
        answer_sent(db, put_sent(db, cast, meter, 120_000, replaced_at=NOW), refused=REASON)
        assert self.fates(db, cast, meter) == [(120_000, f"Не принято: {REASON}. Заменено 20.11.2026")]


@pytest.mark.parametrize(
    ("exported", "answer", "billed", "later", "can"),
    [
        (True, None, None, False, True),
        (False, None, None, False, False),
        (True, "", None, False, False),
        (True, REASON, None, False, False),
        (True, None, ("20.11.2026", "124"), False, False),  # billing has it
        (True, None, ("25.11.2026", "124"), False, False),  # of its period, under another day
        (True, None, ("20.11.2026", "123"), False, True),  # another reading of that day
        (True, None, ("30.10.2026", "118"), False, True),
        (True, None, ("22.11.2026", "125"), True, False),  # a newer one stands upon it
    ],
)
def test_what_an_operator_may_be_asked_about(db, cast, exported, answer, billed, later, can):
    meter = make_meter(db, cast.flat)
    sent = put_sent(db, cast, meter, 124_000, exported=exported)
    if answer is not None:
        answer_sent(db, sent, refused=answer)
    if billed:
        bill(db, meter, billed)
    assert bool(scale(db, cast, meter).correctable) is can


def test_the_reading_of_the_period_before_may_be_asked_about_too(db, cast):
    meter = make_meter(db, cast.flat)
    sent = put_sent(db, cast, meter, 124_000, period=OCTOBER)
    found = scale(db, cast, meter)
    assert (found.sent, found.before.sent_id, found.correctable) == (None, sent, sent)
    change(db, SentReading, sent, period=OCTOBER.shift(-1))
    assert scale(db, cast, meter).correctable == 0

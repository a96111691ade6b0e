"""Readings sent without registration: the same rules, told without a figure that the guest hasn't typed."""

from datetime import date, timedelta

import pytest
from sqlmodel import select

from lk_reflex.core.errors import Invalid, NotFound, Refused
from lk_reflex.domain.accounts.guest import end_visit, guest_of, open_visit
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.identity.tokens import token_hash
from lk_reflex.domain.metering.history import history
from lk_reflex.domain.metering.meters import meters_for_guest
from lk_reflex.domain.metering.rules import Scale, date_fault, judge_reading
from lk_reflex.domain.metering.sending.entries import Entry, NeedsConfirmation
from lk_reflex.domain.metering.sending.guest_sends import SENDS, TOO_OFTEN, send_as_guest
from lk_reflex.domain.metering.sending.submit import submit
from lk_reflex.domain.metering.tables import SentReading, Submission
from tests.cast import NOW, TODAY
from tests.metering.dials import KEY, bill, form, make_meter, monthly, set_organization


@pytest.fixture
def cold(db, cast):
    """6,000 m³ a month, 118,000 on 21.10.2026."""
    meter = make_meter(db, cast.flat)
    monthly(db, meter, "118", "6")
    return meter


@pytest.fixture
def cookie(db, cast):
    return db.write(open_visit, cast.flat, client=Client("203.0.113.5"), now=NOW)


@pytest.fixture
def guest(db, cookie):
    return db.read(guest_of, token_hash(cookie), now=NOW)


def send(db, guest, entries, *, key=KEY, yes=(), taken_on="", now=NOW):
    return send_as_guest(db, guest, entries, taken_on, key, yes, now=now)


def stored(db):
    with db.transaction() as writer:
        rows = writer.session.exec(select(SentReading).order_by(SentReading.id)).all()
        return [(row.value, row.volume, row.replaced_at is not None) for row in rows]


def told(db, guest, entries, **more):
    """The faults or questions that come back, as one text."""
    with pytest.raises((Invalid, NeedsConfirmation)) as refusal:
        send(db, guest, entries, **more)
    if isinstance(refusal.value, Invalid):
        return " ".join(refusal.value.fields.values())
    return " ".join(question.text for question in refusal.value.questions)


def test_a_reading_is_taken_without_a_user_and_marked_with_its_source(db, cast, guest, cold):
    taken = send(db, guest, {f"m{cold}-1": Entry("124,5")})
    assert [(one.name, one.value) for one in taken.readings] == [("ХВС С/У", 124_500)]
    assert stored(db) == [(124_500, 6_500, False)]
    with db.transaction() as writer:
        row = writer.session.exec(select(Submission)).one()
        assert (row.user_id, row.account_id, row.source) == (None, cast.flat, "Без регистрации")


def test_residents_of_the_account_see_it_in_their_history(db, cast, guest, cold):
    send(db, guest, {f"m{cold}-1": Entry("124,5")})
    newest = db.read(history, cast.relative.actor, cast.flat, cold)[0]
    assert (newest.source, newest.value, newest.fate) == ("Без регистрации", 124_500, "Передано")


def test_a_volume_makes_no_reading_of_a_guest(db, guest, cold):
    with pytest.raises(Refused, match="хотя бы одного"):
        send(db, guest, {f"m{cold}-1": Entry("", "6,5")})
    send(db, guest, {f"m{cold}-1": Entry("124", "999")})
    assert stored(db) == [(124_000, 6_000, False)]


def test_the_same_form_again_is_the_same_result(db, guest, cold):
    first = send(db, guest, {f"m{cold}-1": Entry("124")})
    for _ in range(SENDS.free + 2):
        assert send(db, guest, {f"m{cold}-1": Entry("999")}) == first
    assert len(stored(db)) == 1


def test_a_residents_form_is_not_a_guests_and_the_other_way_round(db, cast, guest, cold):
    with db.transaction() as writer:
        submit(writer, cast.owner.actor, cast.flat, form(**{f"m{cold}_1": "124"}), "", "key-of-resident", now=NOW)
    with pytest.raises(NotFound):
        send(db, guest, {f"m{cold}-1": Entry("124")}, key="key-of-resident")
    send(db, guest, {f"m{make_meter(db, cast.flat, 'ГВС')}-1": Entry("3")}, key="key-of-guest")
    with db.transaction() as writer, pytest.raises(NotFound):
        submit(writer, cast.owner.actor, cast.flat, {}, "", "key-of-guest", now=NOW)


class TestWhatAGuestIsToldOfTheFigures:
    def test_lower_than_last_names_no_figure(self, db, guest, cold):
        said = told(db, guest, {f"m{cold}-1": Entry("18,4")})
        assert said.startswith("Меньше последнего показания. Проверьте число.")
        assert "118" not in said

    def test_an_unusual_volume_is_asked_about_without_the_volume(self, db, guest, cold):
        said = told(db, guest, {f"m{cold}-1": Entry("238")})
        assert said == ("Расход по этому показанию необычно большой. Проверьте, на месте ли запятая. Показание верное?")

    def test_without_history_the_ceiling_isnt_told(self, db, cast, guest):
        meter = make_meter(db, cast.flat)
        assert not any(char.isdigit() for char in told(db, guest, {f"m{meter}-1": Entry("9000")}))

    def test_a_rollover_and_a_zero_are_asked_about_and_taken_after_yes(self, db, cast, guest, cold):
        dial = make_meter(db, cast.flat, "ГВС")
        bill(db, dial, ("21.10.2026", "99999"))
        entries = {f"m{cold}-1": Entry("118"), f"m{dial}-1": Entry("3")}
        with pytest.raises(NeedsConfirmation) as doubt:
            send(db, guest, entries)
        said = {question.text for question in doubt.value.questions}
        assert said == {
            "Показание такое же, как последнее. Показание верное?",
            "Показание меньше последнего. Так бывает, если счётчик прошёл полный круг. Показание верное?",
        }
        send(db, guest, entries, yes=[question.token for question in doubt.value.questions])
        assert sorted(stored(db)) == [(3_000, 4_000, False), (118_000, 0, False)]

    def test_a_date_before_the_last_reading_doesnt_tell_its_day(self, db, guest, cold):
        said = told(db, guest, {f"m{cold}-1": Entry("124")}, taken_on="01.10.2026")
        assert said == "ХВС С/У: Дата раньше последнего показания"

    @pytest.mark.parametrize(
        ("value", "taken_on"),
        [(value, day) for value in (0, 1, 117_999, 118_000, 150_000, 9_999_000) for day in (TODAY, date(2026, 9, 1))],
    )
    def test_no_sentence_holds_a_figure_of_the_history(self, value, taken_on):
        facts = {"digits": 5, "unit": "м³", "last_on": date(2026, 10, 21), "ceiling": 77_000, "contact": "ПОВВ"}
        for last, average in ((118_000, 6_000), (None, None), (99_999_000, 6_000), (118_000, None)):
            scale = Scale(last=last, average=average, discreet=True, **facts)
            verdict = judge_reading(value, taken_on, scale)
            assert not any(char.isdigit() for char in verdict.fault + verdict.question)
        fault = date_fault(taken_on, today=TODAY, last_on=date(2026, 10, 21), installed_on=None, discreet=True)
        assert not any(char.isdigit() for char in fault)


class TestPresses:
    def test_trying_again_and_again_is_stopped_for_all_guests_of_the_account(self, db, cast, guest, cold):
        for place in range(SENDS.free):
            told(db, guest, {f"m{cold}-1": Entry("1")}, key=f"key-number-{place}")
        other = db.write(open_visit, cast.flat, client=Client("198.51.100.7"), now=NOW)
        for one in (guest, db.read(guest_of, token_hash(other), now=NOW)):
            with pytest.raises(Refused) as refusal:
                send(db, one, {f"m{cold}-1": Entry("124")})
            assert refusal.value.message.startswith(TOO_OFTEN)
        assert stored(db) == []

    def test_the_residents_arent_held_up_by_it(self, db, cast, guest, cold):
        for place in range(SENDS.free + 1):
            with pytest.raises((Invalid, Refused)):
                send(db, guest, {f"m{cold}-1": Entry("1")}, key=f"key-number-{place}")
        with db.transaction() as writer:
            submit(writer, cast.owner.actor, cast.flat, {f"m{cold}-1": Entry("124")}, "", "key-of-owner", now=NOW)
        assert len(stored(db)) == 1

    def test_an_empty_form_costs_no_try(self, db, guest, cold):
        for _ in range(SENDS.free + 1):
            with pytest.raises(Refused, match="хотя бы одного"):
                send(db, guest, {})
        send(db, guest, {f"m{cold}-1": Entry("124")})


class TestReplacing:
    def test_a_guest_puts_right_what_a_guest_has_sent(self, db, guest, cold):
        send(db, guest, {f"m{cold}-1": Entry("126")})
        send(db, guest, {f"m{cold}-1": Entry("124")}, key="another-form")
        assert stored(db) == [(126_000, 8_000, True), (124_000, 6_000, False)]

    def test_but_not_what_a_resident_has_sent(self, db, cast, guest, cold):
        with db.transaction() as writer:
            submit(writer, cast.owner.actor, cast.flat, {f"m{cold}-1": Entry("124")}, "", "key-of-owner", now=NOW)
        said = told(db, guest, {f"m{cold}-1": Entry("125")})
        assert "за ноябрь уже передано из личного кабинета" in said
        assert "124" not in said
        assert stored(db) == [(124_000, 6_000, False)]

    def test_a_resident_puts_right_what_a_guest_has_sent(self, db, cast, guest, cold):
        send(db, guest, {f"m{cold}-1": Entry("130")})
        with db.transaction() as writer:
            submit(writer, cast.owner.actor, cast.flat, {f"m{cold}-1": Entry("124")}, "", "key-of-owner", now=NOW)
        assert stored(db) == [(130_000, 12_000, True), (124_000, 6_000, False)]


class TestAccess:
    def test_only_the_visited_account_takes_readings(self, db, cast, guest):
        theirs = make_meter(db, cast.house, "Чужой")
        with pytest.raises(NotFound):
            send(db, guest, {f"m{theirs}-1": Entry("1")})
        assert [meter.meter_id for meter in db.read(meters_for_guest, guest, now=NOW).meters] == []

    def test_a_visit_that_has_ended_reads_and_sends_nothing(self, db, guest, cookie, cold):
        db.write(end_visit, token_hash(cookie), now=NOW)
        with pytest.raises(Refused, match="Форма показаний закрыта"):
            db.read(meters_for_guest, guest, now=NOW)
        with pytest.raises(Refused, match="Форма показаний закрыта"):
            send(db, guest, {f"m{cold}-1": Entry("124")})
        assert stored(db) == []

    def test_a_visit_that_runs_out_during_the_call_sends_nothing(self, db, guest, cold):
        late = type(guest)(guest.visit_id, guest.account_id, guest.expires_at, NOW + timedelta(minutes=30))
        with pytest.raises(Refused, match="Форма показаний закрыта"):
            send(db, late, {f"m{cold}-1": Entry("124")})

    def test_another_account_behind_the_same_visit_is_not_visited(self, db, cast, guest, cold):
        forged = type(guest)(guest.visit_id, cast.house, guest.expires_at, NOW)
        with pytest.raises(Refused):
            db.read(meters_for_guest, forged, now=NOW)


class TestTerms:
    def test_a_closed_window_says_when_it_opens(self, db, cast, guest, cold):
        set_organization(db, cast.organization, window_opens=25, window_closes=28, takes_early=False)
        with pytest.raises(Refused, match="Приём откроется 25 ноября"):
            send(db, guest, {f"m{cold}-1": Entry("124")})

    def test_an_overdue_verification_warns_or_refuses(self, db, cast, guest):
        meter = make_meter(db, cast.flat, verification_due=date(2026, 11, 1))
        assert "по среднему или по нормативу" in send(db, guest, {f"m{meter}-1": Entry("3")}).readings[0].warning
        set_organization(db, cast.organization, refuses_unverified=True)
        assert "Срок поверки истёк" in told(db, guest, {f"m{meter}-1": Entry("4")}, key="another-form")

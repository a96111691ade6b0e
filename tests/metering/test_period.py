"""Readings of a period on the staff's desk: who has sent, what is doubtful and why, a check, one for a caller."""

from datetime import date, timedelta

import pytest
from sqlmodel import select

from lk_reflex.core.errors import Conflict, Invalid, NotFound, Refused
from lk_reflex.domain.accounts.tables import Account
from lk_reflex.domain.audit.tables import AuditEntry
from lk_reflex.domain.mail.tables import OutgoingMail
from lk_reflex.domain.metering.period.calling import CALLER, SUBJECT, TITLE, submit_for_caller
from lk_reflex.domain.metering.period.checking import mark_checked
from lk_reflex.domain.metering.period.doubts import Facts, doubts_of
from lk_reflex.domain.metering.period.listing import _LISTS, ALL, CHECKED, DOUBTFUL, PAGE, period_page, periods_of
from lk_reflex.domain.metering.sending.entries import Entry, NeedsConfirmation
from lk_reflex.domain.metering.sending.submit import submit
from lk_reflex.domain.metering.tables import BY_OPERATOR, SentReading, Submission
from lk_reflex.domain.notifications.tables import Notification
from tests.billing.plans import plan
from tests.cast import NOW, TODAY
from tests.metering.dials import KEY, NOVEMBER, OCTOBER, make_meter, monthly, put_sent, set_organization

LATER = NOW + timedelta(minutes=5)
PLAIN = Facts(frozenset(), 6_000, 6_000, "м³", 3, TODAY, date(2028, 1, 1), 0, by_anybody=False)


def facts(**more) -> Facts:
    known = {name: getattr(PLAIN, name) for name in Facts.__slots__}
    return Facts(**{**known, **more})


@pytest.mark.parametrize(
    ("given", "beginnings"),
    [
        ({}, ()),
        ({"by_anybody": True}, ()),
        (
            {"confirmed": frozenset({"unusual"}), "volume": 30_000},
            ("Большой расход 30,000\u00a0м³, обычно около 6,000\u00a0м³",),
        ),
        ({"confirmed": frozenset({"unusual"}), "usual": None}, ("Большой расход 6,000\u00a0м³: житель",)),
        ({"confirmed": frozenset({"rollover", "unusual"})}, ("Счётчик прошёл полный круг",)),
        ({"confirmed": frozenset({"zero"}), "volume": 0}, ("Показание не изменилось, расход нулевой: житель",)),
        (
            {"confirmed": frozenset({"unusual"}), "usual": None, "by_operator": True},
            ("Большой расход 6,000\u00a0м³: оператор подтвердил со слов звонящего",),
        ),
        ({"volume": 0}, ()),
        ({"volume": 1_200}, ()),
        ({"volume": 1_199}, ("Расход 1,199\u00a0м³ намного меньше обычного: около 6,000\u00a0м³",)),
        ({"volume": 1, "usual": None}, ()),
        ({"verification_due": TODAY}, ()),
        ({"verification_due": date(2026, 11, 19)}, ("Срок поверки истёк 19.11.2026",)),
        ({"verification_due": None}, ()),
        ({"others": 1}, ("За этот день переданы разные показания: 2",)),
        ({"others": 1, "by_anybody": True}, ("За этот день", "Передано без входа в кабинет")),
    ],
)
def test_why_a_reading_is_doubtful(given, beginnings):
    told = doubts_of(facts(**given))
    assert len(told) == len(beginnings)
    assert all(one.startswith(start) for one, start in zip(told, beginnings, strict=True)), told


@pytest.fixture
def meter(db, cast):
    """Cold water: 6,000 a month, 118,000 on 21.10.2026."""
    made = make_meter(db, cast.flat)
    monthly(db, made, "118", "6")
    return made


def listed(db, person, show=ALL, **more):
    (place,) = db.read(periods_of, person.actor, now=NOW)
    return db.read(period_page, person.actor, place, place.window.period, show=show, **more)


def send(db, cast, meter, value, *confirmations, key=KEY, now=NOW):
    given = {f"m{meter}-1": Entry(value)}
    try:
        return db.write(submit, cast.owner.actor, cast.flat, given, "", key, confirmations, now=now)
    except NeedsConfirmation as doubt:
        return send(db, cast, meter, value, *(one.token for one in doubt.questions), key=key, now=now)


def test_how_many_have_sent_and_what_is_doubtful(db, cast, meter):
    make_meter(db, cast.house)
    assert (listed(db, cast.operator).sent, listed(db, cast.operator).expected) == (0, 2)
    send(db, cast, meter, "124")
    page = listed(db, cast.operator)
    assert (page.sent, page.expected, len(page.readings)) == (1, 2, 1)
    assert (page.readings[0].doubts, page.readings[0].source) == ((), "Личный кабинет")
    assert listed(db, cast.operator, DOUBTFUL).readings == ()
    send(db, cast, meter, "174", key="another-form", now=LATER)
    (one,) = listed(db, cast.operator, DOUBTFUL).readings
    assert (one.value, one.volume) == (174_000, 56_000)
    assert one.doubts == (
        "Большой расход 56,000\u00a0м³: житель подтвердил", "За этот день переданы разные показания: 2",
    )  # fmt: skip


def test_what_is_usual_is_told_by_the_periods_before(db, cast, meter):
    for months in range(1, 4):
        put_sent(db, cast, meter, 118_000, period=OCTOBER.shift(1 - months), taken_on=OCTOBER.shift(1 - months).day(20))
    sent = put_sent(db, cast, meter, 118_100, period=NOVEMBER)
    with db.transaction() as writer:
        writer.session.get_one(SentReading, sent).volume = 100
    (one,) = listed(db, cast.operator, DOUBTFUL).readings
    assert one.doubts == ("Расход 0,100\u00a0м³ намного меньше обычного: около 2,000\u00a0м³",)


def test_a_checked_one_is_off_the_list_with_its_note(db, cast, meter):
    send(db, cast, meter, "174")
    (one,) = listed(db, cast.operator, DOUBTFUL).readings
    for said in ("", " ", "x" * 301):
        with pytest.raises(Invalid):
            db.write(mark_checked, cast.operator.actor, one.sent_id, said, now=LATER)
    for person in (cast.outsider, cast.owner):
        with pytest.raises(NotFound):
            db.write(mark_checked, person.actor, one.sent_id, "Позвонили", now=LATER)
    db.write(mark_checked, cast.operator.actor, one.sent_id, " Позвонили\0 ", now=LATER)
    with pytest.raises(Conflict):
        db.write(mark_checked, cast.colleague.actor, one.sent_id, "Я тоже", now=LATER)
    assert listed(db, cast.operator, DOUBTFUL).readings == ()
    assert [row.check_note for row in listed(db, cast.operator, CHECKED).readings] == ["Позвонили"]
    send(db, cast, meter, "184", key="another-form", now=LATER)  # a new one is doubtful anew
    assert len(listed(db, cast.operator, DOUBTFUL).readings) == 1


def test_another_organizations_readings_arent_there(db, cast, meter):
    send(db, cast, meter, "174")
    assert db.read(periods_of, cast.outsider.actor, now=NOW) == ()
    assert db.read(periods_of, cast.owner.actor, now=NOW) == ()
    (place,) = db.read(periods_of, cast.operator.actor, now=NOW)
    page = db.read(period_page, cast.outsider.actor, place, NOVEMBER, show=ALL)
    assert (page.readings, page.sent, page.expected) == ((), 0, 0)


def test_a_page_ends_and_the_next_one_goes_on(db, cast, meter):
    for number in range(PAGE + 2):
        put_sent(db, cast, make_meter(db, cast.flat, f"Прибор {number}"), 1_000)
    page = listed(db, cast.operator)
    assert (len(page.readings), page.more) == (PAGE, True)
    rest = listed(db, cast.operator, before=page.readings[-1].sent_id)
    assert (len(rest.readings), rest.more) == (2, False)


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
@pytest.mark.parametrize("show", [ALL, DOUBTFUL, CHECKED])
def test_no_list_walks_the_readings(db, cast, show):
    steps = plan(
        db, _LISTS[show], period=NOVEMBER, since=OCTOBER, before=2**62, organization_id=1,
        **cast.operator.actor.overseeing,
    )  # fmt: skip
    assert any("ix_sent_readings_period_id" in step for step in steps), steps
    assert not [step for step in steps if step.startswith("SCAN")], steps


def call(db, cast, meter, value, *confirmations, who="operator", key=KEY, caller="Анна Петровна, собственник"):
    given = {f"m{meter}-1": Entry(value)}
    person = getattr(cast, who).actor
    return db.write(
        submit_for_caller, person, cast.flat, given, "", key, confirmations, caller=caller, now=NOW
    )  # fmt: skip


def test_a_callers_reading_is_taken_once_and_told(db, cast, meter):
    taken = call(db, cast, meter, "124")
    assert call(db, cast, meter, "999") == taken  # the same press
    assert taken.readings[0].volume == 6_000
    with db.transaction() as writer:
        (submission,) = writer.session.exec(select(Submission)).all()
        assert (submission.source, submission.user_id, submission.entered_by) == (
            BY_OPERATOR, None, cast.operator.actor.user_id,
        )  # fmt: skip
        assert submission.caller == "Анна Петровна, собственник"
        assert len(writer.session.exec(select(SentReading)).all()) == 1
        lines = [
            (one.user_id, one.title) for one in writer.session.exec(select(Notification).order_by(Notification.id))
        ]
        letters = {(one.recipient, one.subject) for one in writer.session.exec(select(OutgoingMail))}
        deeds = [
            one
            for one in writer.session.exec(select(AuditEntry).order_by(AuditEntry.id))
            if one.action == "reading-entered"
        ]
        assert [(one.actor_id, one.account_id) for one in deeds] == [(cast.operator.actor.user_id, cast.flat)]
        assert not any("Анна" in str(one.detail) for one in deeds)
    people = [cast.owner.actor, cast.relative.actor]
    assert sorted(lines) == sorted((one.user_id, TITLE) for one in people)
    assert letters == {(one.email, SUBJECT) for one in people}
    assert [one.caller for one in listed(db, cast.operator).readings] == ["Анна Петровна, собственник"]


def test_the_residents_rules_hold_for_a_caller(db, cast, meter):
    with pytest.raises(Invalid) as fault:
        call(db, cast, meter, "117")
    assert list(fault.value.fields) == [f"m{meter}-1"]
    with pytest.raises(NeedsConfirmation) as doubt:
        call(db, cast, meter, "174")
    assert call(db, cast, meter, "174", doubt.value.questions[0].token).readings[0].value == 174_000
    (one,) = listed(db, cast.operator, DOUBTFUL).readings
    assert one.doubts == ("Большой расход 56,000\u00a0м³: оператор подтвердил со слов звонящего",)
    for caller in ("", " \0", "x" * 101):
        with pytest.raises(Invalid) as nameless:
            call(db, cast, meter, "125", key="another-form", caller=caller)
        assert list(nameless.value.fields) == [CALLER]
    set_organization(db, cast.organization, window_opens=1, window_closes=5, takes_early=False)
    with pytest.raises(Refused):
        call(db, cast, meter, "125", key="another-form")


@pytest.mark.parametrize("who", ["outsider", "owner", "stranger"])
def test_nobody_else_enters_readings(db, cast, meter, who):
    with pytest.raises(NotFound):
        call(db, cast, meter, "124", who=who)
    with db.transaction() as writer:
        assert writer.session.exec(select(Submission)).all() == []


def test_a_resident_may_put_a_callers_reading_right(db, cast, meter):
    call(db, cast, meter, "125")
    send(db, cast, meter, "124", key="another-form")
    with db.transaction() as writer:
        rows = [
            (one.value, one.replaced_at is None)
            for one in writer.session.exec(select(SentReading).order_by(SentReading.id))
        ]
        assert writer.session.get_one(Account, cast.flat).organization_id == cast.organization
    assert sorted(rows) == [(124_000, True), (125_000, False)]

"""A form filled before the window opens: kept, sent once on its morning, or told of; on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import text
from sqlmodel import select

from lk_reflex.core.errors import DomainError, Invalid, NotFound, Refused
from lk_reflex.core.months import Month
from lk_reflex.domain.accounts.tables import Account
from lk_reflex.domain.accounts.unlinking import unlink_account
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.identity.tables import AccountLink, User
from lk_reflex.domain.metering.sending.entries import Entry, NeedsConfirmation
from lk_reflex.domain.metering.sending.submit import submit
from lk_reflex.domain.metering.sending.taken import Taken
from lk_reflex.domain.metering.sending.waiting import Waiting, send_when_open, waiting_of, withdraw
from lk_reflex.domain.metering.sending.waiting_send import send_waiting
from lk_reflex.domain.metering.tables import Meter, SentReading, Submission, WaitingForm
from lk_reflex.jobs.waiting import WaitingForms
from tests.cast import NOW
from tests.metering.dials import bill, make_meter, monthly, set_organization

KEY, SITE = "key-of-an-early-form", "https://lk.example.org"
#: The window opens on 5 December; at 8:00 in Yekaterinburg it is 3:00 UTC.
EVE = datetime(2026, 12, 4, 20, 0, tzinfo=UTC)
NIGHT = datetime(2026, 12, 5, 2, 59, tzinfo=UTC)
MORNING = datetime(2026, 12, 5, 3, 0, tzinfo=UTC)
LATE = datetime(2026, 12, 16, 10, 0, tzinfo=UTC)


@pytest.fixture
def cold(db, cast):
    set_organization(db, cast.organization, window_opens=5, window_closes=15, takes_early=False, phone="112")
    meter = make_meter(db, cast.flat)
    monthly(db, meter, "118", "6")
    return meter


def put(db, cast, entries, *, key=KEY, yes=(), now=NOW, who="owner", taken_on=""):
    return db.write(send_when_open, getattr(cast, who).actor, cast.flat, entries, taken_on, key, yes, now=now)


def work(db, now):
    """The worker at that moment, until nothing is left."""
    job = WaitingForms(db, site=SITE, clock=lambda: now)
    while job.step():
        pass


def rows(db, table):
    with db.transaction() as writer:
        return writer.session.exec(select(table).order_by(table.id)).all()


def forms(db):
    with db.transaction() as writer:
        return [(one.outcome, one.reason) for one in writer.session.exec(select(WaitingForm).order_by(WaitingForm.id))]


def values(db):
    with db.transaction() as writer:
        found = writer.session.exec(select(SentReading).order_by(SentReading.id)).all()
        return [(one.value, one.period, one.taken_on, one.replaced_at is None) for one in found]


def told(db):
    with db.engine.connect() as connection:
        return connection.execute(text("SELECT user_id, title, body, account_id FROM notifications ORDER BY id")).all()


def letters(db):
    with db.engine.connect() as connection:
        found = connection.execute(text("SELECT kind, recipient, plain FROM outgoing_mail ORDER BY id"))
        return [tuple(row) for row in found]


def test_an_early_form_waits_and_goes_once_on_its_morning(db, cast, cold):
    waiting = put(db, cast, {f"m{cold}-1": Entry("124,5")})
    assert (waiting.opens_on, waiting.period, waiting.taken_on) == (
        date(2026, 12, 5), Month(2026, 12), date(2026, 11, 20),
    )  # fmt: skip
    assert values(db) == []
    for moment in (EVE, NIGHT):
        work(db, moment)
    assert values(db) == []
    for moment in (MORNING, MORNING + timedelta(minutes=1), LATE):
        work(db, moment)
    assert values(db) == [(124_500, Month(2026, 12), date(2026, 11, 20), True)]
    assert forms(db) == [("sent", "")]
    with db.transaction() as writer:
        assert [one.key for one in writer.session.exec(select(Submission).order_by(Submission.id)).all()] == [KEY]
    assert [(row.user_id, row.title) for row in told(db)] == [(cast.owner.actor.user_id, "Показания переданы")]
    assert [(kind, to) for kind, to, _ in letters(db)] == [("readings", "owner@example.org")]


def test_the_rules_are_judged_and_the_questions_asked_at_once(db, cast, cold):
    with pytest.raises(Invalid) as fault:
        put(db, cast, {f"m{cold}-1": Entry("18")})
    assert "Меньше последнего" in fault.value.fields[f"m{cold}-1"]
    with pytest.raises(NeedsConfirmation) as doubt:
        put(db, cast, {f"m{cold}-1": Entry("218")})
    assert forms(db) == []
    put(db, cast, {f"m{cold}-1": Entry("218")}, yes=[doubt.value.questions[0].token])
    work(db, MORNING)
    assert [value[0] for value in values(db)] == [218_000]


def test_the_same_press_twice_is_one_form(db, cast, cold):
    first, second = (put(db, cast, {f"m{cold}-1": Entry("124")}) for _ in range(2))
    assert first == second
    assert len(forms(db)) == 1


def test_a_new_form_takes_the_place_of_the_one_that_waits(db, cast, cold):
    put(db, cast, {f"m{cold}-1": Entry("124")})
    put(db, cast, {f"m{cold}-1": Entry("125")}, key="key-of-a-second-form")
    assert forms(db) == [("replaced", ""), ("", "")]
    assert told(db) == []  # the person knows what they have done
    put(db, cast, {f"m{cold}-1": Entry("126")}, key="key-of-a-third-form", who="relative")
    assert [(row.user_id, row.title) for row in told(db)] == [
        (cast.owner.actor.user_id, "Отложенные показания заменены")
    ]
    work(db, MORNING)
    assert [value[0] for value in values(db)] == [126_000]


def test_a_cancelled_form_never_goes(db, cast, cold):
    form = put(db, cast, {f"m{cold}-1": Entry("124")})
    for actor in (cast.stranger.actor, cast.operator.actor):
        with pytest.raises(NotFound):
            db.write(withdraw, actor, cast.flat, form.form_id, now=NOW)
    db.write(withdraw, cast.owner.actor, cast.flat, form.form_id, now=NOW)
    work(db, MORNING)
    assert (forms(db), values(db)) == ([("withdrawn", "")], [])
    with pytest.raises(NotFound):  # a late repeat of the press doesn't bring it back
        put(db, cast, {f"m{cold}-1": Entry("124")})


def test_strangers_see_and_keep_nothing(db, cast, cold):
    put(db, cast, {f"m{cold}-1": Entry("124")})
    with pytest.raises(NotFound):
        put(db, cast, {f"m{cold}-1": Entry("130")}, who="stranger", key="key-of-a-stranger")
    assert db.read(waiting_of, cast.stranger.actor, cast.flat, now=NOW) is None
    seen = db.read(waiting_of, cast.relative.actor, cast.flat, now=NOW)
    assert (seen.mine, [row.reading for row in seen.rows]) == (False, ["124"])


def test_a_form_pressed_after_the_window_has_opened_is_simply_sent(db, cast, cold):
    taken = put(db, cast, {f"m{cold}-1": Entry("124")}, now=MORNING)
    assert isinstance(taken, Taken)
    assert forms(db) == []


def test_what_has_been_sent_by_hand_since_is_left_alone(db, cast, cold):
    hot = make_meter(db, cast.flat, "ГВС С/У", serial="34230774", resource="ГВС")
    monthly(db, hot, "84", "2")
    put(db, cast, {f"m{cold}-1": Entry("124"), f"m{hot}-1": Entry("86")})
    db.write(submit, cast.relative.actor, cast.flat, {f"m{cold}-1": Entry("125")}, "05.12.2026", "by-hand-key", (),
             now=NIGHT)  # fmt: skip
    work(db, MORNING)
    assert sorted(value[0] for value in values(db) if value[3]) == [86_000, 125_000]
    assert "Те, что вы передали сами, остались" in told(db)[0].body


def test_a_form_of_which_all_has_been_sent_is_not_needed(db, cast, cold):
    put(db, cast, {f"m{cold}-1": Entry("124")})
    db.write(submit, cast.owner.actor, cast.flat, {f"m{cold}-1": Entry("125")}, "", "by-hand-key", (), now=NIGHT)
    work(db, MORNING)
    assert [value[0] for value in values(db)] == [125_000]
    assert forms(db) == [("replaced", "")]
    assert told(db)[0].title == "Отложенные показания не понадобились"


def test_the_form_itself_sent_by_hand_is_not_sent_again(db, cast, cold):
    put(db, cast, {f"m{cold}-1": Entry("124")})
    db.write(submit, cast.owner.actor, cast.flat, {f"m{cold}-1": Entry("124")}, "", KEY, (), now=NIGHT)
    work(db, MORNING)
    assert (len(values(db)), forms(db)) == (1, [("sent", "")])
    assert len(letters(db)) == 1


REFUSALS = {
    "lower": "ХВС С/У № 26616450: Меньше последнего показания 130,000",
    "question": "Показание такое же, как последнее",
    "newer": "Дата раньше последнего показания",
    "meter closed": "Расчёт по этому прибору окончен 01.12.2026",
    "unverified": "Срок поверки истёк 01.12.2026",
    "account closed": "Лицевой счет закрыт 01.12.2026",
    "only sees": "Вы только смотрите показания",
    "too late": "Приём показаний за декабрь уже закончился",
}


def happen(db, cast, meter, what):
    """Something between the filling and the morning."""
    with db.transaction() as writer:
        if what == "meter closed":
            writer.session.get_one(Meter, meter).ended_on = date(2026, 12, 1)
        if what == "unverified":
            writer.session.get_one(Meter, meter).verification_due = date(2026, 12, 1)
        if what == "account closed":
            writer.session.get_one(Account, cast.flat).closed_on = date(2026, 12, 1)
        if what == "only sees":
            links = writer.session.exec(
                select(AccountLink).where(AccountLink.account_id == cast.flat).order_by(AccountLink.id)
            ).all()
            for link in links:
                link.may_send = False
    if what == "lower":
        bill(db, meter, ("20.11.2026", "130"), source="Контролёр")
    if what == "question":
        bill(db, meter, ("20.11.2026", "124"), source="Контролёр")
    if what == "newer":
        bill(db, meter, ("30.11.2026", "120"), source="Контролёр")
    if what == "unverified":
        set_organization(db, cast.organization, refuses_unverified=True)


@pytest.mark.parametrize("what", REFUSALS)
def test_what_no_longer_holds_is_told_and_the_typed_values_stay(db, cast, cold, what):
    put(db, cast, {f"m{cold}-1": Entry("124")})
    happen(db, cast, cold, what)
    moment = LATE if what == "too late" else MORNING
    for _ in range(2):
        work(db, moment)
    assert values(db) == []
    ((outcome, reason),) = forms(db)
    assert outcome == "refused"
    assert REFUSALS[what] in reason.replace("\u00a0", " ")
    ((user, title, body, account),) = told(db)
    assert (user, title, account) == (cast.owner.actor.user_id, "Отложенные показания не переданы", cast.flat)
    assert REFUSALS[what] in body.replace("\u00a0", " ")
    ((kind, to, plain),) = letters(db)
    assert (kind, to) == ("readings-waiting", "owner@example.org")
    assert "124" in plain and "1234567899" in plain and f"{SITE}/readings" in plain
    seen = db.read(waiting_of, cast.owner.actor, cast.flat, now=MORNING)
    assert (seen.refused, [row.reading for row in seen.rows]) == (True, ["124"])
    assert db.read(waiting_of, cast.relative.actor, cast.flat, now=MORNING) is None


def test_whoever_lost_the_account_is_told_without_it(db, cast, cold):
    put(db, cast, {f"m{cold}-1": Entry("124")})
    db.write(unlink_account, cast.owner.actor, cast.flat, client=Client("10.0.0.1"), now=NOW)
    work(db, MORNING)
    assert values(db) == []
    ((_, _, body, account),) = told(db)
    ((_, _, plain),) = letters(db)
    assert account is None
    assert "больше не привязан" in body and "больше не привязан" in plain
    assert "124" not in body + plain and "1234567899" not in body + plain


def test_a_relative_whose_right_has_ended_sends_nothing(db, cast, cold):
    put(db, cast, {f"m{cold}-1": Entry("124")}, who="relative")
    with db.transaction() as writer:
        link = writer.session.exec(select(AccountLink).where(AccountLink.user_id == cast.relative.actor.user_id)).one()
        link.ends_at = NIGHT
    work(db, MORNING)
    assert (values(db), [outcome for outcome, _ in forms(db)]) == ([], ["refused"])


def test_a_blocked_person_sends_and_hears_nothing(db, cast, cold):
    put(db, cast, {f"m{cold}-1": Entry("124")})
    with db.transaction() as writer:
        writer.session.get_one(User, cast.owner.actor.user_id).blocked_at = NOW
    work(db, MORNING)
    assert (values(db), told(db), letters(db)) == ([], [], [])


def test_an_organization_that_moves_its_days_is_waited_for(db, cast, cold):
    put(db, cast, {f"m{cold}-1": Entry("124")})
    set_organization(db, cast.organization, window_opens=10, window_closes=20)
    work(db, MORNING)
    assert values(db) == []
    work(db, MORNING + timedelta(days=5))
    assert [value[0] for value in values(db)] == [124_000]


def test_a_crash_between_the_two_steps_loses_nothing(db, cast, cold, monkeypatch):
    put(db, cast, {f"m{cold}-1": Entry("124")})
    happen(db, cast, cold, "lower")

    def dies(*_args, **_more):
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr("lk_reflex.domain.metering.sending.waiting_send.queue", dies)
        with pytest.raises(KeyboardInterrupt):
            work(db, MORNING)
    assert (forms(db), told(db)) == ([("", "")], [])
    work(db, MORNING)
    assert len(told(db)) == len(letters(db)) == 1


def test_a_form_that_cannot_be_sent_at_all_holds_up_nobody(db, cast, cold, monkeypatch):
    garden = make_meter(db, cast.house, "Сад")
    monthly(db, garden, "10", "1")
    put(db, cast, {f"m{cold}-1": Entry("124")})
    db.write(send_when_open, cast.stranger.actor, cast.house, {f"m{garden}-1": Entry("11")}, "", "key-of-a-garden",
             (), now=NOW)  # fmt: skip
    with db.transaction() as writer:
        writer.session.exec(select(WaitingForm).order_by(WaitingForm.id)).first().entries = {"m1-1": None}
    work(db, MORNING)
    assert [value[0] for value in values(db)] == [11_000]


def test_two_workers_at_the_same_instant_send_once(db, cast, cold):
    form = put(db, cast, {f"m{cold}-1": Entry("124")})
    start = Barrier(3)

    def one(_):
        start.wait()
        return send_waiting(db, form.form_id, site=SITE, now=MORNING)

    with ThreadPoolExecutor(3) as threads:
        outcomes = sorted(threads.map(one, range(3)))
    assert outcomes == ["", "", "sent"]
    assert (len(values(db)), len(letters(db)), len(told(db))) == (1, 1, 1)


def test_the_worker_and_a_hand_at_the_same_instant_end_with_one_that_counts(db, cast, cold):
    form = put(db, cast, {f"m{cold}-1": Entry("124")})
    start = Barrier(2)

    def worker():
        start.wait()
        return send_waiting(db, form.form_id, site=SITE, now=MORNING)

    def hand():
        start.wait()
        entries = {f"m{cold}-1": Entry("125")}
        return db.write(submit, cast.owner.actor, cast.flat, entries, "", "by-hand-key", (), now=MORNING)

    with ThreadPoolExecutor(2) as threads:
        done = [threads.submit(worker), threads.submit(hand)]
        assert [type(one.result()).__name__ for one in done] == ["str", "Taken"]
    # Whichever was first: the person's own later word counts.
    assert [value[0] for value in values(db) if value[3]] == [125_000]


def test_two_devices_leave_one_form(db, cast, cold):
    start = Barrier(2)

    def one(person, value):
        start.wait()
        try:
            return put(db, cast, {f"m{cold}-1": Entry(value)}, key=f"early-form-{value}", who=person)
        except DomainError as fault:
            return fault

    with ThreadPoolExecutor(2) as threads:
        results = list(threads.map(one, ("owner", "relative"), ("124", "125")))
    assert all(isinstance(one, Waiting) for one in results)
    assert sorted(outcome for outcome, _ in forms(db)) == ["", "replaced"]


def test_a_refused_form_is_put_away(db, cast, cold):
    put(db, cast, {f"m{cold}-1": Entry("124")})
    happen(db, cast, cold, "lower")
    work(db, MORNING)
    seen = db.read(waiting_of, cast.owner.actor, cast.flat, now=MORNING)
    db.write(withdraw, cast.owner.actor, cast.flat, seen.form_id, now=MORNING)
    assert db.read(waiting_of, cast.owner.actor, cast.flat, now=MORNING) is None


def test_a_closed_account_takes_no_early_form(db, cast, cold):
    with db.transaction() as writer:
        writer.session.get_one(Account, cast.flat).closed_on = date(2026, 11, 1)
    with pytest.raises(Refused):
        put(db, cast, {f"m{cold}-1": Entry("124")})

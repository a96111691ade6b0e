"""«Показания не приняты»: who is told, once, in the feed and by mail, and what only billing needs to know."""

from datetime import timedelta

import pytest
from sqlmodel import select as of

from lk_reflex.domain.identity.tables import AccountLink, User
from lk_reflex.domain.mail.topics import READINGS, choose
from lk_reflex.domain.metering.answering.answers import Answer, take_answers
from lk_reflex.domain.metering.tables import ReadingAnswer, SentReading
from lk_reflex.domain.notifications.tables import Notification
from lk_reflex.jobs import answers
from lk_reflex.jobs.answers import Answerer
from tests.cast import NOW, TODAY
from tests.mail.conftest import outbox
from tests.metering.dials import answer_sent, make_meter, put_sent

OWNER, RELATIVE, STRANGER = (f"{name}@example.org" for name in ("owner", "relative", "stranger"))
REASON = "Показание меньше контрольного от 15.11.2026"
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def meter(db, cast):
    return make_meter(db, cast.flat)


def work(db, now=NOW):
    answerer = Answerer(db, site="https://lk.example.org", clock=lambda: now)
    while answerer.step():
        pass
    return outbox(db)


def feed(db) -> list[tuple]:
    with db.transaction() as writer:
        return [
            (one.user_id, one.title, one.body.replace("\u00a0", " "))
            for one in writer.session.exec(of(Notification).order_by(Notification.id))
        ]


def change(db, table, condition, **facts):
    with db.transaction() as writer:
        for found in writer.session.exec(of(table).where(condition)):
            for name, value in facts.items():
                setattr(found, name, value)


def test_the_sender_is_told_the_reason_and_what_to_do(db, cast, meter):
    answer_sent(db, put_sent(db, cast, meter, 120_000), refused=REASON)
    letters = work(db)
    assert set(letters) == {OWNER}
    letter = letters[OWNER]
    plain = letter.plain.replace("\u00a0", " ")
    assert (letter.subject, letter.kind) == ("Показания не приняты", "reading-answer")
    assert "за ноябрь 2026, снятые 20.11.2026" in plain
    assert f"ХВС С/У, № 26616450: 120,000 м³. Причина: {REASON}" in plain
    assert "https://lk.example.org/readings" in plain
    ((user, title, body),) = feed(db)
    assert (user, title) == (cast.owner.actor.user_id, "Показания не приняты")
    assert REASON in body and "передайте их заново" in body


def test_once_however_often_the_job_comes_by(db, cast, meter):
    answer_sent(db, put_sent(db, cast, meter, 120_000), refused=REASON)
    work(db)
    work(db, LATER)
    assert len(feed(db)) == 1


def test_accounted_is_what_everybody_expects_and_is_not_told(db, cast, meter):
    put_sent(db, cast, meter, 120_000)
    db.write(take_answers, [Answer(meter, 1, TODAY, None, accounted=True)], import_id=1, now=NOW)
    assert (work(db), feed(db)) == ({}, [])


def test_a_change_of_mind_is_told_anew(db, cast, meter):
    put_sent(db, cast, meter, 120_000)
    for import_id, accounted, reason in ((1, False, REASON), (2, False, "Другая причина"), (3, True, "")):
        answer = Answer(meter, 1, TODAY, None, accounted, reason)
        db.write(take_answers, [answer], import_id=import_id, now=NOW)
        work(db)
    titles = [title for _user, title, _body in feed(db)]
    assert titles == ["Показания не приняты"] * 2 + ["Показания всё-таки учтены"]


def test_several_readings_of_one_sending_are_one_letter(db, cast, meter):
    other = make_meter(db, cast.flat, "ГВС", serial="2")
    first, second = put_sent(db, cast, meter, 120_000), put_sent(db, cast, other, 80_000)
    with db.transaction() as writer:
        writer.session.get_one(SentReading, second).submission_id = writer.session.get_one(
            SentReading, first
        ).submission_id
    answer_sent(db, first, refused=REASON)
    answer_sent(db, second, refused="Прибор снят с расчёта")
    letters = work(db)
    assert "Прибор снят с расчёта" in letters[OWNER].plain and REASON in letters[OWNER].plain
    assert len(feed(db)) == 1


def test_of_a_guests_sending_the_holders_are_told(db, cast, meter):
    change(db, AccountLink, AccountLink.user_id == cast.relative.actor.user_id, grant_id=None)
    answer_sent(db, put_sent(db, cast, meter, 120_000, who=""), refused=REASON)
    assert set(work(db)) == {OWNER, RELATIVE}


def test_who_sees_the_account_no_more_is_told_nothing(db, cast, meter):
    answer_sent(db, put_sent(db, cast, meter, 120_000, who="stranger"), refused=REASON)
    change(db, AccountLink, AccountLink.user_id == cast.relative.actor.user_id, ends_at=NOW - timedelta(days=1))
    assert set(work(db)) == {OWNER}
    assert STRANGER not in work(db)


def test_who_wants_no_letters_has_the_feed_and_who_is_gone_has_neither(db, cast, meter):
    sent = put_sent(db, cast, meter, 120_000)
    db.write(choose, cast.owner.actor.user_id, READINGS, False, now=NOW)
    answer_sent(db, sent, refused=REASON)
    assert (work(db), len(feed(db))) == ({}, 1)
    change(db, User, User.email == OWNER, blocked_at=NOW)
    change(db, ReadingAnswer, ReadingAnswer.sent_reading_id == sent, told_at=None)
    assert set(work(db)) == {RELATIVE}


def test_what_was_replaced_meanwhile_is_no_news(db, cast, meter):
    answer_sent(db, put_sent(db, cast, meter, 120_000, replaced_at=NOW), refused=REASON)
    assert (work(db), feed(db)) == ({}, [])
    with db.transaction() as writer:
        assert [one.told_at for one in writer.session.exec(of(ReadingAnswer).order_by(ReadingAnswer.id))] == [
            None
        ]  # nobody was


def test_many_are_told_in_portions_and_not_into_a_crowd(db, cast, monkeypatch):
    monkeypatch.setattr(answers, "PORTION", 2)
    monkeypatch.setattr(answers, "CROWD", 5)
    for place in range(7):
        meter = make_meter(db, cast.flat, f"ХВС {place}", serial=str(place))
        answer_sent(db, put_sent(db, cast, meter, 120_000), refused=REASON)
    work(db)
    assert len(feed(db)) == 6  # three portions; then five letters and more wait in the outbox


def test_two_workers_at_once_tell_once(db, cast, meter):
    from tests.metering.test_correction_desk import race

    answer_sent(db, put_sent(db, cast, meter, 120_000), refused=REASON)
    assert race(lambda: work(db), lambda: work(db)) == ["done", "done"]
    assert len(feed(db)) == 1

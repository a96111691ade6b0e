"""The thread of a request: who may write, until when, how much, with which files, and who sees what."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from lk_reflex.core.errors import Conflict, Invalid, NotFound, Refused
from lk_reflex.core.signals import EVERY_DESK, QUEUE, REQUEST, Ear, Heard
from lk_reflex.domain.audit.tables import AuditEntry
from lk_reflex.domain.notifications.lines import feed
from lk_reflex.domain.personal_data.words import DEEDS
from lk_reflex.domain.requests import thread
from lk_reflex.domain.requests.attaching import add_file, files_of, remove_file, waiting_files
from lk_reflex.domain.requests.closing import OPEN_AFTER_END
from lk_reflex.domain.requests.machine import ENDED, Status
from lk_reflex.domain.requests.own import own_request
from lk_reflex.domain.requests.rating import MOST, rate
from lk_reflex.domain.requests.tables import RequestEvent
from lk_reflex.domain.requests.thread import (
    BY_PERSON,
    BY_STAFF,
    CLOSED,
    CLOSED_TO_STAFF,
    IN_REQUEST,
    LONGEST,
    NOT_IN_NOTE,
    NOT_SENT,
    answer,
    note_for_staff,
    say,
)
from lk_reflex.integrations.storage.folder import FolderStore
from tests.cast import NOW
from tests.files.photos import photo
from tests.requests.lives import SITE, lead, make_request, row_of, step, version_of

NUMBER = "261120000001"
_EVENTS = select(
    col(RequestEvent.id), col(RequestEvent.kind), col(RequestEvent.author), col(RequestEvent.actor_id),
    col(RequestEvent.comment),
).order_by(col(RequestEvent.id))  # fmt: skip
_DEEDS = select(col(AuditEntry.action), col(AuditEntry.actor_id), col(AuditEntry.detail)).order_by(col(AuditEntry.id))


def lines(db, kind="message"):
    return [row for row in db.read(lambda r: r.rows(_EVENTS)) if row.kind == kind]


@pytest.fixture
def request_id(db, cast):
    return make_request(db, cast.organization, cast.owner.actor.user_id)


@pytest.fixture
def sent(db, request_id):
    lead(db, request_id, Status.SENT)
    return request_id


def write(db, person, text="Когда придёт мастер?", *, now=NOW, service=say, **more):
    return db.write(service, person.actor, NUMBER, text, now=now, site=SITE, **more)


def test_both_sides_write_in_turn(db, cast, sent):
    version = version_of(db, sent)
    first = write(db, cast.owner, " Когда?\u200b ", version=version)
    second = write(db, cast.operator, "Завтра", service=answer, version=first.version)
    assert (first.version, second.version) == (version + 1, version + 2)
    assert [(row.author, row.actor_id, row.comment) for row in lines(db)] == [
        ("resident", cast.owner.actor.user_id, "Когда?"),
        ("operator", cast.operator.actor.user_id, "Завтра"),
    ]
    row = row_of(db, sent)
    assert (row.status, row.version, row.comment) == ("sent", version + 2, "")


@pytest.mark.parametrize("who", ["relative", "stranger", "operator", "admin"])
def test_only_its_person_writes_as_the_person(db, cast, sent, who):
    with pytest.raises(NotFound):
        write(db, getattr(cast, who))


@pytest.mark.parametrize("who", ["owner", "relative", "stranger", "outsider"])
@pytest.mark.parametrize("service", [answer, note_for_staff])
def test_only_staff_on_duty_for_its_organization_write_as_staff(db, cast, sent, who, service):
    given = {"now": NOW} if service is note_for_staff else {"now": NOW, "site": SITE}
    with pytest.raises(NotFound):
        db.write(service, getattr(cast, who).actor, NUMBER, "Текст", **given)


@pytest.mark.parametrize("who", ["operator", "colleague", "admin"])
def test_everybody_on_duty_may_answer(db, cast, sent, who):
    write(db, getattr(cast, who), service=answer)
    assert len(lines(db)) == 1


def test_nobody_writes_about_a_draft(db, cast, request_id):
    with pytest.raises(Refused, match=NOT_SENT):
        write(db, cast.owner)
    with pytest.raises(NotFound):
        write(db, cast.operator, service=answer)


@pytest.mark.parametrize("status", [one for one in Status if one is not Status.DRAFT])
def test_the_person_writes_from_the_sending_until_thirty_days_after_the_end(db, cast, request_id, status):
    lead(db, request_id, status)
    write(db, cast.owner, now=NOW + OPEN_AFTER_END - timedelta(seconds=1))
    if status in ENDED:
        with pytest.raises(Refused, match=CLOSED):
            write(db, cast.owner, "Ещё", now=NOW + OPEN_AFTER_END)
    else:
        write(db, cast.owner, "Ещё", now=NOW + OPEN_AFTER_END)


def test_an_answer_reaches_nobody_where_the_login_is_gone(db, cast):
    request_id = make_request(db, cast.organization, None)
    lead(db, request_id, Status.SENT)
    with pytest.raises(Refused, match="удалена"):
        write(db, cast.operator, service=answer)


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "\u200b", "\0"])
def test_nothing_is_no_message(db, cast, sent, text):
    for person, service in ((cast.owner, say), (cast.operator, answer)):
        with pytest.raises(Invalid) as fault:
            write(db, person, text, service=service)
        assert set(fault.value.fields) == {"text"}
    with pytest.raises(Invalid):
        db.write(note_for_staff, cast.operator.actor, NUMBER, text, now=NOW)


def test_a_book_is_no_message(db, cast, sent):
    write(db, cast.owner, "я" * LONGEST)
    with pytest.raises(Invalid, match="Исправьте"):
        write(db, cast.owner, "я" * (LONGEST + 1))


def test_a_second_press_is_quiet_and_the_same_words_later_are_a_message(db, cast, sent):
    version = version_of(db, sent)
    first = write(db, cast.owner, version=version)
    again = write(db, cast.owner, version=version)
    assert again == first and len(lines(db)) == 1
    write(db, cast.owner, now=NOW + timedelta(minutes=6))
    assert len(lines(db)) == 2


def test_five_presses_at_once_are_one_message(db, cast, sent):
    start = threading.Barrier(5)
    version, faults = version_of(db, sent), []

    def press():
        start.wait()
        try:
            write(db, cast.owner, version=version)
        except Conflict as fault:
            faults.append(fault)

    presses = [threading.Thread(target=press) for _ in range(5)]
    for one in presses:
        one.start()
    for one in presses:
        one.join()
    assert len(lines(db)) == 1 and faults == []


def test_whoever_has_missed_something_is_told_and_nothing_is_written(db, cast, sent):
    version = version_of(db, sent)
    step(db, sent, Status.ACCEPTED)
    for person, service in ((cast.owner, say), (cast.operator, answer)):
        with pytest.raises(Conflict, match="тем временем"):
            write(db, person, service=service, version=version)
    assert lines(db) == []
    write(db, cast.owner)  # without a version nothing is claimed to have been seen


def test_an_operators_move_meets_the_persons_message(db, cast, sent):
    """Scenario 38: the operator decides by what they saw, and it has changed meanwhile."""
    seen = version_of(db, sent)
    write(db, cast.owner, "Уже не нужно, спасибо")
    with pytest.raises(Conflict):
        step_from(db, sent, seen)
    assert row_of(db, sent).status == "sent"


def step_from(db, request_id, version):
    from lk_reflex.domain.requests.history import Author
    from lk_reflex.domain.requests.moving import move

    db.write(move, request_id, Status.ACCEPTED, version=version, author=Author.OPERATOR, site=SITE, now=NOW)


def test_what_is_to_be_corrected_stays_on_the_screen_whatever_is_written_since(db, cast, sent):
    step(db, sent, Status.ACCEPTED)
    step(db, sent, Status.CORRECTING, comment="Нет акта", fields=("text",))
    write(db, cast.operator, "Жду", service=answer)
    assert (row_of(db, sent).comment, row_of(db, sent).to_correct) == ("Нет акта", ["text"])


def test_a_flood_is_held_back_and_an_hour_later_goes_on(db, cast, sent):
    for n in range(IN_REQUEST.free):
        write(db, cast.owner, f"Сообщение {n}")
    with pytest.raises(Refused, match="много сообщений"):
        write(db, cast.owner, "Ещё одно")
    assert len(lines(db)) == IN_REQUEST.free < BY_PERSON.free
    write(db, cast.operator, "Понял", service=answer)
    write(db, cast.owner, "Спасибо", now=NOW + timedelta(hours=1))


def test_an_operator_answers_all_day_long_and_a_flood_is_stopped(db, cast, sent, monkeypatch):
    for n in range(BY_PERSON.free + 2):
        write(db, cast.operator, f"Ответ {n}", service=answer)
    monkeypatch.setattr(thread, "BY_STAFF", replace(BY_STAFF, free=BY_PERSON.free + 3))
    db.write(note_for_staff, cast.operator.actor, NUMBER, "Заметка", now=NOW)
    with pytest.raises(Refused, match="много сообщений"):
        write(db, cast.operator, "Ещё один", service=answer)
    with pytest.raises(Refused, match="много сообщений"):
        db.write(note_for_staff, cast.operator.actor, NUMBER, "Ещё одна", now=NOW)
    write(db, cast.owner)


def test_the_reason_of_a_refusal_stays_whatever_is_written_since(db, cast, request_id):
    lead(db, request_id, Status.REFUSED)
    reason = row_of(db, request_id).comment
    write(db, cast.operator, "Хорошего дня", service=answer)
    assert reason and row_of(db, request_id).comment == reason
    assert db.read(own_request, cast.owner.actor, NUMBER).comment == reason


def test_staff_answer_until_thirty_days_after_the_end_and_note_for_ever(db, cast, request_id):
    lead(db, request_id, Status.DONE)
    write(db, cast.operator, service=answer, now=NOW + OPEN_AFTER_END - timedelta(seconds=1))
    with pytest.raises(Refused, match=CLOSED_TO_STAFF):
        write(db, cast.operator, "Ещё", service=answer, now=NOW + OPEN_AFTER_END)
    db.write(note_for_staff, cast.operator.actor, NUMBER, "Звонили", now=NOW + OPEN_AFTER_END)


def test_a_note_is_for_staff_alone(db, cast, sent):
    ear = Ear()
    db.read(ear.listen)
    version = version_of(db, sent)
    db.write(note_for_staff, cast.operator.actor, NUMBER, "Скандальный, перезвонить", now=NOW)
    db.write(note_for_staff, cast.operator.actor, NUMBER, "Скандальный, перезвонить", now=NOW)
    (row,) = lines(db, "note")
    assert (row.author, row.actor_id) == ("operator", cast.operator.actor.user_id)
    assert {one.user_id for one in db.read(ear.listen)} == {EVERY_DESK}
    assert "Скандальный" not in repr(db.read(own_request, cast.owner.actor, NUMBER))
    assert version_of(db, sent) == version and row_of(db, sent).comment == ""


def test_both_sides_tabs_hear_of_a_message(db, cast, sent):
    for person, service in ((cast.owner, say), (cast.operator, answer)):
        ear = Ear()
        db.read(ear.listen)
        write(db, person, service=service)
        heard = db.read(ear.listen)
        assert Heard(cast.owner.actor.user_id, REQUEST, NUMBER) in heard and Heard(EVERY_DESK, QUEUE, NUMBER) in heard


def test_what_staff_write_is_in_the_audit_log_by_numbers_alone(db, cast, sent):
    write(db, cast.operator, "Тайна", service=answer)
    write(db, cast.operator, "Тайна", service=answer)
    db.write(note_for_staff, cast.operator.actor, NUMBER, "Тайна", now=NOW)
    deeds = db.read(lambda r: r.rows(_DEEDS))
    assert [(row.action, row.actor_id, dict(row.detail)) for row in deeds] == [
        ("request-answered", cast.operator.actor.user_id, {"request": sent}),
        ("request-noted", cast.operator.actor.user_id, {"request": sent}),
    ]
    assert {row.action for row in deeds} <= set(DEEDS)


@pytest.fixture
def ended(db, request_id):
    lead(db, request_id, Status.DONE)
    return request_id


def test_the_mark_is_kept_and_may_be_changed_once(db, cast, ended):
    for rating, comment in ((5, "Быстро"), (5, "Быстро"), (2, "Снова течёт"), (2, "Снова течёт")):
        db.write(rate, cast.owner.actor, NUMBER, rating, comment, now=NOW)
        assert (row_of(db, ended).rating, row_of(db, ended).rating_comment) == (rating, comment)
    with pytest.raises(Refused, match="второй раз"):
        db.write(rate, cast.owner.actor, NUMBER, 4, "", now=NOW)
    assert row_of(db, ended).rating == 2
    assert [row.comment for row in lines(db, "rated")] == ["Оценка 5 из 5. Быстро", "Оценка 2 из 5. Снова течёт"]
    assert len(lines(db, "rated")) == MOST


@pytest.mark.parametrize("rating", [0, 6, -1, True, "5", 4.5, None, [5]])
def test_what_is_no_mark_is_refused(db, cast, ended, rating):
    with pytest.raises(Invalid):
        db.write(rate, cast.owner.actor, NUMBER, rating, "", now=NOW)


def test_marks_are_given_by_its_person_at_the_end_and_for_thirty_days(db, cast, request_id):
    for status in (Status.SENT, Status.ACCEPTED, Status.WORKING):
        step(db, request_id, status)
        with pytest.raises(Refused, match="закончена"):
            db.write(rate, cast.owner.actor, NUMBER, 5, "", now=NOW)
    step(db, request_id, Status.DONE)
    for person in (cast.relative, cast.stranger, cast.operator):
        with pytest.raises(NotFound):
            db.write(rate, person.actor, NUMBER, 5, "", now=NOW)
    with pytest.raises(Invalid):
        db.write(rate, cast.owner.actor, NUMBER, 5, "я" * 1001, now=NOW)
    with pytest.raises(Refused, match="30 дней"):
        db.write(rate, cast.owner.actor, NUMBER, 5, "", now=NOW + OPEN_AFTER_END)
    assert row_of(db, request_id).rating is None


def test_the_persons_own_page_shows_the_thread_and_the_mark(db, cast, ended):
    write(db, cast.owner, "Спасибо")
    write(db, cast.operator, "И вам", service=answer)
    db.write(rate, cast.owner.actor, NUMBER, 5, "", now=NOW)
    shown = db.read(own_request, cast.owner.actor, NUMBER)
    assert [(one.author, one.comment) for one in shown.thread] == [("Вы", "Спасибо"), ("Оператор", "И вам")]
    assert shown.rating == 5 and all(one.status is not None for one in shown.history)


@pytest.fixture
def put_file(db, tmp_path):
    store = FolderStore(tmp_path / "files")

    def put(person, name):
        return add_file(db, store, person.actor, NUMBER, "message", name, photo(), now=NOW).key

    return put


def test_files_go_with_their_writers_message_and_nobody_elses(db, cast, sent, put_file):
    mine, theirs = put_file(cast.owner, "Счётчик.jpg"), put_file(cast.operator, "Акт.jpg")
    said = write(db, cast.owner, "")
    assert [(one.key, one.event_id) for one in db.read(files_of, sent)] == [(mine, said.event_id)]
    again = write(db, cast.owner, "")
    assert again == said and len(lines(db)) == 1
    answered = write(db, cast.operator, "Вот акт", service=answer)
    shown = db.read(own_request, cast.owner.actor, NUMBER)
    assert [[file.key for file in one.files] for one in shown.thread] == [[mine], [theirs]]
    assert answered.event_id == shown.thread[-1].event_id
    with pytest.raises(Invalid):
        write(db, cast.operator, "", service=answer)


def test_no_file_of_a_note_goes_to_the_person_with_the_next_answer(db, cast, sent, put_file):
    key = put_file(cast.operator, "Справка.jpg")
    with pytest.raises(Invalid) as fault:
        db.write(note_for_staff, cast.operator.actor, NUMBER, "Жителю не показывать", now=NOW)
    assert fault.value.fields == {"message": NOT_IN_NOTE} and lines(db, "note") == []
    db.write(note_for_staff, cast.colleague.actor, NUMBER, "Без файла", now=NOW)
    db.write(remove_file, cast.operator.actor, NUMBER, key, now=NOW)
    db.write(note_for_staff, cast.operator.actor, NUMBER, "Жителю не показывать", now=NOW)
    write(db, cast.operator, "Здравствуйте", service=answer)
    assert [one.files for one in db.read(own_request, cast.owner.actor, NUMBER).thread] == [()]


def test_a_waiting_file_is_taken_out_even_where_none_may_come_any_more(db, cast, sent, put_file):
    key = put_file(cast.operator, "Справка.jpg")
    for becomes in (Status.ACCEPTED, Status.WORKING, Status.DONE):
        step(db, sent, becomes)
    late = replace(cast.operator.actor, at=NOW + OPEN_AFTER_END)
    with pytest.raises(Refused, match="окончена"):
        put_file(replace(cast.operator, actor=late), "Ещё.jpg")
    db.write(remove_file, late, NUMBER, key, now=NOW + OPEN_AFTER_END)
    assert db.read(waiting_files, late, sent) == ()


def test_a_file_alone_is_told_of_in_words(db, cast, sent, put_file):
    put_file(cast.operator, "Акт.jpg")
    write(db, cast.operator, "", service=answer)
    assert db.read(feed, cast.owner.actor).lines[0].body == "Прислан файл"

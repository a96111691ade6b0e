"""What staff do with a request: moves, assignment, templates, filters, who looks at it; and who may not."""

from datetime import timedelta

import pytest
from sqlmodel import select

from lk_reflex.core.errors import Conflict, Invalid, NotFound, Refused
from lk_reflex.domain.accounts.tables import Organization
from lk_reflex.domain.audit.tables import AuditEntry
from lk_reflex.domain.requests.desk.deeds import assign, move_request, note_seen
from lk_reflex.domain.requests.desk.listing import counted
from lk_reflex.domain.requests.desk.saved import (
    MOST_FILTERS,
    drop_filter,
    drop_template,
    filters,
    save_filter,
    save_template,
    templates,
)
from lk_reflex.domain.requests.desk.view import request_view
from lk_reflex.domain.requests.desk.viewers import AGAIN, GONE, leave, look, viewers
from lk_reflex.domain.requests.kinds import Kind
from lk_reflex.domain.requests.machine import MOVES, Status
from lk_reflex.domain.requests.tables import AnswerTemplate, Request, RequestEvent
from tests.cast import NOW
from tests.requests.desk.requests import put_request

SITE, NUMBER = "http://test", "261120482913"
FORM = {
    "owner": "Здетовецкий Сергей", "document": "", "phone": "+7 912", "wished": "",
    "meters": [{"key": "m2", "serial": "00456"}, {"key": "m7", "serial": "00789"}],
}  # fmt: skip


def move(db, person, becomes, *, version=1, comment="Поясняем", fields=("phone",), number=NUMBER):
    db.write(move_request, person.actor, number, becomes, version=version, comment=comment,
             fields=fields if becomes is Status.CORRECTING else (), site=SITE, now=NOW)  # fmt: skip


def stored(db, table=Request):
    with db.transaction() as writer:
        found = writer.session.exec(select(table).order_by(table.id)).all()
        writer.session.expunge_all()
        return found


def test_the_staffs_moves_and_no_others(db, cast):
    for place, (was, becomes) in enumerate((was, becomes) for was in Status for becomes in Status):
        number = f"{place:012d}"
        put_request(db, cast, number, status=was)
        allowed = becomes in MOVES[was] and becomes is not Status.SENT
        if allowed:
            move(db, cast.operator, becomes, number=number)
        else:
            with pytest.raises((Refused, NotFound)):
                move(db, cast.operator, becomes, number=number)
        (row,) = [one for one in stored(db) if one.number == number]
        assert row.status == (becomes if allowed else was).value


def test_a_move_is_told_written_down_and_counted(db, cast):
    request_id = put_request(db, cast, status=Status.ACCEPTED, form=FORM)
    move(db, cast.operator, Status.CORRECTING, comment=" Телефон без кода\0 ", fields=("phone", "m7.serial", "m7:act"))
    (row,) = stored(db)
    assert (row.status, row.version, row.comment) == ("correcting", 2, "Телефон без кода")
    assert row.to_correct == ["phone", "m7.serial", "m7:act"]
    assert row.assignee_id == cast.operator.actor.user_id
    (event,) = stored(db, RequestEvent)
    assert (event.was, event.became, event.author, event.actor_id) == (
        "accepted", "correcting", "operator", cast.operator.actor.user_id,
    )  # fmt: skip
    (entry,) = [one for one in stored(db, AuditEntry) if one.action == "request-moved"]
    assert (entry.actor_id, entry.user_id) == (cast.operator.actor.user_id, cast.owner.actor.user_id)
    assert entry.detail == {"request": request_id, "was": "accepted", "became": "correcting"}
    assert db.read(counted, cast.operator.actor).by_status[Status.CORRECTING] == 1
    view = db.read(request_view, cast.operator.actor, NUMBER)
    assert view.to_correct == ("Контактный телефон", "Счетчик 2: Заводской номер ПУ",
                               "Счетчик 2: акт о прохождении поверки ПУ")  # fmt: skip


@pytest.mark.parametrize(
    ("becomes", "comment", "fields", "faulty"),
    [
        (Status.CORRECTING, "", ("phone",), {"comment"}),
        (Status.CORRECTING, " \u200b ", ("phone",), {"comment"}),
        (Status.CORRECTING, "Так", (), {"fields"}),
        (Status.CORRECTING, "", (), {"comment", "fields"}),
        (Status.CORRECTING, "Так", ("nothing",), {"fields"}),
        (Status.CORRECTING, "Так", ("m1.serial",), {"fields"}),
        (Status.REFUSED, "", (), {"comment"}),
        (Status.WORKING, "ж" * 2001, (), {"comment"}),
    ],
)
def test_what_a_move_needs(db, cast, becomes, comment, fields, faulty):
    put_request(db, cast, status=Status.ACCEPTED, form=FORM)
    with pytest.raises(Invalid) as fault:
        db.write(move_request, cast.operator.actor, NUMBER, becomes, version=1, comment=comment, fields=fields,
                 site=SITE, now=NOW)  # fmt: skip
    assert set(fault.value.fields) == faulty
    assert stored(db)[0].version == 1


def test_of_two_at_once_one_wins_and_the_other_hears_of_it(db, cast):
    put_request(db, cast, status=Status.ACCEPTED)
    move(db, cast.operator, Status.WORKING)
    with pytest.raises(Conflict):
        move(db, cast.colleague, Status.REFUSED)
    with pytest.raises(Conflict):
        db.write(assign, cast.colleague.actor, NUMBER, cast.colleague.actor.user_id, version=1, now=NOW)
    assert stored(db)[0].status == "working"
    assert len(stored(db, RequestEvent)) == 1


def test_whoever_has_no_duty_finds_nothing(db, cast):
    put_request(db, cast, status=Status.ACCEPTED)
    for person in (cast.outsider, cast.owner, cast.stranger):
        actor = person.actor
        with pytest.raises(NotFound):
            move(db, person, Status.WORKING)
        with pytest.raises(NotFound):
            db.write(assign, actor, NUMBER, actor.user_id, version=1, now=NOW)
        with pytest.raises(NotFound):
            db.write(note_seen, actor, NUMBER, now=NOW)
        with pytest.raises(NotFound):
            db.write(save_template, actor, NUMBER, "Имя", "Текст", now=NOW)
        with pytest.raises(NotFound):
            db.read(request_view, actor, NUMBER)
        db.write(look, actor, NUMBER, now=NOW)
    assert db.read(viewers, cast.operator.actor, NUMBER, now=NOW) == ()
    assert (stored(db)[0].version, stored(db, RequestEvent)) == (1, [])


def test_assignment(db, cast):
    put_request(db, cast)
    me, colleague = cast.operator.actor.user_id, cast.colleague.actor.user_id
    db.write(assign, cast.operator.actor, NUMBER, me, version=1, now=NOW)
    db.write(assign, cast.operator.actor, NUMBER, me, version=2, now=NOW)
    db.write(assign, cast.operator.actor, NUMBER, colleague, version=2, now=NOW)
    with pytest.raises(Refused):
        db.write(assign, cast.operator.actor, NUMBER, cast.outsider.actor.user_id, version=3, now=NOW)
    with pytest.raises(Refused):
        db.write(assign, cast.operator.actor, NUMBER, cast.owner.actor.user_id, version=3, now=NOW)
    view = db.read(request_view, cast.operator.actor, NUMBER)
    assert (view.assignee, view.version) == ("colleague@example.org", 3)
    assert [line.comment for line in view.thread] == [
        "Исполнитель: operator@example.org", "Исполнитель: colleague@example.org",
    ]  # fmt: skip
    assert {one.user_id for one in view.colleagues} == {me, colleague}
    db.write(assign, cast.operator.actor, NUMBER, None, version=3, now=NOW)
    assert stored(db)[0].assignee_id is None


def test_staff_see_what_was_sent_and_not_what_is_being_corrected(db, cast):
    put_request(db, cast, status=Status.CORRECTING, form={"owner": "Как отправлено", "meters": []}, passport="шифр")
    put_request(db, cast, "1" * 12, kind="appeal")
    put_request(db, cast, "2" * 12, kind="appeal", status=Status.DRAFT)
    with db.transaction() as writer:
        row = writer.session.exec(select(Request).where(Request.number == NUMBER)).one()
        row.form = {"owner": "Правится", "series": "7500"}
    view = db.read(request_view, cast.operator.actor, NUMBER)
    assert view.sections[0].parts[0].value == "Как отправлено"
    assert view.passport == "given"
    assert "шифр" not in repr(view) and "Правится" not in repr(view)
    assert [other.number for other in view.others] == ["1" * 12]
    assert view.moves == ()
    with pytest.raises(NotFound):
        db.read(request_view, cast.operator.actor, "2" * 12)


def test_colleagues_see_who_looks_until_they_go(db, cast):
    put_request(db, cast)
    db.write(look, cast.operator.actor, NUMBER, now=NOW)
    db.write(look, cast.colleague.actor, NUMBER, now=NOW)

    def seen(later=timedelta()):
        return db.read(viewers, cast.operator.actor, NUMBER, now=NOW + later)

    assert seen() == ("colleague@example.org",)
    assert seen(GONE) == ()
    db.write(look, cast.colleague.actor, NUMBER, now=NOW + AGAIN)
    assert seen(GONE) == ("colleague@example.org",)
    db.write(leave, cast.colleague.actor, NUMBER, now=NOW)
    assert seen() == ()


def test_filters_are_ones_own(db, cast):
    actor = cast.operator.actor
    db.write(save_filter, actor, " Мои ", "whose=mine")
    db.write(save_filter, actor, "Мои", "whose=mine&kind=appeal")
    db.write(save_filter, cast.colleague.actor, "Мои", "kind=emergency")
    (mine,) = db.read(filters, actor)
    assert (mine.title, mine.query) == ("Мои", "whose=mine&kind=appeal")
    db.write(drop_filter, cast.colleague.actor, mine.filter_id)
    assert db.read(filters, actor) == (mine,)
    db.write(drop_filter, actor, mine.filter_id)
    assert (db.read(filters, actor), len(db.read(filters, cast.colleague.actor))) == ((), 1)
    for title in ("", "ж" * 61):
        with pytest.raises(Invalid):
            db.write(save_filter, actor, title, "")
    for place in range(MOST_FILTERS):
        db.write(save_filter, actor, f"Фильтр {place}", "")
    with pytest.raises(Refused):
        db.write(save_filter, actor, "Лишний", "")


def test_templates_belong_to_an_organization_and_a_kind(db, cast):
    put_request(db, cast)
    made = db.write(save_template, cast.operator.actor, NUMBER, "Готово", " Пломбы установлены. ", now=NOW)
    with db.transaction() as writer:
        another = Organization(inn="7421000299", name="Другая")
        writer.add(another)
        others = AnswerTemplate(organization_id=another.id, title="Чужой", body="Чужой")
        shared = AnswerTemplate(title="Общий", body="Общий", status="sent")
        for one in (others, shared):
            writer.add(one)
        ids = others.id, shared.id

    def found(kind=Kind.SEALING, status=Status.SENT):
        return [(one.title, one.own) for one in db.read(templates, cast.organization, kind, status)]

    assert found() == [("Готово", True), ("Общий", False)]
    assert found(status=Status.DONE) == [("Готово", True)]
    assert found(kind=Kind.APPEAL) == [("Общий", False)]
    for one in ids:
        with pytest.raises(NotFound):
            db.write(drop_template, cast.operator.actor, one, now=NOW)
    with pytest.raises(NotFound):
        db.write(drop_template, cast.outsider.actor, made, now=NOW)
    db.write(drop_template, cast.colleague.actor, made, now=NOW)
    assert found() == [("Общий", False)]
    for title, body in (("", "Текст"), ("Имя", ""), ("Имя", "ж" * 2001)):
        with pytest.raises(Invalid):
            db.write(save_template, cast.operator.actor, NUMBER, title, body, now=NOW)

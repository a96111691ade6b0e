"""One's own requests: the list by portions, one of them with its data, and nobody else's."""

from datetime import date, timedelta

import pytest

from lk_reflex.core.errors import NotFound
from lk_reflex.domain.files.tables import StoredFile
from lk_reflex.domain.requests.history import Author, EventKind
from lk_reflex.domain.requests.machine import ENDED, Status
from lk_reflex.domain.requests.own import my_drafts, my_requests, own_request
from lk_reflex.domain.requests.tables import RequestFile
from tests.cast import NOW, TODAY
from tests.requests.rows import put_event, put_request

METERS = {
    "owner": "ЗДЕТОВЕЦКИЙ СЕРГЕЙ ВЛАДИМИРОВИЧ",
    "meters": [
        {"key": "m4", "serial": "58416745412", "reading": "12,5"},
        {"key": "m2", "serial": "77", "brand": "Бетар"},
        "neither a row",
    ],
}


def test_the_list_goes_by_portions_newest_first_and_has_no_drafts(db, cast):
    ids = [put_request(db, cast, cast.owner, number=f"26112000000{n}") for n in range(5)]
    put_request(db, cast, cast.owner, status=Status.DRAFT, number="261120000009")
    first = db.read(my_requests, cast.owner.actor, count=3)
    assert [line.request_id for line in first.lines] == ids[:1:-1] and first.more
    rest = db.read(my_requests, cast.owner.actor, before=first.lines[-1].request_id, count=3)
    assert [line.request_id for line in rest.lines] == ids[1::-1] and not rest.more


def test_a_draft_is_listed_once_something_stands_in_it(db, cast):
    later = NOW + timedelta(minutes=1)
    put_request(db, cast, cast.owner, status=Status.DRAFT, number="261120000001")
    put_request(db, cast, cast.owner, status=Status.DRAFT, number="261120000002", updated_at=later)
    put_request(db, cast, cast.owner, status=Status.DRAFT, number="261120000003", kept=True)
    put_request(db, cast, cast.owner, number="261120000004")
    assert [line.number for line in db.read(my_drafts, cast.owner.actor)] == ["261120000003", "261120000002"]


@pytest.mark.parametrize("who", ["relative", "stranger", "operator", "outsider", "admin"])
def test_nobody_else_sees_a_request_among_their_own(db, cast, who):
    put_request(db, cast, cast.owner, kept=True)
    put_request(db, cast, cast.owner, status=Status.DRAFT, number="261120000002", kept=True)
    actor = getattr(cast, who).actor
    assert not db.read(my_requests, actor).lines and not db.read(my_drafts, actor)
    for number in ("261120000001", "261120000002"):
        with pytest.raises(NotFound):
            db.read(own_request, actor, number)


@pytest.mark.parametrize(
    ("kind", "form", "said"),
    [
        ("appeal", {"topic": "Другое", "text": "  течь\nводы "}, "течь воды"),
        ("appeal", {"topic": "Качество воды", "text": ""}, "Качество воды"),
        ("emergency", {"description": "", "damage": "Провал грунта", "phone": "+79"}, "Провал грунта"),
        ("sealing", METERS, "ПУ № 58416745412, 77"),
        ("sealing", {"meters": 5, "owner": "А"}, ""),
        ("appeal", {"text": "а" * 200}, "а" * 160 + "…"),
        ("appeal", {"text": ["no", "text"]}, ""),
    ],
)
def test_a_line_says_in_short_what_the_request_is_about(db, cast, kind, form, said):
    put_request(db, cast, cast.owner, kind, form=form)
    assert db.read(my_requests, cast.owner.actor).lines[0].said == said


def test_the_operators_word_stands_in_the_list_instead(db, cast):
    put_request(db, cast, cast.owner, comment="Позвоним в понедельник")
    assert db.read(my_requests, cast.owner.actor).lines[0].said == "Позвоним в понедельник"


def test_a_request_has_its_fields_by_label_and_its_meters_in_the_forms_order(db, cast):
    put_request(db, cast, cast.owner, "sealing", form=METERS, passport="gAAAA-token", to_correct=["phone", "m2.serial"])
    found = db.read(own_request, cast.owner.actor, "261120000001")
    own, first, second = found.sections
    assert own.parts[0].label == "ФИО собственника" and own.parts[0].value == METERS["owner"]
    assert (first.title, first.key) == ("Счетчик 1", "m4") and (second.title, second.key) == ("Счетчик 2", "m2")
    assert {part.name: part.value for part in first.parts}["m4.reading"] == "12,5"
    assert [part.label for part in found.to_correct] == ["Контактный телефон", "Счетчик 2: Заводской номер ПУ"]
    assert found.passport == "given" and "gAAAA" not in repr(found)
    assert (found.account, found.account_address) == ("1234567899", "УЛ. КЫШТЫМСКАЯ, 10 - 1010")


def test_what_was_sent_is_shown_while_it_is_being_corrected(db, cast):
    put_request(db, cast, cast.owner, status=Status.CORRECTING, form={"text": "new"}, sent_form={"text": "sent"})
    assert db.read(own_request, cast.owner.actor, "261120000001").sections[0].parts[1].value == "sent"


def test_history_and_thread_are_told_apart_and_notes_of_staff_left_out(db, cast):
    request = put_request(db, cast, cast.owner)
    put_event(db, request, EventKind.MOVED, Author.RESIDENT, was="draft", became="sent")
    put_event(db, request, EventKind.NOTE, Author.OPERATOR, "между нами")
    message = put_event(db, request, EventKind.MESSAGE, Author.OPERATOR, "Где течёт?")
    put_event(db, request, EventKind.MESSAGE, Author.RESIDENT, "В подвале")
    put_event(db, request, EventKind.MOVED, Author.OPERATOR, became="correcting", comment="Фото?", fields=["phone"])
    put_event(db, request, EventKind.MOVED, Author.SYSTEM, became="refused")
    _put_file(db, cast, request, "key0", None)
    _put_file(db, cast, request, "key1", message, slot="message")
    found = db.read(own_request, cast.owner.actor, "261120000001")
    assert [(event.author, event.status) for event in found.history] == [
        ("Вы", Status.SENT), ("Оператор", Status.CORRECTING), ("Система", Status.REFUSED),
    ]  # fmt: skip
    assert found.history[1].fields == ("Контактный телефон",)
    assert [(said.author, said.comment) for said in found.thread] == [("Оператор", "Где течёт?"), ("Вы", "В подвале")]
    assert [(own.label, own.file.key) for own in found.files] == [("Приложенный файл", "key0")]
    assert [file.key for file in found.thread[0].files] == ["key1"]
    assert "между нами" not in repr(found)


@pytest.mark.parametrize(
    ("status", "due_on", "overdue"),
    [
        (Status.SENT, TODAY - timedelta(days=1), True),
        (Status.SENT, TODAY, False),
        (Status.WORKING, date(2026, 1, 1), True),
        (Status.CORRECTING, date(2026, 1, 1), False),
        (Status.DONE, date(2026, 1, 1), False),
        (Status.ACCEPTED, None, False),
    ],
)
def test_overdue_is_what_waits_for_staff_past_its_day(db, cast, status, due_on, overdue):
    put_request(db, cast, cast.owner, status=status, due_on=due_on)
    assert db.read(own_request, cast.owner.actor, "261120000001").overdue is overdue


@pytest.mark.parametrize(
    ("status", "corrects", "writes", "rates"),
    [
        (Status.DRAFT, True, False, False),
        (Status.SENT, False, True, False),
        (Status.ACCEPTED, False, True, False),
        (Status.WORKING, False, True, False),
        (Status.CORRECTING, True, True, False),
        (Status.REFUSED, False, True, True),
        (Status.DONE, False, True, True),
    ],
)
def test_what_a_person_may_do_goes_by_the_status(db, cast, status, corrects, writes, rates):
    put_request(db, cast, cast.owner, status=status, ended_at=NOW if status in ENDED else None)
    found = db.read(own_request, cast.owner.actor, "261120000001")
    assert (found.may_correct, found.may_write, found.may_rate) == (corrects, writes, rates)


def test_after_a_month_nothing_is_written_or_rated(db, cast):
    put_request(db, cast, cast.owner, status=Status.DONE, ended_at=NOW - timedelta(days=31))
    found = db.read(own_request, cast.owner.actor, "261120000001")
    assert not found.may_write and not found.may_rate


def test_files_of_messages_that_are_only_being_written_are_nobodys_yet(db, cast):
    request = put_request(db, cast, cast.owner)
    _put_file(db, cast, request, "waiting", None, slot="message")
    found = db.read(own_request, cast.owner.actor, "261120000001")
    assert not found.files and not found.thread


def _put_file(db, cast, request: int, key: str, event: int | None, slot: str = "file") -> None:
    with db.transaction() as writer:
        kept = StoredFile(
            key=key, user_id=cast.owner.actor.user_id, purpose="request", name="a.jpg", media_type="image/jpeg",
            size=9, created_at=NOW, attached_at=NOW,
        )  # fmt: skip
        writer.add(kept)
        writer.session.flush()
        assert kept.id
        writer.add(RequestFile(request_id=request, slot=slot, file_id=kept.id, event_id=event))

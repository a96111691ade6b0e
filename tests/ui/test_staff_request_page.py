"""One request at the desk through the real processor: its moves, two operators at once, thread, templates."""

import pytest
from sqlmodel import select

from lk_reflex.domain.audit.tables import AuditEntry
from lk_reflex.domain.requests.attaching import add_file
from lk_reflex.domain.requests.desk.deeds import move_request
from lk_reflex.domain.requests.desk.viewers import viewers
from lk_reflex.domain.requests.machine import Status
from lk_reflex.domain.requests.tables import Request, RequestEvent
from lk_reflex.domain.requests.thread import NOT_IN_NOTE
from lk_reflex.integrations.storage.folder import FolderStore
from lk_reflex.ui.shared.uploads import upload_field_id
from lk_reflex.ui.staff.request.state import StaffRequestState
from tests.cast import NOW
from tests.files.photos import photo
from tests.requests.desk.requests import hours_ago, put_request

NUMBER = "261120482913"
PAGE = f"/staff/requests/{NUMBER}"
FORM = {"owner": "Здетовецкий Сергей", "phone": "+7 912 345-67-89", "document": "Паспорт", "wished": "01.12.2026",
        "meters": [{"key": "m3", "serial": "00456", "brand": "СВК"}]}  # fmt: skip


@pytest.fixture
def desk(tabs, cast):
    return tabs(cast.operator.cookie)


@pytest.fixture
def colleague(tabs, cast):
    return tabs(cast.colleague.cookie)


def of(row, name):
    return getattr(row, name) if hasattr(row, name) else row[name]


def seen(tab):
    return tab.seen(StaffRequestState)


def status(tab):
    return of(seen(tab)["shown"], "status")


def keys(tab, name):
    return [of(row, "key") for row in seen(tab)[name]]


def stored(db, table=Request):
    with db.transaction() as writer:
        found = writer.session.exec(select(table).order_by(table.id)).all()
        writer.session.expunge_all()
        return found


async def moved(tab, becomes, comment="", **ticks):
    await tab.send(StaffRequestState.choose_move, key=becomes.value)
    return await tab.send(StaffRequestState.make_move, form={"comment": comment, **ticks})


async def test_all_that_was_sent_is_shown_and_reading_it_is_written_down(desk, db, cast):
    request_id = put_request(db, cast, form=FORM, passport="тайна", status=Status.CORRECTING, to_correct=["phone"])
    await desk.open(PAGE)
    first, meter = seen(desk)["sections"]
    assert {of(fact, "label"): of(fact, "value") for fact in of(first, "facts")}["ФИО собственника"] == FORM["owner"]
    assert of(meter, "title") == "Счетчик 1"
    shown = seen(desk)["shown"]
    assert (of(shown, "passport"), of(shown, "account_href")) == ("given", f"/staff/accounts/{cast.flat}")
    assert "исправлений" in of(shown, "waits")
    assert "тайна" not in repr(desk.vars)
    (entry,) = [one for one in stored(db, AuditEntry) if one.action == "request-seen"]
    assert entry.detail == {"request": request_id}
    await desk.follow(PAGE)
    assert len([one for one in stored(db, AuditEntry) if one.action == "request-seen"]) == 1


async def test_a_request_is_worked_off_from_its_sending_to_its_end(desk, db, cast):
    put_request(db, cast, form=FORM)
    await desk.open(PAGE)
    assert keys(desk, "moves") == ["accepted"]
    await moved(desk, Status.ACCEPTED)
    assert (status(desk), keys(desk, "moves")) == ("Принято", ["working", "correcting", "refused"])
    assert of(seen(desk)["shown"], "assignee") == "operator@example.org"
    await moved(desk, Status.WORKING, "Мастер придёт завтра")
    await moved(desk, Status.DONE, "Пломбы стоят")
    assert (status(desk), keys(desk, "moves")) == ("Выполнено", [])
    assert [of(step, "comment") for step in seen(desk)["steps"]] == ["", "Мастер придёт завтра", "Пломбы стоят"]
    assert "Выполнено" in seen(desk)["outcome"]


async def test_corrections_need_words_and_fields_and_keep_what_was_typed(desk, db, cast):
    put_request(db, cast, form=FORM, status=Status.ACCEPTED)
    await desk.open(PAGE)
    await moved(desk, Status.CORRECTING, "")
    assert {of(fault, "field_id") for fault in seen(desk)["faults"]} == {"comment", "correct-owner"}
    await desk.send(StaffRequestState.make_move, form={"comment": "Не тот номер", "correct-m9.serial": "yes"})
    assert (seen(desk)["comment"], seen(desk)["comment_error"]) == ("Не тот номер", "")
    assert seen(desk)["fields_error"] == "Отметьте, какие поля исправить"
    names = {of(row, "name") for row in seen(desk)["nameable"]}
    assert {"phone", "series", "m3.serial", "m3:passport", "m3:act"} <= names
    await desk.send(
        StaffRequestState.make_move,
        form={"comment": "Не тот номер", "correct-m3.serial": "yes", "correct-phone": True},
    )
    (row,) = stored(db)
    assert (row.status, row.to_correct, row.comment) == ("correcting", ["phone", "m3.serial"], "Не тот номер")


async def test_a_note_waits_until_no_file_would_go_to_the_person(desk, db, cast, tmp_path):
    put_request(db, cast)
    await desk.open(PAGE)
    store = FolderStore(tmp_path / "files")
    add_file(db, store, cast.operator.actor, NUMBER, "message", "Справка.jpg", photo(), now=NOW)
    _, events = await desk.send(StaffRequestState.write, form={"text": "Жителю не показывать", "note": "yes"})
    assert seen(desk)["upload_errors"] == {"message": NOT_IN_NOTE}
    (fault,) = seen(desk)["faults"]
    assert of(fault, "field_id") == upload_field_id("message")
    assert [payload["ref"] for name, payload in events if name == "_set_focus"]
    assert seen(desk)["text"] == "Жителю не показывать" and seen(desk)["talk"] == []
    await desk.follow(PAGE)
    await moved(desk, Status.ACCEPTED)
    await moved(desk, Status.REFUSED, "Дубль")
    assert seen(desk)["attaches"], "what waits may be taken out after the end as well"
    (row,) = seen(desk)["uploaded"]["message"]
    await desk.send(StaffRequestState.remove_upload, key=of(row, "key"), slot="message")
    await desk.send(StaffRequestState.write, form={"text": "Жителю не показывать", "note": "yes"})
    assert not seen(desk)["attaches"] and len(seen(desk)["talk"]) == 1 and seen(desk)["faults"] == []


async def test_of_two_operators_the_second_is_told_and_keeps_the_words(desk, colleague, db, cast):
    put_request(db, cast, status=Status.ACCEPTED)
    await desk.open(PAGE)
    await colleague.open(PAGE)
    assert seen(colleague)["watchers"] == "operator@example.org"
    await desk.follow(PAGE)  # as the signal of the colleague's coming does
    assert seen(desk)["watchers"] == "colleague@example.org"
    await colleague.send(StaffRequestState.choose_move, key="refused")
    await colleague.send(StaffRequestState.keep_typed, name="comment", text="Нет доступа")
    await moved(desk, Status.WORKING)
    await colleague.follow(PAGE)  # the signal of the move: what is being typed stays
    assert (status(colleague), seen(colleague)["move"], seen(colleague)["comment"]) == (
        "В работу", "refused", "Нет доступа",
    )  # fmt: skip
    assert "operator@example.org: Принято → В работу" in seen(colleague)["outcome"]
    await colleague.send(StaffRequestState.make_move, form={"comment": "Нет доступа к прибору"})
    assert (stored(db)[0].status, seen(colleague)["outcome_kind"]) == ("working", "bad")
    assert "тем временем изменили" in seen(colleague)["outcome"]
    assert (seen(colleague)["move"], seen(colleague)["comment"]) == ("refused", "Нет доступа к прибору")
    await colleague.send(StaffRequestState.make_move, form={"comment": seen(colleague)["comment"]})
    assert (stored(db)[0].status, seen(colleague)["comment"]) == ("refused", "")


async def test_a_move_that_is_gone_closes_its_form_and_keeps_the_words(desk, db, cast):
    put_request(db, cast, status=Status.ACCEPTED)
    await desk.open(PAGE)
    await desk.send(StaffRequestState.choose_move, key="working")
    db.write(move_request, cast.colleague.actor, NUMBER, Status.REFUSED, version=1, comment="Отказ", site="", now=NOW)
    await desk.send(StaffRequestState.make_move, form={"comment": "Мои слова"})
    assert (stored(db)[0].status, seen(desk)["move"], seen(desk)["comment"]) == ("refused", "", "Мои слова")
    assert len(stored(db, RequestEvent)) == 1


async def test_an_answer_of_ones_own_outruns_no_move_of_ones_own(desk, db, cast):
    put_request(db, cast, status=Status.ACCEPTED)
    await desk.open(PAGE)
    await desk.send(StaffRequestState.choose_move, key="working")
    await desk.send(StaffRequestState.write, form={"text": "Уточняем"})
    assert seen(desk)["said"] == "Сообщение отправлено жителю."
    await desk.send(StaffRequestState.take_on)
    await desk.send(StaffRequestState.make_move, form={"comment": ""})
    assert stored(db)[0].status == "working"


async def test_a_lost_connection_takes_no_words_away(desk, db, cast):
    put_request(db, cast, status=Status.ACCEPTED)
    await desk.open(PAGE)
    await desk.send(StaffRequestState.choose_move, key="refused")
    await desk.send(StaffRequestState.keep_typed, name="comment", text="Нет доступа")
    forms = seen(desk)["move_form"], seen(desk)["text_form"]
    await desk.open(PAGE)
    assert (seen(desk)["move"], seen(desk)["comment"]) == ("refused", "Нет доступа")
    assert (seen(desk)["move_form"], seen(desk)["text_form"]) == forms
    await desk.follow("/staff/requests")
    await desk.follow(PAGE)
    assert (seen(desk)["move"], seen(desk)["comment"]) == ("", "")


async def test_messages_and_notes(desk, db, cast):
    put_request(db, cast)
    await desk.open(PAGE)
    await desk.send(StaffRequestState.write, form={"text": ""})
    assert [of(fault, "field_id") for fault in seen(desk)["faults"]] == ["text"]
    await desk.send(StaffRequestState.write, form={"text": "Житель звонил", "note": "yes"})
    await desk.send(StaffRequestState.write, form={"text": "Когда вам удобно?"})
    assert [(of(row, "text"), of(row, "note")) for row in seen(desk)["talk"]] == [
        ("Житель звонил", True), ("Когда вам удобно?", False),
    ]  # fmt: skip
    assert (seen(desk)["text"], seen(desk)["text_error"]) == ("", "")


async def test_ready_answers_are_kept_put_in_and_deleted(desk, db, cast):
    put_request(db, cast)
    await desk.open(PAGE)
    await desk.send(StaffRequestState.keep_template, form={"title": "", "body": "Приняли"})
    assert seen(desk)["title_error"] == "Введите название"
    await desk.send(StaffRequestState.keep_template, form={"title": "Приняли", "body": "Приняли в работу."})
    (key,) = keys(desk, "templates")
    await desk.send(StaffRequestState.choose_move, key="accepted")
    await desk.send(StaffRequestState.keep_typed, name="comment", text="Здравствуйте!")
    await desk.send(StaffRequestState.use_template, name="comment", key=key)
    assert seen(desk)["comment"] == "Здравствуйте!\n\nПриняли в работу."
    await desk.send(StaffRequestState.use_template, name="text", key=key)
    assert seen(desk)["text"] == "Приняли в работу."
    await desk.send(StaffRequestState.forget_template, key=key)
    assert keys(desk, "templates") == []


async def test_a_request_is_given_to_a_colleague(desk, db, cast):
    put_request(db, cast)
    await desk.open(PAGE)
    await desk.send(StaffRequestState.give_to, form={"assignee": str(cast.colleague.actor.user_id)})
    assert of(seen(desk)["shown"], "assignee") == "colleague@example.org"
    await desk.send(StaffRequestState.give_to, form={"assignee": str(cast.outsider.actor.user_id)})
    assert "не работает с заявками" in seen(desk)["outcome"]
    await desk.send(StaffRequestState.give_to, form={"assignee": ""})
    assert stored(db)[0].assignee_id is None


async def test_the_queue_leads_on_and_back(desk, db, cast):
    for place in range(3):
        put_request(db, cast, f"{place:012d}", sent_at=hours_ago(place))
    await desk.open(f"/staff/requests/{1:012d}?status=sent")
    assert seen(desk)["to_queue"] == "/staff/requests?status=sent"
    assert seen(desk)["next_one"] == f"/staff/requests/{2:012d}?status=sent"
    assert seen(desk)["previous_one"] == f"/staff/requests/{0:012d}?status=sent"
    assert db.read(viewers, cast.colleague.actor, f"{1:012d}", now=NOW) == ("operator@example.org",)
    await desk.follow(f"/staff/requests/{2:012d}?status=sent")
    assert seen(desk)["next_one"] == ""
    assert db.read(viewers, cast.colleague.actor, f"{1:012d}", now=NOW) == ()


@pytest.mark.parametrize("number", [NUMBER, "1" * 12, "x", "%27", "1" * 500])
async def test_what_isnt_of_ones_organizations_isnt_there(tabs, db, cast, number):
    put_request(db, cast)
    put_request(db, cast, "1" * 12, status=Status.DRAFT)
    outsider = tabs(cast.outsider.cookie)
    await outsider.open(f"/staff/requests/{number}")
    assert (of(seen(outsider)["shown"], "number"), seen(outsider)["loaded"]) == ("", True)
    for handler, payload in (
        (StaffRequestState.choose_move, {"key": "accepted"}), (StaffRequestState.make_move, {"form": {"comment": "x"}}),
        (StaffRequestState.take_on, {}), (StaffRequestState.write, {"form": {"text": "x"}}),
        (StaffRequestState.keep_template, {"form": {"title": "x", "body": "x"}}),
    ):  # fmt: skip
        await outsider.send(handler, **payload)
    assert [(row.status, row.version) for row in stored(db)] == [("sent", 1), ("draft", 1)]
    assert stored(db, RequestEvent) == []
    assert "Здетовецкий" not in repr(outsider.vars)

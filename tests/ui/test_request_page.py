"""One request through the real processor: its state, the thread, the mark, and nobody else's."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from lk_reflex.core.db import Database
from lk_reflex.domain.accounts.tables import Organization
from lk_reflex.domain.files.tables import StoredFile
from lk_reflex.domain.requests.history import Author, EventKind
from lk_reflex.domain.requests.machine import Status
from lk_reflex.domain.requests.moving import move
from lk_reflex.domain.requests.own import own_request
from lk_reflex.domain.requests.tables import RequestEvent, RequestFile
from lk_reflex.domain.requests.thread import CLOSED, NOTHING
from lk_reflex.ui.resident.request.rows import PASSPORT
from lk_reflex.ui.resident.request.state import RATED, SAID, RequestState
from tests.cast import NOW
from tests.requests.rows import put_event, put_request

NUMBER = "261120000001"
PAGE = f"/services/requests/{NUMBER}"
HOSTILE = "<script>alert(1)</script>=cmd"


async def opened(tabs, person):
    tab = tabs(person.cookie)
    await tab.open(PAGE)
    return tab


def seen(tab):
    return tab.seen(RequestState)


def advance(db: Database, request_id: int, becomes: Status, version: int, **more) -> None:
    with db.transaction() as writer:
        move(writer, request_id, becomes, version=version, author=Author.OPERATOR, site="http://t", now=NOW, **more)


def events_of(db: Database, kind: EventKind) -> int:
    query = select(func.count()).where(RequestEvent.kind == kind.value)  # pyright: ignore[reportArgumentType]
    with db.engine.connect() as connection:
        return connection.execute(query).scalar_one()


async def test_a_sent_request_says_its_number_what_next_and_by_when(tabs, db, cast):
    put_request(db, cast, cast.owner, due_on=date(2026, 12, 11))
    tab = await opened(tabs, cast.owner)
    shown = seen(tab)["shown"]
    assert seen(tab)["heading"] == "Обращение № 261120-000-001"
    assert (shown.status, shown.lead) == ("Отправлено", "Обращение отправлено. Номер 261120-000-001.")
    assert "статус станет «Принято»" in shown.notes[0]
    assert shown.term == "Рассмотрят до 11.12.2026. Осталось 15 рабочих дней."
    assert shown.writes and not shown.form and not shown.rates


async def test_a_break_names_the_number_to_call_and_counts_no_weeks(tabs, db, cast):
    put_request(db, cast, cast.owner, "emergency", form={"address": "двор"}, due_on=date(2026, 12, 11))
    with db.transaction() as writer:
        writer.session.get_one(Organization, cast.organization).phone = "+7 (351) 214-00-14"
    shown = seen(await opened(tabs, cast.owner))["shown"]
    assert (shown.urgent, shown.dial, shown.term) == ("+7 (351) 214-00-14", "tel:+73512140014", "")


async def test_an_appeal_and_a_mended_break_have_no_number_for_emergencies(tabs, db, cast):
    put_request(db, cast, cast.owner)
    assert not seen(await opened(tabs, cast.owner))["shown"].urgent
    put_request(db, cast, cast.owner, "emergency", Status.DONE, number="261120000002", form={})
    tab = tabs(cast.owner.cookie)
    await tab.open("/services/requests/261120000002")
    assert seen(tab)["shown"].kind == "emergency" and not seen(tab)["shown"].urgent


async def test_files_stand_by_meter_a_passport_before_its_act(tabs, db, cast):
    form: dict[str, object] = {"meters": [{"key": key, "serial": key} for key in ("m1", "m2", "m10")]}
    request = put_request(db, cast, cast.owner, "sealing", form=form)
    with db.transaction() as writer:
        for place, slot in enumerate(("m10:passport", "m2:act", "m1:act", "m2:passport", "m1:passport")):
            kept = StoredFile(key=f"{place}" * 32, user_id=cast.owner.actor.user_id, purpose="request", name=slot,
                              media_type="image/jpeg", size=2048, created_at=NOW, attached_at=NOW)  # fmt: skip
            writer.add(kept)
            writer.session.flush()
            assert kept.id
            writer.add(RequestFile(request_id=request, slot=slot, file_id=kept.id))
    tab = await opened(tabs, cast.owner)
    names = [file.name for row in seen(tab)["files"] for file in row.files]
    assert names == ["m1:passport", "m1:act", "m2:passport", "m2:act", "m10:passport"]


async def test_overdue_is_said_as_it_is(tabs, db, cast):
    put_request(db, cast, cast.owner, status=Status.WORKING, due_on=date(2026, 11, 19))
    shown = seen(await opened(tabs, cast.owner))["shown"]
    assert shown.overdue and shown.term.startswith("Рассмотреть должны были до 19.11.2026. Срок вышел")


@pytest.mark.parametrize("who", ["relative", "stranger", "operator", "admin"])
async def test_nobody_elses_request_is_found(tabs, db, cast, who):
    put_request(db, cast, cast.owner, form={"text": "Тайный текст"})
    tab = await opened(tabs, getattr(cast, who))
    assert seen(tab)["shown"].kind == "" if "shown" in seen(tab) else True
    assert seen(tab)["loaded"] and "Тайный" not in repr(tab.vars)
    await tab.send(RequestState.write, form={"text": "Впустите"})
    await tab.send(RequestState.rate, form={"rating": "1"})
    assert events_of(db, EventKind.MESSAGE) == events_of(db, EventKind.RATED) == 0


async def test_to_correct_leads_to_the_form_and_names_the_fields(tabs, db, cast):
    request = put_request(db, cast, cast.owner, "sealing", Status.ACCEPTED, form={"meters": [{"key": "m3"}]})
    advance(db, request, Status.CORRECTING, 1, comment=HOSTILE, fields=["phone", "m3:act"])
    tab = await opened(tabs, cast.owner)
    shown = seen(tab)["shown"]
    assert (shown.form, shown.comment) == (f"/services/sealing/{NUMBER}", HOSTILE)
    assert seen(tab)["to_correct"] == ["Контактный телефон", "Счетчик 1: акт о прохождении поверки ПУ"]
    assert seen(tab)["steps"][0].comment == HOSTILE and seen(tab)["steps"][0].author == "Оператор"


async def test_a_passport_is_only_said_to_be_there(tabs, db, cast):
    put_request(db, cast, cast.owner, "sealing", form={"owner": HOSTILE}, passport="gAAAAA-cipher")
    tab = await opened(tabs, cast.owner)
    facts = {fact.label: fact.value for fact in seen(tab)["sections"][0].facts}
    assert facts["ФИО собственника"] == HOSTILE
    assert facts[PASSPORT].startswith("Данные указаны") and "cipher" not in repr(tab.vars)


async def test_a_draft_leads_to_its_form(tabs, db, cast):
    put_request(db, cast, cast.owner, "emergency", Status.DRAFT, form={"description": "течь"})
    shown = seen(await opened(tabs, cast.owner))["shown"]
    assert shown.draft and shown.form == f"/services/emergency/{NUMBER}" and not shown.writes


async def test_it_turns_while_a_message_is_being_typed_and_the_form_stays(tabs, db, cast):
    request = put_request(db, cast, cast.owner)
    tab = await opened(tabs, cast.owner)
    await tab.send(RequestState.write, form={"text": ""})
    before = seen(tab)["form"]
    assert seen(tab)["text_error"] == NOTHING
    advance(db, request, Status.ACCEPTED, 1)
    await tab.send(RequestState.load)
    assert seen(tab)["shown"].status == "Принято" and seen(tab)["steps"][0].status == "Принято"
    assert seen(tab)["form"] == before and seen(tab)["text_error"] == NOTHING


async def test_a_message_is_written_once_however_often_it_is_pressed(tabs, db, cast):
    put_request(db, cast, cast.owner)
    tab = await opened(tabs, cast.owner)
    form = seen(tab)["form"]
    for _ in range(5):
        await tab.send(RequestState.write, form={"text": HOSTILE})
    assert [message.text for message in seen(tab)["messages"]] == [HOSTILE]
    assert seen(tab)["messages"][0].mine and seen(tab)["said"] == f"{SAID}."
    assert seen(tab)["form"] > form and events_of(db, EventKind.MESSAGE) == 1


@pytest.mark.parametrize("form", [{}, {"text": 5}, {"text": "   "}, {"text": "а" * 4001}])
async def test_what_is_no_message_is_refused_and_nothing_is_lost(tabs, db, cast, form):
    put_request(db, cast, cast.owner)
    tab = await opened(tabs, cast.owner)
    before = seen(tab)["form"]
    _, events = await tab.send(RequestState.write, form=form)
    assert seen(tab)["text_error"] and seen(tab)["faults"][0].field_id == "text"
    assert seen(tab)["form"] == before and events_of(db, EventKind.MESSAGE) == 0
    assert any("message_faults" in str(payload) for _, payload in events)


async def test_a_month_after_the_end_the_thread_is_closed(tabs, db, cast):
    put_request(db, cast, cast.owner, status=Status.DONE, ended_at=NOW - timedelta(days=31))
    tab = await opened(tabs, cast.owner)
    assert not seen(tab)["shown"].writes and not seen(tab)["shown"].rates
    await tab.send(RequestState.write, form={"text": "Ещё вопрос"})
    assert seen(tab)["said"].startswith(CLOSED[:20]) and seen(tab)["said_kind"] == "bad"


async def test_the_operators_words_and_files_stand_in_the_thread(tabs, db, cast):
    request = put_request(db, cast, cast.owner)
    message = put_event(db, request, EventKind.MESSAGE, Author.OPERATOR, "Позвоните нам")
    put_event(db, request, EventKind.NOTE, Author.OPERATOR, "Скандалит")
    with db.transaction() as writer:
        kept = StoredFile(key="k" * 32, user_id=cast.operator.actor.user_id, purpose="request", name=HOSTILE,
                          media_type="image/jpeg", size=2048, created_at=NOW, attached_at=NOW)  # fmt: skip
        writer.add(kept)
        writer.session.flush()
        assert kept.id
        writer.add(RequestFile(request_id=request, slot="message", file_id=kept.id, event_id=message))
    tab = await opened(tabs, cast.owner)
    (said,) = seen(tab)["messages"]
    assert (said.author, said.mine, said.text) == ("Оператор", False, "Позвоните нам")
    assert (said.files[0].name, said.files[0].href) == (HOSTILE, f"/api/files/{'k' * 32}")
    assert "Скандалит" not in repr(tab.vars)


async def test_at_the_end_it_is_rated(tabs, db, cast):
    put_request(db, cast, cast.owner, status=Status.DONE, ended_at=NOW)
    tab = await opened(tabs, cast.owner)
    assert seen(tab)["shown"].rates
    await tab.send(RequestState.rate, form={"rating": "", "comment": "x"})
    assert seen(tab)["rating_error"] and seen(tab)["faults"][0].field_id == "rating-5"
    for _ in range(3):
        await tab.send(RequestState.rate, form={"rating": "5", "comment": HOSTILE})
    assert (seen(tab)["rated"], seen(tab)["rating_error"]) == (f"{RATED}.", "")
    assert (seen(tab)["shown"].rated, seen(tab)["shown"].rated_comment) == ("Ваша оценка: 5 из 5", HOSTILE)
    found = db.read(own_request, cast.owner.actor, NUMBER)
    assert found.rating == 5 and events_of(db, EventKind.RATED) == 1


@pytest.mark.parametrize("mark", ["0", "6", "12", "-1", "²", "x", 5, None, ["5"]])
async def test_a_mark_is_one_to_five(tabs, db, cast, mark):
    put_request(db, cast, cast.owner, status=Status.DONE, ended_at=NOW)
    tab = await opened(tabs, cast.owner)
    await tab.send(RequestState.rate, form={"rating": mark})
    assert seen(tab)["rating_error"] and events_of(db, EventKind.RATED) == 0


async def test_going_from_one_request_to_another_leaves_nothing_of_the_first(tabs, db, cast):
    put_request(db, cast, cast.owner, form={"text": "Первый"})
    put_request(db, cast, cast.owner, number="261120000002", form={"text": "Второй"})
    tab = await opened(tabs, cast.owner)
    await tab.send(RequestState.write, form={"text": ""})
    await tab.follow("/services/requests/261120000002")
    assert seen(tab)["text_error"] == "" and seen(tab)["heading"].endswith("002")
    await tab.follow("/services/requests/261120009999")
    assert seen(tab)["shown"].kind == "" and seen(tab)["sections"] == []

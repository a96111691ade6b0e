"""An appeal through the real processor: opened, kept while typed, checked, sent once, and nobody else's."""

import pytest

from lk_reflex.domain.accounts.tables import OrganizationSwitch
from lk_reflex.domain.requests.appeal.rules import CHOOSE_TOPIC, TOO_SHORT
from lk_reflex.domain.requests.drafts import own_draft
from lk_reflex.domain.requests.history import Author
from lk_reflex.domain.requests.machine import Status
from lk_reflex.domain.requests.moving import move
from lk_reflex.domain.requests.own import my_drafts, my_requests, own_request
from lk_reflex.ui.resident.appeal.regulation_state import NO_ACCOUNT, AppealRegulation
from lk_reflex.ui.resident.appeal.state import ASKED, AppealState
from lk_reflex.ui.resident.request.state import RequestState
from tests.cast import NOW
from tests.requests.rows import put_request

FORM: dict[str, object] = {
    "topic": "Качество воды", "text": "Вода <b>рыжая</b> второй день", "phone": "8 912 345-67-89",
}  # fmt: skip
NUMBER = "261120000001"


def seen(tab):
    return tab.seen(AppealState)


def gone(events):
    return [payload["path"] for name, payload in events if name == "_redirect"]


async def begun(tabs, person):
    """A tab with the form of a new draft."""
    tab = tabs(person.cookie)
    await tab.open("/services/appeal")
    _, events = await tab.send(AppealRegulation.get_service)
    (address,) = gone(events)
    await tab.follow(address)
    return tab


async def checked(tabs, person):
    tab = await begun(tabs, person)
    _, events = await tab.send(AppealState.check, form=FORM)
    (address,) = gone(events)
    await tab.follow(address)
    return tab


def sent(db, cast):
    return db.read(my_requests, cast.owner.actor).lines


async def test_the_service_opens_a_draft_and_an_untouched_one_again(tabs, cast):
    tab = tabs(cast.owner.cookie)
    await tab.open("/services/appeal")
    assert tab.seen(AppealRegulation)["organization"] == "ПОВВ" and not tab.seen(AppealRegulation).get("refusal")
    first, second = [gone((await tab.send(AppealRegulation.get_service))[1]) for _ in range(2)]
    assert first == second and first[0].startswith("/services/appeal/")


async def test_without_an_account_or_with_the_service_off_nothing_opens(tabs, db, cast):
    tab = tabs(cast.operator.cookie)
    await tab.open("/services/appeal")
    await tab.send(AppealRegulation.get_service)
    assert tab.seen(AppealRegulation)["refusal"] == NO_ACCOUNT
    with db.transaction() as writer:
        writer.add(OrganizationSwitch(organization_id=cast.organization, name="appeal", is_on=False))
    tab = tabs(cast.owner.cookie)
    await tab.open("/services/appeal")
    _, events = await tab.send(AppealRegulation.get_service)
    assert "не принимает" in tab.seen(AppealRegulation)["refusal"] and not gone(events)


async def test_what_another_tab_has_changed_is_looked_at_before_it_goes(tabs, db, cast):
    tab = await checked(tabs, cast.owner)
    other = tabs(cast.owner.cookie)
    await other.open(f"/services/appeal/{seen(tab)['number']}")
    await other.send(AppealState.keep_text, text="Совсем другое, чего никто не проверял")
    _, events = await tab.send(AppealState.send)
    assert not gone(events) and sent(db, cast) == ()
    assert "тем временем" in seen(tab)["outcome"] and seen(tab)["checking"]
    assert "Совсем другое, чего никто не проверял" in [fact.value for fact in seen(tab)["facts"]]
    _, events = await tab.send(AppealState.send)
    assert gone(events)


async def test_what_is_typed_is_kept_at_once_and_stands_there_on_another_device(tabs, db, cast):
    tab = await begun(tabs, cast.owner)
    await tab.send(AppealState.keep_topic, text="Качество воды")
    await tab.send(AppealState.keep_text, text="Вода")
    assert seen(tab)["kept_at"].startswith("Сохранено в 15:00")
    other = tabs(cast.owner.cookie)
    await other.open(tab.path)
    assert {name: seen(other)["values"][name] for name in ("topic", "text")} == {
        "topic": "Качество воды", "text": "Вода",
    }  # fmt: skip
    await tab.send(AppealState.save)
    assert seen(tab)["outcome"].startswith("Черновик сохранён") and not seen(tab)["faults"]
    assert db.read(own_draft, cast.owner.actor, seen(tab)["number"]).kept


async def test_what_changes_elsewhere_leaves_what_is_being_typed(tabs, cast):
    tab = await begun(tabs, cast.owner)
    form = seen(tab)["form"]
    await tab.send(AppealState.keep_text, text="Вода")
    await tab.send(AppealState.load)
    assert seen(tab)["form"] == form and seen(tab)["kept_at"]


async def test_faults_stand_at_their_fields_and_what_was_typed_is_kept(tabs, db, cast):
    tab = await begun(tabs, cast.owner)
    form = seen(tab)["form"]
    _, events = await tab.send(AppealState.check, form={"topic": "", "text": "течь", "phone": "123"})
    assert seen(tab)["errors"]["topic"] == CHOOSE_TOPIC and seen(tab)["errors"]["text"] == TOO_SHORT
    assert [fault.field_id for fault in seen(tab)["faults"]] == ["topic", "text", "phone"]
    assert not gone(events) and seen(tab)["form"] == form
    assert db.read(own_draft, cast.owner.actor, seen(tab)["number"]).form["text"] == "течь"


@pytest.mark.parametrize("form", [{}, {"topic": 5, "text": ["x"], "phone": None}, {"text": "а" * 9000}])
async def test_a_form_of_anything_is_answered_with_faults(tabs, cast, form):
    tab = await begun(tabs, cast.owner)
    await tab.send(AppealState.check, form=form)
    assert seen(tab)["faults"]


async def test_it_is_read_once_more_and_sent_once_however_often_it_is_pressed(tabs, db, cast):
    tab = await checked(tabs, cast.owner)
    assert seen(tab)["checking"] and [fact.value for fact in seen(tab)["facts"]] == [*FORM.values()]
    assert not sent(db, cast)
    ways = [gone((await tab.send(AppealState.send))[1]) for _ in range(5)]
    (line,) = sent(db, cast)
    assert line.said == FORM["text"] and ways[0] == [f"/services/requests/{line.number}"]
    assert all(way in ([], ways[0]) for way in ways)
    await tab.follow(ways[0][0])
    assert tab.seen(RequestState)["shown"].lead.startswith("Обращение отправлено. Номер")


async def test_the_check_page_of_a_draft_with_faults_is_its_form(tabs, db, cast):
    tab = await begun(tabs, cast.owner)
    await tab.follow(f"{tab.path}?check=1")
    assert not seen(tab)["checking"] and seen(tab)["faults"]
    form = seen(tab)["form"]
    await tab.send(AppealState.load)
    assert seen(tab)["form"] == form, "a signal must not take away what is being typed"
    await tab.send(AppealState.send)
    assert not sent(db, cast)
    await tab.send(AppealState.check, form=FORM)
    assert seen(tab)["checking"]


async def test_going_back_from_the_check_page_shows_the_form_with_everything(tabs, cast):
    tab = await checked(tabs, cast.owner)
    await tab.follow(tab.path)
    assert not seen(tab)["checking"] and seen(tab)["values"] == {**FORM}


async def test_what_was_sent_in_another_tab_is_said_here(tabs, db, cast):
    tab = await checked(tabs, cast.owner)
    other = tabs(cast.owner.cookie)
    await other.open(f"{tab.path}?check=1")
    await other.send(AppealState.send)
    await tab.send(AppealState.load)
    assert seen(tab)["closed_href"] == f"/services/requests/{sent(db, cast)[0].number}" and not seen(tab)["number"]
    await tab.send(AppealState.send)
    assert len(sent(db, cast)) == 1


async def test_a_correction_names_its_fields_and_is_sent_again(tabs, db, cast):
    request = put_request(db, cast, cast.owner, status=Status.ACCEPTED, form=FORM)
    with db.transaction() as writer:
        move(writer, request, Status.CORRECTING, version=1, author=Author.OPERATOR, comment="Какой дом?",
             fields=["text"], site="http://t", now=NOW)  # fmt: skip
    tab = tabs(cast.owner.cookie)
    await tab.open(f"/services/appeal/{NUMBER}")
    assert seen(tab)["correcting"] and seen(tab)["comment"] == "Какой дом?"
    assert seen(tab)["to_correct"] == ["Текст обращения"] and seen(tab)["errors"] == {"text": ASKED}
    _, events = await tab.send(AppealState.check, form={**FORM, "text": "Дом 10, подъезд 2, вода рыжая"})
    await tab.follow(gone(events)[0])
    await tab.send(AppealState.send)
    found = db.read(own_request, cast.owner.actor, NUMBER)
    assert found.status is Status.SENT and found.sections[0].parts[1].value.startswith("Дом 10")


@pytest.mark.parametrize("who", ["relative", "stranger", "operator", "admin"])
async def test_nobody_elses_draft_is_shown_or_changed(tabs, db, cast, who):
    put_request(db, cast, cast.owner, status=Status.DRAFT, form={"text": "Тайное", "topic": "", "phone": ""}, kept=True)
    tab = tabs(getattr(cast, who).cookie)
    await tab.open(f"/services/appeal/{NUMBER}?check=1")
    await tab.send(AppealState.keep_text, text="Чужое")
    await tab.send(AppealState.check, form=FORM)
    await tab.send(AppealState.save)
    await tab.send(AppealState.send)
    assert "Тайное" not in repr(tab.vars)
    assert db.read(own_draft, cast.owner.actor, NUMBER).form["text"] == "Тайное"
    assert len(db.read(my_drafts, cast.owner.actor)) == 1


async def test_a_draft_of_another_kind_has_no_place_here(tabs, db, cast):
    put_request(db, cast, cast.owner, "emergency", Status.DRAFT, form={"description": "течь"})
    tab = tabs(cast.owner.cookie)
    await tab.open(f"/services/appeal/{NUMBER}")
    assert seen(tab)["closed"] and "течь" not in repr(tab.vars)

"""Услуги through the real processor: what is offered, drafts, the list, and nobody else's."""

from datetime import timedelta

import pytest

from lk_reflex.core.db import Database
from lk_reflex.core.signals import REQUEST, stir
from lk_reflex.domain.accounts.tables import OrganizationSwitch
from lk_reflex.domain.requests.drafts import keep_fields, open_draft
from lk_reflex.domain.requests.kinds import Kind
from lk_reflex.domain.requests.machine import Status
from lk_reflex.domain.requests.own import PORTION, my_drafts
from lk_reflex.ui.resident.services.state import DELETED, ServicesState
from tests.cast import NOW
from tests.requests.rows import put_request

HOSTILE = "<img src=x onerror=alert(1)>"


def switch(db: Database, cast, name: str, on: bool) -> None:
    with db.transaction() as writer:
        writer.add(OrganizationSwitch(organization_id=cast.organization, name=name, is_on=on))


def draft(db: Database, person, cast, text: str) -> str:
    opened = {"organization_id": cast.organization, "account_id": person.actor.chosen_account_id, "now": NOW}
    number = db.write(open_draft, person.actor, Kind.APPEAL, **opened)
    db.write(keep_fields, person.actor, number, {"text": text}, now=NOW + timedelta(minutes=1))
    return number


async def test_every_service_is_offered_where_nothing_is_switched_off(tabs, cast):
    tab = tabs(cast.owner.cookie)
    await tab.open("/services")
    offers = tab.seen(ServicesState)["offers"]
    assert (offers.sealing, offers.emergency, offers.appeal) == ("", "", "")


@pytest.mark.parametrize("name", ["sealing", "emergency", "appeal"])
async def test_a_service_switched_off_says_so_in_its_place(tabs, db, cast, name):
    switch(db, cast, name, on=False)
    tab = tabs(cast.owner.cookie)
    await tab.open("/services")
    offers = tab.seen(ServicesState)["offers"]
    assert "ПОВВ не принимает такие заявки" in getattr(offers, name)
    assert all(getattr(offers, other) == "" for other in {"sealing", "emergency", "appeal"} - {name})


async def test_without_an_account_an_emergency_may_be_reported(tabs, cast):
    tab = tabs(cast.operator.cookie)
    await tab.open("/services")
    offers = tab.seen(ServicesState)["offers"]
    assert offers.emergency == "" and offers.sealing and offers.appeal
    assert tab.seen(ServicesState)["linked"] is False


async def test_the_manuals_list_has_a_line_for_each_that_leads_to_its_page(tabs, db, cast):
    put_request(db, cast, cast.owner, form={"text": "нарушение благоустройства"}, now=NOW - timedelta(days=13))
    put_request(db, cast, cast.owner, number="261120482913", form={"text": "течь воды"}, status=Status.CORRECTING,
                comment=HOSTILE)  # fmt: skip
    tab = tabs(cast.owner.cookie)
    await tab.open("/services")
    first, second = tab.seen(ServicesState)["rows"]
    assert (first.date, first.title, first.status, first.tag) == ("20.11.2026", "Обращение", "На исправление", "due")
    assert first.said == HOSTILE
    assert (first.number, first.href) == ("261120-482-913", "/services/requests/261120482913")
    assert (second.date, second.status, second.said) == ("07.11.2026", "Отправлено", "нарушение благоустройства")


@pytest.mark.parametrize("who", ["relative", "stranger", "operator", "admin"])
async def test_nobody_else_sees_them_here(tabs, db, cast, who):
    put_request(db, cast, cast.owner)
    draft(db, cast.owner, cast, "черновик")
    tab = tabs(getattr(cast, who).cookie)
    await tab.open("/services")
    assert not tab.seen(ServicesState).get("rows") and not tab.seen(ServicesState).get("drafts")


async def test_older_ones_come_by_portions(tabs, db, cast):
    for place in range(PORTION + 3):
        put_request(db, cast, cast.owner, number=f"2611200000{place:02d}")
    tab = tabs(cast.owner.cookie)
    await tab.open("/services")
    assert len(tab.seen(ServicesState)["rows"]) == PORTION and tab.seen(ServicesState)["more"]
    await tab.send(ServicesState.show_more)
    assert len(tab.seen(ServicesState)["rows"]) == PORTION + 3 and not tab.seen(ServicesState)["more"]


async def test_a_draft_is_deleted_after_being_asked_once_more(tabs, db, cast):
    kept, thrown = (draft(db, cast.owner, cast, text) for text in ("первый", "второй"))
    tab = tabs(cast.owner.cookie)
    await tab.open("/services")
    assert [row.href for row in tab.seen(ServicesState)["drafts"]] == [
        f"/services/appeal/{thrown}", f"/services/appeal/{kept}",
    ]  # fmt: skip
    await tab.send(ServicesState.delete)
    assert len(db.read(my_drafts, cast.owner.actor)) == 2, "nothing was asked"
    await tab.send(ServicesState.ask_to_delete, number=thrown)
    assert tab.seen(ServicesState)["asking"] == thrown
    await tab.send(ServicesState.keep)
    await tab.send(ServicesState.delete)
    assert len(db.read(my_drafts, cast.owner.actor)) == 2, "it was kept"
    await tab.send(ServicesState.ask_to_delete, number=thrown)
    await tab.send(ServicesState.delete)
    await tab.send(ServicesState.delete)
    assert [line.number for line in db.read(my_drafts, cast.owner.actor)] == [kept]
    seen = tab.seen(ServicesState)
    assert (seen["said"], seen["asking"], [row.key for row in seen["drafts"]]) == (DELETED, "", [kept])


async def test_nobody_elses_draft_is_deleted(tabs, db, cast):
    number = draft(db, cast.owner, cast, "мой")
    tab = tabs(cast.relative.cookie)
    await tab.open("/services")
    await tab.send(ServicesState.ask_to_delete, number=number)
    await tab.send(ServicesState.delete)
    assert len(db.read(my_drafts, cast.owner.actor)) == 1


async def test_a_draft_sent_meanwhile_stays(tabs, db, cast):
    number = draft(db, cast.owner, cast, "мой")
    tab = tabs(cast.owner.cookie)
    await tab.open("/services")
    await tab.send(ServicesState.ask_to_delete, number=number)
    with db.transaction() as writer:
        writer.connection.exec_driver_sql("UPDATE requests SET status = 'sent'")
    await tab.send(ServicesState.delete)
    seen = tab.seen(ServicesState)
    assert seen["said_kind"] == "bad" and "уже отправлена" in seen["said"]
    assert [row.key for row in seen["rows"]] == [number]


async def test_the_question_about_a_draft_outlives_what_changes_elsewhere(tabs, db, cast):
    number = draft(db, cast.owner, cast, "мой")
    tab = tabs(cast.owner.cookie)
    await tab.open("/services")
    await tab.send(ServicesState.ask_to_delete, number=number)
    db.write(stir, cast.owner.actor.user_id, REQUEST, now=NOW)
    put_request(db, cast, cast.owner)
    await tab.send(ServicesState.load)
    assert tab.seen(ServicesState)["asking"] == number and len(tab.seen(ServicesState)["rows"]) == 1

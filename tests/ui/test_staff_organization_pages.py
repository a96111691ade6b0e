"""Организации through the real processor."""

import pytest

from lk_reflex.domain.accounts.switches import switches
from lk_reflex.domain.accounts.tables import Organization
from lk_reflex.domain.administration.organizations import CHANGED
from lk_reflex.ui import paths
from lk_reflex.ui.staff.organization.state import SAME, TEXT_DROPPED, TEXT_KEPT, OrganizationState
from lk_reflex.ui.staff.organizations.state import OrganizationsState
from tests.ui.plain import plain


@pytest.fixture
async def page(tabs, cast):
    tab = tabs(cast.admin.cookie)
    await tab.open(paths.staff_organization(cast.organization))
    return tab


def form(tab, **more):
    return {**{name: value for name, value in tab.seen(OrganizationState)["fields"].items() if value}, **more}


async def test_the_list_leads_to_each(tabs, cast):
    tab = tabs(cast.admin.cookie)
    await tab.open(paths.STAFF_ORGANIZATIONS)
    (row,) = [plain(one) for one in tab.seen(OrganizationsState)["rows"]]
    assert (row.name, row.inn, row.window, row.payments) == ("ПОВВ", "7421000200", "с 15 по 25 число", "через кабинет")
    assert row.href == paths.staff_organization(cast.organization)


async def test_a_form_is_kept_and_says_what_has_changed(page):
    assert page.seen(OrganizationState)["heading"] == "ПОВВ"
    await page.send(OrganizationState.save_readings, form=form(page, window_opens="1", window_closes="31"))
    shown = page.seen(OrganizationState)
    assert shown["outcome"] == "Сохранено: «Показания принимаются с (день месяца)», «по (день месяца)»."
    assert (shown["fields"]["window_opens"], shown["outcome_kind"]) == ("1", "good")
    await page.send(OrganizationState.save_readings, form=form(page))
    assert page.seen(OrganizationState)["outcome"] == SAME


async def test_faults_stand_at_their_fields_and_what_was_typed_stays(page):
    before = page.seen(OrganizationState)["form"]
    await page.send(OrganizationState.save_details, form=form(page, name="", bic="1"))
    shown = page.seen(OrganizationState)
    assert shown["errors"].keys() == {"name", "bic"} and len(shown["faults"]) == 2
    assert shown["form"] == before


async def test_a_colleagues_change_is_not_overwritten(page, db, cast):
    typed = form(page, phone="1")
    with db.transaction() as writer:
        writer.session.get(Organization, cast.organization).phone = "2"
    await page.send(OrganizationState.save_details, form=typed)
    assert page.seen(OrganizationState)["outcome"] == f"{CHANGED}."
    with db.transaction() as writer:
        assert writer.session.get(Organization, cast.organization).phone == "2"


async def test_services_are_switched(page, db, cast):
    every = dict.fromkeys(db.read(switches, cast.organization), "yes")
    await page.send(OrganizationState.turn, form={**every, "sealing": ""})
    assert page.seen(OrganizationState)["outcome"] == "Сохранено: «Заявка на опломбировку»."
    assert page.seen(OrganizationState)["switches"]["sealing"] is False


async def test_a_text_is_kept_and_dropped(page):
    await page.send(OrganizationState.keep_text, form={"emergency-phone": "112"})
    assert page.seen(OrganizationState)["outcome"] == TEXT_KEPT
    assert page.seen(OrganizationState)["texts"]["emergency-phone"] == "112"
    await page.send(OrganizationState.keep_text, form={"emergency-phone": ""})
    assert page.seen(OrganizationState)["outcome"] == TEXT_DROPPED


async def test_an_unknown_one_is_said_to_be_none(tabs, cast):
    tab = tabs(cast.admin.cookie)
    await tab.open("/staff/organizations/999")
    assert tab.seen(OrganizationState)["missing"]


async def test_operators_see_nothing(tabs, cast):
    tab = tabs(cast.operator.cookie)
    await tab.open(paths.staff_organization(cast.organization))
    assert not tab.seen(OrganizationState).get("loaded")

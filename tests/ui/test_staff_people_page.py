"""Сотрудники through the real processor."""

import pytest

from lk_reflex.domain.administration.people import NO_DUTY, NO_EMAIL, NO_NAME, ONESELF
from lk_reflex.ui import paths
from lk_reflex.ui.staff.people.state import ADDED, CHANGED, LET_IN, SHUT_OUT, PeopleState
from tests.ui.plain import plain


@pytest.fixture
async def page(tabs, cast):
    tab = tabs(cast.admin.cookie)
    await tab.open(paths.STAFF_PEOPLE)
    return tab


def row(tab, email):
    return next(
        one for one in map(plain, tab.seen(PeopleState)["rows"]) if email in (one.email, one.name)
    )  # fmt: skip


async def test_a_colleague_is_added(page, cast):
    form = {
        "email": "new@example.org", "staff_name": "Новикова А. А.", "role": "operator",
        f"duties-{cast.organization}": "yes",
    }  # fmt: skip
    await page.send(PeopleState.add, form=form)
    assert page.seen(PeopleState)["outcome"] == ADDED.format("new@example.org")
    made = row(page, "new@example.org")
    assert (made.name, made.role, made.duties, made.state) == ("Новикова А. А.", "Оператор", "ПОВВ", "приглашён")


async def test_faults_stand_at_their_fields(page):
    await page.send(PeopleState.add, form={"role": "operator"})
    assert page.seen(PeopleState)["errors"] == {"email": NO_EMAIL, "staff_name": NO_NAME, "duties": NO_DUTY}
    assert [plain(one).field_id for one in page.seen(PeopleState)["faults"]] == ["email", "staff_name", "duties"]


async def test_a_line_is_opened_and_changed(page, cast):
    key = str(cast.operator.actor.user_id)
    await page.send(PeopleState.open_line, key=key)
    assert row(page, "operator@example.org").opened and plain(page.seen(PeopleState)["payees"][0]).ticked
    await page.send(PeopleState.change, form={"open-staff_name": "", "open-role": "operator"})
    assert page.seen(PeopleState)["errors"] == {"open-staff_name": NO_NAME, "open-duties": NO_DUTY}
    form = {"open-staff_name": "Петрова", "open-role": "operator", f"open-duties-{cast.organization}": "on"}
    await page.send(PeopleState.change, form=form)
    assert page.seen(PeopleState)["outcome"] == CHANGED
    assert (row(page, "operator@example.org").name, row(page, "operator@example.org").opened) == ("Петрова", False)


async def test_access_is_closed_and_given_back(page, cast):
    key = str(cast.operator.actor.user_id)
    await page.send(PeopleState.close_access, key=key)
    assert page.seen(PeopleState)["outcome"] == SHUT_OUT and row(page, "operator@example.org").blocked
    await page.send(PeopleState.give_access, key=key)
    assert page.seen(PeopleState)["outcome"] == LET_IN
    await page.send(PeopleState.close_access, key=str(cast.admin.actor.user_id))
    assert page.seen(PeopleState)["outcome"] == f"{ONESELF}."


async def test_operators_see_nothing(tabs, cast):
    tab = tabs(cast.operator.cookie)
    await tab.open(paths.STAFF_PEOPLE)
    assert not tab.seen(PeopleState).get("loaded")

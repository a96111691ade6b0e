"""Справочники through the real processor."""

import pytest

from lk_reflex.domain.administration.dictionaries import MISSING, NO_ENTRY
from lk_reflex.domain.requests.dictionaries import FIRST, METER_TYPE, choices
from lk_reflex.ui import paths
from lk_reflex.ui.staff.dictionaries.state import DONE, FIRST_CONTENTS, FROM_SHARED, OWN, DictionariesState
from tests.ui.plain import plain

COLD, HOT = (one.title for one in FIRST[METER_TYPE])


@pytest.fixture
async def page(tabs, cast):
    tab = tabs(cast.admin.cookie)
    await tab.open(paths.STAFF_DICTIONARIES)
    await tab.send(DictionariesState.choose, form={"kind": METER_TYPE})
    return tab


def lines(tab):
    return [plain(one).key for one in tab.seen(DictionariesState)["lines"]]


async def test_a_line_is_added_and_offered_at_once(page, db):
    assert (lines(page), page.seen(DictionariesState)["about"]) == ([COLD, HOT], FIRST_CONTENTS)
    await page.send(DictionariesState.add, form={"title": "Тёплая"})
    assert page.seen(DictionariesState)["outcome"] == DONE and lines(page) == [COLD, HOT, "Тёплая"]
    assert [one.title for one in db.read(choices, METER_TYPE, None)] == [COLD, HOT, "Тёплая"]


async def test_a_fault_stands_at_the_field(page):
    await page.send(DictionariesState.add, form={"title": " "})
    shown = page.seen(DictionariesState)
    assert shown["error"] == MISSING and plain(shown["faults"][0]).field_id == "title"
    await page.send(DictionariesState.open_rename, key=HOT)
    await page.send(DictionariesState.rename, form={"renamed": ""})
    assert page.seen(DictionariesState)["rename_error"] == MISSING
    assert [plain(one).renaming for one in page.seen(DictionariesState)["lines"]] == [False, True]


async def test_a_line_is_renamed_moved_and_hidden(page):
    await page.send(DictionariesState.open_rename, key=HOT)
    await page.send(DictionariesState.rename, form={"renamed": "Горячая"})
    await page.send(DictionariesState.move_up, key="Горячая")
    await page.send(DictionariesState.hide, key=COLD)
    assert lines(page) == ["Горячая", COLD] and plain(page.seen(DictionariesState)["lines"][1]).hidden
    await page.send(DictionariesState.restore, key=COLD)
    await page.send(DictionariesState.hide, key="нет такой")
    assert page.seen(DictionariesState)["outcome"] == f"{NO_ENTRY}."


async def test_an_organizations_own_list(page, cast):
    mine = {"kind": METER_TYPE, "organization": str(cast.organization)}
    await page.send(DictionariesState.choose, form=mine)
    assert page.seen(DictionariesState)["about"] == FROM_SHARED
    await page.send(DictionariesState.add, form={"title": "Своя"})
    assert (page.seen(DictionariesState)["about"], lines(page)) == (OWN, [COLD, HOT, "Своя"])
    await page.send(DictionariesState.drop)
    assert lines(page) == [COLD, HOT]


@pytest.mark.parametrize("form", [{}, {"kind": 5, "organization": "999"}, {"kind": "x", "organization": None}])
async def test_a_choice_of_anything_shows_a_list(page, form):
    await page.send(DictionariesState.choose, form=form)
    assert page.seen(DictionariesState)["organization"] == "" and lines(page)


async def test_operators_see_nothing(tabs, cast):
    tab = tabs(cast.operator.cookie)
    await tab.open(paths.STAFF_DICTIONARIES)
    await tab.send(DictionariesState.add, form={"title": "x"})
    assert not tab.seen(DictionariesState).get("loaded")

"""Dictionaries: edited shared or an organization's own, never empty, and what residents are offered follows at once."""

import pytest

from lk_reflex.core.errors import Conflict, Invalid, NotFound, Refused
from lk_reflex.domain.administration import dictionaries as own
from lk_reflex.domain.administration.dictionaries import dictionary
from lk_reflex.domain.requests.dictionaries import APPLICATION, FIRST, METER_TYPE, NEW, PLACE, choices
from tests.cast import NOW

COLD, HOT = (one.title for one in FIRST[METER_TYPE])


@pytest.fixture
def edit(db, cast):
    def do(service, *given, kind=METER_TYPE, organization=None, **more):
        db.write(service, cast.admin.actor, kind, organization, *given, now=NOW, **more)

    return do


@pytest.fixture
def offered(db, cast):
    return lambda kind=METER_TYPE: [one.title for one in db.read(choices, kind, cast.organization)]


def test_the_first_edit_keeps_the_first_contents_along_with_it(db, cast, edit, offered):
    assert not db.read(dictionary, cast.admin.actor, METER_TYPE, None).own
    edit(own.add_entry, "  Тёплая   вода ")
    assert offered() == [COLD, HOT, "Тёплая вода"]
    assert db.read(dictionary, cast.admin.actor, METER_TYPE, None).own


def test_an_organizations_own_list_begins_as_the_shared_one_and_goes_its_own_way(edit, offered, cast):
    edit(own.add_entry, "Общая")
    edit(own.hide_entry, HOT, hidden=True)
    edit(own.add_entry, "Своя", organization=cast.organization)
    assert offered() == [COLD, "Общая", "Своя"]
    edit(own.add_entry, "Ещё общая")
    assert offered() == [COLD, "Общая", "Своя"]
    edit(own.drop_own, organization=cast.organization)
    assert offered() == [COLD, "Общая", "Ещё общая"]
    edit(own.drop_own)
    assert offered() == [COLD, HOT]


def test_lines_are_renamed_moved_hidden_and_restored(edit, offered):
    edit(own.rename_entry, COLD, "Холодная")
    edit(own.move_entry, HOT, up=True)
    edit(own.move_entry, HOT, up=True)
    assert offered() == [HOT, "Холодная"]
    edit(own.move_entry, HOT, up=False)
    edit(own.hide_entry, HOT, hidden=True)
    assert offered() == ["Холодная"]
    with pytest.raises(Conflict):
        edit(own.hide_entry, "Холодная", hidden=True)
    edit(own.hide_entry, HOT, hidden=False)
    assert offered() == ["Холодная", HOT]


@pytest.mark.parametrize(
    ("typed", "words"),
    [("", own.MISSING), (" \u200b", own.MISSING), ("я" * 101, own.TOO_LONG), ("холодная вода (хвс)", own.TWICE)],
)
def test_a_name_is_needed_once(edit, offered, typed, words):
    for service, given in ((own.add_entry, ()), (own.rename_entry, (HOT,))):
        with pytest.raises(Invalid) as refused:
            edit(service, *given, typed)
        assert refused.value.fields == {"title": words}
    assert offered() == [COLD, HOT]


def test_a_line_may_keep_its_name_in_another_case(edit, offered):
    edit(own.rename_entry, HOT, HOT.upper())
    assert offered() == [COLD, HOT.upper()]


def test_only_applications_can_do_without_an_act(db, cast, edit):
    edit(own.add_entry, "Замена", kind=APPLICATION, new_meter=True)
    edit(own.add_entry, "Чердак", kind=PLACE, new_meter=True)
    meanings = {one.title: one.meaning for kind in (APPLICATION, PLACE) for one in db.read(choices, kind, None)}
    assert (meanings["Замена"], meanings["Чердак"]) == (NEW, "")


def test_a_line_or_a_list_that_isnt_there(edit):
    with pytest.raises(NotFound):
        edit(own.hide_entry, "нет такой", hidden=True)
    with pytest.raises(NotFound):
        edit(own.add_entry, "x", kind="no-such")


def test_nobody_else_edits_them(db, cast):
    for person in (cast.operator, cast.owner):
        with pytest.raises(Refused):
            db.read(dictionary, person.actor, METER_TYPE, None)
        with pytest.raises(Refused):
            db.write(own.add_entry, person.actor, METER_TYPE, None, "x", now=NOW)

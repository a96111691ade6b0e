"""Drafts: opened once, kept field by field, thrown away; nobody else's."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from lk_reflex.core.errors import Invalid, NotFound, Refused
from lk_reflex.domain.accounts.tables import OrganizationSwitch
from lk_reflex.domain.files.tables import StoredFile
from lk_reflex.domain.requests import drafts
from lk_reflex.domain.requests.drafts import LONGEST_LINE, delete_draft, keep_fields, open_draft, own_draft
from lk_reflex.domain.requests.kinds import Kind
from lk_reflex.domain.requests.leftovers import forget_empty_drafts
from lk_reflex.domain.requests.machine import EDITABLE, Status
from lk_reflex.domain.requests.sealing.rows import add_meter, known_meters, open_sealing, remove_meter
from lk_reflex.domain.requests.tables import Request, RequestFile
from tests.cast import NOW
from tests.requests.lives import counted, lead, make_request, recounted
from tests.requests.sealing.applications import PASSPORT, VAULT, attach, filled, put

LATER = NOW + timedelta(minutes=5)
FILES = select(col(StoredFile.purpose), col(StoredFile.attached_at), col(StoredFile.name)).order_by(StoredFile.id)
COUNT = select(func.count()).select_from(Request)


@pytest.fixture
def opened(db, cast):
    """Opens a draft for the owner's flat."""

    def begin(kind=Kind.APPEAL, person=cast.owner, account=cast.flat, organization=cast.organization):
        return db.write(
            open_draft, person.actor, kind, organization_id=organization, account_id=account, now=NOW,
        )  # fmt: skip

    return begin


def test_an_untouched_draft_is_opened_again_and_a_touched_one_stands_beside_a_new_one(db, cast, opened):
    first = opened()
    assert opened() == first
    assert opened(Kind.EMERGENCY) != first
    db.write(keep_fields, cast.owner.actor, first, {"text": "течь"}, now=LATER)
    second = opened()
    assert second != first
    assert db.read(own_draft, cast.owner.actor, first).form == {"text": "течь"}
    assert db.read(own_draft, cast.owner.actor, second).form == {}
    assert counted(db.read(lambda reader: reader)) == recounted(db.read(lambda reader: reader))


def test_a_draft_with_a_passport_or_a_file_or_kept_on_purpose_is_touched(db, cast):
    one = db.write(open_sealing, cast.owner.actor, now=NOW)
    db.write(put, VAULT, cast.owner.actor, one, {"series": "7501"}, now=NOW)
    two = db.write(open_sealing, cast.owner.actor, now=NOW)
    attach(db, cast.owner, db.read(own_draft, cast.owner.actor, two).request_id, "m1:act")
    three = db.write(open_sealing, cast.owner.actor, now=NOW)
    db.write(keep_fields, cast.owner.actor, three, {}, now=NOW, kept=True)
    four = db.write(open_sealing, cast.owner.actor, now=NOW)
    assert len({one, two, three, four}) == 4
    assert db.write(open_sealing, cast.owner.actor, now=NOW) == four


def test_a_draft_begins_with_what_is_known_of_the_person_and_the_account(db, cast):
    draft = db.read(own_draft, cast.owner.actor, db.write(open_sealing, cast.owner.actor, now=NOW))
    assert draft.form["owner"] == "ЗДЕТОВЕЦКИЙ СЕРГЕЙ ВЛАДИМИРОВИЧ"
    assert draft.form["document"] == "Паспорт"
    assert [row["key"] for row in draft.form["meters"]] == ["m1"]
    assert (draft.status, draft.version, draft.kept) == (Status.DRAFT, 1, False)


def test_an_account_of_others_and_a_foreign_organization_are_not_found(db, cast, opened):
    with pytest.raises(NotFound):
        opened(account=cast.house)
    with pytest.raises(NotFound):
        opened(organization=cast.organization + 1)
    with pytest.raises(NotFound):
        opened(account=None, organization=cast.organization + 1)
    assert opened(account=None)


def test_a_service_that_is_switched_off_opens_nothing(db, cast, opened):
    with db.transaction() as writer:
        writer.add(OrganizationSwitch(organization_id=cast.organization, name="sealing", is_on=False))
    with pytest.raises(Refused, match="не принимает такие заявки"):
        opened(Kind.SEALING)
    assert opened(Kind.APPEAL)


def test_who_has_many_drafts_is_asked_to_send_or_delete_some(db, cast, opened, monkeypatch):
    monkeypatch.setattr(drafts, "MOST_DRAFTS", 2)
    for _ in range(2):
        db.write(keep_fields, cast.owner.actor, opened(), {"text": "течь"}, now=LATER)
    with pytest.raises(Refused, match="черновиков"):
        opened()
    assert opened(person=cast.relative)


def test_drafts_that_nobody_has_touched_are_none_of_the_many(db, cast, opened, monkeypatch):
    monkeypatch.setattr(drafts, "MOST_DRAFTS", 2)
    opened(Kind.SEALING)
    opened(Kind.EMERGENCY)
    assert opened()


def test_fields_are_kept_one_by_one_and_tabs_dont_undo_each_other(db, cast):
    number = db.write(open_sealing, cast.owner.actor, now=NOW)
    key = db.write(add_meter, cast.owner.actor, number, now=NOW)
    db.write(keep_fields, cast.owner.actor, number, {"phone": "8912", "m1.serial": "1"}, now=NOW)
    db.write(keep_fields, cast.owner.actor, number, {f"{key}.serial": "2", "owner": "Я\0\ud800"}, now=LATER, kept=True)
    draft = db.read(own_draft, cast.owner.actor, number)
    assert (draft.form["phone"], draft.form["owner"]) == ("8912", "Я")
    assert [row["serial"] for row in draft.form["meters"]] == ["1", "2"]
    assert (draft.kept, draft.version, draft.updated_at) == (True, 1, LATER)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "topic",
        "m2.serial",
        "m1.nothing",
        "m1:act",
        "meters",
        "series",
        "number",
        "rows_made",
        "m1.key",
        "M1.serial",
    ],
)
def test_no_other_field_is_kept(db, cast, name):
    number = db.write(open_sealing, cast.owner.actor, now=NOW)
    with pytest.raises(NotFound):
        db.write(keep_fields, cast.owner.actor, number, {name: "x"}, now=NOW)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), [], {}, b"x"])
def test_what_no_form_has_is_kept_nowhere(db, cast, opened, value):
    number = opened(Kind.EMERGENCY)
    with pytest.raises(NotFound):
        db.write(keep_fields, cast.owner.actor, number, {"latitude": value}, now=NOW)


def test_a_book_is_not_kept(db, cast, opened):
    with pytest.raises(Invalid) as fault:
        db.write(keep_fields, cast.owner.actor, opened(), {"text": "о" * 5001}, now=NOW)
    assert fault.value.fields == {"text": "Не больше 5000 знаков, сейчас 5001. Сократите текст"}


def test_a_line_is_held_nearer_its_own_limit(db, cast, opened):
    number = opened()
    db.write(keep_fields, cast.owner.actor, number, {"phone": "1" * LONGEST_LINE}, now=NOW)
    with pytest.raises(Invalid) as fault:
        db.write(keep_fields, cast.owner.actor, number, {"phone": "1" * (LONGEST_LINE + 1)}, now=NOW)
    assert set(fault.value.fields) == {"phone"}


def test_a_library_of_rows_is_not_kept_and_may_be_shortened(db, cast, monkeypatch):
    actor = cast.owner.actor
    number = db.write(open_sealing, actor, now=NOW)
    db.write(keep_fields, actor, number, {"m1.installer": "я" * 1000}, now=NOW)
    monkeypatch.setattr(drafts, "LARGEST", 2000)
    with pytest.raises(Invalid) as fault:
        db.write(keep_fields, actor, number, {"m1.brand": "СВК"}, now=NOW)
    assert fault.value.fields == {"m1.brand": drafts.TOO_LARGE}
    db.write(keep_fields, actor, number, {"m1.installer": "я" * 990}, now=NOW)
    (row,) = db.read(own_draft, actor, number).form["meters"]
    assert (row["brand"], len(row["installer"])) == ("", 990)


def test_twenty_whole_meters_are_far_from_too_much(db, cast):
    actor = cast.owner.actor
    number = db.write(open_sealing, actor, now=NOW)
    keys = ["m1", *(db.write(add_meter, actor, number, now=NOW) for _ in range(19))]
    longest = {f"{key}.installer": "я" * 1000 for key in keys} | {f"{key}.serial": "я" * 30 for key in keys}
    db.write(keep_fields, actor, number, longest, now=NOW)


def test_nobody_else_sees_or_changes_a_draft(db, cast):
    number = filled(db, cast.owner)
    for person in (cast.relative, cast.stranger, cast.operator, cast.admin):
        for service in (own_draft, delete_draft, add_meter, remove_meter, known_meters):
            more = {"now": NOW} if service not in (own_draft, known_meters) else {}
            arguments = ["m1"] if service is remove_meter else []
            with pytest.raises(NotFound):
                db.write(service, person.actor, number, *arguments, **more)
        with pytest.raises(NotFound):
            db.write(keep_fields, person.actor, number, {"phone": "1"}, now=NOW)
        with pytest.raises(NotFound):
            db.write(put, VAULT, person.actor, number, PASSPORT, now=NOW)


@pytest.mark.parametrize("status", list(Status))
def test_only_drafts_and_corrections_change_and_only_drafts_are_thrown_away(db, cast, status):
    request = make_request(db, cast.organization, cast.owner.actor.user_id, kind=Kind.SEALING, account_id=cast.flat)
    lead(db, request, status)
    number, actor = "261120000001", cast.owner.actor
    if status in EDITABLE:
        db.write(keep_fields, actor, number, {"phone": "1"}, now=LATER)
        db.write(put, VAULT, actor, number, {"series": "1"}, now=LATER)
        db.write(add_meter, actor, number, now=LATER)
    else:
        for service, given in ((keep_fields, ({"phone": "1"},)), (add_meter, ()), (remove_meter, ("m1",))):
            with pytest.raises(Refused):
                db.write(service, actor, number, *given, now=LATER)
        with pytest.raises(Refused):
            db.write(put, VAULT, actor, number, {"series": "1"}, now=LATER)
    if status is Status.DRAFT:
        db.write(delete_draft, actor, number, now=LATER)
    else:
        with pytest.raises(Refused):
            db.write(delete_draft, actor, number, now=LATER)


def test_a_draft_thrown_away_takes_its_files_and_its_count_along(db, cast):
    number = filled(db, cast.owner)
    db.write(delete_draft, cast.owner.actor, number, now=NOW)
    with pytest.raises(NotFound):
        db.read(own_draft, cast.owner.actor, number)
    assert {tuple(row) for row in db.read(lambda reader: reader.rows(FILES))} == {("removed", None, "")}
    assert db.read(lambda reader: reader.rows(select(col(RequestFile.id)))) == []
    assert db.read(lambda reader: reader.value(COUNT)) == 0
    assert counted(db.read(lambda reader: reader)) == {}


def test_drafts_that_nobody_touched_go_after_a_day_and_touched_ones_stay(db, cast):
    touched = filled(db, cast.owner)
    db.write(open_sealing, cast.owner.actor, now=NOW)
    assert db.write(forget_empty_drafts, now=NOW + timedelta(days=1)) == 0
    assert db.write(forget_empty_drafts, now=NOW + timedelta(days=1, seconds=1)) == 1
    assert db.read(lambda reader: reader.rows(select(col(Request.number)))) == [(touched,)]
    assert counted(db.read(lambda reader: reader)) == recounted(db.read(lambda reader: reader))


def test_a_row_that_goes_takes_its_files_along_and_its_key_is_never_anothers(db, cast):
    number = filled(db, cast.owner)
    actor = cast.owner.actor
    assert db.write(add_meter, actor, number, now=NOW) == "m2"
    db.write(remove_meter, actor, number, "m2", now=NOW)
    assert db.write(add_meter, actor, number, now=NOW) == "m3"
    db.write(remove_meter, actor, number, "m1", now=NOW)
    db.write(remove_meter, actor, number, "m1", now=NOW)
    draft = db.read(own_draft, actor, number)
    assert [row["key"] for row in draft.form["meters"]] == ["m3"]
    assert db.read(lambda reader: reader.rows(select(col(RequestFile.id)))) == []
    with pytest.raises(NotFound):
        db.write(keep_fields, actor, number, {"m2.serial": "1"}, now=NOW)


def test_no_more_rows_than_twenty(db, cast):
    number = db.write(open_sealing, cast.owner.actor, now=NOW)
    for _ in range(19):
        db.write(add_meter, cast.owner.actor, number, now=NOW)
    with pytest.raises(Refused, match="не больше 20"):
        db.write(add_meter, cast.owner.actor, number, now=NOW)

"""Passports: encrypted in the database, masked for their owner, shown to staff under watch, wiped in time."""

import base64
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from lk_reflex.core.crypt import Vault
from lk_reflex.core.errors import Invalid, NotFound, Refused, Unavailable
from lk_reflex.domain.audit.tables import AuditEntry
from lk_reflex.domain.identity.attempts import Limit
from lk_reflex.domain.requests.drafts import open_draft, own_draft
from lk_reflex.domain.requests.kinds import Kind
from lk_reflex.domain.requests.machine import ENDED, Status
from lk_reflex.domain.requests.passports import revealing
from lk_reflex.domain.requests.passports.own import Masked, masked, put
from lk_reflex.domain.requests.passports.revealing import reveal
from lk_reflex.domain.requests.passports.sealed import Passport, Sealed, opened
from lk_reflex.domain.requests.passports.wiping import KEPT, wipe_old_passports, wipe_passports_of
from lk_reflex.domain.requests.sealing.check import check_sealing
from lk_reflex.domain.requests.tables import Request
from tests.cast import NOW
from tests.requests.lives import lead
from tests.requests.sealing.applications import PASSPORT, VAULT, filled, press

TOKEN = select(col(Request.passport), col(Request.passport_wiped_at))
VIEWS = (
    select(col(AuditEntry.actor_id), col(AuditEntry.user_id), col(AuditEntry.detail))
    .where(col(AuditEntry.action) == "passport-viewed")
    .order_by(AuditEntry.id)
)


def row(db):
    return db.read(lambda reader: reader.rows(TOKEN))[0]


def test_the_database_holds_nothing_of_it_in_the_clear(db, cast):
    filled(db, cast.owner)
    token = row(db).passport
    raw = token + base64.urlsafe_b64decode(token).decode("latin-1")
    for text in (*PASSPORT.values(), "246813", "УФМС"):
        assert text not in raw
    assert opened(VAULT, token).typed.fields() == PASSPORT


def test_fields_are_kept_one_by_one(db, cast):
    number, actor = filled(db, cast.owner), cast.owner.actor
    db.write(put, VAULT, actor, number, {"code": " 1\0 "}, now=NOW)
    assert opened(VAULT, row(db).passport).typed.fields() == PASSPORT | {"code": "1"}
    db.write(put, VAULT, actor, number, dict.fromkeys(PASSPORT, ""), now=NOW)
    assert row(db).passport == ""
    assert db.read(masked, VAULT, actor, number) == Masked()


def test_its_owner_sees_dots_and_the_last_two_digits(db, cast):
    number, actor = filled(db, cast.owner), cast.owner.actor
    shown = db.read(masked, VAULT, actor, number)
    assert shown.line == "•• ••  ••••13"
    assert shown.given == set(PASSPORT)
    assert not set("2468УФМС") & set(shown.issued_on + shown.code + shown.issued_by + shown.line)


@pytest.mark.parametrize("typed", ["5", "56", "12345", "1234567", "аб56"])
def test_what_is_no_number_yet_shows_no_digit_at_all(db, cast, typed):
    number, actor = filled(db, cast.owner), cast.owner.actor
    db.write(put, VAULT, actor, number, {"number": typed}, now=NOW)
    assert db.read(masked, VAULT, actor, number).number == "••••••"


@pytest.mark.parametrize("name", ["phone", "owner", "", "typed", "m1.serial"])
def test_no_other_field_is_kept_there(db, cast, name):
    with pytest.raises(NotFound):
        db.write(put, VAULT, cast.owner.actor, filled(db, cast.owner), {name: "x"}, now=NOW)


def test_a_book_and_another_service_have_no_passport(db, cast):
    with pytest.raises(Invalid) as fault:
        db.write(put, VAULT, cast.owner.actor, filled(db, cast.owner), {"issued_by": "о" * 301}, now=NOW)
    assert list(fault.value.fields) == ["issued_by"]
    appeal = db.write(
        open_draft, cast.owner.actor, Kind.APPEAL, organization_id=cast.organization, account_id=None, now=NOW
    )
    with pytest.raises(NotFound):
        db.write(put, VAULT, cast.owner.actor, appeal, {"series": "1"}, now=NOW)


def test_only_its_person_sees_the_masked_one(db, cast):
    number = filled(db, cast.owner)
    for person in (cast.relative, cast.stranger, cast.operator, cast.admin):
        with pytest.raises(NotFound):
            db.read(masked, VAULT, person.actor, number)


def test_staff_of_the_organization_see_what_was_sent_and_each_look_is_written_down(db, cast):
    number = press(db, cast.owner, filled(db, cast.owner))
    for person in (cast.operator, cast.admin):
        seen = db.write(reveal, VAULT, person.actor, number, now=NOW)
        assert seen == Passport("7501", "246813", "12.05.2014", "740-054", "Отделом УФМС России")
        assert "246813" not in repr(seen) + str(seen)
    request_id = db.read(lambda reader: reader.value(select(col(Request.id))))
    assert [tuple(view) for view in db.read(lambda reader: reader.rows(VIEWS))] == [
        (person.actor.user_id, cast.owner.actor.user_id, {"request": request_id})
        for person in (cast.operator, cast.admin)
    ]


def test_nobody_else_sees_it_and_no_draft_is_staffs(db, cast):
    draft = filled(db, cast.owner)
    for person in (cast.operator, cast.admin):
        with pytest.raises(NotFound):
            db.write(reveal, VAULT, person.actor, draft, now=NOW)
    number = press(db, cast.owner, draft)
    for person in (cast.owner, cast.relative, cast.stranger, cast.outsider):
        with pytest.raises(NotFound):
            db.write(reveal, VAULT, person.actor, number, now=NOW)
    assert db.read(lambda reader: reader.rows(VIEWS)) == []


def test_who_copies_them_all_is_stopped(db, cast, monkeypatch):
    monkeypatch.setattr(revealing, "VIEWINGS", Limit("passport", 2))
    number = press(db, cast.owner, filled(db, cast.owner))
    for _ in range(2):
        db.write(reveal, VAULT, cast.operator.actor, number, now=NOW)
    with pytest.raises(Refused, match="много раз подряд"):
        db.write(reveal, VAULT, cast.operator.actor, number, now=NOW)
    assert db.write(reveal, VAULT, cast.colleague.actor, number, now=NOW)


def test_one_whose_key_is_gone_is_told_so_and_can_be_typed_anew(db, cast):
    number, actor = filled(db, cast.owner), cast.owner.actor
    other = Vault(["bmV3" * 10 + "bmU="])
    assert db.read(masked, other, actor, number).lost
    assert db.read(check_sealing, other, actor, number, now=NOW)["series"] == (
        "Паспортные данные больше не прочитать. Введите их заново"
    )
    press(db, cast.owner, number)
    with pytest.raises(Unavailable, match="не расшифровать"):
        db.write(reveal, other, cast.operator.actor, number, now=NOW)
    second = filled(db, cast.owner)
    db.write(put, other, actor, second, PASSPORT, now=NOW)
    assert db.read(check_sealing, other, actor, second, now=NOW) == {}


@pytest.mark.parametrize("status", list(Status))
def test_it_is_wiped_ninety_days_after_the_end_or_where_it_lies_unsent(db, cast, status):
    number = filled(db, cast.owner)
    request_id = db.read(own_draft, cast.owner.actor, number).request_id
    lead(db, request_id, status, now=NOW)
    assert db.write(wipe_old_passports, now=NOW + KEPT) == 0
    later = NOW + KEPT + timedelta(seconds=1)
    goes = status in ENDED or status in (Status.DRAFT, Status.CORRECTING)
    assert db.write(wipe_old_passports, now=later) == int(goes)
    assert db.write(wipe_old_passports, now=later) == 0
    assert tuple(row(db)) == (("", later) if goes else (row(db).passport, None))
    if goes:
        assert db.read(masked, VAULT, cast.owner.actor, number).wiped_at == later
    if status in ENDED:
        with pytest.raises(Refused, match=r"удалены 18.02.2027: после окончания заявки они хранятся 90 дней"):
            db.write(reveal, VAULT, cast.operator.actor, number, now=later)


def test_a_persons_own_are_wiped_at_once_with_the_login(db, cast):
    filled(db, cast.owner)
    theirs = filled(db, cast.relative)
    assert db.write(wipe_passports_of, cast.owner.actor.user_id, now=NOW) == 1
    assert db.read(masked, VAULT, cast.relative.actor, theirs).line


def test_a_sealed_one_tells_nothing_by_its_name():
    assert "7501" not in repr(Sealed(Passport("7501", "246813")))
    assert Sealed().token(VAULT) == ""

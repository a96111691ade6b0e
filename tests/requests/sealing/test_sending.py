"""«Отправить»: everything checked at once, sent once, corrected and sent again."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from lk_reflex.core.errors import Conflict, Invalid, NotFound, Refused
from lk_reflex.domain.accounts.tables import OrganizationSwitch
from lk_reflex.domain.files.tables import StoredFile
from lk_reflex.domain.identity.registering.documents import SEALING_ACCESS, SEALING_CONSENT
from lk_reflex.domain.identity.tables import AccountLink
from lk_reflex.domain.notifications.tables import Notification
from lk_reflex.domain.requests import sending
from lk_reflex.domain.requests.dictionaries import APPLICATION
from lk_reflex.domain.requests.drafts import keep_fields, own_draft
from lk_reflex.domain.requests.history import Author
from lk_reflex.domain.requests.machine import Status
from lk_reflex.domain.requests.moving import move
from lk_reflex.domain.requests.passports.own import put
from lk_reflex.domain.requests.passports.revealing import reveal
from lk_reflex.domain.requests.sealing.check import check_sealing
from lk_reflex.domain.requests.sealing.consents import MISSING, texts
from lk_reflex.domain.requests.sealing.rows import add_meter, known_meters, open_sealing
from lk_reflex.domain.requests.sending import fingerprint
from lk_reflex.domain.requests.tables import (
    DictionaryEntry,
    Request,
    RequestConsent,
    RequestEvent,
    RequestMeter,
    RequestWord,
)
from tests.cast import NOW
from tests.metering.dials import make_meter
from tests.requests.lives import counted, recounted
from tests.requests.sealing.applications import (
    NEW,
    PASSPORT,
    SITE,
    VAULT,
    add_another,
    attach,
    filled,
    meter,
    press,
)

ROW = select(Request.__table__)  # pyright: ignore[reportAttributeAccessIssue]
METERS = select(RequestMeter.__table__).order_by(col(RequestMeter.position))  # pyright: ignore[reportAttributeAccessIssue]
CONSENTS = select(
    col(RequestConsent.document), col(RequestConsent.version), col(RequestConsent.address), col(RequestConsent.given_at)
).order_by(col(RequestConsent.document))
EVENTS = select(col(RequestEvent.became)).order_by(col(RequestEvent.id))
WORDS = select(col(RequestWord.word))
FEED = select(col(Notification.title)).order_by(col(Notification.id))


def rows(db, statement):
    return db.read(lambda reader: reader.rows(statement))


def faults(db, person, number) -> dict[str, str]:
    return db.read(check_sealing, VAULT, person.actor, number, now=NOW)


def correct(db, cast, number, *fields: str) -> int:
    """An operator accepts it and asks for corrections; returns the version that the person then has."""
    row = rows(db, ROW)[0]
    for version, becomes in ((row.version, Status.ACCEPTED), (row.version + 1, Status.CORRECTING)):
        db.write(
            move, row.id, becomes, version=version, author=Author.OPERATOR, actor_id=cast.operator.actor.user_id,
            site=SITE, now=NOW, comment="Исправьте номер", fields=fields,
        )  # fmt: skip
    return row.version + 2


def test_a_whole_application_has_no_faults_and_an_empty_one_has_all_in_the_forms_order(db, cast):
    assert faults(db, cast.owner, filled(db, cast.owner)) == {}
    empty = db.write(open_sealing, cast.owner.actor, now=NOW)
    assert list(faults(db, cast.owner, empty)) == [
        "series", "number", "issued_on", "code", "issued_by", "phone", "m1.application", "m1.type", "m1.serial",
        "m1.brand", "m1.reading", "m1.verification_due", "m1.place", "m1.installer", "m1:passport", "m1:act",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("application", "files", "named"),
    [
        (NEW, ("m1:passport",), []),
        (NEW, (), ["m1:passport"]),
        (meter()["application"], ("m1:passport",), ["m1:act"]),
        (meter()["application"], ("m1:act",), ["m1:passport"]),
        ("", ("m1:passport",), ["m1.application", "m1:act"]),
    ],
)
def test_the_act_is_asked_for_all_but_new_meters(db, cast, application, files, named):
    number = filled(db, cast.owner, application=application, files=files)
    assert list(faults(db, cast.owner, number)) == named


def test_what_an_administrator_took_out_of_the_list_is_to_be_chosen_anew(db, cast):
    number = filled(db, cast.owner)
    with db.transaction() as writer:
        writer.add(DictionaryEntry(kind=APPLICATION, organization_id=cast.organization, title="Другая"))
    assert faults(db, cast.owner, number) == {
        "m1.application": f"Значения «{meter()['application']}» в списке больше нет. Выберите другое"
    }


def test_one_meter_twice_is_told_at_the_second(db, cast):
    number = filled(db, cast.owner)
    db.write(add_meter, cast.owner.actor, number, now=NOW)
    fields = {f"m2.{name}": text for name, text in meter(serial="584 16745412").items()}
    db.write(keep_fields, cast.owner.actor, number, fields, now=NOW)
    request = db.read(own_draft, cast.owner.actor, number).request_id
    for slot in ("m2:passport", "m2:act"):
        attach(db, cast.owner, request, slot)
    assert faults(db, cast.owner, number) == {
        "m2.serial": "Этот номер уже указан у счётчика 1. Исправьте его или уберите лишний счётчик"
    }


def test_an_application_is_sent_whole(db, cast):
    number = filled(db, cast.owner, reading="86,21")
    assert press(db, cast.owner, number) == number
    row = rows(db, ROW)[0]
    assert (row.status, row.version, row.sent_at, row.due_on) == ("sent", 2, NOW, date(2026, 12, 11))
    assert (row.contact, row.phone) == ("Здетовецкий Сергей Владимирович", "+79123456789")
    assert row.address == "УЛ. КЫШТЫМСКАЯ, 10 - 1010"
    assert row.building_id
    assert row.sent_form == row.form
    assert "246813" not in str(tuple(row))
    one = rows(db, METERS)[0]
    assert (one.row_key, one.serial, one.reading) == ("m1", "58416745412", 86_210)
    assert one.verification_due == date(2030, 11, 20)
    assert [tuple(consent) for consent in rows(db, CONSENTS)] == [
        (name, texts()[name], "10.0.0.1", NOW) for name in sorted(MISSING)
    ]
    assert all(file.attached_at == NOW for file in rows(db, select(col(StoredFile.attached_at))))
    assert {"58416745412", "здетовецкий", number} <= {word.word for word in rows(db, WORDS)}
    assert [line.title for line in rows(db, FEED)] != []
    assert db.write(reveal, VAULT, cast.operator.actor, number, now=NOW).number == "246813"


def test_nothing_is_sent_with_a_fault_or_without_both_consents(db, cast):
    number = filled(db, cast.owner, serial="")
    with pytest.raises(Invalid) as fault:
        press(db, cast.owner, number, consents={SEALING_CONSENT: texts()[SEALING_CONSENT], SEALING_ACCESS: ""})
    assert list(fault.value.fields) == ["m1.serial", SEALING_ACCESS]
    assert rows(db, ROW)[0].status == "draft"
    assert rows(db, CONSENTS) == []


def test_a_consent_to_another_version_than_the_present_one_is_no_consent(db, cast):
    with pytest.raises(Conflict, match="обновился"):
        press(db, cast.owner, filled(db, cast.owner), consents=texts() | {SEALING_CONSENT: "2020-01-01"})


def test_five_presses_are_one_sending(db, cast):
    number = filled(db, cast.owner)
    assert [press(db, cast.owner, number) for _ in range(5)] == [number] * 5
    assert [event.became for event in rows(db, EVENTS)] == ["sent"]
    with pytest.raises(Refused):
        press(db, cast.owner, number, once_key="another-press", version=2)


def test_five_presses_at_once_are_one_sending(db, cast):
    number = filled(db, cast.owner)
    with ThreadPoolExecutor(5) as pool:
        assert list(pool.map(lambda _: press(db, cast.owner, number), range(5))) == [number] * 5
    assert [event.became for event in rows(db, EVENTS)] == ["sent"]
    assert len(rows(db, METERS)) == 1
    assert len(rows(db, CONSENTS)) == 2


def test_two_openings_at_once_are_one_draft(db, cast):
    with ThreadPoolExecutor(5) as pool:
        opened = set(pool.map(lambda _: db.write(open_sealing, cast.owner.actor, now=NOW), range(5)))
    assert len(opened) == 1


@pytest.mark.parametrize("once_key", ["", "short", "x" * 65, "nul\0nul\0nul"])
def test_a_key_that_no_form_makes_sends_nothing(db, cast, once_key):
    with pytest.raises(NotFound):
        press(db, cast.owner, filled(db, cast.owner), once_key=once_key)


def test_another_requests_key_sends_nothing(db, cast):
    press(db, cast.owner, filled(db, cast.owner))
    with pytest.raises(NotFound):
        press(db, cast.owner, filled(db, cast.owner))


def test_an_old_version_is_told_and_nothing_sent(db, cast):
    with pytest.raises(Conflict):
        press(db, cast.owner, filled(db, cast.owner), version=7)
    assert rows(db, ROW)[0].status == "draft"


def test_who_sends_all_day_is_asked_to_wait(db, cast, monkeypatch):
    monkeypatch.setattr(sending, "SENDINGS", sending.Limit("request", 1, first=timedelta(minutes=5)))
    press(db, cast.owner, filled(db, cast.owner))
    with pytest.raises(Refused, match="уже много заявок"):
        press(db, cast.owner, filled(db, cast.owner), once_key="press-0002")


def test_a_service_switched_off_meanwhile_takes_no_draft_but_corrections(db, cast):
    corrected, draft = filled(db, cast.owner), ""
    press(db, cast.owner, corrected)
    version = correct(db, cast, corrected, "phone")
    draft = filled(db, cast.owner)
    with db.transaction() as writer:
        writer.add(OrganizationSwitch(organization_id=cast.organization, name="sealing", is_on=False))
    with pytest.raises(Refused):
        press(db, cast.owner, draft, once_key="press-0002")
    assert press(db, cast.owner, corrected, once_key="press-0003", version=version) == corrected


def test_whose_access_to_the_account_has_ended_sends_nothing_for_it(db, cast):
    number = filled(db, cast.relative)
    ended = update(AccountLink).where(col(AccountLink.user_id) == cast.relative.actor.user_id)
    db.write(lambda writer: writer.change(ended.values(ends_at=NOW - timedelta(days=1))))
    with pytest.raises(Refused, match="не привязан"):
        press(db, cast.relative, number)


def test_a_correction_goes_the_same_way_and_replaces_what_was_sent(db, cast):
    number = filled(db, cast.owner)
    press(db, cast.owner, number)
    version = correct(db, cast, number, "m1.serial", "series")
    draft = db.read(own_draft, cast.owner.actor, number)
    assert (draft.to_correct, draft.comment) == (("m1.serial", "series"), "Исправьте номер")
    db.write(keep_fields, cast.owner.actor, number, {"m1.serial": "777", "m1.reading": "-1"}, now=NOW)
    db.write(put, VAULT, cast.owner.actor, number, {"series": "7502"}, now=NOW)
    assert db.write(reveal, VAULT, cast.operator.actor, number, now=NOW).series == "7501"
    with pytest.raises(Invalid) as fault:
        press(db, cast.owner, number, version=version, once_key="press-0002")
    assert list(fault.value.fields) == ["m1.reading"]
    db.write(keep_fields, cast.owner.actor, number, {"m1.reading": "5"}, now=NOW)
    later = NOW + timedelta(days=3)
    press(db, cast.owner, number, version=version, once_key="press-0002", now=later)
    row = rows(db, ROW)[0]
    assert (row.status, row.to_correct, row.sent_at, row.due_on) == ("sent", [], later, date(2026, 12, 14))
    assert [one.serial for one in rows(db, METERS)] == ["777"]
    assert row.sent_form["meters"][0]["serial"] == "777"
    assert "58416745412" not in {word.word for word in rows(db, WORDS)}
    assert len(rows(db, CONSENTS)) == 2
    assert db.write(reveal, VAULT, cast.operator.actor, number, now=NOW).series == "7502"
    assert counted(db.read(lambda reader: reader)) == recounted(db.read(lambda reader: reader))


def test_the_meters_that_billing_knows_on_the_account_are_offered_while_they_count(db, cast):
    make_meter(db, cast.flat)
    make_meter(db, cast.flat, "ГВС", serial="1", ended_on=date(2026, 1, 1))
    make_meter(db, cast.house, "ХВС", serial="2")
    number = db.write(open_sealing, cast.owner.actor, now=NOW)
    assert [known.serial for known in db.read(known_meters, cast.owner.actor, number)] == ["26616450"]


def test_a_passport_with_faults_is_kept_and_told_about(db, cast):
    number = filled(db, cast.owner)
    db.write(put, VAULT, cast.owner.actor, number, {"number": "12", "issued_on": "завтра"}, now=NOW)
    assert list(faults(db, cast.owner, number)) == ["number", "issued_on"]
    db.write(put, VAULT, cast.owner.actor, number, PASSPORT, now=NOW)
    assert faults(db, cast.owner, number) == {}


@pytest.mark.parametrize("change", ["field", "row", "passport", "file"])
def test_only_what_was_checked_is_sent(db, cast, change):
    number, actor = filled(db, cast.owner), cast.owner.actor
    draft = db.read(own_draft, actor, number)
    seen = db.read(fingerprint, draft)
    if change == "field":
        db.write(keep_fields, actor, number, {"phone": "+7 912 000-00-00"}, now=NOW)
    elif change == "row":
        add_another(db, cast.owner, number, serial="00999")
    elif change == "passport":
        db.write(put, VAULT, actor, number, {"number": "654321"}, now=NOW)
    else:
        replaced = update(StoredFile).where(col(StoredFile.key).like("%passport")).values(key="another-file")
        db.write(lambda writer: writer.change(replaced))
    with pytest.raises(Conflict):
        press(db, cast.owner, number, seen=seen)
    seen = db.read(fingerprint, db.read(own_draft, actor, number))
    assert press(db, cast.owner, number, seen=seen) == number

"""«Обращение»: what it must have, and that it is sent once, by its person, to the right organization."""

import threading

import pytest
from sqlalchemy import select
from sqlmodel import col

from lk_reflex.core.errors import Conflict, DomainError, Invalid, NotFound, Refused
from lk_reflex.domain.accounts.tables import OrganizationSwitch
from lk_reflex.domain.mail.tables import OutgoingMail
from lk_reflex.domain.requests.appeal.rules import CHOOSE_TOPIC, LONGEST, NO_TEXT, NO_TOPIC, TOO_SHORT, faults
from lk_reflex.domain.requests.appeal.sending import check_appeal, send_appeal
from lk_reflex.domain.requests.dictionaries import FIRST, TOPIC
from lk_reflex.domain.requests.drafts import keep_fields, open_draft, own_draft
from lk_reflex.domain.requests.kinds import Kind
from lk_reflex.domain.requests.machine import Status
from lk_reflex.domain.requests.moving import move
from lk_reflex.domain.requests.sending import fingerprint
from lk_reflex.domain.requests.tables import DictionaryEntry, Request
from tests.cast import NOW
from tests.requests.lives import SITE, counted, recounted, step

TOPICS = {choice.title for choice in FIRST[TOPIC]}
TEXT = "Во дворе после раскопок не восстановили асфальт."
FORM = {"topic": "Нарушение благоустройства", "text": TEXT, "phone": "8 (912) 345-67-89"}
KEY = "key-of-this-press"
_ROW = select(
    col(Request.id), col(Request.status), col(Request.version), col(Request.address), col(Request.contact),
    col(Request.phone), col(Request.sent_form), col(Request.sent_at), col(Request.due_on), col(Request.building_id),
)  # fmt: skip
_LETTERS = select(col(OutgoingMail.kind)).order_by(OutgoingMail.id)


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({}, {}),
        ({"topic": ""}, {"topic": CHOOSE_TOPIC}),
        ({"topic": "  "}, {"topic": CHOOSE_TOPIC}),
        ({"topic": "Погода"}, {"topic": NO_TOPIC}),
        ({"topic": 5}, {"topic": CHOOSE_TOPIC}),
        ({"text": ""}, {"text": NO_TEXT}),
        ({"text": "\u200b \n\t"}, {"text": NO_TEXT}),
        ({"text": None}, {"text": NO_TEXT}),
        ({"text": ["список"]}, {"text": NO_TEXT}),
        ({"text": "Девять зн"}, {"text": TOO_SHORT}),
        ({"text": "   Девять зн   "}, {"text": TOO_SHORT}),
        ({"text": "Десять зна"}, {}),
        ({"text": "я" * LONGEST}, {}),
        ({"phone": "+79123456789"}, {}),
    ],
)
def test_the_rules(changed, fault):
    assert faults({**FORM, **changed}, TOPICS) == fault


@pytest.mark.parametrize("phone", ["", "123", "не скажу", "+1 202 555 0100", "8 351 123 45 67", None])
def test_the_phone_is_a_mobile_of_ours(phone):
    assert set(faults({**FORM, "phone": phone}, TOPICS)) == {"phone"}


def test_faults_come_in_the_order_of_the_form_and_a_long_text_tells_its_length():
    assert list(faults({}, TOPICS)) == ["topic", "text", "phone"]
    assert "сейчас 4001" in faults({**FORM, "text": "я" * (LONGEST + 1)}, TOPICS)["text"]


@pytest.fixture
def number(db, cast):
    """A filled draft of the owner's."""
    made = db.write(
        open_draft, cast.owner.actor, Kind.APPEAL, organization_id=cast.organization, account_id=cast.flat, now=NOW
    )
    db.write(keep_fields, cast.owner.actor, made, FORM, now=NOW)
    return made


def send(db, person, number, *, version=1, once_key=KEY, seen=None):
    return db.write(
        send_appeal, person.actor, number, version=version, once_key=once_key, site=SITE, now=NOW, seen=seen
    )


def row_of(db):
    return db.read(lambda r: r.rows(_ROW))[0]


def test_it_is_sent_with_where_and_from_whom(db, cast, number):
    assert db.read(check_appeal, cast.owner.actor, number) == {}
    assert send(db, cast.owner, number) == number
    row = row_of(db)
    assert (row.status, row.sent_at, row.sent_form) == ("sent", NOW, FORM)
    assert (row.address, row.phone) == ("УЛ. КЫШТЫМСКАЯ, 10 - 1010", "+79123456789")
    assert row.contact == "ЗДЕТОВЕЦКИЙ СЕРГЕЙ ВЛАДИМИРОВИЧ" and row.building_id
    assert f"{row.due_on:%d.%m.%Y}" == "11.12.2026"
    assert db.read(counted) == db.read(recounted)


def test_faults_keep_it_a_draft_with_all_that_was_typed(db, cast, number):
    db.write(keep_fields, cast.owner.actor, number, {"text": "Мало", "phone": "12"}, now=NOW)
    with pytest.raises(Invalid) as fault:
        send(db, cast.owner, number)
    assert set(fault.value.fields) == {"text", "phone"} == set(db.read(check_appeal, cast.owner.actor, number))
    assert row_of(db).status == "draft"
    assert db.read(own_draft, cast.owner.actor, number).form["text"] == "Мало"


def test_five_presses_at_once_send_it_once(db, cast, number):
    start, said = threading.Barrier(5), []

    def press():
        start.wait()
        try:
            said.append(send(db, cast.owner, number))
        except DomainError as fault:
            said.append(type(fault).__name__)

    presses = [threading.Thread(target=press) for _ in range(5)]
    for one in presses:
        one.start()
    for one in presses:
        one.join()
    assert number in said and row_of(db).version == 2
    assert [row.kind for row in db.read(lambda r: r.rows(_LETTERS))] == ["request-sent"]
    assert send(db, cast.owner, number) == number, "a repeat of the same press later is quiet as well"


@pytest.mark.parametrize("who", ["relative", "stranger", "operator", "admin"])
def test_nobody_else_sends_or_checks_it(db, cast, number, who):
    person = getattr(cast, who)
    for work in (lambda: send(db, person, number), lambda: db.read(check_appeal, person.actor, number)):
        with pytest.raises(NotFound):
            work()
    assert row_of(db).status == "draft"


def test_another_services_draft_is_no_appeal(db, cast):
    other = db.write(
        open_draft, cast.owner.actor, Kind.SEALING, organization_id=cast.organization, account_id=cast.flat, now=NOW
    )
    with pytest.raises(NotFound):
        send(db, cast.owner, other)


def test_an_old_version_is_a_conflict(db, cast, number):
    with pytest.raises(Conflict):
        send(db, cast.owner, number, version=7)


def test_a_service_that_was_switched_off_meanwhile_takes_nothing(db, cast, number):
    with db.transaction() as writer:
        writer.add(OrganizationSwitch(organization_id=cast.organization, name="appeal", is_on=False))
    with pytest.raises(Refused):
        send(db, cast.owner, number)
    assert row_of(db).status == "draft"


def test_the_topics_are_the_organizations_own(db, cast, number):
    with db.transaction() as writer:
        writer.add(DictionaryEntry(kind=TOPIC, organization_id=cast.organization, title="Лифты", position=1))
    assert db.read(check_appeal, cast.owner.actor, number) == {"topic": NO_TOPIC}
    db.write(keep_fields, cast.owner.actor, number, {"topic": "Лифты"}, now=NOW)
    assert send(db, cast.owner, number) == number


def test_a_corrected_one_is_sent_anew_with_a_new_term(db, cast, number):
    send(db, cast.owner, number)
    request_id = row_of(db).id
    step(db, request_id, Status.ACCEPTED)
    step(db, request_id, Status.CORRECTING, fields=("text",))
    db.write(keep_fields, cast.owner.actor, number, {"text": TEXT + " Дом 10."}, now=NOW)
    assert row_of(db).sent_form["text"] == TEXT, "staff see what was sent until it is sent anew"
    send(db, cast.owner, number, version=row_of(db).version, once_key="key-of-another-press")
    row = row_of(db)
    assert (row.status, row.sent_form["text"]) == ("sent", TEXT + " Дом 10.")


def test_after_the_acceptance_nothing_is_overwritten(db, cast, number):
    """Scenario 38: the person edits after «Принято»."""
    send(db, cast.owner, number)
    step(db, row_of(db).id, Status.ACCEPTED)
    for work in (
        lambda: db.write(keep_fields, cast.owner.actor, number, {"text": "Другое, переписанное"}, now=NOW),
        lambda: send(db, cast.owner, number, version=3, once_key="key-of-another-press"),
        lambda: db.write(move, row_of(db).id, Status.SENT, version=3, author="resident", site=SITE, now=NOW),
    ):
        with pytest.raises(Refused):
            work()
    assert (row_of(db).status, row_of(db).sent_form) == ("accepted", FORM)


def test_without_an_account_it_is_known_by_its_writers_mailbox(db, cast):
    made = db.write(
        open_draft, cast.owner.actor, Kind.APPEAL, organization_id=cast.organization, account_id=None, now=NOW
    )
    db.write(keep_fields, cast.owner.actor, made, FORM, now=NOW)
    send(db, cast.owner, made)
    row = row_of(db)
    assert (row.contact, row.address, row.building_id) == ("owner@example.org", "", None)


def test_only_what_was_checked_is_sent(db, cast, number):
    seen = db.read(fingerprint, db.read(own_draft, cast.owner.actor, number))
    db.write(keep_fields, cast.owner.actor, number, {"text": "Совсем другое, чего никто не проверял"}, now=NOW)
    with pytest.raises(Conflict, match="тем временем"):
        send(db, cast.owner, number, seen=seen)
    assert row_of(db).status == "draft"
    seen = db.read(fingerprint, db.read(own_draft, cast.owner.actor, number))
    assert send(db, cast.owner, number, seen=seen) == number
    assert send(db, cast.owner, number, seen="a repeat of the press") == number

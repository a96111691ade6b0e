"""A report of an accident: its fields by table, whom it goes to, and its sending, with and without an account."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select

from lk_reflex.core.errors import Conflict, Invalid, NotFound, Refused
from lk_reflex.domain.accounts.tables import Building, Organization, OrganizationSwitch, OrganizationText
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.identity.registering.documents import EMERGENCY_CONSENT, current
from lk_reflex.domain.identity.sessions import identify, open_session
from lk_reflex.domain.identity.tokens import token_hash
from lk_reflex.domain.identity.users import put_user
from lk_reflex.domain.requests.drafts import delete_draft, keep_fields, own_draft
from lk_reflex.domain.requests.emergency import rules, sending
from lk_reflex.domain.requests.emergency.addressees import addressees, choice_of, goes_to
from lk_reflex.domain.requests.emergency.opening import open_emergency
from lk_reflex.domain.requests.emergency.sending import (
    check_emergency,
    directed,
    emergency_draft,
    send_emergency,
)
from lk_reflex.domain.requests.history import Author
from lk_reflex.domain.requests.kinds import Kind
from lk_reflex.domain.requests.machine import Status
from lk_reflex.domain.requests.moving import move
from lk_reflex.domain.requests.sending import fingerprint
from lk_reflex.domain.requests.tables import Request, RequestConsent, RequestCount
from tests.cast import NOW, Person, make_account

HOME = Client("203.0.113.7", "тест")
RIGHT = {
    "address": "ул. Кыштымская, 10", "description": "Вода течёт по дороге", "damage": "Течь воды на поверхность",
    "name": "Сергей", "phone": "8 912 345-67-89",
}  # fmt: skip
DAMAGES = ["Течь воды на поверхность", "Другое"]


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({}, {}),
        ({"address": ""}, {"address": rules.NO_ADDRESS}),
        ({"address": " \u200b "}, {"address": rules.NO_ADDRESS}),
        ({"address": 7}, {"address": rules.NO_ADDRESS}),
        ({"address": "дом"}, {"address": rules.SHORT_ADDRESS}),
        ({"address": "я" * 301}, {"address": "Не больше 300 знаков, сейчас 301. Сократите текст"}),
        ({"description": ""}, {"description": rules.NO_DESCRIPTION}),
        ({"description": "вода"}, {"description": rules.SHORT_DESCRIPTION}),
        ({"damage": ""}, {"damage": rules.NO_DAMAGE}),
        ({"damage": "Пожар"}, {"damage": rules.OLD_DAMAGE}),
        ({"name": ""}, {"name": rules.NO_NAME}),
        ({"phone": ""}, {"phone": rules.NO_PHONE}),
        ({"phone": "214-00-14"}, {"phone": rules.BAD_PHONE}),
        ({"phone": "8 (351) 214-00-14"}, {}),
        ({"phone": "+1 212 555 0100"}, {"phone": rules.BAD_PHONE}),
        ({"name": "", "address": ""}, {"address": rules.NO_ADDRESS, "name": rules.NO_NAME}),
    ],
)
def test_fields(changed, found):
    assert rules.faults({**RIGHT, **changed}, DAMAGES, None) == found


@pytest.mark.parametrize(("chosen", "right"), [("", False), ("ПОВВ", True), ("Чужая", False)])
def test_whoever_has_a_choice_makes_it(chosen, right):
    assert (not rules.faults({**RIGHT, "organization": chosen}, DAMAGES, ["ПОВВ", "УК"])) is right


@pytest.mark.parametrize(
    ("latitude", "longitude", "place"),
    [
        (55.1904123456, 61.3472, (55.190412, 61.3472)),
        (-85, 180, (-85.0, 180.0)),
        (86, 0, None),
        (0, 181.0, None),
        (float("nan"), 0, None),
        (float("inf"), 0, None),
        ("55", "61", None),
        (None, None, None),
        (True, 61.0, None),
        ([55], {}, None),
    ],
)
def test_only_places_on_earth_are_places(latitude, longitude, place):
    assert rules.place_on_earth(latitude, longitude) == place


def filled(db, person, **changed):
    number = db.write(open_emergency, person.actor, now=NOW)
    db.write(keep_fields, person.actor, number, {**RIGHT, **changed}, now=NOW)
    return number


def sent(db, person, number, key="key-of-the-form", **given):
    version = given.pop("version", 1)
    whole = {"version": version, "once_key": key, "consented": True, "client": HOME, "site": "http://t", "now": NOW}
    return db.write(send_emergency, person.actor, number, **{**whole, **given})


def stored(db, number):
    with db.transaction() as writer:
        return writer.session.exec(select(Request).where(Request.number == number)).one().model_copy()


def consents(db):
    with db.transaction() as writer:
        return [
            (one.document, one.version, one.address)
            for one in writer.session.exec(select(RequestConsent).order_by(RequestConsent.id))
        ]


@pytest.fixture
def newcomer(db, cast):
    """Somebody signed in without any account."""
    with db.transaction() as writer:
        user = put_user(writer, "newcomer@example.org", "resident", "!", now=NOW)
        cookie = open_session(writer, user, client=HOME, now=NOW)
        return Person(identify(writer, token_hash(cookie), now=NOW), cookie)


@pytest.fixture
def second(db, cast):
    """A second organization, with an account in a house of its own; the house's id."""
    with db.transaction() as writer:
        other = Organization(
            inn="7447003036", name="ТСН «Уральский двор»", short_name="Уральский двор", phone="+7 351 393-41-05"
        )
        writer.add(other)
        found = other.id
        account = make_account(writer, found, "3000000024", flat="", street="УЛ. ЛИНЕЙНАЯ", house="24")
    return found, account


def house_of(db, street):
    with db.transaction() as writer:
        return writer.session.exec(select(Building).where(Building.street == street)).one().id


def test_a_report_goes_to_the_accounts_organization(db, cast):
    house = house_of(db, "УЛ. КЫШТЫМСКАЯ")
    number = filled(db, cast.owner, building=house, latitude=55.19, longitude=61.34)
    assert sent(db, cast.owner, number) == number
    row = stored(db, number)
    assert (row.status, row.organization_id, row.account_id) == ("sent", cast.organization, cast.flat)
    assert (row.address, row.building_id, row.contact, row.phone) == (RIGHT["address"], house, "Сергей", "+79123456789")
    assert (row.latitude, row.longitude) == (55.19, 61.34) and row.due_on is not None
    assert row.sent_form["description"] == RIGHT["description"] and row.sent_form["organization"] == "ПОВВ"
    assert consents(db) == [(EMERGENCY_CONSENT, current(EMERGENCY_CONSENT).version, HOME.address)]


def test_a_repeated_press_sends_once(db, cast):
    number = filled(db, cast.owner)
    assert sent(db, cast.owner, number) == sent(db, cast.owner, number) == number
    assert len(consents(db)) == 1 and stored(db, number).version == 2


def test_without_the_tick_nothing_is_sent(db, cast):
    number = filled(db, cast.owner)
    with pytest.raises(Invalid) as refused:
        sent(db, cast.owner, number, consented=False)
    assert refused.value.fields == {"consent": sending.NO_CONSENT}
    assert stored(db, number).status == "draft" and consents(db) == []


def test_faults_are_told_in_the_order_of_the_form(db, cast):
    number = filled(db, cast.owner, address="", phone="", damage="")
    with pytest.raises(Invalid) as refused:
        sent(db, cast.owner, number, consented=False)
    assert list(refused.value.fields) == ["address", "damage", "phone", "consent"]


@pytest.mark.parametrize("who", ["relative", "stranger", "operator", "admin"])
def test_nobody_sees_or_sends_anothers(db, cast, who):
    number = filled(db, cast.owner)
    other = getattr(cast, who)
    with pytest.raises(NotFound):
        db.read(emergency_draft, other.actor, number)
    with pytest.raises(NotFound):
        sent(db, other, number)


def test_a_draft_of_another_service_is_no_report(db, cast):
    from lk_reflex.domain.requests.drafts import open_draft

    number = db.write(
        open_draft, cast.owner.actor, Kind.APPEAL, organization_id=cast.organization, account_id=cast.flat, now=NOW
    )
    with pytest.raises(NotFound):
        sent(db, cast.owner, number)


def test_a_stale_version_is_a_conflict(db, cast):
    number = filled(db, cast.owner)
    with pytest.raises(Conflict):
        sent(db, cast.owner, number, version=7)
    assert stored(db, number).status == "draft" and consents(db) == []


def test_an_organization_that_takes_none_gets_none(db, cast):
    number = filled(db, cast.owner)
    with db.transaction() as writer:
        writer.add(OrganizationSwitch(organization_id=cast.organization, name="emergency", is_on=False))
    with pytest.raises(Refused):
        sent(db, cast.owner, number)
    with pytest.raises(Refused):
        db.write(open_emergency, cast.owner.actor, now=NOW)


def test_what_is_known_of_the_person_is_filled_in(db, cast, newcomer):
    form = own_of(db, cast.owner, db.write(open_emergency, cast.owner.actor, now=NOW))
    assert form["name"] == "Сергей Владимирович Здетовецкий"
    assert own_of(db, newcomer, db.write(open_emergency, newcomer.actor, now=NOW))["name"] == ""


def own_of(db, person, number):
    return db.read(own_draft, person.actor, number).form


def test_without_an_account_the_only_organization_is_told(db, cast, newcomer):
    number = filled(db, newcomer)
    draft = db.read(emergency_draft, newcomer.actor, number)
    assert db.read(choice_of, draft) == () and db.read(goes_to, draft).organization_id == cast.organization
    sent(db, newcomer, number)
    assert (stored(db, number).account_id, stored(db, number).organization_id) == (None, cast.organization)


def test_without_an_account_the_houses_organization_is_told(db, cast, newcomer, second):
    number = filled(db, newcomer, building=house_of(db, "УЛ. ЛИНЕЙНАЯ"))
    assert db.read(check_emergency, db.read(emergency_draft, newcomer.actor, number), consented=True) == {}
    sent(db, newcomer, number)
    assert stored(db, number).organization_id == second[0]
    assert stored(db, number).sent_form["organization"] == "Уральский двор"
    with db.transaction() as writer:
        counts = {
            (one.organization_id, one.status): one.count
            for one in writer.session.exec(select(RequestCount))
            if one.count
        }
    assert counts == {(second[0], "sent"): 1}


def test_where_nobody_is_known_to_serve_the_place_the_person_chooses(db, cast, newcomer, second):
    number = filled(db, newcomer, address="у моста через Миасс")
    draft = db.read(emergency_draft, newcomer.actor, number)
    assert [one.name for one in db.read(choice_of, draft)] == ["ПОВВ", "Уральский двор"]
    with pytest.raises(Invalid) as refused:
        sent(db, newcomer, number)
    assert refused.value.fields == {"organization": rules.NO_ADDRESSEE}
    db.write(keep_fields, newcomer.actor, number, {"organization": "Уральский двор"}, now=NOW)
    sent(db, newcomer, number)
    assert stored(db, number).organization_id == second[0]


def test_a_draft_thrown_away_leaves_the_counts_right(db, cast, newcomer, second):
    db.write(delete_draft, newcomer.actor, filled(db, newcomer, building=house_of(db, "УЛ. ЛИНЕЙНАЯ")), now=NOW)
    with db.transaction() as writer:
        assert not [one for one in writer.session.exec(select(RequestCount)) if one.count]


def test_those_who_take_no_reports_arent_offered(db, cast, second):
    with db.transaction() as writer:
        writer.add(OrganizationSwitch(organization_id=second[0], name="emergency", is_on=False))
    assert [one.organization_id for one in db.read(addressees)] == [cast.organization]
    assert [one.organization_id for one in db.read(addressees, house_of(db, "УЛ. ЛИНЕЙНАЯ"))] == [cast.organization]


def test_nobody_left_to_tell_is_said_with_the_way_out(db, cast, newcomer):
    with db.transaction() as writer:
        writer.add(OrganizationSwitch(organization_id=cast.organization, name="emergency", is_on=False))
    with pytest.raises(Refused, match="Позвоните"):
        db.write(open_emergency, newcomer.actor, now=NOW)


def test_the_number_for_accidents_goes_before_the_common_one(db, cast, second):
    with db.transaction() as writer:
        writer.add(OrganizationText(organization_id=second[0], name="emergency-phone", body=" 214-00-14 "))
    assert [one.phone for one in db.read(addressees)] == ["", "214-00-14"]


def test_namesakes_are_told_apart(db, cast):
    with db.transaction() as writer:
        writer.add(Organization(inn="7400000000", name="Другой", short_name="ПОВВ"))
    assert [one.name for one in db.read(addressees)] == ["ПОВВ (ИНН 7421000200)", "ПОВВ (ИНН 7400000000)"]


@pytest.mark.parametrize("building", [10**9, True, "1", 1.5])
def test_a_house_that_isnt_there_is_none(db, cast, building):
    number = filled(db, cast.owner, building=building)
    sent(db, cast.owner, number)
    assert stored(db, number).building_id is None and stored(db, number).latitude is None


def test_too_many_of_one_person_wait(db, cast):
    for turn in range(sending.OF_PERSON.free):
        sent(db, cast.owner, filled(db, cast.owner), key=f"key-{turn:08d}", client=Client(f"198.51.100.{turn}", ""))
    number = filled(db, cast.owner)
    with pytest.raises(Refused, match="позвоните"):
        sent(db, cast.owner, number, key="one-too-many")
    late = NOW + timedelta(hours=2)
    assert sent(db, cast.owner, number, key="one-too-many", now=late) == number


def test_too_many_from_one_network_address_wait_whoever_sends(db, cast, newcomer, monkeypatch):
    monkeypatch.setattr(sending, "OF_CLIENT", replace(sending.OF_CLIENT, free=2))
    sent(db, cast.owner, filled(db, cast.owner), key="first-key")
    sent(db, cast.relative, filled(db, cast.relative), key="second-key")
    number = filled(db, newcomer)
    with pytest.raises(Refused):
        sent(db, newcomer, number, key="third-key")
    assert sent(db, newcomer, number, key="third-key", client=Client("198.51.100.9", "")) == number


def test_a_corrected_report_needs_no_second_tick_and_stays_where_it_is(db, cast, newcomer, second):
    number = filled(db, newcomer, building=house_of(db, "УЛ. ЛИНЕЙНАЯ"))
    sent(db, newcomer, number)
    for status, version in ((Status.ACCEPTED, 2), (Status.CORRECTING, 3)):
        with db.transaction() as writer:
            move(
                writer, stored_id(writer, number), status, version=version, author=Author.OPERATOR, site="http://t",
                now=NOW, comment="Уточните", fields=["address"],
            )  # fmt: skip
    db.write(
        keep_fields,
        newcomer.actor,
        number,
        {"address": "ул. Кыштымская, 10", "building": house_of(db, "УЛ. КЫШТЫМСКАЯ")},
        now=NOW,
    )
    sent(db, newcomer, number, key="corrected-key", version=4, consented=False)
    assert (stored(db, number).status, stored(db, number).organization_id) == ("sent", second[0])
    assert len(consents(db)) == 1


def stored_id(writer, number):
    return writer.session.exec(select(Request).where(Request.number == number)).one().id


def test_only_what_was_checked_is_sent(db, cast):
    number = filled(db, cast.owner)
    draft = db.read(emergency_draft, cast.owner.actor, number)
    seen = db.read(fingerprint, db.read(directed, draft))
    db.write(keep_fields, cast.owner.actor, number, {"description": "Другое, чего никто не проверял"}, now=NOW)
    with pytest.raises(Conflict):
        sent(db, cast.owner, number, seen=seen)
    assert stored(db, number).status == "draft"
    db.write(keep_fields, cast.owner.actor, number, {"description": RIGHT["description"]}, now=NOW)
    assert sent(db, cast.owner, number, seen=seen) == number

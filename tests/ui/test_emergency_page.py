"""A report of an accident through the real processor: map and address follow each other, and it is sent once."""

import pytest
from sqlmodel import select

from lk_reflex.core.text import house_key
from lk_reflex.domain.accounts.tables import Building, Organization, OrganizationSwitch, OrganizationText
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.identity.sessions import open_session
from lk_reflex.domain.identity.users import put_user
from lk_reflex.domain.requests.drafts import own_draft
from lk_reflex.domain.requests.emergency import rules
from lk_reflex.domain.requests.emergency.sending import NO_CONSENT
from lk_reflex.domain.requests.history import Author
from lk_reflex.domain.requests.machine import Status
from lk_reflex.domain.requests.moving import move
from lk_reflex.domain.requests.own import my_drafts, my_requests
from lk_reflex.domain.requests.tables import Request
from lk_reflex.ui.resident.emergency.place import MARKED_ALONE, UNKNOWN
from lk_reflex.ui.resident.emergency.regulation_state import EmergencyRegulation
from lk_reflex.ui.resident.emergency.state import ASKED, SENT_ALREADY, EmergencyState
from tests.cast import NOW, make_account

LATITUDE, LONGITUDE = 55.19, 61.34
FORM: dict[str, object] = {
    "address": "Копейск, ул. Мира, 5", "description": "Вода <b>течёт</b> по дороге", "damage": "Слабый напор воды",
    "name": "Сергей", "phone": "8 351 214-00-14", "consent": "yes",
}  # fmt: skip


@pytest.fixture
def town(db, cast):
    """Three houses a hundred metres apart; the middle one is the owner's."""
    with db.transaction() as writer:
        home = writer.session.exec(select(Building).where(Building.street == "УЛ. КЫШТЫМСКАЯ")).one()
        home.city, home.latitude, home.longitude = "Копейск", LATITUDE, LONGITUDE
        for at, house in enumerate(("5", "50"), 1):
            writer.add(
                Building(
                    code=f"M{house}", city="Копейск", street="УЛ. МИРА", house=house, house_key=house_key(house),
                    latitude=LATITUDE + 0.001 * at, longitude=LONGITUDE,
                )
            )  # fmt: skip
    return db


@pytest.fixture
def newcomer(db, cast):
    """The cookie of somebody signed in without any account."""
    with db.transaction() as writer:
        return open_session(
            writer,
            put_user(writer, "newcomer@example.org", "resident", "!", now=NOW),
            client=Client("127.0.0.1", ""),
            now=NOW,
        )


@pytest.fixture
def second(db, cast):
    with db.transaction() as writer:
        other = Organization(inn="7447003036", name="ТСН «Двор»", short_name="Двор", phone="+7 (351) 393-41-05")
        writer.add(other)
        found = other.id
        make_account(writer, found, "3000000024", flat="", street="УЛ. ЛИНЕЙНАЯ", house="24")
    return found


def seen(tab):
    return tab.seen(EmergencyState)


def gone(events):
    return [payload["path"] for name, payload in events if name == "_redirect"]


def focused(events):
    return [payload["ref"] for name, payload in events if name == "_set_focus"]


async def begun(tabs, cookie):
    """A tab with the form of a new draft."""
    tab = tabs(cookie)
    await tab.open("/services/emergency")
    _, events = await tab.send(EmergencyRegulation.get_service)
    (address,) = gone(events)
    await tab.follow(address)
    return tab


async def checked(tabs, cookie, **changed):
    tab = await begun(tabs, cookie)
    _, events = await tab.send(EmergencyState.check, form={**FORM, **changed})
    (address,) = gone(events)
    await tab.follow(address)
    return tab


def form_of(db, tab, person):
    return db.read(own_draft, person.actor, seen(tab)["number"]).form


async def test_what_another_tab_has_changed_is_looked_at_before_it_goes(tabs, db, cast):
    tab = await checked(tabs, cast.owner.cookie)
    other = tabs(cast.owner.cookie)
    await other.open(f"/services/emergency/{seen(tab)['number']}")
    await other.send(EmergencyState.keep_description, text="Совсем другое, чего никто не проверял")
    _, events = await tab.send(EmergencyState.send)
    assert not gone(events) and db.read(my_requests, cast.owner.actor).lines == ()
    assert "тем временем" in seen(tab)["outcome"] and seen(tab)["checking"]
    assert "Совсем другое, чего никто не проверял" in [fact.value for fact in seen(tab)["facts"]]
    _, events = await tab.send(EmergencyState.send)
    assert gone(events)


async def test_the_regulation_names_the_number_to_call(tabs, db, cast, second, newcomer):
    tab = tabs(cast.owner.cookie)
    with db.transaction() as writer:
        writer.add(OrganizationText(organization_id=cast.organization, name="emergency-phone", body="214-00-14"))
    await tab.open("/services/emergency")
    assert [(call.phone, call.href) for call in tab.seen(EmergencyRegulation)["calls"]] == [
        ("214-00-14", "tel:2140014")
    ]
    stranger = tabs(newcomer)
    await stranger.open("/services/emergency")
    calls = stranger.seen(EmergencyRegulation)["calls"]
    assert [(call.name, call.href) for call in calls] == [("ПОВВ", "tel:2140014"), ("Двор", "tel:+73513934105")]


async def test_where_it_is_off_people_are_told_to_call(tabs, db, cast):
    with db.transaction() as writer:
        writer.add(OrganizationSwitch(organization_id=cast.organization, name="emergency", is_on=False))
    tab = tabs(cast.owner.cookie)
    await tab.open("/services/emergency")
    assert tab.seen(EmergencyRegulation)["refusal"] == "ПОВВ не принимает такие заявки через личный кабинет. Позвоните"
    _, events = await tab.send(EmergencyRegulation.get_service)
    assert not gone(events) and focused(events)


async def test_a_click_puts_the_nearest_house_into_the_address(tabs, town, cast):
    tab = await begun(tabs, cast.owner.cookie)
    before = seen(tab)["address_form"], seen(tab)["map_form"]
    await tab.send(EmergencyState.pick_place, latitude=LATITUDE + 0.0011, longitude=LONGITUDE)
    assert (seen(tab)["address"], seen(tab)["placed"]) == ("Копейск, ул. Мира, 5", True)
    # The field is drawn anew; the map stays under the finger.
    assert (seen(tab)["address_form"], seen(tab)["map_form"]) == (before[0] + 1, before[1])
    kept = form_of(town, tab, cast.owner)
    assert (kept["address"], kept["latitude"], kept["longitude"]) == (
        seen(tab)["address"],
        LATITUDE + 0.0011,
        LONGITUDE,
    )
    assert isinstance(kept["building"], int)


async def test_a_click_far_from_houses_keeps_the_point_and_what_was_typed(tabs, town, cast):
    tab = await begun(tabs, cast.owner.cookie)
    await tab.send(EmergencyState.type_address, text="за рекой")
    await tab.send(EmergencyState.pick_place, latitude=54.0, longitude=60.0)
    assert seen(tab)["place_said"] == MARKED_ALONE and seen(tab)["placed"]
    await tab.send(EmergencyState.type_address, text="за рекой, у насосной")
    kept = form_of(town, tab, cast.owner)
    assert (kept["address"], kept["building"], kept["latitude"]) == ("за рекой, у насосной", None, 54.0)
    await tab.send(EmergencyState.type_address, text="мира 5")
    assert form_of(town, tab, cast.owner)["latitude"] == LATITUDE + 0.001


@pytest.mark.parametrize(
    ("latitude", "longitude"), [("x", "y"), (None, None), (float("nan"), 0), ([], {}), (91.0, 0.0), (True, [1])]
)
async def test_what_is_no_place_changes_nothing(tabs, town, cast, latitude, longitude):
    tab = await begun(tabs, cast.owner.cookie)
    await tab.send(EmergencyState.pick_place, latitude=latitude, longitude=longitude)
    assert not seen(tab).get("placed") and "latitude" not in form_of(town, tab, cast.owner)


async def test_the_map_follows_what_is_typed(tabs, town, cast):
    tab = await begun(tabs, cast.owner.cookie)
    was = seen(tab)["map_form"]
    await tab.send(EmergencyState.type_address, text="ул мира 5")
    assert (seen(tab)["latitude"], seen(tab)["placed"], seen(tab)["map_form"]) == (LATITUDE + 0.001, True, was + 1)
    assert seen(tab)["place_said"] == "На карте: Копейск, ул. Мира, 5."
    assert [one.address for one in seen(tab)["suggestions"]] == ["Копейск, ул. Мира, 5", "Копейск, ул. Мира, 50"]
    await tab.send(EmergencyState.type_address, text="ул мира 5, у колодца")
    assert seen(tab)["map_form"] == was + 1  # the same house: nothing jumps
    await tab.send(EmergencyState.type_address, text="ул мира 77")
    assert (seen(tab)["place_said"], seen(tab)["placed"]) == (UNKNOWN, False)
    kept = form_of(town, tab, cast.owner)
    assert (kept["address"], kept["building"], kept["latitude"]) == ("ул мира 77", None, None)


async def test_a_suggestion_is_taken_and_the_map_goes_there(tabs, town, cast):
    tab = await begun(tabs, cast.owner.cookie)
    await tab.send(EmergencyState.type_address, text="мир")
    _, events = await tab.send(EmergencyState.choose_place, key=seen(tab)["suggestions"][1].key)
    assert seen(tab)["address"] == "Копейск, ул. Мира, 50" and seen(tab)["latitude"] == LATITUDE + 0.002
    assert seen(tab)["suggestions"] == [] and focused(events)
    await tab.send(EmergencyState.pick_place, latitude=LATITUDE + 0.0021, longitude=LONGITUDE)
    assert seen(tab)["address"] == "Копейск, ул. Мира, 50"  # the same house, a finer point
    assert form_of(town, tab, cast.owner)["latitude"] == pytest.approx(LATITUDE + 0.0021)


@pytest.mark.parametrize("key", ["0", "999999999", "x", None, 7, ["1"], "1; DROP"])
async def test_a_house_that_isnt_there_is_chosen_by_nobody(tabs, town, cast, key):
    tab = await begun(tabs, cast.owner.cookie)
    await tab.send(EmergencyState.choose_place, key=key)
    assert not form_of(town, tab, cast.owner).get("building")


async def test_ones_own_house_is_offered_first_and_nobody_elses(tabs, town, cast, newcomer):
    tab = await begun(tabs, cast.owner.cookie)
    assert [one.address for one in seen(tab)["suggestions"]] == ["Копейск, ул. Кыштымская, 10"]
    assert seen(tab)["centre"] == [LATITUDE, LONGITUDE] and not seen(tab).get("placed")
    other = await begun(tabs, newcomer)
    assert not seen(other).get("suggestions") and seen(other)["values"]["name"] == ""
    assert seen(other)["mapped"]


async def test_what_is_typed_stands_there_on_another_device(tabs, town, cast):
    tab = await begun(tabs, cast.owner.cookie)
    for handler, text in (
        (EmergencyState.keep_description, "Вода"),
        (EmergencyState.keep_damage, "Другое"),
        (EmergencyState.keep_name, "Пётр"),
        (EmergencyState.keep_phone, "12"),
        (EmergencyState.type_address, "мира 50"),
    ):
        await tab.send(handler, text=text)
    assert seen(tab)["kept_at"].startswith("Сохранено в 15:00")
    other = tabs(cast.owner.cookie)
    await other.open(tab.path)
    values = {name: seen(other)["values"][name] for name in ("description", "damage", "name", "phone")}
    assert values == {"description": "Вода", "damage": "Другое", "name": "Пётр", "phone": "12"}
    assert (seen(other)["address"], seen(other)["latitude"]) == ("мира 50", LATITUDE + 0.002)
    await other.send(EmergencyState.save)
    assert "сохранён" in seen(other)["outcome"] and len(town.read(my_drafts, cast.owner.actor)) == 1


async def test_faults_stand_at_their_fields_and_nothing_typed_is_lost(tabs, town, cast):
    tab = await begun(tabs, cast.owner.cookie)
    _, events = await tab.send(EmergencyState.check, form={"address": "", "description": "Вода", "phone": "7"})
    assert focused(events) and not gone(events)
    assert seen(tab)["errors"]["address"] == rules.NO_ADDRESS and seen(tab)["errors"]["consent"] == NO_CONSENT
    assert [fault.field_id for fault in seen(tab)["faults"]] == ["address", "description", "damage", "phone", "consent"]
    assert form_of(town, tab, cast.owner)["phone"] == "7"


async def test_it_is_read_once_more_and_sent_once(tabs, town, cast):
    tab = await checked(tabs, cast.owner.cookie)
    assert seen(tab)["checking"] and seen(tab)["heading"].startswith("Проверьте заявку ")
    facts = {fact.label: fact.value for fact in seen(tab)["facts"]}
    assert facts["Адрес"] == FORM["address"] and facts["Кому сообщить"] == "ПОВВ"
    _, events = await tab.send(EmergencyState.send)
    (page,) = gone(events)
    await tab.send(EmergencyState.send)
    (line,) = town.read(my_requests, cast.owner.actor).lines
    assert page == f"/services/requests/{line.number}"
    await tab.open(f"/services/emergency/{line.number}")
    assert (seen(tab)["closed"], seen(tab)["closed_href"], seen(tab)["number"]) == (SENT_ALREADY, page, "")


async def test_typed_and_sent_at_once_the_point_is_the_typed_houses(tabs, town, cast):
    tab = await begun(tabs, cast.owner.cookie)
    await tab.send(EmergencyState.pick_place, latitude=LATITUDE, longitude=LONGITUDE)
    await tab.send(EmergencyState.check, form={**FORM, "address": "мира 50"})
    assert form_of(town, tab, cast.owner)["latitude"] == LATITUDE + 0.002


@pytest.mark.parametrize("consent", ["", None, "no", False, ["yes"]])
async def test_the_check_page_is_never_reached_without_the_tick(tabs, town, cast, consent):
    tab = await begun(tabs, cast.owner.cookie)
    await tab.send(EmergencyState.check, form={**FORM, "consent": consent})
    await tab.follow(f"{tab.path}?check=1")
    assert not seen(tab).get("checking") and seen(tab)["errors"]["consent"] == NO_CONSENT
    await tab.send(EmergencyState.send)
    assert town.read(my_requests, cast.owner.actor).lines == ()


async def test_a_page_opened_anew_asks_for_the_tick_again(tabs, town, cast):
    tab = await checked(tabs, cast.owner.cookie)
    await tab.open(f"{tab.path}?check=1")
    assert not seen(tab)["checking"] and not seen(tab)["consented"] and seen(tab)["errors"]["consent"]


async def test_without_an_account_one_says_who_is_told(tabs, town, cast, second, newcomer):
    tab = await begun(tabs, newcomer)
    assert seen(tab)["organizations"] == ["ПОВВ", "Двор"]
    _, events = await tab.send(EmergencyState.check, form=FORM)
    assert not gone(events) and seen(tab)["faults"][0].field_id == "organization-0"
    _, events = await tab.send(EmergencyState.check, form={**FORM, "organization": "Двор"})
    await tab.follow(gone(events)[0])
    await tab.send(EmergencyState.send)
    with town.transaction() as writer:
        row = writer.session.exec(select(Request)).one()
        assert (row.organization_id, row.account_id, row.status) == (second, None, "sent")


async def test_without_an_account_a_known_house_says_it_by_itself(tabs, town, cast, second, newcomer):
    tab = await begun(tabs, newcomer)
    await tab.send(EmergencyState.type_address, text="линейная 24")
    assert seen(tab)["organizations"] == [] and seen(tab)["told"].name == "Двор"
    await tab.send(EmergencyState.type_address, text="кыштымская 10")
    assert seen(tab)["told"].name == "ПОВВ"


async def test_another_persons_draft_is_nobodys(tabs, town, cast):
    tab = await begun(tabs, cast.owner.cookie)
    for person in (cast.relative, cast.stranger, cast.operator):
        other = tabs(person.cookie)
        await other.open(tab.path)
        assert not seen(other).get("number") and "Такого черновика нет" in seen(other)["closed"]
        await other.send(EmergencyState.check, form=FORM)
        await other.send(EmergencyState.keep_name, text="Чужой")
    assert form_of(town, tab, cast.owner)["name"] != "Чужой"


async def test_a_change_by_an_operator_meanwhile_is_said_and_overwrites_nothing(tabs, town, cast):
    tab = await checked(tabs, cast.owner.cookie)
    first, second_tab = tab, tabs(cast.owner.cookie)
    await second_tab.open(tab.path)
    await second_tab.send(EmergencyState.check, form=FORM)
    await second_tab.follow(f"{tab.path}?check=1")
    await second_tab.send(EmergencyState.send)
    _, events = await first.send(EmergencyState.send)
    assert not gone(events) and len(town.read(my_requests, cast.owner.actor).lines) == 1
    assert seen(first)["closed"] == SENT_ALREADY
    await first.send(EmergencyState.type_address, text="чужое")
    with town.transaction() as writer:
        assert writer.session.exec(select(Request)).one().sent_form["address"] == FORM["address"]


async def test_corrections_are_marked_and_need_no_second_tick(tabs, town, cast):
    tab = await checked(tabs, cast.owner.cookie)
    await tab.send(EmergencyState.send)
    number = tab.path.rpartition("/")[2]
    for status, version in ((Status.ACCEPTED, 2), (Status.CORRECTING, 3)):
        with town.transaction() as writer:
            row = writer.session.exec(select(Request)).one()
            move(
                writer, row.id, status, version=version, author=Author.OPERATOR, site="http://t", now=NOW,
                comment="Где именно?", fields=["address", "photo"],
            )  # fmt: skip
    tab = tabs(cast.owner.cookie)
    await tab.open(f"/services/emergency/{number}")
    assert seen(tab)["correcting"] and seen(tab)["comment"] == "Где именно?" and seen(tab)["consent_held"]
    assert {name: text for name, text in seen(tab)["errors"].items() if text} == {"address": ASKED} and seen(tab)[
        "upload_errors"
    ] == {"photo": ASKED}
    _, events = await tab.send(EmergencyState.check, form={**FORM, "address": "мира 50", "consent": ""})
    await tab.follow(gone(events)[0])
    await tab.send(EmergencyState.send)
    with town.transaction() as writer:
        row = writer.session.exec(select(Request)).one()
        assert (row.status, row.address, row.latitude) == ("sent", "мира 50", LATITUDE + 0.002)

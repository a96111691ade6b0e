"""The register of houses: what was typed, slips and all, and what lies nearest to a click."""

import pytest

from lk_reflex.core.text import house_key
from lk_reflex.domain.accounts import buildings
from lk_reflex.domain.accounts.buildings import (
    MOST_SUGGESTIONS,
    centre_of_town,
    find_places,
    look_up,
    nearest_place,
    place_of,
    place_of_account,
)
from lk_reflex.domain.accounts.house_words import LONGEST, place_line, readings, street_title
from lk_reflex.domain.accounts.tables import Building

LATITUDE, LONGITUDE = 55.19, 61.34
#: Some 111 metres.
STEP = 0.001
HOUSES = (
    ("Челябинск", "УЛ. КЫШТЫМСКАЯ", "1"), ("Челябинск", "УЛ. КЫШТЫМСКАЯ", "10"),
    ("Челябинск", "УЛ. КЫШТЫМСКАЯ", "10/1"), ("Челябинск", "УЛ. КЫШТЫМСКАЯ", "112А"), ("Челябинск", "ПР. ПОБЕДЫ", "7"),
    ("Копейск", "ПР. ПОБЕДЫ", "7"), ("Челябинск", "УЛ. 40-ЛЕТИЯ ПОБЕДЫ", "7"),
    ("Челябинск", "УЛ. 8 МАРТА", "5 корпус 1"),
    ("Копейск", "УЛ. АРТЁМА", "3"), ("Челябинск", "КОМСОМОЛЬСКИЙ ПР.", "2"),
    ("Челябинск", "УЛ. БРАТЬЕВ КАШИРИНЫХ", "99"),
    ("Челябинск", "УЛ. КОПЕЙСКАЯ", "7"), ("", "ул. Зелёная", "4"),
)  # fmt: skip


@pytest.fixture
def town(db):
    with db.transaction() as writer:
        for at, (city, street, house) in enumerate(HOUSES):
            writer.add(
                Building(
                    code=f"T{at}", city=city, street=street, house=house, house_key=house_key(house),
                    latitude=LATITUDE + at * STEP, longitude=LONGITUDE,
                )
            )  # fmt: skip
    return db


TYPED = (
    ("кыштымская 10", "Челябинск, ул. Кыштымская, 10"),
    ("ул кыштымскя д.10", "Челябинск, ул. Кыштымская, 10"),
    ("КИШТЫМСКАЯ 10", "Челябинск, ул. Кыштымская, 10"),
    ("Победы 7 копейск", "Копейск, пр. Победы, 7"),
    ("копейск победы 7", "Копейск, пр. Победы, 7"),
    ("г. Копейск, просп. Победы, дом 7, кв. 12", "Копейск, пр. Победы, 7"),
    ("KЫШTЫMCKAЯ 10", "Челябинск, ул. Кыштымская, 10"),
    ("rsinsvcrfz 10", "Челябинск, ул. Кыштымская, 10"),
    ("артема 3", "Копейск, ул. Артёма, 3"),
    ("артёма 3", "Копейск, ул. Артёма, 3"),
    ("зеленая 4", "ул. Зелёная, 4"),
    ("кыштымская 112 а", "Челябинск, ул. Кыштымская, 112А"),
    ("кыштымская 112a", "Челябинск, ул. Кыштымская, 112А"),
    ("кыштымская 10/1", "Челябинск, ул. Кыштымская, 10/1"),
    ("УЛ. КЫШТЫМСКАЯ, 10 - 1010", "Челябинск, ул. Кыштымская, 10"),
    ("10 кыштымская", "Челябинск, ул. Кыштымская, 10"),
    ("40 лет победы 7", "Челябинск, ул. 40-летия Победы, 7"),
    ("40-летия победы, 7", "Челябинск, ул. 40-летия Победы, 7"),
    ("8 марта 5к1", "Челябинск, ул. 8 Марта, 5 корпус 1"),
    ("8 марта 5 корп. 1", "Челябинск, ул. 8 Марта, 5 корпус 1"),
    ("комсомольский пр-т 2", "Челябинск, Комсомольский пр., 2"),
    ("братев кашириных 99", "Челябинск, ул. Братьев Кашириных, 99"),
    ("копейская 7", "Челябинск, ул. Копейская, 7"),
    ("кышт", "Челябинск, ул. Кыштымская, 1"),
)


@pytest.mark.parametrize(("typed", "first"), TYPED)
def test_what_a_person_types_finds_what_they_mean(town, typed, first):
    found = town.read(find_places, typed)
    assert found and found[0].address == first and len(found) <= MOST_SUGGESTIONS


CRAFTED = (
    "к р м л с в т н ш б 1 2", "1 к 2 р 3 м 4 л 5 с 6 в", "челябинск 1 каро 2 роса 3 миле 4 сави 5",
    "rfhjcfrf hjcfdbrf vbktcfhj 1 2 3 4 5", "1-1 2-2 3-3 4-4 5-5 6-6 каро роса миле сави",
)  # fmt: skip


@pytest.mark.parametrize("typed", CRAFTED)
def test_no_text_keeps_the_server_busy(town, typed, monkeypatch):
    """Each word is searched for once, and no text is read in more than a dozen ways: of 1,500 streets, some 10 ms."""
    words, ways = [], []
    alike, streets = buildings._words_like, buildings._streets_like
    monkeypatch.setattr(buildings, "_words_like", lambda known, word: words.append(word) or alike(known, word))
    monkeypatch.setattr(buildings, "_streets_like", lambda *given: ways.append(given[1]) or streets(*given))
    town.read(look_up, typed)
    assert len(words) == len(set(words)) <= 12 and len(ways) <= 12
    assert all(len(way.words) <= 8 for way in ways)


def test_namesakes_in_two_towns_are_both_offered(town):
    addresses = [place.address for place in town.read(find_places, "победы 7")]
    assert set(addresses[:2]) == {"Челябинск, пр. Победы, 7", "Копейск, пр. Победы, 7"}


def test_a_street_alone_offers_its_houses_in_their_order(town):
    addresses = [place.address.rpartition(", ")[2] for place in town.read(find_places, "улица кыштымская")]
    assert addresses == ["1", "10", "10/1", "112А"]


@pytest.mark.parametrize(
    "typed",
    ["", "   ", "10", "кыштымская 77", "луна", "%", "_", "'; DROP TABLE buildings --", "\0", "\ud800 10",
     "я" * 10_000, "1 " * 5_000, "[" * 300, "кв", "ул. д."],
)  # fmt: skip
def test_what_is_no_house_offers_none(town, typed):
    assert town.read(find_places, typed) == []


def test_a_long_text_is_read_to_a_sensible_length():
    assert all(len(one.words) < LONGEST for one in readings("дом 1 " * 10_000))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ул. Кыштымская, 10", "Челябинск, ул. Кыштымская, 10"),
        ("кыштымскя 10, у второго подъезда", "Челябинск, ул. Кыштымская, 10"),
        ("Копейск, Победы 7", "Копейск, пр. Победы, 7"),
        ("победы 7", None),
        ("кыштымская 11", None),
        ("кыштымская", None),
        ("у моста", None),
    ],
)
def test_the_map_goes_where_one_house_alone_is_meant(town, typed, meant):
    place = town.read(look_up, typed).meant
    assert (place and place.address) == meant


def test_new_houses_are_found_at_once(town):
    assert town.read(find_places, "новая 1") == []
    with town.transaction() as writer:
        writer.add(Building(code="N", city="", street="УЛ. НОВАЯ", house="1", house_key="1"))
    assert [place.address for place in town.read(find_places, "новая 1")] == ["ул. Новая, 1"]


def test_what_an_import_has_changed_is_found_a_little_later(town, monkeypatch):
    place = town.read(find_places, "зелёная 4")[0]
    with town.transaction() as writer:
        writer.session.get(Building, place.building_id).street = "ул. Тенистая"
    monkeypatch.setattr(buildings, "FRESH", 0.0)
    assert town.read(find_places, "тенистая 4")[0].building_id == place.building_id


@pytest.mark.parametrize(
    ("north", "east", "found"),
    [
        (0, 0, "1"),
        (0.4 * STEP, 0, "1"),
        (0.6 * STEP, 0, "10"),
        (-2.6 * STEP, 0, "1"),
        (-2.8 * STEP, 0, None),
        (0, 0.0046, "1"),
        (0, 0.0049, None),
        (40, 0, None),
    ],
)
def test_a_click_finds_the_nearest_house_within_300_metres(town, north, east, found):
    """A degree of longitude is 0.57 of one of latitude here."""
    place = town.read(nearest_place, LATITUDE + north, LONGITUDE + east)
    assert (place and place.address.rpartition(", ")[2]) == found


@pytest.mark.parametrize("latitude", [-90.0, 90.0])
def test_the_poles_have_no_houses(town, latitude):
    assert town.read(nearest_place, latitude, 0.0) is None


def test_houses_without_a_place_are_found_by_name_alone(db, cast):
    place = db.read(place_of_account, cast.flat)
    assert place.address == "ул. Кыштымская, 10" and place.latitude is None
    assert db.read(place_of, place.building_id) == place and db.read(find_places, "кыштымская 10") == [place]
    assert db.read(nearest_place, LATITUDE, LONGITUDE) is None and db.read(centre_of_town) is None
    assert db.read(place_of, 10**9) is None


def test_the_middle_of_the_town_is_among_its_houses(town):
    assert town.read(centre_of_town) == (pytest.approx(LATITUDE + 6 * STEP), LONGITUDE)


@pytest.mark.parametrize(
    ("street", "written"),
    [
        ("УЛ. КЫШТЫМСКАЯ", "ул. Кыштымская"),
        ("УЛ. 40-ЛЕТИЯ ПОБЕДЫ", "ул. 40-летия Победы"),
        ("УЛ. РИМСКОГО-КОРСАКОВА", "ул. Римского-Корсакова"),
        ("КОМСОМОЛЬСКИЙ ПР.", "Комсомольский пр."),
        ("Б-Р СЛАВЫ", "б-р Славы"),
        ("УЛ. АКАДЕМИКА КОРОЛЁВА", "ул. Академика Королёва"),
        ("ул. им. газеты «Труд»", "ул. им. газеты «Труд»"),
    ],
)
def test_streets_are_written_as_people_write_them(street, written):
    assert street_title(street) == written and place_line("Копейск", street, "1") == f"Копейск, {written}, 1"

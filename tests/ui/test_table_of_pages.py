"""The table of pages: each stands once, in the room of its audience, and under a name."""

from collections import Counter

from lk_reflex.core.strain import Strain
from lk_reflex.ui import paths
from lk_reflex.ui.pages.public import PUBLIC
from lk_reflex.ui.pages.resident import RESIDENT
from lk_reflex.ui.pages.staff import STAFF
from lk_reflex.ui.pages.table import PAGES, RANKS


def test_each_address_stands_once_and_has_a_title():
    assert [path for path, times in Counter(page.path for page in PAGES).items() if times > 1] == []
    assert [page.path for page in PAGES if page.named is None and not paths.TITLES[page.path]] == []


def test_a_page_asks_for_a_session_unless_it_is_public():
    assert not any(page.private for page in PUBLIC)
    assert all(page.private for page in (*RESIDENT, *STAFF))


def test_the_staffs_pages_are_those_under_their_address():
    assert {page.path for page in PAGES if page.path.startswith("/staff")} == {page.path for page in STAFF}


def test_only_readings_the_doors_to_them_and_ways_back_go_before_sections():
    assert {path: rank for path, rank in RANKS.items() if rank is not Strain.SECTIONS} == {
        **dict.fromkeys((paths.HOME, paths.GUEST, paths.REMIND, paths.READINGS, paths.STAFF_PERIOD), Strain.ENTRIES),
        **dict.fromkeys((paths.ESIA, paths.PAY), Strain.FORMS),
        paths.CART_RESULT: Strain.NEVER,
    }


def test_each_page_is_drawn_by_a_folder_of_its_audience():
    for room, pages in (("public", PUBLIC), ("resident", RESIDENT), ("staff", STAFF)):
        assert [page.path for page in pages if not page.draw.__module__.startswith(f"lk_reflex.ui.{room}.")] == []

"""What stands on a page, and after what: read off the drawn page itself."""

import json

from lk_reflex.ui.resident.emergency.page import _call
from lk_reflex.ui.staff.announcements.page import FORM_ID, _form
from lk_reflex.ui.staff.requests.page import _kind
from lk_reflex.ui.staff.requests.state import RequestsDeskState


def drawn(component):
    return str(component.render()).replace("\\\\", "\\")


def coded(words):
    return json.dumps(words)[1:-1]


def test_the_form_of_a_break_has_the_numbers_of_all_organizations():
    page = drawn(_call())
    assert "calls_rx_state_" in page and 'call_rx_state_?.["href"]' in page


def test_an_announcement_is_checked_after_its_houses_are_chosen():
    page = drawn(_form())
    assert page.index(coded("Найти улицу")) < page.index(coded("Проверить"))
    assert f'form:"{FORM_ID}"' in page and f'id:"{FORM_ID}"' in page


def test_breaks_stand_out_in_the_queue():
    page = drawn(_kind(RequestsDeskState.rows[0]))
    assert '"tag "+"bad"' in page and coded("Заявка на ремонт") in page

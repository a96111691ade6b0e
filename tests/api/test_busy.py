"""While the process is behind, over HTTP: what is answered at once by a page that asks again, and what never is."""

import re
import threading

import pytest

from lk_reflex import wiring
from lk_reflex.api.edge.busy import IN_TURN, NOT_SENT, OPENS_ITSELF, TITLE, rank_of
from lk_reflex.core.bounded import FULL
from lk_reflex.core.clock import utc_now
from lk_reflex.core.strain import Strain
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.identity.cookies import FLASH_COOKIE
from lk_reflex.domain.identity.sessions import open_session
from lk_reflex.ui.flash import note_in
from tests.api.conftest import cookie_of

FIRST = {"/": Strain.ENTRIES, "/guest": Strain.ENTRIES}
PAGES = {
    **dict.fromkeys(("/overview", "/charges", "/documents/5", "/help", "/staff/readings"), Strain.SECTIONS),
    **FIRST,
}
FILES = {
    "/api/receipts.pdf": Strain.CHARTS,
    "/api/my-data.zip": Strain.CHARTS,
    "/api/tables/receipts.csv": Strain.CHARTS,
    "/api/staff/payments.csv": Strain.CHARTS,
    "/api/receipts/1.pdf": Strain.SECTIONS,
    "/api/qr/1.svg": Strain.SECTIONS,
    "/api/captcha/x.png": Strain.FORMS,
    "/api/esia/start": Strain.ENTRIES,
    "/api/esia/return": Strain.FORMS,
}
ALWAYS = ["/api/health/live", "/api/health/ready", "/api/bank/callback", "/api/orders/26112300000001/return",
          "/api/pay/26112300000001/return",
          "/assets/app-1.js", "/icon.svg", "/styles/frame.css", "/nowhere.html"]  # fmt: skip
STAGES = [Strain.CALM, Strain.CHARTS, Strain.SECTIONS, Strain.ENTRIES, Strain.FORMS]


@pytest.fixture
def strain():
    wiring.gauge.cache_clear()

    def put(level: Strain) -> None:
        wiring.gauge().level = level

    yield put
    wiring.gauge.cache_clear()


@pytest.fixture
def signed_in(web, edge, over, anna):
    edge.ranks = FIRST
    web.cookies.set("lk_session", over.write(open_session, anna, client=Client(""), now=utc_now()))
    return web


@pytest.mark.parametrize("level", STAGES)
def test_every_address_has_its_stage(signed_in, strain, level):
    strain(level)
    put_off = {path for path in [*PAGES, *FILES, *ALWAYS] if TITLE in signed_in.get(path).text}
    assert put_off == {path for path, rank in {**PAGES, **FILES}.items() if rank <= level}


def test_the_page_keeps_its_address_asks_again_and_shows_the_way_to_readings(signed_in, strain):
    strain(Strain.SECTIONS)
    answer = signed_in.get("/charges?month=2026-09")
    assert (answer.status_code, answer.headers["cache-control"]) == (503, "no-store")
    after = re.search(r'<meta http-equiv="refresh" content="(\d+)">', answer.text)
    assert after and 25 <= int(after[1]) < 45 and answer.headers["retry-after"] == after[1]
    assert OPENS_ITSELF in answer.text and 'href="/readings"' in answer.text
    assert "location" not in answer.headers and "<script" not in answer.text
    strain(Strain.CALM)
    assert signed_in.get("/charges?month=2026-09").status_code == 200


@pytest.mark.parametrize("path", ["/guest", "/overview"])
def test_while_readings_wait_too_nobody_is_told_that_they_go_first_or_sent_there(signed_in, strain, path):
    strain(Strain.ENTRIES)
    answer = signed_in.get(path)
    assert (answer.status_code, IN_TURN in answer.text, OPENS_ITSELF in answer.text) == (503, True, False)
    assert 'href="/readings"' not in answer.text and 'http-equiv="refresh"' in answer.text


def test_it_is_answered_before_the_database_is_asked(signed_in, strain, monkeypatch):
    def gone(*_args, **_more):
        raise AssertionError("the database was asked")

    strain(Strain.SECTIONS)
    monkeypatch.setattr(wiring.database(), "in_reading_thread", gone)
    assert signed_in.get("/overview").status_code == 503


def test_a_sign_in_goes_on_while_sections_wait_and_says_then_that_nothing_was_sent(web, sign_in, strain):
    strain(Strain.SECTIONS)
    assert "lk_session" in sign_in().headers["set-cookie"]
    strain(Strain.ENTRIES)
    answer = sign_in()
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")
    assert NOT_SENT in answer.text and "http-equiv" not in answer.text
    assert 'class="button"' not in answer.text, "a press would leave what was typed"
    assert wiring.gauge().put_off == {Strain.ENTRIES: 1}


def test_a_full_line_at_the_passwords_leads_back_to_the_form_with_its_login(web, sign_in, monkeypatch):
    monkeypatch.setattr(wiring.password_threads(), "_room", threading.Semaphore(0))
    answer = sign_in()
    assert (answer.status_code, answer.headers["location"]) == (303, "/?fault=1")
    assert not cookie_of(answer)
    assert note_in(cookie_of(answer, FLASH_COOKIE)) == {"login": "anna@example.org", "faults": {"": FULL}}


@pytest.mark.parametrize(("way_out", "to"), [("/api/sign-out", "/"), ("/api/guest/leave", "/?guest=done")])
def test_the_ways_out_are_never_put_off(signed_in, strain, way_out, to):
    strain(Strain.FORMS)
    answer = signed_in.post(way_out, headers={"origin": "http://lk.test"})
    assert (answer.status_code, answer.headers["location"]) == (303, to)


@pytest.mark.parametrize(
    ("path", "rank"),
    [("/api/sign-in", Strain.ENTRIES), ("/api/guest", Strain.ENTRIES), ("/api/remind", Strain.ENTRIES),
     ("/api/esia/start", Strain.ENTRIES), ("/api/esia/return", Strain.FORMS), ("/api/guest/leave", Strain.NEVER)],
)  # fmt: skip
def test_who_comes_waits_before_who_is_on_the_way_back_or_out(path, rank):
    assert rank_of(path) is rank

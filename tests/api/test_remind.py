"""The button behind a reminder's link over HTTP: a cookie for half an hour, once, and nothing by looking."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from lk_reflex.core.clock import utc_now
from lk_reflex.domain.accounts.access_tables import GuestVisit, ReadingLink
from lk_reflex.domain.accounts.guest import guest_of
from lk_reflex.domain.accounts.reading_links import OF_CLIENT, make_link
from lk_reflex.domain.identity.cookies import GUEST_COOKIE, SESSION_COOKIE, guest_hash
from lk_reflex.domain.identity.tables import User
from tests.api.conftest import cookie_of


@pytest.fixture
def link(over, cast) -> str:
    now = utc_now()
    return over.write(make_link, cast.owner.actor.user_id, cast.flat, until=now + timedelta(days=3), now=now)


@pytest.fixture
def press(web):
    def post(link, **headers):
        return web.post("/api/remind", data={"link": link}, headers={"origin": "http://lk.test", **headers})

    return post


def visits(over):
    with over.engine.connect() as connection:
        return connection.execute(select(GuestVisit.__table__).order_by(GuestVisit.__table__.c.id)).all()


def test_the_press_sets_a_cookie_for_half_an_hour_and_leads_to_the_form(press, over, cast, link):
    answer = press(link)
    assert (answer.status_code, answer.headers["location"]) == (303, "/guest")
    assert answer.headers["cache-control"] == "no-store"
    cookie = cookie_of(answer, GUEST_COOKIE)
    attributes = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert {"httponly", "samesite=lax", "path=/", "max-age=1800"} <= attributes
    guest = over.read(guest_of, guest_hash(cookie.split(";")[0]), now=utc_now())
    assert (guest.account_id, guest.user_id) == (cast.flat, cast.owner.actor.user_id)
    assert link not in str(answer.headers)


@pytest.mark.parametrize("how", ["twice", "altered", "empty", "missing", "blocked"])
def test_what_is_worth_nothing_leads_to_the_other_ways_and_tells_nothing(press, web, over, cast, link, how):
    if how == "twice":
        press(link)
    if how == "blocked":
        over.write(lambda db: db.change(update(User).where(col(User.id) == cast.owner.actor.user_id).values(
            blocked_at=utc_now()
        )))  # fmt: skip
    before = len(visits(over))
    sent = {"altered": link + "x", "empty": ""}.get(how, link)
    answer = web.post("/api/remind", content=b"") if how == "missing" else press(sent)
    assert (answer.status_code, answer.headers["location"]) == (303, "/remind/used")
    assert cookie_of(answer, GUEST_COOKIE) == ""
    assert len(visits(over)) == before


@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
def test_a_foreign_page_uses_nothing_up(press, over, link, origin):
    assert press(link, origin=origin).headers["location"] == "/remind/used"
    assert visits(over) == []
    assert press(link).headers["location"] == "/guest"


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
def test_a_scanner_that_follows_addresses_uses_nothing_up(web, over, link, method):
    assert web.request(method, "/api/remind", params={"link": link}).status_code == 405
    web.request(method, f"/remind/{link}")
    with over.engine.connect() as connection:
        assert connection.execute(select(ReadingLink.__table__.c.used_at)).scalar() is None


def test_the_address_of_the_link_goes_to_no_other_site(web, link):
    assert web.get(f"/remind/{link}").headers["referrer-policy"] == "same-origin"


def test_this_browsers_earlier_visit_ends(press, over, cast, link):
    now = utc_now()
    press(link)
    press(over.write(make_link, cast.stranger.actor.user_id, cast.house, until=now + timedelta(days=1), now=now))
    assert [visit.ended_at is None for visit in visits(over)] == [False, True]


def test_somebody_elses_session_in_the_browser_is_left_alone(web, press, over, cast, link):
    web.cookies.set(SESSION_COOKIE, cast.stranger.cookie)
    answer = press(link)
    assert cookie_of(answer, SESSION_COOKIE) == ""
    (visit,) = visits(over)
    assert visit.user_id == cast.owner.actor.user_id


def test_dead_links_are_counted(press, link):
    for _ in range(OF_CLIENT.free):
        press("nothing")
    assert press(link).headers["location"] == "/remind/used"

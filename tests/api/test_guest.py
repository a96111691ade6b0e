"""In and out of the readings form over HTTP: scenario 22, cookies, notes, and who may open the page."""

import json
from urllib.parse import unquote

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from lk_reflex.core.clock import utc_now
from lk_reflex.domain.accounts.access_tables import GuestVisit
from lk_reflex.domain.accounts.find import NOT_FOUND
from lk_reflex.domain.accounts.guest import guest_of
from lk_reflex.domain.accounts.guest_entry import CODE_AFTER, NO_CODE, NO_HOUSE, NO_NUMBER, OF_CLIENT, WRONG_CODE
from lk_reflex.domain.accounts.tables import Account
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.identity.cookies import FLASH_COOKIE, GUEST_COOKIE, SESSION_COOKIE, cookie_value, guest_hash
from lk_reflex.domain.identity.registering.captcha import digits_of
from lk_reflex.domain.identity.sessions import open_session
from lk_reflex.settings import get_settings
from tests.api.conftest import cookie_of

LIVE = select(func.count()).select_from(GuestVisit).where(col(GuestVisit.ended_at).is_(None))
RIGHT = {"number": "1234567899", "house": "10", "flat": "1010"}


def note(answer) -> dict:
    return json.loads(unquote(cookie_value(cookie_of(answer, FLASH_COOKIE), FLASH_COOKIE)))


def live(over) -> int:
    return over.read(lambda reader: reader.value(LIVE))


@pytest.fixture
def knock(web, cast):
    """Posts the guest's form."""

    def post(headers=None, **fields):
        return web.post("/api/guest", data={**RIGHT, **fields}, headers={"origin": "http://lk.test", **(headers or {})})

    return post


class TestTheWayIn:
    def test_the_right_three_set_a_cookie_for_half_an_hour_and_lead_to_the_form(self, knock, over, cast):
        answer = knock()
        assert (answer.status_code, answer.headers["location"]) == (303, "/guest")
        assert answer.headers["cache-control"] == "no-store"
        cookie = cookie_of(answer, GUEST_COOKIE)
        attributes = {part.strip().lower() for part in cookie.split(";")[1:]}
        assert {"httponly", "samesite=lax", "path=/", "max-age=1800"} <= attributes
        guest = over.read(guest_of, guest_hash(cookie.split(";")[0]), now=utc_now())
        assert guest.account_id == cast.flat

    def test_behind_https_the_cookie_is_secure(self, knock, behind):
        behind(LK_PUBLIC_URL="https://lk.example.org")
        answer = knock({"origin": "https://lk.example.org"})
        assert "secure" in cookie_of(answer, GUEST_COOKIE).lower()

    def test_a_refusal_goes_home_with_what_was_typed(self, knock, over):
        answer = knock(flat="кв. 7")
        assert (answer.status_code, answer.headers["location"]) == (303, "/?fault=1")
        assert note(answer) == {
            "form": "guest", "number": "1234567899", "house": "10", "flat": "кв. 7", "captcha_token": "",
            "faults": {"": NOT_FOUND},
        }  # fmt: skip
        assert cookie_of(answer, GUEST_COOKIE) == ""
        assert live(over) == 0

    def test_a_street_in_the_house_is_refused_with_how_to_type_it(self, knock, over):
        (said,) = note(knock(house="ул. Труда, 10"))["faults"].values()
        assert "только номер дома, например 10 или 10А, без улицы" in said
        assert live(over) == 0

    def test_empty_fields_are_named(self, knock):
        assert note(knock(number="", house=" ", flat=""))["faults"] == {"number": NO_NUMBER, "house": NO_HOUSE}

    def test_a_missing_form_is_empty_fields_and_not_a_fault_of_ours(self, web, cast):
        answer = web.post("/api/guest", content=b"")
        assert set(note(answer)["faults"]) == {"number", "house"}

    @pytest.mark.parametrize("letter", ["x", "ж", "🔑", "%", '"', "\\", "\x00", ";", "\n"])
    def test_the_note_fits_into_a_cookie_whatever_was_typed(self, knock, letter):
        answer = knock(number=letter * 200, house=letter * 200, flat=letter * 200)
        assert len(cookie_of(answer, FLASH_COOKIE)) < 4096
        assert note(answer)["faults"]

    @pytest.mark.parametrize("headers", [{"origin": "https://evil.example"}, {"origin": "null"}])
    def test_a_foreign_page_lets_nobody_in_and_out(self, knock, web, over, headers):
        assert "чужой страницы" in note(knock(headers))["faults"][""]
        assert live(over) == 0
        knock()
        assert "Max-Age=0" not in cookie_of(web.post("/api/guest/leave", headers=headers), GUEST_COOKIE)
        assert live(over) == 1

    def test_coming_in_again_ends_the_visit_that_this_browser_forgets(self, knock, over):
        knock()
        knock(number="2000000001", house="7", flat="")
        assert live(over) == 1

    @pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
    @pytest.mark.parametrize("path", ["/api/guest", "/api/guest/leave"])
    def test_following_a_link_changes_nothing(self, knock, web, over, method, path):
        knock()
        assert web.request(method, path).status_code in (404, 405)
        assert live(over) == 1


class TestScenario22:
    """Enumerating account, house and flat: one refusal, limits, never a name or a debt, the code after some misses."""

    WRONG = (
        {"number": "9999999999"}, {"house": "11"}, {"flat": "1011"}, {"flat": ""}, {"number": "2000000001"},
        {"number": "%"}, {"house": "' OR 1=1 --"}, {"number": "1234567899", "house": "1010", "flat": "10"},
    )  # fmt: skip

    def test_whatever_is_wrong_the_answer_is_the_same(self, knock, behind):
        behind(LK_TRUSTED_PROXY_HOPS="1")
        answers = []
        for place, wrong in enumerate(self.WRONG):
            answer = knock({"x-forwarded-for": f"203.0.113.{place}"}, **wrong)
            kept = {"number", "house", "flat"}
            answers.append(
                (answer.status_code, answer.headers["location"], str({**note(answer), **dict.fromkeys(kept)}))
            )
        assert len(set(answers)) == 1

    def test_no_answer_holds_a_name_or_a_sum(self, knock, cast, over):
        told = "".join(unquote(str(answer.headers)) for answer in (knock(flat="1"), knock(), knock(number="1")))
        with over.transaction() as writer:
            owner = writer.session.get_one(Account, cast.flat)
            for secret in (owner.surname, owner.first_name, owner.patronymic, "КЫШТЫМСКАЯ"):
                assert secret not in told

    def test_after_some_misses_the_code_is_asked_for(self, knock, over):
        for _ in range(CODE_AFTER - 1):
            assert note(knock(flat="7"))["captcha_token"] == ""
        token = note(knock(flat="7"))["captcha_token"]
        assert token
        assert note(knock())["faults"] == {"captcha": NO_CODE}
        refused = note(knock(captcha_token=token, captcha="no"))
        assert refused["faults"] == {"captcha": WRONG_CODE}
        assert refused["captcha_token"] not in ("", token)
        again = refused["captcha_token"]
        answer = knock(captcha_token=again, captcha=digits_of(again, get_settings().key()))
        assert answer.headers["location"] == "/guest"
        assert live(over) == 1

    def test_the_code_can_be_seen_and_heard(self, knock, web):
        for _ in range(CODE_AFTER):
            token = note(knock(flat="7"))["captcha_token"]
        for kind, media in (("png", "image/png"), ("wav", "audio/wav")):
            answer = web.get(f"/api/captcha/{token}.{kind}")
            assert (answer.status_code, answer.headers["content-type"]) == (200, media)

    def test_going_through_flats_is_stopped_even_with_the_codes_typed(self, knock):
        token, tried = "", 0
        for flat in range(1, 100):
            code = digits_of(token, get_settings().key()) if token else ""
            refused = note(knock(flat=str(flat), captcha_token=token, captcha=code))
            if refused["faults"].get("") != NOT_FOUND:
                break
            token, tried = refused["captcha_token"], tried + 1
        assert "Слишком много неудачных попыток. Попробуйте снова через" in refused["faults"][""]
        assert tried <= 10

    def test_going_through_accounts_is_stopped_for_the_client_and_not_for_others(self, knock, behind):
        behind(LK_TRUSTED_PROXY_HOPS="1")
        token, here = "", {"x-forwarded-for": "203.0.113.5"}
        for number in range(3_000_000_000, 3_000_000_000 + OF_CLIENT.free + 5):
            code = digits_of(token, get_settings().key()) if token else ""
            refused = note(knock(here, number=str(number), captcha_token=token, captcha=code))
            token = refused["captcha_token"]
        assert "Слишком много неудачных попыток" in refused["faults"][""]
        assert knock({"x-forwarded-for": "198.51.100.7"}).headers["location"] == "/guest"


class TestLeaving:
    def test_the_visit_ends_in_the_database_and_in_the_browser(self, knock, web, over):
        knock()
        answer = web.post("/api/guest/leave")
        assert (answer.status_code, answer.headers["location"]) == (303, "/?guest=done")
        assert "Max-Age=0" in cookie_of(answer, GUEST_COOKIE)
        assert live(over) == 0

    def test_twice_or_without_a_visit_is_quiet(self, web, cast):
        assert web.post("/api/guest/leave").headers["location"] == "/?guest=done"


class TestThePage:
    @pytest.fixture
    def owner(self, over, cast):
        """A session of today: the cast's own are as old as its world."""
        return over.write(open_session, cast.owner.actor.user_id, client=Client(""), now=utc_now())

    def test_it_opens_with_a_live_visit(self, knock, web):
        knock()
        assert web.get("/guest").status_code == web.get("/guest/").status_code == 200

    def test_without_one_it_leads_home(self, web, cast):
        assert (web.get("/guest").status_code, web.get("/guest").headers["location"]) == (303, "/")

    def test_after_its_end_it_leads_home_and_says_why(self, knock, web, over):
        cookie = cookie_of(knock(), GUEST_COOKIE).split(";")[0]
        web.post("/api/guest/leave")
        for stale in (cookie, f"{GUEST_COOKIE}=guessed"):
            answer = web.get("/guest", headers={"cookie": stale})
            assert (answer.status_code, answer.headers["location"]) == (303, "/?guest=over")

    def test_a_signed_in_person_has_the_same_form_in_the_cabinet(self, web, owner):
        answer = web.get("/guest", headers={"cookie": f"{SESSION_COOKIE}={owner}"})
        assert answer.headers["location"] == "/readings"

    def test_but_a_live_visit_stays_a_visit(self, knock, web, owner):
        cookie = cookie_of(knock(), GUEST_COOKIE).split(";")[0]
        answer = web.get("/guest", headers={"cookie": f"{cookie}; {SESSION_COOKIE}={owner}"})
        assert answer.status_code == 200

    def test_a_visit_opens_no_page_of_a_resident(self, knock, web):
        knock()
        assert web.get("/overview").headers["location"] == "/?next=/overview"

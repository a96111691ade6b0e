"""To Госуслуги and back over HTTP: every way in, and every way that must not be one."""

import json
import threading
from dataclasses import replace
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from sqlalchemy import func, select, update
from sqlmodel import col

from lk_reflex.api.esia import sign_in as routes
from lk_reflex.core.clock import utc_now
from lk_reflex.domain.accounts.access_tables import AccountGrant
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.identity.cookies import FLASH_COOKIE, SESSION_COOKIE, cookie_value, session_hash
from lk_reflex.domain.identity.esia import bindings as esia
from lk_reflex.domain.identity.esia.entry import KNOWN
from lk_reflex.domain.identity.esia.tables import EsiaTry, EsiaVisitor
from lk_reflex.domain.identity.esia.tries import STALE
from lk_reflex.domain.identity.passwords import asked_again
from lk_reflex.domain.identity.sessions import identify, open_session
from lk_reflex.domain.identity.signing_in.sign_in import WRONG
from lk_reflex.domain.identity.tables import User, UserSession
from lk_reflex.domain.identity.users import put_user
from lk_reflex.integrations.esia.port import (
    Aim,
    Declined,
    Misconfigured,
    Person,
    Silent,
    Unexpected,
)
from tests.api.conftest import PASSWORD, cookie_of

MARIA = Person("1000500001", "Иванова", "Мария", "Петровна", True, "maria@example.net", True, "+7(912)3450001")
PORTAL = "https://esia.test/aas/oauth2/v2/ac"
OURS = {"origin": "http://lk.test"}
AGREED = {"terms": "yes", "consent": "yes"}
OPEN = select(func.count()).select_from(UserSession).where(col(UserSession.ended_at).is_(None))


class Portal:
    """Госуслуги whose every code stands for `found`, once; keeps what it was asked."""

    def __init__(self):
        self.found: Person | Exception = MARIA
        self.unsigned: Exception | None = None
        self.used: set[str] = set()
        self.asked: list[tuple[Aim, str]] = []
        self.threads: set[str] = set()

    def authorise_url(self, aim, state, *, now):
        self.threads.add(threading.current_thread().name)
        if self.unsigned:
            raise self.unsigned
        return f"{PORTAL}?state={state}"

    def person(self, aim, code, *, now):
        self.threads.add(threading.current_thread().name)
        self.asked.append((aim, code))
        if isinstance(self.found, Exception):
            raise self.found
        if code in self.used:
            raise Unexpected("used")
        self.used.add(code)
        return self.found

    def logout_url(self, redirect_url):
        return f"https://esia.test/idp/ext/Logout?redirect_url={redirect_url}"


@pytest.fixture
def portal(monkeypatch):
    made = Portal()
    monkeypatch.setattr(routes, "esia", lambda: made)
    return made


def ask(web, password=PASSWORD, **headers):
    """«Привязать +»."""
    return web.post("/api/esia/ask", data={"password": password}, headers={**OURS, **headers})


def state_in(answer) -> str:
    """A form's page leads on by itself: a redirect to another site is what `form-action` forbids."""
    assert answer.status_code == 200, answer.headers["location"]
    address = answer.headers["refresh"].removeprefix("0; url=")
    assert address.startswith(PORTAL)
    assert address in answer.text
    return parse_qs(urlsplit(address).query)["state"][0]


@pytest.fixture
def begin(web, portal):
    """Presses «Вход через Госуслуги»; returns the state that the browser takes along."""

    def press(purpose="sign-in", target="", **headers):
        if purpose == "bind":
            return state_in(ask(web))
        params = {"purpose": purpose, "next": target}
        answer = web.get("/api/esia/start", params=params, headers={"sec-fetch-site": "same-origin", **headers})
        assert answer.status_code == 303
        assert answer.headers["location"].startswith(PORTAL), answer.headers["location"]
        return parse_qs(urlsplit(answer.headers["location"]).query)["state"][0]

    return press


@pytest.fixture
def back(web):
    """Comes back from there."""

    def come(state, code="code", **more):
        return web.get("/api/esia/return", params={"state": state, "code": code, **more})

    return come


@pytest.fixture
def arrive(begin, back):
    """There and back in one."""
    return lambda target="", purpose="sign-in": back(begin(purpose, target))


@pytest.fixture
def signed(web, over, anna):
    """The browser is anna's."""
    cookie = over.write(open_session, anna, client=Client(""), now=utc_now())
    web.cookies.set(SESSION_COOKIE, cookie)
    return anna


def bind(db, user, person=MARIA):
    db.write(esia.bind, user, esia.facts_of(person), site="", now=utc_now())


def note(answer) -> dict:
    return json.loads(unquote(cookie_value(cookie_of(answer, FLASH_COOKIE), FLASH_COOKIE)))


def said(answer) -> str:
    faults = note(answer)["faults"]
    return faults.get("") or faults.get("esia", "")


def entered(db, answer):
    return db.read(identify, session_hash(cookie_of(answer).split(";")[0]), now=utc_now())


def count(db, table) -> int:
    return db.read(lambda reader: reader.value(select(func.count()).select_from(table)))


# There


def test_the_link_leads_to_gosuslugi_with_a_cookie_that_only_the_way_back_sees(web, portal, over):
    answer = web.get("/api/esia/start")
    assert answer.status_code == 303
    assert answer.headers["cache-control"] == "no-store"
    attributes = {part.strip().lower() for part in cookie_of(answer, "lk_esia").split(";")[1:]}
    assert {"httponly", "samesite=lax", "path=/api/esia", "max-age=600"} <= attributes
    assert count(over, EsiaTry) == 1


def test_the_address_to_come_back_to_is_ours(begin, web, portal, behind):
    behind(LK_PUBLIC_URL="https://lk.example.org")
    begun = web.get("/api/esia/start")
    state = parse_qs(urlsplit(begun.headers["location"]).query)["state"][0]
    assert "secure" in cookie_of(begun, "lk_esia").lower()
    # Marked Secure, it isn't kept by a client of http.
    cookie = cookie_of(begun, "lk_esia").split(";")[0]
    web.get("/api/esia/return", params={"state": state, "code": "x"}, headers={"cookie": cookie})
    assert portal.asked[0][0].redirect_uri == "https://lk.example.org/api/esia/return"


def test_a_demonstration_comes_back_to_whatever_name_it_was_opened_by(arrive, portal):
    arrive()
    assert portal.asked[0][0].redirect_uri == "http://lk.test/api/esia/return"


def test_gosuslugi_are_waited_for_on_threads_of_their_own(arrive, portal):
    arrive()
    assert portal.threads
    assert all(name.startswith("lk-esia") for name in portal.threads)


def test_where_it_is_not_set_up_a_sentence_says_so(web, portal, monkeypatch):
    monkeypatch.setattr("lk_reflex.settings.Settings.esia_on", False)
    for path in ("/api/esia/start", "/api/esia/return?state=x&code=y"):
        answer = web.get(path)
        assert answer.headers["location"] == "/?fault=1"
        assert said(answer) == routes.OFF


def test_a_signature_that_cannot_be_made_is_said_at_the_form(web, portal):
    portal.unsigned = Misconfigured("signer-command")
    answer = web.get("/api/esia/start?next=/charges")
    assert answer.headers["location"] == "/?fault=1&next=/charges"
    assert said(answer) == Misconfigured.says


# Back: bound


def test_a_bound_identity_is_in_at_once(arrive, over, anna):
    bind(over, anna)
    answer = arrive()
    assert (answer.status_code, answer.headers["location"]) == (303, "/overview")
    assert entered(over, answer).user_id == anna
    assert count(over, EsiaVisitor) == 0


@pytest.mark.parametrize(
    ("target", "goes"),
    [
        ("/charges?month=2019-09", "/charges?month=2019-09"),
        ("//evil.example", "/overview"),
        ("https://evil.example", "/overview"),
        ("/\\evil.example", "/overview"),
        ("/\t/evil.example", "/overview"),
        ("javascript:alert(1)", "/overview"),
        ("/api/sign-out", "/overview"),
        ("x" * 5000, "/overview"),
    ],
)
def test_it_leads_on_within_this_site_alone(arrive, over, anna, target, goes):
    bind(over, anna)
    assert arrive(target).headers["location"] == goes


def test_the_session_that_this_browser_forgets_ends(arrive, over, signed):
    bind(over, signed)
    arrive()
    assert over.read(lambda reader: reader.value(OPEN)) == 1


def test_a_state_comes_back_once(begin, back, over, anna):
    bind(over, anna)
    state = begin()
    assert cookie_of(back(state))
    again = back(state, code="another")
    assert cookie_of(again) == ""
    assert said(again) == STALE


def test_a_code_comes_back_once(begin, back, over, anna):
    bind(over, anna)
    assert cookie_of(back(begin()))
    again = back(begin())
    assert cookie_of(again) == ""
    assert said(again) == Unexpected.says


def test_another_browser_cannot_come_back_with_it(begin, back, web, over, anna, portal):
    """Somebody who sends a victim their own return address would sign the victim in as themselves."""
    bind(over, anna)
    state = begin()
    mine = dict(web.cookies)
    web.cookies.clear()
    answer = back(state)
    assert said(answer) == STALE
    assert cookie_of(answer) == ""
    assert portal.asked == []
    web.cookies.set("lk_esia", mine["lk_esia"], path="/api/esia")
    assert cookie_of(back(state))


@pytest.mark.parametrize("query", ["", "?state=", "?code=x", "?state=x&code=y", "?error=access_denied", "?state=%00"])
def test_nobody_was_sent_there(web, portal, query):
    answer = web.get(f"/api/esia/return{query}")
    assert (answer.status_code, answer.headers["location"]) == (303, "/?fault=1")
    assert said(answer) == STALE


def test_a_look_at_the_address_does_not_use_it_up(begin, back, web, over, anna):
    bind(over, anna)
    state = begin()
    assert web.head("/api/esia/return", params={"state": state, "code": "code"}).status_code == 405
    assert cookie_of(back(state))


def test_two_tabs_on_their_way_both_arrive(begin, back, over, anna):
    bind(over, anna)
    first, second = begin(), begin()
    assert cookie_of(back(second, "a"))
    assert cookie_of(back(first, "b"))


@pytest.mark.parametrize(
    ("error", "description", "sentence"),
    [
        ("access_denied", "ESIA-007004: The resource owner denied the request", Declined.says),
        ("access_denied", "ESIA-007053: OAuthErrorEnum.clientSecretWrong", Misconfigured.says),
        ("unauthorized_client", "ESIA-007005: x", Misconfigured.says),
        ("invalid_request", "ESIA-007014: x", Misconfigured.says),
        ("temporarily_unavailable", "ESIA-007008: x", Silent.says),
        ("x", "<script>alert(1)</script>", Unexpected.says),
    ],
)
def test_what_they_refuse_is_a_sentence_at_the_form(begin, web, portal, error, description, sentence):
    state = begin(target="/charges")
    query = {"state": state, "error": error, "error_description": description}
    answer = web.get("/api/esia/return", params=query)
    assert (answer.status_code, answer.headers["location"]) == (303, "/?fault=1&next=/charges")
    assert said(answer) == sentence
    assert portal.asked == []
    assert said(web.get("/api/esia/return", params=query)) == STALE


@pytest.mark.parametrize("fault", [Silent("timeout"), Misconfigured("x"), Unexpected("token-signature"), Declined()])
def test_an_outage_is_a_sentence_at_the_form(arrive, portal, over, fault):
    portal.found = fault
    answer = arrive()
    assert answer.headers["location"] == "/?fault=1"
    assert said(answer) == fault.says
    assert count(over, EsiaVisitor) == 0


def test_an_operator_reads_of_an_outage_and_nobody_of_a_refusal(arrive, portal, caplog):
    portal.found = Silent("HTTP 503")
    arrive()
    assert "Silent HTTP 503" in caplog.text
    caplog.clear()
    portal.found = Declined("ESIA-007004")
    arrive()
    assert caplog.text == ""


def test_neither_code_nor_person_gets_into_the_log(begin, back, portal, caplog):
    portal.found = Unexpected("token-signature")
    back(begin(), code="secret-code")
    for part in ("secret-code", "Иванова", "maria", MARIA.oid):
        assert part not in caplog.text


def test_a_closed_login_stays_closed(arrive, over, anna):
    bind(over, anna)
    over.write(lambda db: db.change(update(User).where(col(User.id) == anna).values(blocked_at=utc_now())))
    answer = arrive()
    assert cookie_of(answer) == ""
    assert "закрыт" in said(answer)


# Back: unknown


def test_somebody_unknown_comes_to_the_page_of_choice(arrive, over):
    answer = arrive("/charges")
    assert (answer.status_code, answer.headers["location"]) == (303, "/esia")
    attributes = {part.strip().lower() for part in cookie_of(answer, "lk_visitor").split(";")[1:]}
    assert {"httponly", "samesite=lax", "path=/", "max-age=1800"} <= attributes
    assert cookie_of(answer) == ""
    assert count(over, EsiaVisitor) == 1


def test_the_right_password_binds_and_signs_in_and_next_time_none_is_asked(arrive, web, over, anna):
    arrive("/charges")
    form = {"login": "anna@example.org", "password": PASSWORD}
    answer = web.post("/api/esia/bind", data=form, headers=OURS)
    assert (answer.status_code, answer.headers["location"]) == (303, "/charges")
    assert entered(over, answer).user_id == anna
    assert over.read(esia.user_of, MARIA.oid) == anna
    assert "Max-Age=0" in cookie_of(answer, "lk_visitor")


def test_from_then_on_the_identity_is_enough(arrive, web, back, begin, over, anna):
    arrive()
    web.post("/api/esia/bind", data={"login": "anna@example.org", "password": PASSWORD}, headers=OURS)
    web.cookies.clear()
    assert entered(over, back(begin(), "second")).user_id == anna


def test_a_wrong_password_binds_nothing_and_is_said_as_at_sign_in(arrive, web, over, anna):
    arrive()
    answer = web.post("/api/esia/bind", data={"login": "anna@example.org", "password": "x"}, headers=OURS)
    assert answer.headers["location"] == "/esia?fault=1"
    assert note(answer)["login"] == "anna@example.org"
    assert said(answer) == WRONG
    assert over.read(esia.user_of, MARIA.oid) is None
    assert cookie_of(answer) == ""


def test_the_limits_of_sign_in_hold_here_too(arrive, web, anna):
    arrive()
    form = {"login": "anna@example.org", "password": "x"}
    for _ in range(5):
        web.post("/api/esia/bind", data=form, headers=OURS)
    answer = web.post("/api/esia/bind", data={**form, "password": PASSWORD}, headers=OURS)
    assert "Слишком много" in said(answer)
    answer = web.post("/api/sign-in", data={**form, "password": PASSWORD}, headers=OURS)
    assert "Слишком много" in said(answer)


def test_a_login_with_another_identity_is_not_taken_over(arrive, web, over, anna):
    bind(over, anna, replace(MARIA, oid="2"))
    arrive()
    answer = web.post("/api/esia/bind", data={"login": "anna@example.org", "password": PASSWORD}, headers=OURS)
    assert said(answer) == esia.OTHER
    assert cookie_of(answer) == ""
    assert over.read(lambda reader: reader.value(OPEN)) == 0
    assert over.read(esia.user_of, "2") == anna


def test_a_confirmed_e_mail_gets_a_login_at_once(arrive, web, over):
    arrive("/charges")
    answer = web.post("/api/esia/create", data={"email": MARIA.email, **AGREED}, headers=OURS)
    assert (answer.status_code, answer.headers["location"]) == (303, "/charges")
    actor = entered(over, answer)
    assert actor.email == MARIA.email
    assert over.read(esia.user_of, MARIA.oid) == actor.user_id


def test_what_relatives_promised_to_the_e_mail_is_there_at_once(arrive, web, over, cast):
    over.write(
        lambda db: db.add(
            AccountGrant(
                account_id=cast.flat, granted_by=cast.owner.actor.user_id, email=MARIA.email, email_key=MARIA.email,
                may_send=True, may_pay=False, created_at=utc_now(),
            )
        )
    )  # fmt: skip
    arrive()
    answer = web.post("/api/esia/create", data={"email": MARIA.email, **AGREED}, headers=OURS)
    assert entered(over, answer).chosen_account_id == cast.flat


def test_an_unconfirmed_e_mail_gets_a_letter_and_no_session(arrive, web, over, portal):
    portal.found = replace(MARIA, email_verified=False)
    arrive()
    answer = web.post("/api/esia/create", data={"email": MARIA.email, **AGREED}, headers=OURS)
    assert answer.headers["location"] == "/esia?sent=1"
    assert note(answer) == {"email": MARIA.email, "faults": {}}
    assert cookie_of(answer) == ""
    assert count(over, User) == 0


def test_a_known_and_an_unknown_foreign_e_mail_get_the_same_answer(arrive, begin, back, web, over, anna, portal):
    portal.found = replace(MARIA, email="", email_verified=False)
    answers = []
    for code, email in (("a", "anna@example.org"), ("b", "nobody@example.org")):
        back(begin(), code)
        answer = web.post("/api/esia/create", data={"email": email, **AGREED}, headers=OURS)
        answers.append((answer.status_code, answer.headers["location"], set(note(answer))))
    assert answers[0] == answers[1]
    assert over.read(esia.user_of, MARIA.oid) is None


def test_ones_own_e_mail_with_a_login_asks_for_its_password(arrive, web, over, anna, portal):
    portal.found = replace(MARIA, email="anna@example.org")
    arrive()
    answer = web.post("/api/esia/create", data={"email": "anna@example.org", **AGREED}, headers=OURS)
    assert note(answer)["faults"] == {"email": KNOWN}
    assert over.read(esia.user_of, MARIA.oid) is None
    answer = web.post("/api/esia/bind", data={"login": "anna@example.org", "password": PASSWORD}, headers=OURS)
    assert entered(over, answer).user_id == anna


def test_what_is_missing_is_named_and_the_rest_kept(arrive, web, over):
    arrive()
    answer = web.post("/api/esia/create", data={"email": "maria@", "terms": "on"}, headers=OURS)
    assert answer.headers["location"] == "/esia?fault=1"
    assert set(note(answer)["faults"]) == {"email", "terms", "consent"}
    assert note(answer)["email"] == "maria@"
    assert count(over, User) == 0


@pytest.mark.parametrize("path", ["/api/esia/bind", "/api/esia/create"])
def test_without_a_visit_nothing_is_made(web, over, anna, path):
    form = {"login": "anna@example.org", "password": PASSWORD, "email": "a@example.org", **AGREED}
    for visitor in ("", "x"):
        web.cookies.set("lk_visitor", visitor)
        answer = web.post(path, data=form, headers=OURS)
        assert answer.headers["location"] == "/esia?fault=1"
        assert "истекло" in said(answer)
        assert cookie_of(answer) == ""


@pytest.mark.parametrize("path", ["/api/esia/bind", "/api/esia/create"])
@pytest.mark.parametrize("headers", [{"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}])
def test_a_foreign_page_makes_nothing(arrive, web, over, anna, path, headers):
    arrive()
    form = {"login": "anna@example.org", "password": PASSWORD, "email": MARIA.email, **AGREED}
    answer = web.post(path, data=form, headers=headers)
    assert "чужой страницы" in said(answer)
    assert cookie_of(answer) == ""
    assert count(over, User) == 1


@pytest.mark.parametrize("path", ["/api/esia/bind", "/api/esia/create"])
def test_following_a_link_makes_nothing(arrive, web, path):
    arrive()
    assert web.get(path).status_code == 405


def test_leaving_forgets_the_visitor_here_and_there(arrive, web, over):
    arrive()
    answer = web.get("/api/esia/leave", headers={"sec-fetch-site": "same-origin"})
    assert answer.headers["location"] == "https://esia.test/idp/ext/Logout?redirect_url=http://lk.test/"
    assert "Max-Age=0" in cookie_of(answer, "lk_visitor")
    answer = web.post("/api/esia/create", data={"email": MARIA.email, **AGREED}, headers=OURS)
    assert count(over, User) == 0


# Binding from the settings


def test_binding_ends_in_the_settings(arrive, over, signed):
    answer = arrive(purpose="bind")
    assert (answer.status_code, answer.headers["location"]) == (303, "/settings?esia=bound")
    assert over.read(esia.user_of, MARIA.oid) == signed
    assert cookie_of(answer) == ""
    assert over.read(lambda reader: reader.value(OPEN)) == 1


def test_an_identity_of_another_login_is_refused_with_an_explanation(arrive, over, signed):
    other = over.write(put_user, "other@example.org", "resident", "x", now=utc_now())
    bind(over, other)
    answer = arrive(purpose="bind")
    assert answer.headers["location"] == "/settings?fault=esia"
    assert note(answer) == {"faults": {"esia": esia.TAKEN}}
    assert over.read(esia.user_of, MARIA.oid) == other


def test_binding_ones_own_again_is_quiet(begin, back, over, signed):
    for code in ("a", "b"):
        assert back(begin("bind"), code).headers["location"] == "/settings?esia=bound"
    assert over.read(esia.user_of, MARIA.oid) == signed


def test_nobody_binds_without_a_session(web, portal):
    answer = ask(web)
    assert answer.headers["location"] == "/?fault=1&next=/settings"
    assert said(answer) == routes.SIGN_IN_FIRST


@pytest.mark.parametrize(("password", "sentence"), [("", asked_again.EMPTY), ("чужой пароль", asked_again.WRONG)])
def test_a_borrowed_session_binds_nothing(web, portal, over, signed, password, sentence):
    answer = ask(web, password)
    assert answer.headers["location"] == "/settings?fault=esia"
    assert note(answer) == {"faults": {"password": sentence}}
    assert count(over, EsiaTry) == 0


def test_the_password_is_not_guessed_at_there(web, portal, over, signed):
    for _ in range(5):
        ask(web, "чужой пароль")
    answer = ask(web)
    assert answer.headers["location"] == "/settings?fault=esia"
    assert said(answer).startswith(asked_again.PAUSE)
    assert count(over, EsiaTry) == 0


def test_a_link_begins_no_binding(web, portal, over, signed):
    answer = web.get("/api/esia/start?purpose=bind", headers={"sec-fetch-site": "same-origin"})
    assert answer.headers["location"] == "/settings#gosuslugi"
    assert web.get("/api/esia/ask").status_code == 405
    assert count(over, EsiaTry) == 0


@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
def test_a_foreign_page_starts_no_binding(web, portal, over, signed, origin):
    answer = ask(web, origin=origin)
    assert answer.headers["location"] == "/settings?fault=esia"
    assert said(answer) == routes.FOREIGN
    assert count(over, EsiaTry) == 0


def test_a_binding_ends_with_its_session(begin, back, web, over, signed):
    """Signed out meanwhile, or somebody else at the same computer."""
    state = begin("bind")
    other = over.write(put_user, "other@example.org", "resident", "x", now=utc_now())
    web.cookies.set(SESSION_COOKIE, over.write(open_session, other, client=Client(""), now=utc_now()))
    answer = back(state)
    assert said(answer) == STALE
    assert over.read(esia.user_of, MARIA.oid) is None
    web.cookies.delete(SESSION_COOKIE)
    assert back(state).headers["location"] == "/?fault=1"
    assert over.read(esia.user_of, MARIA.oid) is None


def test_a_refusal_there_comes_back_to_the_settings(begin, web, over, signed):
    state = begin("bind")
    query = {"state": state, "error": "access_denied", "error_description": "ESIA-007004: x"}
    answer = web.get("/api/esia/return", params=query)
    assert answer.headers["location"] == "/settings?fault=esia"
    assert said(answer) == Declined.says


def test_a_state_of_signing_in_binds_nothing(begin, back, over, signed):
    back(begin())
    assert over.read(esia.user_of, MARIA.oid) is None

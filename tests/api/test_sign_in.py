import json
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from lk_reflex.core.clock import utc_now
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.identity.cookies import FLASH_COOKIE, cookie_value, session_hash
from lk_reflex.domain.identity.passwords.hashing import hash_password
from lk_reflex.domain.identity.sessions import identify, open_session
from lk_reflex.domain.identity.signing_in.sign_in import WRONG
from lk_reflex.domain.identity.tables import UserSession
from lk_reflex.domain.identity.users import put_user
from lk_reflex.settings import get_settings
from tests.api.conftest import PASSWORD, cookie_of

OPEN = select(func.count()).select_from(UserSession).where(col(UserSession.ended_at).is_(None))


def still_open(db) -> int:
    return db.read(lambda reader: reader.value(OPEN))


def note(answer) -> dict:
    return json.loads(unquote(cookie_value(cookie_of(answer, FLASH_COOKIE), FLASH_COOKIE)))


def test_signing_in_sets_a_cookie_that_scripts_and_other_sites_cannot_use(sign_in, over, anna):
    answer = sign_in()
    assert (answer.status_code, answer.headers["location"]) == (303, "/overview")
    assert answer.headers["cache-control"] == "no-store"
    cookie = cookie_of(answer)
    attributes = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert {"httponly", "samesite=lax", "path=/", "max-age=7776000"} <= attributes
    assert not any(part.startswith(("domain", "secure")) for part in attributes)
    actor = over.read(identify, session_hash(cookie.split(";")[0]), now=utc_now())
    assert actor.user_id == anna


@pytest.mark.parametrize("role", ["operator", "admin"])
def test_staff_land_at_their_desk_or_where_they_were_going(sign_in, over, anna, role):
    kept = hash_password(PASSWORD, get_settings().key(), cost=4)
    over.write(put_user, "staff@example.org", role, kept, now=utc_now())
    assert sign_in("staff@example.org").headers["location"] == "/staff/requests"
    assert sign_in("staff@example.org", target="/settings").headers["location"] == "/settings"


@pytest.mark.parametrize("address", ["https://lk.example.org", "https://lk.example.org/"])
def test_behind_https_the_cookie_is_secure(sign_in, behind, address):
    behind(LK_PUBLIC_URL=address)
    for answer in (sign_in(origin="https://lk.example.org"), sign_in(password="x", origin="https://lk.example.org")):
        lines = [line for line in answer.headers.get_list("set-cookie") if "Max-Age=0" not in line]
        assert lines and all("secure" in line.lower() for line in lines)


@pytest.mark.parametrize(
    "target",
    ["/charges", "/charges?month=2019-09", "/charges?a=1&b=%2F%2Fx#top", "/", "/a//b", "/@evil.example", "/overview/"],
)
def test_a_person_goes_on_to_where_they_were_going(sign_in, target):
    assert sign_in(target=target).headers["location"] == target


@pytest.mark.parametrize(
    "target",
    [
        "",
        "//evil.example",
        "///evil.example",
        "////evil.example",
        "//evil.example/overview",
        "/\\evil.example",
        "\\/evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "\t//evil.example",
        " //evil.example",
        "/ /evil.example",
        "/\r\nSet-Cookie: lk_session=x",
        "/overview\x00",
        "/\x7f/evil.example",
        "/\u2028/evil",
        "\x01/evil",
        "https://evil.example",
        "https:evil.example",
        "https:/evil.example",
        "http:///evil.example",
        "HTTPS://EVIL.EXAMPLE",
        "javascript:alert(1)",
        "data:text/html,x",
        "evil.example",
        "overview",
        "?next=/x",
        "#x",
        "@evil.example",
        ".evil.example",
        "//[",
        "http://[::1",
        "//ｅvil℀.example",
        "//lk.test@evil.example",
        "/api/sign-out",
        "/api/view",
        "\\api\\sign-out",
    ],
)
def test_no_other_target_leads_away_from_this_site(sign_in, over, target):
    answer = sign_in(target=target)
    assert (answer.status_code, answer.headers["location"]) == (303, "/overview")
    assert still_open(over) == 1


@pytest.mark.parametrize("target", ["/%09/evil.example", "/%5Cevil.example", "/%2F%2Fevil", "/.//evil", "/;//x"])
def test_what_only_looks_like_another_site_stays_a_path_here(sign_in, target):
    location = sign_in(target=target).headers["location"]
    assert location == target
    assert urlsplit(location).netloc == ""


def test_a_refusal_goes_back_with_a_note_that_holds_no_password(sign_in, over):
    answer = sign_in(password="не тот 1", target="/charges?month=2019-09")
    assert answer.status_code == 303
    where = urlsplit(answer.headers["location"])
    assert where.path == "/"
    assert parse_qs(where.query) == {"fault": ["1"], "next": ["/charges?month=2019-09"]}
    assert note(answer) == {"login": "anna@example.org", "faults": {"": WRONG}}
    assert cookie_of(answer) == ""
    line = cookie_of(answer, FLASH_COOKIE).lower()
    assert "httponly" in line and "samesite=lax" in line and "max-age=60" in line
    assert "не тот" not in unquote(str(answer.headers))
    assert still_open(over) == 0


def test_a_refusal_does_not_carry_a_hostile_target_on(sign_in):
    assert sign_in(password="x", target="//evil.example").headers["location"] == "/?fault=1"


def test_empty_fields_are_named_in_the_note(sign_in):
    assert set(note(sign_in(login="", password=""))["faults"]) == {"login", "password"}


@pytest.mark.parametrize("letter", ["x", "ж", "🔑", "%", '"', "\\", "\x00", ";", "\n"])
def test_the_note_fits_into_a_cookie_whatever_was_typed(sign_in, letter):
    answer = sign_in(login=letter * 1000)
    line = cookie_of(answer, FLASH_COOKIE)
    assert len(line) < 4096
    if letter.strip():
        assert note(answer)["faults"] == {"": WRONG}


def test_the_right_password_takes_the_note_away(sign_in, web):
    sign_in(password="x")
    assert FLASH_COOKIE in web.cookies
    sign_in()
    assert FLASH_COOKIE not in web.cookies


def test_a_missing_form_is_empty_fields_and_not_a_fault_of_ours(web, anna):
    answer = web.post("/api/sign-in", content=b"")
    assert answer.status_code == 303
    assert set(note(answer)["faults"]) == {"login", "password"}


def test_a_long_password_is_taken_whole(sign_in, over):
    from lk_reflex.domain.identity.passwords.hashing import hash_password
    from lk_reflex.domain.identity.users import put_user
    from lk_reflex.settings import get_settings

    kept = hash_password("x" * 6000, get_settings().key(), cost=4)
    over.write(put_user, "anna@example.org", "resident", kept, now=utc_now())
    assert cookie_of(sign_in(password="x" * 6000))
    assert not cookie_of(sign_in(password="x" * 5999))


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": ""},
        {"origin": "http://["},
        {"origin": "http://lk.test.evil.example"},
        {"origin": "http://lk.test@evil.example"},
        {"origin": "http://lk.test:8080"},
        {"origin": "ftp://lk.test"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_a_foreign_page_signs_nobody_in_and_nobody_out(web, over, anna, headers):
    answer = web.post("/api/sign-in", data={"login": "anna@example.org", "password": PASSWORD}, headers=headers)
    assert "чужой страницы" in note(answer)["faults"][""]
    assert cookie_of(answer) == ""
    mine = over.write(open_session, anna, client=Client(""), now=utc_now())
    web.cookies.set("lk_session", mine)
    answer = web.post("/api/sign-out", data={"everywhere": "1"}, headers=headers)
    assert cookie_of(answer) == ""
    assert still_open(over) == 1


@pytest.mark.parametrize("headers", [{"origin": "http://lk.test"}, {"sec-fetch-site": "same-origin"}, {}])
def test_our_own_page_and_old_browsers_sign_in(web, anna, headers):
    form = {"login": "anna@example.org", "password": PASSWORD}
    assert cookie_of(web.post("/api/sign-in", data=form, headers=headers))


def test_the_set_address_is_our_own_even_if_a_proxy_changes_the_host(sign_in, behind):
    behind(LK_PUBLIC_URL="https://lk.example.org")
    assert cookie_of(sign_in(origin="https://lk.example.org"))


def test_signing_out_ends_the_session_in_the_database(sign_in, web, over):
    sign_in()
    assert still_open(over) == 1
    answer = web.post("/api/sign-out")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert "Max-Age=0" in cookie_of(answer)
    assert still_open(over) == 0
    assert "lk_session" not in web.cookies


def test_signing_out_here_leaves_other_devices_and_everywhere_does_not(sign_in, web, over, anna):
    phone = over.write(open_session, anna, client=Client(""), now=utc_now())
    sign_in()
    web.post("/api/sign-out")
    assert still_open(over) == 1
    sign_in()
    web.post("/api/sign-out", data={"everywhere": "1"})
    assert still_open(over) == 0
    assert over.read(identify, session_hash(f"lk_session={phone}"), now=utc_now()) is None


def test_a_stale_cookie_cannot_sign_everybody_out(sign_in, web, over, anna):
    cookie = cookie_of(sign_in()).split(";")[0]
    web.post("/api/sign-out")
    over.write(open_session, anna, client=Client(""), now=utc_now())
    web.post("/api/sign-out", data={"everywhere": "1"}, headers={"cookie": cookie})
    assert still_open(over) == 1


def test_signing_in_again_ends_the_session_that_this_browser_forgets(sign_in, over):
    first = cookie_of(sign_in())
    second = cookie_of(sign_in())
    assert first != second
    assert still_open(over) == 1


def test_five_misses_make_one_client_wait_and_not_the_owner_elsewhere(sign_in, behind):
    behind(LK_TRUSTED_PROXY_HOPS="1")
    for _ in range(5):
        sign_in(password="x", **{"x-forwarded-for": "203.0.113.5"})
    assert "Слишком много" in note(sign_in(**{"x-forwarded-for": "203.0.113.5"}))["faults"][""]
    assert cookie_of(sign_in(**{"x-forwarded-for": "10.0.0.1"}))


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
@pytest.mark.parametrize("path", ["/api/sign-in", "/api/sign-out", "/api/view"])
def test_following_a_link_signs_nobody_in_or_out(sign_in, web, over, method, path):
    sign_in()
    assert web.request(method, path).status_code in (404, 405)
    assert still_open(over) == 1

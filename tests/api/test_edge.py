"""What stands before every page: sessions, origins, sizes, headers, and the switches stamped into pages."""

import base64
import hashlib
import logging
import re
from datetime import timedelta

import pytest
from starlette.websockets import WebSocketDisconnect

from lk_reflex import wiring
from lk_reflex.api.edge.headers import content_policy, script_hashes
from lk_reflex.core.clock import utc_now
from lk_reflex.core.db import Database
from lk_reflex.core.uploads import FULL, Uploads
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.identity.sessions import IDLE, end_session, open_session
from lk_reflex.domain.identity.tokens import token_hash
from lk_reflex.domain.identity.users import put_user
from tests.api.conftest import FILES, SCRIPT

EVERYWHERE = ["/", "/help", "/overview", "/nowhere", "/assets/app-1.js", "/assets/gone.js", "/api/health/live",
              "/api/sign-in", "/icon.svg", "/_upload/x"]  # fmt: skip
LARGE, BOTH = "lk_view=text", "lk_view=contrast.text"


@pytest.fixture
def cookie(over, anna):
    return over.write(open_session, anna, client=Client(""), now=utc_now())


@pytest.fixture
def signed_in(web, cookie):
    web.cookies.set("lk_session", cookie)
    return web


@pytest.mark.parametrize(
    ("path", "back"),
    [
        ("/overview", "/?next=/overview"),
        ("/overview/", "/?next=/overview"),
        ("/documents/5", "/?next=/documents/5"),
        ("/charges?month=2019-09", "/?next=/charges%3Fmonth%3D2019-09"),
        ("/charges?month=2019-09&x=%2F%2Fevil", "/?next=/charges%3Fmonth%3D2019-09%26x%3D%252F%252Fevil"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_private_page_without_a_session_goes_home_and_remembers_the_way(web, method, path, back):
    answer = web.request(method, path)
    assert (answer.status_code, answer.headers["location"]) == (303, back)
    assert "__data" not in answer.text


@pytest.mark.parametrize("value", ["", "guess", "'; --", "x" * 3000])
def test_a_guessed_cookie_opens_no_private_page(web, anna, value):
    assert web.get("/overview", headers={"cookie": f"lk_session={value}"}).status_code == 303


def test_a_session_opens_private_pages_and_home_leads_inside(signed_in):
    assert signed_in.get("/overview").status_code == 200
    assert signed_in.get("/charges/?month=2019-09").status_code == 200
    home = signed_in.get("/")
    assert (home.status_code, home.headers["location"]) == (303, "/overview")


@pytest.mark.parametrize(("role", "home", "desk"), [("resident", "/overview", (303, "/overview")),
                                                    ("operator", "/staff/requests", (200, None)),
                                                    ("admin", "/staff/requests", (200, None))])  # fmt: skip
def test_the_desk_opens_for_staff_alone_and_is_their_home(web, over, anna, role, home, desk):
    own = over.write(put_user, "somebody@example.org", role, "!", now=utc_now())
    web.cookies.set("lk_session", over.write(open_session, own, client=Client(""), now=utc_now()))
    assert web.get("/").headers["location"] == home
    answer = web.get("/staff/readings")
    assert (answer.status_code, answer.headers.get("location")) == desk
    short = web.get("/staff")
    assert (short.status_code, short.headers["location"]) == (303, "/staff/requests")
    assert web.get("/overview").status_code == 200


def test_an_ended_or_idle_session_opens_nothing_and_sees_home_again(signed_in, over, anna, cookie):
    over.write(end_session, token_hash(cookie), now=utc_now())
    assert signed_in.get("/overview").status_code == 303
    assert signed_in.get("/").status_code == 200
    idle = over.write(open_session, anna, client=Client(""), now=utc_now() - IDLE - timedelta(seconds=1))
    assert signed_in.get("/overview", headers={"cookie": f"lk_session={idle}"}).status_code == 303


def test_public_pages_ask_for_no_session(web):
    assert web.get("/").status_code == web.get("/help").status_code == 200
    assert web.get("/nowhere").status_code == 404


@pytest.mark.parametrize("host", [b"lk.test", b"lk.test:3000"])
@pytest.mark.parametrize(
    ("origin", "accepted"),
    [
        ("http://{}", True),
        ("https://{}", True),
        ("http://localhost:3000", True),
        (None, True),
        ("http://evil.example", False),
        ("http://{}.evil.example", False),
        ("http://evil.example/{}", False),
        ("http://{}@evil.example", False),
        ("null", False),
        ("http://[", False),
        ("file://{}", False),
    ],
)
def test_a_socket_of_a_foreign_page_is_closed_before_it_opens(web, host, origin, accepted):
    headers = {"host": host.decode()}
    if origin is not None:
        headers["origin"] = origin.format(host.decode())
    if accepted:
        with web.websocket_connect("/_event/", headers=headers) as socket:
            assert socket.receive_text() == "connected"
        return
    with pytest.raises(WebSocketDisconnect) as closed, web.websocket_connect("/_event/", headers=headers):
        pass
    assert closed.value.code == 4403


def test_there_is_one_socket_and_no_other(web):
    with pytest.raises(WebSocketDisconnect) as closed, web.websocket_connect("/other"):
        pass
    assert closed.value.code == 4403


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT"])
@pytest.mark.parametrize("path", ["/_upload", "/_upload/", "/_upload/secret.pdf"])
def test_nothing_uploaded_is_read(signed_in, method, path):
    assert signed_in.request(method, path).status_code == 404


def test_files_are_taken_from_the_signed_in_alone_and_in_one_place(web, signed_in):
    files = {"files": ("IMG.jpg", b"x" * 100_000, "image/jpeg")}
    assert signed_in.post("/_upload", files=files).text == "taken"
    assert signed_in.post("/_upload/IMG.jpg", files=files).status_code in (404, 413)
    foreign = signed_in.post("/_upload", files=files, headers={"origin": "http://evil.test"})
    assert foreign.status_code == 403
    web.cookies.clear()
    assert web.post("/_upload", files=files).status_code == 401


def test_a_file_that_is_too_large_or_hides_its_size_is_not_read(signed_in):
    large = signed_in.post("/_upload", content=b"x" * (10 * 1024 * 1024 + 64 * 1024 + 1))
    unsized = signed_in.post("/_upload", content=iter([b"x"]))
    assert (large.status_code, unsized.status_code) == (413, 413)
    assert large.text.startswith("Файл больше 10 МБ")


@pytest.mark.parametrize("path", ["/api/sign-in", "/api/view", "/_form", "/overview"])
def test_a_form_that_is_too_large_or_hides_its_size_is_not_read(web, path):
    large = web.post(path, content=b"x" * (16 * 1024 + 1))
    unsized = web.post(path, content=iter([b"login=x"]))
    assert (large.status_code, unsized.status_code) == (413, 413)
    assert large.text == "Слишком большой запрос"


@pytest.mark.parametrize("length", ["-1", "", "1e3", "0x10", "²", "9" * 5000, "+5", "5, 5"])
async def test_a_senseless_size_is_refused_and_not_a_fault_of_ours(edge, over, length):
    sent = await exchange(edge, "POST", "/_form", (b"content-length", length.encode("latin-1")))
    assert sent[0]["status"] == 413


def test_a_form_of_the_largest_size_passes(web):
    assert web.post("/_form", content=b"x" * 16 * 1024).text == "taken"
    assert web.post("/_form", content=b"").text == "taken"


@pytest.mark.parametrize("path", EVERYWHERE)
def test_every_answer_carries_the_safety_headers(web, path):
    headers = web.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]
    assert "strict-transport-security" not in headers


@pytest.mark.parametrize("path", EVERYWHERE)
def test_behind_https_every_answer_asks_for_https(web, behind, path):
    behind(LK_PUBLIC_URL="https://lk.example.org")
    assert web.get(path).headers["strict-transport-security"].startswith("max-age=31536000")


def test_pages_run_their_own_scripts_alone(web):
    policy = web.get("/").headers["content-security-policy"]
    rules = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    inline = base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()
    late = base64.b64encode(hashlib.sha256(b"late()").digest()).decode()
    assert set(rules["script-src"].split()) == {"'self'", f"'sha256-{inline}'", f"'sha256-{late}'"}
    assert rules["default-src"] == rules["frame-ancestors"] == rules["base-uri"] == "'none'"
    assert rules["form-action"] == rules["connect-src"] == "'self'"
    assert not re.search(r"https?:|\*|unsafe-eval|wasm|//", policy)
    assert "unsafe-inline" not in rules["script-src"]


@pytest.mark.parametrize(
    ("path", "whose"), [("/", "same-origin"), ("/icon.svg", "same-origin"), ("/favicon.ico", "cross-origin")]
)
def test_only_the_sites_mark_is_for_the_sandbox_that_shows_a_file_too(web, path, whose):
    assert web.get(path).headers["cross-origin-resource-policy"] == whose


@pytest.mark.parametrize("path", ["/", "/help", "/nowhere"])
def test_every_page_has_the_policy_even_one_that_is_not_found(web, path):
    assert "script-src" in web.get(path).headers["content-security-policy"]


def test_only_inline_scripts_are_hashed_once_each():
    page = '<script src="/a.js"></script><script>one()</script><script type="module">one()</script><script></script>'
    empty = base64.b64encode(hashlib.sha256(b"").digest()).decode()
    assert len(script_hashes(page)) == 2
    assert f"'sha256-{empty}'" in script_hashes(page)


def test_an_unbuilt_front_end_allows_no_inline_script(tmp_path):
    content_policy.cache_clear()
    assert "script-src 'self';" in content_policy(tmp_path / "absent")


@pytest.mark.parametrize(
    ("path", "rule"),
    [
        ("/", "no-cache"),
        ("/help", "no-cache"),
        ("/overview", "no-cache"),
        ("/nowhere", "no-store"),
        ("/assets/app-1.js", "public, max-age=31536000, immutable"),
        ("/assets/gone.js", "no-store"),
        ("/styles/frame.css", "no-cache"),
        ("/icon.svg", "public, max-age=86400"),
        ("/font.woff2", "public, max-age=86400"),
        ("/help/home.webp", "public, max-age=86400"),
        ("/gone.woff2", "no-store"),
        ("/api/health/live", "no-store"),
        ("/api/gone", "no-store"),
    ],
)
def test_hashed_files_are_kept_for_ever_and_private_answers_never(web, path, rule):
    assert web.get(path).headers["cache-control"] == rule


def test_a_page_depends_on_the_cookie(web):
    assert "Cookie" in web.get("/").headers["vary"]


def flip(web, switch, **headers):
    return web.post("/api/view", data={"switch": switch}, headers={"referer": "http://lk.test/help?a=1", **headers})


def test_a_switch_is_kept_and_leads_back_to_the_page(web):
    answer = flip(web, "text")
    assert (answer.status_code, answer.headers["location"]) == (303, "/help?a=1")
    assert web.cookies["lk_view"] == "text"
    assert '<html data-text="large" lang="ru">' in web.get("/").text
    flip(web, "contrast")
    assert '<html data-text="large" data-contrast="more" lang="ru">' in web.get("/").text
    flip(web, "text")
    assert '<html data-contrast="more" lang="ru">' in web.get("/").text
    flip(web, "contrast")
    assert web.get("/").text == FILES["index.html"]


@pytest.mark.parametrize("switch", ["", "font", '"><script>', "text.contrast"])
def test_an_unknown_switch_changes_nothing(web, switch):
    assert flip(web, switch).headers.get_list("set-cookie") == []


@pytest.mark.parametrize(
    "referer", ["", "https://evil.example", "https://evil.example//evil.example", "javascript:alert(1)", "http://["]
)
def test_a_switch_never_leads_to_another_site(web, referer):
    answer = flip(web, "text", referer=referer)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


def test_a_foreign_page_flips_no_switch(web):
    assert flip(web, "text", origin="https://evil.example").headers.get_list("set-cookie") == []


@pytest.mark.parametrize("value", ['"><script>alert(1)</script>', "text\\x22 onload=x", "x" * 3000, "..", ""])
def test_a_forged_view_cookie_writes_nothing_into_the_page(web, value):
    text = web.get("/", headers={"cookie": f"lk_view={value}"}).text
    assert text == FILES["index.html"]


@pytest.mark.parametrize("path", ["/", "/help", "/nowhere"])
@pytest.mark.parametrize("look", [LARGE, BOTH])
def test_a_stamped_page_has_its_true_length_and_no_marks_of_the_file(web, path, look):
    plain = web.get(path)
    answer = web.get(path, headers={"cookie": look, "accept-encoding": "br, gzip", "range": "bytes=0-10"})
    assert answer.status_code == plain.status_code
    assert 'data-text="large"' in answer.text
    assert int(answer.headers["content-length"]) == len(answer.content) > len(plain.content)
    assert not {"etag", "last-modified", "content-encoding", "content-range"} & set(answer.headers)
    assert "script-src" in answer.headers["content-security-policy"]


def test_a_kept_plain_page_is_not_taken_for_the_stamped_one(web):
    plain = web.get("/")
    marks = {"if-none-match": plain.headers["etag"], "if-modified-since": plain.headers["last-modified"]}
    same = web.get("/", headers=marks)
    # A browser takes the headers of a 304 for those of the page it has.
    assert (same.status_code, same.headers["content-security-policy"]) == (
        304,
        plain.headers["content-security-policy"],
    )
    stamped = web.get("/", headers={**marks, "cookie": LARGE})
    assert stamped.status_code == 200
    assert "data-text" in stamped.text


def test_files_are_not_stamped(web):
    answer = web.get("/styles/frame.css", headers={"cookie": BOTH})
    assert (answer.text, "etag" in answer.headers) == ("a{}", True)


@pytest.mark.parametrize("look", ["", LARGE])
@pytest.mark.parametrize("path", ["/", "/help", "/nowhere", "/assets/app-1.js", "/api/health/live"])
def test_a_head_request_tells_what_a_get_would_without_a_body(web, path, look):
    got = web.get(path, headers={"cookie": look})
    head = web.head(path, headers={"cookie": look})
    assert (head.status_code, head.content) == (got.status_code, b"")
    assert head.headers.get("content-length", got.headers["content-length"]) == got.headers["content-length"]
    differing = {"content-length", "date"}
    assert {k: v for k, v in head.headers.items() if k not in differing} == {
        k: v for k, v in got.headers.items() if k not in differing
    }


@pytest.mark.parametrize("path", ["/", "/nowhere"])
async def test_a_server_that_sends_files_by_name_does_not_send_a_stamped_page_past_us(edge, over, path):
    sent = await exchange(edge, "GET", path, (b"cookie", LARGE.encode()), extensions={"http.response.pathsend": {}})
    assert [message["type"] for message in sent][:2] == ["http.response.start", "http.response.body"]
    assert b'data-text="large"' in sent[1]["body"]
    plain = await exchange(edge, "GET", path, extensions={"http.response.pathsend": {}})
    assert plain[1]["type"] == "http.response.pathsend"


@pytest.fixture
def outage(over, monkeypatch):
    gone = Database("sqlite:////nowhere/lk.db")
    monkeypatch.setattr(wiring, "_opened", lambda: gone)
    wiring.database.cache_clear()
    yield gone
    gone.close()


def test_without_a_database_a_signed_in_person_reads_a_sentence(signed_in, outage):
    for answer in (signed_in.get("/overview"), signed_in.get("/"), signed_in.post("/api/sign-out")):
        assert answer.status_code == 503
        assert re.search(r"[а-я]{4}", answer.text)
        assert not re.search(r"Error|Exception|Traceback", answer.text)
        assert answer.headers["cache-control"] == "no-store"
        assert "script-src" in answer.headers["content-security-policy"]
        assert "lk_session" not in answer.headers.get("set-cookie", "")


def test_without_a_database_the_sign_in_says_so(sign_in, outage):
    answer = sign_in()
    assert (answer.status_code, answer.headers["location"]) == (303, "/?fault=1")


def test_a_fault_of_ours_is_a_page_with_a_number_and_no_details(web, caplog):
    with caplog.at_level(logging.ERROR):
        answer = web.get("/broken")
    assert answer.status_code == 500
    assert "secret detail" not in answer.text
    assert "Internal Server Error" not in answer.text
    number = re.search(r"\b[0-9A-F]{6}\b", answer.text)
    assert number and number[0] in caplog.text


async def exchange(app, method, path, *headers, extensions=None):
    """One raw request, as a server that has checked nothing would hand it over."""
    sent = []

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http", "asgi": {"version": "3.0", "spec_version": "2.4"}, "http_version": "1.1",
        "method": method, "scheme": "http",
        "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "", "server": ("lk.test", 80),
        "client": ("127.0.0.1", 1), "headers": [(b"host", b"lk.test"), *headers], "extensions": extensions or {},
    }  # fmt: skip
    await app(scope, receive, send)
    return sent


def test_no_more_files_come_in_than_there_is_room_for(signed_in, monkeypatch):
    monkeypatch.setattr("lk_reflex.api.edge.layer.uploads", lambda: Uploads(room=0, room_each=1))
    full = signed_in.post("/_upload", files={"files": ("IMG.jpg", b"x", "image/jpeg")})
    assert (full.status_code, full.text) == (429, FULL)

"""The cabinet as the city reaches it: over TLS, through nginx or Caddy with the configuration of `deploy/`."""

import gzip
import json
import re
import ssl
import time
from contextlib import ExitStack

import httpx
import pytest
import socketio
from playwright.sync_api import sync_playwright
from sqlalchemy import text

from lk_reflex.api.edge import MAX_PACKAGE, MAX_UPLOAD
from lk_reflex.api.headers import HSTS, IMMUTABLE
from lk_reflex.api.http import MAX_FORM
from lk_reflex.domain.identity.cookies import SESSION_COOKIE
from tests.browser.conftest import ARGS, LOADED, sign_in
from tests.browser.install import chromium
from tests.city.town import awaited
from tests.front.front import NAME, PAGES, SITE
from tests.front.test_pages import page

BOUNDARY = "kusok"


def script_of(client: httpx.Client) -> str:
    """The address of a hashed script of the home page."""
    found = re.search(r'"(/assets/[\w.-]+\.js)"', client.get("/").text)
    assert found
    return found[1]


def straight(city, path: str, **headers: str) -> httpx.Response:
    """What a web process itself answers, its bytes as they are sent."""
    with httpx.stream("GET", city.base + path, headers={"Host": NAME, **headers}) as answer:
        answer.extensions["raw"] = b"".join(answer.iter_raw())
    return answer


def raw(client: httpx.Client, path: str, **headers: str) -> httpx.Response:
    """What comes through the proxy, not decompressed."""
    with client.stream("GET", path, headers=headers) as answer:
        answer.extensions["raw"] = b"".join(answer.iter_raw())
    return answer


def multipart(size: int) -> tuple[bytes, dict[str, str]]:
    """A form of exactly so many bytes with one file in it."""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="files"; filename="a.jpg"\r\n\r\n'.encode()
    tail = f"\r\n--{BOUNDARY}--\r\n".encode()
    body = head + b"x" * (size - len(head) - len(tail)) + tail
    return body, {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}


def test_pages_come_over_tls_with_their_headers_once_and_compressed(client, city):
    answer = raw(client, "/", **{"Accept-Encoding": "gzip"})
    assert answer.status_code == 200 and answer.headers["content-encoding"] == "gzip"
    assert gzip.decompress(answer.extensions["raw"]) == straight(city, "/").extensions["raw"]
    assert answer.headers.get_list("strict-transport-security") == [HSTS]
    assert len(answer.headers.get_list("content-security-policy")) == 1
    assert not re.search(r"\d", answer.headers.get("server", ""))  # whose version it is, is nobody's business


@pytest.mark.parametrize("encoding", ["br", "gzip", "identity"])
def test_what_is_compressed_at_the_build_is_passed_on_and_kept_for_ever(client, city, encoding):
    path = script_of(client)
    for _ in range(2):  # nginx answers the second one by itself
        answer, own = (
            raw(client, path, **{"Accept-Encoding": encoding}),
            straight(city, path, **{"Accept-Encoding": encoding}),
        )
        assert answer.headers.get("content-encoding", "identity") == encoding
        assert answer.extensions["raw"] == own.extensions["raw"]
        assert answer.headers.get_list("cache-control") == [IMMUTABLE]
        assert "accept-encoding" in answer.headers["vary"].lower()


def test_plain_http_leads_to_the_same_address_behind_tls(front):
    with front.client() as client:
        answer = client.get(f"http://{NAME}/readings?month=2026-10")
    assert answer.status_code in (301, 308) and answer.headers["location"] == f"{SITE}/readings?month=2026-10"
    assert "strict-transport-security" not in answer.headers


@pytest.mark.parametrize("path", ["/overview", "/overview/", "/staff", "/assets", "/help/", "/api/sign-in/", "/fonts"])
def test_redirects_stay_behind_tls_and_keep_the_name(client, path):
    answer = client.get(path)
    location = answer.headers.get("location", "/")
    assert location.startswith((f"{SITE}/", "/")) and not location.startswith("//")


def test_only_the_cabinets_own_name_is_answered(front):
    with pytest.raises((ssl.SSLError, OSError)), front.line(name="other.test"):
        pass


def test_who_signs_in_is_known_by_the_real_address_whatever_they_claim(front, city, person):
    with front.client("127.0.0.31") as client:
        claimed = {"X-Forwarded-For": "203.0.113.9", "X-Real-IP": "203.0.113.9", "Forwarded": "for=203.0.113.9"}
        answer = client.post(
            "/api/sign-in", data={"login": person.email, "password": person.password, "next": "/overview"},
            headers=claimed,
        )  # fmt: skip
    assert (answer.status_code, answer.headers["location"]) == (303, "/overview")
    cookie = next(one for one in answer.headers.get_list("set-cookie") if one.startswith(SESSION_COOKIE))
    assert {"Secure", "HttpOnly", "SameSite=lax"} <= set(cookie.split("; "))
    with city.database.engine.connect() as db:
        address = db.execute(text("SELECT address FROM user_sessions ORDER BY id DESC LIMIT 1")).scalar_one()
    assert address == "127.0.0.31"


def test_a_guessers_tries_are_counted_at_the_real_address(front, city):
    with front.client("127.0.0.32") as client:
        for claim in ("203.0.113.1", "203.0.113.2, 203.0.113.3"):
            client.post(
                "/api/sign-in", data={"login": "nikogo@example.org", "password": "ugadaiu-2026"},
                headers={"X-Forwarded-For": claim},
            )  # fmt: skip
    with city.database.engine.connect() as db:
        subjects = [row[0] for row in db.execute(text("SELECT subject FROM attempts"))]
    assert any("127.0.0.32" in subject for subject in subjects)
    assert not any("203.0.113" in subject for subject in subjects)


@pytest.mark.parametrize(
    ("path", "largest"), [("/api/view", MAX_FORM), ("/_upload", MAX_UPLOAD), ("/api/staff/exchange", MAX_PACKAGE)]
)
def test_what_is_too_large_is_refused_in_russian_before_it_is_sent(front, path, largest):
    head = f"POST {path} HTTP/1.1\r\nHost: {NAME}\r\nContent-Type: text/plain\r\nContent-Length: {largest + 1}\r\n\r\n"
    with front.line() as line:
        line.sendall(head.encode() + b"x")
        answer = line.recv(65536)
        while b"</html>" not in answer and (more := line.recv(65536)):
            answer += more
    assert answer.startswith(b"HTTP/1.1 413") and page("too-large").encode() in answer


def test_files_and_forms_of_the_allowed_size_come_through_whole(client, residents):
    cookie = {"Cookie": f"{SESSION_COOKIE}={residents().cookie}"}
    form = b"switch=" + b"x" * (MAX_FORM - len(b"switch="))
    answer = client.post(
        "/api/view", content=form, headers={**cookie, "Content-Type": "application/x-www-form-urlencoded"}
    )
    assert answer.status_code == 303
    body, kind = multipart(MAX_UPLOAD)
    tab = {"Reflex-Client-Token": "nikto", "Reflex-Event-Handler": "nothing.there"}
    answer = client.post("/_upload", content=body, headers={**cookie, **kind, **tab})
    own = client.post("/_upload", content=multipart(2000)[0], headers={**cookie, **kind, **tab})
    assert answer.status_code == own.status_code != 413 and answer.content == own.content
    assert client.post("/_upload", content=body, headers={**kind, **tab}).status_code == 401  # the cabinet's own word


def test_a_strangers_package_is_refused_before_it_is_sent(front):
    head = (
        f"POST /api/staff/exchange HTTP/1.1\r\nHost: {NAME}\r\nContent-Type: multipart/form-data; boundary=b\r\n"
        f"Content-Length: {MAX_PACKAGE}\r\n\r\n--b\r\n"
    )
    with front.line() as line:
        line.sendall(head.encode())
        assert line.recv(4096).startswith(b"HTTP/1.1 404")


@pytest.mark.parametrize(
    "path",
    ["/api/metrics", "/api/metrics/", "/api//metrics", "/api/x/../metrics", "/api/%6detrics", "/demo/mail", "/demo"],
)
def test_measurements_and_stand_ins_are_not_there_from_outside(front, path):
    with front.line() as line:  # a client would tidy such an address up
        line.sendall(f"GET {path} HTTP/1.1\r\nHost: {NAME}\r\nConnection: close\r\n\r\n".encode())
        answer = b"".join(iter(lambda: line.recv(65536), b"")).decode()
    assert answer.startswith("HTTP/1.1 404") and page("not-found") in answer
    assert answer.lower().count("strict-transport-security") == 1


async def test_sockets_come_through_for_our_pages_alone(front, wss, residents):
    resident = residents()
    tab = await wss(resident.cookie, origin=SITE).open("/overview")
    assert resident.email in await tab.settle()
    with pytest.raises(socketio.exceptions.ConnectionError):
        await wss(resident.cookie, origin="https://elsewhere.test").open("/overview")
    assert tab.token not in front.log.read_text("utf-8")


def test_the_log_holds_no_keys(front, client):
    for path in ("/reset/odnorazovyi-kluch", "/pay/odnorazovyi-kluch?a=1", "/?kod=odnorazovyi-kluch", "/help"):
        client.get(path, headers={"Referer": f"{SITE}/reset/odnorazovyi-kluch"})
    written = awaited(lambda: [line for line in _log(front) if "/help" in line], str(front.log))
    assert json.loads(written[-1])["status"] == 200
    assert not [line for line in _log(front) if "odnorazovyi-kluch" in line]


def _log(front) -> list[str]:
    return front.log.read_text("utf-8").splitlines()


def test_one_address_may_have_only_so_many_uploads_open(nginx):
    head = f"POST /_upload HTTP/1.1\r\nHost: {NAME}\r\nContent-Length: 100000\r\n\r\nx"
    with ExitStack() as open_ones:
        lines = [open_ones.enter_context(nginx.line("127.0.0.33")) for _ in range(21)]
        for line in lines:
            line.sendall(head.encode())
            line.settimeout(0.05)
        answers: list[bytes] = []

        def refused() -> bool:
            for line in lines:
                try:
                    answers.append(line.recv(65536))
                except TimeoutError:
                    line.sendall(b"x")
            return any(answer.startswith(b"HTTP/1.1 429") for answer in answers)

        awaited(refused, "the twenty-first upload goes on")
        with nginx.client("127.0.0.34") as neighbour:
            assert neighbour.post("/_upload", content=b"x").status_code != 429


def test_slow_senders_are_cut_off_while_others_are_served(front, fronts, slow_ones):
    slow = next(slow_ones[name] for name, one in fronts.items() if one is front)
    with front.client() as client:
        deadline = time.monotonic() + 120
        while slow.cut < slow.all and time.monotonic() < deadline:
            assert client.get("/api/health/live").status_code == 200
            time.sleep(0.2)
    assert slow.cut == slow.all


def test_a_browser_signs_in_and_its_page_is_filled_over_wss(nginx, person):
    with sync_playwright() as playwright:
        way = f"--host-resolver-rules=MAP {NAME}:443 127.0.0.1:{nginx.https}"
        browser = playwright.chromium.launch(executable_path=chromium(), args=[*ARGS, way])
        page_ = browser.new_context(ignore_https_errors=True).new_page()
        sockets: list[str] = []
        page_.on("websocket", lambda one: sockets.append(one.url))
        page_.goto(SITE)
        sign_in(page_, person.email, person.password)
        page_.wait_for_url(f"{SITE}/overview", timeout=60_000)
        page_.wait_for_function(LOADED, timeout=60_000)
        browser.close()
    assert sockets and all(url.startswith(f"wss://{NAME}/_event") for url in sockets)


@pytest.mark.parametrize("name", ["nginx", "caddy"])
def test_zz_one_process_fewer_is_nobodys_loss_and_none_is_said_in_russian(city, fronts, residents, name):
    front = fronts[name]
    with front.client() as client:
        asset = script_of(client)
        client.get(asset)
        city.kill("web", 0)
        answers = [client.get(path).status_code for path in ("/", "/help", "/api/health/live") * 4]
        answers += [client.post("/api/view", data={"switch": "x"}).status_code for _ in range(6)]
        assert set(answers) == {200, 303}
        city.kill("web", 1)
        gone = awaited(lambda: (got := client.get("/help")).status_code == 503 and got, "nobody serves")
        assert page("unavailable") in gone.text and gone.headers["retry-after"] == "30"
        assert gone.headers.get_list("strict-transport-security") == [HSTS]
        assert gone.headers["cache-control"] == "no-store"
        assert client.get("/_lk/page.css").text == (PAGES / "page.css").read_text()
        unsent = client.post("/api/view", data={"switch": "x"})
        assert unsent.status_code == 503 and page("not-sent") in unsent.text
        if name == "nginx":
            assert client.get(asset).status_code == 200
        city.begin("web", 0)
        city.begin("web", 1)
        awaited(lambda: client.get("/help").status_code == 200, "it isn't served again")

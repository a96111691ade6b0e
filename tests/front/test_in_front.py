"""The cabinet as the city reaches it: over TLS, through nginx and through Caddy with the configuration of `deploy/`."""

import asyncio
import gzip
import json
import re
import ssl
import time
from contextlib import ExitStack

import pytest
from playwright.sync_api import sync_playwright
from socketio.exceptions import ConnectionError as TurnedAway
from sqlalchemy import text

from lk_reflex.api.edge.headers import HSTS, IMMUTABLE
from lk_reflex.api.edge.refusals import MAX_PACKAGE, MAX_UPLOAD
from lk_reflex.api.http import MAX_FORM
from lk_reflex.domain.files.pictures import MAX_BYTES
from lk_reflex.ui.resident.appeal.state import AppealState
from tests.browser.conftest import ARGS, LOADED, sign_in
from tests.browser.install import chromium
from tests.city.town import awaited
from tests.files.photos import photo
from tests.front.front import COOKIE, NAME, PAGES, SITE, listens
from tests.front.test_pages import page
from tests.front.wire import draft_of, hears, raw, script_of, straight, told

HIDDEN = (
    "/api/metrics", "/api/metrics/", "/api//metrics", "/api/x/../metrics", "/api/%6detrics", "/demo/mail", "/demo",
)  # fmt: skip


def test_pages_come_over_tls_with_their_headers_once_and_compressed(client, city):
    answer = raw(client, "/", **{"Accept-Encoding": "gzip"})
    assert answer.status_code == 200 and answer.headers["content-encoding"] == "gzip"
    assert gzip.decompress(answer.extensions["raw"]) == straight(city, "/").extensions["raw"]
    assert answer.headers.get_list("strict-transport-security") == [HSTS]
    assert len(answer.headers.get_list("content-security-policy")) == 1
    assert not re.search(r"\d", answer.headers.get("server", ""))  # whose version it is, is nobody's business


def test_what_is_compressed_at_the_build_is_passed_on_and_kept_for_ever(client, city):
    path = script_of(client)
    for encoding in ("br", "gzip", "identity"):
        own = straight(city, path, **{"Accept-Encoding": encoding}).extensions["raw"]
        for _ in range(2):  # nginx answers the second one by itself
            answer = raw(client, path, **{"Accept-Encoding": encoding})
            assert answer.headers.get("content-encoding", "identity") == encoding
            assert answer.extensions["raw"] == own
            assert answer.headers.get_list("cache-control") == [IMMUTABLE]
            assert "accept-encoding" in answer.headers["vary"].lower()


def test_whoever_comes_without_tls_or_with_a_slash_too_many_stays_at_the_same_name_behind_tls(front):
    with front.client() as client:
        plain = client.get(f"http://{NAME}/readings?month=2026-10")
        assert plain.status_code in (301, 308) and plain.headers["location"] == f"{SITE}/readings?month=2026-10"
        assert "strict-transport-security" not in plain.headers
        for path in ("/overview", "/overview/", "/staff", "/assets", "/help/", "/api/sign-in/", "/fonts"):
            location = client.get(path).headers.get("location", "/")
            assert location.startswith((f"{SITE}/", "/")) and not location.startswith("//"), path
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
    cookie = next(one for one in answer.headers.get_list("set-cookie") if one.startswith(f"{COOKIE}="))
    assert {"secure", "httponly", "samesite=lax"} <= set(cookie.lower().split("; "))
    with city.database.engine.connect() as db:
        address = db.execute(text("SELECT address FROM sessions ORDER BY id DESC LIMIT 1")).scalar_one()
    assert address == "127.0.0.31"


@pytest.mark.parametrize(
    ("path", "largest"), [("/api/view", MAX_FORM), ("/_upload", MAX_UPLOAD), ("/api/staff/exchange", MAX_PACKAGE)]
)
def test_what_is_too_large_is_refused_in_russian_before_it_is_sent(front, path, largest):
    head = f"POST {path} HTTP/1.1\r\nHost: {NAME}\r\nContent-Type: text/plain\r\nContent-Length: {largest + 1}\r\n\r\n"
    answer = told(front, head.encode() + b"x" * min(largest + 1, 32 * 1024))
    assert answer.startswith(b"HTTP/1.1 413") and page("too-large").encode() in answer


async def test_files_and_forms_of_the_allowed_size_come_through_whole(front, city, wss, residents):
    resident = residents()
    number, handler = draft_of(city, resident), f"{AppealState.get_full_name()}.take_upload"
    tab = await wss(front, resident.cookie, origin=SITE).open(f"/services/appeal/{number}")
    assert await hears(tab, "build_rx_state_")  # the page is there
    picture = photo()
    with front.client(headers={"Cookie": f"{COOKIE}={resident.cookie}"}) as client:
        form = b"switch=" + b"x" * (MAX_FORM - len(b"switch="))
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        assert client.post("/api/view", content=form, headers=kind).status_code == 303
        sent = await asyncio.to_thread(
            client.post,
            "/_upload",
            data={"__reflex_event_args": json.dumps({"slot": "file", "replacing": ""})},
            files={"files": ("samoe-bolshoe.jpg", picture + b"x" * (MAX_BYTES - len(picture)), "image/jpeg")},
            headers={"Reflex-Client-Token": tab.token, "Reflex-Event-Handler": handler},
        )
    assert sent.status_code == 200 and "samoe-bolshoe.jpg" in sent.text, sent.text


def test_a_strangers_package_is_refused_before_it_is_sent(nginx):
    # At Caddy, too, but whoever announces one and falls silent is answered there once Go's reader lets go of the body.
    head = (
        f"POST /api/staff/exchange HTTP/1.1\r\nHost: {NAME}\r\nContent-Type: multipart/form-data; boundary=b\r\n"
        f"Content-Length: {MAX_PACKAGE}\r\n\r\n--b\r\n"
    )
    assert told(nginx, head.encode() + b"x" * 32 * 1024, until=b"\r\n\r\n").startswith(b"HTTP/1.1 404")


def test_measurements_and_stand_ins_are_not_there_from_outside(front):
    for path in HIDDEN:  # over a bare line, since a client would tidy such an address up
        answer = told(front, f"GET {path} HTTP/1.1\r\nHost: {NAME}\r\nConnection: close\r\n\r\n".encode()).decode()
        assert answer.startswith("HTTP/1.1 404") and page("not-found") in answer, path
        assert answer.lower().count("strict-transport-security") == 1, path


async def test_sockets_come_through_for_our_pages_alone(front, wss, residents):
    resident = residents()
    tab = await wss(front, resident.cookie, origin=SITE).open("/overview")
    assert await hears(tab, resident.email)
    with pytest.raises(TurnedAway):
        await wss(front, resident.cookie, origin="https://elsewhere.test").open("/overview")
    assert tab.token not in front.log.read_text("utf-8")


def test_the_log_holds_no_keys_and_every_answer_of_the_proxys_own(front, client):
    for path in ("/reset/odnorazovyi-kluch", "/pay/odnorazovyi-kluch?a=1", "/?kod=odnorazovyi-kluch", "/demo", "/help"):
        client.get(path, headers={"Referer": f"{SITE}/reset/odnorazovyi-kluch"})
    written = awaited(lambda: [line for line in _log(front) if "/help" in line], str(front.log))
    assert json.loads(written[-1])["status"] == 200
    assert any(json.loads(line)["status"] == 404 for line in _log(front) if "/demo" in line)
    assert not [line for line in _log(front) if "odnorazovyi-kluch" in line]


def _log(front) -> list[str]:
    return front.log.read_text("utf-8").splitlines()


def test_one_address_may_have_only_so_many_uploads_open(nginx):
    head = f"POST /_upload HTTP/1.1\r\nHost: {NAME}\r\nContent-Length: 100000\r\n\r\nx".encode()
    with ExitStack() as open_ones:
        for _ in range(20):
            open_ones.enter_context(nginx.line("127.0.0.33")).sendall(head)
        # What nginx has read of the twenty is its own affair: one more is refused once it has.
        awaited(lambda: _refused(nginx, head), "the twenty-first upload goes on")
        with nginx.client("127.0.0.34") as neighbour:
            assert neighbour.post("/_upload", content=b"x").status_code != 429


def _refused(nginx, head: bytes) -> bool:
    with nginx.line("127.0.0.33") as line:
        line.settimeout(1)
        line.sendall(head)
        try:
            answer = line.recv(65536)
        except TimeoutError:
            return False
        return answer.startswith(b"HTTP/1.1 429") and page("too-many").encode() in answer


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


def test_slow_senders_are_cut_off_while_others_are_served(front, fronts, slow_ones):
    slow = next(slow_ones[name] for name, one in fronts.items() if one is front)
    with front.client() as client:
        deadline = time.monotonic() + 120
        while slow.cut < slow.all and time.monotonic() < deadline:
            assert client.get("/api/health/live").status_code == 200
            time.sleep(0.2)
    assert slow.cut == slow.all


async def test_one_process_fewer_is_nobodys_loss_and_none_is_said_in_russian(city, fronts, wss, residents):
    resident = residents()
    tabs = [
        (front, await wss(front, resident.cookie, origin=SITE).open("/overview"))
        for front in fronts.values()
        for _ in range(2)
    ]
    assets = {}
    for name, front in fronts.items():
        with front.client() as client:
            assets[name] = script_of(client)
            client.get(assets[name])
    city.kill("web", 0)
    awaited(lambda: not listens(city.webs[0].port), "a killed process listens")
    for front in fronts.values():
        with front.client() as client:
            answers = [client.get(path).status_code for path in ("/", "/help", "/api/health/live") * 4]
            answers += [client.post("/api/view", data={"switch": "x"}).status_code for _ in range(6)]
            assert set(answers) == {200, 303}
    for front, tab in tabs:  # as a browser: the same tab again, wherever somebody answers
        again = await wss(front, resident.cookie, origin=SITE, token=tab.token).open("/overview")
        assert await hears(again, resident.email)
    city.kill("web", 1)
    for name, front in fronts.items():
        _nobody_is_there(front, assets[name] if name == "nginx" else "/_lk/page.css")


def _nobody_is_there(front, kept: str) -> None:
    """What people are told then; `kept` is what the proxy has by itself."""
    with front.client() as client:
        gone = awaited(lambda: (got := client.get("/help")).status_code == 503 and got, "somebody serves")
        assert page("unavailable") in gone.text and gone.headers["retry-after"] == "30"
        assert gone.headers.get_list("strict-transport-security") == [HSTS]
        assert gone.headers["cache-control"] == "no-store"
        assert client.get("/_lk/page.css").text == (PAGES / "page.css").read_text()
        unsent = client.post("/api/view", data={"switch": "x"})
        assert unsent.status_code == 503 and page("not-sent") in unsent.text
        assert client.get(kept).status_code == 200

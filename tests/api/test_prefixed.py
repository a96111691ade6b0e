"""Cookies behind https: this host's own alone, planted ones dropped; and what every answer says of framing."""

import pytest

from lk_reflex.api.edge.prefixed import bare, prefixed
from tests.api.conftest import PASSWORD, cookie_of


def cookies(header: str) -> str:
    scope = bare({"headers": [(b"host", b"a"), (b"cookie", header.encode("latin-1"))]})
    return dict(scope["headers"]).get(b"cookie", b"none").decode("latin-1")


@pytest.mark.parametrize(
    ("came", "known"),
    [
        ("__Host-lk_session=a; other=b; __Secure-lk_device=c", "lk_session=a; other=b; lk_device=c"),
        ("lk_session=planted", "none"),
        ("lk_session=planted; __Host-lk_session=own", "lk_session=own"),
        ("__Host-other=x;__Host-lk_view=dark", "__Host-other=x; lk_view=dark"),
        ("__host-lk_session=a; LK_session=b", "__host-lk_session=a; LK_session=b"),
        ("", "none"),
    ],
)
def test_only_this_host_s_own_cookies_are_known(came, known):
    assert cookies(came) == known


@pytest.mark.parametrize(
    ("put", "sent"),
    [
        ("lk_a=1; Path=/; HttpOnly; Secure", "__Host-lk_a=1; Path=/; HttpOnly; Secure"),
        ('lk_a=""; Max-Age=0; Path=/', '__Host-lk_a=""; Max-Age=0; Path=/; Secure'),
        ("lk_a=1; Path=/api/; secure", "__Secure-lk_a=1; Path=/api/; secure"),
        ("lk_a=1; Path=/; Domain=b", "__Secure-lk_a=1; Path=/; Domain=b; Secure"),
        ("other=1; Path=/", "other=1; Path=/"),
    ],
)
def test_a_cookie_goes_out_under_the_strictest_name_it_can_have(put, sent):
    assert prefixed([(b"set-cookie", put.encode()), (b"x", put.encode())]) == [
        (b"set-cookie", sent.encode()), (b"x", put.encode()),
    ]  # fmt: skip


def test_a_session_behind_https_comes_back_under_its_full_name_alone(web, anna, behind):
    behind(LK_PUBLIC_URL="https://lk.test")
    web.base_url = "https://lk.test"
    form = {"login": "anna@example.org", "password": PASSWORD, "next": ""}
    answer = web.post("/api/sign-in", data=form, headers={"origin": "https://lk.test"})
    cookie = cookie_of(answer).partition(";")[0]
    assert cookie.startswith("__Host-lk_session=")
    web.cookies.clear()
    assert web.get("/overview", headers={"cookie": cookie}).status_code == 200
    assert web.get("/overview", headers={"cookie": cookie.removeprefix("__Host-")}).status_code == 303
    gone = web.post("/api/sign-out", headers={"cookie": cookie, "origin": "https://lk.test"})
    assert "Max-Age=0" in cookie_of(gone) and cookie_of(gone).startswith("__Host-") and "Secure" in cookie_of(gone)


@pytest.mark.parametrize(
    "path",
    [
        "/", "/help", "/nowhere", "/broken", "/assets/app-1.js", "/api/health/live", "/api/nothing", "/api/sign-in",
        "/_health", "/?" + "x" * 9000,
    ],
)  # fmt: skip
def test_every_answer_says_who_may_show_it(web, path):
    answer = web.get(path)
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert "unsafe-eval" not in answer.headers["content-security-policy"]
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"]


def test_a_page_takes_no_body_and_its_address_no_end(web):
    assert web.request("GET", "/help", content=b"x").status_code == 400
    assert web.get("/help?" + "x" * 9000).status_code == 414
    assert web.get("/_event/?EIO=4&transport=polling").status_code == 404

"""A receipt's link survives sign-in and registration: once, for three days, and it never leads anywhere else."""

from urllib.parse import quote

import pytest
from starlette.requests import Request

from lk_reflex.api.entry.onward import KEPT, ONWARD_COOKIE, go_on, home_before

RECEIPT = "/accounts?account=1234567899&house=10%D0%90&flat=1010"
HERE = "/overview"


def asked(cookie: str = "") -> Request:
    headers = [(b"cookie", cookie.encode())] if cookie else []
    return Request({"type": "http", "method": "POST", "headers": headers, "path": "/", "query_string": b""})


def kept(target: str) -> str:
    return f"{ONWARD_COOKIE}={quote(target, safe='')}"


def test_a_receipts_link_is_kept_for_as_long_as_an_activation_may_take():
    response = home_before(RECEIPT, secure=True)
    assert response.headers["location"] == f"/?next={quote(RECEIPT)}"
    cookie = response.headers["set-cookie"]
    assert cookie.startswith(f"{kept(RECEIPT)};")
    assert f"Max-Age={int(KEPT.total_seconds())}" in cookie
    assert {"HttpOnly", "Secure", "SameSite=lax"} <= set(cookie.split("; "))


@pytest.mark.parametrize("target", ["/charges", "/accounts", "/accounts?link=new", "/payments?account=1"])
def test_no_other_page_is_kept(target):
    assert "set-cookie" not in home_before(target, secure=False).headers


def test_a_link_too_long_to_be_a_receipts_is_not_kept():
    assert "set-cookie" not in home_before(f"/accounts?account={'1' * 600}", secure=False).headers


def test_it_is_followed_once_where_the_form_names_no_aim():
    response = go_on(asked(kept(RECEIPT)), "", HERE)
    assert response.headers["location"] == RECEIPT
    assert f'{ONWARD_COOKIE}=""' in response.headers["set-cookie"]
    assert "Max-Age=0" in response.headers["set-cookie"]


def test_the_forms_own_aim_comes_first():
    assert go_on(asked(kept(RECEIPT)), "/charges?month=2019-09", HERE).headers["location"] == "/charges?month=2019-09"


def test_without_either_the_usual_page_opens():
    response = go_on(asked(), "", HERE)
    assert response.headers["location"] == HERE
    assert "set-cookie" not in response.headers


@pytest.mark.parametrize(
    "forged",
    [
        "//evil.example/accounts?account=1",
        "https://evil.example/accounts?account=1",
        "/\\evil.example/accounts?account=1",
        "/charges",
        "/api/sign-out?account=1",
        "/accounts?account=1\r\nX: y",
        "http://[",
        "",
    ],
)
def test_a_forged_cookie_leads_nowhere_else(forged):
    assert go_on(asked(kept(forged)), "", HERE).headers["location"] == HERE


@pytest.mark.parametrize("aim", ["//evil.example", "https://evil.example", "/api/sign-out"])
def test_a_forged_aim_leads_nowhere_else(aim):
    assert go_on(asked(), aim, HERE).headers["location"] == HERE


def test_from_a_receipt_through_a_registration_to_the_form(edge, web, sign_in):
    """Whoever comes back from the mailbox signs in at a home page that knows no aim any more."""
    edge.pages, edge.private = edge.pages | {"/accounts"}, edge.private | {"/accounts"}
    assert web.get(RECEIPT).headers["location"] == f"/?next={quote(RECEIPT)}"
    assert sign_in(password="не тот").headers["location"].startswith("/?fault=1")
    assert sign_in().headers["location"] == RECEIPT
    assert sign_in().headers["location"] == HERE

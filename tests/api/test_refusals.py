"""What a browser is told where a request is no good as such: in Russian, whoever noticed it."""

import re

import pytest

ENGLISH = re.compile(r"Not Found|Method Not Allowed|Bad Request|Invalid|missing|boundary|Internal", re.IGNORECASE)
FORM = "application/x-www-form-urlencoded"


def in_russian(answer):
    body = re.sub(r"<[^>]+>", " ", answer.text)
    return answer.headers["content-type"].startswith("text/html") and not ENGLISH.search(body) and "главную" in body


@pytest.mark.parametrize("path", ["/api/sign-in", "/api/sign-out", "/api/view", "/api/guest"])
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
def test_a_form_s_address_opened_as_a_page_says_what_to_do(web, path, method):
    answer = web.request(method, path, headers={"content-length": "0"})
    assert answer.status_code == 405 and in_russian(answer)
    assert answer.headers["cache-control"] == "no-store"
    assert "POST" in answer.headers["allow"]


def test_an_unknown_address_beside_the_pages_is_a_page_of_ours(web):
    answer = web.get("/api/nothing")
    assert answer.status_code == 404 and in_russian(answer)


@pytest.mark.parametrize("path", ["/", "/overview", "/nowhere", "/reset/abc"])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_a_form_posted_to_a_page_says_what_to_do(web, path, method):
    answer = web.request(method, path, headers={"content-length": "0"})
    assert answer.status_code == 405 and in_russian(answer)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"login=x"),
        ("multipart/form-data; boundary=", b"login=x"),
        ("multipart/form-data; boundary=x", b"no such boundary"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\nx\r\n--x--\r\n"),
        (
            "multipart/form-data; boundary=x; charset=klingon",
            b"--x\r\nContent-Disposition: form-data; name=login\r\n\r\nx\r\n--x--",
        ),
        (FORM, b"\xff\xfe%zz&=&&login=%FF"),
        (FORM + "; charset=klingon", b"login=x"),
        ("application/json", b"{"),
        ("", b"\x00"),
        (
            "multipart/form-data; boundary=x",
            b"--x\r\nContent-Disposition: form-data; name=login; filename=a.txt\r\n\r\nx\r\n--x--\r\n",
        ),
        (
            "multipart/form-data; boundary=x",
            b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n" * 200 + b"--x--",
        ),
    ],
)
@pytest.mark.parametrize("path", ["/api/sign-in", "/api/sign-out", "/api/view", "/api/guest"])
def test_a_form_that_cannot_be_read_is_nobody_s_crash(web, path, kind, body):
    answer = web.post(path, content=body, headers={"content-type": kind})
    assert answer.status_code == (415 if kind.startswith("multipart") else 303)
    assert answer.status_code == 303 or in_russian(answer)


@pytest.mark.parametrize("path", ["/api/sign-in", "/api/sign-out", "/api/view", "/api/guest"])
def test_a_form_of_thousands_of_fields_is_not_read_through(web, path):
    answer = web.post(path, content=b"&".join(b"a=1" for _ in range(3000)), headers={"content-type": FORM})
    assert answer.status_code == 400 and in_russian(answer)

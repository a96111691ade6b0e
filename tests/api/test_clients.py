import pytest
from starlette.requests import Request

from lk_reflex.api.http import client_of


def request(*forwarded: str, peer="10.1.1.1") -> Request:
    headers = [(b"x-forwarded-for", line.encode()) for line in forwarded] + [(b"user-agent", b"Firefox")]
    return Request({"type": "http", "client": (peer, 1), "headers": headers})


@pytest.mark.parametrize(
    ("hops", "forwarded", "address"),
    [
        ("0", (), "10.1.1.1"),
        ("0", ("203.0.113.5",), "10.1.1.1"),
        ("1", (), "10.1.1.1"),
        ("1", ("203.0.113.5",), "203.0.113.5"),
        ("1", ("6.6.6.6, 203.0.113.5",), "203.0.113.5"),
        ("1", ("6.6.6.6", "203.0.113.5"), "203.0.113.5"),
        ("1", ("6.6.6.6, 7.7.7.7", "203.0.113.5"), "203.0.113.5"),
        ("1", (" , ,",), "10.1.1.1"),
        ("2", ("203.0.113.5, 10.0.0.9",), "203.0.113.5"),
        ("2", ("6.6.6.6,203.0.113.5 , 10.0.0.9",), "203.0.113.5"),
        ("2", ("203.0.113.5",), "10.1.1.1"),
    ],
)
def test_an_address_is_believed_only_as_far_as_our_own_proxies_wrote_it(behind, hops, forwarded, address):
    behind(LK_TRUSTED_PROXY_HOPS=hops)
    assert client_of(request(*forwarded)).address == address


def test_the_browsers_words_are_noted():
    assert client_of(request()).browser == "Firefox"


def test_a_connection_without_an_address_is_no_fault():
    assert client_of(Request({"type": "http", "client": None, "headers": []})).address == ""

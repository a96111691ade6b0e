"""The judge of «this machine»: a proxy, a plain connection and a demonstration's limits hang on it."""

import pytest

from lk_reflex.core.this_machine import leads_here, this_machine

HERE = (
    "localhost", "LocalHost", "127.0.0.1", "127.0.0.2", "127.255.255.254", "::1", "[::1]", "0:0:0:0:0:0:0:1",
    "::ffff:127.0.0.1", "[::ffff:127.0.0.2]",
)  # fmt: skip
ELSEWHERE = (
    None, "", "0.0.0.0", "::", "126.255.255.255", "128.0.0.1", "10.0.0.5", "192.0.2.7", "::2", "::ffff:10.0.0.5",
    "localhost.example.org", "example.localhost.org", "127.0.0.1.example.org", "127.0.0.1:3000", "127.1", "[127.0.0.1",
    "localhost ", "[localhost]", "testclient",
)  # fmt: skip


@pytest.mark.parametrize("host", HERE)
def test_hosts_of_this_machine(host):
    assert this_machine(host)


@pytest.mark.parametrize("host", ELSEWHERE)
def test_hosts_of_others(host):
    assert not this_machine(host)


@pytest.mark.parametrize(
    ("url", "here"),
    [
        ("http://127.0.0.1:3000/demo", True),
        ("http://127.0.0.2", True),
        ("https://LOCALHOST/", True),
        ("http://[::1]:9000/x?y#z", True),
        ("http://user:password@127.0.0.1:9000", True),
        ("//[::1]", True),
        ("//localhost:3000", True),
        ("http://localhost@lk.example.org", False),
        ("http://127.0.0.1.example.org", False),
        ("http://127.0.0.10.0:3000", False),
        ("/demo/esia", False),
        ("127.0.0.1", False),
        ("http://[::1", False),
        ("", False),
    ],
)
def test_whole_addresses(url, here):
    assert leads_here(url) is here

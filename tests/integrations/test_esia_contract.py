"""The client of Госуслуги against the stand-in, over real HTTP."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from lk_reflex.integrations.esia.certificate import Certificate
from lk_reflex.integrations.esia.client import Registration
from lk_reflex.integrations.esia.outside import Command, HttpService, RsaSigner
from lk_reflex.integrations.esia.port import (
    SCOPE,
    Aim,
    Declined,
    EsiaError,
    Expired,
    Misconfigured,
    Person,
    Silent,
    Unexpected,
    error_of,
)
from lk_reflex.standins.esia.keys import kept_keys
from tests.esia import CONFIRMED, MAILLESS, NAMESAKE, OWNER, UNCONFIRMED, press, running

AIM = Aim("http://127.0.0.1:4104/api/esia/return", "our-nonce")
STATE = "47e1f1e9-8b56-4666-ac02-d1408408e5f2"


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with running(tmp_path_factory.mktemp("esia") / "keys") as started:
        yield started


def code_for(server, person=CONFIRMED, do="enter", aim=AIM) -> str:
    back = press(server.client().authorise_url(aim, STATE, now=now()), person, do)
    assert back["state"] == STATE
    return back["code"]


def test_the_address_holds_what_the_protocol_says(server):
    moment = datetime(2026, 11, 22, 10, 0, 29, tzinfo=UTC)
    address = server.client().authorise_url(AIM, STATE, now=moment)
    parts = urlsplit(address)
    assert parts.path == "/aas/oauth2/v2/ac"
    fields = {name: values[0] for name, values in parse_qs(parts.query, strict_parsing=True).items()}
    secret = fields.pop("client_secret")
    assert re.fullmatch(r"[A-Za-z0-9_-]+={0,2}", secret)
    assert fields == {
        "client_id": "LKDEMO", "redirect_uri": AIM.redirect_uri, "response_type": "code", "scope": SCOPE,
        "state": STATE, "timestamp": "2026.11.22 13:00:29 +0300", "access_type": "online", "nonce": "our-nonce",
        "client_certificate_hash": server.keys.client_certificate_hash(),
    }  # fmt: skip
    assert "timestamp=2026.11.22%2013%3A00%3A29%20%2B0300" in parts.query
    assert "+" not in parts.query


@pytest.mark.parametrize(
    ("oid", "person"),
    [
        (CONFIRMED, Person(CONFIRMED, "Иванова", "Мария", "Петровна", True, "maria.ivanova@example.org", True,
                           "+7(912)3450001")),
        (UNCONFIRMED, Person(UNCONFIRMED, "Смирнов", "Олег", "Игоревич", False, "oleg.smirnov@example.org", False)),
        (MAILLESS, Person(MAILLESS, "Кузнецова", "Татьяна", "Львовна", True, mobile="+7(912)3450003")),
        (OWNER, Person(OWNER, "Здетовецкий", "Сергей", "Владимирович", True, "sergey.zdetovetsky@example.org", True,
                       "+7(912)3450004")),
        (NAMESAKE, Person(NAMESAKE, "Здетовецкая", "Анна", "Сергеевна", True, "anna@example.org", True,
                          "+7(912)3450005")),
    ],
)  # fmt: skip
def test_each_test_person_comes_over_whole(server, oid, person):
    assert server.client().person(AIM, code_for(server, oid), now=now()) == person


def test_a_code_works_once(server):
    code = code_for(server)
    assert server.client().person(AIM, code, now=now()).oid == CONFIRMED
    with pytest.raises(Expired) as refused:
        server.client().person(AIM, code, now=now())
    assert refused.value.code == "ESIA-007011"


def test_a_code_is_bound_to_the_address_it_was_given_for(server):
    code = code_for(server)
    with pytest.raises(Expired):
        server.client().person(Aim("http://127.0.0.1:1/api/esia/return", AIM.nonce), code, now=now())


def test_a_code_of_another_try_is_not_believed(server):
    """Somebody else's code put into one's own return: the id token carries the nonce of the other try."""
    code = code_for(server, aim=Aim(AIM.redirect_uri, "another-nonce"))
    with pytest.raises(Unexpected) as refused:
        server.client().person(AIM, code, now=now())
    assert refused.value.code == "identity-nonce"


@pytest.mark.parametrize("code", ["", "x", "../..", "жук", "a&b=c", "x" * 5000])
def test_a_made_up_code_is_refused(server, code):
    with pytest.raises((Expired, Misconfigured)):
        server.client().person(AIM, code, now=now())


@pytest.mark.parametrize(
    ("do", "error", "number"),
    [
        ("refuse", Declined, "ESIA-007004"),
        ("007005", Misconfigured, "ESIA-007005"),
        ("007053", Misconfigured, "ESIA-007053"),
        ("007014", Misconfigured, "ESIA-007014"),
        ("unknown", Unexpected, "ESIA-007999"),
    ],
)
def test_each_refusal_comes_back_with_its_number(server, do, error, number):
    back = press(server.client().authorise_url(AIM, STATE, now=now()), do=do)
    assert back["state"] == STATE
    assert "code" not in back
    found = error_of(back["error"], back["error_description"])
    assert (type(found), found.code) == (error, number)
    assert found.message.endswith(".")


def test_an_outage_is_told_from_a_refusal(server):
    with pytest.raises(Silent) as refused:
        server.client().person(AIM, code_for(server, do="503"), now=now())
    assert refused.value.code == "HTTP 503"


def test_silence_ends_with_our_patience(server):
    client = server.client(timeout=httpx.Timeout(0.5))
    with pytest.raises(Silent):
        client.person(AIM, code_for(server, do="silence"), now=now())


def test_nobody_there_is_an_outage():
    with running_nothing() as client, pytest.raises(Silent):
        client.person(AIM, "code", now=now())


def running_nothing():
    """A client of a port where nobody listens."""
    import socket
    import tempfile
    from contextlib import contextmanager
    from pathlib import Path

    from tests.esia import EsiaServer

    @contextmanager
    def made():
        with socket.socket() as taken, tempfile.TemporaryDirectory() as folder:
            taken.bind(("127.0.0.1", 0))
            keys = kept_keys(Path(folder) / "keys")
            yield EsiaServer(f"http://127.0.0.1:{taken.getsockname()[1]}", keys).client()

    return made()


@pytest.mark.parametrize(
    ("changes", "number"),
    [
        ({"client_id": "OTHER"}, "ESIA-007005"),
        ({"certificate_hash": "0" * 64}, "ESIA-007053"),
        ({"certificate_hash": ""}, "ESIA-007014"),
    ],
)
def test_a_wrong_set_up_of_ours_comes_back_as_one(server, changes, number):
    back = press(server.client(**changes).authorise_url(AIM, STATE, now=now()))
    assert number in back["error_description"]
    assert isinstance(error_of(back["error"], back["error_description"]), Misconfigured)


def test_a_foreign_signature_is_refused_at_both_doors(server, tmp_path):
    stranger = server.client(signer=RsaSigner(kept_keys(tmp_path / "other").client_key))
    assert "ESIA-007053" in press(stranger.authorise_url(AIM, STATE, now=now()))["error_description"]
    with pytest.raises(Misconfigured) as refused:
        stranger.person(AIM, code_for(server), now=now())
    assert refused.value.code == "ESIA-007053"


@pytest.mark.parametrize("off", [timedelta(hours=-1), timedelta(hours=1)])
def test_a_wrong_clock_of_ours_is_noticed(server, off):
    back = press(server.client().authorise_url(AIM, STATE, now=now() + off))
    assert "ESIA-007015" in back["error_description"]


@pytest.mark.parametrize("target", ["https://evil.example/api/esia/return", "javascript:alert(1)", "//evil.example"])
def test_the_stand_in_sends_nobody_to_a_stranger(server, target):
    address = server.client(client_id="OTHER").authorise_url(Aim(target, "n"), STATE, now=now())
    answer = httpx.get(address, follow_redirects=False, trust_env=False)
    assert answer.status_code == 400
    assert "location" not in answer.headers
    answer = httpx.get(f"{server.base}/idp/ext/Logout", params={"redirect_url": target}, trust_env=False)
    assert answer.status_code == 200


def test_a_page_is_answered_once(server):
    page = httpx.get(server.client().authorise_url(AIM, STATE, now=now()), trust_env=False)
    number = re.search(r'name="request" value="([^"]+)"', page.text)[1]
    form = {"request": number, "person": CONFIRMED, "do": "enter"}
    assert httpx.post(f"{server.base}/sign-in", data=form, trust_env=False).status_code == 303
    again = httpx.post(f"{server.base}/sign-in", data=form, trust_env=False)
    assert again.status_code == 410
    assert "больше не действует" in again.text


@pytest.mark.parametrize("token", ["-", "x", "a.b.c", "eyJhbGciOiJub25lIn0.eyJ1cm46ZXNpYTpzYmpfaWQiOjEwMDA1MDAwMDF9."])
def test_nobody_reads_an_entry_without_its_token(server, token):
    answer = httpx.get(f"{server.base}/rs/prns/{CONFIRMED}", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 403


def test_a_token_opens_its_owners_entry_alone(server):
    client = server.client()
    access = client._tokens(AIM, code_for(server), now=now())["access_token"]
    assert client._get(f"/rs/prns/{CONFIRMED}", access)["lastName"] == "Иванова"
    assert "contacts" not in client._get(f"/rs/prns/{CONFIRMED}", access)
    with pytest.raises(EsiaError):
        client._get(f"/rs/prns/{OWNER}", access)


def test_leaving_leads_back_to_the_cabinet(server):
    address = server.client().logout_url("http://127.0.0.1:4104/")
    assert urlsplit(address).path == "/idp/ext/Logout"
    answer = httpx.get(address, follow_redirects=False, trust_env=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "http://127.0.0.1:4104/")


def test_another_servers_certificate_is_not_believed(server, tmp_path):
    stranger = Certificate(kept_keys(tmp_path / "other").server_certificate)
    with pytest.raises(Unexpected) as refused:
        server.client(certificate=stranger).person(AIM, code_for(server), now=now())
    assert refused.value.code == "token-signature"


def test_a_replaced_certificate_is_read_anew(server, tmp_path):
    file = tmp_path / "esia.crt"
    file.write_bytes(kept_keys(tmp_path / "other").server_certificate.read_bytes())
    client = server.client(certificate=Certificate(file))
    with pytest.raises(Unexpected):
        client.person(AIM, code_for(server), now=now())
    file.write_bytes(
        file.read_bytes() + server.keys.server_certificate.read_bytes()
    )  # both, while one replaces the other
    assert client.person(AIM, code_for(server), now=now()).oid == CONFIRMED
    file.unlink()
    with pytest.raises(Misconfigured):
        client.person(AIM, code_for(server), now=now())


def test_a_command_signs_in_place_of_a_key(server):
    openssl = f"openssl dgst -sha256 -sign {server.keys.client_key}"
    for line in (openssl, f"{openssl} {{data}}", f"{openssl} -out {{signature}} {{data}}"):
        code = code_for(server)
        assert server.client(signer=Command(line)).person(AIM, code, now=now()).oid == CONFIRMED


@pytest.mark.parametrize("line", ["false", "true", "/no/such/program", "", "'", "sh -c 'exit 3'"])
def test_a_command_that_fails_is_a_fault_of_our_set_up(line):
    with pytest.raises(Misconfigured):
        Command(line).sign(b"data")


def test_a_command_is_run_without_a_shell(tmp_path):
    Command(f"cat {{data}} ; touch {tmp_path / 'owned'}").verifies(b"x", b"y", tmp_path)
    assert not (tmp_path / "owned").exists()


def test_no_proxy_stands_before_what_is_on_this_machine(server, monkeypatch):
    """Whatever the environment says of proxies: one would not know this machine's own addresses."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    for host in ("127.0.0.1", "localhost"):
        base = server.base.replace("127.0.0.1", host)
        assert server.client(base=base).person(AIM, code_for(server), now=now()).oid == CONFIRMED
    # What it says to bytes that are no request is its own matter: it was reached.
    with pytest.raises(Misconfigured):
        HttpService(f"{server.base}/nowhere").sign(b"data")


@pytest.mark.parametrize(
    ("portal", "base", "proxied"),
    [
        ("https://esia.gosuslugi.ru", "https://esia.gosuslugi.ru", True),
        ("http://127.0.0.2:9000", "http://127.0.0.2:9000", False),
        ("/demo/esia", "http://10.0.0.5:3000/demo/esia", False),
    ],
)
def test_a_proxy_is_for_others_servers(portal, base, proxied):
    assert Registration(portal, base, "issuer", "LKDEMO", "").proxied is proxied


def test_a_service_that_does_not_answer_is_an_outage():
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(Silent):
            HttpService(f"http://127.0.0.1:{taken.getsockname()[1]}/sign").sign(b"data")


def test_keys_are_made_once_and_only_their_owner_reads_them(tmp_path):
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(4) as pool:
        hashes = set(pool.map(lambda _: kept_keys(tmp_path / "keys").client_certificate_hash(), range(4)))
    assert len(hashes) == 1
    assert kept_keys(tmp_path / "keys").server_key.stat().st_mode & 0o077 == 0
    assert [path.name for path in tmp_path.iterdir()] == ["keys"]

"""Which tokens of Госуслуги are believed: their own, whole, for us, of now, and nothing else."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import load_pem_x509_certificate
from joserfc import jws
from joserfc.jwk import RSAKey
from joserfc.jws import JWSRegistry

from lk_reflex.integrations.esia.certificate import GOST, Certificate
from lk_reflex.integrations.esia.claims import Expected, check_identity, claims_in, subject_of
from lk_reflex.integrations.esia.outside import Command
from lk_reflex.integrations.esia.persons import person_from
from lk_reflex.integrations.esia.port import (
    ERRORS,
    Declined,
    EsiaError,
    Expired,
    Misconfigured,
    Person,
    Silent,
    Unconfirmed,
    Unexpected,
    error_of,
)
from lk_reflex.standins.esia.keys import Keys, kept_keys

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
EXPECTED = Expected("https://esia.gosuslugi.ru", "LK", "our-nonce")
ACCESS = {
    "iss": "http://esia.gosuslugi.ru/", "client_id": "LK", "urn:esia:sbj_id": 1000500001,
    "exp": NOW.timestamp() + 3600, "nbf": NOW.timestamp(), "iat": NOW.timestamp(),
}  # fmt: skip
IDENTITY = {**ACCESS, "aud": "LK", "sub": 1000500001, "nonce": "our-nonce"}
#: Made by hand: its key is of GOST R 34.10-2012 by name, which is all that is read of it here.
GOST_CERTIFICATE = """-----BEGIN CERTIFICATE-----
MIIBGjCByKADAgECAgEBMAoGCCqFAwcBAQMCMBQxEjAQBgNVBAMMCUdPU1QgdGVz
dDAeFw0yNjAxMDEwMDAwMDBaFw00NjAxMDEwMDAwMDBaMBQxEjAQBgNVBAMMCUdP
U1QgdGVzdDBmMB8GCCqFAwcBAQEBMBMGByqFAwICIwEGCCqFAwcBAQICA0MABEAA
AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyAhIiMkJSYnKCkqKywtLi8w
MTIzNDU2Nzg5Ojs8PT4/MAoGCCqFAwcBAQMCA0EAAAAAAAAAAAAAAAAAAAAAAAAA
AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==
-----END CERTIFICATE-----
"""
REGISTRY = JWSRegistry(algorithms=["RS256", "PS256"], strict_check_header=False)


@pytest.fixture(scope="module")
def keys(tmp_path_factory) -> Keys:
    return kept_keys(tmp_path_factory.mktemp("esia") / "keys")


@pytest.fixture
def certificate(keys) -> Certificate:
    return Certificate(keys.server_certificate)


def encoded(value: bytes | dict) -> str:
    plain = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(plain).rstrip(b"=").decode()


def signed(key: Path, alg="RS256", **changes) -> str:
    header = {"alg": alg, "typ": "JWT", "ver": 1, "sbt": "access"}
    return jws.serialize_compact(
        header, json.dumps({**ACCESS, **changes}), RSAKey.import_key(key.read_bytes()), registry=REGISTRY
    )


def test_their_own_token_is_believed(keys, certificate):
    token = signed(keys.server_key)
    certificate.check(token)
    assert subject_of(claims_in(token), EXPECTED, now=NOW) == "1000500001"


def test_a_bare_public_key_serves_as_well(keys, tmp_path):
    loaded = load_pem_x509_certificate(keys.server_certificate.read_bytes())
    file = tmp_path / "key.pem"
    file.write_bytes(loaded.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    Certificate(file).check(signed(keys.server_key))


def _tampered(token: str) -> str:
    header, _, signature = token.split(".")
    return f"{header}.{encoded({**ACCESS, 'urn:esia:sbj_id': 1})}.{signature}"


def _unsigned(token: str) -> str:
    return f"{encoded({'alg': 'none', 'typ': 'JWT'})}.{token.split('.')[1]}."


def _keyed_by_the_certificate(token: str, keys: Keys) -> str:
    """The old trick: HMAC under the public key, which everybody has."""
    body = f"{encoded({'alg': 'HS256', 'typ': 'JWT'})}.{token.split('.')[1]}"
    made = hmac.new(keys.server_certificate.read_bytes(), body.encode(), hashlib.sha256).digest()
    return f"{body}.{encoded(made)}"


def _own_key_brought_along(keys: Keys) -> str:
    public = RSAKey.import_key(keys.client_key.read_bytes()).as_dict(private=False)
    header = {"alg": "RS256", "jwk": public}
    key = RSAKey.import_key(keys.client_key.read_bytes())
    return jws.serialize_compact(header, json.dumps(ACCESS), key, registry=REGISTRY)


@pytest.mark.parametrize(
    "forge",
    [
        lambda token, keys: _tampered(token),
        lambda token, keys: _unsigned(token),
        lambda token, keys: _unsigned(token) + token.split(".")[2],
        lambda token, keys: token.replace(token.split(".")[0], encoded({"alg": "None"})),
        lambda token, keys: token.replace(token.split(".")[0], encoded({"typ": "JWT"})),
        lambda token, keys: token.replace(token.split(".")[0], encoded({"alg": GOST})),
        lambda token, keys: token.replace(token.split(".")[0], encoded({"alg": "RS256", "crit": ["x"], "x": 1})),
        _keyed_by_the_certificate,
        lambda token, keys: signed(keys.client_key),
        lambda token, keys: signed(keys.server_key, alg="PS256"),
        lambda token, keys: _own_key_brought_along(keys),
        lambda token, keys: token[:-2],
        lambda token, keys: token.rsplit(".", 1)[0] + ".",
        lambda token, keys: token + "." + token,
        lambda token, keys: "",
        lambda token, keys: "...",
        lambda token, keys: "жук.жук.жук",
        lambda token, keys: "x" * 1_000_000,
    ],
)
def test_whatever_else_is_signed_or_not_is_not_believed(keys, certificate, forge):
    with pytest.raises(Unexpected):
        certificate.check(forge(signed(keys.server_key), keys))


@pytest.mark.parametrize("payload", [b"", b"[]", b"null", b"{", b'"text"', b"\xff"])
def test_a_token_that_states_nothing_is_none(payload):
    with pytest.raises(Unexpected):
        claims_in(f"{encoded(b'{}')}.{encoded(payload)}.x")


@pytest.mark.parametrize(
    ("changes", "error", "code"),
    [
        ({"iss": "http://evil.example/"}, Unexpected, "token-issuer"),
        ({"iss": "http://esia.gosuslugi.ru.evil.example/"}, Unexpected, "token-issuer"),
        ({"iss": "http://esia-portal1.test.gosuslugi.ru/"}, Unexpected, "token-issuer"),
        ({"iss": "esia.gosuslugi.ru"}, Unexpected, "token-issuer"),
        ({"iss": None}, Unexpected, "token-issuer"),
        ({"iss": "http://["}, Unexpected, "token-issuer"),
        ({"client_id": "OTHER"}, Unexpected, "token-audience"),
        ({"client_id": None}, Unexpected, "token-audience"),
        ({"client_id": "LK", "aud": "OTHER"}, Unexpected, "token-audience"),
        ({"client_id": "OTHER", "aud": "LK"}, Unexpected, "token-audience"),
        ({"exp": NOW.timestamp() - 61}, Expired, "token-expired"),
        ({"exp": None}, Unexpected, "token-exp"),
        ({"exp": "2030-01-01"}, Unexpected, "token-exp"),
        ({"exp": True}, Unexpected, "token-exp"),
        ({"nbf": NOW.timestamp() + 61}, Unexpected, "token-not-yet"),
        ({"urn:esia:sbj_id": None}, Unexpected, "token-subject"),
        ({"urn:esia:sbj_id": ""}, Unexpected, "token-subject"),
        ({"urn:esia:sbj_id": True}, Unexpected, "token-subject"),
        ({"urn:esia:sbj_id": "../orgs/1"}, Unexpected, "token-subject"),
        ({"urn:esia:sbj_id": [1]}, Unexpected, "token-subject"),
    ],
)
def test_a_token_of_others_for_others_or_of_another_time_is_refused(changes, error, code):
    with pytest.raises(error) as refused:
        subject_of({**ACCESS, **changes}, EXPECTED, now=NOW)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://esia.gosuslugi.ru"},
        {"iss": "http://ESIA.gosuslugi.ru/"},
        {"aud": ["OTHER", "LK"]},
        {"exp": NOW.timestamp() - 59},
        {"nbf": NOW.timestamp() + 59},
        {"urn:esia:sbj_id": "1000500001"},
    ],
)
def test_what_differs_in_form_alone_is_believed(changes):
    assert subject_of({**ACCESS, **changes}, EXPECTED, now=NOW) == "1000500001"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"sub": 1}, "identity-subject"),
        ({"aud": "OTHER", "client_id": None}, "identity-audience"),
        ({"nonce": "another"}, "identity-nonce"),
        ({"nonce": None}, "identity-nonce"),
        ({"iss": "http://evil.example/"}, "token-issuer"),
    ],
)
def test_an_id_token_must_agree(changes, code):
    with pytest.raises(Unexpected) as refused:
        check_identity({**IDENTITY, **changes}, "1000500001", EXPECTED, now=NOW)
    assert refused.value.code == code


def test_an_id_token_without_a_nonce_is_taken():
    """Theirs may carry none: the nonce isn't in their recommendations."""
    identity = {name: value for name, value in IDENTITY.items() if name != "nonce"}
    check_identity(identity, "1000500001", EXPECTED, now=NOW)
    check_identity(IDENTITY, "1000500001", EXPECTED, now=NOW)


@pytest.fixture
def gost(tmp_path) -> Path:
    """A certificate with a GOST key, and a token that names that algorithm."""
    file = tmp_path / "gost.crt"
    file.write_text(GOST_CERTIFICATE)
    return file


GOST_TOKEN = f"{encoded({'alg': GOST, 'typ': 'JWT'})}.{encoded(ACCESS)}.{encoded(b'signature')}"


def test_gost_is_checked_by_the_program_that_knows_it(gost, tmp_path):
    program = tmp_path / "check"
    program.write_text(
        '#!/bin/sh\n[ "$(cat "$1")" = signature ] && cmp -s "$2" "$4" && [ "$(cat "$3")" = "$(cat "$5")" ]\n'
    )
    program.chmod(0o755)
    (tmp_path / "expected").write_text(GOST_TOKEN.rpartition(".")[0])
    line = f"{program} {{signature}} {{certificate}} {{data}} {gost} {tmp_path / 'expected'}"
    Certificate(gost, Command(line)).check(GOST_TOKEN)
    (tmp_path / "expected").write_text("something else")
    with pytest.raises(Unexpected):
        Certificate(gost, Command(line)).check(GOST_TOKEN)


@pytest.mark.parametrize("verifier", [None, Command("sh -c 'exit 2'"), Command("/no/such/program")])
def test_gost_is_never_believed_unchecked(gost, verifier):
    with pytest.raises(Misconfigured):
        Certificate(gost, verifier).check(GOST_TOKEN)


def test_a_file_of_gost_takes_no_rsa(gost, keys):
    with pytest.raises(Unexpected):
        Certificate(gost, Command("true")).check(signed(keys.server_key))


@pytest.mark.parametrize("text", ["", "nonsense", "-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n"])
def test_a_broken_file_is_a_fault_of_our_set_up(keys, tmp_path, text):
    file = tmp_path / "esia.crt"
    file.write_text(text)
    with pytest.raises(Misconfigured):
        Certificate(file).check(signed(keys.server_key))


@pytest.mark.parametrize(
    ("error", "description", "found"),
    [
        ("access_denied", "ESIA-007004: The resource owner denied the request", Declined),
        ("access_denied", "ESIA-007053: OAuthErrorEnum.clientSecretWrong", Misconfigured),
        ("unauthorized_client", "ESIA-007005: x", Misconfigured),
        ("invalid_request", "ESIA-007014: The request doesn't contain the mandatory parameter [state]", Misconfigured),
        ("invalid_request", "ESIA-007055: x", Unconfirmed),
        ("temporarily_unavailable", "ESIA-007008: x", Silent),
        ("invalid_grant", "ESIA-007011: x", Expired),
        ("access_denied", "", Declined),
        ("temporarily_unavailable", "", Silent),
        ("server_error", "", Silent),
        ("x", "ESIA-123456: x", Unexpected),
        ("x", "ESIA-7004", Unexpected),
        ("", "", Unexpected),
        ("<script>", "<script>", Unexpected),
    ],
)
def test_each_error_is_known_by_its_number(error, description, found):
    fault = error_of(error, description)
    assert type(fault) is found
    assert fault.message == found.says


def test_every_sentence_is_a_russian_one_without_a_code():
    for kind in {*ERRORS.values(), *EsiaError.__subclasses__()}:
        assert kind.says.endswith(".")
        assert not any("a" <= letter <= "z" for letter in kind.says.lower())
        assert "007" not in kind.says


@pytest.mark.parametrize(
    ("contacts", "email", "verified"),
    [
        ([{"type": "EML", "vrfStu": "VERIFIED", "value": " a@b.ru "}], "a@b.ru", True),
        ([{"type": "EML", "vrfStu": "NOT_VERIFIED", "value": "a@b.ru"}], "a@b.ru", False),
        ([{"type": "EML", "value": "a@b.ru"}], "a@b.ru", False),
        ([{"type": "EML", "vrfStu": "NOT_VERIFIED", "value": "old@b.ru"},
          {"type": "EML", "vrfStu": "VERIFIED", "value": "a@b.ru"}], "a@b.ru", True),
        ([{"type": "MBT", "vrfStu": "VERIFIED", "value": "+7"}], "", False),
        ([{"type": "EML", "vrfStu": "VERIFIED", "value": None}], "", False),
        ([None, "x", 1, {}], "", False),
        ({"x": 1}, "", False),
        (None, "", False),
    ],
)  # fmt: skip
def test_contacts_are_read_whatever_they_are(contacts, email, verified):
    entry = {"lastName": "Иванов", "firstName": "Пётр", "contacts": {"elements": contacts}}
    person = person_from(entry, "1")
    assert (person.email, person.email_verified) == (email, verified)


@pytest.mark.parametrize("trusted", ["true", 1, "yes", None, {}, False])
def test_only_a_plain_true_is_trust(trusted):
    assert not person_from({"lastName": "Иванов", "trusted": trusted}, "1").trusted
    assert person_from({"lastName": "Иванов", "trusted": True}, "1").trusted


def test_an_entry_without_a_name_is_no_person():
    for entry in ({}, {"lastName": " ", "firstName": None}, {"contacts": []}):
        with pytest.raises(Unexpected):
            person_from(entry, "1")


def test_a_person_is_named_so_that_they_know_themselves():
    assert Person("1", "Иванова", "Мария", "Петровна", True).short_name == "Мария Петровна И."
    assert Person("1", "", "Мария", "", True).short_name == "Мария"

"""The settings of Госуслуги: all of them or none, and only what production may have."""

from pathlib import Path

import pytest

from lk_reflex.settings import SettingsError, load_settings
from lk_reflex.wiring import _real_esia
from tests.test_settings import GOOD

ESIA = {
    "LK_ESIA_URL": "https://esia.gosuslugi.ru",
    "LK_ESIA_CLIENT_ID": "LK74",
    "LK_ESIA_SIGNER": "command:/usr/local/bin/esia-sign --pin 7777",
    "LK_ESIA_CERTIFICATE": "esia.crt",
    "LK_ESIA_CERTIFICATE_HASH": "AB" * 32,
}


@pytest.fixture
def bare(monkeypatch, tmp_path):
    """A production without Госуслуги, in a folder with their certificate."""
    for name in (*ESIA, "LK_ESIA_ISSUER", "LK_ESIA_VERIFIER", "LK_DATA_DIR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    Path("esia.crt").write_text("certificate")
    return monkeypatch


def faults(bare, **values) -> list[str]:
    for name, value in values.items():
        bare.setenv(name, value)
    with pytest.raises(SettingsError) as refused:
        load_settings()
    return refused.value.faults


def test_production_starts_without_them_and_hides_the_button(bare):
    settings = load_settings()
    assert not settings.esia_on
    assert not settings.esia_stand_in


def test_all_of_them_switch_it_on(bare):
    for name, value in ESIA.items():
        bare.setenv(name, value)
    assert load_settings().esia_on


@pytest.mark.parametrize("missing", ESIA)
def test_what_is_missing_is_named(bare, missing):
    (fault,) = faults(bare, **{**ESIA, missing: ""})
    assert fault.startswith(f"{missing}: для входа через Госуслуги нужен параметр: ")
    assert fault.endswith(".")


def test_one_alone_names_all_the_others(bare):
    found = faults(bare, LK_ESIA_VERIFIER="command:check")
    assert [fault.split(":")[0] for fault in found] == list(ESIA)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LK_ESIA_URL", "http://esia.gosuslugi.ru"),
        ("LK_ESIA_URL", "esia.gosuslugi.ru"),
        ("LK_ESIA_URL", "https://["),
        ("LK_ESIA_SIGNER", "rsa:client.key"),
        ("LK_ESIA_SIGNER", "/usr/local/bin/esia-sign"),
        ("LK_ESIA_CERTIFICATE", "no-such-file.crt"),
        ("LK_ESIA_CERTIFICATE_HASH", "AB" * 20),
        ("LK_ESIA_CERTIFICATE_HASH", "ЖЖ" * 32),
        ("LK_ESIA_VERIFIER", "rsa:client.key"),
    ],
)
def test_what_cannot_be_used_is_named_in_one_sentence(bare, name, value):
    (fault,) = faults(bare, **{**ESIA, name: value})
    assert fault.startswith(f"{name}: ")
    assert fault.endswith(".")


def test_neither_signer_nor_verifier_is_shown(bare):
    for name, value in ESIA.items():
        bare.setenv(name, value)
    shown = load_settings().masked()
    assert shown["LK_ESIA_SIGNER"] == "задан"
    assert shown["LK_ESIA_VERIFIER"] == "не задан"
    assert "7777" not in str(shown)


def test_a_demonstration_has_its_own_and_may_be_sent_elsewhere(bare):
    bare.setenv("LK_MODE", "preview")
    for name in GOOD:
        bare.delenv(name)
    settings = load_settings()
    assert settings.esia_on
    assert settings.esia_stand_in
    bare.setenv("LK_ESIA_URL", "http://127.0.0.1:9000")
    settings = load_settings()
    assert not settings.esia_on
    assert not settings.esia_stand_in
    for name, value in {**ESIA, "LK_ESIA_URL": "http://127.0.0.1:9000", "LK_ESIA_SIGNER": "rsa:client.key"}.items():
        bare.setenv(name, value)
    assert load_settings().esia_on


@pytest.mark.parametrize(
    ("issuer", "expected"), [("", "https://esia.gosuslugi.ru"), ("http://other.example/", "http://other.example/")]
)
def test_the_client_is_made_of_them(bare, issuer, expected):
    for name, value in {**ESIA, "LK_ESIA_URL": "https://esia.gosuslugi.ru/", "LK_ESIA_ISSUER": issuer}.items():
        bare.setenv(name, value)
    client = _real_esia(load_settings())
    assert (client.we.portal, client.we.base, client.we.issuer) == (
        "https://esia.gosuslugi.ru", "https://esia.gosuslugi.ru", expected,
    )  # fmt: skip
    assert client.logout_url("https://lk.example.org/").startswith("https://esia.gosuslugi.ru/idp/ext/Logout?")

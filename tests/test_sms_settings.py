"""The gateway of SMS: without one phones stay unconfirmed, and a demonstration reaches nobody's phone."""

import pytest

from lk_reflex import wiring
from lk_reflex.integrations.sms.http import HttpSms
from lk_reflex.settings import Settings
from lk_reflex.settings.messages import sms_faults

GATEWAY = "https://sms.example.org/send"


def settings(**given):
    return Settings(_env_file=None, **given)


@pytest.mark.parametrize("url", [GATEWAY, ""])
def test_a_gateway_and_none_are_both_fine_in_production(url):
    assert sms_faults(settings(mode="production", sms_url=url)) == []


@pytest.mark.parametrize("url", ["http://sms.example.org", "sms.example.org", "ftp://sms.example.org"])
def test_the_gateway_is_spoken_to_through_https(url):
    assert sms_faults(settings(mode="production", sms_url=url)) == [
        "LK_SMS_URL: нужен адрес шлюза SMS, начинающийся с https://."
    ]


@pytest.mark.parametrize("mode", ["preview", "production"])
def test_a_token_without_a_gateway_is_a_slip(mode):
    assert sms_faults(settings(mode=mode, sms_token="x")) == ["LK_SMS_URL: задан LK_SMS_TOKEN, но не адрес шлюза SMS."]


def test_a_demonstration_reaches_nobodys_phone():
    assert sms_faults(settings(sms_url=GATEWAY)) == [
        "LK_SMS_URL: демонстрация отправляет SMS только на свой же компьютер."
    ]
    assert sms_faults(settings(sms_url="http://127.0.0.1:8080/send")) == []


def test_an_address_that_cannot_be_read_is_a_fault_and_no_crash():
    for mode in ("preview", "production"):
        assert [fault[:12] for fault in sms_faults(settings(mode=mode, sms_url="http://[::1"))] == ["LK_SMS_URL: "]


def test_the_token_is_not_shown():
    shown = settings(mode="production", sms_url=f"{GATEWAY}?token=very-secret", sms_token="very-secret").masked()
    assert "very-secret" not in repr(shown)
    assert (shown["LK_SMS_URL"], shown["LK_SMS_TOKEN"]) == (f"{GATEWAY}?token=***", "задан")


@pytest.mark.parametrize(
    ("given", "gateway"),
    [
        ({"mode": "preview"}, HttpSms),
        ({"mode": "production"}, type(None)),
        ({"mode": "production", "sms_url": GATEWAY}, HttpSms),
    ],
)
def test_who_delivers(monkeypatch, given, gateway):
    monkeypatch.setattr(wiring, "get_settings", lambda: settings(**given))
    wiring.sms.cache_clear()
    try:
        assert isinstance(wiring.sms(), gateway)
    finally:
        wiring.sms.cache_clear()


def test_a_demonstrations_phone_is_where_the_cabinet_listens(monkeypatch):
    monkeypatch.setattr(wiring, "get_settings", lambda: settings(listen="127.0.0.2", port=3100))
    wiring.sms.cache_clear()
    wiring.push_gateway.cache_clear()
    try:
        assert wiring.sms()._url == "http://127.0.0.2:3100/demo/sms/send"
        assert wiring.push_gateway()._url == "http://127.0.0.2:3100/demo/push/send"
    finally:
        wiring.sms.cache_clear()
        wiring.push_gateway.cache_clear()

"""The gateway of push messages: without one no phone is told of anything, and a demonstration reaches nobody's."""

import pytest

from lk_reflex import wiring
from lk_reflex.integrations.push.http import HttpPush
from lk_reflex.settings import Settings
from lk_reflex.settings.messages import push_faults

GATEWAY = "https://push.example.org/send"


def settings(**given):
    return Settings(_env_file=None, **given)


@pytest.mark.parametrize(
    ("given", "faults"),
    [
        ({"mode": "production", "push_url": GATEWAY}, []),
        ({"mode": "production"}, []),
        ({"mode": "production", "push_url": "http://push.example.org"},
         ["LK_PUSH_URL: нужен адрес шлюза уведомлений, начинающийся с https://."]),
        ({"mode": "production", "push_token": "x"},
         ["LK_PUSH_URL: задан LK_PUSH_TOKEN, но не адрес шлюза уведомлений."]),
        ({"push_url": GATEWAY}, ["LK_PUSH_URL: демонстрация отправляет уведомления только на свой же компьютер."]),
        ({"push_url": "http://127.0.0.1:8080/send"}, []),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(given, faults):
    assert push_faults(settings(**given)) == faults
    assert [one for one in settings(**given).faults() if "LK_PUSH" in one] == faults


def test_the_token_is_not_shown():
    shown = settings(mode="production", push_url=f"{GATEWAY}?token=very-secret", push_token="very-secret").masked()
    assert "very-secret" not in repr(shown)
    assert (shown["LK_PUSH_URL"], shown["LK_PUSH_TOKEN"]) == (f"{GATEWAY}?token=***", "задан")


@pytest.mark.parametrize(
    ("given", "gateway"),
    [
        ({"mode": "preview"}, HttpPush),
        ({"mode": "production"}, type(None)),
        ({"mode": "production", "push_url": GATEWAY}, HttpPush),
    ],
)
def test_who_delivers(monkeypatch, given, gateway):
    monkeypatch.setattr(wiring, "get_settings", lambda: settings(**given))
    wiring.push_gateway.cache_clear()
    try:
        assert isinstance(wiring.push_gateway(), gateway)
    finally:
        wiring.push_gateway.cache_clear()

"""/api/push/devices: the mobile application binds its phone for whoever is signed in, and for nobody else."""

import pytest

from lk_reflex.core.crypt import Vault, new_key
from lk_reflex.domain.notifications.phones import BINDINGS
from lk_reflex.domain.push.devices import devices_of
from tests.api.conftest import as_person

URL = "/api/push/devices"
PHONE = {"token": "fcm:APA91bHun4MxP5egoKMwt2KZF", "platform": "android", "name": "Pixel 8"}


@pytest.fixture(autouse=True)
def keys(monkeypatch):
    kept = Vault([new_key()])
    monkeypatch.setattr("lk_reflex.api.push_devices.vault", lambda: kept)


def phones(db, person):
    return [one.name for one in db.read(devices_of, person.actor.user_id)]


def test_a_signed_in_application_binds_and_unbinds_its_phone(web, db, cast):
    as_person(web, cast.owner)
    answer = web.post(URL, json=PHONE)
    assert answer.status_code == 200 and isinstance(answer.json()["device"], int)
    assert answer.headers["cache-control"] == "no-store"
    assert web.post(URL, json=PHONE).json() == answer.json()
    assert phones(db, cast.owner) == ["Pixel 8"]
    assert web.request("DELETE", URL, json={"token": PHONE["token"]}).status_code == 204
    assert web.request("DELETE", URL, json={"token": PHONE["token"]}).status_code == 204
    assert phones(db, cast.owner) == []


def test_nobody_unbinds_anothers_phone(web, db, cast):
    as_person(web, cast.owner)
    web.post(URL, json=PHONE)
    as_person(web, cast.stranger)
    assert web.request("DELETE", URL, json={"token": PHONE["token"]}).status_code == 204
    assert phones(db, cast.owner) == ["Pixel 8"]


@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_without_a_session_nothing_is_bound(web, db, cast, method):
    answer = web.request(method, URL, json=PHONE)
    assert answer.status_code == 401 and answer.json() == {"error": "Войдите в личный кабинет"}


@pytest.mark.parametrize("method", ["POST", "DELETE"])
@pytest.mark.parametrize("headers", [{"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}])
def test_a_foreign_page_is_refused_whoever_is_signed_in(web, db, cast, method, headers):
    as_person(web, cast.owner)
    assert web.request(method, URL, json=PHONE, headers=headers).status_code == 403
    assert phones(db, cast.owner) == []


@pytest.mark.parametrize(
    "body",
    [
        "", "[]", "null", '"x"', "{", "[" * 5000, "{}", '{"token": 5, "platform": "android"}',
        '{"token": ["a"], "platform": {}}', '{"token": "short", "platform": "android"}',
        '{"token": "long-enough-a-token", "platform": "toaster"}', "\ud83d".encode("utf-8", "surrogatepass"),
    ],
)  # fmt: skip
def test_nonsense_is_answered_in_russian(web, db, cast, body):
    as_person(web, cast.owner)
    answer = web.post(URL, content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 400 and answer.json()["error"][0].isupper()
    assert phones(db, cast.owner) == []


@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_too_much_is_refused_early(web, cast, method):
    as_person(web, cast.owner)
    assert web.request(method, URL, json={**PHONE, "name": "x" * 20_000}).status_code == 413


def test_it_is_not_done_for_ever(web, db, cast):
    as_person(web, cast.owner)
    for _ in range(BINDINGS.free):
        assert web.post(URL, json=PHONE).status_code == 200
    answer = web.post(URL, json=PHONE)
    assert answer.status_code == 429 and "слишком часто" in answer.json()["error"]


def test_where_nobody_delivers_no_phone_is_bound(web, cast, monkeypatch):
    monkeypatch.setattr("lk_reflex.api.push_devices.push_gateway", lambda: None)
    as_person(web, cast.owner)
    assert web.post(URL, json=PHONE).status_code == 501


def test_other_methods_are_none_of_it(web, cast):
    as_person(web, cast.owner)
    assert web.get(URL).status_code == 405

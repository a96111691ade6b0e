"""GET /api/files/…: the picture for those who may see it, and 404 for everybody else."""

import asyncio

import pytest

from lk_reflex.api.papers.streamed import Places
from lk_reflex.domain.identity.cookies import SESSION_COOKIE
from lk_reflex.domain.metering.sending.entries import Entry
from lk_reflex.domain.metering.sending.photos import add_photo
from lk_reflex.domain.metering.sending.submit import submit
from lk_reflex.integrations.storage.folder import FolderStore
from lk_reflex.integrations.storage.port import StoreFault
from tests.cast import NOW
from tests.files.photos import photo
from tests.metering.dials import make_meter


@pytest.fixture
def scene(over, cast, tmp_path, monkeypatch):
    """A photo sent for the flat, another one added and not sent, both by the owner."""
    store = FolderStore(tmp_path / "files")
    monkeypatch.setattr("lk_reflex.api.papers.files.file_store", lambda: store)
    monkeypatch.setattr("lk_reflex.api.papers.files.utc_now", lambda: NOW)
    meter = make_meter(over, cast.flat)

    def add():
        return add_photo(over, store, cast.owner.actor, cast.flat, meter, 'a"\r\n<b>.jpg', photo(), now=NOW)

    sent = add()
    over.write(submit, cast.owner.actor, cast.flat, {f"m{meter}-1": Entry("5")}, "", "key-of-one-form", (), now=NOW)
    return cast, sent, add()


@pytest.mark.parametrize(
    ("who", "sent", "added"),
    [
        ("owner", 200, 200),
        ("relative", 200, 404),
        ("stranger", 404, 404),
        ("operator", 200, 200),
        ("outsider", 404, 404),
        ("", 404, 404),
    ],
)
def test_who_may_open_what(web, scene, who, sent, added):
    cast, sent_key, added_key = scene
    if who:
        web.cookies.set(SESSION_COOKIE, getattr(cast, who).cookie)
    for key, status in ((sent_key, sent), (added_key, added)):
        answer = web.get(f"/api/files/{key}")
        assert answer.status_code == status
        if status == 404:
            assert "Страница не найдена" in answer.text or "нет" in answer.text
            continue
        assert answer.headers["content-type"] == "image/jpeg"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "private, no-store"
        assert answer.headers["content-disposition"] == 'inline; filename="photo.jpg"'
        assert answer.content[:2] == b"\xff\xd8"


@pytest.mark.parametrize("key", ["x", "..", "%2e%2e%2fsecret.key", "a" * 32, "%00" * 20, "т" * 20])
def test_no_other_name_is_a_file(web, scene, key):
    web.cookies.set(SESSION_COOKIE, scene[0].operator.cookie)
    assert web.get(f"/api/files/{key}").status_code == 404


@pytest.fixture
def few(monkeypatch):
    """One download at a time, and no patience."""
    few = Places(room=1, room_each=1, queue_each=0)
    monkeypatch.setattr("lk_reflex.api.papers.files.places", few)
    monkeypatch.setattr("lk_reflex.api.papers.streamed.places", few)
    return few


def test_many_at_once_get_a_page_that_says_so(web, scene, few):
    cast, sent, added = scene
    web.cookies.set(SESSION_COOKIE, cast.owner.cookie)
    asyncio.run(few.take(cast.owner.actor.user_id))
    answer = web.get(f"/api/files/{sent}")
    assert answer.status_code == 429 and answer.headers["retry-after"] and "Дождитесь" in answer.text
    assert answer.headers["content-type"].startswith("text/html")
    few.leave(cast.owner.actor.user_id)
    for key in (sent, "a" * 32, added, sent):
        assert web.get(f"/api/files/{key}").status_code == (404 if key == "a" * 32 else 200)


def test_what_fails_to_open_gives_its_place_back(web, scene, few, monkeypatch):
    cast, sent, _ = scene
    web.cookies.set(SESSION_COOKIE, cast.owner.cookie)

    class Bare:
        said: Exception | None = None

        def open(self, _key):
            if self.said:
                raise self.said

    store = Bare()
    monkeypatch.setattr("lk_reflex.api.papers.files.file_store", lambda: store)
    for said, status in ((None, 404), (StoreFault("gone"), 503), (None, 404), (RuntimeError("bug"), 500), (None, 404)):
        store.said = said
        assert web.get(f"/api/files/{sent}").status_code == status

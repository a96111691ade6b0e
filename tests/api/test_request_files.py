"""GET /api/files/… of a request: saved and never shown, by its person and by staff, whose opening is written down."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from sqlmodel import select

from lk_reflex.core.clock import utc_now
from lk_reflex.domain.audit.tables import AuditEntry
from lk_reflex.domain.identity.cookies import SESSION_COOKIE
from lk_reflex.domain.identity.sessions import end_session
from lk_reflex.domain.identity.tokens import token_hash
from lk_reflex.domain.requests.attaching import add_file, attach_all
from lk_reflex.domain.requests.machine import Status
from lk_reflex.domain.requests.tables import Request
from lk_reflex.integrations.storage.folder import FolderStore
from lk_reflex.integrations.storage.port import StoreFault
from tests.api.conftest import as_person
from tests.cast import NOW
from tests.files.papers import paper
from tests.files.photos import photo
from tests.requests.rows import put_request

NUMBER = "261120000001"
#: Sessions of the cast are open at this moment.
NAME = "Акт «поверки» 🚰\u202e.pdf"
PLAIN = "Акт «поверки» 🚰.pdf"


@pytest.fixture
def store(tmp_path, monkeypatch):
    store = FolderStore(tmp_path / "files")
    monkeypatch.setattr("lk_reflex.api.papers.files.file_store", lambda: store)
    return store


@pytest.fixture
def scene(over, store, cast):
    """Two files of the owner's request: a sent PDF, and a picture added since, while corrections are made."""
    request = put_request(over, cast, cast.owner, "appeal", Status.DRAFT, form={})
    sent = add_file(over, store, cast.owner.actor, NUMBER, "file", NAME, paper(), now=NOW)
    over.write(attach_all, request, now=NOW)
    with over.transaction() as db:
        found = db.session.get(Request, request)
        assert found is not None
        found.status = Status.CORRECTING.value
    added = add_file(over, store, cast.owner.actor, NUMBER, "file", "<b>.html", photo(), now=NOW)
    return cast, sent.key, added.key


def opened(over):
    with over.transaction() as db:
        entries = db.session.exec(
            select(AuditEntry).where(AuditEntry.action == "request-file-opened").order_by(AuditEntry.id)
        ).all()
        return [(entry.actor_id, entry.user_id, sorted(entry.detail)) for entry in entries]


@pytest.mark.parametrize(
    ("who", "sent", "added"),
    [
        ("owner", 200, 200),
        ("operator", 200, 404),
        ("admin", 200, 404),
        ("relative", 404, 404),
        ("stranger", 404, 404),
        ("outsider", 404, 404),
        ("", 404, 404),
    ],
)
def test_who_may_open_what_and_staff_are_written_down(web, over, scene, who, sent, added):
    cast, *keys = scene
    as_person(web, getattr(cast, who) if who else None)
    for key, status in zip(keys, (sent, added), strict=True):
        answer = web.get(f"/api/files/{key}")
        assert answer.status_code == status
        if status == 404:
            assert answer.headers["content-type"].startswith("text/html") and "Акт" not in answer.text
    staff = getattr(cast, who).actor if who in ("operator", "admin") else None
    assert opened(over) == ([(staff.user_id, cast.owner.actor.user_id, ["file", "request"])] if staff else [])


def test_a_file_is_saved_under_its_own_name_and_runs_nowhere(web, scene):
    cast, sent, added = scene
    as_person(web, cast.owner)
    answer = web.get(f"/api/files/{sent}")
    assert answer.content == paper() and answer.headers["content-type"] == "application/pdf"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "private, no-store"
    assert "sandbox" in answer.headers["content-security-policy"]
    named = f"attachment; filename=\"file.pdf\"; filename*=UTF-8''{quote(PLAIN, safe='')}"
    assert answer.headers["content-disposition"] == named
    picture = web.get(f"/api/files/{added}")
    assert picture.headers["content-disposition"].startswith('attachment; filename="file.jpg"')
    assert "%3C" not in picture.headers["content-disposition"] and picture.content[:2] == b"\xff\xd8"


def test_a_session_that_has_ended_opens_nothing(web, over, scene):
    """Scenario 25."""
    cast, sent, _ = scene
    as_person(web, cast.owner)
    assert web.get(f"/api/files/{sent}").status_code == 200
    over.write(end_session, token_hash(web.cookies[SESSION_COOKIE]), now=utc_now())
    assert web.get(f"/api/files/{sent}").status_code == 404


def test_a_store_that_is_away_says_so_in_russian(web, scene, store, monkeypatch):
    def away(_key):
        raise StoreFault("gone")

    monkeypatch.setattr(store, "open", away)
    as_person(web, scene[0].owner)
    answer = web.get(f"/api/files/{scene[1]}")
    assert answer.status_code == 503 and "через минуту" in answer.text and "gone" not in answer.text


def test_staff_who_open_a_file_again_are_written_down_once_an_hour(web, over, scene, monkeypatch):
    cast, sent, _ = scene
    for who, later, lines in (
        ("operator", 0, 1), ("operator", 59, 1), ("admin", 59, 2), ("operator", 61, 3), ("admin", 118, 3),
        ("admin", 120, 4),
    ):  # fmt: skip
        now = NOW + timedelta(minutes=later)
        monkeypatch.setattr("lk_reflex.api.papers.files.utc_now", lambda now=now: now)
        as_person(web, getattr(cast, who))
        assert web.get(f"/api/files/{sent}").status_code == 200
        assert len(opened(over)) == lines


def test_another_file_of_the_same_request_is_another_line(over, web, scene):
    cast, sent, added = scene
    with over.transaction() as db:
        request = db.session.exec(select(Request)).one()
        attach_all(db, request.id, now=NOW)
    as_person(web, cast.operator)
    for key in (sent, added, sent):
        web.get(f"/api/files/{key}")
    assert len(opened(over)) == 2


def test_a_head_tells_and_writes_nothing_down(web, over, scene):
    as_person(web, scene[0].operator)
    assert web.head(f"/api/files/{scene[1]}").status_code == 200
    assert opened(over) == []

from datetime import timedelta

import pytest
from sqlalchemy import text

from lk_reflex import wiring
from lk_reflex.api.seen.health import KEPT_SECONDS, readiness
from lk_reflex.core.clock import utc_now
from lk_reflex.core.db import Database
from lk_reflex.domain.accounts.tables import Organization
from lk_reflex.domain.payments.tables import Order
from lk_reflex.integrations.storage.folder import FolderStore
from lk_reflex.integrations.storage.port import StoreFault, StoreFull
from lk_reflex.jobs.mail import Post
from tests.mail.conftest import Told, put

HOUR = timedelta(hours=1)


def test_a_process_that_answers_lives_whatever_the_database(web, monkeypatch):
    monkeypatch.setattr(wiring, "_opened", lambda: pytest.fail("asked the database"))
    wiring.database.cache_clear()
    answer = web.get("/api/health/live")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_it_is_ready_when_the_database_has_this_codes_schema(web):
    answer = web.get("/api/health/ready")
    assert (answer.status_code, answer.json()) == (
        200,
        {"status": "ok", "database": "ok", "mail": "ok", "payments": "ok", "files": "ok", "tabs": "ok"},
    )
    assert answer.headers["cache-control"] == "no-store"


def test_it_is_not_ready_over_another_schema(web, over):
    with over.engine.begin() as connection:
        known = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        connection.execute(text("UPDATE alembic_version SET version_num = 'other'"))
    try:
        answer = web.get("/api/health/ready")
    finally:
        with over.engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = :known"), {"known": known})
    assert (answer.status_code, answer.json()["database"]) == (503, "schema does not fit")
    assert web.get("/api/health/ready").status_code == 200


@pytest.mark.parametrize(
    ("age", "said"),
    [
        (timedelta(minutes=14), (200, "ok", "ok")),
        (timedelta(minutes=16), (200, "ok", "late")),
        (timedelta(hours=2), (200, "ok", "late")),  # scenario 11: registration goes on, and whoever watches is told
        (timedelta(hours=7), (503, "unavailable", "stuck")),
    ],
)
def test_it_tells_how_long_letters_wait_and_is_not_ready_when_they_are_stuck(web, over, age, said):
    put(over, "anna@example.org", now=utc_now() - age)
    answer = web.get("/api/health/ready")
    assert (answer.status_code, answer.json()["status"], answer.json()["mail"]) == said
    assert "anna" not in answer.text
    Post(over, Told(), host="lk.test", clock=utc_now).send_due()
    assert web.get("/api/health/ready").json()["mail"] == "ok"


@pytest.mark.parametrize(("minutes", "said"), [(-5, "ok"), (14, "ok"), (16, "late")])
def test_it_tells_when_nobody_asks_the_bank(web, over, minutes, said):
    with over.transaction() as db:
        payee = Organization(inn="7400000009", name="Получатель")
        db.add(payee)
        db.add(Order(number="26112000000001", once_key="health", organization_id=payee.id or 0, status="waiting",
                     gateway="rbs", amount=1, total=1, created_at=utc_now(), expires_at=utc_now(),
                     next_look_at=utc_now() - timedelta(minutes=minutes)))  # fmt: skip
    answer = web.get("/api/health/ready")
    assert (answer.status_code, answer.json()["payments"]) == (200, said)


@pytest.mark.parametrize(
    ("fault", "said"),
    [(StoreFault("EndpointConnectionError"), (200, "ok", "away")), (StoreFull("9"), (503, "unavailable", "full"))],
)
def test_it_tells_when_files_have_no_place_and_recovers(web, tmp_path, monkeypatch, fault, said):
    store = FolderStore(tmp_path / "files")
    monkeypatch.setattr("lk_reflex.api.seen.health.file_store", lambda: store)

    def broken():
        raise fault

    with monkeypatch.context() as broken_now:
        broken_now.setattr(store, "check", broken)
        answer = web.get("/api/health/ready")
        assert (answer.status_code, answer.json()["status"], answer.json()["files"]) == said
        assert str(fault) not in answer.text
    assert web.get("/api/health/ready").json()["files"] == "ok"


@pytest.mark.parametrize(
    "url", ["sqlite:////nowhere/lk.db", "postgresql+psycopg://x:hush@127.0.0.1:1/x?connect_timeout=1"]
)
def test_it_is_not_ready_without_a_database_and_tells_no_details(web, monkeypatch, url):
    gone = Database(url)
    monkeypatch.setattr(wiring, "_opened", lambda: gone)
    wiring.database.cache_clear()
    answer = web.get("/api/health/ready")
    gone.close()
    assert (answer.status_code, answer.json()) == (503, {"status": "unavailable", "database": "no answer"})


def test_frequent_probes_are_one_look_and_a_change_is_told_within_its_moment(web, monkeypatch):
    now, looks = [100.0], []
    monkeypatch.setattr(readiness, "seconds", KEPT_SECONDS)
    monkeypatch.setattr(readiness, "_clock", lambda: now[0])
    monkeypatch.setattr(readiness, "_found", None)
    monkeypatch.setattr("lk_reflex.api.seen.health.waiting_for", lambda _db, *, now: looks.append(now) or 7 * HOUR)
    assert [web.get("/api/health/ready").status_code for _ in range(10)] == [503] * 10
    assert len(looks) == 1
    monkeypatch.setattr("lk_reflex.api.seen.health.waiting_for", lambda _db, *, now: 0 * HOUR)
    now[0] += KEPT_SECONDS
    assert web.get("/api/health/ready").status_code == 200

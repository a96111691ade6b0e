import pytest
from sqlalchemy import text

from lk_reflex import wiring
from lk_reflex.core.db import Database


def test_a_process_that_answers_lives_whatever_the_database(web, monkeypatch):
    monkeypatch.setattr(wiring, "_opened", lambda: pytest.fail("asked the database"))
    wiring.database.cache_clear()
    answer = web.get("/api/health/live")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_it_is_ready_when_the_database_has_this_codes_schema(web):
    answer = web.get("/api/health/ready")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "database": "ok"})
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
    assert (answer.status_code, answer.json()["database"]) == (503, "schema is not current")
    assert web.get("/api/health/ready").status_code == 200


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

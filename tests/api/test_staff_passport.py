"""A passport shown to staff: to whom, how often written down, and nowhere kept."""

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from lk_reflex import wiring
from lk_reflex.api.routes import api
from lk_reflex.core.crypt import Vault, new_key
from lk_reflex.domain.audit.tables import AuditEntry
from lk_reflex.domain.requests.machine import Status
from lk_reflex.domain.requests.passports.sealed import Passport, Sealed
from tests.requests.desk.requests import put_request

NUMBER = "261120482913"
PASSPORT = Passport("75 00", "123456", "01.02.2003", "740-001", "УВД <Озёрск>")


@pytest.fixture
def web(db, cast, monkeypatch):
    vault = Vault([new_key()])
    for module in ("staff.passport", "papers.downloads"):
        monkeypatch.setattr(f"lk_reflex.api.{module}.database", lambda: db)
    monkeypatch.setattr("lk_reflex.api.staff.passport.vault", lambda: vault)
    for module in ("staff.passport",):
        monkeypatch.setattr(f"lk_reflex.api.{module}.utc_now", lambda: cast.operator.actor.at)
    put_request(db, cast, passport=Sealed(sent=PASSPORT).token(vault))
    put_request(db, cast, "1" * 12, status=Status.DRAFT, passport=Sealed(typed=PASSPORT).token(vault))
    put_request(db, cast, "2" * 12)
    wiring.file_threads.cache_clear()
    with TestClient(api()) as client:
        yield client


def ask(web, person=None, number=NUMBER, **headers):
    cookie = {"cookie": f"lk_session={person.cookie}"} if person else {}
    return web.post(f"/api/staff/requests/{number}/passport", headers={**cookie, **headers})


def viewings(db):
    with db.transaction() as writer:
        entries = writer.session.exec(
            select(AuditEntry).where(AuditEntry.action == "passport-viewed").order_by(AuditEntry.id)
        ).all()
        return [entry.actor_id for entry in entries]


def test_staff_of_the_organization_see_it_and_each_viewing_is_written_down(web, db, cast):
    for number in (NUMBER, "261120-482-913"):
        answer = ask(web, cast.operator, number)
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
        assert "75 00" in answer.text and "123456" in answer.text and "УВД &lt;Озёрск&gt;" in answer.text
        assert "<script" not in answer.text
    assert viewings(db) == [cast.operator.actor.user_id] * 2


@pytest.mark.parametrize("who", ["owner", "stranger", "outsider", "nobody"])
@pytest.mark.parametrize("number", [NUMBER, "1" * 12, "9" * 12, "x", "%2e%2e"])
def test_nobody_else_does(web, db, cast, who, number):
    answer = ask(web, getattr(cast, who, None), number)
    assert answer.status_code in (403, 404)
    assert "123456" not in answer.text
    assert viewings(db) == []


def test_drafts_empty_ones_and_other_sites_show_nothing(web, db, cast):
    for number in ("1" * 12, "2" * 12):
        assert ask(web, cast.operator, number).status_code in (400, 404)
    assert ask(web, cast.operator, origin="https://evil.example").status_code == 400
    assert web.get(f"/api/staff/requests/{NUMBER}/passport").status_code == 405
    assert viewings(db) == []

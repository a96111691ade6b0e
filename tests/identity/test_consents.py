"""Versions of the documents, and that people agreed to them."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.identity.entry_tables import Consent
from lk_reflex.domain.identity.registering import documents
from lk_reflex.domain.identity.registering.consents import REQUIRED, give, withdraw_all
from lk_reflex.domain.identity.registering.documents import (
    CONSENT,
    PRIVACY,
    SEALING_ACCESS,
    SEALING_CONSENT,
    TERMS,
    current,
    document,
    versions,
)
from tests.cast import NOW

HOME = Client("10.0.0.1")
ROWS = select(col(Consent.document), col(Consent.version), col(Consent.address), col(Consent.withdrawn_at)).order_by(
    col(Consent.document)
)


def test_registration_needs_the_agreement_and_apart_from_it_the_consent():
    assert set(REQUIRED) == {TERMS, CONSENT}
    assert {name: current(name).version for name in REQUIRED} == REQUIRED


@pytest.mark.parametrize("name", [TERMS, PRIVACY, CONSENT, SEALING_CONSENT, SEALING_ACCESS])
def test_each_document_has_a_title_and_says_from_when_it_holds(name):
    text = current(name).text
    assert text.startswith("# ")
    day = ".".join(reversed(current(name).version.split("-")))
    assert f"Действует с {day}." in text
    assert not re.search(r"[<>]|TODO|XXX", text)


def test_the_newest_version_holds_and_older_ones_stay_readable(tmp_path, monkeypatch):
    for name in (TERMS, PRIVACY, CONSENT, SEALING_CONSENT, SEALING_ACCESS):
        (tmp_path / name).mkdir()
        for day in ("2026-11-01", "2027-03-01", "2025-09-01"):
            (tmp_path / name / f"{day}.md").write_text(f"# {day}", "utf-8")
    monkeypatch.setattr(documents, "TEXTS", tmp_path)
    documents._all.cache_clear()
    try:
        assert versions(TERMS) == ["2027-03-01", "2026-11-01", "2025-09-01"]
        assert current(TERMS).text == "# 2027-03-01"
        earlier = document(TERMS, "2025-09-01")
        assert earlier is not None
        assert earlier.text == "# 2025-09-01"
        assert document(TERMS, "../consent/2025-09-01") is document(TERMS, "") is None
    finally:
        documents._all.cache_clear()


def test_a_consent_is_kept_with_its_version_and_address_and_its_withdrawal(db, cast):
    person, other = cast.owner.actor.user_id, cast.stranger.actor.user_id
    db.write(give, person, REQUIRED, address="2001:db8::1", now=NOW)
    db.write(give, other, {TERMS: "2026-11-01"}, address="10.0.0.1", now=NOW)
    later = NOW + timedelta(days=3)
    assert db.write(withdraw_all, person, now=later) == 2
    assert db.write(withdraw_all, person, now=later + timedelta(days=1)) == 0
    mine = db.read(lambda reader: reader.rows(ROWS.where(col(Consent.user_id) == person)))
    assert [tuple(row) for row in mine] == [(name, REQUIRED[name], "2001:db8::1", later) for name in sorted(REQUIRED)]
    theirs = db.read(lambda reader: reader.rows(ROWS.where(col(Consent.user_id) == other)))
    assert [row.withdrawn_at for row in theirs] == [None]

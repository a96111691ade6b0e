"""Scenario 31, its last part: a server's clock goes back an hour under what is there already.

Days and months: tests/metering/test_window.py and test_submit.py (`TestTerms`); dates of readings: test_rules.py.
"""

from datetime import UTC, datetime, timedelta

import pytest

from lk_reflex.core.errors import Invalid, NotFound
from lk_reflex.core.leases import take
from lk_reflex.core.months import Month
from lk_reflex.domain.identity.attempts import Limit, note_miss, wait_for
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.identity.passwords.reset import LIFE, ask_reset, link_works, reset_password
from lk_reflex.domain.identity.sessions import end_session, identify, renew
from lk_reflex.domain.identity.tokens import token_hash
from lk_reflex.domain.metering.sending.entries import Entry
from lk_reflex.domain.metering.sending.submit import submit
from tests.cast import NOW
from tests.identity.conftest import KEY
from tests.identity.letters import links
from tests.metering.dials import make_meter, monthly, set_organization

HOUR = timedelta(hours=1)
BACK = NOW - HOUR


def test_who_is_signed_in_stays_so_and_who_has_left_does_not_come_back(db, cast):
    hashed = token_hash(cast.owner.cookie)
    assert db.read(identify, hashed, now=BACK)
    db.write(renew, cast.owner.actor, now=BACK)
    assert db.read(identify, hashed, now=NOW)
    db.write(end_session, hashed, now=NOW)
    assert db.read(identify, hashed, now=BACK) is None


def test_a_link_works_once_and_longer_by_no_more_than_the_clock_went_back(db, cast, cheap):
    db.write(ask_reset, "owner@example.org", client=Client("10.0.0.1"), site="https://lk.example.org", now=NOW)
    (token,) = links(db, "reset")
    assert db.read(link_works, token, now=BACK)
    assert not db.read(link_works, token, now=NOW + LIFE)
    reset_password(db, token, "совсем другой пароль", key=KEY, site="", client=Client("10.0.0.1"), now=NOW)
    with pytest.raises(NotFound):
        reset_password(db, token, "третий пароль", key=KEY, site="", client=Client("10.0.0.1"), now=BACK)


def test_a_pause_grows_no_longer_than_it_is(db):
    limit = Limit("test", 5)
    for _ in range(5):
        db.write(note_miss, limit, "anna", now=NOW)
    assert db.read(wait_for, limit, "anna", now=NOW) == limit.first
    assert db.read(wait_for, limit, "anna", now=BACK) == limit.first


def test_a_job_goes_on_at_its_holder(db):
    length = timedelta(minutes=1)
    assert take(db, "mail", "one", now=NOW, length=length)
    assert take(db, "mail", "one", now=BACK, length=length)
    assert not take(db, "mail", "two", now=BACK, length=length)
    assert take(db, "mail", "two", now=BACK + 2 * length, length=length)  # the first has died meanwhile


def test_readings_do_not_go_back_over_the_end_of_a_month(db, cast):
    set_organization(db, cast.organization, window_opens=1, window_closes=31)
    meter = make_meter(db, cast.flat)
    monthly(db, meter, "118", "6")
    december = datetime(2026, 11, 30, 19, 30, tzinfo=UTC)  # 00:30 on the first of December in Yekaterinburg

    def send(reading: str, key: str, now: datetime):
        entries = {f"m{meter}-1": Entry(reading)}
        return db.write(submit, cast.owner.actor, cast.flat, entries, "", key, (), now=now)

    assert send("124", "key-of-one-form", december).period == Month(2026, 12)
    # An hour earlier it is November again, before the day of the reading that is there.
    with pytest.raises(Invalid) as refused:
        send("125", "key-of-another-form", december - HOUR)
    assert "раньше последнего показания" in refused.value.fields["taken_on"]
    # The form that was sent already is answered as before, and stored once.
    assert send("124", "key-of-one-form", december - HOUR).period == Month(2026, 12)
    assert send("125", "key-of-another-form", december + HOUR).period == Month(2026, 12)

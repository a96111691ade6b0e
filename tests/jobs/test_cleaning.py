"""What has had its time goes, what hasn't stays; in portions."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlmodel import col

from lk_reflex.core import pruning
from lk_reflex.domain.accounts.access_tables import GuestVisit, ReadingLink
from lk_reflex.domain.audit.log import note
from lk_reflex.domain.audit.tables import AuditEntry
from lk_reflex.domain.identity.entry_tables import Captcha, Consent, OneTimeToken, PhoneCode, Registration
from lk_reflex.domain.identity.esia.tables import EsiaTry, EsiaVisitor
from lk_reflex.domain.identity.tables import Attempt, User, UserSession
from lk_reflex.domain.mail.tables import OutgoingMail
from lk_reflex.domain.personal_data.forgetting import KEPT as KEPT_OF_THE_GONE
from lk_reflex.domain.requests.sealing.rows import open_sealing
from lk_reflex.domain.requests.tables import Request
from lk_reflex.jobs.cleaning import clean
from tests.cast import NOW
from tests.mail.conftest import put
from tests.requests.sealing.applications import filled

SECOND = timedelta(seconds=1)


def make(name, at, number, cast):
    """A row of a table whose time ended (or which happened) at that moment."""
    times = {"created_at": NOW, "expires_at": at}
    return {
        "registrations": lambda: Registration(
            token_hash=f"{number}", email="x", email_key="x", password_hash="x", created_at=at, expires_at=NOW
        ),
        "tokens": lambda: OneTimeToken(token_hash=f"{number}", purpose="reset", **times),
        "codes": lambda: PhoneCode(
            user_id=cast.owner.actor.user_id, phone="+79990000000", code_hash="x", **times
        ),
        "captchas": lambda: Captcha(token_hash=f"{number}", expires_at=at),
        "tries": lambda: EsiaTry(state_hash=f"{number}", browser_hash="x", purpose="bind", **times),
        "visitors": lambda: EsiaVisitor(token_hash=f"{number}", person={}, **times),
        "links": lambda: ReadingLink(
            token_hash=f"{number}", user_id=cast.owner.actor.user_id, account_id=cast.flat, **times
        ),
        "visits": lambda: GuestVisit(token_hash=f"{number}", account_id=cast.flat, **times),
        "attempts": lambda: Attempt(kind="x", subject="x", at=at),
        "sessions": lambda: UserSession(
            token_hash=f"{number}", user_id=cast.owner.actor.user_id, seen_at=NOW, **times
        ),
        "idle sessions": lambda: UserSession(
            token_hash=f"{number}", user_id=cast.owner.actor.user_id, created_at=at, seen_at=at,
            expires_at=NOW + timedelta(days=60),
        ),
    }[name]()  # fmt: skip


KEPT = {
    "registrations": (Registration, timedelta(days=30)),
    "tokens": (OneTimeToken, timedelta(days=7)),
    "codes": (PhoneCode, timedelta(days=1)),
    "captchas": (Captcha, timedelta(0)),
    "tries": (EsiaTry, timedelta(0)),
    "visitors": (EsiaVisitor, timedelta(0)),
    "links": (ReadingLink, timedelta(days=1)),
    "visits": (GuestVisit, timedelta(days=1)),
    "attempts": (Attempt, timedelta(days=2)),
    "sessions": (UserSession, timedelta(0)),
    "idle sessions": (UserSession, timedelta(days=30)),
}


def count(db, table) -> int:
    with db.engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


@pytest.mark.parametrize("name", KEPT)
def test_rows_go_when_their_time_is_over_and_not_before(db, cast, name):
    table, kept = KEPT[name]
    before = count(db, table)
    with db.transaction() as writer:
        for number, at in enumerate((NOW - kept - SECOND, NOW - kept, NOW + timedelta(hours=1))):
            writer.add(make(name, at, number, cast))
    assert clean(db, now=NOW)
    assert count(db, table) == before + 2
    assert not clean(db, now=NOW)


def test_letters_settled_a_month_ago_go_and_waiting_ones_stay(db):
    put(db, "sent@example.org", now=NOW - timedelta(days=31), void=True)
    put(db, "waiting@example.org", now=NOW - timedelta(days=31))
    assert clean(db, now=NOW)
    assert count(db, OutgoingMail) == 1


@pytest.mark.parametrize(("since", "left"), [(KEPT_OF_THE_GONE + SECOND, 1), (KEPT_OF_THE_GONE - SECOND, 2)])
def test_the_log_and_consents_of_a_deleted_login_go_after_three_years(db, cast, since, left):
    gone, living = cast.relative.actor.user_id, cast.owner.actor.user_id
    with db.transaction() as writer:
        writer.change(update(User).where(User.id == gone).values(deleted_at=NOW - since))
        for user in (gone, living):
            writer.add(Consent(user_id=user, document="terms", version="2020-01-01", given_at=NOW - since * 2))
            note(writer, "signed-in", now=NOW - since * 2, user_id=user)
    clean(db, now=NOW)
    assert (count(db, Consent), count(db, AuditEntry)) == (left, left)


def test_a_crowd_goes_in_portions(db, cast):
    with db.transaction() as writer:
        for _ in range(pruning.PORTION + 1):
            writer.session.add(make("attempts", NOW - timedelta(days=3), 0, cast))
    assert clean(db, now=NOW)
    assert count(db, Attempt) == 1
    assert clean(db, now=NOW)
    assert count(db, Attempt) == 0
    assert not clean(db, now=NOW)


def test_passports_of_the_long_ended_and_drafts_that_nobody_typed_into_go(db, cast):
    touched = filled(db, cast.owner)
    empty = db.write(open_sealing, cast.relative.actor, now=NOW)
    passports = select(col(Request.number), col(Request.passport) != "")
    assert dict(db.read(lambda reader: [tuple(row) for row in reader.rows(passports)])) == {touched: True, empty: False}
    clean(db, now=NOW + timedelta(days=90, seconds=1))
    assert [(row[0], bool(row[1])) for row in db.read(lambda reader: reader.rows(passports))] == [(touched, False)]

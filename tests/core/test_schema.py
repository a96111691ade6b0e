from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, StatementError
from sqlmodel import col

from lk_reflex.core.months import Month
from lk_reflex.core.schema import MonthNumber
from lk_reflex.domain.identity.tables import AccountLink, Attempt
from lk_reflex.tables import METADATA

AT = select(col(Attempt.at))


def keep(db, moment):
    db.write(lambda writer: writer.add(Attempt(kind="k", subject="s", at=moment)))
    return db.read(lambda reader: reader.value(AT))


def test_a_moment_without_a_zone_is_a_programming_error(db):
    with pytest.raises(StatementError, match="time zone"):
        keep(db, datetime(2026, 1, 1))  # noqa: DTZ001
    assert db.read(lambda reader: reader.rows(AT)) == []


def test_a_moment_comes_back_in_utc_to_the_microsecond(db):
    given = datetime(2026, 2, 1, 0, 30, 0, 123456, tzinfo=timezone(timedelta(hours=5)))
    kept = keep(db, given)
    assert kept == given
    assert kept.tzinfo is UTC
    assert kept.isoformat() == "2026-01-31T19:30:00.123456+00:00"


def test_months_keep_their_order_as_numbers():
    kind = MonthNumber()
    numbers = [kind.process_bind_param(month, None) for month in (Month(2025, 12), Month(2026, 1), Month(2026, 2))]
    assert numbers == sorted(numbers)
    assert numbers[2] - numbers[0] == 2
    assert kind.process_bind_param(None, None) is None
    assert kind.process_result_value(None, None) is None


def test_the_database_itself_keeps_foreign_keys(db):
    link = AccountLink(user_id=404, account_id=404, linked_at=datetime(2026, 1, 1, tzinfo=UTC))
    with pytest.raises(IntegrityError):
        db.write(lambda writer: writer.add(link))


def test_every_constraint_has_a_name_that_a_migration_can_drop():
    nameless = [
        f"{table.name}: {type(constraint).__name__}"
        for table in METADATA.tables.values()
        for constraint in table.constraints
        if constraint.name is None
    ]
    assert nameless == []

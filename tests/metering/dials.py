"""Meters and readings for tests; values as people read them, dates as they write them."""

import secrets
from datetime import date, datetime

from sqlalchemy import func, select, update
from sqlmodel import col

from lk_reflex.core.clock import parse_date
from lk_reflex.core.db import Database
from lk_reflex.core.exact import parse_scaled
from lk_reflex.core.months import Month
from lk_reflex.domain.accounts.tables import Account, Organization
from lk_reflex.domain.exchange_log.tables import Export
from lk_reflex.domain.metering.sending.entries import Entry
from lk_reflex.domain.metering.tables import (
    CABINET,
    WITHOUT_REGISTRATION,
    Meter,
    Reading,
    ReadingAnswer,
    SentReading,
    Submission,
)
from tests.cast import NOW, TODAY

KEY = "key-of-one-form"
OCTOBER, NOVEMBER = Month(2026, 10), Month(2026, 11)


def thousandths(text: str) -> int:
    return parse_scaled(text, 3)


def make_meter(database: Database, account: int, name: str = "ХВС С/У", **facts) -> int:
    """A cold-water meter installed in 2016, verified until 2028, unless told otherwise; returns its id."""
    defaults = {
        "serial": "26616450", "resource": "ХВС", "place": "С/У", "installed_on": date(2016, 8, 19),
        "started_on": date(2016, 8, 19), "verification_due": date(2028, 7, 1),
    }  # fmt: skip
    with database.transaction() as db:
        organization = db.session.get_one(Account, account).organization_id
        meter = Meter(
            organization_id=organization,
            account_id=account,
            code=f"{name} {account}",
            name=name,
            **{**defaults, **facts},
        )
        db.add(meter)
        assert meter.id
        return meter.id


def bill(database: Database, meter: int, *readings: tuple[str, str], scale: int = 1, source: str = "Абонент") -> None:
    """Billing's readings: («21.10.2026», «84,120»)."""
    with database.transaction() as db:
        for day, value in readings:
            taken = parse_date(day)
            db.add(
                Reading(
                    meter_id=meter, scale=scale, taken_on=taken, accounted_on=taken, source=source,
                    value=thousandths(value),
                )
            )  # fmt: skip


def monthly(
    database: Database, meter: int, last: str, volume: str, *,
    months: int = 7, until: Month = OCTOBER, scale: int = 1,
) -> None:  # fmt: skip
    """Regular readings on the 21st, the newest worth `last`, each `volume` apart."""
    values = [thousandths(last) - thousandths(volume) * step for step in range(months)]
    with database.transaction() as db:
        for step, value in enumerate(values):
            day = until.shift(-step).day(21)
            db.add(Reading(meter_id=meter, scale=scale, taken_on=day, accounted_on=day, source="Абонент", value=value))


def set_organization(database: Database, organization: int, **facts) -> None:
    with database.transaction() as db:
        found = db.session.get_one(Organization, organization)
        for name, value in facts.items():
            setattr(found, name, value)


def form(**rows: str) -> dict[str, Entry]:
    """`form(m1_1="86,21")` as the rows of a form: «m1-1»."""
    return {row.replace("_", "-"): Entry(reading=text) for row, text in rows.items()}


def put_sent(
    database: Database, cast, meter: int, value: int, *, exported: bool = True, scale: int = 1, who: str = "owner",
    taken_on: date = TODAY, period: Month = NOVEMBER, replaced_at: datetime | None = None,
) -> int:  # fmt: skip
    """A reading sent from the cabinet, `value` in thousandths; without a `who` by a guest. Returns its id."""
    with database.transaction() as db:
        user = getattr(cast, who).actor.user_id if who else None
        source = CABINET if who else WITHOUT_REGISTRATION
        account = db.session.get_one(Meter, meter).account_id
        submission = Submission(
            key=secrets.token_hex(8), account_id=account, user_id=user, source=source, created_at=NOW
        )
        db.add(submission)
        export = _export(db) if exported else None
        sent = SentReading(
            submission_id=submission.id, meter_id=meter, scale=scale, period=period, taken_on=taken_on,
            value=value, volume=2_000, replaced_at=replaced_at, export_id=export,
        )  # fmt: skip
        db.add(sent)
        assert sent.id
        return sent.id


def export_sent(database: Database) -> None:
    """What an export does: all that waits goes to billing."""
    with database.transaction() as db:
        waiting = update(SentReading).where(
            col(SentReading.export_id).is_(None), col(SentReading.replaced_at).is_(None)
        )
        db.change(waiting.values(export_id=_export(db)))


def _export(db) -> int:
    number = (db.connection.scalar(select(func.max(Export.number))) or 0) + 1
    batch = Export(kind="readings", number=number, created_at=NOW, completed_at=NOW)
    db.add(batch)
    assert batch.id
    return batch.id


def answer_sent(database: Database, sent_id: int, *, refused: str = "", told: bool = False) -> None:
    """Billing's answer to a sent reading: refused for a reason, or accounted."""
    with database.transaction() as db:
        db.add(
            ReadingAnswer(
                sent_reading_id=sent_id, accounted=not refused, reason=refused, answered_at=NOW,
                told_at=NOW if told or not refused else None,
            )
        )  # fmt: skip

"""Meters of the cast's flat and readings sent for them, as the exports find them."""

from datetime import UTC, date, datetime

from lk_reflex.core.months import Month
from lk_reflex.domain.metering.tables import Meter, Reading, SentReading, Submission

SENT = datetime(2026, 11, 19, 19, 30, 5, tzinfo=UTC)
INN = "7421000200"


def add_meter(db, cast, code="М-1", *, account=None, known=(), **about):
    """A meter; `known` are billing's readings as (scale, day, value)."""
    facts = {"serial": f"{code}-с", "name": "ХВС", "resource": "ХВС"} | about
    with db.transaction() as writer:
        meter = Meter(organization_id=cast.organization, account_id=account or cast.flat, code=code, **facts)
        writer.add(meter)
        for scale, day, value in known:
            writer.add(
                Reading(meter_id=meter.id, scale=scale, accounted_on=day, taken_on=day, source="Контролёр", value=value)
            )
        return meter.id


def send_reading(
    db, cast, meter_id, value, *, scale=1, day=date(2026, 11, 19), source="Личный кабинет", user=None, **more
):
    """A reading that counts for its day's month, with no questions asked."""
    with db.transaction() as writer:
        submission = Submission(
            key=f"key-{meter_id}-{scale}-{value}-{day}",
            account_id=cast.flat,
            user_id=user,
            source=source,
            created_at=SENT,
        )
        writer.add(submission)
        facts = {"period": Month.of(day), "taken_on": day, "value": value, "volume": 1_000} | more
        sent = SentReading(submission_id=submission.id, meter_id=meter_id, scale=scale, **facts)
        writer.add(sent)
        return sent.id

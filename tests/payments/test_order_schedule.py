"""When the bank is asked again: the table, and that no clock, however it jumps, lets an open order wait for long."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lk_reflex.domain.payments.orders.machine import OPEN, Status
from lk_reflex.domain.payments.orders.schedule import FURTHEST, HOUR, is_over, next_look

MADE = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
EXPIRES = MADE + timedelta(minutes=20)
DAY = 24 * 60


def minutes_to(after: float, status: Status = Status.WAITING, paid: float | None = None) -> float | None:
    """When it is next, in minutes since the order was made, for somebody who asks at that minute."""
    moment = next_look(
        status,
        created_at=MADE,
        expires_at=EXPIRES,
        paid_at=None if paid is None else MADE + timedelta(minutes=paid),
        now=MADE + timedelta(minutes=after),
    )
    return None if moment is None else (moment - MADE) / timedelta(minutes=1)


@pytest.mark.parametrize(
    ("after", "due"),
    [
        (0, 1), (0.5, 1), (1, 2), (1.01, 2), (2, 5), (4.9, 5), (5, 10), (10, 20), (19.9, 20),
        (20, 60), (59, 60), (60, 120), (600, 660), (DAY, DAY + 60), (DAY + 19, DAY + 60),
        # From the expiry and a day on it is closed; until that has worked, hourly.
        (DAY + 20, DAY + 80), (DAY + 21, DAY + 81), (40 * DAY, 40 * DAY + 60),
    ],
)  # fmt: skip
@pytest.mark.parametrize("status", sorted(OPEN))
def test_open_orders(status, after, due):
    assert minutes_to(after, status) == due


@pytest.mark.parametrize("status", [Status.DECLINED, Status.EXPIRED, Status.FAILED, Status.REVERSED])
def test_closed_ones_until_the_end_of_their_day(status):
    assert minutes_to(0, status) == 1
    assert minutes_to(30, status) == 60
    assert minutes_to(DAY + 20, status) is None


@pytest.mark.parametrize(
    ("after", "due"),
    [
        (7, 7 + DAY), (8, 7 + DAY), (DAY + 8, 7 + 3 * DAY), (5 * DAY, 7 + 7 * DAY), (8 * DAY, 7 + 30 * DAY),
        (31 * DAY, None),
    ],
)  # fmt: skip
def test_paid_ones_for_the_banks_own_refunds(after, due):
    assert minutes_to(after, Status.PAID, paid=7) == due
    assert minutes_to(after, Status.REFUNDED, paid=7) is None


def test_over():
    assert not is_over(EXPIRES, EXPIRES + timedelta(hours=24) - timedelta(seconds=1))
    assert is_over(EXPIRES, EXPIRES + timedelta(hours=24))


MOMENTS = st.integers(0, 10**9).map(lambda seconds: MADE + timedelta(seconds=seconds - 5 * 10**8))


@given(st.sampled_from(sorted(Status)), MOMENTS, MOMENTS, st.none() | MOMENTS, MOMENTS)
def test_never_in_the_past_and_never_far_ahead(status, created_at, expires_at, paid_at, now):
    due = next_look(status, created_at=created_at, expires_at=expires_at, paid_at=paid_at, now=now)
    if status in OPEN:
        assert due is not None
    if due is not None:
        assert now < due <= now + (FURTHEST if status is Status.PAID else HOUR)

"""Each of the two fields from the other."""

import pytest

from lk_reflex.core.exact import parse_scaled
from lk_reflex.domain.metering.follow import reading_for, volume_for
from lk_reflex.domain.metering.rules import Scale


def scale(last: str | None) -> Scale:
    return Scale(5, "м³", None if last is None else parse_scaled(last, 3), None, None, 100_000, "")


@pytest.mark.parametrize(
    ("last", "reading", "volume"),
    [
        ("84,12", "86,21", "2,090"),
        ("84,12", " 86.21 ", "2,090"),
        ("84,12", "84,12", "0,000"),
        ("84,12", "84,1", ""),  # lower than the last one
        ("84,12", "", ""),
        ("84,12", "восемь", ""),
        ("84,12", "86,2101", ""),
        ("99998", "3", "5,000"),
        (None, "12,5", "12,500"),
        ("0", "12345,5", "12345,500"),
    ],
)
def test_the_volume_follows_the_reading(last, reading, volume):
    assert volume_for(reading, scale(last), 3) == volume


@pytest.mark.parametrize(
    ("last", "volume", "reading"),
    [
        ("84,12", "2,09", "86,210"), ("84,12", "0", "84,120"), ("84,12", "-1", ""), ("84,12", "", ""),
        ("99998", "5", "3,000"), (None, "12345", "12345,000"), ("84,12", "ой", ""),
    ],
)  # fmt: skip
def test_the_reading_follows_the_volume(last, volume, reading):
    assert reading_for(volume, scale(last), 3) == reading

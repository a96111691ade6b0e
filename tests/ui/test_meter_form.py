"""What a form of readings means whose fields follow each other, while the answer to the last word still travels."""

import pytest

from lk_reflex.domain.metering.sending.entries import Entry
from lk_reflex.ui.meter_form.form import Pair, confirmed, entries_of

NEVER = Pair()
TYPED = NEVER.turned("124", "6,000")
CORRECTED = TYPED.turned("125", "7,000")
BY_VOLUME = CORRECTED.turned("126,000", "8", by_volume=True)


@pytest.mark.parametrize(
    ("pair", "reading", "volume", "meant"),
    [
        # nothing of it has come to the server yet
        (NEVER, "124", "", Entry("124", "")),
        (NEVER, "", "6", Entry("", "6")),
        (NEVER, "124", "6", Entry("124", "6")),
        (NEVER, "", "", Entry("", "")),
        # both are as the server knows them; a space tells an equal text apart
        (TYPED, "124", "6,000", Entry("124", "6,000")),
        (TYPED, "124", "6,000 ", Entry("124", "6,000 ")),
        # corrected, and pressed before the server heard of it
        (TYPED, "125", "6,000", Entry("125", "")),
        (TYPED, "124", "7", Entry("", "7")),
        (TYPED, "125", "9", Entry("125", "9")),
        # corrected, heard, and pressed before the browser got the volume made of it
        (CORRECTED, "125", "6,000", Entry("125", "")),
        (CORRECTED, "125", "", Entry("125", "")),
        (CORRECTED, "125", "7,000", Entry("125", "7,000")),
        # back to the first figure, which the server hasn't heard
        (CORRECTED, "124", "7,000", Entry("124", "")),
        (CORRECTED, "124", "6,000", Entry("124", "")),
        # the volume was typed last, and the browser still shows one of the readings before
        (BY_VOLUME, "125", "8", Entry("", "8")),
        (BY_VOLUME, "124", "8", Entry("", "8")),
        (BY_VOLUME, "126,000", "8", Entry("126,000", "8")),
        (BY_VOLUME, "126,000", "9", Entry("", "9")),
        (BY_VOLUME, "127", "8", Entry("127", "")),
        # rubbed out
        (TYPED, "", "6,000", Entry("", "6,000")),
        (BY_VOLUME, "126,000", "", Entry("126,000", "")),
    ],
)
def test_what_was_typed_last_speaks(pair, reading, volume, meant):
    assert pair.meant(reading, volume) == meant
    form = {"reading-m1-1": reading, "volume-m1-1": volume, "reading-m9-1": "7"}
    assert entries_of(form, ["m1-1"], {"m1-1": pair}) == {"m1-1": meant}


def test_a_pair_remembers_a_sensible_number_of_texts():
    pair = NEVER
    for step in range(100):
        pair = pair.turned(str(step), str(step))
    assert len(pair.readings) == len(pair.volumes) == 20


@pytest.mark.parametrize("value", [None, 5, [], {}, ["124"], True])
def test_a_field_of_another_type_is_empty(value):
    assert entries_of({"reading-m1-1": value}, ["m1-1"], {}) == {"m1-1": Entry("", "")}
    assert confirmed({"yes-m1-1": value}, {"m1-1": "token"}) == []

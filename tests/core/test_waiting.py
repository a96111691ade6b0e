"""How long presses wait until they are begun, by a clock of the test's own: what counts, and what is one's affair."""

import pytest

from lk_reflex.core.strain import RISES_AFTER, Gauge, Strain
from lk_reflex.core.waiting import Presses


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def presses(clock) -> Presses:
    return Presses(clock)


def wait(presses: Presses, clock: Clock, *seconds: float) -> None:
    """Presses of as many tabs arrive at once; each is begun after so long, and answered."""
    start = clock.now
    for tab, _ in enumerate(seconds):
        presses.came(f"e{tab}", f"tab{tab}")
    for tab in sorted(range(len(seconds)), key=seconds.__getitem__):
        clock.now = start + seconds[tab]
        presses.begun(f"e{tab}")
        presses.done(f"e{tab}", f"tab{tab}")


@pytest.mark.parametrize(
    ("waits", "seen"),
    [
        ([], 0.0),
        ([9.0, 9.0], 0.0),  # two people are not everybody
        ([0.1, 0.2, 0.3], 0.2),
        ([0.0, 0.0, 0.0, 0.0, 60.0], 0.0),  # one that hangs
        ([0.0, 0.0, 2.0, 2.0, 2.0], 2.0),
    ],
)
def test_a_look_sees_what_the_median_tab_has_waited(presses, clock, waits, seen):
    wait(presses, clock, *waits)
    assert presses.look() == pytest.approx(seen)
    assert presses.look() == 0.0  # the next look begins anew


def test_what_waits_still_is_seen_while_it_does(presses, clock):
    """Redis has stopped answering: nothing is begun any more."""
    for tab in range(3):
        presses.came(f"e{tab}", f"tab{tab}")
    clock.now += 2
    assert presses.look() == 2.0
    clock.now += 1
    assert presses.look() == 3.0
    for tab in range(3):
        presses.done(f"e{tab}", f"tab{tab}")  # their people have gone
    assert presses.look() == 0.0


def test_a_handlers_own_work_and_the_line_behind_it_count_for_nothing(presses, clock):
    """A bank is slow for three payers, who press again and again."""
    for tab in range(3):
        presses.came(f"pay{tab}", f"tab{tab}")
        presses.begun(f"pay{tab}")
    presses.look()
    for tab in range(3):
        presses.came(f"again{tab}", f"tab{tab}")
    clock.now += 15
    assert presses.look() == 0.0
    for tab in range(3):
        presses.done(f"pay{tab}", f"tab{tab}")
        presses.begun(f"again{tab}")
        presses.done(f"again{tab}", f"tab{tab}")
    assert presses.look() == 0.0
    wait(presses, clock, 1, 1, 1)  # and the same tabs are timed again
    assert presses.look() == pytest.approx(1)


def test_a_flood_of_one_tab_is_one_voice(presses, clock):
    for number in range(50):
        presses.came(f"f{number}", "flood")
        clock.now += 5
        presses.begun(f"f{number}")
        presses.done(f"f{number}", "flood")
    wait(presses, clock, 0.0, 0.0)
    assert presses.look() == 0.0


def test_nothing_is_remembered_of_who_has_gone(presses, clock):
    wait(presses, clock, *[1.0] * 100)
    presses.done("never came", "nobody")
    presses.look()
    assert (presses._waiting, presses._under_way, presses._waited) == ({}, {}, {})


def test_waiting_for_a_second_and_a_half_in_three_looks_puts_sections_off():
    clock = Clock()
    gauge = Gauge(0.5)
    gauge.presses = Presses(clock)
    levels = []
    for _ in range(RISES_AFTER):
        wait(gauge.presses, clock, 1.5, 1.5, 1.6)
        gauge.note(gauge.presses.look())
        levels.append(gauge.level)
    assert levels == [Strain.CALM, Strain.CALM, Strain.SECTIONS]

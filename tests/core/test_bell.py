"""A bell that a signal's handler rings."""

import subprocess
import sys
import threading
import time

from lk_reflex.core.bell import Bell

#: A handler that interrupts the very calls that it makes itself, a thousand times.
STORM = """
import signal, time
from lk_reflex.core.bell import Bell
bell = Bell()
signal.signal(signal.SIGALRM, lambda *_: bell.set())
signal.setitimer(signal.ITIMER_REAL, 0.001, 0.0005)
until = time.monotonic() + 1
while time.monotonic() < until:
    assert bell.wait()
    bell.clear()
    bell.set()
signal.setitimer(signal.ITIMER_REAL, 0)
"""


def test_it_wakes_who_waits_and_stays_rung_until_cleared():
    bell = Bell()
    assert not bell.is_set() and not bell.wait(0.01)
    threading.Timer(0.05, bell.set).start()
    assert bell.wait(30) and bell.is_set() and bell.wait()
    bell.clear()
    began = time.monotonic()
    assert not bell.wait(0.05) and not bell.is_set()
    assert time.monotonic() - began >= 0.05


def test_it_may_be_rung_more_often_than_anybody_listens():
    bell = Bell()
    for _ in range(100_000):  # a pipe takes 65,536 bytes
        bell.set()
    assert bell.wait()
    bell.clear()
    assert not bell.wait(0.01)


def test_a_handler_may_ring_it_in_the_midst_of_anything():
    subprocess.run([sys.executable, "-c", STORM], check=True, timeout=60)

"""The worker's loop: every job goes on whatever happens to it or to the others, and all end when told."""

import logging
import threading
import time
from datetime import timedelta

import pytest

from lk_reflex.core.errors import Unavailable
from lk_reflex.jobs import worker as loop
from lk_reflex.jobs.worker import Job, Worker
from tests.cast import NOW
from tests.mail.conftest import Clock

SOON = timedelta(milliseconds=5)


@pytest.fixture
def work(db):
    """Runs jobs until `enough` says so; returns when all have ended."""

    def run(*jobs, enough, clock=None, seconds=10.0):
        worker = Worker(db, jobs, clock=clock or Clock())
        deadline = time.monotonic() + seconds

        def watch():
            while not enough() and time.monotonic() < deadline:
                time.sleep(0.005)
            worker.ending.set()

        threading.Thread(target=watch).start()
        worker.run()
        assert enough(), "the jobs didn't get there"

    return run


def test_a_job_that_fails_is_logged_without_its_words_and_done_again(work, caplog):
    calls, words = [], "anna@example.org: the text of a letter"

    def fails():
        calls.append(1)
        if len(calls) < 3:
            raise ValueError(words)
        return False

    others = []
    with caplog.at_level(logging.INFO):
        work(
            Job("broken", fails, SOON),
            Job("healthy", lambda: bool(others.append(1)), SOON),
            enough=lambda: len(calls) > 4 and len(others) > 4,
        )
    assert caplog.text.count("job broken failed: ValueError") == 2
    assert "in fails" in caplog.text
    assert "anna" not in caplog.text and "letter" not in caplog.text


def test_while_something_outside_is_away_the_pauses_grow_up_to_a_minute():
    job, pause, pauses = Job("mail", lambda: False, timedelta(seconds=1)), timedelta(seconds=1), []
    for _ in range(8):
        pause = Worker._longer(pause, job)
        pauses.append(pause.total_seconds())
    assert pauses == [2, 4, 8, 16, 32, 60, 60, 60]
    hourly = Job("cleaning", lambda: False, timedelta(hours=1))
    assert Worker._longer(timedelta(hours=1), hourly) == timedelta(hours=1)


def test_what_is_away_is_a_line_in_the_log_and_no_traceback(work, caplog):
    calls = []

    def away():
        calls.append(1)
        raise Unavailable("mail server: ConnectionRefusedError")

    work(Job("mail", away, SOON), enough=lambda: len(calls) > 2)
    assert "job mail waits: mail server: ConnectionRefusedError" in caplog.text
    assert "Traceback" not in caplog.text and "File " not in caplog.text


def test_a_job_with_more_to_do_is_not_kept_waiting(work):
    left = [True] * 50
    work(Job("mail", lambda: bool(left) and left.pop(), timedelta(seconds=30)), enough=lambda: not left, seconds=5)


def test_of_two_workers_one_does_what_is_done_alone_and_the_other_takes_over_when_it_is_gone(db):
    clock, done = Clock(NOW), {"a": 0, "b": 0}

    def job(name):
        def count():
            done[name] += 1
            return False

        return Job("receipts", count, SOON, alone=True)

    workers = {name: Worker(db, [job(name)], clock=clock) for name in done}
    assert workers["a"]._once(workers["a"]._jobs[0]) is False
    workers["b"]._once(workers["b"]._jobs[0])
    workers["a"]._once(workers["a"]._jobs[0])
    assert done == {"a": 2, "b": 0}
    clock.pass_by(seconds=61)
    workers["b"]._once(workers["b"]._jobs[0])
    workers["a"]._once(workers["a"]._jobs[0])
    assert done == {"a": 2, "b": 1}


def test_a_worker_that_is_told_to_end_gives_its_leases_back_and_another_takes_over_at_once(db):
    clock, done = Clock(NOW), []

    def job(name):
        return Job("receipts", lambda: bool(done.append(name)), timedelta(hours=1), alone=True)

    first, second = Worker(db, [job("a")], clock=clock), Worker(db, [job("b")], clock=clock)
    first.run(lambda: not done)
    second._once(second._jobs[0])
    assert done == ["a", "b"]


def test_it_ends_when_whoever_it_works_beside_is_gone(db):
    calls = []
    Worker(db, [Job("mail", lambda: bool(calls.append(1)), SOON)], clock=Clock()).run(lambda: len(calls) < 3)
    assert len(calls) >= 3


def test_a_job_that_does_not_come_to_an_end_is_not_waited_for_for_ever(db, monkeypatch):
    monkeypatch.setattr(loop, "PATIENCE", 0.1)
    stuck, free = threading.Event(), threading.Event()

    def hang():
        stuck.set()
        free.wait(20)
        return False

    worker = Worker(db, [Job("mail", hang, SOON)], clock=Clock())
    threading.Thread(target=lambda: stuck.wait(10) and worker.ending.set()).start()
    began = time.monotonic()
    worker.run()
    assert time.monotonic() - began < 10
    free.set()

"""Scenarios 11 and 12 of the bars: a real mail server, real workers, and both of them killed without a word."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from lk_reflex import wiring
from lk_reflex.core.clock import utc_now
from lk_reflex.core.db import Database
from lk_reflex.core.errors import Unavailable
from lk_reflex.domain.mail import delivery
from lk_reflex.domain.mail.tables import OutgoingMail
from lk_reflex.jobs.mail import BATCH, Post
from lk_reflex.settings import Settings
from tests.cast import NOW
from tests.mail.conftest import outbox, put
from tests.mail.smtp_server import server_in
from tests.site import ROOT, environment

MAIL = OutgoingMail.__table__
PEOPLE = [f"person{number:02d}@example.org" for number in range(3 * BATCH)]


@pytest.fixture
def server(tmp_path):
    with server_in(tmp_path) as server:
        yield server


@pytest.fixture
def post(db, server, clock):
    """The sending job over the real client and the real server, at a time that the test moves."""
    mailer = wiring.mailer(Settings(smtp_url=server.url))  # pyright: ignore[reportCallIssue]
    yield Post(db, mailer, host="lk.example.org", clock=clock)
    mailer.close()


@pytest.fixture
def begin(db, server, tmp_path):
    """Starts real workers over the test's database; all are gone after the test."""
    workers = []

    def start() -> subprocess.Popen:
        url = db.engine.url.render_as_string(hide_password=False)
        settings = {"LK_DATABASE_URL": url, "LK_SMTP_URL": server.url}
        with (tmp_path / "worker.log").open("ab") as log:
            worker = subprocess.Popen(
                [sys.executable, "-m", "lk_reflex", "worker"], cwd=ROOT, stderr=log, stdout=log,
                env={**environment(tmp_path), **settings},
            )  # fmt: skip
        workers.append(worker)
        return worker

    yield start
    for worker in workers:
        worker.kill()
        worker.wait()


def pass_by(db: Database, time: timedelta) -> None:
    """The same as if that time had passed for the letters."""
    with db.engine.begin() as connection:
        for row in connection.execute(select(MAIL)).all():
            moved = {name: getattr(row, name) and getattr(row, name) - time for name in TIMES}
            connection.execute(update(MAIL).where(MAIL.c.id == row.id).values(moved))


def hasten(db: Database) -> None:
    """Spare the test the pauses between tries; what a worker has in hand is left alone."""
    with db.engine.begin() as connection:
        waiting = (MAIL.c.leased_until.is_(None), MAIL.c.settled_at.is_(None), MAIL.c.next_try_at > utc_now())
        connection.execute(update(MAIL).where(*waiting).values(next_try_at=utc_now()))


TIMES = ("created_at", "next_try_at", "leased_until", "settled_at", "sent_at")


def until(condition, within: float = 180) -> None:
    deadline = time.monotonic() + within
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError("it didn't come to that")
        time.sleep(0.05)


def settled(db) -> bool:
    return all(row.settled_at for row in outbox(db).values())


def identities(db) -> dict[str, str]:
    return {recipient: f"<{row.message_id}@localhost>" for recipient, row in outbox(db).items()}


def test_scenario_11_a_server_down_for_two_hours_loses_nothing_and_is_asked_ever_less(db, post, server, clock):
    put(db, *PEOPLE)
    tries = 0
    while clock() < NOW + timedelta(hours=2):
        try:
            while post.send_due():
                raise AssertionError("a server that is down took a letter")
        except Unavailable:
            tries += 1
        clock.pass_by(minutes=1)
    assert db.read(delivery.waiting_for, now=clock()) == timedelta(hours=2)  # which the readiness tells
    assert tries <= 121
    assert max(row.tries for row in outbox(db).values()) <= 8
    put(db, "registers@example.org", now=clock())  # meanwhile registration works: the letter lies in the outbox
    server.up()
    clock.pass_by(minutes=1)
    for _ in range(10):
        while post.send_due():
            pass
    assert sorted(to for to, _ in server.took()) == sorted([*PEOPLE, "registers@example.org"])
    assert settled(db)
    assert db.read(delivery.waiting_for, now=clock()) == timedelta(0)


def test_scenario_11_a_server_that_cuts_the_line_after_taking_a_letter_gets_it_twice_at_most(db, post, server, clock):
    put(db, *PEOPLE[:3])
    server.up("cut")
    with suppress(Unavailable):
        while post.send_due():
            pass
    clock.pass_by(minutes=2)
    while post.send_due():
        pass
    took = Counter(server.took())
    assert settled(db)
    assert sorted(to for to, _ in took) == PEOPLE[:3]
    assert sorted(took.values()) == [1, 1, 2]  # and the second time under the same Message-ID, else it were 1, 1, 1, 1


def test_each_letter_arrives_though_the_server_is_killed_and_started_in_the_middle(db, server, begin):
    put(db, *PEOPLE, now=utc_now())
    expected = identities(db)
    server.up()
    begin()
    server.await_letters(5)
    server.down()
    before = len(server.took())
    until(lambda: any(row.last_fault for row in outbox(db).values()))
    put(db, "late@example.org", now=utc_now())
    expected["late@example.org"] = identities(db)["late@example.org"]
    server.up()
    until(lambda: hasten(db) or settled(db))
    took = server.took()
    assert 0 < before < len(PEOPLE)
    assert dict(took) == expected
    assert len(took) <= len(expected) + 1  # the one in flight
    assert all(row.sent_at and not row.refusal for row in outbox(db).values())


def test_scenario_12_a_worker_killed_while_sending_loses_nothing_and_repeats_only_what_was_in_flight(db, server, begin):
    put(db, *PEOPLE[:BATCH], now=utc_now())
    expected = identities(db)
    server.up("slow")  # it has the letter, and the worker waits to hear so
    worker = begin()
    assert len(server.await_letters(1)) == 1
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    assert all(row.leased_until and not row.settled_at for row in outbox(db).values())
    server.down()
    server.up()
    successors = begin(), begin()
    time.sleep(2.5)  # they look every second
    assert len(server.took()) == 1  # the dead one's lease still holds
    pass_by(db, delivery.LEASE)
    until(lambda: settled(db))
    for successor in successors:
        successor.terminate()
        # On a busy machine one of them may still be starting while the other has done it all.
        assert successor.wait(15) in (0, -signal.SIGTERM)
    took = Counter(server.took())
    assert dict(server.took()) == expected
    assert sorted(took.values()) == [*[1] * (BATCH - 1), 2]
    assert all(row.lease == "" and row.leased_until is None and row.sent_at for row in outbox(db).values())


def test_several_workers_killed_again_and_again_send_each_letter_and_log_no_address(db, server, begin, tmp_path):
    put(db, *PEOPLE, now=utc_now())
    expected = identities(db)
    server.up()
    for number in range(2):
        worker = begin()
        server.await_letters(4 * (number + 1))
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        pass_by(db, delivery.LEASE)
    begin(), begin()
    until(lambda: hasten(db) or settled(db), within=60)
    took = Counter(server.took())
    assert dict(server.took()) == expected
    assert len(server.took()) - len(took) <= 2  # one in flight at each kill
    log = (tmp_path / "worker.log").read_text()
    assert "sent" in log
    assert "person" not in log and "tajna" not in log


def test_a_worker_told_to_end_does_so_soon_and_gives_its_letters_back(db, server, begin):
    put(db, *PEOPLE, now=utc_now())
    server.up()
    worker = begin()
    server.await_letters(3)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(10) == 0
    rows = outbox(db).values()
    assert all(row.leased_until is None and row.lease == "" for row in rows)
    assert {to for to, _ in server.took()} == {row.recipient for row in rows if row.sent_at}
    assert max(Counter(server.took()).values()) == 1


def test_a_worker_beside_a_cabinet_ends_when_that_is_killed(db, server, tmp_path):
    """The parent is a shell in the cabinet's place: it starts the worker, tells its number, and is killed."""
    url = db.engine.url.render_as_string(hide_password=False)
    settings = {"LK_DATABASE_URL": url, "LK_SMTP_URL": server.url}
    code = (
        "import os, subprocess, sys, time\n"
        "worker = [sys.executable, '-m', 'lk_reflex', 'worker', '--beside', str(os.getpid())]\n"
        "print(subprocess.Popen(worker).pid, flush=True)\n"
        "time.sleep(60)"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, env={**environment(tmp_path), **settings},
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    with parent:
        worker = int(parent.stdout.readline())
        put(db, "anna@example.org", now=utc_now())
        server.up()
        server.await_letters(1)  # it is at work
        parent.kill()
    until(lambda: not alive(worker), within=60)


def alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    with suppress(FileNotFoundError):
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    return False

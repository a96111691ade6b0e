"""`python -m lk_reflex worker`: mail, new receipts, reminders, cleaning up. Beside the cabinet in a demonstration."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from typing import Any

from lk_reflex.core import logs
from lk_reflex.core.bell import Bell
from lk_reflex.core.clock import utc_now
from lk_reflex.domain.requests.unsent_files import let_go
from lk_reflex.jobs.announcements import Herald
from lk_reflex.jobs.answers import Answerer
from lk_reflex.jobs.cleaning import clean
from lk_reflex.jobs.exchange import Exchanger
from lk_reflex.jobs.files import sweep_files
from lk_reflex.jobs.mail import Post
from lk_reflex.jobs.orders import Reconciler
from lk_reflex.jobs.push import Pushes
from lk_reflex.jobs.receipts import Announcer
from lk_reflex.jobs.refunds import Refunder
from lk_reflex.jobs.reminders import Reminders
from lk_reflex.jobs.waiting import WaitingForms
from lk_reflex.jobs.worker import Job, Worker
from lk_reflex.launch.environment import ROOT
from lk_reflex.settings import Settings
from lk_reflex.wiring import banks, database, file_store, mailer, push_gateway, task_files, vault

#: What a worker beside the cabinet gets to come to an end, in seconds.
PATIENCE = 10.0


def run_worker(settings: Settings, *, beside: int = 0) -> None:
    """Blocks until SIGTERM or Ctrl-C, or until the process `beside` is no longer its parent."""
    logs.configure("worker", plain=settings.log_plain, level=settings.log_level)
    logs.catch_the_rest()
    with ExitStack() as until_the_end:
        port = until_the_end.enter_context(_own_mailbox(settings)) if _needs_mailbox(settings) else None
        worker = _worker(settings, port)

        bell = Bell()

        def end() -> None:
            bell.wait()
            worker.ending.set()

        threading.Thread(target=end, name="lk-ending", daemon=True).start()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: bell.set())
        worker.run(lambda: not beside or os.getppid() == beside)


def _worker(settings: Settings, own_port: int | None) -> Worker:
    base = database()
    jobs: list[Job] = []
    worker = Worker(base, jobs, clock=utc_now)
    server = mailer(settings, own_port)
    post = Post(base, server, host=settings.mail_host, clock=utc_now, ending=worker.ending.is_set)
    announcer = Announcer(base, site=settings.site, clock=utc_now)
    herald = Herald(base, site=settings.site, clock=utc_now)
    answerer = Answerer(base, site=settings.site, clock=utc_now)
    reminders = Reminders(base, site=settings.site, clock=utc_now)
    waiting = WaitingForms(base, site=settings.site, clock=utc_now)
    reconciler = Reconciler(base, banks(), site=settings.site, clock=utc_now, ending=worker.ending.is_set)
    refunder = Refunder(base, banks(), site=settings.site, clock=utc_now, ending=worker.ending.is_set)
    exchanger = Exchanger(base, task_files(), clock=utc_now)
    if gateway := push_gateway():
        pushes = Pushes(base, gateway, vault, clock=utc_now, ending=worker.ending.is_set)
        jobs.append(Job("push", pushes.send_due, timedelta(seconds=1)))
    jobs += [
        Job("mail", post.send_due, timedelta(seconds=1)),
        Job("orders", reconciler.step, timedelta(seconds=2)),
        Job("refunds", refunder.step, timedelta(seconds=20)),
        Job("receipts", announcer.step, timedelta(seconds=5), alone=True),
        Job("announcements", herald.step, timedelta(seconds=3), alone=True),
        Job("answers", answerer.step, timedelta(seconds=5), alone=True),
        Job("reminders", reminders.step, timedelta(seconds=5), alone=True),
        Job("waiting-forms", waiting.step, timedelta(seconds=30), alone=True),
        Job("unsent-files", lambda: let_go(base, now=utc_now()) > 0, timedelta(minutes=30), alone=True),
        Job("files", lambda: sweep_files(base, file_store(), now=utc_now()), timedelta(minutes=30), alone=True),
        Job("exchange", exchanger.step, timedelta(seconds=1)),
        Job("cleaning", lambda: clean(base, now=utc_now()), timedelta(hours=1), alone=True),
    ]
    return worker


def _needs_mailbox(settings: Settings) -> bool:
    return settings.preview and not settings.smtp_url.get_secret_value()


@contextmanager
def _own_mailbox(settings: Settings) -> Iterator[int]:
    """The demonstration's own mail server, and its port."""
    from lk_reflex.standins.mailbox.listener import Listener
    from lk_reflex.standins.mailbox.store import Mailbox

    listener = Listener(Mailbox(settings.demo_dir / "mail"))
    listener.start()
    try:
        yield listener.port
    finally:
        listener.stop()


@contextmanager
def worker_beside() -> Iterator[subprocess.Popen[Any]]:
    """A worker that ends with the block, and by itself if this process dies without a word."""
    command = [sys.executable, "-m", "lk_reflex", "worker", "--beside", str(os.getpid())]
    process = subprocess.Popen(command, cwd=ROOT)  # noqa: S603  our own command, no input from outside
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

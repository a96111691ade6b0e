"""Has imported everything already and forks off the cabinet's processes on demand: each begins in a blink.

`python -m tests.payments.scenarios.nursery` takes a JSON line an order and answers with one. Ends with its input, and
takes all its children along.
"""

import asyncio
import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any


def web(port: int) -> None:
    """The HTTP side of the cabinet, without the pages: no browser and no build is needed for it."""
    from granian.constants import Interfaces
    from granian.server.embed import Server

    from lk_reflex.api.routes import api

    asyncio.run(Server(api(), address="127.0.0.1", port=port, interface=Interfaces.ASGI).serve())


def worker() -> None:
    """The real worker, but quicker: its jobs look ten times a second."""
    from lk_reflex.launch import worker as launch
    from lk_reflex.settings import get_settings

    usual = launch._worker

    def quick(*args: Any) -> Any:
        made = usual(*args)
        made._jobs[:] = [
            replace(job, every=timedelta(seconds=0.1))
            for job in made._jobs
            if job.name in ("mail", "orders", "refunds")
        ]
        return made

    launch._worker = quick
    launch.run_worker(get_settings())


def bank(*words: str) -> None:
    """The stand-in."""
    from lk_reflex.standins.bank.__main__ import read, serve

    asyncio.run(serve(*read(list(words))))


def clerk(number: str, amount: int, cookie: str) -> None:
    """An administrator presses «Да, вернуть»: the two calls of that handler."""
    from lk_reflex.core.clock import utc_now
    from lk_reflex.core.failpoints import failpoint
    from lk_reflex.domain.identity.sessions import identify
    from lk_reflex.domain.identity.tokens import token_hash
    from lk_reflex.domain.payments.refunding.asking import ask_refund
    from lk_reflex.domain.payments.refunding.carrying import carry_out
    from lk_reflex.settings import get_settings
    from lk_reflex.wiring import banks, database

    now = utc_now()
    actor = database().read(identify, token_hash(cookie), now=now)
    assert actor is not None
    asked = database().write(ask_refund, actor, number, amount, "Оплачено дважды", now=now)
    failpoint("refund-recorded")
    carry_out(database(), banks(), asked.refund_id, clock=utc_now, site=get_settings().site)
    database().close()


def command(*words: str) -> None:
    """`python -m lk_reflex …`."""
    from lk_reflex.__main__ import app

    app(list(words), standalone_mode=False)


ROLES: dict[str, Callable[..., None]] = {one.__name__: one for one in (web, worker, bank, clerk, command)}


def become(order: dict[str, Any]) -> None:
    """In the child: its own environment, its own log, and then its work."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    for name in [name for name in os.environ if name.startswith("LK_")]:
        del os.environ[name]
    os.environ.update(order["environment"])
    log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for target, source in ((0, nothing), (1, log), (2, log)):
        os.dup2(source, target)
    code = 1
    try:
        ROLES[order["role"]](*order["words"])
        code = 0
    except SystemExit as end:
        code = int(end.code or 0)
    except BaseException:  # noqa: BLE001  the end of a process
        import traceback

        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def main() -> None:
    """Serve orders: `start`, and `poll` for how a child ended (a negative number is a signal)."""

    import lk_reflex.__main__
    import lk_reflex.api.routes
    import lk_reflex.domain.payments.refunding.carrying
    import lk_reflex.exchange.exporter
    import lk_reflex.integrations.bank.banks
    import lk_reflex.launch.worker
    import lk_reflex.standins.bank.__main__
    import lk_reflex.standins.mailbox.listener
    import lk_reflex.tables  # noqa: F401

    assert threading.active_count() == 1, "threads don't survive a fork"
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the tests' affair: they close our input then
    ended: dict[int, int] = {}
    children: set[int] = set()
    for line in sys.stdin:
        order = json.loads(line)
        if order["do"] == "start":
            child = os.fork()
            if child == 0:
                become(order)
            children.add(child)
            answer: Any = child
        else:
            with suppress(ChildProcessError):
                while (found := os.waitpid(-1, os.WNOHANG))[0]:
                    ended[found[0]] = os.waitstatus_to_exitcode(found[1])
            answer = ended.get(order["process"])
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
    for child in children - ended.keys():
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[3]))
    main()

"""Whether the process lives, and whether it can serve."""

from datetime import timedelta

from starlette.requests import Request
from starlette.responses import JSONResponse

from lk_reflex.core.clock import utc_now
from lk_reflex.core.ending import ending
from lk_reflex.core.executors import on
from lk_reflex.core.migrations import standing
from lk_reflex.core.remembered import Remembered
from lk_reflex.domain.mail.delivery import waiting_for
from lk_reflex.domain.payments.orders.due import overdue_for
from lk_reflex.integrations.storage.port import StoreFault, StoreFull
from lk_reflex.wiring import database, file_store, file_threads, state_store

#: A letter normally goes within seconds: from here on somebody should look.
LATE = timedelta(minutes=15)
#: Longer than any pause between two tries: no worker runs, or the mail server has been gone for half a working day and
#: nobody gets in who needs a letter for it. Not sooner: whoever is signed in loses nothing while mail is away.
STUCK = timedelta(hours=6)
#: However often proxies and watchers knock, the database and the file store are looked at once in so many seconds.
KEPT_SECONDS = 1.0


async def live_route(_request: Request) -> JSONResponse:
    """200 while the process answers at all."""
    return JSONResponse({"status": "ok"})


async def ready_route(_request: Request) -> JSONResponse:
    """200 when the database answers, its schema fits this code and letters go out; else 503.

    A process that comes to its end says «draining», a 503, and serves on until what it has in hand is done.

    `mail` says «ok», «late» from LATE on, and «stuck» from STUCK on, which alone is a 503. `payments` is «late» where
    the bank should have been asked about an order so long ago: no worker runs, or none comes to it. `files` is «away»
    where the store of uploaded files doesn't answer, which stops nothing else, and «full», a 503, where it has no room.
    `tabs` is «away» where Redis doesn't answer: no process could do better, and banks' callbacks are taken as ever.
    What is said is at most KEPT_SECONDS old, but for «draining».
    """
    if ending().draining:
        return JSONResponse({"status": "draining"}, 503)
    status, said = await readiness.get()
    return JSONResponse(said, status)


async def _look() -> tuple[int, dict[str, str]]:
    try:
        fits = await database().in_reading_thread(lambda: standing(database().engine).fits)
    except Exception:  # noqa: BLE001  whatever the reason: not ready
        return 503, {"status": "unavailable", "database": "no answer"}
    if not fits:
        return 503, {"status": "unavailable", "database": "schema does not fit"}
    now = utc_now()
    waits = await database().in_reading_thread(database().read, waiting_for, now=now)
    overdue = await database().in_reading_thread(database().read, overdue_for, now=now)
    mail = "stuck" if waits >= STUCK else "late" if waits >= LATE else "ok"
    files = await on(file_threads(), _files)
    serves = mail != "stuck" and files != "full"
    tabs = "away" if state_store().away else "ok"
    payments = "late" if overdue >= LATE else "ok"
    said = {"database": "ok", "mail": mail, "payments": payments, "files": files, "tabs": tabs}
    return 200 if serves else 503, {"status": "ok" if serves else "unavailable", **said}


readiness = Remembered(_look, KEPT_SECONDS)


def _files() -> str:
    try:
        file_store().check()
    except StoreFull:
        return "full"
    except StoreFault:
        return "away"
    return "ok"

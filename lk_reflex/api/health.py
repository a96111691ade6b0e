"""Whether the process lives, and whether it can serve."""

from starlette.requests import Request
from starlette.responses import JSONResponse

from lk_reflex.core.migrations import is_current
from lk_reflex.wiring import database


async def live_route(_request: Request) -> JSONResponse:
    """200 while the process answers at all."""
    return JSONResponse({"status": "ok"})


async def ready_route(_request: Request) -> JSONResponse:
    """200 when the database answers and its schema is this code's; else 503."""
    try:
        current = await database().in_reading_thread(lambda: is_current(database().engine))
    except Exception:  # noqa: BLE001  whatever the reason: not ready
        return JSONResponse({"status": "unavailable", "database": "no answer"}, 503)
    if not current:
        return JSONResponse({"status": "unavailable", "database": "schema is not current"}, 503)
    return JSONResponse({"status": "ok", "database": "ok"})

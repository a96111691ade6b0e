"""Two web processes over PostgreSQL and Redis against one of the same: events a second, closed loop."""

import os
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.city.fill import fill
from benchmarks.data import KEY
from benchmarks.driver import Load, Result, compared, in_turns
from benchmarks.places import BENCH, built_pages
from benchmarks.servers import Server
from lk_reflex.core.db import Database
from lk_reflex.core.months import Month

ACCOUNTS, MONTHS, USERS = 2000, 24, 40


def processes(*, quick: bool) -> list[Result]:
    """The same city, its residents at the first process only, and dealt to both."""
    from tests.city.town import City
    from tests.site import PORT

    seconds, pairs = (3, 2) if quick else (6, 5)
    with tempfile.TemporaryDirectory(prefix="lk-bench-") as name:
        extra = {
            "LK_SECRET_KEY": KEY.decode(),
            "LK_SOCKET_RATE": "100000",
            "REFLEX_WEB_WORKDIR": str(BENCH / "processes-web"),
        }
        city = City(Path(name) / "city", web_count=2, worker_count=0, extra=extra)
        city.start(lambda made: fill(made.database, made.data, accounts=ACCOUNTS, months=MONTHS, logins=ACCOUNTS))
        told = {
            "BENCH_ORIGIN": f"http://localhost:{PORT}",
            "BENCH_PAGES": str(built_pages(BENCH)),
            "BENCH_MONTHS": ",".join(_months(city.database)),
        }
        os.environ.update(told)
        try:
            servers = [Server("product", web.port, web.popen) for web in city.webs]
            one, two = in_turns(
                [lambda: _together([servers[0]], seconds), lambda: _together(servers, seconds)], pairs=pairs
            )
        finally:
            city.stop()
            for name_of in told:
                del os.environ[name_of]
    what = "two web processes against one (PostgreSQL + Redis), events/s"
    found = compared(what, two, one, "rate", bar=1.7)
    note = f"{found.note}; {os.cpu_count()} cores shared with PostgreSQL, Redis and the load"
    return [Result(found.what, found.ours, found.floor, found.bar, "/s", at_most=False, note=note, ratio=found.ratio)]


def _months(database: Database) -> list[str]:
    """Those in which every account has a receipt, oldest first."""
    with database.engine.connect() as connection:
        found = connection.exec_driver_sql(
            f"SELECT month FROM receipts WHERE account_id <= {ACCOUNTS} GROUP BY month "
            f"HAVING count(DISTINCT account_id) = {ACCOUNTS} ORDER BY month"
        )
        return [Month.from_ordinal(row[0]).key for row in found]


def _together(servers: list[Server], seconds: float) -> dict[str, Any]:
    """So many residents at one process, or half of them at each."""
    share = USERS // len(servers)
    loads = [
        Load(server, share, accounts=ACCOUNTS // 2, first=1 + place * ACCOUNTS // 2)
        for place, server in enumerate(servers)
    ]
    try:
        for load in loads:
            load.begin("closed", seconds)
        figures = [load.finish() for load in loads]
    finally:
        for load in loads:
            load.__exit__(None, None, None)
    return {"rate": sum(one["events"] / one["seconds"] for one in figures)}

"""What an attacker with a socket can try: every handler of every state, with every kind of argument."""

import hashlib
import inspect
from collections.abc import Iterator
from typing import Any

from reflex_base.registry import RegistrationContext
from sqlalchemy import Engine, text

from lk_reflex.tables import METADATA

#: Values of every type, some of them ids and keys that belong to somebody else.
POISON: tuple[Any, ...] = (
    None, True, 0, 1, 2, -1, 10**30, 1.5, "", "1", "2", "m1-1", "1-1", "2019-09", "' OR 1=1 --", "\x00", "x" * 10_000,
    "../../etc/passwd", "<script>alert(1)</script>", [], [1], ["1", "2"], {}, {"1": "1"},
    {"__reflex_form_data__": [["key", "stolen"], ["m1-1", "99999"], ["taken_on", "20.11.2026"]]},
    {"__reflex_form_data__": "nonsense"},
)  # fmt: skip
#: Tables in which knocking at the door leaves traces by itself: sessions, counted tries, new pictures, the log.
#: And how many drafts there are: a report of an accident may be begun by anybody signed in. Whose it is, is looked at.
#: What stands in a form that isn't sent is of that session or visit alone; whose it is, tests/ui/test_typed_readings.py
#: looks at.
OWN_TRACES = {"sessions", "attempts", "captchas", "audit_log", "request_counts", "typed_readings"}


def handlers() -> dict[str, Any]:
    """Every handler that a socket can name, by its full name; Reflex's own as well. Found, not listed."""
    return dict(RegistrationContext.ensure_context().event_handlers)


def ours(found: dict[str, Any]) -> dict[str, Any]:
    """Those that the product declares."""
    return {
        name: entry
        for name, entry in found.items()
        if entry.states and entry.states[0].__module__.startswith("lk_reflex.") and not name.endswith(".setvar")
    }


def payloads(handler: Any) -> Iterator[dict[str, Any]]:
    """Calls without arguments, with too many, and with each poison in each place."""
    yield {}
    yield {"unexpected": 1}
    names = [name for name in inspect.signature(handler.fn).parameters if name not in ("self", "state")]
    for poison in POISON:
        if names:
            yield dict.fromkeys(names, poison)


#: Tables in which a worker that runs beside leaves traces by itself.
#: By day it reminds whoever the journeys have made; that handlers tell nobody is seen where nothing is served.
WORKERS_TRACES = {"imports", "job_leases", "notifications", "outgoing_mail", "reading_links", "signals"}
#: When the bank was asked about an order, and is to be asked again: that goes on by itself.
WORKERS_TIMES = {"orders": {"looked_at", "next_look_at", "looking_until"}}


def fingerprint(engine: Engine, *, but_of: int = 0, served: bool = False) -> dict[str, str]:
    """A hash of each table's content, so that any change shows, and where; what is the attacker's own is left out.

    And where it is `served`, what its worker does meanwhile.
    """
    left_out = OWN_TRACES | (WORKERS_TRACES if served else set())
    seen = {}
    with engine.connect() as connection:
        for table in METADATA.sorted_tables:
            if table.name not in left_out:
                own = f"WHERE user_id IS NULL OR user_id <> {but_of}" if "user_id" in table.columns else ""
                moving = WORKERS_TIMES.get(table.name, set()) if served else set()
                names = ", ".join(column.name for column in table.columns if column.name not in moving)
                rows = connection.execute(text(f"SELECT {names} FROM {table.name} {own} ORDER BY 1, 2")).all()
                seen[table.name] = hashlib.sha256(repr(rows).encode()).hexdigest()
    return seen

"""Which accounts the people of the benchmark have, and what their meters show."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import text

from benchmarks.city.visits import Neighbour
from lk_reflex.core.db import Database

#: Accounts from a place on, whose meters are all in use, of one scale, and verified: their readings are plainly taken.
_ACCOUNTS = text("""
    SELECT a.id, a.number, b.house, a.flat FROM accounts a JOIN buildings b ON b.id = a.building_id
    WHERE a.closed_on IS NULL AND a.id >= :first AND a.id <= :last
      AND EXISTS (SELECT 1 FROM meters m WHERE m.account_id = a.id)
      AND NOT EXISTS (SELECT 1 FROM meters m WHERE m.account_id = a.id AND (
          m.ended_on IS NOT NULL OR m.scales > 1 OR m.verification_due IS NULL OR m.verification_due < :good))
    ORDER BY a.id
""")
#: What each meter shows; a unit more is nothing to be asked about.
_METERS = text("""
    SELECT m.account_id, m.id, m.decimals, m.digits, max(r.value) AS last
    FROM meters m JOIN readings r ON r.meter_id = m.id AND r.scale = 1
    WHERE m.account_id >= :first AND m.account_id <= :last GROUP BY m.account_id, m.id, m.decimals, m.digits
""")
_THOUSAND = 1000


def neighbours(db: Database, good: Any, *, logins: int) -> list[Neighbour]:
    """Those with a login, in the order of their accounts; verified at least until `good`."""
    found: list[Neighbour] = []
    with db.engine.connect() as connection:
        for first in range(1, logins + 1, 20_000):
            part = {"first": first, "last": min(logins, first + 19_999)}
            rows: dict[int, dict[str, str]] = {}
            for meter in connection.execute(_METERS, part):
                rows.setdefault(meter.account_id, {}).update(_row(meter))
            accounts = connection.execute(_ACCOUNTS, {**part, "good": good})
            found += [Neighbour(*one, rows[one.id]) for one in accounts if rows.get(one.id)]
    return found


def _row(meter: Any) -> Iterator[tuple[str, str]]:
    value = meter.last + _THOUSAND
    if value < _THOUSAND * 10**meter.digits:
        yield f"m{meter.id}-1", f"{value / _THOUSAND:.{meter.decimals}f}".replace(".", ",")

"""How fresh the figures are: when billing's newest package was taken in."""

from datetime import datetime

from sqlalchemy import column, select, table

from lk_reflex.core.db import Reader
from lk_reflex.core.schema import UtcTime

# By name: the exchange stands above the domain and may not be imported from here.
_IMPORTS = table("imports", column("id"), column("finished_at", UtcTime))
_NEWEST = select(_IMPORTS.c.finished_at).order_by(_IMPORTS.c.id.desc()).limit(1)


def newest_import(db: Reader) -> datetime | None:
    """The moment (UTC) at which the newest import ended, or None before the first one."""
    return db.value(_NEWEST)

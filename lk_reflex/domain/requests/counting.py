"""How many requests stand where, kept with every move: counting them anew would walk through all."""

from typing import Any

from sqlalchemy import bindparam
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col

from lk_reflex.core.db import Writer
from lk_reflex.domain.requests.machine import Status
from lk_reflex.domain.requests.tables import RequestCount

_ROW = {
    "organization_id": bindparam("of_organization"),
    "kind": bindparam("of_kind"),
    "status": bindparam("of_status"),
    "count": bindparam("by"),
}


def _upsert(maker: Any) -> Any:
    insert = maker.insert(RequestCount).values(_ROW)
    total = col(RequestCount.count) + insert.excluded.count
    return insert.on_conflict_do_update(index_elements=["organization_id", "kind", "status"], set_={"count": total})


_COUNT = {"sqlite": _upsert(sqlite), "postgresql": _upsert(postgresql)}


def recount(db: Writer, organization_id: int, kind: str, was: Status | None, becomes: Status | None) -> None:
    """One less there, one more here; None for a request that comes or goes altogether."""
    # Always in one sequence: two moves in opposite directions mustn't wait for each other.
    changes = sorted((status.value, by) for status, by in ((was, -1), (becomes, 1)) if status is not None)
    for status, by in changes:
        db.change(_COUNT[db.connection.dialect.name], of_organization=organization_id, of_kind=kind, of_status=status,
                  by=by)  # fmt: skip

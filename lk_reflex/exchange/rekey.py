"""Makes the stored search keys anew, for installations whose rows were imported when the keys were made otherwise."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Table, Update, bindparam, select, update

from lk_reflex.exchange.layout import ACCOUNTS, BUILDINGS, Layout

PORTION = 5_000
#: Key column → the column that it is made from, and the function that makes it.
Made = dict[str, tuple[str, Callable[[str], str]]]


def rekey(connection: Connection) -> int:
    """Compute every key of buildings and accounts as today's importer would; returns how many rows have changed.

    Goes by portions of ids, so that a city's worth of rows never lies in memory at once.
    """
    return sum(_rekey(connection, layout) for layout in (BUILDINGS, ACCOUNTS))


def _rekey(connection: Connection, layout: Layout) -> int:
    named = {cell.header: cell.attribute for cell in layout.columns}
    made = {key: (str(named[header]), make) for key, (header, make) in layout.derived.items()}
    table, changed, after = layout.table, 0, 0
    columns = [table.c[name] for name in ("id", *made, *(source for source, _ in made.values()))]
    portion = select(*columns).where(table.c.id > bindparam("after")).order_by(table.c.id).limit(PORTION)
    while rows := connection.execute(portion, {"after": after}).mappings().all():
        news = [_keys(dict(row), made) for row in rows]
        stale = [new for row, new in zip(rows, news, strict=True) if any(row[key] != new[f"new_{key}"] for key in made)]
        if stale:
            connection.execute(_update(table, made), stale)
        changed, after = changed + len(stale), rows[-1]["id"]
    return changed


def _keys(row: dict[str, Any], made: Made) -> dict[str, Any]:
    return {"of_id": row["id"]} | {f"new_{key}": make(row[source]) for key, (source, make) in made.items()}


def _update(table: Table, made: Made) -> Update:
    return update(table).where(table.c.id == bindparam("of_id")).values({key: bindparam(f"new_{key}") for key in made})

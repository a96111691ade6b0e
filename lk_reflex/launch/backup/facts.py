"""The figures by which a copy is compared with what comes back of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect, text

#: Money in kopecks, readings in thousandths. What an older schema hasn't got is left out.
SUMS: Final = {
    "orders": ("total", "captured", "refunded"),
    "order_lines": ("amount",),
    "postings": ("amount", "commission"),
    "posting_lines": ("amount",),
    "refunds": ("amount",),
    "stored_files": ("size",),
}
HELD: Final = "request"


@dataclass(frozen=True, slots=True)
class FileRow:
    """A row of uploaded files. `needed`: somebody has been told that it is taken, so its bytes must be there."""

    key: str
    size: int
    needed: bool


def revision_of(seen: Connection) -> str:
    """The schema's; empty where there is none."""
    return MigrationContext.configure(seen).get_current_revision() or ""


def facts_of(seen: Connection) -> dict[str, int]:
    """Rows of every table, and the sums: «orders» → 12, «orders.captured» → 120000."""
    looked = inspect(seen)
    facts: dict[str, int] = {}
    for table in sorted(looked.get_table_names()):
        facts[table] = int(seen.scalar(text(f'SELECT count(*) FROM "{table}"')) or 0)  # noqa: S608  the schema's names
        there = {column["name"] for column in looked.get_columns(table)}
        for column in there.intersection(SUMS.get(table, ())):
            facts[f"{table}.{column}"] = int(seen.scalar(text(f'SELECT sum("{column}") FROM "{table}"')) or 0)  # noqa: S608
    return facts


def file_rows(seen: Connection) -> Iterator[FileRow]:
    """All that the database names, in the order of their names."""
    if not inspect(seen).has_table("stored_files"):
        return
    found = text(
        "SELECT key, size, attached_at IS NOT NULL OR purpose = :held AS needed FROM stored_files ORDER BY key"
    )
    for row in seen.execute(found, {"held": HELD}):
        yield FileRow(row.key, int(row.size), bool(row.needed))


def open_imports(seen: Connection) -> list[tuple[int, str]]:
    """Id and path of the files of imports that were ordered and aren't done."""
    if not inspect(seen).has_table("exchange_tasks"):
        return []
    found = text("SELECT id, path FROM exchange_tasks WHERE ended_at IS NULL AND path <> '' ORDER BY id")
    return [(int(row.id), str(row.path)) for row in seen.execute(found)]

"""A look into the database, whatever it is."""

import pytest
from sqlalchemy import select

from lk_reflex.exchange.layout import LAYOUTS
from lk_reflex.tables import METADATA


@pytest.fixture
def content(db):
    """Everything that was imported, by table, without ids and the number of the import."""

    def look() -> dict[str, list[tuple]]:
        found = {}
        with db.engine.connect() as connection:
            for layout in LAYOUTS:
                columns = [c for c in layout.table.columns if c.name not in {"id", "import_id"}]
                found[layout.name] = sorted(map(repr, connection.execute(select(*columns)).all()))
        return found

    return look


@pytest.fixture
def count(db):
    """The number of rows of a table."""

    def look(name: str) -> int:
        with db.engine.connect() as connection:
            return len(connection.execute(select(METADATA.tables[name].c.id)).all())

    return look

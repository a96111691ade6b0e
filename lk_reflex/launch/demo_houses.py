"""What the demonstration's map shows: the houses of its own register."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlmodel import col

from lk_reflex.core.db import Reader
from lk_reflex.domain.accounts.house_words import street_title
from lk_reflex.domain.accounts.tables import Building
from lk_reflex.standins.tiles.drawing import House
from lk_reflex.wiring import database

_PLACED = (
    select(
        col(Building.city), col(Building.street), col(Building.house), col(Building.latitude), col(Building.longitude)
    )
    .where(col(Building.latitude).is_not(None), col(Building.longitude).is_not(None))
    .order_by(col(Building.id))
)


def demo_houses() -> Iterable[House]:
    """Those whose place is known."""
    return database().read(_houses)


def _houses(db: Reader) -> list[House]:
    return [
        House(row.city, street_title(row.street), row.house, row.latitude, row.longitude) for row in db.rows(_PLACED)
    ]

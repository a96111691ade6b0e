"""A table of somebody's own data before it becomes a file."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

Cell = str | int | bool | Decimal | date | datetime | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One subject: its title, the names of its columns, and rows of plain values. Moments are aware."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]

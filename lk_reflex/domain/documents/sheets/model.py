"""A table of a page on its way into a file: typed values become texts in the dialect of exchange."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from lk_reflex.core.clock import format_date
from lk_reflex.core.months import Month
from lk_reflex.core.spreadsheet import Kind, safe_text
from lk_reflex.domain.accounts.linked import LinkedAccount

Value = str | int | Decimal | date | Month | None


@dataclass(frozen=True, slots=True)
class Column:
    """A header with what stands under it: «text» takes str, «money» kopecks, «number» int or Decimal, «date», «month».

    `width` in characters; 0 for the usual width of its kind.
    """

    header: str
    kind: Kind = "text"
    width: int = 0


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table as texts; `title` names the workbook's sheet, `stem` the file: «начисления-1234567899-2026-10»."""

    title: str
    stem: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def header(self) -> tuple[str, ...]:
        """The first line; a service's name may head a column, so it is made safe as well."""
        return tuple(safe_text(column.header) for column in self.columns)

    @property
    def kinds(self) -> dict[int, Kind]:
        """Kinds by the column's place."""
        return {place: column.kind for place, column in enumerate(self.columns)}

    @property
    def widths(self) -> dict[int, int]:
        """Widths by the column's place, where they aren't the usual ones."""
        return {place: column.width for place, column in enumerate(self.columns) if column.width}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a table is asked for: whose, the months from `first` to `last` (all where None), one meter or all, when."""

    account: LinkedAccount
    today: date
    first: Month | None = None
    last: Month | None = None
    meter_id: int | None = None

    def within(self, months: Iterable[Month]) -> list[Month]:
        """Those of the months that are asked for."""
        return [m for m in months if (self.first is None or self.first <= m) and (self.last is None or m <= self.last)]

    @property
    def span(self) -> str:
        """«-2026-10», «-2026-01-2026-10», or an empty string for all months."""
        if self.first is None or self.last is None:
            return "".join(f"-{word}-{month.key}" for word, month in (("с", self.first), ("по", self.last)) if month)
        return f"-{self.first.key}" if self.first == self.last else f"-{self.first.key}-{self.last.key}"


#: Every table begins with it: files of several accounts may be laid one under the other.
ACCOUNT = Column("Лицевой счет", width=16)


def sheet_of(
    asked: Asked,
    title: str,
    name: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Value]],
    *,
    span: bool = False,
) -> Sheet:
    """The table under the account's number. `name` begins the file's name, `span` adds the months to it."""
    whole = (ACCOUNT, *columns)
    number = safe_text(asked.account.number)
    spelled = tuple((number, *map(spell, columns, row)) for row in rows)
    stem = f"{name}-{plain_number(asked.account.number)}{asked.span if span else ''}"
    return Sheet(title, stem, whole, spelled)


def spell(column: Column, value: Any) -> str:
    """A value as its column writes it; texts are made safe."""
    if value is None:
        return ""
    if column.kind == "money":
        return _comma(Decimal(value).scaleb(-2))
    if column.kind == "number":
        return _comma(value)
    if column.kind == "date":
        return format_date(value)
    return value.dotted if column.kind == "month" else safe_text(value)


def _comma(value: int | Decimal) -> str:
    return f"{value:f}".replace(".", ",") if isinstance(value, Decimal) else str(value)


def plain_number(number: str) -> str:
    """What of an account's number may stand in a file's name."""
    return "".join(char if char.isalnum() or char in "-_" else "_" for char in number)[:40]

"""What an import has to tell: faults, warnings, notices and control totals, as data and as Russian text."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from lk_reflex.core.money import format_money

#: Faults and warnings that a report names one by one; the rest is only counted.
LISTED = 1_000


@dataclass(frozen=True, slots=True)
class Remark:
    """A fault or a warning: where (`line` and `column` as people see them in the file) and a Russian sentence."""

    file: str
    line: int | None
    column: str
    reason: str

    def text(self) -> str:
        """«balances.csv, строка 77, «Долг»: …»."""
        place = self.file
        if self.line is not None:
            place += f", строка {self.line}"
        if self.column:
            place += f", «{self.column}»"
        return f"{place}: {self.reason}"


@dataclass
class Remarks:
    """The first thousand of a kind, and the count of all."""

    listed: list[Remark] = field(default_factory=list)
    count: int = 0

    def add(self, remark: Remark) -> None:
        """Count it, and keep it while there is room."""
        self.count += 1
        if len(self.listed) < LISTED:
            self.listed.append(remark)

    def put_first(self, remark: Remark) -> None:
        """Count it, and name it whatever is named already: it explains the others."""
        self.count += 1
        self.listed.insert(0, remark)
        del self.listed[LISTED:]

    def take(self, others: "Remarks") -> None:
        """Add those of a step before."""
        self.count += others.count
        self.listed += others.listed[: LISTED - len(self.listed)]


@dataclass
class FileTotals:
    """Control totals of a file: rows read, rows taken, and the sums in kopecks of the rows taken.

    `known` of the rows taken said what the cabinet has already; 0 also where that isn't told apart.
    """

    file: str
    read: int = 0
    taken: int = 0
    sums: dict[str, int] = field(default_factory=dict)
    known: int = 0

    def text(self, *, refused: bool = False) -> str:
        """«balances.csv: строк 8, принято 8; Долг 1 234,00; …»; nothing is taken of what was `refused`."""
        sums = "".join(f"; Σ {name} {format_money(total)}" for name, total in self.sums.items())
        known = f", из них без изменений {self.known}" if self.known and not refused else ""
        return f"{self.file}: строк {self.read}, принято {0 if refused else self.taken}{known}{sums}"


@dataclass
class Report:
    """The outcome of one import. `imported` tells whether the database was changed."""

    package: str
    dry_run: bool = False
    imported: bool = False
    run_id: int | None = None
    seconds: float = 0.0
    faults: Remarks = field(default_factory=Remarks)
    warnings: Remarks = field(default_factory=Remarks)
    notices: list[str] = field(default_factory=list)
    totals: list[FileTotals] = field(default_factory=list)
    #: Files with the rows that were left out (`--skip-bad-rows`).
    bad_files: list[str] = field(default_factory=list)

    def begin(self, notices: list[str], faults: Remarks, totals: list[FileTotals]) -> None:
        """What was found while the package was opened."""
        self.notices += notices
        self.totals += totals
        self.faults.take(faults)

    @property
    def rows(self) -> int:
        """Rows taken from all files."""
        return sum(total.taken for total in self.totals)

    def warnings_of(self, file: str, sentences: list[str]) -> None:
        """Warnings of a file as a whole."""
        for sentence in sentences:
            self.warnings.add(Remark(file, None, "", sentence))

    def lines(self) -> Iterator[str]:
        """The whole report, line by line, control totals last."""
        yield f"Пакет {self.package}"
        yield from self.notices
        yield from _listing("Ошибки", self.faults)
        yield from _listing("Предупреждения", self.warnings)
        yield from (f"Непринятые строки: {path}" for path in self.bad_files)
        yield self.verdict()
        yield "Контрольные суммы:"
        refused = bool(self.faults.count) and not self.imported
        yield from (f"  {total.text(refused=refused)}" for total in self.totals)

    def text(self) -> str:
        """The same as one text."""
        return "\n".join(self.lines())

    def verdict(self) -> str:
        """One sentence on what became of the database."""
        if self.imported:
            known = sum(total.known for total in self.totals)
            same = f", без изменений: {known}" if known else ""
            left = f", строк пропущено: {self.faults.count}" if self.faults.count else ""
            number = "" if self.run_id is None else f" Номер загрузки: {self.run_id}."
            return f"Загружено строк: {self.rows - known}{same}{left}.{number}"
        if self.dry_run and not self.faults.count:
            return "Проверка прошла, ошибок нет. База не изменена."
        return f"База не изменена, ошибок: {self.faults.count}."

    def as_json(self) -> dict[str, object]:
        """The control totals as they are kept in the log of imports."""
        return {
            "files": [
                {"file": total.file, "read": total.read, "taken": total.taken, "sums": total.sums}
                for total in self.totals
            ],
            "faults": self.faults.count,
            "warnings": self.warnings.count,
        }


def _listing(title: str, remarks: Remarks) -> Iterator[str]:
    if not remarks.count:
        return
    first = "" if remarks.count == len(remarks.listed) else f", показаны первые {len(remarks.listed)}"
    yield f"{title}: {remarks.count}{first}"
    # Found check by check; people go through a file from its top. What concerns a file as a whole stands before.
    files = {remark.file: place for place, remark in reversed([*enumerate(remarks.listed)])}
    ordered = sorted(remarks.listed, key=lambda remark: (files[remark.file], remark.line or 0))
    yield from (f"  {remark.text()}" for remark in ordered)

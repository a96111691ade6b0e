"""Billing's answers to exported readings: each row finds the reading that it speaks of, or is warned about."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from lk_reflex.domain.metering.answering.answers import Answer, Outcome, take_answers
from lk_reflex.exchange.batch import Batch
from lk_reflex.exchange.layout import Reference
from lk_reflex.exchange.references import explain, resolve
from lk_reflex.exchange.report import Remark
from lk_reflex.exchange.table_import import TableImport

_FAULTS = {Outcome.NO_REASON: "Причина", Outcome.REPEATED: "Дата снятия"}
_WARNINGS = {
    Outcome.UNKNOWN: "Дата снятия",
    Outcome.NOT_EXPORTED: "Дата снятия",
    Outcome.AMBIGUOUS: "Показание",
    Outcome.REPLACED: "Показание",
    Outcome.OTHER_VALUE: "Показание",
}
_LEFT = "строка оставлена без внимания"


class AnswersImport(TableImport):
    """Billing may answer readings that came to it past the cabinet: what matches nothing is a warning, no fault."""

    def _refer(self, batch: Batch, reference: Reference) -> None:
        keys = [batch.columns[header] for header in reference.headers]
        ids = batch.columns[reference.attribute] = resolve(self.store, reference, keys)
        lost = [index for index, row_id in enumerate(ids) if row_id is None]
        if lost:
            answers = explain(self.store, reference, [tuple(column[index] for column in keys) for index in lost])
            self._warn_of(batch, dict(zip(lost, answers, strict=True)))
            batch.leave(lost)

    def _write(self, batch: Batch) -> None:
        store = self.store
        outcomes = take_answers(store.writer, _answers(batch), import_id=store.run_id, now=store.now)
        good = (Outcome.TAKEN, Outcome.SAME)
        self.totals.known += outcomes.count(Outcome.SAME)
        missed = {index: outcome for index, outcome in enumerate(outcomes) if outcome not in good}
        for index, outcome in missed.items():
            if outcome in _FAULTS:
                self._refuse(batch.portion, batch.places[index], _FAULTS[outcome], outcome.value)
        rest = {index: (_WARNINGS[one], one.value) for index, one in missed.items() if one in _WARNINGS}
        self._warn_of(batch, rest)
        batch.leave(missed)

    def _warn_of(self, batch: Batch, remarks: Mapping[int, tuple[str, str]]) -> None:
        for index, (column, reason) in remarks.items():
            self.report.warnings.add(Remark(self.file, batch.line(index), column, f"{reason}; {_LEFT}"))
        self.totals.read += len(remarks)


def _answers(batch: Batch) -> list[Answer]:
    count = len(batch)
    scales = batch.columns.get("Зона", [1] * count)
    values: list[Any] = batch.columns.get("Показание", [None] * count)
    reasons = batch.columns.get("Причина", [""] * count)
    return [
        Answer(meter, scale or 1, date.fromisoformat(day), None if value == "" else value, bool(accounted), reason)
        for meter, scale, day, value, accounted, reason in zip(
            batch.columns["meter_id"], scales, batch.columns["Дата снятия"], values, batch.columns["Результат"],
            reasons, strict=True,
        )
    ]  # fmt: skip

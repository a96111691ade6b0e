"""Обмен с биллингом: what is ordered, how far it is, what came of it."""

from typing import Any

import reflex as rx

from lk_reflex.core.errors import Conflict, DomainError
from lk_reflex.core.months import Month
from lk_reflex.domain.exchange_log.tasks import EXPORT, Order, cancel_task, made_exports, newest_tasks, order_task
from lk_reflex.domain.identity.access import ADMIN
from lk_reflex.exchange.registers import profiles
from lk_reflex.exchange.registers.desk import written_by
from lk_reflex.settings import get_settings
from lk_reflex.ui.arguments import row_id
from lk_reflex.ui.flash import faults_in, note_in
from lk_reflex.ui.form_texts import field_text
from lk_reflex.ui.guard import staff
from lk_reflex.ui.publish import publish
from lk_reflex.ui.shared.faults import Fault
from lk_reflex.ui.shared.forms import SUMMARY_ID
from lk_reflex.ui.staff.exchange.rows import KINDS, BatchRow, TaskRow, batch_row, task_row
from lk_reflex.ui.visit import Visit
from lk_reflex.wiring import task_files

OUTCOME_ID = "outcome"
FILE, MONTH, EXPORT_MONTH = "file", "month", "export-month"
ORDERED = "Файл загружен на сервер и стоит в очереди. Страницу можно закрыть: отчёт останется здесь."
EXPORT_ORDERED = "Выгрузка стоит в очереди. Файл появится в списке заданий."
CANCELLED = "Задание отменено."
NO_MONTH = "Введите месяц в виде ММ.ГГГГ, например 10.2026, или оставьте поле пустым"


class ExchangeState(rx.State):
    """The tasks; an administrator's alone."""

    loaded: bool = False
    tasks: list[TaskRow] = []
    batches: list[BatchRow] = []
    profiles: list[str] = []
    faults: list[Fault] = []
    file_error: str = ""
    month_error: str = ""
    export_month_error: str = ""
    outcome: str = ""
    outcome_kind: str = "good"
    #: Counts the answers to presses, so that their buttons are free again.
    answers: int = 0

    @rx.event
    @staff(ADMIN)
    def load(self, visit: Visit) -> None:
        """Show the tasks as they are; after a file was sent, say that it waits or why it doesn't."""
        if visit.opening:
            given = faults_in(note_in(visit.cookies)) if visit.query("fault") else {}
            publish(
                self,
                file_error=given.get(FILE, ""),
                month_error=given.get(MONTH, ""),
                export_month_error="",
                faults=[Fault(name, sentence) for name, sentence in given.items() if name in (FILE, MONTH)],
                outcome=ORDERED if visit.query("ordered") else "",
                outcome_kind="good",
            )
        self._show(visit)

    @rx.event
    @staff(ADMIN, writes=True)
    def order_export(self, visit: Visit, form: dict[str, Any]) -> Any:
        """«Выгрузить»: what hasn't been handed over yet, or a register by a profile."""
        kind, profile, month = field_text(form, "kind"), field_text(form, "profile"), field_text(form, EXPORT_MONTH)
        self.answers += 1
        if kind not in KINDS:
            kind = next(iter(KINDS))
        try:
            wanted = Month.parse_dotted(month.strip()).key if month.strip() else ""
        except ValueError:
            publish(self, export_month_error=NO_MONTH, faults=[Fault(EXPORT_MONTH, NO_MONTH)], outcome="")
            return rx.set_focus(SUMMARY_ID)
        options = {"suffix": "xlsx" if field_text(form, "suffix") == "xlsx" else "csv"}
        if profile:
            try:
                kind = written_by(visit.database.read(profiles.find, profile))
            except DomainError as fault:
                return self._said(visit, fault.message, "bad")
            options = {"profile": profile, "month": wanted}
        return self._order(visit, Order(EXPORT, kind, options=options))

    @rx.event
    @staff(ADMIN, writes=True)
    def repeat_export(self, visit: Visit, key: str) -> Any:
        """«Повторить»: the same batch once more, byte for byte."""
        kind, _, number = key.partition(":") if isinstance(key, str) else ("", "", "")
        if kind not in KINDS:
            return None
        return self._order(visit, Order(EXPORT, kind, options={"suffix": "csv", "number": row_id(number)}))

    @rx.event
    @staff(ADMIN, writes=True)
    def cancel(self, visit: Visit, key: str) -> Any:
        """«Отменить» of what hasn't begun."""
        try:
            path = visit.write(cancel_task, row_id(key), now=visit.now)
        except DomainError as fault:
            return self._said(visit, fault.sentence, "bad")
        task_files().remove(path)
        return self._said(visit, CANCELLED, "good")

    def _order(self, visit: Visit, order: Order) -> Any:
        try:
            visit.write(order_task, order, now=visit.now)
        except Conflict as fault:
            return self._said(visit, fault.sentence, "bad")
        return self._said(visit, EXPORT_ORDERED, "good")

    def _said(self, visit: Visit, words: str, kind: str) -> Any:
        publish(self, outcome=words, outcome_kind=kind, faults=[], export_month_error="")
        self._show(visit)
        return rx.set_focus(OUTCOME_ID)

    def _show(self, visit: Visit) -> None:
        publish(visit.account, known=True)
        zone = get_settings().time_zone
        tasks = visit.read(newest_tasks)
        publish(
            self,
            loaded=True,
            tasks=[task_row(task, task_files().said(task.task_id), zone) for task in tasks],
            batches=[batch_row(batch, zone) for batch in visit.read(made_exports)],
            profiles=[profile.name for profile in visit.database.read(profiles.list_profiles)],
        )

"""The tasks of the exchange as ready strings. No Reflex here."""

from dataclasses import dataclass
from datetime import datetime

from lk_reflex.core.clock import format_date, local_time
from lk_reflex.core.task_files import Progress
from lk_reflex.domain.exchange_log.tasks import IMPORT, Batch, Status, Task
from lk_reflex.exchange.tasks import REGISTER

#: What is handed to billing, as people call it.
KINDS = {"readings": "Показания", "payments": "Платежи", "requests": "Заявки"}
REGISTERS = {"readings": "Реестр банка: показания", "charges": "Реестр «Город»: начисления"}
_STATUSES = {
    Status.WAITING: ("Ждёт очереди", "info"),
    Status.RUNNING: ("Выполняется", "info"),
    Status.DONE: ("Готово", "good"),
    Status.REFUSED: ("Не принято", "bad"),
    Status.FAILED: ("Ошибка", "bad"),
    Status.CANCELLED: ("Отменено", "info"),
}
#: Lines of a report that the page shows; the whole is a file.
SHOWN_LINES = 60


@dataclass(frozen=True)
class TaskRow:
    """One task. `share` is how much of it is done, in whole per cents."""

    key: str
    what: str
    name: str
    by: str
    at: str
    status: str
    kind: str
    progress: str
    share: int
    running: bool
    waiting: bool
    verdict: str
    report: list[str]
    more: str
    report_href: str
    file_href: str
    file_name: str


@dataclass(frozen=True)
class BatchRow:
    """An export that was made."""

    key: str
    what: str
    number: str
    rows: str
    at: str


def task_row(task: Task, said: Progress | None, zone: str) -> TaskRow:
    """A line of the list; `said` is how far it is."""
    status, kind = _STATUSES[task.status]
    running = task.status is Status.RUNNING
    verdict, lines = _verdict(task)
    base = f"/api/staff/exchange/{task.task_id}"
    return TaskRow(
        key=str(task.task_id),
        what=_what(task),
        name=task.name,
        by=task.by or "логин удалён",
        at=moment(task.created_at, zone),
        status=status,
        kind=kind,
        progress=said.words if running and said else "",
        share=said.share if running and said else 0,
        running=running,
        waiting=task.status is Status.WAITING,
        verdict=verdict,
        report=lines[:SHOWN_LINES],
        more=f"Показаны первые {SHOWN_LINES} строк из {len(lines)}." if len(lines) > SHOWN_LINES else "",
        report_href=f"{base}/report.txt" if lines else "",
        file_href=f"{base}/file" if task.result_path else "",
        file_name=task.result_name,
    )


def batch_row(batch: Batch, zone: str) -> BatchRow:
    """A line of the exports made."""
    return BatchRow(
        f"{batch.kind}:{batch.number}", KINDS.get(batch.kind, batch.kind), f"№ {batch.number}", str(batch.rows),
        moment(batch.created_at, zone),
    )  # fmt: skip


def moment(at: datetime, zone: str) -> str:
    """«23.11.2026 10:05» by the installation's clock."""
    local = local_time(at, zone)
    return f"{format_date(local.date())} {local:%H:%M}"


def _what(task: Task) -> str:
    if task.direction == IMPORT:
        check = "Проверка" if task.options.get("dry_run") else "Загрузка"
        of = f"реестра по профилю «{task.options.get('profile')}»" if task.kind == REGISTER else "пакета"
        return f"{check} {of}"
    if task.options.get("profile"):
        return f"{REGISTERS.get(task.kind, 'Реестр')}, профиль «{task.options['profile']}»"
    again = f", повтор № {task.options['number']}" if task.options.get("number") else ""
    return f"Выгрузка: {KINDS.get(task.kind, task.kind).lower()}{again}"


def _verdict(task: Task) -> tuple[str, list[str]]:
    """The sentence that says all, and the report's lines where there is more to it."""
    lines = list(task.report)
    if task.direction != IMPORT or len(lines) <= 1:
        return (lines[0] if lines else ""), []
    said = next((line for line in lines if line.startswith(("Загружено", "База не изменена", "Проверка прошла"))), "")
    return said, lines

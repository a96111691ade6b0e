"""Commands of the exchange, plain functions for the command line: they print, and leave with an exit code."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from lk_reflex.core import clock
from lk_reflex.core.db import Database
from lk_reflex.core.errors import DomainError
from lk_reflex.core.months import Month
from lk_reflex.exchange.demo.generate import make_demo
from lk_reflex.exchange.exporter import export as export_batch
from lk_reflex.exchange.importer import import_package
from lk_reflex.exchange.progress import OnStderr
from lk_reflex.settings import SettingsError, get_settings

#: Exit codes: the package has faults; the command can't be carried out; stopped by the person.
FAULTY, REFUSED, STOPPED = 1, 2, 130


def import_(
    path: Annotated[Path, typer.Argument(help="Папка, архив ZIP или книга XLSX с таблицами обмена")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Только проверить, ничего не менять")] = False,
    skip_bad_rows: Annotated[
        bool, typer.Option("--skip-bad-rows", help="Взять годные строки, остальные записать рядом с пакетом")
    ] = False,
) -> None:
    """Загрузить пакет биллинга: всё или ничего, с отчётом и контрольными суммами."""
    with _sentences("Загрузка прервана. База не изменена."), _database() as db:
        report = import_package(db, path, dry_run=dry_run, skip_bad_rows=skip_bad_rows, progress=OnStderr())
        for line in report.lines():
            typer.echo(line)
        if report.faults.count and not report.imported:
            raise typer.Exit(FAULTY)


def export(
    kind: Annotated[str, typer.Argument(help="readings, payments или requests")],
    out: Annotated[Path, typer.Option("--out", help="Файл CSV или XLSX")],
    number: Annotated[int | None, typer.Option("--number", help="Повторить выгрузку с этим номером")] = None,
) -> None:
    """Выгрузить для биллинга то, что ещё не выгружалось."""
    stopped = "Выгрузка прервана. Следующая начнётся с неё, под тем же номером."
    with _sentences(stopped), _database() as db:
        done = export_batch(db, kind, out, number=number)
        typer.echo(done.message if done else "Новых показаний для выгрузки нет, файл не записан.")


def demo(
    out: Annotated[Path, typer.Option("--out", help="Папка для пакета")],
    accounts: Annotated[int, typer.Option("--accounts", min=1, help="Сколько лицевых счетов")] = 200,
    months: Annotated[int, typer.Option("--months", min=1, max=240, help="Сколько месяцев")] = 24,
    seed: Annotated[int, typer.Option("--seed", help="Другое число — другой город")] = 1,
    until: Annotated[str, typer.Option("--until", help="Последний месяц, ММ.ГГГГ")] = "",
) -> None:
    """Записать пакет вымышленных данных; при тех же параметрах и дате — тот же самый."""
    with _sentences("Запись пакета прервана."):
        span = make_demo(out, accounts=accounts, months=months, today=_today(), until=_month(until), seed=seed)
        typer.echo(f"Пакет записан в {out}: {span.start.title} — {span.until.title}")


def _today() -> date:
    return clock.local_date(clock.utc_now(), get_settings().time_zone)


def _month(text: str) -> Month | None:
    try:
        return Month.parse_dotted(text) if text else None
    except ValueError:
        raise typer.BadParameter(f"«{text}» — не месяц вида ММ.ГГГГ") from None


@contextmanager
def _database(make: Callable[[str], Database] = Database) -> Iterator[Database]:
    db = make(get_settings().db_url)
    try:
        yield db
    finally:
        db.close()


@contextmanager
def _sentences(stopped: str) -> Iterator[None]:
    """Expected troubles as one sentence on stderr instead of a traceback."""
    try:
        yield
    except (DomainError, SettingsError, OSError) as fault:
        print(fault, file=sys.stderr)  # noqa: T201  this is the command line
        raise typer.Exit(REFUSED) from fault
    except KeyboardInterrupt:
        print(stopped, file=sys.stderr)  # noqa: T201  this is the command line
        raise typer.Exit(STOPPED) from None
